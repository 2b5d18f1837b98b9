"""Two servers of one town behind nginx, and what residents get when what is around them breaks.

    PYTHONPATH=.:tests/doubles python benchmarks/replicas.py [--s3] [WORD…]

WORD keeps the rows that hold it. Two `assistant serve` as they ship, the nginx of docs/replicas.md,
PostgreSQL, Redis, Chroma and a folder of indexes (--s3: a bucket), all on loopback. Questions
arrive at a steady pace, whatever became of those before, from 60 addresses, half of them as events.
Needs Debian's nginx-light, postgresql and redis-server. Exit status 1 when an answer is of two
indexes, or a resident sees an error that docs/replicas.md does not announce.
"""

from __future__ import annotations

import itertools
import json
import re
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import proxies
from databases import broken, bucket, chroma, cluster, free_port, fresh, redis
from faults import EVENTS, OPENS, POOL, Server, command, lay, wait
from sqlalchemy import NullPool, create_engine, text

PACE = 6.0  # questions a second
ADDRESSES = 60
CUT = "cut"  # an answer that was begun as events, and does not say that it ended
SECONDS = 5.0  # that something stays broken, once both servers have seen it
QUESTIONS = (
    POOL,
    "quel jour le marché de Valbourg ?",
    "Quand ouvre la piscine de Valbourg ? Et quel jour a lieu le marché ?",
    "Combien de temps dure l'ORT ?",
    "Quelle est la capitale du Pérou ?",
)


@dataclass
class Seen:
    """What became of the questions of one row."""

    took: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    given: dict[str, str] = field(default_factory=dict)  # answer -> the index that it names
    cited: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    telling: int = 0  # answers whose citations are words of one index alone
    reasons: set[str] = field(default_factory=set)  # what /readyz of either said


class Town:
    """Two servers, and what residents read in which index."""

    def __init__(self, folder: Path, servers: list[Server | None], url: str, journal: str) -> None:
        self.folder, self.servers, self.url = folder, servers, url
        self.journal = create_engine(journal, poolclass=NullPool)
        self.texts: dict[str, dict[str, str]] = {}  # index -> passage -> its text
        self._clients = [httpx.Client(timeout=60) for _ in range(32)]
        self.number = itertools.count()
        self.read()

    def read(self) -> None:
        """Note what the indexes that were built say."""
        for path in (self.folder / "var/index/generations").glob("*/passages.jsonl"):
            records = map(json.loads, path.read_text("utf-8").splitlines())
            self.texts[path.parent.name] = {each["id"]: each["text"] for each in records}

    def ask(self, seen: Seen, question: str, address: int, events: bool) -> None:
        """A resident's question, and what came of it."""
        headers = {"x-forwarded-for": f"203.0.113.{address}"}
        if events:
            headers["accept"] = EVENTS
        started = time.monotonic()
        client = self._clients.pop()
        try:
            got = client.post(
                f"{self.url}/api/v1/answers", json={"question": question}, headers=headers
            )
            answer = _answer(got, events)
        except (httpx.HTTPError, ValueError) as error:
            cut = events and isinstance(error, httpx.RemoteProtocolError)
            seen.errors[CUT if cut else str(error) or type(error).__name__] += 1
            return
        finally:
            seen.took.append(time.monotonic() - started)
            self._clients.append(client)
        seen.given[answer["id"]] = number = answer["generation"]
        if answer["outcome"].startswith("failed"):
            seen.errors[answer["outcome"]] += 1
        cited = [(each["passage_id"], each["passage"]) for each in answer["citations"]]
        seen.cited.append((number, cited))

    def compare(self, seen: Seen) -> None:
        """Whether all that each answer cites is of the index that it names."""
        for number, cited in seen.cited:
            said = self.texts[number]
            others = [text for name, text in self.texts.items() if name != number]
            if any(said.get(name) != text for name, text in cited):
                seen.mixed.append(f"{number}: {cited}")
            seen.telling += any(all(o.get(n) != t for o in others) for n, t in cited)

    def ready(self, server: Server) -> str:
        """What /readyz says of a server; « Ne répond pas » of one that does not."""
        try:
            told = httpx.get(f"{server.url}/readyz", timeout=2).json()
        except (httpx.HTTPError, ValueError):
            return "Ne répond pas"
        return str(told.get("reason") or told.get("detail") or "")

    def all_say(self, word: str) -> bool:
        """Whether both servers say that word; "" is that all is well."""
        said = [self.ready(each) for each in self.servers if each is not None]
        return len(said) == 2 and all(word in each if word else not each for each in said)

    def kept(self, seen: Seen) -> int:
        """How many answers have no receipt, once the last had time to be written. The receipts that
        name another index than their answer are mixed."""
        for _ in range(20):
            with self.journal.connect() as connection:
                rows = connection.execute(text("SELECT id, generation FROM answers")).all()
            kept = {row.id: row.generation for row in rows}
            if seen.given.keys() <= kept.keys():
                break
            time.sleep(0.1)
        seen.mixed += [i for i, n in seen.given.items() if kept.get(i, n) != n]
        return len(seen.given.keys() - kept.keys())


def _answer(got: httpx.Response, events: bool) -> dict[str, Any]:
    """An answer that is whole. Raises ValueError."""
    if got.status_code != 200:
        raise ValueError(got.status_code)
    if not events:
        answer: dict[str, Any] = got.json()
        return answer
    last = got.text.rstrip().rpartition("\n\n")[2]
    if not last.startswith("event: done\ndata: "):
        raise ValueError(CUT)
    whole: dict[str, Any] = json.loads(last.partition("data: ")[2])
    return whole


class Residents:
    """Questions at a steady pace, for a block."""

    def __init__(self, town: Town) -> None:
        self.seen = Seen()
        self._town = town
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(32)
        self._asked: list[Future[None]] = []
        self._threads = [threading.Thread(target=self._pace), threading.Thread(target=self._watch)]

    def __enter__(self) -> Seen:
        for thread in self._threads:
            thread.start()
        return self.seen

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._pool.shutdown()
        for asked in self._asked:
            asked.result()

    def _pace(self) -> None:
        due = time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            n = next(self._town.number)
            question = QUESTIONS[n % len(QUESTIONS)]
            asked = (self.seen, question, n % ADDRESSES, bool(n // len(QUESTIONS) % 2))
            self._asked.append(self._pool.submit(self._town.ask, *asked))
            due += 1 / PACE

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            for server in self._town.servers:
                if server is not None and (said := self._town.ready(server)):
                    self.seen.reasons.add(said)


Break = Callable[[Town, Seen], str]


def main() -> None:
    s3 = "--s3" in sys.argv[1:]
    words = [word.lower() for word in sys.argv[1:] if word != "--s3"]
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="replicas-")))
        postgres = stack.enter_context(cluster())
        counts, vectors, indexes = (stack.enter_context(ExitStack()) for _ in range(3))
        at, shelf, store = free_port(), folder / "shared", free_port()
        shelf.mkdir()
        published = "s3://assistant/valbourg" if s3 else str(shelf)
        buckets = [indexes.enter_context(bucket(store, "assistant"))] if s3 else []
        address = counts.enter_context(redis(str(folder)))
        vectors.enter_context(chroma(folder / "chroma", at))
        shared = {
            "ASSISTANT_GENERATIONS": published,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{store}",
            **dict.fromkeys(("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "essai"),
            "ASSISTANT_CHROMA": f"http://127.0.0.1:{at}",
            "ASSISTANT_JOURNAL": fresh(postgres, "journal"),
            "ASSISTANT_LIMITS": address,
            "ASSISTANT_RATE": "30/minute",
            "ASSISTANT_POLL": "5",
        }
        publish = {**shared, "ASSISTANT_JOURNAL": ""}  # a builder needs none
        lay(folder, **publish)

        def server(name: str, port: int = 0) -> Server:
            var = {"ASSISTANT_VAR": str(folder / f"var-{name}")}
            return Server(folder, 60.0, port, **{**shared, **var})

        servers: list[Server | None] = [stack.enter_context(server(name)) for name in "AB"]
        places = [_at(each) for each in servers]
        page = proxies.nginx_page(*(f"127.0.0.1:{port}" for port in places))
        url = stack.enter_context(proxies.nginx(folder, page))
        town = Town(folder, servers, url, shared["ASSISTANT_JOURNAL"])
        wait(lambda: town.all_say(""), 60)

        def nothing(town: Town, seen: Seen) -> str:
            time.sleep(SECONDS)
            return f"one address in a hurry: {hurried(town)} answers of 50 asked"

        def swap(town: Town, seen: Seen) -> str:
            took = []
            fiches = folder / "valbourg" / "fiches"
            for hour in (8, 9):
                for name, old in (("piscine", OPENS), ("marche", "samedi matin")):
                    whole = (fiches / f"{name}.md").read_text("utf-8")
                    said = re.sub(rf"{old}(, à \d h)?", f"{old}, à {hour} h", whole)
                    (fiches / f"{name}.md").write_text(said, "utf-8")
                took.append(f"{anew(town):.1f}")
                time.sleep(1)
            return f"both had the new ones {', '.join(took)} s after the build"

        def killed(town: Town, seen: Seen) -> str:
            first = servers[0]
            assert first is not None
            time.sleep(1)
            first.process.kill()
            first.process.wait()
            servers[0] = None
            time.sleep(SECONDS)
            begun = time.monotonic()
            servers[0] = stack.enter_context(server("A", places[0]))
            wait(lambda: town.all_say(""), 60)
            return f"well again {time.monotonic() - begun:.1f} s after it was started"

        def restarted(town: Town, seen: Seen) -> str:
            told = []
            for n, name in enumerate("AB"):
                old = servers[n]
                assert old is not None
                servers[n] = None
                old.stop()
                servers[n] = stack.enter_context(server(name, places[n]))
                wait(lambda: town.all_say(""), 60)
                told.append(f"{old.ended:.1f}")
            return f"ended in {', '.join(told)} s"

        def hung(town: Town, seen: Seen) -> str:
            second = servers[1]
            assert second is not None
            second.process.send_signal(signal.SIGSTOP)
            time.sleep(14)
            second.process.send_signal(signal.SIGCONT)
            wait(lambda: town.all_say(""), 60)
            return "for 14 s"

        def away(word: str, gone: Callable[[], object], back: Callable[[], object]) -> Break:
            def play(town: Town, seen: Seen) -> str:
                time.sleep(1)
                gone()
                begun = time.monotonic()
                wait(lambda: town.all_say(word), 60)
                known = time.monotonic() - begun
                time.sleep(SECONDS)
                more = ""
                if word == "Redis":
                    more = f"; one address in a hurry: {hurried(town)} answers of 50 asked"
                if word == "publiés":
                    done = command(folder, "build", **publish)
                    assert done.returncode == 1, done
                    more = "; a build refuses to begin"
                back()
                if word == "publiés" and s3:
                    more += f"; empty, filled by a build, on both {anew(town):.1f} s after it"
                begun = time.monotonic()
                wait(lambda: town.all_say(""), 90)
                again = time.monotonic() - begun
                return f"said by both after {known:.1f} s, well again after {again:.1f} s{more}"

            return play

        def anew(town: Town) -> float:
            """The seconds from the end of a build, which publishes, until both have the index."""
            assert command(folder, "build", **publish).returncode == 0
            town.read()
            done, number = time.monotonic(), max(town.texts)
            wait(lambda: all(_on(each) == number for each in servers), 60)
            return time.monotonic() - done

        def shelf_gone() -> None:
            if s3:
                indexes.close()
            else:
                shelf.rename(folder / "away")

        def shelf_back() -> None:
            if s3:
                buckets.append(indexes.enter_context(bucket(store, "assistant")))
            else:
                (folder / "away").rename(shelf)

        def pulled(town: Town, seen: Seen) -> str:
            assert command(folder, "build", **publish).returncode == 0
            town.read()
            buckets[-1].send_signal(signal.SIGSTOP)  # whatever is being read of it hangs
            time.sleep(SECONDS)
            shelf_gone()
            wait(lambda: town.all_say("publiés"), 60)
            on = sorted({_on(each) for each in servers})
            shelf_back()
            took = anew(town)
            wait(lambda: town.all_say(""), 60)
            return f"meanwhile on {' and '.join(on)}; on both {took:.1f} s after the next build"

        outage = ExitStack()

        def redis_back() -> None:
            counts.enter_context(redis(str(folder)))

        def chroma_back() -> None:
            vectors.enter_context(chroma(folder / "chroma", at))

        def all_gone() -> None:
            counts.close()
            vectors.close()
            shelf_gone()
            outage.enter_context(broken(postgres))

        def all_back() -> None:
            outage.close()
            shelf_back()
            redis_back()
            chroma_back()

        rows: dict[str, Break] = {
            "nothing breaks": nothing,
            "two indexes published": swap,
            "server A killed": killed,
            "both restarted in turn": restarted,
            "server B hangs": hung,
            "Redis killed": away("Redis", counts.close, redis_back),
            "PostgreSQL killed": away(
                "journal", lambda: outage.enter_context(broken(postgres)), outage.close
            ),
            "Chroma killed": away("Chroma", vectors.close, chroma_back),
            "the store of indexes gone": away("publiés", shelf_gone, shelf_back),
            **({"the bucket hangs, then dies, as an index is pulled": pulled} if s3 else {}),
            "all four gone at once": away("Redis", all_gone, all_back),
        }
        failed = []
        print(
            "| what breaks | asked | answered | errors seen | median, longest (s) | of two indexes "
            "| no receipt | /readyz | |\n|---|---|---|---|---|---|---|---|---|"
        )
        for name, play in rows.items():
            if words and not any(word in name.lower() for word in words):
                continue
            with Residents(town) as seen:
                told = play(town, seen)
            town.compare(seen)
            lost = town.kept(seen)
            said = "; ".join(sorted({each for reason in seen.reasons for each in _told(reason)}))
            print(
                f"| {name} | {len(seen.took)} | {len(seen.given)} | {dict(seen.errors) or 0} | "
                f"{statistics.median(seen.took):.2f}, {max(seen.took):.1f} | "
                f"{len(seen.mixed)} of {seen.telling} | {lost} | {said or 'ok'} | {told} |",
                flush=True,
            )
            # Who was being answered by a server that is killed is told so by the widget.
            if seen.mixed or seen.errors.keys() - ({CUT} if play is killed else ()):
                failed.append(name)
                print(seen.mixed[:2], file=sys.stderr)
        balanced = Counter(
            re.findall(r"\*\d+ (.+?) while", (folder / "nginx.log").read_text("utf-8"))
        )
        print(
            *(f"{count} × nginx: {line}" for line, count in balanced.items()),
            sep="\n",
            file=sys.stderr,
        )
        read = receipts(town, seen)
        logs = [path.read_text("utf-8") for path in folder.glob("log-*")]
        for log in logs:
            assert "piscine" not in log and "marché" not in log, "a question in a log"
        errors = Counter(
            line.partition(" ERROR ")[2][:110]
            for log in logs
            for line in log.splitlines()
            if " ERROR " in line
        )
        print(f"\n{read} of the last 8 answers read again by their references, through nginx.")
        print("\n".join(f"{count} × {line}" for line, count in errors.items()), file=sys.stderr)
        print(f"{time.monotonic() - started:.0f} s in all.")
    if failed:
        sys.exit(f"failed: {failed}")


def _at(server: Server | None) -> int:
    assert server is not None
    return int(server.url.rpartition(":")[2])


def _on(server: Server | None) -> str:
    """The index that a server answers from."""
    assert server is not None
    return str(httpx.get(f"{server.url}/readyz", timeout=5).json()["generation"])


def _told(reason: str) -> list[str]:
    """The parts of what /readyz says, each without what a library's error adds to it."""
    return re.findall(r"[A-Z][^(:.]+\b", re.sub(r"\([^)]*\)|/\S+", "", reason))


def hurried(town: Town) -> int:
    """How many of 50 questions asked one after another from an address of its own are answered."""
    seen, address = Seen(), ADDRESSES + next(town.number) % 100
    for n in range(50):
        town.ask(seen, "Bonjour !", address, events=bool(n % 2))
    del seen.errors["429"]  # a Counter has it or not
    assert not seen.errors, seen.errors
    return len(seen.given)


def receipts(town: Town, seen: Seen) -> int:
    """How many of the last eight answers are read again, each from an address of its own."""
    last = [*seen.given][-8:]
    with closing(httpx.Client(timeout=30)) as client:
        return sum(
            client.get(
                f"{town.url}/api/v1/answers/{each}", headers={"x-forwarded-for": f"198.51.100.{n}"}
            ).status_code
            == 200
            for n, each in enumerate(last)
        )


if __name__ == "__main__":
    main()
