"""French words: those that most people use, and the forms of one word, which are kin."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache

from corpus.vocabulary import lexicon


@cache
def common_words() -> frozenset[str]:
    """The folded words that most people use: what is left of a text's words is rare."""
    return frozenset(lexicon().common)


# --- Forms of one word that Snowball gives different stems: « rouvrent » and « rouvriront »

_ROOT = 5  # letters that two forms share at least: « compose » and « compte » share 4

# After a root: the tenses, participles and plurals of verbs, and what they make: -age, -eur...
_ENDINGS = frozenset(
    """
    e es s ent ons ez er ee ees ant ante ants antes ais ait aient ions iez a as ai ames ates erent
    era eras erai erons erez eront erais erait eraient i is it ie ies ir ira iras irai irons irez
    iront irait iraient irent issent issant isse isses u us ue ues ut urent re ra ras rai rons rez
    ront rait raient t ts te tes
    age ages ement ements eur eurs euse euses ation ations ition itions able ables ible ibles
    """.split()
) | {""}


class Families:
    """Words gathered by root, with those of `base`, which has none of them."""

    def __init__(self, words: Iterable[str], base: Families | None = None) -> None:
        self._words = sorted(word for word in words if len(word) >= _ROOT)
        self._base = base

    def kin(self, word: str) -> list[str]:
        """The words that are another form of this one, those of the longest root first."""
        found: dict[str, None] = {}
        for end in range(len(word), _ROOT - 1, -1):
            root = word[:end]
            if word[end:] in _ENDINGS:
                found.update(dict.fromkeys(self._forms(root)))
        found.pop(word, None)
        return list(found)

    def _forms(self, root: str) -> list[str]:
        start = bisect_left(self._words, root)
        stop = bisect_left(self._words, root + "{")  # after « z »
        own = [word for word in self._words[start:stop] if word[len(root) :] in _ENDINGS]
        return own if self._base is None else sorted([*self._base._forms(root), *own])
