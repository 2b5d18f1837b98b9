"""What a misspelling costs: how unlikely it is that a word was meant, given what was typed."""

from __future__ import annotations

from functools import cache
from itertools import accumulate

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
    """The least sum of changes from `meant` to `typed`: 0 when they are one."""
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
