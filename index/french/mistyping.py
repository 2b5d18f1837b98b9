"""Slips of the keyboard: the words a few letters from another, and how unlikely each is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

_ROWS = ("azertyuiop", "qsdfghjklm", "wxcvbn")  # AZERTY

# Fitted on words of `spf`, `piaf` and the `fit` questions, mistyped and written by ear at random,
# 2026-11; 1 is a letter replaced by one that is far from it on the keyboard.
_REPLACED = 1.0
_NEIGHBOUR = 0.65  # replaced by a key beside it
_SWAPPED = 0.6  # two letters, one for the other
_DOUBLED = 0.5  # « comune », « habittant »
_SILENT = 0.55  # a last letter that is not heard, added or lost
_VOWEL = 0.55  # a vowel inside the word: « srvice », as in short messages
_OTHER = 0.7  # any other letter added or lost
_FIRST = 0.2  # more, when the first letter is touched: people keep it
VOWELS = frozenset("aeiouyh")  # and the h that elides like them
_SILENT_LETTERS = frozenset("depstx")


def cost(typed: str, meant: str) -> float:
    """What a misspelling costs, the least sum of changes from `meant` to `typed`: 0 when they are
    one. The dearer, the less likely it is that this word was meant."""
    start, end_typed, end_meant = _differing(typed, meant)
    if start == end_typed == end_meant:
        return 0.0
    added = [_alone(typed, at) for at in range(start, end_typed)]
    lost = [_alone(meant, at) for at in range(start, end_meant)]
    # A row a letter of `typed`, a column a letter of `meant`; two rows back for the swaps.
    before: list[float] = []
    above = [0.0, *accumulate(lost)]
    for i, a in enumerate(typed[start:end_typed]):
        row = [above[0] + added[i]]
        for j, b in enumerate(meant[start:end_meant]):
            best = min(above[j] + _replaced(a, b), above[j + 1] + added[i], row[j] + lost[j])
            if i and j and a == meant[start + j - 1] and b == typed[start + i - 1]:
                best = min(best, before[j - 1] + _SWAPPED)
            row.append(best)
        before, above = above, row
    return above[-1] + (0.0 if start else _FIRST)


def _differing(typed: str, meant: str) -> tuple[int, int, int]:
    """Where the two differ: from the first number on, up to the second and the third."""
    start, end_typed, end_meant = 0, len(typed), len(meant)
    while start < min(end_typed, end_meant) and typed[start] == meant[start]:
        start += 1
    while start < min(end_typed, end_meant) and typed[end_typed - 1] == meant[end_meant - 1]:
        end_typed -= 1
        end_meant -= 1
    return start, end_typed, end_meant


def _alone(word: str, at: int) -> float:
    """A letter that only one of the two has."""
    letter = word[at]
    if letter in (word[at - 1 : at], word[at + 1 : at + 2]):
        return _DOUBLED
    if at == len(word) - 1 and letter in _SILENT_LETTERS:
        return _SILENT
    return _VOWEL if letter in VOWELS and 0 < at < len(word) - 1 else _OTHER


def _replaced(typed: str, meant: str) -> float:
    if typed == meant:
        return 0.0
    return _NEIGHBOUR if typed in _beside(meant) else _REPLACED


@cache
def _beside(letter: str) -> str:
    """The keys around a letter's."""
    return "".join(
        near[column]
        for row, keys in enumerate(_ROWS)
        if letter in keys
        for near in _ROWS[max(row - 1, 0) : row + 2]
        for column in range(max(keys.index(letter) - 1, 0), keys.index(letter) + 2)
        if column < len(near) and near[column] != letter
    )


# --- Finding them: among 200,000 strings, in a tenth of a millisecond

_LONGEST = 63  # longer strings share a length


class Shelf:
    """Strings of ASCII letters, none empty, put away by first letter and length.

    Each has the set of its letters beside it, as bits: a change adds and removes one letter at
    most, so that most strings are left out before any distance is computed.
    """

    def __init__(self, strings: Sequence[str]) -> None:
        codes = np.array([_code(string[0], len(string)) for string in strings], np.uint16)
        self._order = np.argsort(codes, kind="stable").astype(np.uint32)
        self._codes = codes[self._order]
        self._strings = [strings[row] for row in self._order]
        self._letters = _letters(self._strings)

    def near(self, string: str, reach: int) -> list[tuple[int, int]]:
        """Those with the same first letter at `reach` changes or fewer: (row, changes).

        A change is a letter added, lost or replaced, or two swapped. Rows are those of the
        strings as they were given.
        """
        first, length = string[0], len(string)
        start = int(self._codes.searchsorted(_code(first, max(length - reach, 1))))
        end = int(self._codes.searchsorted(_code(first, length + reach), side="right"))
        differing = np.bitwise_count(self._letters[start:end] ^ _letters_of(string))
        longer = np.abs((self._codes[start:end] & _LONGEST).astype(np.int8) - min(length, _LONGEST))
        rows = ((differing + longer <= 2 * reach).nonzero()[0] + start).tolist()
        found = process.extract(
            string,
            [self._strings[row] for row in rows],
            scorer=OSA.distance,
            score_cutoff=reach,
            limit=None,
        )
        return [(int(self._order[rows[at]]), int(changes)) for _, changes, at in found]


def _code(first: str, length: int) -> np.uint16:
    """What strings are ordered by; of the array's own type, or a search would convert it all."""
    return np.uint16(ord(first) * (_LONGEST + 1) + min(length, _LONGEST))


def _letters(strings: Sequence[str]) -> NDArray[np.uint64]:
    """Which letters each string has once, and which twice: a bit for each, without case."""
    once = np.zeros(len(strings), np.uint64)
    twice = np.zeros(len(strings), np.uint64)
    if strings:
        characters = np.array(strings, np.bytes_).view(np.uint8).reshape(len(strings), -1)
        for column in characters.T:
            bits = np.where(column, np.uint64(1) << (column & 31).astype(np.uint64), np.uint64(0))
            twice |= once & bits
            once |= bits
    return once | twice << np.uint64(32)


def _letters_of(string: str) -> np.uint64:
    """The same for one string, 50 times faster than as a list of one."""
    once = twice = 0
    for character in string:
        bit = 1 << (ord(character) & 31)
        twice |= once & bit
        once |= bit
    return np.uint64(once | twice << 32)
