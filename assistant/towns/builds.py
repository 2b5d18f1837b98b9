"""Building the indexes of many towns: several at once, each in a process that may die alone.

A town that is up to date is left as it is, so that a build that was stopped goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess

from assistant.assembly import Common, build, common
from assistant.errors import InputError, JournalError
from assistant.records.store import Store
from assistant.settings import Settings
from assistant.towns import folders
from corpus.errors import CorpusError
from corpus.reading.entries import UnreadableCorpus
from index.errors import SearchError
from index.generation import Generation

_CRASHED = "la construction s'est arrêtée net : retirez ses documents un à un pour trouver lequel"

# Of a process that builds; what its towns stand on would, let go, be opened again for each.
_held: tuple[Settings, Common, Generation | None] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a town: `problem` is "" when it was built, or was up to date (not `new`)."""

    insee: str
    number: str = ""
    new: bool = False
    passages: int = 0
    seconds: float = 0.0
    problem: str = ""


def built(settings: Settings, codes: Sequence[str], workers: int) -> Generator[Done, None, None]:
    """Build these towns, `workers` at once; each is told as it ends, in no order.

    Raises what making the assistant of these settings does.
    """
    lost = yield from _pass(settings, codes, workers)
    for insee in lost:  # alone, what dies is what killed the others' process
        if (yield from _pass(settings, [insee], 1)):
            yield Done(insee, problem=_CRASHED)


def _pass(
    settings: Settings, codes: Sequence[str], workers: int
) -> Generator[Done, None, list[str]]:
    """Build towns in a pool; returns those that it died on, or could not reach any more."""
    lost = []
    spawned = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, spawned, initializer=_start, initargs=(settings,))
    try:
        asked = {pool.submit(_one, insee): insee for insee in codes}
        for future in as_completed(asked):
            try:
                yield future.result()
            except BrokenProcessPool:
                lost.append(asked[future])
    finally:
        pool.shutdown(cancel_futures=True)
    return lost


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start(settings: Settings) -> None:
    global _held
    threading.Thread(target=_end_with, args=(parent_process(),), daemon=True).start()
    shared = common(settings)
    _held = settings, shared, shared.bases.live() if shared.bases is not None else None


def _end_with(parent: BaseProcess | None) -> None:
    """End this process with the command that started it: killed, it stops nobody."""
    if parent is not None:
        parent.join()
        os._exit(1)


def _one(insee: str) -> Done:
    assert _held is not None
    settings, shared, _ = _held
    assert settings.towns is not None
    started = time.monotonic()
    try:
        folders.catalogue(settings.towns, insee)
        own = settings.town(insee)
        made = build(own, shared=shared).built
        with closing(Store(own.journal_url)) as store, store.writing():
            pass  # its tables are made: the first question does not wait for them
    except UnreadableCorpus as group:
        first, *others = map(str, group.exceptions)
        more = f" (et {len(others)} autre(s) erreur(s))" if others else ""
        return Done(insee, problem=first + more)
    except (CorpusError, SearchError, InputError, JournalError, OSError) as error:
        return Done(insee, problem=str(error))
    except Exception as error:  # ours to mend, and this town's alone
        return Done(insee, problem=f"{type(error).__name__} : {error}")
    return Done(insee, made.folder.name, made.new, made.passages, time.monotonic() - started)
