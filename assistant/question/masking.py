"""Personal data in a question: found, and masked before anything else reads the question.

Shapes find it, and a check digit confirms where there is one. No library does it: Presidio knows no
French kind, python-stdnum is LGPL, and the three checks are one line each. Where privacy and search
pull apart, what only looks personal is masked too: no answer in these documents hangs on a phone
number.

A mask says what stood there, « [téléphone masqué] », and the search reads none of its words
(index.french.analysis.fold).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.question import identifiers, streets
from assistant.question.identifiers import Finder
from index.french.verbatim import Verbatim


class Kind(StrEnum):
    """What is masked, and the mask that stands for it."""

    EMAIL = "[courriel masqué]"
    IBAN = "[IBAN masqué]"
    NIR = "[numéro de sécurité sociale masqué]"
    CARD = "[carte bancaire masquée]"
    PHONE = "[téléphone masqué]"
    PLATE = "[plaque masquée]"
    ADDRESS = "[adresse masquée]"
    BIRTH = "[date de naissance masquée]"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without its personal data, and the kinds that it held, each once."""

    text: str
    kinds: tuple[Kind, ...]


def nothing() -> Iterable[Verbatim]:
    """Nothing is published."""
    return ()


def mask(text: str, published: Callable[[], Iterable[Verbatim]] = nothing) -> Masked:
    """Mask the personal data of a text, in a time that grows as the text does.

    A phone, an e-mail or an address that a text of `published` says is public, and stays: « le
    02 99 … c'est la mairie ? » must be answered. These texts are read only when there is one.
    """
    kinds = []
    public: tuple[Verbatim, ...] | None = None
    for kind, find in _FINDERS:
        pieces, position = [], 0
        for start, end in find(text):
            if kind in _PUBLIC:
                public = tuple(published()) if public is None else public
                if _is_published(kind, text[start:end], public):
                    continue
            pieces += [text[position:start], kind]
            position = end
            kinds.append(kind)
        text = "".join((*pieces, text[position:]))
    return Masked(text, tuple(dict.fromkeys(kinds)))


# A town hall publishes these, and nobody publishes a resident's NIR, IBAN, card or plate.
_PUBLIC = (Kind.EMAIL, Kind.PHONE, Kind.ADDRESS)


def _is_published(kind: Kind, value: str, published: Iterable[Verbatim]) -> bool:
    """Whether a text says this value, whatever its spaces, accents and capitals."""
    if kind is Kind.PHONE:
        return any(said.number(value) for said in published)
    sought = streets.street(value) if kind is Kind.ADDRESS else value
    return any(said.words(sought) for said in published)


# In this order: what has a check digit first, so that no phone is found inside an IBAN.
_FINDERS: tuple[tuple[Kind, Finder], ...] = (
    (Kind.EMAIL, identifiers.emails),
    (Kind.IBAN, identifiers.IBAN),
    (Kind.NIR, identifiers.NIR),
    *((Kind.CARD, find) for find in identifiers.CARDS),
    *((Kind.PHONE, find) for find in identifiers.PHONES),
    *((Kind.PLATE, find) for find in identifiers.PLATES),
    *((Kind.BIRTH, find) for find in identifiers.BIRTHS),
    (Kind.ADDRESS, streets.find),
)
