"""Our assistant beside the chain of LangChain's tutorial, each behind FastAPI, in one run.

    pip install --no-deps --target PEER langchain-chroma==1.1.0
    PYTHONPATH=.:PEER python benchmarks/chain.py VAR [--questions 60] [--rounds 2]

VAR holds a live index of ours. The chain is that of the tutorial on retrieval: a Chroma store of
LangChain, the four nearest passages put in a prompt, a chat model, its text; FastAPI calls it, and
gives the text with the addresses of the passages. It has the same passages, and our encoder's
vectors of them.

No model can be reached from here: a script on loopback says the first words of the prompt's
context, at once. What a model costs and takes is counted in neither. The chain masks nothing,
refuses nothing, proves nothing and keeps nothing; ours does all four here, and quotes.

Both are asked the same questions by turns, one by one then four at once. On a busy machine compare
the processor time of both, and quote no second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import flood
from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[1]
_AT_ONCE, _NEAREST = 4, 4
_PROMPT = """Réponds à la question par le contexte seul. Si tu ne sais pas, dis-le.

Question : {question}

Contexte :
{context}"""


# --- The chain, in a process of its own


class Asked(BaseModel):
    """What the chain is asked."""

    question: str


def store(folder: Path) -> Any:
    """The chain's store; of a library that is not installed with ours."""
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    from index.encoder.running import shared

    class Ours(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = shared().passages(texts).tolist()
            return rows

        def embed_query(self, text: str) -> list[float]:
            row: list[float] = shared().question(text).tolist()
            return row

    cosine = {"hnsw:space": "cosine"}
    return Chroma("passages", Ours(), persist_directory=str(folder), collection_metadata=cosine)


def fill(folder: Path, var: Path) -> None:
    """Put the passages of a live index in the chain's store."""
    from index.generation import live
    from index.passages import read

    passages = read(live(var / "index") / "passages.jsonl")
    store(folder).add_texts(
        [passage.searched() for passage in passages],
        metadatas=[{"source": passage.id} for passage in passages],
    )


def serve(folder: Path, port: int, writer: str) -> None:
    """The chain, behind FastAPI."""
    import uvicorn
    from fastapi import FastAPI
    from langchain_core.documents import Document
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import RunnablePassthrough
    from langchain_openai import ChatOpenAI

    retriever = store(folder).as_retriever(search_kwargs={"k": _NEAREST})
    model = ChatOpenAI(model="script", base_url=writer, api_key="none", max_retries=0)
    prompt = ChatPromptTemplate.from_template(_PROMPT)
    answer = (
        RunnablePassthrough.assign(context=lambda given: said(given["documents"]))
        | prompt
        | model
        | StrOutputParser()
    )
    chain = {
        "documents": retriever,
        "question": RunnablePassthrough(),
    } | RunnablePassthrough.assign(answer=answer)
    app = FastAPI()

    def said(documents: Sequence[Document]) -> str:
        return "\n\n".join(document.page_content for document in documents)

    @app.post("/api/v1/answers")
    def answers(asked: Asked) -> dict[str, object]:
        given = chain.invoke(asked.question)
        sources = [document.metadata["source"] for document in given["documents"]]
        return {"answer": given["answer"], "sources": sources}

    uvicorn.run(app, port=port, log_level="warning")


class Script(BaseHTTPRequestHandler):
    """A chat model that repeats the beginning of the context."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        said = body["messages"][-1]["content"].partition("Contexte :")[2].strip()[:300]
        message = {"role": "assistant", "content": said}
        given = {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "script",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        }
        told = json.dumps(given).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:
        pass


# --- The two, measured


@dataclass
class Measured:
    """What a server took, over all rounds: seconds, and processor milliseconds of an answer."""

    start: list[float] = field(default_factory=list)
    started: list[float] = field(default_factory=list)  # processor seconds until its first answer
    took: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    a_second: list[float] = field(default_factory=list)
    crowd: list[float] = field(default_factory=list)  # seconds, of four at once
    crowd_work: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def row(self) -> list[float]:
        last = sorted(self.took)
        crowd = sorted(self.crowd)
        middle = statistics.median
        return [
            middle(self.start),
            middle(self.started),
            middle(self.memory),
            middle(last) * 1000,
            last[int(len(last) * 0.95)] * 1000,
            middle(self.work),
            middle(self.a_second),
            crowd[int(len(crowd) * 0.95)] * 1000,
            middle(self.crowd_work),
        ]


async def one_round(address: str, pid: int, asked: list[str], found: Measured) -> None:
    """Ask one by one, then four at once."""
    ends, worked = flood.Ends(), flood.processor(pid)
    for question in asked:
        await flood.ask(address, question, ends)
    found.took += answered(ends, asked)
    found.work.append((flood.processor(pid) - worked) / len(asked) * 1000)
    ends, worked, began = flood.Ends(), flood.processor(pid), time.perf_counter()
    left = iter(asked)

    async def some() -> None:
        for question in left:
            await flood.ask(address, question, ends)

    await asyncio.gather(*(some() for _ in range(_AT_ONCE)))
    found.crowd += answered(ends, asked)
    found.a_second.append(len(asked) / (time.perf_counter() - began))
    found.crowd_work.append((flood.processor(pid) - worked) / len(asked) * 1000)
    found.memory.append(flood.memory(pid))


def answered(ends: flood.Ends, asked: list[str]) -> list[float]:
    """The seconds of each answer. What is not answered is not measured as one."""
    if ends.count("200") != len(asked):
        sys.exit(f"not all were answered: { {code: len(t) for code, t in ends.took.items()} }")
    return ends.took["200"]


def measure(command: list[str], port: int, asked: list[str], found: Measured) -> None:
    """Start a server, put one round to it, stop it."""
    address, began = f"http://127.0.0.1:{port}", time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            ends = flood.Ends()
            while not ends.count("200"):
                if server.poll() is not None:
                    sys.exit(f"{command[1:4]} stopped")
                asyncio.run(flood.ask(address, flood.QUESTIONS[0], ends))
                time.sleep(0.02)
            found.start.append(time.perf_counter() - began)
            found.started.append(flood.processor(server.pid))
            asyncio.run(one_round(address, server.pid, asked, found))
        finally:
            server.terminate()


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("var", type=Path)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--chain", type=int, metavar="PORT", help="serve it (what this one runs)")
    parser.add_argument("--script", type=int, metavar="PORT")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.script:
        ThreadingHTTPServer(("127.0.0.1", given.script), Script).serve_forever()
    if given.chain:
        serve(given.folder, given.chain, f"http://127.0.0.1:{os.environ['SCRIPT']}/v1")
        return
    path = ROOT / "tests" / "quality" / "practice.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    asked = [line["question"] for line in lines if not line["history"]]
    random.Random(1).shuffle(asked)
    asked = asked[: given.questions]
    os.environ |= {"ASSISTANT_VAR": str(given.var), "ASSISTANT_RATE": "", "OMP_NUM_THREADS": "1"}
    python, itself, script = sys.executable, __file__, free()
    os.environ["SCRIPT"] = str(script)
    both = {"ours": Measured(), "the chain": Measured()}
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen([python, itself, str(given.var), "--script", str(script)]) as writer,
    ):
        try:
            fill(Path(folder), given.var)
            os.environ["ASSISTANT_JOURNAL"] = f"sqlite:///{folder}/journal.sqlite3"
            for _ in range(given.rounds):
                for name, found in both.items():
                    port = free()
                    chain = [itself, str(given.var), "--chain", str(port), "--folder", folder]
                    ours = ["-m", "assistant", "serve", "--port", str(port)]
                    measure([python, *(ours if name == "ours" else chain)], port, asked, found)
        finally:
            writer.terminate()
    print(
        "| | start s | start CPU s | MB | p50 ms | p95 ms | CPU ms | 4 at once: a second | p95 ms "
        "| CPU ms |\n|---|" + "---:|" * 9
    )
    rows = {name: found.row() for name, found in both.items()}
    rows["ours / the chain"] = [a / b for a, b in zip(*rows.values(), strict=True)]
    for name, row in rows.items():
        print(f"| {name} | " + " | ".join(f"{value:.3g}" for value in row) + " |")


if __name__ == "__main__":
    main()
