"""What was asked in vain, read of the journal, and what the staff says of it.

A question is in vain when it was not answered, or when a resident said that its answer was of no
use. What is said of one is kept with its digest, never with its words.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Column, String, Table, delete, func, insert, or_, select

from assistant.answers import Outcome
from assistant.records import trail
from assistant.records.journal import answers, feedbacks
from assistant.records.store import Store, metadata, now, stamp
from index.french.analysis import words

ENDINGS = (
    Outcome.NO_PASSAGE,
    Outcome.NOT_PUBLISHED,
    Outcome.PARTIAL,
    Outcome.CLARIFY,
    Outcome.WITHHELD_UNSUPPORTED,
    Outcome.REFUSED_OFF_TOPIC,
    Outcome.REFUSED_PREMISE,
)
RECENT = timedelta(days=28)

_marks = Table(
    "gap_marks",
    metadata,
    Column("digest", String(32), primary_key=True),  # of a question: its words are not kept
    Column("mark", String(16), nullable=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
)


class Mark(StrEnum):
    """What the staff says of a group."""

    OFF_TOPIC = "off_topic"
    TO_WRITE = "to_write"
    DONE = "done"


@dataclass(slots=True)
class Asked:
    """A question in vain, each wording once: how often in the last four weeks, and before."""

    text: str
    digest: str
    recent: int = 0
    earlier: int = 0
    days: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    useless: int = 0  # how often its answer was said to be of no use

    @property
    def count(self) -> int:
        return self.recent + self.earlier


def digest(question: str) -> str:
    """Of what is said, however it is typed."""
    return hashlib.blake2b(" ".join(words(question)).encode(), digest_size=16).hexdigest()


def read(store: Store, since: str, today: date) -> list[Asked]:
    """The questions in vain of the journal since a day, the most asked first."""
    border = (today - RECENT).isoformat()
    bad = feedbacks.c.useful.is_(False)
    wanted = (
        select(
            answers.c.question,
            answers.c.outcome,
            answers.c.day,
            func.count().label("asked"),
            func.count(feedbacks.c.answer_id).filter(bad).label("useless"),
        )
        .select_from(answers.outerjoin(feedbacks, feedbacks.c.answer_id == answers.c.id))
        .where(
            answers.c.day >= since,
            answers.c.question != "",
            or_(answers.c.outcome.in_([ending.value for ending in ENDINGS]), bad),
        )
        .group_by(answers.c.question, answers.c.outcome, answers.c.day)
        .order_by(answers.c.question)
    )
    found: dict[str, Asked] = {}
    keys: dict[str, str] = {}
    with store.reading() as connection:
        for row in connection.execute(wanted):
            key = keys.get(row.question) or keys.setdefault(row.question, digest(row.question))
            one = found.setdefault(key, Asked(row.question, key))
            one.days[row.day] += row.asked
            if row.day > border:
                one.recent += row.asked
            else:
                one.earlier += row.asked
            one.outcomes[row.outcome] += row.asked
            one.useless += row.useless
    return sorted(found.values(), key=lambda one: (-one.count, one.text))


def heads(store: Store) -> tuple[object, ...]:
    """What changes whenever the journal does."""
    with store.reading() as connection:
        asked = connection.execute(select(func.count(), func.max(answers.c.at))).one()
        judged = connection.execute(
            select(func.count(), func.max(feedbacks.c.at)).select_from(feedbacks)
        ).one()
    return (*asked, *judged)


def marks(store: Store) -> dict[str, Mark]:
    """What was said of each question, by its digest."""
    with store.reading() as connection:
        rows = connection.execute(select(_marks.c.digest, _marks.c.mark)).all()
    return {row.digest: Mark(row.mark) for row in rows}


def mark(store: Store, key: str, digests: Sequence[str], said: Mark | None, actor: str) -> None:
    """Say something of the questions of a group, or nothing more.

    key    what the trail calls the group
    """
    at = stamp(now())
    with store.writing() as connection:
        for some in _few(digests):
            connection.execute(delete(_marks).where(_marks.c.digest.in_(some)))
        if said is not None:
            values = [
                {"digest": each, "mark": said.value, "at": at, "actor": actor} for each in digests
            ]
            connection.execute(insert(_marks), values)
        done = f"marquées « {SAID[said]} »" if said else "sans marque"
        trail.record(connection, actor, f"questions {done}", f"groupe {key}", str(len(digests)))


SAID = {Mark.OFF_TOPIC: "hors sujet", Mark.TO_WRITE: "à documenter", Mark.DONE: "traité"}


def _few(digests: Sequence[str], size: int = 500) -> Iterable[Sequence[str]]:
    return (digests[start : start + size] for start in range(0, len(digests), size))
