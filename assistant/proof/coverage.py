"""Whether passages state what a sentence states: its figures, dates, references and names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from assistant.proof import paraphrases
from assistant.proof.claims import Claim, Kind
from assistant.proof.statements import Statement, Word
from index.french import analysis
from index.french.analysis import STOP_WORDS, fold

# What rounds a figure, just before it or just after.
_ABOUT = re.compile(
    r"\b(?:environ|près d[eu]|près d'|autour de|quelque|presque|approximativement|à peu près|"
    r"about|around|nearly)\W*(?:un |une |la )?$",
    re.IGNORECASE,
)
_ABOUT_AFTER = re.compile(r"[^.,;\d]{0,12}\benviron\b")
_OVER = re.compile(r"\bplus (?:de |d')(?:la )?$", re.IGNORECASE)
_UNDER = re.compile(r"\b(?:moins|près) (?:de |d')(?:la )?$", re.IGNORECASE)
_BARE = 10**6  # « 1,5 million de subventions » may be the euros of « 1 500 000 € »
# « fin 2020 » is in these months.
_SPANS = {
    "debut": frozenset({"m1", "m2", "m3", "trimestre1", "semestre1"}),
    "fin": frozenset({"m10", "m11", "m12", "trimestre4", "semestre2"}),
}
_NAME = r"[A-ZÀ-Þ][\w'-]*(?: (?:d'|de |du |des |la |le )?[A-ZÀ-Þ][\w'-]*)*"
_LIST = re.compile(rf"{_NAME}(?:(?:, | et | ou )(?:(?:la |le |les |l')?{_NAME}))+")
_PIECE = re.compile(r"[^\W_]+")
_LINK = re.compile(r" (?:de |d'|du |des |la |le )?")
_TOGETHER = 8.0  # words within which the passages must put the parts of a name


def unstated(sentence: Statement, evidence: Statement, acronyms: Mapping[str, str]) -> Claim | None:
    """The first claim of the sentence that the evidence does not state."""
    spelled = spelled_out(sentence, evidence)
    meant = frozenset(analysis.expansions([word.root for word in evidence.words], acronyms))
    for claim in sentence.claims:
        if claim.kind is Kind.NAME:
            (name,) = claim.parts
            if claim.start not in spelled and not _is_named(name, evidence, meant):
                return claim
        elif not _is_stated(claim, sentence, evidence):
            return claim
    return _scattered(sentence, evidence, spelled)


def says(claim: Claim, other: Claim, sentence: Statement) -> bool:
    """Whether `other`, of a passage, states `claim`, of the sentence."""
    if claim.value is not None and other.value is not None:
        return _units_agree(claim, other) and (
            claim.value == other.value or _is_rounding(claim, other, sentence)
        )
    if claim.value is None and other.value is None:
        if claim.kind is not other.kind:
            return False
        if claim.kind is Kind.LINK:
            return next(iter(other.parts)).startswith(next(iter(claim.parts)))
        return claim.parts <= other.parts
    # A year, or « l'article 3 », where the other text has a bare number.
    parts, figure = (claim, other) if claim.value is None else (other, claim)
    written = str(figure.value)
    return (
        figure.kind is Kind.NUMBER
        and figure.unit != "rang"
        and parts.parts in ({f"y{written}"}, {written})
    )


def spelled_out(sentence: Statement, evidence: Statement) -> frozenset[int]:
    """Where words of the sentence spell out an acronym of the evidence."""
    told, letters = _told(sentence), _initials(sentence)
    found: set[int] = set()
    for acronym in set(re.findall(r"\b[A-Z]{3,}\b", evidence.text)):
        at = letters.find(acronym.lower())
        while at >= 0:
            found |= {word.start for word in told[at : at + len(acronym)]}
            at = letters.find(acronym.lower(), at + 1)
    return frozenset(found)


def _is_stated(claim: Claim, sentence: Statement, evidence: Statement) -> bool:
    if any(says(claim, other, sentence) for other in evidence.claims):
        return True
    if claim.kind is Kind.DATE:
        return _is_dated(claim, evidence)
    if claim.unit == "rang":  # « première » often counts nothing
        second = claim.value == 2 and bool({"puis", "ensuite", "second"} & evidence.lemmas)
        return claim.value == 1 or second
    if claim.kind is Kind.NUMBER:
        return _is_counted(claim, sentence, evidence)
    most = claim.unit == "%" and claim.value == 50 and _OVER.search(sentence.text, 0, claim.start)
    return bool(most) and "majorite" in evidence.folded


def _units_agree(claim: Claim, other: Claim) -> bool:
    if claim.unit == other.unit:
        return True
    if "rang" in (claim.unit, other.unit):
        return False
    if claim.kind is other.kind is Kind.NUMBER:
        return True
    bare = other if other.kind is Kind.NUMBER else claim
    return bare.kind is Kind.NUMBER and (not bare.unit or (bare.value or 0) >= _BARE)


def _is_rounding(claim: Claim, other: Claim, sentence: Statement) -> bool:
    """« environ 43 km² » for 42,99; « plus de 400 » for 412; « près d'un tiers » for 31 %."""
    assert claim.value is not None and other.value is not None
    text, size, gap = sentence.text, abs(other.value), other.value - claim.value
    near = bool(_ABOUT.search(text, 0, claim.start) or _ABOUT_AFTER.match(text, claim.end))
    side = 0
    if _OVER.search(text, 0, claim.start):
        side = 1
    elif _UNDER.search(text, 0, claim.start):
        side = -1
    if claim.unit == "%" and text[claim.end - 1] != "%":  # a fraction in words
        return (near and abs(gap) <= 3) or 0 < side * gap <= 15
    if not size or _digits(claim.value) >= _digits(other.value):
        return False
    return (near and abs(gap) <= size / 20) or 0 < side * gap <= size / 10


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _is_dated(claim: Claim, evidence: Statement) -> bool:
    """« le 3 mars 2025 » where « le 3 mars » and 2025 stand apart; « fin 2020 » for a December."""
    years = frozenset(part for part in claim.parts if _is_year(part))
    rest = claim.parts - years
    if years and rest and any(years <= other.parts for other in evidence.claims):
        if any(
            rest <= other.parts and not any(map(_is_year, other.parts)) for other in evidence.claims
        ):
            return True
    return any(
        when in claim.parts and claim.parts - {when} <= other.parts and other.parts & months
        for when, months in _SPANS.items()
        for other in evidence.claims
    )


def _is_year(part: str) -> bool:
    return part[0] == "y" and part[1:].isdigit()


def _is_counted(claim: Claim, sentence: Statement, evidence: Statement) -> bool:
    """A small number that the sentence or the passages show by a list: « trois villes, A, B et C ».

    « les deux communes » passes when the passages speak of communes and count none.
    """
    if claim.value is None or not 2 <= claim.value <= 10:
        return False
    counted = [other for other in evidence.claims if other.kind is Kind.NUMBER]
    nouns = {analysis.stem(word) for word in evidence.folded}
    if claim.value <= 3 and claim.unit and claim.unit in nouns:
        if not any(other.unit == claim.unit for other in counted):
            return True
    if any(other.unit == "rang" and other.value == claim.value for other in counted):
        return True
    lists = _LIST.finditer(sentence.text, claim.end)
    return any(len(re.split(", | et | ou ", names[0])) == claim.value for names in lists)


def _is_named(name: str, evidence: Statement, meant: frozenset[str]) -> bool:
    initials = _initials(evidence)
    for piece in _PIECE.findall(name):
        actor = paraphrases.actors().get(fold(paraphrases.lemma(piece)), frozenset())
        known = (
            piece in STOP_WORDS
            or {piece, piece.rstrip("s"), piece + "s"} & evidence.folded
            or {piece, analysis.stem(piece)} & meant
            or actor & evidence.lemmas
            or (len(piece) >= 3 and piece in initials)
            or _is_of_a_place(piece, evidence)
        )
        if not known:
            return False
    return True


_PEOPLE = re.compile(r"(?:ois|ais|iens?|eens?|ains?|ines?|oises?|aises?|iennes?)$")


def _is_of_a_place(name: str, evidence: Statement) -> bool:
    """« Guichenais » where the passages name Guichen."""
    place = _PEOPLE.sub("", name)
    return (
        place != name
        and len(place) >= 5
        and any(word.startswith(place) for word in evidence.folded)
    )


def _scattered(sentence: Statement, evidence: Statement, spelled: frozenset[int]) -> Claim | None:
    """A name whose words the passages have, but never put together."""
    for one, two in zip(sentence.claims, sentence.claims[1:], strict=False):
        if one.kind is not Kind.NAME or two.kind is not Kind.NAME or one.start in spelled:
            continue
        if not _LINK.fullmatch(sentence.text, one.end, two.start):
            continue
        last, first = _PIECE.findall(min(one.parts))[-1], _PIECE.findall(min(two.parts))[0]
        lasts = [word.spot for word in evidence.words if word.folded == last]
        firsts = [word.spot for word in evidence.words if word.folded == first]
        if (
            lasts
            and firsts
            and not any(
                a.sentence == b.sentence and abs(a.place - b.place) <= _TOGETHER
                for a in lasts
                for b in firsts
            )
        ):
            return one
    return None


def _told(statement: Statement) -> list[Word]:
    return [w for w in statement.words if len(w.folded) > 1 and not paraphrases.is_stop(w.folded)]


def _initials(statement: Statement) -> str:
    return "".join(word.folded[0] for word in _told(statement))
