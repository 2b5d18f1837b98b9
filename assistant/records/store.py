"""The database of what is kept: opened here, its tables declared here and carried forward.

SQLite, or PostgreSQL by its address (SQLAlchemy); `schema=` in its query is that of a town, among
others of the same database, and is made with the tables. A module declares its tables on
`metadata`; a migration of `migrations/versions` makes or changes them (Alembic), in a database of
any version.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, NullPool, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.schema import CreateSchema

from assistant.errors import JournalMismatch, JournalUnreachable, JournalUnusable

metadata = MetaData()

_MIGRATIONS = Path(__file__).with_name("migrations")
# A file is named « r », its revision (« 0001 ») and what it does: known without loading Alembic,
# which takes 0.14 s.
REVISIONS = tuple(sorted(path.stem[1:5] for path in (_MIGRATIONS / "versions").glob("r????_*.py")))
_PATIENCE = {"connect_timeout": "5", "tcp_user_timeout": "10000"}  # s, ms: libpq waits for hours
_LOCK = 0x9C1C8E7  # PostgreSQL's advisory lock of a migration: any number, the same everywhere

log = logging.getLogger(__name__)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """A time as it is kept: to the second; the order of these texts is that of time."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def is_there(url: str) -> bool:
    """Whether a database may hold something: one that is no file, or a file that was made."""
    try:
        path = file(url)
    except JournalUnusable:
        return False
    return path is None or path.is_file()


def file(url: str) -> Path | None:
    """The file of a SQLite database; None for that of a server. Raises JournalUnusable."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise JournalUnusable(told(error)) from error
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


class Store:
    """A database, reached when it is first needed, its tables made or carried forward then."""

    def __init__(self, url: str) -> None:
        """Raises JournalUnusable when the address or its driver is wrong."""
        try:
            parsed, self._schema = _within(_bounded(make_url(url)))
            # Questions stand in the parameters: they are never logged, whatever the level. Of
            # hundreds of towns, none holds a connection between two of its writes.
            pool: dict[str, Any] = (
                {"poolclass": NullPool} if self._schema else {"pool_pre_ping": True}
            )
            self._engine = create_engine(parsed, hide_parameters=True, **pool)
        except (ArgumentError, ImportError, SQLAlchemyError, ValueError) as error:
            raise JournalUnusable(told(error)) from error
        logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)  # its rows hold questions
        self._file: Path | None = None
        if parsed.get_backend_name() == "sqlite":
            self._file = _own(parsed)
            event.listen(self._engine, "connect", _sqlite)
            event.listen(self._engine, "begin", _begin)
        self._writing = self._engine.execution_options(writing=True)
        self._ready = False
        self._inode: tuple[int, int] | None = None  # of the file that is open
        self.carried = False  # whether this one changed the tables
        self._one = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that reads. Raises JournalUnreachable, JournalMismatch."""
        with _reached():
            self._prepare()
            with self._engine.connect() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose writes are all kept at the end, or none; on SQLite, the only writer.

        Raises JournalUnreachable, JournalMismatch.
        """
        with _reached():
            self._prepare()
            with self._writing.begin() as connection:
                yield connection

    def _prepare(self) -> None:
        """Carry the tables to this version, once, in a transaction of one process at a time.

        A file that was removed, or is another now, is let go of: what is written to it is lost.

        Raises SQLAlchemyError, and JournalMismatch when a newer version, or another program, made
        the tables.
        """
        with self._one:
            if self._ready and self._inode != _inode(self._file):
                log.error("%s was removed, or is another: it is opened again", self._file)
                self._engine.dispose()
                _own(self._engine.url)
                self._ready = False
            if self._ready:
                return
            with self._engine.connect() as connection:
                found = _stamped(connection)
            if found != REVISIONS[-1]:
                with self._writing.begin() as connection:
                    if connection.dialect.name == "postgresql":
                        connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": _LOCK})
                    if self._schema:
                        connection.execute(CreateSchema(self._schema, if_not_exists=True))
                    self._carry(connection)
            self._inode, self._ready = _inode(self._file), True

    def revision(self) -> str | None:
        """The last migration that was made; None before the first. Changes nothing.

        Raises JournalUnreachable, JournalMismatch.
        """
        with _reached(), self._engine.connect() as connection:
            return self._revision(connection)

    def is_blank(self) -> bool:
        """Whether nobody has made its tables. Changes nothing. Raises JournalUnreachable."""
        with _reached(), self._engine.connect() as connection:
            return not {"about", *metadata.tables} & set(inspect(connection).get_table_names())

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _carry(self, connection: Connection) -> None:
        logging.getLogger("alembic").setLevel(logging.WARNING)  # loading it tells its plugins
        from alembic import command
        from alembic.config import Config

        before = self._revision(connection)
        if before == REVISIONS[-1]:
            return  # another process has just done it
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        self.carried = True
        log.info("the database went from %s to %s", before or "nothing", REVISIONS[-1])

    def _revision(self, connection: Connection) -> str | None:
        """Where the tables are; None: not made, or as 0.1.0 made them. Raises JournalMismatch."""
        found, tables = _stamped(connection), set(inspect(connection).get_table_names())
        if found is None and "about" in tables:  # what 0.1.0 wrote
            form = connection.execute(text("SELECT max(format) FROM about")).scalar()
            found = None if form in (None, 1) else f"format {form}"
        elif found is None and tables & set(metadata.tables):
            found = ""
        if found is not None and found not in REVISIONS:
            raise JournalMismatch(self._engine.url.render_as_string(), found, REVISIONS[-1])
        return found


def _stamped(connection: Connection) -> str | None:
    """The last migration that was made; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise JournalUnreachable(told(error)) from error


def _bounded(url: URL) -> URL:
    """The address, with how long a PostgreSQL may say nothing, unless it tells: not for ever."""
    if url.drivername not in ("postgresql+psycopg", "postgresql+psycopg2"):
        return url
    return url.update_query_dict({**_PATIENCE, **url.query})


def _within(url: URL) -> tuple[URL, str]:
    """The address of a PostgreSQL, whose tables are all in the schema that it names, and which."""
    schema = url.query.get("schema", "")
    if not isinstance(schema, str) or not url.drivername.startswith("postgresql") or not schema:
        return url, ""
    options = url.query.get("options", "")
    path = f"{options} -csearch_path={schema}".strip()
    return url.difference_update_query(["schema"]).update_query_dict({"options": path}), schema


def _own(url: URL) -> Path | None:
    """Make the file readable by the assistant alone, before anything is in it; None: no file."""
    if not url.database or url.database == ":memory:" or url.query:
        return None
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        log.error("%s: %s", path, error.strerror)
    return path


def _inode(path: Path | None) -> tuple[int, int] | None:
    """Which file stands there; None when none does."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return found and (found.st_dev, found.st_ino)


def _sqlite(connection: Any, _: Any) -> None:
    """Readers beside the writer (WAL), no wait for the disk, deleted questions overwritten."""
    connection.isolation_level = None  # transactions begin where SQLAlchemy says (_begin)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=5000",
        "secure_delete=ON",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def told(error: Exception) -> str:
    """What went wrong, in a line without data: the rest may quote what was to be written."""
    cause: BaseException = error
    if isinstance(error, JournalUnreachable) and error.__cause__:
        cause = error.__cause__
    if isinstance(cause, DBAPIError) and cause.orig:
        cause = cause.orig
    lines = str(cause).splitlines() or [""]
    return f"{type(cause).__name__}: {lines[0]}"
