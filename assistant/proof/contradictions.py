"""Whether a sentence puts together what its passages do not: the right words, wrongly joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache

from assistant.proof import actors, bounds, paraphrases
from assistant.proof.alignment import (
    LIGHT_OVERLAP,
    OVERLAP,
    Keys,
    apart,
    keys_of,
    kin,
    misplaced,
    overlap,
    votes,
)
from assistant.proof.claims import Claim, Kind
from assistant.proof.coverage import says
from assistant.proof.statements import Spot, Statement, Word, names_of


class Clash(StrEnum):
    """How a sentence and its evidence disagree."""

    RATE = "rate"
    ORDER = "order"
    LIMIT = "limit"
    ACTOR = "actor"
    PAIRING = "pairing"
    NEGATION = "negation"
    OPPOSITE = "opposite"
    MODALITY = "modality"


def clash(sentence: Statement, evidence: Statement) -> Clash | None:
    """The first way in which they disagree."""
    for test, reason in _TESTS:
        if test(sentence, evidence):
            return reason
    return None


def _pairing(sentence: Statement, evidence: Statement) -> bool:
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


def _negation(sentence: Statement, evidence: Statement) -> bool:
    """A word said where the passages deny it, or the other way round."""
    for word in sentence.words:
        if not word.polarity or (word.polarity == 1 and not word.plain):
            continue
        wrong = [w.spot for w in evidence.words if _is_denied(w, word)]
        if not wrong:
            continue
        light = paraphrases.is_light(word.root)
        right = [w.spot for w in evidence.words if _is_agreed(w, word, light, evidence)]
        least = LIGHT_OVERLAP if light else OVERLAP
        if misplaced(keys_of(sentence, word.spot), right, wrong, evidence, least):
            return True
    return False


def _is_denied(other: Word, word: Word) -> bool:
    return other.polarity == -word.polarity and kin(word.root, other.root)


def _is_agreed(other: Word, word: Word, light: bool, evidence: Statement) -> bool:
    if kin(word.root, other.root):
        asked = other.spot.sentence in evidence.asked
        return other.polarity == word.polarity or (other.polarity == 0 and not asked)
    return (
        not light and other.polarity == word.polarity and other.root in paraphrases.same(word.root)
    )


# A clause that denies, whole.
_NO_JOIN = r"(?:(?!\b(?:et|mais|ou|donc|car)\b)[^.;:!?…,()\n])*"
_DENIES = re.compile(
    rf"{_NO_JOIN}\b(?:ne |n')[^.;:!?,()]{{1,40}}?\b(?:pas|jamais|aucune?)\b{_NO_JOIN}",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(r"\b(?:sans|ni|avant|si|s'ils?)\b", re.IGNORECASE)
# What may stand for a denial in the passages.
_SAYS_NO = re.compile(
    r"\b(?:ne|n'|pas|sans|non|aucune?|ni|seule?s?|seulement|uniquement|hors|sauf|excepté|jamais|"
    r"impossible|plutôt|contrairement|au plus|moins)(?=\W)|"
    r"\b(?:interdi|exclu|refus|absen|inchang|illimit|vide|vacan|inoccup|gratuit|dispens|exonér|"
    r"ferm|libre|limit|plafon|maxim|reste|échapp|évit|empêch|coupé|éteint)",
    re.IGNORECASE,
)


def _denial(sentence: Statement, evidence: Statement) -> bool:
    """The sentence denies, and no place that speaks of the same denies anything."""
    clause = _DENIES.search(sentence.text)
    if clause is None or _SUPPOSES.search(sentence.text):
        return False
    inside = {w.spot for w in sentence.words if clause.start() <= w.start < clause.end()}
    keys = {key.name: key.weight for key in sentence.keys if key.spot in inside}
    if sum(keys.values()) < 2:
        return False
    shares = {
        number: overlap(keys, number, evidence)
        for number in evidence.around
        if number not in evidence.asked
    }
    if max(shares.values(), default=0.0) < 0.65:
        return False
    near = (number for number, share in shares.items() if share >= 0.35)
    return not any(_SAYS_NO.search(evidence.sentence(number)) for number in near)


def _opposite(sentence: Statement, evidence: Statement) -> bool:
    """« augmente » where the passages say « baisse », « nord » for « sud »."""
    for word in sentence.words:
        for camp, other in paraphrases.opposites() if word.polarity else ():
            if word.lemma not in camp:
                continue
            said = [w for w in evidence.words if w.lemma in camp or w.lemma in other]
            wrong = [w.spot for w in said if w.lemma in other and w.polarity == word.polarity]
            right = [w.spot for w in said if _is_same_camp(w, word, camp)]
            keys = keys_of(sentence, word.spot)
            if misplaced(keys, right, apart(wrong, right), evidence):
                return True
    return False


def _is_same_camp(other: Word, word: Word, camp: frozenset[str]) -> bool:
    """Whether a word of either camp says what the sentence's does."""
    if other.folded[0].isdigit():  # « 1er trimestre »
        return False
    return other.polarity in (word.polarity if other.lemma in camp else -word.polarity, 0)


_MORE_OR_LESS = re.compile(r"\b(plus|moins) (d[e'] ?)?([^\W\d_]{3,})")
_WITHIN = re.compile(r"\b(?:dans|à l'intérieur d[eu]s?) (?:les? |la |l')?([^\W\d_]{4,})")
_OUTSIDE = re.compile(r"\b(?:hors|en dehors) d(?:es? |u |e la |e l')?([^\W\d_]{4,})")


def _degree(sentence: Statement, evidence: Statement) -> bool:
    """« plus strict » where the passages say « moins strict », « dans » where they say « hors »."""
    theirs = set(_MORE_OR_LESS.findall(evidence.text))
    for way, of, what in _MORE_OR_LESS.findall(sentence.text):
        other = "moins" if way == "plus" else "plus"
        if (other, of, what) in theirs and (way, of, what) not in theirs:
            return True
    inside, outside = (set(p.findall(evidence.text)) for p in (_WITHIN, _OUTSIDE))
    return bool(set(_WITHIN.findall(sentence.text)) & outside - inside) and not (
        _OUTSIDE.search(sentence.text)
    )


_MODES = {
    "must": "devoir falloir obligatoire obligation obliger exiger imposer tenu",
    "may": "pouvoir possible possibilité facultatif libre",
    "advise": "recommander recommandation préconiser apprécier souhaitable",
}
_VERBS = frozenset({"devoir", "pouvoir", "falloir"})  # what follows them is the act
# The verb, not the members of a council.
_ADVISES = frozenset("conseille conseillent conseillee conseillait".split())
_HOPE = "permettre"  # « doit permettre » is no duty


def _modality(sentence: Statement, evidence: Statement) -> bool:
    """« doit » where the passages say « peut », of the same act."""
    for word in sentence.words:
        mode = _mode(word)
        if mode is None or word.polarity != 1:
            continue
        acts = _acts(sentence, word)
        if paraphrases.root(_HOPE) in acts[:1]:
            continue
        modals = [(w, found) for w in evidence.words if (found := _mode(w)) is not None]
        right = [w.spot for w, found in modals if found == mode or w.polarity == 0]
        wrong = [
            w.spot
            for w, found in modals
            if found != mode
            and w.polarity == 1
            and (not {word.lemma, w.lemma} & _VERBS or _share(acts, _acts(evidence, w)))
        ]
        keys = keys_of(sentence, word.spot)
        if misplaced(keys, right, apart(wrong, right), evidence):
            return True
    return False


def _mode(word: Word) -> str | None:
    if word.folded in _ADVISES:
        return "advise"
    return _modes().get(word.root)


@cache
def _modes() -> dict[str, str]:
    return {
        paraphrases.root(word): mode for mode, words in _MODES.items() for word in words.split()
    }


def _acts(statement: Statement, modal: Word) -> list[str]:
    """The roots of the three words that follow « doit »: what must be done."""
    after = (w.root for w in statement.words if 0 < w.start - modal.start < 40 and w.plain)
    return [root for root, _ in zip(after, range(3), strict=False)]


def _share(acts: Sequence[str], others: Sequence[str]) -> bool:
    return any(kin(one, other) for one in acts for other in others)


_TESTS: tuple[tuple[Callable[[Statement, Statement], bool], Clash], ...] = (
    (bounds.rate, Clash.RATE),
    (bounds.order, Clash.ORDER),
    (bounds.limit, Clash.LIMIT),
    (actors.actor, Clash.ACTOR),
    (actors.role, Clash.PAIRING),
    (actors.person, Clash.PAIRING),
    (_pairing, Clash.PAIRING),
    (_negation, Clash.NEGATION),
    (_denial, Clash.NEGATION),
    (_opposite, Clash.OPPOSITE),
    (_degree, Clash.OPPOSITE),
    (_modality, Clash.MODALITY),
)
