"""What was answered and what residents thought of it, kept for a time (SQLAlchemy).

Writing happens in a thread of its own, in order: it never slows an answer, and what cannot be
written is logged, without the question, and the answer still goes out. Everything expires.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from assistant.errors import JournalMismatch, JournalUnreachable, JournalUnusable
from assistant.records.receipts import Receipt, from_record

# Raised whenever a table, or what a receipt holds, changes.
FORMAT = 1

_WAITING = 1000  # writes that may wait: about a minute of a busy server with its disk stuck
_PATIENCE = 5.0  # seconds that a resident's feedback waits for the writes before it
_PURGE = timedelta(hours=1)  # between two purges of a server that runs for months

log = logging.getLogger(__name__)

_tables = MetaData()
_about = Table("about", _tables, Column("format", Integer, primary_key=True, autoincrement=False))
_answers = Table(
    "answers",
    _tables,
    Column("id", String(64), primary_key=True),
    Column("at", String(32), nullable=False, index=True),
    Column("outcome", String(32), nullable=False),
    Column("generation", String(32), nullable=False),
    Column("receipt", Text, nullable=False),
)
_feedback = Table(
    "feedback",
    _tables,
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


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """A time as it is kept: to the second; the order of these texts is that of time."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


class Journal:
    """Receipts and feedback, for `days` days."""

    def __init__(self, url: str, days: int, clock: Callable[[], datetime] = now) -> None:
        """Open the journal, and make it where there is none; what has expired is deleted.

        One that cannot be reached now is tried again at each write. Raises JournalUnusable when
        the address or its driver is wrong, JournalMismatch when another version made it.
        """
        self._engine = _engine(url)
        self.days = days
        self.clock = clock
        self._ready = False
        self._purged: datetime | None = None
        self._waiting = threading.BoundedSemaphore(_WAITING)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="journal")
        try:
            self._prepare()
        except SQLAlchemyError as error:
            log.error("the journal cannot be opened, answers go on without it: %s", _told(error))

    def keep(self, receipt: Receipt) -> None:
        """Write a receipt, later and elsewhere. Never raises for what goes wrong then."""
        self._later(f"receipt {receipt.id}", lambda: self._insert(receipt))

    def note(self, answer_id: str, feedback: Feedback) -> bool:
        """Write what a resident thought; the last time counts. False when no such answer.

        Raises JournalUnreachable.
        """
        # The name is whoever asked's: it is not logged.
        return bool(self._heard("feedback", lambda: self._note(answer_id, feedback)))

    def find(self, answer_id: str) -> Receipt | None:
        """A receipt that is written and has not expired. Raises JournalUnreachable."""
        found = self._row(
            select(_answers.c.receipt).where(
                _answers.c.id == answer_id, _answers.c.at >= self._oldest()
            )
        )
        return None if found is None else from_record(json.loads(found.receipt))

    def feedback(self, answer_id: str) -> Feedback | None:
        """What the resident thought of an answer. Raises JournalUnreachable."""
        found = self._row(select(_feedback).where(_feedback.c.answer_id == answer_id))
        return None if found is None else Feedback(found.useful, tuple(json.loads(found.reasons)))

    def remove(self, answer_id: str) -> bool:
        """Delete a receipt and what was thought of it, now. False when there is none.

        Raises JournalUnreachable.
        """
        return bool(self._heard("a deletion", lambda: self._remove(answer_id)))

    def recall(self, answer_id: str) -> Receipt | None:
        """A receipt that has not expired, were it of a moment ago. Raises JournalUnreachable."""
        found: Receipt | None = self._heard("a reading", lambda: self.find(answer_id))
        return found

    def _row(self, wanted: Select[Any]) -> Row[Any] | None:
        try:
            with self._engine.connect() as connection:
                return connection.execute(wanted).one_or_none()
        except SQLAlchemyError as error:
            raise JournalUnreachable(_told(error)) from error

    def close(self) -> None:
        """Write what waits, then let go of the database."""
        self._writer.shutdown()
        self._engine.dispose()

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
        except SQLAlchemyError as error:
            raise JournalUnreachable(_told(error)) from error

    def _later(self, what: str, work: Callable[[], Any]) -> Future[Any] | None:
        if not self._waiting.acquire(blocking=False):
            log.error("%s was not kept: %d writes are waiting already", what, _WAITING)
            return None

        def write() -> Any:
            try:
                self._prepare()
                return work()
            except Exception as error:
                log.error("%s was not kept: %s", what, _told(error))
                raise
            finally:
                self._waiting.release()

        try:
            return self._writer.submit(write)
        except RuntimeError:  # closed: the process is stopping
            self._waiting.release()
            log.error("%s was not kept: the journal is closed", what)
            return None

    def _prepare(self) -> None:
        """Make the tables once, and delete what has expired from time to time."""
        if not self._ready:
            _make(self._engine)
            self._ready = True
        at = self.clock()
        if self._purged is None or at - self._purged >= _PURGE:
            self._purge()
            self._purged = at

    def _oldest(self) -> str:
        return stamp(self.clock() - timedelta(days=self.days))

    def _purge(self) -> None:
        with self._engine.begin() as connection:
            old = select(_answers.c.id).where(_answers.c.at < self._oldest())
            connection.execute(delete(_feedback).where(_feedback.c.answer_id.in_(old)))
            gone = connection.execute(delete(_answers).where(_answers.c.at < self._oldest()))
        if gone.rowcount:
            log.info("%d receipts older than %d days were deleted", gone.rowcount, self.days)

    def _insert(self, receipt: Receipt) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                insert(_answers),
                {
                    "id": receipt.id,
                    "at": receipt.at,
                    "outcome": receipt.outcome.value,
                    "generation": receipt.generation,
                    "receipt": json.dumps(dataclasses.asdict(receipt), ensure_ascii=False),
                },
            )

    def _note(self, answer_id: str, feedback: Feedback) -> bool:
        if self.find(answer_id) is None:
            return False
        with self._engine.begin() as connection:
            connection.execute(delete(_feedback).where(_feedback.c.answer_id == answer_id))
            connection.execute(
                insert(_feedback),
                {
                    "answer_id": answer_id,
                    "at": stamp(self.clock()),
                    "useful": feedback.useful,
                    "reasons": json.dumps(feedback.reasons),
                },
            )
        return True

    def _remove(self, answer_id: str) -> bool:
        if self.find(answer_id) is None:
            return False
        with self._engine.begin() as connection:
            connection.execute(delete(_feedback).where(_feedback.c.answer_id == answer_id))
            connection.execute(delete(_answers).where(_answers.c.id == answer_id))
        return True


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        # Questions stand in the parameters: they are never logged, whatever the level.
        engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    except (ArgumentError, ImportError, SQLAlchemyError, ValueError) as error:
        raise JournalUnusable(_told(error)) from error
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)  # its rows hold questions
    if parsed.get_backend_name() == "sqlite":
        _own(parsed)
        event.listen(engine, "connect", _sqlite)
    return engine


def _own(url: URL) -> None:
    """Make the file readable by the assistant alone, before anything is in it."""
    if url.database and url.database != ":memory:" and not url.query:
        path = Path(url.database)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            log.error("%s: %s", path, error.strerror)


def _sqlite(connection: Any, _: Any) -> None:
    """Readers beside the writer (WAL), no wait for the disk, deleted questions overwritten."""
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=5000",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _make(engine: Engine) -> None:
    """Make the tables where there are none. Raises JournalMismatch for another version's."""
    there = set(_tables.tables) & set(inspect(engine).get_table_names())
    if there and _about.name not in there:
        raise JournalMismatch(engine.url.render_as_string(), None, FORMAT)
    try:
        _tables.create_all(engine)
    except DBAPIError:
        _tables.create_all(engine)  # another process was making them at the same moment
    found = _format(engine)
    if found is None:
        try:
            with engine.begin() as connection:
                connection.execute(insert(_about), {"format": FORMAT})
        except IntegrityError:
            pass  # it was just told by another process
        found = _format(engine)
    if found != FORMAT:
        raise JournalMismatch(engine.url.render_as_string(), found, FORMAT)


def _format(engine: Engine) -> int | None:
    with engine.connect() as connection:
        found: int | None = connection.execute(select(func.max(_about.c.format))).scalar_one()
    return found


def _told(error: Exception) -> str:
    """What went wrong, in a line without data: the rest may quote what was to be written."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    lines = str(cause).splitlines() or [""]
    return f"{type(cause).__name__}: {lines[0]}"
