"""Which place of the evidence a word or figure of the sentence belongs to.

A word is looked for at the places that say the same (right) and at those that say something else
of its kind (wrong). What stands around it in the sentence votes: if it stands around a wrong
place, and around no right one, the sentence put together what its passages do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp
from os.path import commonprefix

from assistant.proof.statements import Spot, Statement

Keys = Mapping[str, float]

# Fitted on the fit pairs of tests/data/checking.jsonl, 2026-11: between 8 and 60, .3 and .9, 1.5
# and 3, .2 and .35, altered pairs caught move by 3 points and true pairs kept by 1.
_REACH = 15.0  # words after which a neighbour counts a third
_OVERLAP = 0.3  # of what stands around in the sentence, found around the wrong place
_MARGIN = 0.5  # votes for the wrong place, half a word at least
_RATIO = 2.0  # votes for a wrong place, over those for the right one


def kin(one: str, other: str) -> bool:
    """Whether two roots are of one family: « oblig » and « obligatoir »."""
    if one == other:
        return True
    shared = len(commonprefix((one, other)))
    shorter, longer = sorted((len(one), len(other)))
    return shared >= 4 and shared >= 0.75 * shorter and longer - shared <= 5


def overlap(keys: Keys, number: int, evidence: Statement) -> float:
    """How much of the keys a sentence of the evidence holds, 0..1."""
    held = {key.name for key in evidence.around.get(number, ())}
    total = sum(keys.values())
    # One key alone proves little: .3 is a third of a word.
    return sum(weight for name, weight in keys.items() if name in held) / (total + 0.3)


def keys_of(sentence: Statement, spot: Spot, rivals: Sequence[Spot] = ()) -> dict[str, float]:
    """What stands around a spot of the sentence, nearer to it than to its rivals."""
    found: dict[str, float] = {}
    for key in sentence.keys:
        away = key.spot.distance(spot)
        if away and all(away < key.spot.distance(rival) for rival in rivals):
            found[key.name] = max(found.get(key.name, 0.0), key.weight * exp(-away / _REACH))
    return found


def votes(keys: Keys, wrong: Spot, right: Spot, evidence: Statement) -> tuple[float, float]:
    """What the keys say for the wrong spot, and for the right one."""
    at_wrong = _places(wrong.sentence, evidence)
    at_right = _places(right.sentence, evidence)
    votes = {wrong: 0.0, right: 0.0}
    for name, weight in keys.items():
        if wrong.sentence == right.sentence:
            nearer = _nearer(at_wrong.get(name, []), wrong, right, evidence)
        elif (name in at_wrong) == (name in at_right):
            nearer = None
        else:
            nearer = wrong if name in at_wrong else right
        if nearer is not None:
            votes[nearer] += weight
    return votes[wrong], votes[right]


def _places(number: int, evidence: Statement) -> dict[str, list[Spot]]:
    found: dict[str, list[Spot]] = {}
    for key in evidence.around.get(number, ()):
        found.setdefault(key.name, []).append(key.spot)
    return found


def _nearer(places: list[Spot], one: Spot, other: Spot, evidence: Statement) -> Spot | None:
    """Which of two spots of a sentence a key belongs to; None when it belongs to both."""
    places = [place for place in places if place not in (one, other)]
    if not places:
        return None
    if max(place.place for place in places) < min(one.place, other.place):
        # Before both: « Guichen compte 8 646 habitants en 2018, 9 203 en 2022 ».
        next_to = min(abs(p.place - spot.place) for p in places for spot in (one, other)) <= 3
        if not next_to or _is_elliptical(one, other, evidence):
            return None
    gap = min(p.distance(one) for p in places) - min(p.distance(other) for p in places)
    return None if abs(gap) <= 1 else one if gap < 0 else other


def _is_elliptical(one: Spot, other: Spot, evidence: Statement) -> bool:
    """Whether the second spot has no words of its own: « 6 € le plein tarif, 4 le réduit »."""
    first, second = sorted((one.place, other.place))
    return not any(
        key.weight == 1 and max(first, second - 4) < key.spot.place < second
        for key in evidence.around.get(one.sentence, ())
    )


def _prefers(keys: Keys, wrong: Spot, right: Spot, evidence: Statement) -> bool:
    against, for_ = votes(keys, wrong, right, evidence)
    return against >= _MARGIN and against >= _RATIO * for_


def misplaced(
    keys: Keys,
    right: Sequence[Spot],
    wrong: Sequence[Spot],
    evidence: Statement,
) -> bool:
    """Whether what stands around belongs to a wrong place, and to no right one."""
    return any(
        overlap(keys, spot.sentence, evidence) >= _OVERLAP
        and all(_prefers(keys, spot, other, evidence) for other in right)
        for spot in wrong
    )
