"""Whether a sentence gives to one thing the figure or the date of another."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.proof.alignment import Keys, keys_of, misplaced, votes
from assistant.proof.claims import Claim, Kind
from assistant.proof.coverage import says
from assistant.proof.statements import Spot, Statement, names_of


def is_mispaired(sentence: Statement, evidence: Statement) -> bool:
    """« 12 % pour 9 ans » where the passage says « 12 % pour 6 ans, 18 % pour 9 ans »."""
    mine = [
        (claim, _claim_keys(sentence, claim, spot))
        for claim, spot in zip(sentence.claims, sentence.spots, strict=True)
        if claim.kind is not Kind.NAME and claim.unit != "rang"
    ]
    theirs = list(zip(evidence.claims, evidence.spots, strict=True))
    for claim, keys in mine:
        right = [spot for other, spot in theirs if says(claim, other, sentence)]
        for other, spot in theirs if right else ():
            if (
                is_comparable(claim, other)
                and spot.sentence not in evidence.asked
                and not says(claim, other, sentence)
                and misplaced(keys, right, [spot], evidence)
                and not _is_said_of_another(other, claim, mine, spot, right, sentence, evidence)
            ):
                return True
    return False


def _claim_keys(sentence: Statement, claim: Claim, spot: Spot) -> dict[str, float]:
    alike = [
        (other, place)
        for other, place in zip(sentence.claims, sentence.spots, strict=True)
        if other.kind is claim.kind
    ]
    # Both ends of « de 14 h à 18 h » go with the same words.
    keys = keys_of(sentence, spot, [p for _, p in alike if abs(p.place - spot.place) > 4])
    for other, _ in alike:
        for name in names_of(other):
            keys.pop(name, None)
    return keys


def is_comparable(claim: Claim, other: Claim) -> bool:
    """Whether a passage could say `other` where the sentence says `claim`."""
    if claim.kind is not other.kind or "rang" in (claim.unit, other.unit):
        return False
    if claim.kind is Kind.DATE:
        return {_part_kind(p) for p in claim.parts} <= {_part_kind(p) for p in other.parts}
    if claim.kind is Kind.NUMBER:
        return not (claim.unit and other.unit and claim.unit != other.unit)
    return claim.unit == other.unit


def _part_kind(part: str) -> str:
    return part[0] if part[1:].isdigit() else "word"


def _is_said_of_another(
    other: Claim,
    claim: Claim,
    mine: Sequence[tuple[Claim, Keys]],
    spot: Spot,
    right: Sequence[Spot],
    sentence: Statement,
    evidence: Statement,
) -> bool:
    """Whether the sentence states the rival too, and not in exchange: then both stay."""
    rivals = [keys for c, keys in mine if c is not claim and says(c, other, sentence)]
    if not rivals:
        return False
    swapped = (votes(keys, place, spot, evidence) for keys in rivals for place in right)
    return not any(against > for_ for against, for_ in swapped)
