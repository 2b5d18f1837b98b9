from __future__ import annotations

import logging
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, event, text

from assistant.answers import Outcome
from assistant.assembly import Assistant, assemble, open_journal
from assistant.errors import JournalUnreachable, JournalUnusable
from assistant.records import trail
from assistant.records.journal import OBJECT, Feedback, Journal
from assistant.records.receipts import Receipt
from assistant.records.store import REVISIONS, Store, stamp
from assistant.settings import Settings

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
POOL = "Quand la piscine de Valbourg ouvre-t-elle au public, rue des Halles ?"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = START
        self.ticks = 0.0  # which a clock that is set does not move

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **what: float) -> None:
        self.at += timedelta(**what)
        self.ticks += timedelta(**what).total_seconds()


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Alone(Journal):
    """A journal whose database nothing else uses."""

    def close(self) -> None:
        super().close()
        self._store.close()


Opener = Callable[[], Journal]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where `database` is, when it is a file."""
    return tmp_path / "var" / "journal.sqlite3"


@pytest.fixture
def opens(database: str, clock: Clock) -> Iterator[Opener]:
    """Opens the journal of `database`, for 30 days."""
    opened: list[Journal] = []

    def again() -> Journal:
        opened.append(Alone(Store(database), 30, clock, lambda: clock.ticks))
        return opened[-1]

    yield again
    for journal in opened:
        journal.close()


def receipt(number: str = "a1", question: str = "Quand ?", at: datetime = START) -> Receipt:
    return Receipt(
        number, stamp(at), question, question, question, "fr", Outcome.NO_PASSAGE, "Rien.", (), (),
        "000001", {"support": 0.36},
    )  # fmt: skip


def written(journal: Journal, *receipts: Receipt) -> None:
    """Keep receipts, and wait until they are written."""
    for one in receipts:
        journal.keep(one)
    journal.note("", Feedback(True))  # behind them in the same queue


def rows(database: str, table: str) -> list[tuple[object, ...]]:
    """All that a table holds, as another program reads it."""
    with create_engine(database, poolclass=NullPool).connect() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]


on_a_file = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


# Kept and found


def test_what_is_kept_is_found(opens: Opener) -> None:
    journal = opens()
    written(journal, receipt("a1", "L'« été » à 12 000 € ?"), receipt("a2"))
    assert journal.find("a1") == receipt("a1", "L'« été » à 12 000 € ?")
    assert journal.find("inconnu") is None


def test_another_process_finds_what_is_kept(opens: Opener) -> None:
    written(opens(), receipt())
    assert opens().find("a1") == receipt()


def test_closing_writes_what_waits(database: str, clock: Clock) -> None:
    journal = Alone(Store(database), 30, clock)
    for number in range(50):
        journal.keep(receipt(f"a{number}"))
    journal.close()
    assert len(rows(database, "answers")) == 50


@on_a_file
def test_the_file_is_for_the_assistant_alone(opens: Opener, path: Path, database: str) -> None:
    written(opens(), receipt())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert rows(database, "alembic_version") == [(REVISIONS[-1],)]


def test_many_threads_keep_and_none_is_lost(opens: Opener, database: str) -> None:
    journal, other = opens(), opens()  # as two processes would

    def work(number: int) -> None:
        for turn in range(20):
            (journal if number % 2 else other).keep(receipt(f"{number}-{turn}"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    other.close()
    assert len(rows(database, "answers")) == 8 * 20


def test_two_processes_may_make_it_at_once(database: str, clock: Clock) -> None:
    opened: list[Journal] = []
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        opened.append(Alone(Store(database), 30, clock))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, journal in enumerate(opened):
        written(journal, receipt(f"a{number}"))
        journal.close()
    assert (len(rows(database, "answers")), rows(database, "alembic_version")) == (
        4,
        [(REVISIONS[-1],)],
    )


# Feedback


def test_feedback_is_kept_beside_its_answer_and_the_last_one_counts(opens: Opener) -> None:
    journal = opens()
    journal.keep(receipt())
    assert journal.note("a1", Feedback(True))
    assert journal.note("a1", Feedback(False, ("outdated", "unclear")))
    assert journal.feedback("a1") == Feedback(False, ("outdated", "unclear"))


def test_feedback_on_nothing_is_not_kept(opens: Opener, database: str) -> None:
    journal = opens()
    assert not journal.note("inconnu", Feedback(True))
    assert (journal.feedback("inconnu"), rows(database, "feedback")) == (None, [])


def test_what_is_deleted_leaves_nothing(opens: Opener, database: str) -> None:
    journal = opens()
    journal.keep(receipt())
    journal.note("a1", Feedback(True))
    assert journal.recall("a1") == receipt()
    assert (journal.remove("a1"), journal.remove("a1")) == (True, False)
    assert (journal.recall("a1"), rows(database, "answers"), rows(database, "feedback")) == (
        None,
        [],
        [],
    )


# Time


def test_what_has_expired_is_not_found_before_it_is_deleted(opens: Opener, clock: Clock) -> None:
    journal = opens()
    written(journal, receipt())
    clock.pass_by(days=30)
    assert journal.find("a1") is not None
    clock.pass_by(seconds=1)
    assert journal.find("a1") is None
    assert not journal.note("a1", Feedback(True))


def test_what_has_expired_is_deleted_when_something_is_written(
    opens: Opener, clock: Clock, database: str
) -> None:
    journal = opens()
    written(journal, receipt("vieux"))
    journal.note("vieux", Feedback(True))
    clock.pass_by(days=31)
    written(journal, receipt("neuf", at=clock.at))
    assert [row[0] for row in rows(database, "answers")] == ["neuf"]
    assert rows(database, "feedback") == []


@on_a_file
def test_what_has_expired_is_deleted_at_the_start(
    opens: Opener, clock: Clock, path: Path, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal = opens()
    written(journal, receipt(question="Où vit Zéphyrine ?"))
    journal.close()
    clock.pass_by(days=31)
    with caplog.at_level(logging.INFO):
        opens().close()
    assert rows(database, "answers") == []
    assert "1 receipts older than 30 days were deleted" in caplog.text
    assert "Zéphyrine".encode() not in b"".join(p.read_bytes() for p in path.parent.iterdir())


def test_a_clock_that_jumps_ahead_and_back_deletes_nothing(opens: Opener, clock: Clock) -> None:
    journal = opens()
    written(journal, receipt())
    clock.at += timedelta(days=365)
    written(journal, receipt("a2", at=clock.at))
    assert journal.find("a1") is None  # it has expired, by that clock
    clock.at -= timedelta(days=365)
    assert journal.find("a1") == receipt()


def test_a_purge_waits_for_its_hour(opens: Opener, clock: Clock, database: str) -> None:
    journal = opens()  # purges
    written(journal, receipt("vieux", at=START - timedelta(days=30)))
    clock.pass_by(minutes=59)
    written(journal, receipt("a2", at=clock.at))
    assert len(rows(database, "answers")) == 2
    clock.pass_by(minutes=1)
    written(journal, receipt("a3", at=clock.at))
    assert [row[0] for row in rows(database, "answers")] == ["a2", "a3"]


# What goes wrong


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("journal.sqlite3", "ArgumentError"),
        ("postgrs://hote/base", "NoSuchModuleError"),
        ("oracle+oracledb://qui:secret@hote/base", "oracledb"),
        ("sqlite+rien:///x", "NoSuchModuleError"),
    ],
)
def test_an_address_that_cannot_be_says_what_to_correct(url: str, reason: str) -> None:
    with pytest.raises(JournalUnusable) as told:
        Store(url)
    assert reason in str(told.value) and "ASSISTANT_JOURNAL" in str(told.value)
    assert "secret" not in str(told.value)


def test_what_cannot_be_written_is_logged_without_the_question(
    opens: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    journal = opens()
    with caplog.at_level(logging.DEBUG):
        written(journal, receipt("a1", "Où vit Zéphyrine ?"), receipt("a1", "Où vit Zéphyrine ?"))
        journal.find("a1")
    assert "receipt a1 was not kept: " in caplog.text and "unique constraint" in caplog.text.lower()
    assert "phyrine" not in caplog.text


def test_a_place_that_cannot_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "fichier").write_text("")
    journal = Journal(Store(f"sqlite:///{tmp_path / 'fichier' / 'journal.sqlite3'}"), 30)
    journal.keep(receipt())
    with pytest.raises(JournalUnreachable, match="Réessayez dans quelques minutes"):
        journal.note("a1", Feedback(True))
    with pytest.raises(JournalUnreachable):
        journal.find("a1")
    journal.close()
    assert "the journal cannot be opened, answers go on without it" in caplog.text


@on_a_file
def test_why_nothing_is_kept_is_said_once(
    path: Path, database: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    path.mkdir()  # in the way
    with caplog.at_level(logging.INFO):
        journal = Alone(Store(database), 30, clock)
        for number in range(5):
            journal.keep(receipt(f"a{number}"))
        with pytest.raises(JournalUnreachable):
            journal.note("a1", Feedback(True))
        path.rmdir()
        written(journal, receipt())
        journal.close()
    assert caplog.text.count("unable to open database file") == 1
    assert "the journal is written again; 6 writes were not kept" in caplog.text


@on_a_file
def test_a_journal_that_comes_back_is_written_again(
    path: Path, database: str, clock: Clock
) -> None:
    path.parent.mkdir()
    path.mkdir()  # in the way
    journal = Alone(Store(database), 30, clock)
    with pytest.raises(JournalUnreachable):
        journal.note("a1", Feedback(True))
    path.rmdir()
    written(journal, receipt())
    assert journal.find("a1") == receipt()
    journal.close()


@on_a_file
def test_a_database_that_is_removed_is_made_again(
    opens: Opener, path: Path, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal = opens()
    written(journal, receipt("a1"))
    for each in path.parent.iterdir():
        each.unlink()
    written(journal, receipt("a2"))
    assert (journal.find("a1"), journal.find("a2")) == (None, receipt("a2"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert caplog.text.count("was removed, or is another") == 1
    assert len(rows(database, "answers")) == 1


@on_a_file
def test_a_stuck_disk_neither_slows_nor_fills(
    opens: Opener, path: Path, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal = opens()
    held = sqlite3.connect(path, isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    try:
        for number in range(1005):  # none waits for the disk: 1,000 may be under way
            journal.keep(receipt(f"a{number}"))
    finally:
        held.execute("ROLLBACK")
        held.close()
    journal.close()
    assert "receipt a1000 was not kept: 1000 writes are waiting already" in caplog.text
    assert caplog.text.count("waiting already") == 1
    assert len(rows(database, "answers")) == 1000


@on_a_file
def test_what_waits_is_written_together_and_one_that_cannot_be_keeps_no_other(
    opens: Opener, path: Path, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal = opens()
    commits: list[object] = []
    event.listen(journal._store._engine, "commit", commits.append)
    with closing(sqlite3.connect(path, isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        for number in range(100):
            journal.keep(receipt(f"a{number}"))
        held.execute("ROLLBACK")
        written(journal)
        assert len(commits) <= 2  # the first, and those that came while it waited
        held.execute("BEGIN EXCLUSIVE")
        for name in ("b1", "b2", "b1", "b3"):
            journal.keep(receipt(name))
        held.execute("ROLLBACK")
    written(journal)
    assert len(rows(database, "answers")) == 103
    assert caplog.text.count("receipt b1 was not kept") == 1


def test_after_closing_nothing_is_kept_and_nothing_breaks(
    opens: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    journal = opens()
    journal.close()
    journal.keep(receipt())
    assert "receipt a1 was not kept: the journal is closed" in caplog.text


# In the assistant


@pytest.fixture
def own(assistant_settings: Settings, tmp_path: Path) -> Settings:
    """The town of assistant_settings, with a journal of the test's own."""
    return assistant_settings.model_copy(update={"journal": f"sqlite:///{tmp_path}/j.sqlite3"})


def test_nothing_is_kept_for_zero_days(own: Settings) -> None:
    assert open_journal(own.model_copy(update={"journal_days": 0}), Store(own.journal_url)) is None


def test_the_journal_stands_beside_the_index_unless_told(assistant_settings: Settings) -> None:
    assert assistant_settings.journal_url == f"sqlite:///{assistant_settings.var}/journal.sqlite3"


def test_an_assistant_keeps_answers_only_when_told_to(own: Settings) -> None:
    opened = assemble(own)
    assert opened.journal is None
    opened.close()


class Failing(Journal):
    """A journal that breaks at every receipt."""

    def keep(self, receipt: Receipt) -> None:
        raise RuntimeError(receipt.question)


def test_an_answer_goes_out_when_its_receipt_does_not(
    own: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    opened = assemble(own)
    opened.journal = Failing(Store(own.journal_url), 30)
    with caplog.at_level(logging.DEBUG):
        answer = opened.answer(POOL)
    opened.close()
    assert answer.outcome is Outcome.ANSWERED
    assert f"answer {answer.id} has no receipt: RuntimeError" in caplog.text
    assert POOL not in caplog.text


def test_the_receipt_is_kept_before_the_end_is_told(own: Settings) -> None:
    opened = assemble(own, recording=True)
    known: list[bool] = []

    def emit(name: str, data: object) -> None:
        if name == "done":
            assert isinstance(data, dict) and opened.journal is not None
            known.append(opened.journal.note(data["answer"].id, Feedback(True)))

    assert isinstance(opened, Assistant)
    opened.answer(POOL, (), emit)
    opened.close()
    assert known == [True]


# Proofs of what was deleted


def proofs(database: str) -> list[tuple[str, str, str]]:
    with closing(Store(database)) as store:
        return [(line.actor, line.action, line.detail) for line in trail.lines(store, 9, OBJECT)]


def test_a_purge_leaves_a_proof_line(opens: Opener, clock: Clock, database: str) -> None:
    journal = opens()
    written(journal, receipt("vieux"), receipt("ancien"))
    assert proofs(database) == []
    clock.pass_by(days=31)
    written(journal, receipt("neuf", at=clock.at))
    assert proofs(database) == [("assistant", "effacement", "2 réponses de plus de 30 jours")]


def test_a_deletion_by_reference_leaves_a_proof_line(opens: Opener, database: str) -> None:
    journal = opens()
    written(journal, receipt("a1"), receipt("a2"))
    assert journal.remove("a1") and journal.remove("a2", "marie") and not journal.remove("a3")
    assert proofs(database) == [
        ("marie", "effacement", "1 réponse, par sa référence"),
        ("habitant", "effacement", "1 réponse, par sa référence"),
    ]
