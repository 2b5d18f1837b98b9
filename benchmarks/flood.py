"""Questions put to a server that runs: what is answered, how late, what is refused, what it holds.

    ASSISTANT_RATE= assistant serve --port 8001 &
    python benchmarks/flood.py http://127.0.0.1:8001 --pid $! [--rates 5,10,…] [--at-once 500]
        [--requests 20000]

For each rate, questions arrive at random (Poisson), whatever became of those before. Its line also
says the processor time of the server a question, which a busy machine changes least. The questions
come from this machine, which no rate of a person counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

QUESTIONS = (
    "C'est quoi Petites villes de demain ?",
    "et l'ort ca dure combien de tps",
    "Que contient la convention ORT de Guichen ?",
    "Combien de communes sont dans le programme ?",
    "Quel temps fera-t-il demain ?",
)
_TICKS = os.sysconf("SC_CLK_TCK")
_TOGETHER = 100  # of the many requests that memory is watched over


@dataclass
class Ends:
    """What became of questions: the seconds of each, by what came back."""

    took: dict[str, list[float]] = field(default_factory=dict)

    def add(self, code: str, seconds: float) -> None:
        self.took.setdefault(code, []).append(seconds)

    def at(self, code: str, part: float) -> str:
        ordered = sorted(self.took.get(code, ()))
        return f"{ordered[min(len(ordered) - 1, int(part * len(ordered)))]:.2f}" if ordered else "-"

    def count(self, code: str) -> int:
        return len(self.took.get(code, ()))

    @property
    def every(self) -> int:
        return sum(map(len, self.took.values()))


async def sent(address: str, method: str, path: str, body: bytes = b"") -> str:
    """The status of a response read whole; « dropped » when none came. By hand: a client of 5 ms
    would be measured."""
    host, _, port = address.removeprefix("http://").partition(":")
    head = f"{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    try:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(head.encode() + body)
        told = await reader.read()
        writer.close()
    except OSError:
        return "dropped"
    code = told[9:12].decode()
    if code == "503" and b"retry-after" not in told:
        return "503 that says not when"
    return code or "dropped"


async def ask(address: str, question: str, ends: Ends) -> None:
    began = time.perf_counter()
    body = json.dumps({"question": question}).encode()
    code = await sent(address, "POST", "/api/v1/answers", body)
    ends.add(code, time.perf_counter() - began)


async def watch(address: str, health: Ends) -> None:
    """Ask how the server is, ten times a second, until cancelled."""
    while True:
        began = time.perf_counter()
        health.add(await sent(address, "GET", "/healthz"), time.perf_counter() - began)
        await asyncio.sleep(0.1)


async def arriving(address: str, gaps: Iterable[float], ends: Ends) -> None:
    """Ask after each gap, in seconds, and wait for all."""
    choice = random.Random(0)
    async with asyncio.TaskGroup() as group:
        for gap in gaps:
            await asyncio.sleep(gap)
            group.create_task(ask(address, choice.choice(QUESTIONS), ends))


async def measured(address: str, pid: int, name: str, gaps: list[float]) -> None:
    """Print the line of these arrivals."""
    ends, health = Ends(), Ends()
    watching = asyncio.create_task(watch(address, health))
    began, worked = time.perf_counter(), _processor(pid)
    await arriving(address, gaps, ends)
    seconds = time.perf_counter() - began
    watching.cancel()
    others = {code: len(took) for code, took in ends.took.items() if code not in ("200", "503")}
    print(
        f"| {name} | {ends.count('200')} | {ends.count('200') / seconds:.1f} | "
        f"{ends.at('200', 0.5)} / {ends.at('200', 0.95)} | {ends.count('503')} | "
        f"{ends.at('503', 0.5)} / {ends.at('503', 0.95)} | {health.at('200', 0.95)} | "
        f"{(_processor(pid) - worked) / ends.every * 1000:.1f} | {_memory(pid)} | {others or ''} |",
        flush=True,
    )


async def many(address: str, pid: int, requests: int) -> None:
    """Print the memory as many requests are made, some together."""
    ends, choice = Ends(), random.Random(0)

    async def one_by_one(count: int) -> None:
        for _ in range(count):
            await ask(address, choice.choice(QUESTIONS), ends)

    print(
        f"\n| requests | answered | refused | MB |\n|---|---|---|---|\n| 0 | | | {_memory(pid)} |"
    )
    for _ in range(10):
        share = max(1, requests // 10 // _TOGETHER)
        await asyncio.gather(*(one_by_one(share) for _ in range(_TOGETHER)))
        told = f"{ends.every} | {ends.count('200')} | {ends.count('503')} | {_memory(pid)}"
        print(f"| {told} |", flush=True)


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = dict(line.split(":", 1) for line in status.splitlines())
    return int(found["VmRSS"].split()[0]) // 1000


def _processor(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    found = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(found[11]) + int(found[12])) / _TICKS


async def run(address: str, pid: int, rates: list[float], at_once: int, requests: int) -> None:
    """Print the tables that are wanted."""
    for question in QUESTIONS:  # what loads at the first, and what an answer takes
        await ask(address, question, Ends())
    print("| arrivals | answered | a second | p50 / p95 s | refused | p50 / p95 s | health p95 s |"
          " CPU ms each | MB | other |\n|---|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    chance = random.Random(0)
    for rate in rates:
        gaps = [chance.expovariate(rate) for _ in range(int(rate * 10))]
        await measured(address, pid, f"{rate:g} a second", gaps)
        await asyncio.sleep(2)
    if at_once:
        await measured(address, pid, f"{at_once} at once", [0.0] * at_once)
    if requests:
        await many(address, pid, requests)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address", metavar="ADDRESS")
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--rates", default="5,10,20,40,80,160", help="arrivals a second, 10 s each")
    parser.add_argument("--at-once", type=int, default=500)
    parser.add_argument("--requests", type=int, default=0)
    given = parser.parse_args()
    rates = [float(rate) for rate in given.rates.split(",") if rate]
    asyncio.run(run(given.address, given.pid, rates, given.at_once, given.requests))


if __name__ == "__main__":
    main()
