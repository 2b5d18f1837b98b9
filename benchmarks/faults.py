"""What becomes of the assistant when things break: each fault played, a table in Markdown.

    PYTHONPATH=.:tests/doubles python benchmarks/faults.py [--long] [WORD…]

WORD keeps the faults that hold it; --long adds 20,000 questions. Each is played on what serves a
town: `assistant serve` and `assistant build` as processes, SQLite, Chroma, a model on loopback; or,
where the suite plays it, by its tests. Root is needed for the disks. Exit status 1 when one fails.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx
import proxies
from country import BROKEN, LANVALEC, lay_towns

from corpus import catalogue
from corpus.documents import write_lines
from corpus.reading import entries
from index import build as building
from index.encoder import embedding
from index.generation import live, opened
from index.search.retriever import Retriever
from tests.conftest import ASSISTANT_FICHE, CATALOGUE, FACTS, FICHES, FRONT
from tests.writer.double import Endpoint, Reply, Script
from tests.writer.faults import AT_ONCE, MIDWAY, NAMED
from tests.writer.faults import after as midway

HERE = Path(__file__).resolve().parent.parent
POOL = "Quand la piscine de Valbourg ouvre-t-elle au public ?"
OPENS = "8 novembre 2027"
BEGUN = "La piscine ouvre le 8 novembre 2027 [1]. Elle se"
EVENTS = "text/event-stream"
KILLS = 100
# Answered, refused, off-topic, two at once, typed badly, another town, personal data: no two alike.
SOAKED = (
    POOL + " {}",
    "Qui a signé l'ORT ? {}",
    "quand le marcher de valbourg {}",
    "Quelle est la capitale du pays numéro {} ?",
    "L'ORT dure combien d'années, et où est le marché {} ?",
    "la piscine de Rennes au {} rue du Port",
    "Je m'appelle Paul Durand{}, quel jour est le marché ?",
    "How long does the ORT last? {}",
)
SOAK_SECONDS = 3600.0  # of them at most: fewer questions are asked on a machine that is busy

Play = Callable[[Path], str]


@dataclass(frozen=True)
class Fault:
    """`play` says what was seen of it, and raises AssertionError of what is wrong; or `tests`."""

    name: str
    done: str
    play: Play | None = None
    tests: tuple[str, ...] = ()
    long: bool = False


@dataclass(frozen=True)
class Group:
    name: str
    faults: list[Fault] = field(default_factory=list)

    def played(self, name: str, done: str, *, long: bool = False) -> Callable[[Play], Play]:
        def add(play: Play) -> Play:
            self.faults.append(Fault(name, done, play, long=long))
            return play

        return add

    def tested(self, name: str, done: str, *tests: str) -> None:
        self.faults.append(Fault(name, done, tests=tests))


# --- What is played on


def lay(folder: Path, **settings: str) -> Path:
    """The town of the tests, its index built by the command with the model that ships."""
    town = folder / "valbourg"
    (town / "fiches").mkdir(parents=True)
    (town / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    facts = [
        {
            **{"number": number, "statement": said, "date": "2026", "deduction": False},
            "absence": absence,
            "sources": [
                {"publisher": p, "title": "Page", "url": u, "nature": "officiel"}
                for p, u in sources
            ],
        }
        for number, said, absence, sources in FACTS
    ]
    write_lines(town / "facts.jsonl", facts)
    for name, (title, more, body) in FICHES.items():
        text = FRONT.format(title=title, more=more) + body
        (town / "fiches" / f"{name}.md").write_text(text, encoding="utf-8")
    (town / "fiches" / "piscine.md").write_text(ASSISTANT_FICHE, encoding="utf-8")
    done = command(folder, "build", **settings)
    assert done.returncode == 0, done.stderr
    return folder


def environment(folder: Path, **more: str) -> dict[str, str]:
    ours = {
        "ASSISTANT_CATALOGUE": str(folder / "valbourg" / "catalogue.toml"),
        "ASSISTANT_VAR": str(folder / "var"),
        "ASSISTANT_MODEL": "",
        "ASSISTANT_POLL": "0.2",
        "ASSISTANT_RATE": "",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(HERE),
    }
    return {**os.environ, **ours, **more}


def command(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command of the assistant, as an operator runs it; none may show a traceback."""
    done = run(folder, *words, **more)
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    return done


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *words],
        env=environment(folder, **more),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=1200,
    )


class Server:
    """`assistant serve`, for a block; it has ended, in time and by itself, at the end of it."""

    def __init__(self, folder: Path, within: float = 90.0, port: int = 0, **more: str) -> None:
        self._folder, self._within, self._port, self._more = folder, within, port, more
        self._log = folder / f"log-{time.monotonic_ns()}"
        self.ended = 0.0  # seconds from SIGTERM

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assistant", "serve", "--port", str(self._port)],
                env=environment(self._folder, **self._more),
                cwd=self._folder,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline().decode().split()
        assert line, self.log
        self.url = line[4].rstrip("/")
        return self

    def __exit__(self, *raised: object) -> None:
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout is not None
        self.process.stdout.close()
        if raised[0] is None:
            assert "Traceback" not in self.log, self.log[-3000:]

    def stop(self) -> None:
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(self._within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"not ended {self._within} s after SIGTERM") from None
        self.ended = time.monotonic() - started

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def said(self, words: str) -> int:
        return self.log.count(words)

    def ask(self, question: str = POOL, client: httpx.Client | None = None) -> dict[str, Any]:
        """An answer as JSON. Raises AssertionError for anything but 200."""
        post = client.post if client else httpx.post
        got = post(f"{self.url}/api/v1/answers", json={"question": question}, timeout=180)
        assert got.status_code == 200, (got.status_code, got.text[:200])
        answer: dict[str, Any] = got.json()
        return answer

    def pool(self) -> None:
        """The question of reference, answered as it must be."""
        answer = self.ask()
        assert OPENS in answer["text"], answer["text"]

    def ready(self) -> dict[str, Any]:
        told: dict[str, Any] = httpx.get(f"{self.url}/readyz", timeout=90).json()
        return told

    def held(self) -> tuple[int, int, int]:
        """Resident memory (kB), open files, threads."""
        at = Path(f"/proc/{self.process.pid}")
        status = dict(
            line.split(":\t", 1)
            for line in (at / "status").read_text().splitlines()
            if ":\t" in line
        )
        return (
            int(status["VmRSS"].split()[0]),
            len(list((at / "fd").iterdir())),
            int(status["Threads"]),
        )


def streamed(url: str, question: str) -> AbstractContextManager[httpx.Response]:
    """An answer asked for as events."""
    return httpx.stream(
        "POST",
        f"{url}/api/v1/answers",
        json={"question": question},
        headers={"accept": EVENTS},
        timeout=180,
    )


def streamed_answer(url: str) -> tuple[float, dict[str, Any]]:
    """The question of reference asked for as events: how many seconds, and the answer."""
    started = time.monotonic()
    with streamed(url, POOL) as stream:
        assert stream.status_code == 200, stream.status_code
        lines = [line for line in stream.iter_lines() if line]
    assert lines[-2] == "event: done", lines[-2:]
    answer: dict[str, Any] = json.loads(lines[-1].removeprefix("data: "))
    return time.monotonic() - started, answer


def events(url: str, question: str = POOL, first: threading.Event | None = None) -> list[str]:
    """The names of an answer's events, to its end; « cut » last where it did not say that it ended.

    « refused » alone when nothing was begun: the connection, or a 429 or 503.
    """
    names: list[str] = []
    try:
        with streamed(url, question) as stream:
            if stream.status_code in (429, 503):
                return ["refused"]
            assert stream.status_code == 200, stream.status_code
            for line in stream.iter_lines():
                if line.startswith("event: "):
                    names.append(line[7:])
                    if first is not None:
                        first.set()
    except (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError):
        if not names:
            return ["refused"]
    return names if names and names[-1] in ("done", "error") else [*names, "cut"]


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own, of that size."""
    place = folder / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def filled(place: Path, leave: int = 0) -> Path:
    """A file that takes all that a disk has left but `leave` bytes."""
    filler = place / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        free = shutil.disk_usage(place).free - leave
        while free > 0:
            free -= file.write(b"x" * min(free, 1 << 16))
    return filler


def changed(folder: Path, words: str = "It is small.") -> None:
    fiche = folder / "valbourg" / "fiches" / "english.md"
    fiche.write_text(fiche.read_text("utf-8") + f"\n{words}\n", encoding="utf-8")


@cache
def model() -> embedding.Embedder:
    return embedding.load("")


# --- Upstream: the faults of a language model

upstream = Group("A language model")
_FAULTS = "tests/writer/test_faults.py::test"
for _name in sorted(NAMED):
    if _name in AT_ONCE:
        _test = f"{_FAULTS}_before_any_word_the_quotations_answer[{_name}]"
    elif _name in MIDWAY:
        _test = f"{_FAULTS}_after_a_sentence_it_stays_and_quotations_follow[{_name}]"
    elif _name == "refused":
        _test = f"{_FAULTS}_who_cannot_be_reached_leaves_the_quotations[refused]"
    else:
        _test = f"{_FAULTS}_a_spent_budget_leaves_the_quotations"
    upstream.tested(_name, "an endpoint on loopback plays it, under a whole question", _test)


@upstream.played(
    "the 22, with the limits that ship", "each asked of `assistant serve`, as events and in time"
)
def shipped_limits(folder: Path) -> str:
    scripts = {name: script for name, (script, _) in AT_ONCE.items()} | {
        name: midway(BEGUN, script) for name, (script, _) in MIDWAY.items()
    }
    seen: dict[str, float] = {}

    def play(server: Server, endpoint: Endpoint, name: str, script: Script) -> None:
        endpoint.script = script
        server.ask("Bonjour !")  # a start is another matter
        seconds, answer = streamed_answer(server.url)
        assert (answer["outcome"], answer["contact"] is not None) == ("failed_model", True), name
        assert OPENS in answer["text"] and "Elle se" not in answer["text"], (name, answer["text"])
        print(f"<!-- {name}: {seconds:.1f} s -->", flush=True)
        seen[name] = seconds

    def well(reply: Reply) -> None:
        reply.write(BEGUN.removesuffix(" Elle se"))

    with written(Reply.hang) as (endpoint, settings):
        # A key that is refused, or a 429, has it left alone for long: one last, one on its own.
        with Server(folder, **settings) as server:
            for name in sorted(NAMED & scripts.keys() - {"429", "401"}):
                play(server, endpoint, name, scripts[name])
                endpoint.script = well
                assert streamed_answer(server.url)[1]["outcome"] == "answered", f"after {name}"
            play(server, endpoint, "429", scripts["429"])
        with Server(folder, **settings) as server:
            play(server, endpoint, "401", scripts["401"])
        with Server(folder, **settings, ASSISTANT_WRITER_DAILY="1") as server:
            endpoint.script = well
            assert streamed_answer(server.url)[1]["outcome"] == "answered"
            play(server, endpoint, "budget", well)
    with Server(folder, **settings) as server:
        play(server, endpoint, "refused", well)
    assert seen.keys() == NAMED
    slowest = max(seen, key=lambda name: seen[name])
    assert seen[slowest] <= 10.5, seen
    return f"22 of 22 quoted, none cut shown as whole; {slowest} the longest, {seen[slowest]:.1f} s"


# --- The store

store = Group("The index on the disk")
_HARMS = {
    "HNSW folder removed": "hnsw_gone",
    "HNSW pickle removed": "pickle_gone",
    "HNSW data, bytes flipped": "hnsw_flipped",
    "HNSW data, halved": "hnsw_cut",
    "HNSW header zeroed": "header_zeroed",
    "HNSW lengths removed": "length_gone",
    "HNSW pickle garbage": "pickle_garbage",
    "HNSW links halved": "links_halved",
    "HNSW links flipped": "links_flipped",
    "SQLite of Chroma flipped": "sqlite_flipped",
    "SQLite of Chroma halved": "sqlite_halved",
    "SQLite of Chroma garbage": "sqlite_garbage",
    "SQLite of Chroma removed": "sqlite_gone",
}
for _name, _harm in _HARMS.items():
    store.tested(
        _name,
        "1,200 vectors, damaged, then opened and searched",
        f"tests/index/stores/test_chroma.py::test_a_damaged_store_answers_the_same_and_says_so[{_harm}]",
    )
store.tested(
    "pointer removed, empty, garbled",
    "9 contents of « current »",
    "tests/assistant/test_damage.py::test_a_pointer_to_nothing_leaves_the_newest",
)
store.tested(
    "any other file, damaged in 8 ways",
    "each of 17 kinds of files of a generation",
    "tests/assistant/test_damage.py::test_the_generation_before_answers_and_says_so",
)


@store.played("disk full at every write of a build", "a disk with 25 kB to 2 MB left, real command")
def full_build(folder: Path) -> str:
    refused = 0
    with disk(folder, "12m") as place:
        shutil.copytree(folder / "var" / "index", place / "index")
        before = live(place / "index").name
        changed(folder)
        for left in (25_000, 60_000, 120_000, 250_000, 400_000, 600_000, 900_000, 2_000_000):
            filler = filled(place, left)
            done = command(folder, "build", ASSISTANT_VAR=str(place))
            filler.unlink()
            if done.returncode == 0:
                break
            refused += 1
            assert "le disque est plein" in done.stderr and "intact" in done.stderr, done.stderr
            assert not list((place / "index" / "generations").glob("*.tmp"))
            found = opened(place / "index", model())
            assert (found.number, found.degraded) == (before, None)
            found.close()
        else:
            done = command(folder, "build", ASSISTANT_VAR=str(place))
        assert done.returncode == 0, done.stderr
    return f"{refused} sizes refused in French, the live index whole each time; then built"


@store.played("disk full under the journal", "the disk of `var` is filled while it serves")
def full_journal(folder: Path) -> str:
    with disk(folder, "12m") as place:
        shutil.copytree(folder / "var" / "index", place / "index")
        with Server(folder, ASSISTANT_VAR=str(place)) as server:
            server.pool()
            filler = filled(place)
            for _ in range(40):
                server.pool()
            told = server.said("was not kept")
            assert told == 1, f"{told} lines for one full disk"
            filler.unlink()
            server.pool()
            wait(lambda: server.said("written again") == 1)
    return "40 of 40 answered, the log says it once, then that it is written again"


@store.played("read-only disk", "`var` on a disk mounted read-only: serve, ask, build")
def read_only(folder: Path) -> str:
    with disk(folder, "12m") as place:
        shutil.copytree(folder / "var" / "index", place / "index")
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        with Server(folder, ASSISTANT_VAR=str(place)) as server:
            for _ in range(10):
                server.pool()
            ready = server.ready()
            assert ready["generation"] == "000001", ready
            assert server.said("was not kept") <= 1 and server.said("cannot be read") <= 1
        changed(folder)
        done = command(folder, "build", ASSISTANT_VAR=str(place))
        assert done.returncode == 1 and "en lecture seule" in done.stderr, done.stderr
    return "10 of 10 answered, the log says once that nothing is kept; the build says why it cannot"


@store.played("no room for the copies", "TMPDIR on a full disk")
def full_temporary(folder: Path) -> str:
    with disk(folder, "1m") as place:
        filled(place)
        with Server(folder, TMPDIR=str(place)) as server:
            server.pool()
            state = server.ready()["status"]
    return f"answered; /readyz says {state}"


@store.played("generation damaged under load", "every file of the live one emptied, 4 clients ask")
def damaged_under_load(folder: Path) -> str:
    changed(folder)
    assert command(folder, "build").returncode == 0
    with Server(folder) as server, Load(server) as load:
        load.wait(20)
        for path in live(folder / "var" / "index").rglob("*"):
            if path.is_file():
                path.write_bytes(b"")
        load.wait(load.answered + 60)
        mended = command(folder, "build")
        assert mended.returncode == 0, mended.stderr
        wait(lambda: server.ready()["generation"] == "000003")
    assert not load.failed, load.failed
    return f"{load.answered} answered, 0 failed; `assistant build` mends it under the same load"


class Load:
    """Four clients that ask without end, until the end of the block."""

    def __init__(self, server: Server, see: Callable[[dict[str, Any]], None] | None = None) -> None:
        self._server, self._see = server, see
        self.answered, self.failed = 0, Counter[str]()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(4)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait(self, answered: int) -> None:
        wait(lambda: self.answered >= answered or bool(self.failed), 600)

    def _ask(self, number: int) -> None:
        with httpx.Client() as client:
            while not self._over.is_set():
                try:
                    answer = self._server.ask(POOL + " " * number, client)
                    assert "novembre 2027" in answer["text"], answer["text"]
                    if self._see is not None:
                        self._see(answer)
                except (AssertionError, httpx.HTTPError) as error:
                    self.failed[repr(error)[:200]] += 1
                else:
                    self.answered += 1


def wait(true: Callable[[], bool], seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not so after {seconds} s"
        time.sleep(0.02)


# --- The processes

process = Group("The processes")
_WATCHED = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")


def build_until(town: Path, root: Path, at: int, told: Path | None = None) -> None:
    """Build, and die just before the `at`-th time that a file of the index is touched."""
    touched: list[str] = []

    def hook(event: str, arguments: Sequence[Any]) -> None:
        if event in _WATCHED and str(arguments[0]).startswith(str(root)):
            touched.append(event)
            if len(touched) == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    building.build(entries.read(catalogue.load(town / "catalogue.toml")), root, embedding.load(""))
    if told is not None:
        told.write_text(json.dumps(touched), encoding="utf-8")
    os._exit(0)


class Kills:
    """Builds killed where one says, and what is found then."""

    def __init__(self, folder: Path) -> None:
        changed(folder)
        self.town, self.root = folder / "valbourg", folder / "var" / "index"
        self._sound = shutil.copytree(self.root, folder / "sound")
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["__main__", "chromadb"])
        self.seen: Counter[str] = Counter()
        told = folder / "touched.json"
        started = time.monotonic()
        self._run(0, None, told)
        self.seconds = time.monotonic() - started
        self.touched: list[str] = json.loads(told.read_text("utf-8"))
        self.swap = self.touched.index("os.rename") + 1
        found = opened(self.root, model())
        self._texts = {"000002": {p.text for p in found.passages}}
        found.close()

    def kill(self, at: int = 0, after: float | None = None) -> None:
        """Build from the state of before, die there, then open what is left as a server does."""
        shutil.rmtree(self.root)
        shutil.copytree(self._sound, self.root)
        self._run(at, after)
        found = opened(self.root, model())
        try:
            assert found.degraded is None, found.degraded
            whole = self._texts.setdefault(found.number, {p.text for p in found.passages})
            assert {p.text for p in found.passages} == whole
            best = Retriever(found).search("Quand la piscine ouvre-t-elle ?").hits[0]
            assert OPENS in best.passage.text
            self.seen[found.number] += 1
        finally:
            found.close()

    def mend(self) -> None:
        """What the next build makes of it."""
        self._run(0)
        found = opened(self.root, model())
        assert (found.number, found.degraded) in (("000002", None), ("000003", None))
        assert {p.text for p in found.passages} == self._texts["000002"]
        found.close()
        assert not list((self.root / "generations").glob("*.tmp"))

    def _run(self, at: int, after: float | None = None, told: Path | None = None) -> None:
        child = self._context.Process(target=build_until, args=(self.town, self.root, at, told))
        child.start()
        child.join(after)
        if after is not None:
            child.kill()
            child.join()
        assert child.exitcode == -9 if at else child.exitcode in (0, -9), child.exitcode


@process.played(
    "indexer killed at 100 points", "SIGKILL before each write of ours, or at a random moment"
)
def killed_build(folder: Path) -> str:
    kills = Kills(folder)
    before = kills.swap - 1
    step = max(1, before // (KILLS // 2))
    points = list(range(1, before + 1, step))[: KILLS // 2]
    for number, at in enumerate(points):
        kills.kill(at)
        if number % 10 == 9:
            kills.mend()
    rng = random.Random(1)
    for _ in range(KILLS - len(points)):
        kills.kill(after=rng.uniform(0, kills.seconds))
    old, new = kills.seen["000001"], kills.seen["000002"]
    assert old + new == KILLS
    return f"{KILLS} kills: {old} times the index of before, {new} the new one, 0 in between"


@process.played("indexer killed during the swap", "SIGKILL before each step from the renaming on")
def killed_swap(folder: Path) -> str:
    kills = Kills(folder)
    points = range(kills.swap, len(kills.touched) + 1)
    for at in points:
        kills.kill(at)
        with Server(folder) as server:
            server.pool()
            assert server.ready()["status"] == "ok"
        kills.mend()
    old, new = kills.seen["000001"], kills.seen["000002"]
    return (
        f"{len(points)} steps: {old} times the index of before, {new} the new one; a server "
        "started on each answers, and the next build mends"
    )


@process.played("two indexers", "two `assistant build` at once")
def two_indexers(folder: Path) -> str:
    changed(folder)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: command(folder, "build"), range(2)))
    codes = sorted(one.returncode for one in done)
    busy = [one.stderr for one in done if one.returncode]
    assert codes == [0, 0] or "Une autre construction" in busy[0], busy
    found = opened(folder / "var" / "index", model())
    assert (found.number, found.degraded) == ("000002", None)
    found.close()
    return f"exit statuses {codes}; one new index, whole"


@process.played("SIGTERM with 50 streams", "50 answers asked for as events, then SIGTERM")
def stopped(folder: Path) -> str:
    with Server(folder, within=60) as server:
        server.pool()
        first = threading.Event()
        with ThreadPoolExecutor(50) as pool:
            streams = [pool.submit(events, server.url, POOL, first) for _ in range(50)]
            first.wait(90)
            server.stop()
            ends = Counter(stream.result()[-1] for stream in streams)
    assert ends["cut"] == 0, ends
    return f"{dict(ends)}, 0 cut without a word; ended in {server.ended:.1f} s"


@process.played("SIGTERM while a model writes", "16 answers begun, the model silent, then SIGTERM")
def stopped_writing(folder: Path) -> str:
    with written(Reply.hang) as (endpoint, settings):
        with Server(folder, within=60, **settings) as server:
            with ThreadPoolExecutor(16) as pool:
                streams = [pool.submit(events, server.url) for _ in range(16)]
                wait(lambda: len(endpoint.asked) >= 3)
                time.sleep(0.5)
                server.stop()
                ends = Counter(stream.result()[-1] for stream in streams)
    assert ends["cut"] == 0, ends
    return f"{dict(ends)}: quotations end what was begun; ended in {server.ended:.1f} s"


@contextmanager
def written(then: Callable[[Reply], None]) -> Iterator[tuple[Endpoint, dict[str, str]]]:
    """A model that writes a sentence and does `then`, and the settings of who asks it."""

    def script(reply: Reply) -> None:
        reply.head()
        reply.words(BEGUN)
        then(reply)

    endpoint = Endpoint()
    endpoint.script = script
    try:
        yield (
            endpoint,
            {"ASSISTANT_WRITER_URL": endpoint.url, "ASSISTANT_WRITER_MODEL": "essai"},
        )
    finally:
        endpoint.stop()


@process.played("SIGKILL while the journal is written", "5 times, 4 clients asking")
def killed_server(folder: Path) -> str:
    given: list[str] = []
    kept: set[str] = set()
    for _ in range(5):
        with Server(folder) as server:
            with Load(server, lambda answer: given.append(answer["id"])) as load:
                load.wait(40)
                server.process.kill()
                server.process.wait()
        with closing(sqlite3.connect(folder / "var" / "journal.sqlite3")) as journal:
            assert journal.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            kept = {row[0] for row in journal.execute("SELECT id FROM answers")}
    with Server(folder) as server:
        server.pool()
    lost = len(set(given) - kept)
    assert lost <= 5 * 8, lost
    return f"{len(given)} given, {lost} without a receipt; SQLite says ok 5 times; it starts again"


@process.played("clients that leave, 100 times", "a model silent, each hangs up at its first event")
def leaving(folder: Path) -> str:
    with written(Reply.hang) as (endpoint, settings):
        with Server(folder, **settings) as server:
            server.ready()
            before = server.held()
            slowest = 0.0
            for _ in range(100):
                asked = len(endpoint.asked)
                with streamed(server.url, POOL) as stream:
                    lines = stream.iter_lines()  # kept: one let go closes the stream
                    next(lines)
                    wait(lambda asked=asked: len(endpoint.asked) > asked)
                gone = time.monotonic()
                wait(lambda: endpoint.replies[-1].left)
                slowest = max(slowest, time.monotonic() - gone)
            wait(lambda: server.held()[1] <= before[1] + 10)
            after = server.held()
    assert slowest <= 2.0, slowest
    return (
        f"the model is let go in {slowest:.1f} s at most; files {before[1]} -> {after[1]}, threads "
        f"{before[2]} -> {after[2]}"
    )


@process.played("200 streams at once", "200 answers as events, half hang up at once, half read on")
def streams(folder: Path) -> str:
    with Server(folder) as server:
        server.pool()
        before = server.held()

        def one(number: int) -> str:
            if number % 2:
                return events(server.url)[-1]
            with suppress(httpx.HTTPError):
                with streamed(server.url, POOL):
                    pass
            return "left"

        with ThreadPoolExecutor(200) as pool:
            ends = Counter(pool.map(one, range(200)))
        wait(lambda: server.held()[1] <= before[1] + 10)
        after = server.held()
        server.pool()
    assert ends["cut"] == 0 and ends["error"] == 0, ends
    return f"{dict(ends)}; files {before[1]} -> {after[1]}, threads {before[2]} -> {after[2]}"


# `assistant ask`, in a child of a process that has loaded the code, and read no file of it: to load
# it again each time would take most of the time.
ASK = """
import os, sys, traceback
from assistant.doors.cli.commands import commands
for line in sys.stdin:
    child = os.fork()
    if not child:
        for number, name in enumerate(("out", "err"), 1):
            with open(f"{line.strip()}.{name}", "wb") as file:
                os.dup2(file.fileno(), number)
        try:
            commands(["ask", sys.argv[1]], prog_name="assistant")
        except SystemExit as ended:
            status = ended.code
        except BaseException:
            traceback.print_exc()
            status = 1
        sys.stdout.flush()
        os._exit(status)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def asking(
    folder: Path, code: Path
) -> tuple[Callable[[Path], tuple[int, str, str]], Callable[[], object]]:
    """What asks the question of this code: its status and what it said; and what ends it."""
    asker = subprocess.Popen(
        [sys.executable, "-c", ASK, POOL],
        env=environment(folder, PYTHONPATH=str(code)),
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(place: Path) -> tuple[int, str, str]:
        assert asker.stdin is not None and asker.stdout is not None
        print(place, file=asker.stdin, flush=True)
        status = int(asker.stdout.readline())
        out, err = (Path(f"{place}.{name}").read_text("utf-8") for name in ("out", "err"))
        return status, out, err

    return ask, asker.communicate


def recorded(code: Path) -> None:
    """Have the code of a folder be installed there, as pip would leave it."""
    told = code / "assistant_pvd-0.1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: assistant-pvd\nVersion: 0.1.0\n")
    lines = [
        f"{path.relative_to(code)},sha256={digest},{path.stat().st_size}\n"
        for path in sorted(code.rglob("*.*"))
        if path.is_file() and path.parent != told
        for digest in [hashlib.sha256(path.read_bytes()).hexdigest()]
    ]
    (told / "RECORD").write_text("".join(lines), "utf-8")


@process.played(
    "models and lists that ship, missing or corrupt",
    "each file cut in half, or removed, then `assistant ask`",
)
def models(folder: Path) -> str:
    code = folder / "code"
    for name in ("assistant", "corpus", "index"):
        shutil.copytree(HERE / name, code / name, ignore=shutil.ignore_patterns("__pycache__"))
    recorded(code)
    ends = (".onnx", ".npz", ".json", ".txt", ".tsv")
    shipped = [
        path
        for path in sorted(code.rglob("*"))
        if path.suffix in ends and not {"learning", "training", "starter", "doors"} & {*path.parts}
    ]
    said: dict[str, list[str]] = {"refused": [], "answered": []}
    wrong = []
    asks, stop = asking(folder, code)
    for path in shipped:
        whole, name = path.read_bytes(), str(path.relative_to(code))
        for content in (whole[: len(whole) // 2], None):
            path.unlink()
            if content is not None:
                path.write_bytes(content)
            what = f"{name} {'removed' if content is None else 'cut'}"
            status, out, err = asks(folder / "asked")
            if status == 1 and err.startswith("Erreur : ") and path.parent.name in err:
                said["refused"].append(what)
            elif status == 0 and OPENS in out and not err and content is not None:
                said["answered"].append(what)
            else:
                wrong.append(f"{what}: {status}, {(err or out)[-300:]}")
            print(f"<!-- {what}: {status} -->", flush=True)
            path.write_bytes(whole)
    stop()
    assert not wrong, wrong
    refused, answered = (len(said[what]) for what in ("refused", "answered"))
    return (
        f"{len(shipped)} files: {refused} times a sentence in French names it and what to do; "
        f"{answered} of those that were cut are done without, and /readyz says which"
    )


def descendants(pid: int) -> set[int]:
    """The processes that a process started, and those that these did."""
    parents: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            told = (place / "stat").read_text().rpartition(")")[2].split()
            parents[int(place.name)] = int(told[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def orphaned(
    folder: Path, words: Sequence[str], begun: Callable[[set[int]], bool], **more: str
) -> tuple[int, float]:
    """Kill a command in the middle: how many processes it had started, seconds until all end."""
    process = subprocess.Popen(
        [sys.executable, *words],
        env=environment(folder, **more),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait(lambda: process.poll() is not None or begun(descendants(process.pid)), 900)
    left = descendants(process.pid)
    assert process.poll() is None, "it has ended before it could be killed"
    process.kill()
    process.wait()
    gone = time.monotonic()
    wait(lambda: not any(alive(pid) for pid in left))
    return len(left), time.monotonic() - gone


def alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@process.played("SIGKILL of what has workers", "towns built, a scan read, sources read again")
def workers(folder: Path) -> str:
    country = folder / "country"
    lay_towns(country, folder / "valbourg", FRONT)
    shutil.rmtree(country / BROKEN)
    towns = {"ASSISTANT_TOWNS": str(country)}
    words = ["-m", "assistant", "towns", "build", "--all"]

    def building_in(place: Path) -> Callable[[set[int]], bool]:
        return lambda left: any(place.glob("index/generations/*.tmp"))

    built = orphaned(folder, words, building_in(country / LANVALEC / "var"), **towns)
    done = command(folder, *words[2:], **towns)
    assert done.returncode == 0 and "0 en échec" in done.stdout, (done.stdout, done.stderr)

    shutil.copy(scanned(folder), folder / "valbourg" / "fiches" / "scan.pdf")
    read = orphaned(
        folder,
        ["-m", "assistant", "build"],
        lambda left: any("tesseract" in named(pid) for pid in left),
    )
    changed(folder)
    reading = "from assistant.rebuilding import Rebuilding; from assistant.settings import Settings"
    asked = f"{reading}; r = Rebuilding(Settings()); r.start('marie', ['build']); r._thread.join()"
    again = orphaned(folder, ["-c", asked], building_in(folder / "var"))
    done = command(folder, "build")
    assert done.returncode == 0, done.stderr
    with Server(folder) as server:
        server.pool()
        assert server.ready()["status"] == "ok"
    parts = {"towns": built, "scan": read, "reading": again}
    told = ", ".join(f"{name}: {n} gone in {s:.1f} s" for name, (n, s) in parts.items())
    return f"{told}; each command does its work when it is run again"


def named(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text()
    return ""


def scanned(folder: Path) -> Path:
    """A PDF of pages that are pictures, as a scanner makes them."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(60)
    pages = []
    for number in range(6):
        page = Image.new("L", (2480, 3508), 255)
        draw = ImageDraw.Draw(page)
        for line in range(36):
            text = f"Article {number}.{line} : le marché se tient le samedi matin, place du Port."
            draw.text((150, 150 + 90 * line), text, 0, font)
        pages.append(page)
    path = folder / "scan.pdf"
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=300)
    return path


process.tested(
    "parser out of memory, spinning, dying",
    "a child that does it",
    "tests/corpus/sandbox/test_parent.py::test_what_kills_a_child_leaves_the_next_file_alone",
)
process.tested(
    "parser that hangs",
    "a child that waits",
    "tests/corpus/sandbox/test_parent.py::test_a_child_that_waits_is_killed_in_time",
)
process.tested(
    "clock jumps",
    "a year ahead and back: journal, sessions, tries at the log-in",
    "tests/assistant/records/test_journal.py::test_a_clock_that_jumps_ahead_and_back_deletes_nothing",
    "tests/assistant/records/test_people.py::test_a_clock_set_back_neither_locks_out_nor_lets_in",
)
process.tested(
    "expired certificate of a site",
    "a site on loopback with one",
    "tests/corpus/fetching/test_web.py::test_the_certificate_is_that_of_the_name_and_the_name_is_told",
)


# --- What is beside

beside = Group("What is around it")


@beside.played("journal locked", "another program holds it, 30 questions, then SIGTERM")
def locked(folder: Path) -> str:
    with Server(folder, within=60) as server:
        server.pool()
        path = folder / "var" / "journal.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            slowest = timed(server, 30)
            wait(lambda: server.said("was not kept") == 1)
            server.stop()
            assert server.said("was not kept") == 1
    assert slowest < 3.0, slowest
    return f"30 answered, {slowest:.1f} s at most; said once; ended in {server.ended:.1f} s"


def starting(server: Server) -> float:
    """The seconds until it is ready."""
    started = time.monotonic()
    server.ready()
    return time.monotonic() - started


def timed(server: Server, questions: int) -> float:
    """The seconds of the slowest of these answers."""
    slowest = 0.0
    for _ in range(questions):
        started = time.monotonic()
        server.pool()
        slowest = max(slowest, time.monotonic() - started)
    return slowest


@beside.played("journal locked before the start", "another program holds a new database")
def locked_at_start(folder: Path) -> str:
    path = folder / "var" / "journal.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with Server(folder, within=60) as server:
            begun = starting(server)
            first = timed(server, 1)
            rest = timed(server, 10)
    assert first < 8 and rest < 3, (first, rest)
    return f"ready in {begun:.1f} s; the first answered in {first:.1f}, the others in {rest:.1f}"


@beside.played("journal corrupt", "garbage over it, at the start and while it serves; the guichet")
def corrupt(folder: Path) -> str:
    path = folder / "var" / "journal.sqlite3"
    path.write_bytes(b"this is no database" * 1000)
    with Server(folder) as server:
        for _ in range(20):
            server.pool()
        guichet = httpx.get(f"{server.url}/guichet/connexion", timeout=90, follow_redirects=True)
        time.sleep(1)
        told = (server.said("journal cannot be opened"), server.said("was not kept"))
        read = server.said("cannot be read")
    assert told[0] <= 1 and told[1] <= 1 and read <= 1, (told, read)
    path.unlink()
    with Server(folder) as server:
        server.pool()
        wait(lambda: path.stat().st_size > 0)
        for name in ("journal.sqlite3", "journal.sqlite3-wal"):
            with suppress(OSError), (folder / "var" / name).open("r+b") as file:
                file.write(os.urandom(20_000))
        for _ in range(20):
            server.pool()
    return f"40 of 40 answered, said once each; the guichet answers {guichet.status_code}"


@beside.played("journal removed", "the database and the validated answers gone while it serves")
def removed(folder: Path) -> str:
    path = folder / "var" / "journal.sqlite3"
    with Server(folder) as server:
        server.pool()
        wait(lambda: path.stat().st_size > 0)
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()
        given = {server.ask()["id"] for _ in range(20)}
        wait(lambda: server.said("was removed, or is another") == 1)
    with closing(sqlite3.connect(path)) as journal:
        kept = {row[0] for row in journal.execute("SELECT id FROM answers")}
    assert given <= kept, len(given - kept)
    return "20 of 20 answered, and kept in a new one; said once; what was in the old one is gone"


@beside.played("a PostgreSQL that says nothing", "a port that accepts and is silent")
def mute(folder: Path) -> str:
    with closing(socket.create_server(("127.0.0.1", 0), backlog=64)) as silent:
        port = silent.getsockname()[1]
        address = f"postgresql+psycopg://a:b@127.0.0.1:{port}/c"
        with Server(folder, within=90, ASSISTANT_JOURNAL=address) as server:
            begun = starting(server)
            first = timed(server, 1)
            rest = timed(server, 10)
    assert first < 8 and rest < 3, (first, rest)
    told = f"ready in {begun:.1f} s; the first answered in {first:.1f}, the others in {rest:.1f}"
    return f"{told}; ended in {server.ended:.0f} s"


@beside.played("swap under load", "5 builds that change a date, 4 clients ask")
def swapped(folder: Path) -> str:
    days = {"000001": OPENS}
    mixed: list[str] = []
    numbers: set[str] = set()

    def see(answer: dict[str, Any]) -> None:
        number = answer["generation"]
        numbers.add(number)
        text = " ".join((answer["text"], *(c["passage"] for c in answer["citations"])))
        for other, day in days.items():
            if (day in text) != (other == number):
                mixed.append(f"{number}: {text[:200]}")

    fiche = folder / "valbourg" / "fiches" / "piscine.md"
    with Server(folder) as server, Load(server, see) as load:
        for number in range(2, 7):
            day = f"{8 + number} novembre 2027"
            days[f"{number:06}"] = day
            text = fiche.read_text("utf-8").replace(days[f"{number - 1:06}"], day)
            fiche.write_text(text, encoding="utf-8")
            assert command(folder, "build").returncode == 0
            wait(lambda number=number: server.ready()["generation"] == f"{number:06}")
            load.wait(load.answered + 20)
    assert not load.failed and not mixed, (load.failed, mixed[:2])
    return f"{load.answered} answered from {len(numbers)} indexes, 0 failed, 0 of two at once"


class Buffering(BaseHTTPRequestHandler):
    """A proxy that reads an answer to its end before it gives any of it."""

    upstream = ""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        asked = {name: self.headers[name] for name in ("accept", "content-type")}
        got = httpx.post(f"{self.upstream}{self.path}", content=body, headers=asked, timeout=180)
        self.send_response(got.status_code)
        self.send_header("content-type", got.headers["content-type"])
        self.send_header("content-length", str(len(got.content)))
        self.end_headers()
        self.wfile.write(got.content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@beside.played("a proxy that buffers", "events held back to their end, a model that writes slowly")
def buffered(folder: Path) -> str:
    with written(Reply.hang) as (_, settings), Server(folder, **settings) as server:
        Buffering.upstream = server.url
        proxy = ThreadingHTTPServer(("127.0.0.1", 0), Buffering)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        started = time.monotonic()
        names = events(f"http://127.0.0.1:{proxy.server_address[1]}")
        took = time.monotonic() - started
        proxy.shutdown()
        proxy.server_close()
    assert names[-1] == "done", names
    return f"the answer is whole, late: all of it after {took:.0f} s"


@beside.played(
    "nginx and Caddy, as they ship", "the same model behind each, with the pages of deploy/"
)
def proxied(folder: Path) -> str:
    seen = []
    with written(Reply.hang) as (_, settings), Server(folder, **settings) as server:
        at = server.url.removeprefix("http://")
        page = proxies.nginx_page(at)
        held = (
            "proxy_ignore_headers X-Accel-Buffering; gzip on; gzip_proxied any; gzip_min_length 0;"
        )
        compressed = page.replace("proxy_buffering off;", f"{held} gzip_types text/event-stream;")
        for name, before in (
            ("nginx", lambda: proxies.nginx(folder, page)),
            ("Caddy", lambda: proxies.caddy(folder, at)),
            ("an nginx that compresses and holds", lambda: proxies.nginx(folder, compressed)),
        ):
            with before() as url:
                first, last = shown(url)
            seen.append((name, first, last))
    assert all(first < last - 2 for _, first, last in seen[:2]), seen
    assert seen[2][1] > seen[2][2] - 0.5, seen
    told = (f"{name}: {first:.1f}, {last:.1f}" for name, first, last in seen)
    return f"seconds to the first sentence, to the end: {'; '.join(told)}"


def shown(url: str) -> tuple[float, float]:
    """The seconds until the first sentence of an answer as events comes, and until it ends."""
    started = time.monotonic()
    first = 0.0
    with streamed(url, POOL) as stream:
        for line in stream.iter_lines():
            if line == "event: sentence" and not first:
                first = time.monotonic() - started
    return first, time.monotonic() - started


@beside.played("20,000 questions", "memory every 1,000, 4 clients", long=True)
def soak(folder: Path) -> str:
    seen: list[int] = []
    until = time.monotonic() + SOAK_SECONDS
    turned: list[int] = []
    numbers = iter(range(20_000))
    lock = threading.Lock()

    def ask(server: Server) -> None:
        with httpx.Client() as client:
            while time.monotonic() < until:
                with lock:
                    number = next(numbers, None)
                    if number is None:
                        return
                    if number % 1000 == 0:
                        seen.append(server.held()[0] // 1000)
                        print(f"<!-- {number}: {seen[-1]} MB, {server.held()[1:]} -->", flush=True)
                question = SOAKED[number % len(SOAKED)].format(number)
                while refused(server, question, client):  # as a busy machine may
                    with lock:
                        turned.append(number)

    with Server(folder) as server, ThreadPoolExecutor(4) as pool:
        for asking in [pool.submit(ask, server) for _ in range(4)]:
            asking.result()
        asked = next(numbers, 20_000)
    assert len(seen) > 2, f"{asked} questions in {SOAK_SECONDS:.0f} s"
    growth = seen[-1] / seen[2] - 1
    assert growth <= 0.10, seen
    told = f"{asked} asked, {len(turned)} of them twice; MB by thousand {seen}"
    return f"{told}: {100 * growth:+.1f} % from 2,000 on"


def refused(server: Server, question: str, client: httpx.Client) -> bool:
    """Ask; whether it was refused for some seconds, which are then over."""
    got = client.post(f"{server.url}/api/v1/answers", json={"question": question}, timeout=180)
    if got.status_code == 503:
        time.sleep(int(got.headers["retry-after"]))
        return True
    assert got.status_code == 200, (got.status_code, got.text[:200])
    return False


beside.tested(
    "a reading that dies, that hangs",
    "the child of the guichet's « Relire »",
    "tests/assistant/test_rebuilding.py",
)
_CROWD = "tests/assistant/doors/http/crowd/test"
beside.tested(
    "a crowd: queue, rates, half-sent requests, readers that do not read",
    "clients on loopback, a Redis killed",
    f"{_CROWD}_line.py",
    f"{_CROWD}_rates.py",
    f"{_CROWD}_connections.py",
)
_WEB = "tests/corpus/fetching/test_web.py::test"
for _name, _done, _tests in (
    (
        "length or media that lies",
        "a body longer than told, a page that is a file",
        (
            f"{_WEB}_a_body_stops_at_its_limit_whether_its_length_is_told_or_not",
            f"{_WEB}_a_body_that_arrives_damaged_is_not_taken",
        ),
    ),
    ("gzip bomb", "megabytes in some bytes", (f"{_WEB}_a_bomb_is_stopped_at_the_limit",)),
    (
        "redirect to a private address",
        "literal, encoded, by a name that turns private",
        (
            f"{_WEB}_a_redirect_to_where_nobody_goes_is_refused",
            f"{_WEB}_a_name_that_turns_private_between_two_pages_is_refused",
            "tests/corpus/fetching/test_addresses.py::test_no_way_of_writing_a_private_address_connects",
        ),
    ),
    (
        "endless, dripping body or headers",
        "a site that never ends",
        (
            f"{_WEB}_a_site_that_drips_is_cut",
            f"{_WEB}_headers_that_drip_are_cut_too",
        ),
    ),
    (
        "fetch killed",
        "between any two writes",
        (
            "tests/corpus/fetching/test_fetch.py::test_a_fetch_that_is_killed_leaves_the_old_copy_or_the_new",
        ),
    ),
):
    beside.tested(f"source: {_name}", _done, *_tests)

GROUPS = (upstream, store, process, beside)


# --- Run and told


@dataclass(frozen=True)
class Outcome:
    passed: bool
    said: str
    seconds: float
    processor: float | None = None  # seconds of it: the rest was waited, or others had the machine


def tested(faults: Sequence[Fault]) -> dict[str, Outcome]:
    """What their tests give, all in one run."""
    wanted = [test for fault in faults for test in fault.tests]
    if not wanted:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
            + sorted({test.partition("[")[0] for test in wanted}),
            cwd=HERE,
            stdout=sys.stderr,
        )
        cases = [
            (
                f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}",
                float(case.get("time", 0)),
                [child.tag for child in case if child.tag in ("failure", "error", "skipped")],
            )
            for case in ET.parse(report).iter("testcase")
        ]
    found = {}
    for fault in faults:
        mine = [case for case in cases if any(_is(case[0], test) for test in fault.tests)]
        wrong = [name for name, _, bad in mine if bad]
        said = f"{len(mine)} tests" if len(mine) > 1 else f"`{mine[0][0]}`" if mine else "no test"
        if wrong:
            said = f"{len(wrong)} of {len(mine)} failed: {wrong[0]}"
        seconds = sum(seconds for _, seconds, _ in mine)
        found[fault.name] = Outcome(bool(mine) and not wrong, said, seconds)
    return found


def _is(case: str, test: str) -> bool:
    return (
        case == test
        or (not test.endswith("]") and case.startswith((f"{test}[", f"{test}::")))
        or (test.endswith(".py") and case.startswith(test))
    )


def played(fault: Fault, town: Path) -> Outcome:
    assert fault.play is not None
    with tempfile.TemporaryDirectory(prefix="faults-") as scratch:
        folder = shutil.copytree(town, Path(scratch) / "town")
        started, spent = time.monotonic(), processor()
        try:
            passed, said = True, fault.play(folder)
        except Exception as error:  # whatever went wrong is the outcome
            passed, said = False, f"{type(error).__name__}: {error}"[:600].replace("\n", " ")
        return Outcome(passed, said, time.monotonic() - started, processor() - spent)


def processor() -> float:
    """Seconds of processor of this process, and of those that it has waited for."""
    return sum(os.times()[:4])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--long", action="store_true")
    options = parser.parse_args()

    def wanted(fault: Fault) -> bool:
        named = any(word.lower() in fault.name.lower() for word in options.words)
        return named if options.words else options.long or not fault.long

    outcomes = tested([f for g in GROUPS for f in g.faults if f.tests and wanted(f)])
    count = failed = 0
    with tempfile.TemporaryDirectory(prefix="faults-") as scratch:
        town = lay(Path(scratch))
        print("| fault | what is done | outcome | | s | processor |", flush=True)
        print("|---|---|---|---|---|---|", flush=True)
        for group in GROUPS:
            for fault in filter(wanted, group.faults):
                found = outcomes.get(fault.name) or played(fault, town)
                count, failed = count + 1, failed + (not found.passed)
                verdict = "passed" if found.passed else "**FAILED**"
                spent = "" if found.processor is None else f"{found.processor:.1f}"
                print(
                    f"| {fault.name} | {fault.done} | {found.said.replace('|', '/')} | {verdict} | "
                    f"{found.seconds:.1f} | {spent} |",
                    flush=True,
                )
    print(f"\n{count - failed} of {count} passed.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
