"""One retrieval system, in a process of its own: `python systems.py NAME WORK LIMIT [MODEL]`.

WORK holds corpus.jsonl and queries.jsonl (`_id`, `text`); the system indexes the first, answers the
second, and writes NAME.json there: what it found and what it cost. It runs in the project's
environment for `ours`, in the peers' own (requirements.txt beside this file) for the others, so
nothing of the project is imported but by `ours`.

Each peer is set up as its own documentation's first page does it; French where it takes a language.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Search = Callable[[str], list[tuple[str, float]]]
HERE = Path(__file__).parent


def records(path: Path) -> list[dict[str, str]]:
    """The records of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def ours(work: Path, limit: int, model: str) -> Search:
    """This project's search, as the assistant runs it."""
    sys.path.insert(0, str(HERE.parent))
    from index.build import make
    from index.encoder.embedding import load
    from index.generation import Generation
    from index.measuring.judged import read
    from index.search.retriever import Retriever

    folder = work / "generation"
    embedder = load(model)
    if not folder.exists():
        folder.mkdir()
        judged = read(work)
        make(folder, judged.documents, judged.passages, embedder)
        open_later(work)
    retriever = Retriever(Generation(folder, embedder))
    return lambda question: [
        (hit.passage.id, hit.score) for hit in retriever.search(question, limit).hits
    ]


def langchain(work: Path, limit: int, model: str) -> Search:
    """The tutorial chain: a Chroma store of LangChain and an embedding model, ours unless named."""
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    class Embedding(Embeddings):
        def __init__(self) -> None:
            if model:
                from sentence_transformers import SentenceTransformer

                self._encode: Any = SentenceTransformer(model).encode
            else:
                from model2vec import StaticModel

                self._encode = StaticModel.from_pretrained(HERE.parent / "index" / "model").encode

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = self._encode(texts).tolist()
            return rows

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    folder = work / "langchain"
    built = folder.exists()
    store = Chroma(
        "passages",
        Embedding(),
        persist_directory=str(folder),
        collection_metadata={"hnsw:space": "cosine"},
    )
    if not built:
        corpus = records(work / "corpus.jsonl")
        for start in range(0, len(corpus), 1000):
            batch = corpus[start : start + 1000]
            store.add_texts(
                [r["text"] for r in batch],
                metadatas=[{"id": r["_id"]} for r in batch],
            )
        open_later(work)
    return lambda question: [
        (document.metadata["id"], -distance)
        for document, distance in store.similarity_search_with_score(question, k=limit)
    ]


def _bm25s(work: Path, limit: int, options: dict[str, Any]) -> Search:
    import bm25s

    folder = work / f"bm25s-{'french' if options else 'plain'}"
    ids = [r["_id"] for r in records(work / "corpus.jsonl")]
    if not folder.exists():
        texts = [r["text"] for r in records(work / "corpus.jsonl")]
        index = bm25s.BM25()
        index.index(bm25s.tokenize(texts, show_progress=False, **options), show_progress=False)
        index.save(folder)
        open_later(work)
    index = bm25s.BM25.load(folder)

    def search(question: str) -> list[tuple[str, float]]:
        asked = bm25s.tokenize(question, show_progress=False, **options)
        rows, scores = index.retrieve(asked, k=min(limit, len(ids)), show_progress=False)
        return [(ids[row], float(score)) for row, score in zip(rows[0], scores[0], strict=True)]

    return search


def bm25s_plain(work: Path, limit: int, model: str) -> Search:
    """bm25s as it comes: no language."""
    return _bm25s(work, limit, {})


def bm25s_french(work: Path, limit: int, model: str) -> Search:
    """bm25s with French stop words and the Snowball stemmer."""
    import Stemmer

    return _bm25s(work, limit, {"stopwords": "fr", "stemmer": Stemmer.Stemmer("french")})


def haystack(work: Path, limit: int, model: str) -> Search:
    """Haystack's in-memory BM25, filled again at each start: it keeps nothing on disk by itself."""
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore()
    store.write_documents(
        [Document(id=r["_id"], content=r["text"]) for r in records(work / "corpus.jsonl")]
    )
    retriever = InMemoryBM25Retriever(store, top_k=limit)
    return lambda question: [
        (document.id, document.score or 0.0)
        for document in retriever.run(query=question)["documents"]
    ]


def llamaindex(work: Path, limit: int, model: str) -> Search:
    """LlamaIndex's BM25 retriever, in French."""
    import Stemmer
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    folder = work / "llamaindex"
    if not folder.exists():
        corpus = records(work / "corpus.jsonl")
        BM25Retriever.from_defaults(
            nodes=[TextNode(id_=r["_id"], text=r["text"]) for r in corpus],
            similarity_top_k=min(limit, len(corpus)),
            stemmer=Stemmer.Stemmer("french"),
            language="fr",
        ).persist(str(folder))
        open_later(work)
    retriever = BM25Retriever.from_persist_dir(str(folder))
    return lambda question: [
        (node.node.node_id, node.score or 0.0) for node in retriever.retrieve(question)
    ]


SYSTEMS = {
    f.__name__: f for f in (ours, langchain, bm25s_plain, bm25s_french, haystack, llamaindex)
}


class Built(Exception):
    """The index is on disk: serving is measured by another process, which only opens it."""


def open_later(work: Path) -> None:
    """End the process that builds."""
    raise Built(work)


def megabytes(field: str) -> float:
    """A memory figure of this process: VmRSS now, VmHWM at most."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Build when nothing is built, else serve and measure."""
    name, work, limit = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    started = time.perf_counter()
    try:
        search = SYSTEMS[name](work, limit, sys.argv[4] if len(sys.argv) > 4 else "")
    except Built:
        seconds = time.perf_counter() - started
        (work / f"{name}.built.json").write_text(
            json.dumps({"build_s": seconds, "build_mb": megabytes("VmHWM")}), encoding="ascii"
        )
        return
    queries = records(work / "queries.jsonl")
    search(queries[0]["text"])
    ready = time.perf_counter() - started
    run: dict[str, list[tuple[str, float]]] = {}
    milliseconds = []
    for query in queries:
        asked = time.perf_counter()
        run[query["_id"]] = search(query["text"])
        milliseconds.append(1000 * (time.perf_counter() - asked))
    (work / f"{name}.json").write_text(
        json.dumps(
            {"ready_s": ready, "serve_mb": megabytes("VmRSS"), "ms": milliseconds, "run": run}
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
