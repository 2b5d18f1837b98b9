"""Whether a sentence makes a duty of what may be done, or the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from assistant.proof import paraphrases
from assistant.proof.alignment import keys_of, kin, misplaced
from assistant.proof.statements import Spot, Statement, Word

_MODES = {
    "must": "devoir falloir obligatoire obligation obliger exiger imposer tenu",
    "may": "pouvoir possible possibilité facultatif libre",
    "advise": "recommander recommandation préconiser apprécier souhaitable",
}
_VERBS = frozenset({"devoir", "pouvoir", "falloir"})  # what follows them is the act
# The verb, not the members of a council.
_ADVISES = frozenset("conseille conseillent conseillee conseillait".split())
_HOPE = "permettre"  # « doit permettre » is no duty


def changes_mode(sentence: Statement, evidence: Statement) -> bool:
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
        if misplaced(keys, right, _apart(wrong, right), evidence):
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


def _apart(wrong: Sequence[Spot], right: Sequence[Spot]) -> list[Spot]:
    """The wrong spots of sentences that hold no right one: a sentence may well say both."""
    said = {spot.sentence for spot in right}
    return [spot for spot in wrong if spot.sentence not in said]
