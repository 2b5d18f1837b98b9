"""Two servers of one town, as processes: one index, one journal, one count, and what breaks."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from typing import Any

import databases
import pytest

from assistant import assembly
from assistant.settings import Settings

POOL = "Quand la piscine de Valbourg ouvre-t-elle au public ?"
OLD, NEW = "8 novembre 2027", "9 mars 2028"


@dataclass
class Replica:
    url: str
    log: Path

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=60) as response:
            return json.load(response)

    def ask(self, who: str = "192.0.2.1") -> Any:
        """An answer; it raises for anything but 200. `who`: as a proxy says it."""
        headers = {"content-type": "application/json", "x-forwarded-for": who}
        asked = urllib.request.Request(
            f"{self.url}/api/v1/answers", json.dumps({"question": POOL}).encode(), headers
        )
        with urllib.request.urlopen(asked, timeout=60) as response:
            return json.load(response)

    @property
    def reason(self) -> str:
        return self.get("/readyz")["reason"] or ""


@contextmanager
def served(settings: Settings, var: Path, **more: str) -> Iterator[Replica]:
    environment = {
        "ASSISTANT_CATALOGUE": str(settings.catalogue),
        "ASSISTANT_VAR": str(var),
        "ASSISTANT_MODEL": settings.model,
        "ASSISTANT_POLL": "0.1",
        "ASSISTANT_RATE": "",
        **more,
    }
    with (
        var.with_suffix(".log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve", "--port", "0"],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=log,
        ) as process,
    ):
        assert process.stdout is not None
        url = process.stdout.readline().decode().split()[4].rstrip("/")
        yield Replica(url, var.with_suffix(".log"))
        process.terminate()


def says(replica: Replica, word: str) -> Callable[[], bool]:
    """Whether a server that is asked says what is wrong; "" is nothing."""
    return lambda: replica.ask()["generation"] == "000002" and word in replica.reason


def well_but(replica: Replica, reason: str) -> Callable[[], bool]:
    """Whether that is all that is wrong with a server that is asked."""
    return lambda: bool(replica.ask()) and replica.reason == reason


def until(true: Callable[[], bool]) -> None:
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")


@pytest.mark.postgresql
@pytest.mark.redis
def test_an_index_is_swapped_under_load_and_what_breaks_stops_no_answer(
    assistant_settings: Settings, postgresql: str, tmp_path: Path
) -> None:
    town = shutil.copytree(assistant_settings.catalogue.parent, tmp_path / "valbourg")
    shared = tmp_path / "shared"
    shared.mkdir()
    builder = assistant_settings.model_copy(
        update={
            "catalogue": town / "catalogue.toml",
            "var": tmp_path / "builder",
            "generations": str(shared),
        }
    )
    assembly.build(builder)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="assistant-redis-"))
        with databases.redis(folder) as limits:
            everything = {
                "ASSISTANT_GENERATIONS": str(shared),
                "ASSISTANT_JOURNAL": databases.fresh(postgresql, f"replicas_{os.getpid()}"),
                "ASSISTANT_LIMITS": limits,
                "ASSISTANT_RATE": "100000/hour",
            }
            pair = [
                stack.enter_context(served(builder, tmp_path / name, **everything))
                for name in ("one", "two")
            ]
            said: dict[str, set[str]] = defaultdict(set)
            over, failed = Event(), []

            def resident() -> None:
                for replica in cycle(pair):
                    if over.is_set():
                        return
                    try:
                        answer = replica.ask()
                    except (OSError, ValueError) as error:
                        failed.append(error)
                        return
                    text = json.dumps(answer, ensure_ascii=False)
                    said[answer["generation"]] |= {date for date in (OLD, NEW) if date in text}

            residents = [Thread(target=resident) for _ in range(4)]
            for each in residents:
                each.start()
            fiche = town / "fiches" / "piscine.md"
            fiche.write_text(fiche.read_text("utf-8").replace(OLD, NEW), "utf-8")
            assembly.build(builder)
            until(lambda: all(r.get("/readyz")["generation"] == "000002" for r in pair))
            over.set()
            for each in residents:
                each.join()
            assert failed == []
            assert said == {"000001": {OLD}, "000002": {NEW}}  # no answer of both

            first, second = pair
            kept = f"/api/v1/answers/{first.ask()['id']}"

            def read_by_the_other() -> bool:
                try:
                    return bool(second.get(kept)["generation"] == "000002")
                except urllib.error.HTTPError as error:  # not written yet
                    error.close()
                    return False

            until(read_by_the_other)
            until(lambda: [r.reason for r in pair] == ["", ""])
        # Redis is gone; then PostgreSQL; then what is published.
        with databases.broken(postgresql):
            shared.rename(tmp_path / "away")
            for word in ("Redis", "Le journal ne s'écrit pas", "ne peuvent pas être lus"):
                for replica in pair:
                    until(says(replica, word))
        (tmp_path / "away").rename(shared)
        alone = "Le Redis de ASSISTANT_LIMITS ne répond pas : chaque serveur compte de son côté."
        for replica in pair:
            until(well_but(replica, alone))
    for replica in pair:
        log = replica.log.read_text("utf-8")
        assert "Traceback" not in log and "piscine" not in log
        assert log.count("Les index publiés ne peuvent pas") == 1
