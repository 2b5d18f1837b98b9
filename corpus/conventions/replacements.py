"""Documents that others replace: as the catalogue declares, or as an act says itself.

An act is a deliberation, an order or a decision known by its number. « La délibération n° 2019-14
est abrogée » replaces it for sure where one act of that number, of the same publisher, was read;
what is only recalled (« Vu la délibération n° … ») replaces nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.conventions.avenants import CHANGED, REPLACED
from corpus.days import MONTH, Day, month
from corpus.documents import FICHES, Document, Section
from corpus.structure import Amendment

PART = "document"  # of an Amendment: a document, or an act, whole

_KIND = r"(?P<kind>délibération|arrêté|décision)"
_NUMBER = r"n\s?[°ºo]\s?(?P<number>[A-Z]{0,6}[-_./]?\d[\w./-]*\w|\d)"
_ACT = rf"{_KIND}(?:\s+(?:du conseil \w+|municipale?|communautaire))?\s+{_NUMBER}"
_NAMED = re.compile(rf"\W*{_ACT}", re.IGNORECASE)
_SIGNED = re.compile(rf"\bdu (\d{{1,2}})(?:er)? ({MONTH}) (20\d\d)\b", re.IGNORECASE)
_ACTIVE = re.compile(
    rf"\b(?P<verb>abroge|annule et remplace|annule|remplace|rapporte|modifie|se substitue à)\s+"
    rf"(?:les dispositions de |en totalité |intégralement )?(?:la |l['’])?{_ACT}",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    rf"\b(?:la |l['’]){_ACT}[^.;:«»]{{0,120}}?\s(?:est|sont)\s+(?:ainsi |désormais )?"
    rf"(?P<verb>abrog|annul|remplac|rapport|modifi)é",
    re.IGNORECASE,
)
_RECALLS = re.compile(r"\s*(?:-\s*)?(?:vu|considérant|rappel)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-ZÀÂÉÈÊÎÔŒÇ«])|\n")


@dataclass(frozen=True, slots=True)
class _Act:
    """An act: its document, what it is called, its day, "" when unknown."""

    document: str
    publisher: str
    kind: str
    number: str
    date: str

    @property
    def name(self) -> str:
        """« la délibération n° 2025-08 », « l'arrêté n° 12 »."""
        article = "l'" if self.kind == "arrêté" else "la "
        return f"{article}{self.kind} n° {self.number}"


def link(documents: Sequence[Document]) -> list[Document]:
    """The documents, what replaces and what is replaced marked so."""
    found = list(documents)
    acts = {
        (act.publisher, act.kind, act.number.casefold()): act
        for document in documents
        if document.kind not in FICHES
        for section in document.sections
        if (act := _act_of(section, document)) is not None
    }
    places = {document.id: place for place, document in enumerate(documents)}
    for later in documents:
        earlier = places.get(later.replaces)
        if earlier is not None and later.replaces != later.id:
            change = Amendment(
                later.id, f"« {later.title} »", later.updated or later.published, REPLACED, PART
            )
            old = found[earlier]
            found[earlier] = _marked(old, change)
            found[places[later.id]] = _marking(found[places[later.id]], change, f"« {old.title} »")
    for later in documents:
        if later.kind in FICHES:
            continue
        for section in later.sections:
            own = _act_of(section, later)
            for effect, kind, number in _said(section.text):
                target = acts.get((later.publisher, kind, number.casefold()))
                if target is None or own is None or target == own:
                    continue
                change = Amendment(later.id, own.name, own.date, effect, PART)
                place, mine = places[target.document], places[later.id]
                found[place] = _marked(found[place], change, target)
                found[mine] = _marking(found[mine], change, target.name, own)
    return found


def _act_of(section: Section, document: Document) -> _Act | None:
    """The act that a section is of, by the nearest heading that names one, else by the title, else
    by how the document begins."""
    first = document.sections[0].text if document.sections else ""
    for text in (*reversed(section.headings), document.title, first):
        if named := _NAMED.match(text):
            signed = _SIGNED.search(text, named.end(), named.end() + 60)
            day = Day.of(int(signed[3]), month(signed[2]), int(signed[1])) if signed else None
            date = day.first.isoformat() if day else document.updated or document.published
            kind = named["kind"].lower()
            return _Act(document.id, document.publisher, kind, named["number"], date)
    return None


def _said(text: str) -> Iterator[tuple[str, str, str]]:
    """What a text says it does to acts: the effect, the kind of act and its number."""
    for sentence in _SENTENCE.split(text):
        if _RECALLS.match(sentence):
            continue
        for pattern in (_ACTIVE, _PASSIVE):
            for said in pattern.finditer(sentence):
                # « la délibération n° 3, qui remplace la délibération n° 2 »: another act did it.
                if pattern is _ACTIVE and re.search(_ACT, sentence[: said.start()], re.IGNORECASE):
                    continue
                effect = CHANGED if said["verb"].lower().startswith("modifi") else REPLACED
                yield effect, said["kind"].lower(), said["number"]


def _marked(document: Document, change: Amendment, act: _Act | None = None) -> Document:
    """The document, or the sections of one act of it, as superseded."""
    sections = tuple(
        replace(section, superseded=(*section.superseded, change))
        if act is None or _act_of(section, document) == act
        else section
        for section in document.sections
    )
    return replace(document, sections=sections)


def _marking(
    document: Document, change: Amendment, replaced: str, act: _Act | None = None
) -> Document:
    """The document, or the sections of one act of it, as what replaces another."""
    does = replace(change, part=f"{PART} {replaced}")
    sections = tuple(
        replace(section, amends=does)
        if section.amends is None and (act is None or _act_of(section, document) == act)
        else section
        for section in document.sections
    )
    return replace(document, sections=sections)
