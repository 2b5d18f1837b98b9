"""A speller made of the corpus's own words: « gichen » -> « guichen », « mediasion » -> …

Only a word that no passage holds is corrected, and only into a word that some passage holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.french import ACRONYMS, STOP_WORDS, words

# One change (letter added, lost, replaced, or two swapped) from 4 letters on, two from 8 on:
# at 3 letters « ort » becomes « fort », at two changes « guichen » becomes « guichet ».
_ONE, _TWO = 4, 8


class Speller:
    """Corrects folded words against a vocabulary; ties go to the commoner word."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        """`vocabulary`: folded word -> how many times the corpus has it."""
        self._vocabulary = vocabulary
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(vocabulary, key=lambda w: -vocabulary[w]):
            if len(word) >= _ONE - 1 and not word[0].isdigit():
                self._by_length.setdefault(len(word), []).append(word)

    def correct(self, word: str) -> str:
        """The word itself when the corpus has it or nothing is near; else its nearest."""
        if (
            word in self._vocabulary
            or word in STOP_WORDS
            or word in ACRONYMS  # a corpus that only spells out « crte » has « carte »
            or len(word) < _ONE
            or any(character.isdigit() for character in word)
        ):
            return word
        reach = 2 if len(word) >= _TWO else 1
        candidates = [
            candidate
            for length in range(len(word) - reach, len(word) + reach + 1)
            for candidate in self._by_length.get(length, [])
        ]
        found = process.extract(
            word, candidates, scorer=OSA.distance, score_cutoff=reach, limit=None
        )
        # People keep the first letter: it decides before how common the word is.
        return min(
            (hit[0] for hit in found),
            key=lambda near: (
                OSA.distance(word, near),
                near[0] != word[0],
                -self._vocabulary[near],
            ),
            default=word,
        )


def vocabulary(texts: Iterable[str]) -> dict[str, int]:
    """How many times each folded word stands in the texts."""
    return dict(Counter(word for text in texts for word in words(text)))
