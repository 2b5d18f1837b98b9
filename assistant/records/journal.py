"""What was answered and what residents thought of it, kept for a time (SQLAlchemy).

Writing happens in a thread of its own, in order, receipts that wait together in one transaction: it
never slows an answer, and what cannot be written is logged, without the question, and the answer
still goes out. Why is said once, until it can be written again. Everything expires.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Row,
    Select,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)

from assistant.errors import JournalUnreachable
from assistant.records import trail
from assistant.records.receipts import Receipt, from_record, to_json
from assistant.records.store import Store, metadata, now, stamp, told

_WAITING = 1000  # writes that may wait: about a minute of a busy server with its disk stuck
_FULL = f"{_WAITING} writes are waiting already"
# Seconds that a start waits for the database. One that is locked, or says nothing, takes 5 and more
# to be given up: a resident may be behind, whose question opens a town.
_OPENING = 2.0
_PATIENCE = 5.0  # seconds that a resident's feedback waits for the writes before it
_PURGE = 3600.0  # seconds between two purges of a server that runs for months
# Seconds that a server which stops gives to what waits, and without a write until it gives up:
# more than SQLite waits for a lock.
_LAST, _STUCK = 60.0, 6.0

# In the trail: how the guichet proves that answers were deleted, without saying what they said.
OBJECT, ERASED = "journal", "effacement"

log = logging.getLogger(__name__)

answers = Table(
    "answers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("at", String(32), nullable=False, index=True),
    Column("outcome", String(32), nullable=False),
    Column("generation", String(32), nullable=False),
    Column("receipt", Text, nullable=False),
    # What is counted and searched, out of the receipt.
    Column("day", String(10), nullable=False, server_default=""),  # by the server's own clock
    Column("door", String(16), nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("subject", String(128), nullable=False, server_default=""),  # the first document cited
    Column("seconds", Float),
    Column("question", Text, nullable=False, server_default=""),
    # All that a count reads: a receipt is 3.5 kB, and none of 10,000 is opened to count them.
    Index("ix_answers_counted", "day", "outcome", "door", "subject", "seconds", "id"),
)
feedbacks = Table(
    "feedback",
    metadata,
    Column("answer_id", String(64), primary_key=True),
    Column("at", String(32), nullable=False, index=True),
    Column("useful", Boolean, nullable=False),
    Column("reasons", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a resident thought of an answer: reasons from a closed list, so no personal data."""

    useful: bool
    reasons: tuple[str, ...] = ()


class Journal:
    """Receipts and feedback, for `days` days."""

    def __init__(
        self,
        store: Store,
        days: int,
        clock: Callable[[], datetime] = now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the journal, and make it where there is none; what has expired is deleted.

        One that cannot be reached now, or is slow, is tried again at each write. Raises
        JournalMismatch when a newer version made it.

        ticks    seconds that only go forward, between two purges: a machine's clock set a year
                 ahead, and right again within the hour, deletes nothing
        """
        self.days = days
        self.clock = clock
        self._ticks = ticks
        self._store = store
        self._purged: float | None = None
        self._causes: set[str] = set()  # why writes fail, said already
        self._lost = self._written = 0
        self._waiting = threading.BoundedSemaphore(_WAITING)
        self._together: list[Receipt] = []  # that wait, and who has them written is on its way
        self._adding = threading.Lock()
        self._stuck = False  # whether what waits is given up
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="journal")
        with suppress(TimeoutError):
            self._writer.submit(self._open).result(_OPENING)

    def keep(self, receipt: Receipt) -> None:
        """Write a receipt, later and elsewhere. Never raises for what goes wrong then."""
        what = f"receipt {receipt.id}"
        if not self._waiting.acquire(blocking=False):
            self._failed(what, _FULL)
            return
        with self._adding:
            if not self._together and not self._submitted(what, self._keep):
                return
            self._together.append(receipt)

    def note(self, answer_id: str, feedback: Feedback) -> bool:
        """Write what a resident thought; the last time counts. False when no such answer.

        Raises JournalUnreachable.
        """
        # The name is whoever asked's: it is not logged.
        return bool(self._heard("feedback", lambda: self._note(answer_id, feedback)))

    def find(self, answer_id: str) -> Receipt | None:
        """A receipt that is written and has not expired. Raises JournalUnreachable."""
        found = self._row(
            select(answers.c.receipt).where(
                answers.c.id == answer_id, answers.c.at >= self._oldest()
            )
        )
        return None if found is None else from_record(json.loads(found.receipt))

    def feedback(self, answer_id: str) -> Feedback | None:
        """What the resident thought of an answer. Raises JournalUnreachable."""
        found = self._row(select(feedbacks).where(feedbacks.c.answer_id == answer_id))
        return None if found is None else Feedback(found.useful, tuple(json.loads(found.reasons)))

    def remove(self, answer_id: str, actor: str = trail.RESIDENT) -> bool:
        """Delete a receipt and what was thought of it, now. False when there is none.

        That it was deleted, and by whom, stays in the trail. Raises JournalUnreachable.
        """
        return bool(self._heard("a deletion", lambda: self._remove(answer_id, actor)))

    def recall(self, answer_id: str) -> Receipt | None:
        """A receipt that has not expired, were it of a moment ago. Raises JournalUnreachable."""
        found: Receipt | None = self._heard("a reading", lambda: self.find(answer_id))
        return found

    def _row(self, wanted: Select[Any]) -> Row[Any] | None:
        with self._store.reading() as connection:
            return connection.execute(wanted).one_or_none()

    def close(self) -> None:
        """Write what waits, while that goes on: a database that is stuck holds no server."""
        until, behind = time.monotonic() + _LAST, None
        with suppress(RuntimeError):  # closed already
            behind = self._writer.submit(lambda: None)
        while behind is not None and not behind.done():
            before = self._written
            wait([behind], _STUCK)
            if not behind.done() and (self._written == before or time.monotonic() > until):
                log.error("the journal is stuck: what waited to be written is lost")
                self._stuck = True
                break
        self._writer.shutdown(cancel_futures=True)

    def _heard(self, what: str, work: Callable[[], Any]) -> Any:
        """What work gives to who waits for it, behind the writes before it.

        Raises JournalUnreachable.
        """
        done = self._later(what, work)
        if done is None:
            raise JournalUnreachable("trop d'écritures attendent")
        try:
            return done.result(_PATIENCE)
        except TimeoutError as error:
            raise JournalUnreachable("une écriture dure trop") from error

    def _later(self, what: str, work: Callable[[], Any]) -> Future[Any] | None:
        if not self._waiting.acquire(blocking=False):
            self._failed(what, _FULL)
            return None

        def write() -> Any:
            try:
                self._prepare()
                done = work()
            except Exception as error:
                self._failed(what, told(error))
                raise
            else:
                self._worked()
                return done
            finally:
                self._waiting.release()

        return self._submitted(what, write)

    def _submitted(self, what: str, work: Callable[[], Any]) -> Future[Any] | None:
        try:
            return self._writer.submit(work)
        except RuntimeError:  # closed: the process is stopping
            self._waiting.release()
            self._failed(what, "the journal is closed")
            return None

    def _keep(self) -> None:
        """Write the receipts that wait."""
        with self._adding:
            together, self._together = self._together, []
        try:
            self._write(together)
        finally:
            self._waiting.release(len(together))

    def _write(self, together: Sequence[Receipt]) -> None:
        try:
            self._prepare()
            self._insert(together)
        except Exception as error:
            for one in together:
                if len(together) > 1 and not self._stuck:
                    self._write([one])  # what keeps one from being written may keep no other
                else:
                    self._failed(f"receipt {one.id}", told(error))
        else:
            self._worked(len(together))

    @property
    def failing(self) -> bool:
        """Whether the last write failed."""
        return bool(self._causes)

    def _failed(self, what: str, why: str) -> None:
        self._lost += 1
        if why not in self._causes:
            self._causes.add(why)
            log.error("%s was not kept: %s", what, why)

    def _worked(self, count: int = 1) -> None:
        self._written += count
        if self._causes:
            log.info("the journal is written again; %d writes were not kept", self._lost)
            self._causes.clear()
            self._lost = 0

    def _open(self) -> None:
        try:
            self._prepare()
        except JournalUnreachable as error:
            self._causes.add(told(error))
            log.error("the journal cannot be opened, answers go on without it: %s", told(error))

    def _prepare(self) -> None:
        """Delete what has expired, from time to time."""
        at = self._ticks()
        if self._purged is None or at - self._purged >= _PURGE:
            self._purge()
            self._purged = at

    def _oldest(self) -> str:
        return stamp(self.clock() - timedelta(days=self.days))

    def _purge(self) -> None:
        with self._store.writing() as connection:
            old = select(answers.c.id).where(answers.c.at < self._oldest())
            connection.execute(delete(feedbacks).where(feedbacks.c.answer_id.in_(old)))
            gone = connection.execute(delete(answers).where(answers.c.at < self._oldest()))
            count = gone.rowcount
            if count:
                older = f"{count} réponse{'s' * (count > 1)} de plus de {self.days} jours"
                trail.record(connection, trail.ASSISTANT, ERASED, OBJECT, older)
        if count:
            log.info("%d receipts older than %d days were deleted", count, self.days)

    def _insert(self, receipts: Sequence[Receipt]) -> None:
        rows = [
            {
                "id": receipt.id,
                "at": receipt.at,
                "outcome": receipt.outcome.value,
                "generation": receipt.generation,
                "receipt": to_json(receipt),
                "day": datetime.fromisoformat(receipt.at).astimezone().date().isoformat(),
                "door": receipt.door,
                "language": receipt.language,
                "subject": receipt.subject,
                "seconds": receipt.seconds,
                "question": receipt.question,
            }
            for receipt in receipts
        ]
        with self._store.writing() as connection:
            connection.execute(insert(answers), rows)

    def _note(self, answer_id: str, feedback: Feedback) -> bool:
        if self.find(answer_id) is None:
            return False
        with self._store.writing() as connection:
            connection.execute(delete(feedbacks).where(feedbacks.c.answer_id == answer_id))
            connection.execute(
                insert(feedbacks),
                {
                    "answer_id": answer_id,
                    "at": stamp(self.clock()),
                    "useful": feedback.useful,
                    "reasons": json.dumps(feedback.reasons),
                },
            )
        return True

    def _remove(self, answer_id: str, actor: str) -> bool:
        if self.find(answer_id) is None:
            return False
        with self._store.writing() as connection:
            connection.execute(delete(feedbacks).where(feedbacks.c.answer_id == answer_id))
            connection.execute(delete(answers).where(answers.c.id == answer_id))
            trail.record(connection, actor, ERASED, OBJECT, "1 réponse, par sa référence")
        return True
