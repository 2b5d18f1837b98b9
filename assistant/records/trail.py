"""The audit trail: who did what, and when. It is only added to; the database refuses the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Integer, String, Table, Text, insert, select

from assistant.records.store import Store, metadata, now, stamp

ASSISTANT = "assistant"  # the actor of what nobody asked for: a purge
RESIDENT = "habitant"  # that of what a resident asked for: which one is not known

_trail = Table(
    "trail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object", String(256), nullable=False, index=True),
    Column("detail", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing done: `actor` is a name of the guichet, or one of the two above."""

    at: str
    actor: str
    action: str
    object: str
    detail: str


def record(connection: Connection, actor: str, action: str, object: str, detail: str = "") -> None:
    """Add a line, kept or not with the rest of the transaction. Nothing in it is a resident's.

    action    in French, as the guichet shows it: « réponse validée »
    object    what it was done to, found again by `lines`: « réponse 12 », « compte marie »
    """
    connection.execute(
        insert(_trail),
        {"at": stamp(now()), "actor": actor, "action": action, "object": object, "detail": detail},
    )


def lines(store: Store, limit: int, object: str | None = None) -> Sequence[Line]:
    """The last lines, or those of one object, newest first. Raises JournalUnreachable."""
    wanted = select(_trail).order_by(_trail.c.id.desc()).limit(limit)
    if object is not None:
        wanted = wanted.where(_trail.c.object == object)
    with store.reading() as connection:
        found = connection.execute(wanted).all()
    return [Line(row.at, row.actor, row.action, row.object, row.detail) for row in found]
