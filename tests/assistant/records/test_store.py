"""The database, from any version to this one, on SQLite and on PostgreSQL."""

from __future__ import annotations

import ast
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, NullPool, create_engine, inspect, text

from assistant.answers import Outcome
from assistant.errors import JournalMismatch, JournalUnreachable
from assistant.records import answers, journal, people, sessions, trail, vain
from assistant.records.store import REVISIONS, Store, metadata

# Every module that declares tables.
DECLARING = (answers, journal, people, sessions, trail, vain)
# What a journal of 0.1.0 held: five answers, two judged.
OLD = Path(__file__).parents[2] / "data" / "journal-0.1.0.sql"
FIRST = "349a381dd98b4006acc3c2c6e8a64864"


@pytest.fixture
def opened(database: str) -> Iterator[Store]:
    with closing(Store(database)) as store:
        yield store


def other(database: str) -> Engine:
    """Another program's way to the database."""
    return create_engine(database, poolclass=NullPool)


def run(database: str, *statements: str) -> list[Any]:
    """Run statements as another program would; what the last one gives."""
    with other(database).begin() as connection:
        for statement in statements:
            found = connection.execute(text(statement))
        return list(found) if found.returns_rows else []


def fill(database: str) -> None:
    """Make a database as 0.1.0 left it."""
    Path(database.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    old = sqlite3.connect(":memory:")
    old.executescript(OLD.read_text(encoding="utf-8"))
    made = [row[0] for row in old.execute("SELECT sql FROM sqlite_master WHERE sql > ''")]
    with other(database).begin() as connection:
        for statement in made:
            connection.execute(text(statement))
        for table in ("about", "answers", "feedback"):
            rows = old.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in rows.description]
            held = ", ".join(f":{name}" for name in names)
            for row in rows:
                values = dict(zip(names, row, strict=True))
                if "useful" in values:
                    values["useful"] = bool(values["useful"])
                connection.execute(text(f"INSERT INTO {table} VALUES ({held})"), values)
    old.close()


def test_a_new_database_has_the_tables_that_are_declared(opened: Store) -> None:
    with opened.writing() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert opened.carried


def test_the_modules_that_declare_tables_are_all_compared() -> None:
    room = Path(journal.__file__).parent
    declaring = {
        path.stem
        for path in room.glob("*.py")
        if any(
            isinstance(node, ast.Call) and ast.unparse(node.func) == "Table"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    }
    assert declaring == {module.__name__.rpartition(".")[2] for module in DECLARING}


def test_what_0_1_0_kept_is_carried_forward(opened: Store, database: str) -> None:
    fill(database)
    kept = journal.Journal(opened, 3650)
    found = kept.find(FIRST)
    assert found is not None
    assert (found.question, found.outcome) == (
        "C'est quoi Petites villes de demain ?",
        Outcome.ANSWERED,
    )
    assert kept.feedback(FIRST) == journal.Feedback(True)
    kept.close()
    with opened.writing() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert run(database, "SELECT count(*) FROM answers") == [(5,)]
    read = run(database, "SELECT day, subject, language, door FROM answers ORDER BY at, id")
    assert {row[0] for row in read} == {"2026-11-30"}
    assert ("2026-11-30", "faq-programme", "fr", "") in read
    asked = [row[0] for row in run(database, "SELECT question FROM answers ORDER BY at, id")]
    assert "C'est quoi Petites villes de demain ?" in asked and "Bonjour" in asked
    assert run(database, "SELECT count(*) FROM feedback") == [(2,)]


def test_processes_that_carry_it_at_once_carry_it_once(database: str) -> None:
    fill(database)
    together = threading.Barrier(4)
    stores = [Store(database) for _ in range(4)]
    broken: list[Exception] = []

    def work(store: Store) -> None:
        together.wait()
        try:
            with store.reading() as connection:
                connection.execute(text("SELECT id FROM users"))
        except Exception as error:
            broken.append(error)

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert (broken, [store.carried for store in stores].count(True)) == ([], 1)


def test_a_migration_that_fails_changes_nothing(opened: Store, database: str) -> None:
    fill(database)
    run(database, "CREATE TABLE sessions (autre INTEGER)")  # in the way of the second step
    before = set(inspect(other(database)).get_table_names())
    with pytest.raises(JournalUnreachable), opened.reading():
        pass
    assert set(inspect(other(database)).get_table_names()) == before
    assert run(database, "SELECT format FROM about") == [(1,)]
    run(database, "DROP TABLE sessions")
    with opened.reading():  # tried again
        assert opened.carried


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "est à la version 9999"),
        ("DROP TABLE alembic_version", "est d'un autre programme"),
    ],
)
def test_another_version_s_tables_are_left_alone(database: str, change: str, said: str) -> None:
    with closing(Store(database)) as store, store.reading():
        pass
    run(database, change)
    with (
        closing(Store(database)) as again,
        pytest.raises(JournalMismatch, match=said),
        again.reading(),
    ):
        pass


def test_each_migration_follows_the_one_before() -> None:
    assert REVISIONS == tuple(sorted(set(REVISIONS)))
    with closing(Store("sqlite://")) as store, store.reading() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    assert found == REVISIONS[-1]


def test_writes_are_kept_all_or_none(opened: Store) -> None:
    with pytest.raises(ZeroDivisionError), opened.writing() as connection:
        trail.record(connection, "marie", "essai", "rien")
        _ = 1 / 0
    assert trail.lines(opened, 9) == []


@pytest.mark.parametrize(
    "change",
    ["UPDATE trail SET actor = 'autre'", "DELETE FROM trail", "DELETE FROM trail WHERE id=1"],
)
def test_the_trail_is_only_added_to(opened: Store, database: str, change: str) -> None:
    with opened.writing() as connection:
        trail.record(connection, "marie", "réponse validée", "réponse 1", "première")
        trail.record(connection, "paul", "réponse retirée", "réponse 2")
    with pytest.raises(Exception, match="only added to"):
        run(database, change)
    assert [(line.actor, line.object) for line in trail.lines(opened, 9)] == [
        ("paul", "réponse 2"),
        ("marie", "réponse 1"),
    ]
    [line] = trail.lines(opened, 9, "réponse 1")
    assert (line.action, line.detail) == ("réponse validée", "première")


def test_a_damaged_file_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(b"pas une base de donnees" * 500)
    with closing(Store(f"sqlite:///{path}")) as store, caplog.at_level(logging.ERROR):
        kept = journal.Journal(store, 30)
        with pytest.raises(JournalUnreachable):
            kept.find("a1")
        kept.close()
    assert "answers go on without it: DatabaseError: file is not a database" in caplog.text
