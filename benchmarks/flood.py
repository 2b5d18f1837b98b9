"""Questions put to a server that runs: what is answered, how late, what is refused, what it holds.

    ASSISTANT_RATE= assistant serve --port 8001 &
    python benchmarks/flood.py http://127.0.0.1:8001 --pid $! [--rates 5,10,…] [--at-once 500]
        [--requests 20000] [--people 60] [--chart docs/load.svg]

For each rate, questions arrive at random (Poisson), whatever became of those before. They are those
of tests/quality/practice.jsonl, each time with another courtesy: none is asked twice, and none is
published word for word, so that no answer is recalled. The line of a rate also says the processor
time of the server a question, which a busy machine changes least. The questions
come from this machine, which no rate of a person counts; with `--people`, from so many addresses,
as a proxy would say them, and ASSISTANT_RATE counts each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "quality" / "practice.jsonl"
# What people write around a question; nothing before and nothing after is left out.
_BEFORE = ("", "Bonjour, ", "Bonsoir, ", "bjr ", "Dites-moi, ", "Une question : ", "Excusez-moi, ")
_AFTER = ("", " Merci.", " merci d'avance", " svp", " Merci beaucoup !", " Bonne journée.", " cdt")
_TICKS = os.sysconf("SC_CLK_TCK")
_TOGETHER = 100  # of the many requests that memory is watched over
_TOLD = ("200", "503", "429")  # what is counted apart


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


async def sent(
    address: str, method: str, path: str, body: bytes = b"", person: int | None = None
) -> str:
    """The status of a response read whole; « dropped » when none came. By hand: a client of 5 ms
    would be measured. `person`: who a proxy says is asking."""
    host, _, port = address.removeprefix("http://").partition(":")
    head = f"{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n"
    if person is not None:
        head += f"x-forwarded-for: 198.18.{person // 250}.{person % 250 + 1}\r\n"
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


async def ask(address: str, question: str, ends: Ends, person: int | None = None) -> None:
    began = time.perf_counter()
    body = json.dumps({"question": question}).encode()
    code = await sent(address, "POST", "/api/v1/answers", body, person)
    ends.add(code, time.perf_counter() - began)


def written() -> Iterator[str]:
    """Questions that nobody published, some 30,000, none twice; in an order drawn once."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    around = [each for each in product(_BEFORE, _AFTER) if any(each)]
    every = [f"{before}{question}{after}" for question in asked for before, after in around]
    random.Random(0).shuffle(every)
    yield from every
    sys.exit(f"{len(every)} questions are all there are: ask fewer.")


async def watch(address: str, health: Ends) -> None:
    """Ask how the server is, ten times a second, until cancelled."""
    while True:
        began = time.perf_counter()
        health.add(await sent(address, "GET", "/healthz"), time.perf_counter() - began)
        await asyncio.sleep(0.1)


async def arriving(
    address: str, gaps: Iterable[float], questions: Iterator[str], ends: Ends, people: int
) -> None:
    """Ask after each gap, in seconds, and wait for all."""
    choice = random.Random(0)
    async with asyncio.TaskGroup() as group:
        for gap in gaps:
            await asyncio.sleep(gap)
            person = choice.randrange(people) if people else None
            group.create_task(ask(address, next(questions), ends, person))


async def measured(
    address: str, pid: int, name: str, gaps: list[float], questions: Iterator[str], people: int
) -> Ends:
    """What became of these arrivals, once their line is printed."""
    ends, health = Ends(), Ends()
    watching = asyncio.create_task(watch(address, health))
    began, worked = time.perf_counter(), processor(pid)
    await arriving(address, gaps, questions, ends, people)
    seconds = time.perf_counter() - began
    watching.cancel()
    others = {code: len(took) for code, took in ends.took.items() if code not in _TOLD}
    print(
        f"| {name} | {ends.count('200')} | {ends.count('200') / seconds:.1f} | "
        f"{ends.at('200', 0.5)} / {ends.at('200', 0.95)} | {ends.count('503')} | "
        f"{ends.at('503', 0.5)} / {ends.at('503', 0.95)} | {ends.count('429')} | "
        f"{health.at('200', 0.95)} | {(processor(pid) - worked) / ends.every * 1000:.1f} | "
        f"{memory(pid)} | {others or ''} |",
        flush=True,
    )
    return ends


async def many(address: str, pid: int, requests: int, questions: Iterator[str]) -> None:
    """Print the memory as many requests are made, some together."""
    ends = Ends()

    async def one_by_one(count: int) -> None:
        for _ in range(count):
            await ask(address, next(questions), ends)

    print(f"\n| requests | answered | refused | MB |\n|---|---|---|---|\n| 0 | | | {memory(pid)} |")
    for _ in range(10):
        share = max(1, requests // 10 // _TOGETHER)
        await asyncio.gather(*(one_by_one(share) for _ in range(_TOGETHER)))
        told = f"{ends.every} | {ends.count('200')} | {ends.count('503')} | {memory(pid)}"
        print(f"| {told} |", flush=True)


def memory(pid: int) -> int:
    """The MB that a process takes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = dict(line.split(":", 1) for line in status.splitlines())
    return int(found["VmRSS"].split()[0]) // 1000


def processor(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    found = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(found[11]) + int(found[12])) / _TICKS


def draw(path: Path, points: list[tuple[float, Ends]]) -> None:
    """The curve of these rates: how long answers take, and what becomes of questions."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    rates = [rate for rate, _ in points]
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "assistant", "font.size": 10}):
        figure = Figure(figsize=(8, 6), layout="constrained")
        late, ended = figure.subplots(2, 1, sharex=True)
        answered = [(rate, ends) for rate, ends in points if ends.count("200")]
        for part, colour, shape in ((0.5, "#0072B2", "o"), (0.95, "#E69F00", "^")):
            seconds = [float(ends.at("200", part)) for _, ends in answered]
            late.plot([r for r, _ in answered], seconds, f"{shape}-", color=colour)
            late.annotate(f" p{part * 100:.0f}", (answered[-1][0], seconds[-1]))
        late.set_ylabel("an answer, s")
        late.set_ylim(bottom=0)
        shares = [[ends.count(code) / ends.every for _, ends in points] for code in _TOLD]
        names = ("answered", "503: the line is full", "429: asked too often")
        ended.stackplot(rates, *shares, labels=names, colors=("#009E73", "#E69F00", "#CC79A7"))
        ended.set(
            ylabel="share of questions", xlabel="questions a second", xscale="log", ylim=(0, 1)
        )
        ended.set_xticks(rates, [f"{rate:g}" for rate in rates])
        ended.minorticks_off()
        ended.legend(loc="lower left")
        figure.savefig(path, metadata={"Date": None, "Title": "Answers by arrival rate"})


async def run(given: argparse.Namespace, rates: list[float]) -> None:
    """Print the tables that are wanted."""
    address, pid, points = given.address, given.pid, []
    questions = written()
    for question in islice(questions, 20):  # what loads at the first, and what an answer takes
        await ask(address, question, Ends())
    print(
        "| arrivals | answered | a second | p50 / p95 s | 503 | p50 / p95 s | 429 | health p95 s "
        "| CPU ms each | MB | other |\n|---|" + "---|" * 10
    )
    chance = random.Random(0)
    for rate in rates:
        gaps = [chance.expovariate(rate) for _ in range(int(rate * 10))]
        ends = await measured(address, pid, f"{rate:g} a second", gaps, questions, given.people)
        points.append((rate, ends))
        if given.chart:
            draw(given.chart, points)  # at each: a run that is stopped has its curve
        await asyncio.sleep(2)
    if given.at_once:
        gaps = [0.0] * given.at_once
        await measured(address, pid, f"{given.at_once} at once", gaps, questions, given.people)
    if given.requests:
        await many(address, pid, given.requests, questions)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address", metavar="ADDRESS")
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--rates", default="5,10,20,40,80,160", help="arrivals a second, 10 s each")
    parser.add_argument("--at-once", type=int, default=500)
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--people", type=int, default=0, help="addresses that ask, 62,500 at most")
    parser.add_argument("--chart", type=Path, help="where to draw the rates (SVG; matplotlib)")
    given = parser.parse_args()
    asyncio.run(run(given, [float(rate) for rate in given.rates.split(",") if rate]))


if __name__ == "__main__":
    main()
