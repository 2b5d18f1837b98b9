"""French words: one the corpus lacks is not taken for a slip, and the forms of one word are kin.

The list is the one that comes with pyspellchecker, counted in film subtitles. Of the words of
service-public.fr's questions that the starter corpus lacks it holds 94 in 100, as simplemma's
dictionary, which counts nothing; 1 to 4 slips in 100 happen to be one of its words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
from spellchecker import SpellChecker

from index.french.analysis import fold

# How often a word stands in the subtitles to be one that people may have meant: the 22,000
# commonest. Of the slips on words that the starter corpus lacks, 15 in 100 were read as words
# that it has; with these words to choose from 6, with all 140,000 no fewer than 5.
_COMMON = 200


class Lexicon:
    """Folded words of a language. Kept as numbers: 140,000 words in 1 MB, not 30."""

    def __init__(self, words: Mapping[str, int]) -> None:
        """`words`: folded word -> how many times it was counted."""
        self.common = tuple(word for word, times in words.items() if times >= _COMMON)
        self._hashes = np.sort(np.fromiter(map(hash, words), np.int64, len(words)))

    def __contains__(self, word: str) -> bool:
        sought = np.int64(hash(word))
        at = int(self._hashes.searchsorted(sought))
        return at < len(self._hashes) and bool(self._hashes[at] == sought)


@cache
def french() -> Lexicon:
    """140,000 words of French, read from pyspellchecker's files in a quarter of a second."""
    words: dict[str, int] = {}
    for word, times in SpellChecker(language="fr").word_frequency.items():
        folded = word if word.isascii() else fold(word)
        words[folded] = words.get(folded, 0) + times
    return Lexicon(words)


@cache
def common_words() -> frozenset[str]:
    """The folded words that most people use: what is left of a text's words is rare."""
    return frozenset(french().common)


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
    """Words gathered by root."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(word for word in words if len(word) >= _ROOT)

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
        return [word for word in self._words[start:stop] if word[len(root) :] in _ENDINGS]
