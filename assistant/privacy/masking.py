"""Personal data in a question: found, and masked before anything else reads the question.

Shapes find it, and a check digit confirms where there is one; names are found by what announces
them. No library does it: Presidio knows no French kind, python-stdnum is LGPL, and the checks are
one line each. Where privacy and search pull apart, what only looks personal is masked too: no
answer in these documents hangs on a phone number.

A text is read twice: its shadow, where « zéro six » is 06, then what is left as it was typed.

A mask says what stood there, « [téléphone masqué] », and the search reads none of its words
(index.french.analysis.fold).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from assistant.privacy import identifiers, people, streets
from assistant.privacy.identifiers import Finder
from assistant.privacy.shadow import Shadow, shadow
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
    FILE = "[numéro personnel masqué]"
    NAME = "[nom masqué]"


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
    public = _Public(published)
    cast = shadow(text)
    first = _masked(cast, text, public)
    if cast.text == text:
        return first
    second = _masked(Shadow(first.text), first.text, public)
    return Masked(second.text, tuple(dict.fromkeys(first.kinds + second.kinds)))


def _masked(cast: Shadow, typed: str, public: _Public) -> Masked:
    """A text without what stands in its shadow; what one finder found, the next do not see."""
    masks: list[tuple[int, int, Kind]] = []
    for kind, find in _FINDERS:
        found = [
            (start, end)
            for start, end in find(cast.text)
            if kind not in _PUBLIC or not public.says(kind, cast.text, start, end)
        ]
        masks += ((*cast.place(start, end), kind) for start, end in found)
        cast.rewrite((start, end, kind) for start, end in found)
    pieces, position = [], 0
    for start, end, kind in sorted(masks):
        if start >= position:
            pieces += [typed[position:start], kind]
        position = max(position, end)
    return Masked("".join((*pieces, typed[position:])), tuple(kind for *_, kind in masks))


# A town hall publishes these, and nobody publishes a resident's NIR, IBAN, card or plate.
_PUBLIC = (Kind.EMAIL, Kind.PHONE, Kind.ADDRESS, Kind.NAME)


class _Public:
    """What is published, read when it is first asked for."""

    def __init__(self, published: Callable[[], Iterable[Verbatim]]) -> None:
        self._published = published

    @cached_property
    def _texts(self) -> tuple[Verbatim, ...]:
        return tuple(self._published())

    def says(self, kind: Kind, text: str, start: int, end: int) -> bool:
        """Whether a text says this value, whatever its spaces, accents and capitals."""
        value = text[start:end]
        match kind:
            case Kind.PHONE:
                return any(said.number(value) for said in self._texts)
            case Kind.NAME:
                return any(people.is_said(value, said) for said in self._texts)
            case Kind.ADDRESS:
                value = streets.street(value)
        return any(said.words(value) for said in self._texts)


# In this order: what has a check digit first, so that no phone is found inside an IBAN.
_FINDERS: tuple[tuple[Kind, Finder], ...] = (
    (Kind.EMAIL, identifiers.emails),
    (Kind.IBAN, identifiers.IBAN),
    (Kind.IBAN, identifiers.RIB),
    (Kind.NIR, identifiers.NIR),
    *((Kind.CARD, find) for find in identifiers.CARDS),
    *((Kind.FILE, find) for find in identifiers.FILES),
    *((Kind.PHONE, find) for find in identifiers.PHONES),
    *((Kind.PLATE, find) for find in identifiers.PLATES),
    *((Kind.BIRTH, find) for find in identifiers.BIRTHS),
    (Kind.ADDRESS, streets.find),
    (Kind.NAME, people.find),
)
