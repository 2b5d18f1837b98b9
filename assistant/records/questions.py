"""What the journal says of many answers: which they are, how many, how long they took.

Counts read an index alone (`ix_answers_counted`): 10,000 answers are counted in a few milliseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from assistant.records.journal import answers, feedbacks

SHOWN = 50  # questions a page
_COUNTED = ("day", "outcome", "door", "subject", "seconds")
_ALL = answers.outerjoin(feedbacks, feedbacks.c.answer_id == answers.c.id)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which answers are wanted; what is empty leaves all. `since` and `until` are days."""

    since: str = ""
    until: str = ""
    outcome: str = ""
    door: str = ""
    subject: str = ""
    opinion: str = ""  # « utile » or « inutile »
    words: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered, as a list shows it."""

    id: str
    at: str
    question: str
    outcome: str
    door: str
    language: str
    subject: str
    seconds: float | None
    useful: bool | None
    reasons: str  # a JSON list; empty without an opinion


@dataclass(frozen=True, slots=True)
class Counts:
    """How many answers there are, by what they are. `seconds` in order: the time each took."""

    days: Mapping[str, Mapping[str, int]]  # a day, then an outcome
    outcomes: Mapping[str, int]
    doors: Mapping[str, int]
    subjects: Mapping[str, int]
    opinions: Mapping[bool, int]
    seconds: Sequence[float]

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    def within(self, share: float) -> float | None:
        """The seconds within which that share of answers came."""
        if not self.seconds:
            return None
        return self.seconds[min(int(share * len(self.seconds)), len(self.seconds) - 1)]


def counts(connection: Connection, wanted: Filter) -> Counts:
    """Count the answers wanted, in one reading of the index."""
    columns = (*(answers.c[name] for name in _COUNTED), feedbacks.c.useful)
    days: dict[str, Counter[str]] = {}
    outcomes, doors, subjects = Counter[str](), Counter[str](), Counter[str]()
    opinions, seconds = Counter[bool](), list[float]()
    found = connection.execute(_where(select(*columns).select_from(_ALL), wanted))
    for day, outcome, door, subject, took, useful in found:
        days.setdefault(day, Counter())[outcome] += 1
        outcomes[outcome] += 1
        doors[door] += 1
        subjects[subject] += 1
        if useful is not None:
            opinions[bool(useful)] += 1
        if took is not None:
            seconds.append(took)
    return Counts(days, outcomes, doors, subjects, opinions, sorted(seconds))


def total(connection: Connection, wanted: Filter) -> int:
    """How many answers are wanted."""
    found = _where(select(func.count(answers.c.id)), wanted)
    return int(connection.execute(found).scalar_one())


def listed(connection: Connection, wanted: Filter, page: int | None = None) -> Iterator[Asked]:
    """The answers wanted, newest first; a page of SHOWN, from 1, or all."""
    columns: list[ColumnElement[Any]] = [
        *(answers.c[name] for name in ("id", "at", "question", "outcome", "door", "language")),
        *(answers.c.subject, answers.c.seconds, feedbacks.c.useful),
        func.coalesce(feedbacks.c.reasons, ""),
    ]
    found = _where(select(*columns).select_from(_ALL), wanted)
    found = found.order_by(answers.c.at.desc(), answers.c.id)
    if page is not None:
        found = found.limit(SHOWN).offset((page - 1) * SHOWN)
    for row in connection.execute(found):
        yield Asked(*row)


def _where(found: Select[*tuple[Any, ...]], wanted: Filter) -> Select[*tuple[Any, ...]]:
    table = answers.c
    for column, value in (
        (table.outcome, wanted.outcome),
        (table.door, wanted.door),
        (table.subject, wanted.subject),
    ):
        if value:
            found = found.where(column == value)
    if wanted.since:
        found = found.where(table.day >= wanted.since)
    if wanted.until:
        found = found.where(table.day <= wanted.until)
    if wanted.words:
        found = found.where(table.question.icontains(wanted.words, autoescape=True))
    if wanted.opinion:
        useful = feedbacks.c.useful.is_(wanted.opinion == "utile")
        found = found.where(table.id.in_(select(feedbacks.c.answer_id).where(useful)))
    return found


def oldest(today: date, days: int) -> str:
    """The first day of which nothing has expired, where answers are kept for so many days."""
    return (today - timedelta(days=days - 1)).isoformat()
