"""Many questions at once, put to servers that run: what is answered, how late, and what is refused.

    python benchmarks/flood.py [--questions 500] NAME=http://127.0.0.1:8001 …

Each address gets its flood alone, then the next; `--pid NAME=PID` adds the memory of a process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from pathlib import Path

import httpx

QUESTIONS = (
    "C'est quoi Petites villes de demain ?",
    "et l'ort ca dure combien de tps",
    "Que contient la convention ORT de Guichen ?",
    "Combien de communes sont dans le programme ?",
    "Quel temps fera-t-il demain ?",
)


async def _one(address: str, question: str) -> tuple[str, float]:
    """What a question came to, and its seconds. By hand: a client of 5 ms would be measured."""
    host, _, port = address.removeprefix("http://").partition(":")
    body = json.dumps({"question": question}).encode()
    head = f"POST /api/v1/answers HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(head.encode() + body)
        told = await reader.read()
        writer.close()
        code = told[9:12].decode() or "dropped"
        if b"retry-after" in told:
            code += " + Retry-After"
    except OSError as error:
        code = f"dropped ({type(error).__name__})"
    return code, time.perf_counter() - began


async def _watch(client: httpx.AsyncClient, address: str, seen: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await client.get(f"{address}/healthz")
        seen.append(time.perf_counter() - began)
        await asyncio.sleep(0.1)


async def flood(address: str, questions: int) -> None:
    """Ask all at once and tell."""
    asked = random.Random(0).choices(QUESTIONS, k=questions)
    health: list[float] = []
    async with httpx.AsyncClient(timeout=120, trust_env=False) as watcher:
        await _one(address, QUESTIONS[0])  # what loads at the first question
        watching = asyncio.create_task(_watch(watcher, address, health))
        began = time.perf_counter()
        ends = await asyncio.gather(*(_one(address, each) for each in asked))
        whole = time.perf_counter() - began
        watching.cancel()
    for code, count in sorted(Counter(code for code, _ in ends).items()):
        took = sorted(seconds for found, seconds in ends if found == code)
        print(f"  {code}: {count}, p50 {_at(took, 0.5):.2f} s, p95 {_at(took, 0.95):.2f} s")
    print(f"  in all {whole:.1f} s; /healthz p95 {_at(sorted(health), 0.95) * 1000:.0f} ms")


def _at(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def _memory(pid: str) -> str:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = dict(line.split(":", 1) for line in status.splitlines())
    return f"{int(found['VmRSS'].split()[0]) // 1000} MB"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("servers", nargs="+", metavar="NAME=ADDRESS")
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--pid", action="append", default=[], metavar="NAME=PID")
    given = parser.parse_args()
    pids = dict(each.split("=", 1) for each in given.pid)
    for server in given.servers:
        name, address = server.split("=", 1)
        before = _memory(pids[name]) if name in pids else "?"
        print(f"{name}: {given.questions} questions at once")
        asyncio.run(flood(address, given.questions))
        print(f"  memory {before}, then {_memory(pids[name]) if name in pids else '?'}")


if __name__ == "__main__":
    main()
