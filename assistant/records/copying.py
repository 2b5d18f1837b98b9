"""All that a database keeps, copied to another: SQLite or PostgreSQL, one of each too."""

from __future__ import annotations

from sqlalchemy import Connection, Integer, MetaData, Table, func, insert, select, text

from assistant.records.store import Store

_ROWS = 1000  # at once: 3.5 MB of receipts


def copy(source: Store, target: Store) -> None:
    """Copy every row, as they are at one moment, to a database that holds none.

    All of them, or none. Raises JournalUnreachable, JournalMismatch.
    """
    with source.reading() as read, target.writing() as written:
        if read.dialect.name == "postgresql":
            read.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        for table in _tables(read):
            for rows in read.execute(select(table)).mappings().partitions(_ROWS):
                written.execute(insert(table), [dict(row) for row in rows])
            if written.dialect.name == "postgresql":
                _count_on(written, table)


def is_empty(store: Store) -> bool:
    """Whether a database holds nothing at all. Raises JournalUnreachable, JournalMismatch."""
    with store.reading() as connection:
        return not any(
            connection.execute(select(table).limit(1)).first() for table in _tables(connection)
        )


def _tables(connection: Connection) -> list[Table]:
    """The tables that are there, each after those that it refers to."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _count_on(connection: Connection, table: Table) -> None:
    """Number the next row after those that were copied with their numbers."""
    for column in table.primary_key:
        if isinstance(column.type, Integer):
            last = select(func.max(column)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(
                select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None)))
            )
