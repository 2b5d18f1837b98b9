"""What is asked in vain, grouped by meaning, as the journal changes."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from assistant.errors import JournalError
from assistant.records import vain
from assistant.records.store import Store, now, told
from assistant.records.vain import Asked, Mark
from index.generation import Generation
from index.passages import Passage

# Cosine with the middle of a group from which a question joins it. Of 621 questions that the
# encoder was not taught, on 368 facts, pairs in one group ask for the same fact .26, .45 and .64 of
# the time at .55, .6 and .65, and of pairs on one fact .32, .25 and .16 are in one group (2026-11).
ALIKE = 0.6
_NEAREST = 3
_PATIENCE = {True: 5.0, False: 0.1}  # seconds that a page waits for groups: the first time, then
_REST = 10  # between two groupings, times what the last took

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that mean the same, the most asked first; `nearest` are the passages near them.

    `key` is the digest of the first question. `mark` is what was said of most of them.
    """

    key: str
    asked: Sequence[Asked]
    nearest: Sequence[Passage]
    mark: Mark | None = None

    @property
    def count(self) -> int:
        return sum(each.count for each in self.asked)

    @property
    def recent(self) -> int:
        return sum(each.recent for each in self.asked)

    @property
    def earlier(self) -> int:
        return sum(each.earlier for each in self.asked)

    @property
    def useless(self) -> int:
        return sum(each.useless for each in self.asked)

    @property
    def outcomes(self) -> Mapping[str, int]:
        return sum((each.outcomes for each in self.asked), Counter[str]())

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.asked]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The groups of a moment, the most asked first."""

    groups: Sequence[Group]
    at: datetime

    def of(self, digest: str) -> Group | None:
        """The group of a question, whatever group it is in by now."""
        for group in self.groups:
            if any(each.digest == digest for each in group.asked):
                return group
        return None


def grouped(
    asked: Sequence[Asked], vectors: NDArray[np.float32], line: float = ALIKE
) -> list[list[int]]:
    """The positions of those that mean the same, in the order given: each joins the group whose
    middle is nearest, if it is near enough, else begins one."""
    middles = np.zeros(vectors.shape, np.float32)
    sums = np.zeros(vectors.shape, np.float32)
    groups: list[list[int]] = []
    for at, vector in enumerate(vectors):
        near = middles[: len(groups)] @ vector
        nearest = int(near.argmax()) if len(groups) else 0
        if not len(groups) or near[nearest] < line:
            nearest = len(groups)
            groups.append([])
        groups[nearest].append(at)
        sums[nearest] += vector * asked[at].count
        middles[nearest] = sums[nearest] / (np.linalg.norm(sums[nearest]) or 1.0)
    return groups


class Gaps:
    """The groups of a store, made again by a thread as the journal changes."""

    def __init__(self, store: Store, days: int) -> None:
        self._store = store
        self._days = days
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._made: tuple[object, ...] | None = None
        self._grouped: Grouped | None = None
        self._working = threading.Lock()
        self._until = 0.0

    def now(self, generation: Generation) -> Grouped | None:
        """The groups; None when those of a first time are not ready: ask again in a moment.

        Their marks are those of now. Raises JournalError.
        """
        first = self._grouped is None
        stale = self._key(generation) != self._made
        if stale and time.monotonic() >= self._until and self._working.acquire(blocking=False):
            done = threading.Event()
            threading.Thread(target=self._make, args=(generation, done), daemon=True).start()
            done.wait(_PATIENCE[first])
        elif first:  # another page has them made
            time.sleep(_PATIENCE[False])
        found = self._grouped
        if found is None:
            return None
        known = vain.marks(self._store)
        return Grouped([_marked(group, known) for group in found.groups], found.at)

    def _key(self, generation: Generation) -> tuple[object, ...]:
        return (*vain.heads(self._store), generation.number, date.today())

    def _make(self, generation: Generation, done: threading.Event) -> None:
        began = time.monotonic()
        try:
            made = self._key(generation)
            today = date.today()
            since = (today - timedelta(days=self._days)).isoformat()
            asked = vain.read(self._store, since, today)
            embedder = generation.embedder
            fresh = [one for one in asked if one.digest not in self._vectors]
            for start in range(0, len(fresh), 256):
                batch = fresh[start : start + 256]
                rows = embedder.questions([one.text for one in batch])
                self._vectors |= {one.digest: row for one, row in zip(batch, rows, strict=True)}
            self._vectors = {one.digest: self._vectors[one.digest] for one in asked}
            rows = np.zeros((len(asked), embedder.dim), np.float32)
            for at, one in enumerate(asked):
                rows[at] = self._vectors[one.digest]
            groups = [
                Group(asked[at[0]].digest, [asked[n] for n in at], _near(rows[at], generation))
                for at in grouped(asked, rows)
            ]
            groups.sort(key=lambda group: (-group.count, group.asked[0].text))
            self._grouped, self._made = Grouped(groups, now()), made
        except JournalError as error:
            log.error("the questions in vain cannot be read: %s", told(error))
        except Exception as error:  # its own words may quote a question
            log.error("the questions in vain cannot be grouped: %s", type(error).__name__)
        finally:
            self._until = time.monotonic() + _REST * max(time.monotonic() - began - 1, 0.0)
            self._working.release()
            done.set()

    def mark(self, group: Group, said: Mark | None, actor: str) -> None:
        """Say something of a group, or nothing more."""
        vain.mark(self._store, group.key, [each.digest for each in group.asked], said, actor)


def _marked(group: Group, known: Mapping[str, Mark]) -> Group:
    """A group with the mark of half of its questions at least."""
    found = Counter(known[each.digest] for each in group.asked if each.digest in known)
    mark, count = max(found.items(), key=lambda pair: pair[1], default=(None, 0))
    return replace(group, mark=mark if 2 * count >= len(group.asked) else None)


def _near(rows: NDArray[np.float32], generation: Generation) -> tuple[Passage, ...]:
    """The passages nearest the middle of a group."""
    scores = generation.vectors @ rows.sum(0)
    best = np.argsort(-scores, kind="stable")[:_NEAREST]
    return tuple(generation.passages[at] for at in best.tolist())
