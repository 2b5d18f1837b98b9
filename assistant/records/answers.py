"""Validated answers as they are kept: every change is a new version, and nothing is deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
)

from assistant.errors import InputError
from assistant.records import trail
from assistant.records.standing import Proof, fallen, quotes
from assistant.records.store import Store, metadata, now, stamp
from index.french.analysis import words
from index.generation import Generation

LONGEST, MOST = 1200, 30  # characters of an answer, which is short; wordings of one
_WORDING = 300  # characters

_answers = Table(
    "validated",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("created", String(32), nullable=False),
)
_versions = Table(
    "validated_versions",
    metadata,
    Column("serial", Integer, primary_key=True),
    Column("answer_id", Integer, ForeignKey("validated.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("why", Text, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("answer_id", "number", name="uq_validated_versions_number"),
)
# The serial of the last version of each.
_LAST = select(func.max(_versions.c.serial)).group_by(_versions.c.answer_id)


class State(StrEnum):
    """Where an answer is in its life; only a validated one is served."""

    DRAFT = "draft"
    VALIDATED = "validated"
    REVIEW = "review"  # what it cites changed, or its day is past
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Content:
    """What is written: the questions it answers, its words, what proves them, whose it is.

    `expires` is the ISO day after which it is to be read again.
    """

    wordings: tuple[str, ...]
    text: str
    proofs: tuple[Proof, ...]
    owner: str
    expires: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version: the state that `actor` gave it, and `why` where it is not plain.

    `author` wrote these very words, whoever approved them since.
    """

    id: int
    number: int
    at: str
    actor: str
    state: State
    content: Content
    author: str
    why: str = ""


class Answers:
    """The validated answers of a store. Each act is a version, and a line of the trail."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = now) -> None:
        self._store = store
        self._clock = clock

    def today(self) -> date:
        """The day, by this one's clock."""
        return self._clock().date()

    def serial(self) -> int:
        """A number that grows with each version of any answer."""
        with self._store.reading() as connection:
            found: int | None = connection.execute(select(func.max(_versions.c.serial))).scalar()
        return found or 0

    def all(self) -> Sequence[Version]:
        """The last version of each, the newest change first."""
        wanted = select(_versions).where(_versions.c.serial.in_(_LAST))
        return self._found(wanted.order_by(_versions.c.serial.desc()))

    def versions(self, id: int) -> Sequence[Version]:
        """All the versions of one, the last first. Raises InputError when there is none."""
        wanted = select(_versions).where(_versions.c.answer_id == id)
        found = self._found(wanted.order_by(_versions.c.number.desc()))
        if not found:
            raise InputError(f"Il n'y a pas de réponse n° {id}.")
        return found

    def _found(self, wanted: Select[Any]) -> list[Version]:
        with self._store.reading() as connection:
            return [_version(row) for row in connection.execute(wanted)]

    def draft(self, content: Content, actor: str) -> Version:
        """A new answer, not served yet. Raises InputError."""
        content = _tidy(content)
        at = stamp(self._clock())
        with self._store.writing() as connection:
            made = connection.execute(insert(_answers), {"created": at}).inserted_primary_key
            assert made is not None
            first = Version(made[0], 1, at, actor, State.DRAFT, content, actor)
            return self._add(connection, first, "réponse rédigée")

    def revise(self, id: int, number: int, content: Content, actor: str) -> Version:
        """Other words: a draft, no longer served until it is validated again. Raises InputError.

        number    the version that was read: another change since then is not written over
        """
        content = _tidy(content)
        with self._store.writing() as connection:
            last = self._last(connection, id, number)
            if content == last.content and last.state is State.DRAFT:
                return last
            changed = self._next(last, actor, State.DRAFT)
            changed = replace(changed, content=content, author=actor)
            return self._add(connection, changed, "réponse modifiée")

    def validate(
        self, id: int, number: int, actor: str, generation: Generation, *, second: bool
    ) -> Version:
        """Put an answer in service, its proofs read again in the live generation.

        Raises InputError where it is not whole, where what it cites does not stand, and, with
        `second`, for its author: somebody else approves.
        """
        with self._store.writing() as connection:
            last = self._last(connection, id, number)
            if last.state is State.RETIRED:
                raise InputError("Cette réponse est retirée : modifiez-la pour la reprendre.")
            if second and last.author == actor:
                raise InputError(
                    "Une seconde personne doit approuver cette réponse : vous en avez écrit les "
                    "mots."
                )
            content = self._whole(last.content, generation)
            self._alone(connection, id, content)
            approved = replace(self._next(last, actor, State.VALIDATED), content=content)
            return self._add(connection, approved, "réponse validée")

    def set_aside(self, version: Version, why: str, actor: str) -> bool:
        """Mark a version « à revoir »; False when it is no longer the last one, nor in service."""
        with self._store.writing() as connection:
            last = self._last(connection, version.id)
            if last.number != version.number or last.state is not State.VALIDATED:
                return False
            self._add(connection, self._next(last, actor, State.REVIEW, why), "réponse à revoir")
        return True

    def retire(self, id: int, number: int, actor: str, why: str) -> Version:
        """Take an answer out of service for good; it stays readable. Raises InputError."""
        with self._store.writing() as connection:
            last = self._last(connection, id, number)
            if last.state is State.RETIRED:
                return last
            return self._add(
                connection, self._next(last, actor, State.RETIRED, why), "réponse retirée"
            )

    def sweep(self, generation: Generation, today: date) -> list[Version]:
        """Mark « à revoir » what no longer stands; those that this call marked, and why."""
        found = []
        for version in self.all():
            if version.state is State.VALIDATED:
                why = fallen(version.content.proofs, version.content.expires, generation, today)
                if why and self.set_aside(version, why, trail.ASSISTANT):
                    found.append(replace(version, why=why))
        return found

    def _next(self, last: Version, actor: str, state: State, why: str = "") -> Version:
        at = stamp(self._clock())
        return replace(last, number=last.number + 1, at=at, actor=actor, state=state, why=why)

    def _last(self, connection: Connection, id: int, number: int | None = None) -> Version:
        wanted = select(_versions).where(_versions.c.answer_id == id)
        row = connection.execute(
            wanted.order_by(_versions.c.number.desc()).limit(1).with_for_update()
        ).one_or_none()
        if row is None:
            raise InputError(f"Il n'y a pas de réponse n° {id}.")
        if number is not None and row.number != number:
            raise InputError(
                "Cette réponse a été changée entre-temps : rouvrez-la, puis recommencez."
            )
        return _version(row)

    def _add(self, connection: Connection, version: Version, action: str) -> Version:
        kept = {"content": asdict(version.content), "author": version.author}
        connection.execute(
            insert(_versions),
            {
                "answer_id": version.id,
                "number": version.number,
                "at": version.at,
                "actor": version.actor,
                "state": version.state.value,
                "why": version.why,
                "content": json.dumps(kept, ensure_ascii=False),
            },
        )
        said = f"version {version.number}"
        trail.record(connection, version.actor, action, f"réponse {version.id}", said)
        return version

    def _whole(self, content: Content, generation: Generation) -> Content:
        """What may be served, each proof where its words stand today. Raises InputError."""
        for missing, wanted in (
            (not content.wordings, "une question au moins"),
            (not content.text, "la réponse"),
            (not content.proofs, "un passage cité au moins"),
            (not content.owner, "le service qui en répond"),
            (not content.expires, "une date de fin"),
        ):
            if missing:
                raise InputError(f"Il manque {wanted} : complétez la réponse, puis validez-la.")
        why = fallen(content.proofs, content.expires, generation, self.today())
        if why:
            raise InputError(f"Cette réponse ne peut pas être validée : {why}")
        today = [
            Proof(quote.passage.id, quote.passage.digest, quote.start, quote.text)
            for quote in quotes(content.proofs, generation)
        ]
        return replace(content, proofs=tuple(today))

    def _alone(self, connection: Connection, id: int, content: Content) -> None:
        """Raises InputError where another answer in service has one of these wordings."""
        mine = {tuple(words(wording)): wording for wording in content.wordings}
        served = select(_versions).where(
            _versions.c.serial.in_(_LAST),
            _versions.c.state == State.VALIDATED.value,
            _versions.c.answer_id != id,
        )
        for other in map(_version, connection.execute(served)):
            for wording in other.content.wordings:
                if tuple(words(wording)) in mine:
                    raise InputError(
                        f"La réponse n° {other.id} répond déjà à « {wording} » : retirez cette "
                        "question de l'une des deux."
                    )


_content = TypeAdapter(Content)


def _version(row: Row[Any]) -> Version:
    kept = json.loads(row.content)
    content = _content.validate_python(kept["content"])
    return Version(
        row.answer_id,
        row.number,
        row.at,
        row.actor,
        State(row.state),
        content,
        kept["author"],
        row.why,
    )


def _tidy(content: Content) -> Content:
    """As it is kept: each question once, no empty line. Raises InputError."""
    wordings = [" ".join(wording.split()) for wording in content.wordings]
    kept = {tuple(words(wording)): wording for wording in reversed(wordings) if words(wording)}
    text = "\n".join(filter(None, (" ".join(line.split()) for line in content.text.splitlines())))
    if len(text) > LONGEST:
        raise InputError(f"La réponse dépasse {LONGEST} caractères : raccourcissez-la.")
    if len(kept) > MOST or any(len(wording) > _WORDING for wording in kept.values()):
        raise InputError(f"{MOST} questions au plus, de {_WORDING} caractères chacune.")
    if content.expires:
        try:
            date.fromisoformat(content.expires)
        except ValueError as error:
            raise InputError("La date de fin n'est pas une date : AAAA-MM-JJ.") from error
    owner = " ".join(content.owner.split())
    return replace(content, wordings=tuple(reversed(kept.values())), text=text, owner=owner)
