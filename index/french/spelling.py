"""A speller made of the corpus's own words: « gichen » -> « guichen », « ekipe » -> « equipe ».

A word is corrected only when no passage holds it and it is not French either; then into the word,
of the corpus or of common French, that costs the least to have been meant. Without the French
words, the starter corpus turned a quarter of the words of service-public.fr's questions that it
lacks into words that it has, « friche » into « fiche »: 1 in 100 with them, and no search of its
own subject lost anything (2026-11).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from corpus.vocabulary import Lexicon
from index.french.analysis import ACRONYMS, STOP_WORDS, stem, stems, thesaurus, words
from index.french.lexicon import Families
from index.french.mistyping import VOWELS, Shelf, cost
from index.french.phonetics import sounds

_SHORTEST, _LONGEST = 4, 40  # letters; at 3 « ort » becomes « fort »
_TWO = 5  # letters from which two changes are looked for

# All in the unit of index.french.mistyping, and fitted with it.
_HEARD, _HEARD_SHARE = 0.45, 0.15  # a word that sounds alike: this, and a share of its cost
_NEARLY_HEARD = 1.4  # instead of the first, when one sound differs
_SOUNDS = 4  # sounds from which one may differ
_ELISION = 0.55  # « lopah »
_COMMONER = 0.09  # off, each time a word is ten times commoner in the corpus
_NOT_OURS = 0.2  # more, for a French word that the corpus lacks: its own are likelier
_LIMIT, _LIMIT_PER_LETTER = 0.3, 0.18  # what a slip may cost
_CUT = 0.7  # parts are preferred to a reading that costs more

_DOUBT, _DOUBTS = 0.5, 3  # how much more another reading may cost, and how many are kept

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ELIDED = frozenset(["c", "d", "j", "l", "m", "n", "qu", "s", "t"])
# Words of under four letters that may be stuck to another.
_SMALL = frozenset("de du des la le les en et au aux un une pour par sur ce mon ma".split())


@dataclass(frozen=True, slots=True)
class Spelled:
    """A question as the corpus spells it; `doubts`: a word of it -> what else it may stand for."""

    words: tuple[str, ...]
    doubts: Mapping[str, tuple[str, ...]]


class _Shelves:
    """Words by their letters, and by how they sound."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._written = Shelf(words)
        keys = sounds(words)
        self._heard = Shelf([key or word for key, word in zip(keys, words, strict=True)])

    def written(self, word: str, reach: int) -> Iterator[tuple[str, int]]:
        return ((self._words[row], changes) for row, changes in self._written.near(word, reach))

    def heard(self, key: str, reach: int) -> Iterator[tuple[str, int]]:
        return ((self._words[row], changes) for row, changes in self._heard.near(key, reach))


class Speller:
    """Corrects folded words; safe to call from several threads."""

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        french: Lexicon | None = None,
        base: Speller | None = None,
    ) -> None:
        """`vocabulary`: folded word -> how many times the corpus has it; `french`: words that are
        right though the corpus lacks them; `base`: the speller of a part of the corpus, with the
        same French words: it holds what both have in common."""
        self._vocabulary = vocabulary
        self._french = french or Lexicon({})
        known = base._vocabulary if base is not None else {}
        held = [word for word in vocabulary if _SHORTEST - 1 <= len(word) <= _LONGEST]
        held = [word for word in held if word.isalpha() and word not in known]
        ours = set(stems(held))
        if base is None:
            self._synonyms = frozenset(word for group in thesaurus() for word in group.split())
            common = [
                word
                for word in self._french.common
                if len(word) >= _SHORTEST and word.isalpha() and word not in vocabulary
            ]
            self._families = Families(held)
            self._strangers = frozenset(
                word for word, root in zip(common, stems(common), strict=True) if root not in ours
            )
            self._shelves: tuple[_Shelves, ...] = (_Shelves(held + common),)
        else:
            self._synonyms = base._synonyms
            self._families = Families(held, base._families)
            self._strangers = base._strangers
            self._shelves = (*base._shelves, _Shelves(held))
        self._roots = ours if base is not None else frozenset[str]()

    def _strange(self, word: str) -> bool:
        """Whether a word is French and neither it nor another form of it is the corpus's."""
        strange = word in self._strangers and word not in self._vocabulary
        return strange and not (self._roots and stem(word) in self._roots)

    def correct(self, word: str) -> str:
        """The word itself when it is right or nothing is near; else its likeliest reading."""
        readings = self._readings(word)
        return readings[0][1] if readings else word

    def question(self, typed: Sequence[str]) -> Spelled:
        """Every word corrected; one stuck to another cut, two parts of one put together."""
        spelled: list[str] = []
        doubts: dict[str, tuple[str, ...]] = {}
        for word in self._joined(typed):
            readings = self._readings(word)
            best = readings[0][0] if readings else math.inf
            if best > _CUT and not self._leaves(word) and (parts := self._parts(word)):
                spelled += parts
                continue
            meant, others = self._formed(readings[0][1] if readings else word)
            near = [
                other
                for price, other in readings[1:]
                if price - best <= _DOUBT and not self._strange(other)
            ]
            spelled.append(meant)
            if near := near or others:
                doubts[meant] = tuple(near[:_DOUBTS])
        return Spelled(tuple(spelled), doubts)

    def _formed(self, word: str) -> tuple[str, list[str]]:
        """A word in the form that the corpus has, and the forms of it that have another stem."""
        if word in self._vocabulary or word in STOP_WORDS:
            return word, []
        forms = sorted(self._families.kin(word), key=lambda form: -self._vocabulary[form])
        alike = [form for form in forms if stem(form) == stem(word)]
        return (alike[0], []) if alike else (word, forms)

    def _leaves(self, word: str) -> bool:
        """Whether a word is right, or nothing to correct."""
        return not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or self._right(word)

    def _right(self, word: str) -> bool:
        return (
            word in self._vocabulary
            or word in STOP_WORDS
            or word in ACRONYMS  # a corpus that only spells out « crte » has « carte »
            or word in self._synonyms
            or word in self._french
        )

    def _readings(self, word: str) -> list[tuple[float, str]]:
        """What a word may stand for, likeliest first, with what each costs; [] when it is right."""
        if self._leaves(word):
            return []
        limit = _LIMIT + _LIMIT_PER_LETTER * len(word)
        heard = self._by_ear(word, limit > _NEARLY_HEARD)
        found: dict[str, float] = {}
        for near in self._by_letters(word) | heard.keys():
            price = cost(word, near)
            if near in heard:
                base = _NEARLY_HEARD if heard[near] else _HEARD
                price = min(price, base + _HEARD_SHARE * price)
            if price <= limit:
                found[near] = self._weighed(price, near)
        if rest := self._unelided(word):
            found[rest] = min(found.get(rest, math.inf), self._weighed(_ELISION, rest))
        return sorted((price, near) for near, price in found.items())

    def _weighed(self, price: float, word: str) -> float:
        if self._strange(word):
            return price + _NOT_OURS
        return price - _COMMONER * math.log10(self._vocabulary.get(word, 1))

    def _by_letters(self, word: str) -> set[str]:
        """The words at one change, two when there is none: as good as both, in half the time."""
        reach = 2 if len(word) >= _TWO else 1
        found = [near for shelves in self._shelves for near in shelves.written(word, reach)]
        rest = word[1:]
        changed = {rest, word[1] + word[0] + word[2:]}  # the first letter, which a shelf keeps
        changed.update(letter + end for letter in _LETTERS for end in (word, rest))
        near = {other for other in changed if len(other) >= _SHORTEST and other in self._vocabulary}
        near.update(other for other, changes in found if changes == 1)
        return near or {other for other, _ in found}

    def _by_ear(self, word: str, nearly: bool) -> dict[str, int]:
        """The words that sound alike -> how many sounds differ: 0, or 1 when `nearly` will do."""
        heard: dict[str, int] = {}
        # Who writes by ear writes no silent letter: the last consonant may be heard.
        for key in dict.fromkeys(sounds([word, word + "e"])):
            if len(key) < 2:
                continue
            reach = int(nearly and len(key) >= _SOUNDS)
            for near, changes in chain.from_iterable(s.heard(key, reach) for s in self._shelves):
                heard[near] = min(heard.get(near, changes), changes)
        return heard

    def _unelided(self, word: str) -> str:
        """« dhabitation », « lopah »: the word of the corpus behind a lost apostrophe, or ""."""
        rest = word[2:] if word.startswith("qu") else word[1:] if word[0] in _ELIDED else ""
        held = rest in self._vocabulary or rest in self._synonyms
        long = len(rest) >= _SHORTEST or rest in ACRONYMS
        return rest if held and long and rest[0] in VOWELS else ""

    def _joined(self, typed: Sequence[str]) -> list[str]:
        """« denor mandie » made one word of the corpus, when either half is no word."""
        found: list[str] = []
        for word in typed:
            both = found[-1] + word if found else ""
            if both in self._vocabulary and not (self._right(found[-1]) and self._right(word)):
                found[-1] = both
            else:
                found.append(word)
        return found

    def _parts(self, word: str) -> tuple[str, ...]:
        """The fewest words of the corpus that make this one, « conventionort »; () when none do."""
        fewest: list[tuple[str, ...] | None] = [()]
        for end in range(1, len(word) + 1):
            ways = [
                (*before, word[start:end])
                for start, before in enumerate(fewest)
                if before is not None and self._stands(word[start:end], word[end : end + 1])
            ]
            fewest.append(min(ways, key=len, default=None))
        parts = [part for part in fewest[-1] or () if part not in _ELIDED]
        return () if STOP_WORDS.issuperset(parts) else tuple(parts)

    def _stands(self, part: str, following: str) -> bool:
        """Whether a part of a word is a word, given the letter after it."""
        if part in _ELIDED:
            return following in VOWELS
        if len(part) < _SHORTEST:
            return part in _SMALL or (part in ACRONYMS and part in self._vocabulary)
        return part in self._vocabulary or part in STOP_WORDS


def vocabulary(texts: Iterable[str]) -> dict[str, int]:
    """How many times each folded word stands in the texts."""
    return dict(Counter(word for text in texts for word in words(text)))
