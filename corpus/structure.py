"""What a signed convention is made of, and what its avenants change in it."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("convention", "avenant", "document")  # "document": whatever it looks like, neither


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an avenant does to a part: `effect` is « remplacé », « modifié », « complété »,
    « supprimé » or « ajouté ».

    `avenant` is its document's id, `title` how it is named (« avenant n° 1 »), `date` the ISO day
    of its signature, "" when unknown. `fields` limits a change to some fields of a fiche action.
    `others` are the parts named in the same breath (« les articles 5 et 6 sont supprimés »).
    `words` are those of the part that it changes, where it quotes them. `passages` are the ids of
    the passages that say it, known once the documents are cut.

    It is also what a document does to another whole (corpus.conventions.replacements): `avenant`
    and `title` are then the later one's, and `part` is « document », followed by how the earlier
    one is named.
    """

    avenant: str
    title: str
    date: str
    effect: str
    part: str
    fields: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled value, both in the document's own words; `section` is its place, from 0."""

    name: str
    label: str
    value: str
    section: int


@dataclass(frozen=True, slots=True)
class Part:
    """An article, a fiche action or an annexe: `kind`, `number` as its parts bring them."""

    kind: str
    number: str
    title: str
    page: int | None = None
    fields: tuple[Field, ...] = ()

    @property
    def key(self) -> str:
        """« article 5 », « fiche 3 », « annexe 2 »."""
        return f"{self.kind} {self.number}".strip()


@dataclass(frozen=True, slots=True)
class Signatory:
    """For whom it is signed, and by whom, "" when it does not say."""

    party: str
    person: str


@dataclass(frozen=True, slots=True)
class Convention:
    """A convention, or an avenant (`number` "1", "2"…; "" for a convention).

    `signed` is the ISO day of the signature, "" when none can be read. `duration` is in the
    document's words. `changes` are what an avenant does, in its order.
    """

    role: str
    number: str = ""
    parts: tuple[Part, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    signed: str = ""
    duration: str = ""
    changes: tuple[Amendment, ...] = ()

    def of(self, kind: str) -> tuple[Part, ...]:
        """Its parts of a kind, in order."""
        return tuple(part for part in self.parts if part.kind == kind)

    @property
    def name(self) -> str:
        """« convention », « avenant n° 1 »."""
        return f"{self.role} n° {self.number}" if self.number else self.role
