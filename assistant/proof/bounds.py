"""How figures are bounded, counted and ordered: « au moins », « par an », « de 5 à 8 »."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from assistant.proof.claims import Claim
from assistant.proof.coverage import says
from assistant.proof.statements import Statement

_RATES = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"par an|annuel\w*|chaque année|tous les ans|l'an|per year|a year|yearly",
        r"par mois|mensuel\w*|chaque mois|tous les mois|du mois",
        r"par jour|quotidien\w*|journali\w+|chaque jour|tous les jours",
        r"par semaine|hebdomadaire\w*|chaque semaine|toutes les semaines",
        r"par trimestre|trimestriel\w*|chaque trimestre",
    )
)


def rate(sentence: Statement, evidence: Statement) -> bool:
    """« par mois » where the passages count otherwise."""
    return any(rate.search(sentence.text) and not rate.search(evidence.text) for rate in _RATES)


_TO = re.compile(r"[^\d,.;]{0,20}\bà ")


def order(sentence: Statement, evidence: Statement) -> bool:
    """« de 8 à 5 ans » where the passages say « de 5 à 8 »."""
    theirs = set(_ranges(evidence))
    return any(
        (last, first) in theirs and (first, last) not in theirs for first, last in _ranges(sentence)
    )


def _ranges(statement: Statement) -> Iterator[tuple[Decimal, Decimal]]:
    for one, two in zip(statement.claims, statement.claims[1:], strict=False):
        if one.value is None or two.value is None or one.unit != two.unit:
            continue
        if one.kind is two.kind and _TO.fullmatch(statement.text, one.end, two.start):
            yield one.value, two.value


_LOW = re.compile(
    r"(?:au moins|minimum(?: de)?|plus d[e'u]|à partir de|supérieure?s? à|au-delà de|"
    r"au-dessus de|at least|more than)\s*$",
    re.IGNORECASE,
)
_HIGH = re.compile(
    r"(?:au plus|maximum(?: de)?|moins d[e'u]|jusqu'(?:à|aux?)|inférieure?s? à|au-dessous de|"
    r"dans la limite de|plafonnée?s? à|limitée?s? à|plafond (?:\([^)]*\) )?de|"
    r"dépasse[rnt]* pas|dépasser|at most|less than|up to)\s*$",
    re.IGNORECASE,
)
_LOW_AFTER = re.compile(r"[^.,;]{0,12}(?:au moins|minimum|et plus|au minimum|révolus)", re.I)
_HIGH_AFTER = re.compile(r"[^.,;]{0,12}(?:au plus|maximum|et moins|au maximum)", re.I)
_BY = re.compile(r"(?: (?:%|euros?|€))?[^.,;\d]{0,20}? ?\bde (plus|moins)\b")
_NEVER_MORE = re.compile(r"\b(?:ne|n')(?![^.;]*\bpas\b)[^.;]*plus d[e'u]\s*$", re.I)


def limit(sentence: Statement, evidence: Statement) -> bool:
    """« au moins 25 % » where the passages say « au plus 25 % »."""
    for claim in sentence.claims:
        mine = _side(sentence, claim) if claim.value is not None else ""
        theirs = {
            _side(evidence, other)
            for other in (evidence.claims if mine else ())
            if other.value is not None and says(claim, other, sentence)
        }
        if theirs and mine not in theirs and theirs - {""}:
            return True
    return False


def _side(statement: Statement, claim: Claim) -> str:
    """Whether a figure is a floor (low) or a ceiling (high), "" when neither."""
    before = statement.text[max(0, claim.start - 45) : claim.start]
    after = statement.text[claim.end : claim.end + 30]
    if by := _BY.match(after):
        return "low" if by[1] == "plus" else "high"
    if _NEVER_MORE.search(before):  # « ne peut durer plus de »
        return "high"
    if _LOW.search(before) or _LOW_AFTER.match(after):
        return "low"
    return "high" if _HIGH.search(before) or _HIGH_AFTER.match(after) else ""
