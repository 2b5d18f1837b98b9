"""Texts compared by the runs of 2 to 5 characters they share: what typos leave standing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SHORTEST, _LONGEST = 2, 5
_COLUMNS = 1 << 20  # runs are told apart by a hash: two of 150,000 seldom fall together
_FACTOR = 1_000_003
_SIGNS = re.compile(r"[\W_]+")


class Grams:
    """Texts by their runs of characters, each text a vector of length 1 (log tf, idf)."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = len(texts)
        row, column = _runs([_folded(text) for text in texts])
        # One number a run of a text, by column and then by row: postings in order.
        found, counts = np.unique(column * max(self._texts, 1) + row, return_counts=True)
        column, row = np.divmod(found, max(self._texts, 1))
        self._columns, first, held = np.unique(column, return_index=True, return_counts=True)
        self._starts = np.append(first, len(found))
        self._idf = _idf(held, self._texts)
        weights = (1 + np.log(counts)) * np.repeat(self._idf, held)
        lengths = np.sqrt(np.bincount(row, weights**2, self._texts))
        self._rows = row.astype(np.int32)
        self._weights = (weights / lengths[row]).astype(np.float32)

    def similar(self, text: str) -> NDArray[np.float32]:
        """(texts,): the cosine with each text, 0 to 1."""
        _, column = _runs([_folded(text)])
        asked, counts = np.unique(column, return_counts=True)
        if not len(self._columns) or not len(asked):
            return np.zeros(self._texts, np.float32)
        at = np.searchsorted(self._columns, asked)
        at[at == len(self._columns)] = 0
        known = self._columns[at] == asked
        heard = 1 + np.log(counts)
        unknown = _idf(np.ones(1, np.int64), self._texts)[0]  # as if one text had it
        weights = heard * np.where(known, self._idf[at], unknown)
        weights /= np.sqrt((weights**2).sum())
        at, weights = at[known], weights[known]
        if not len(at):
            return np.zeros(self._texts, np.float32)
        runs = [slice(*ends) for ends in zip(self._starts[at], self._starts[at + 1], strict=True)]
        rows = np.concatenate([self._rows[run] for run in runs])
        scores = np.concatenate([self._weights[r] * w for r, w in zip(runs, weights, strict=True)])
        return np.bincount(rows, scores, self._texts).astype(np.float32)


def _folded(text: str) -> str:
    """Lower case, no accents, one space for all that is no letter or digit, and at both ends."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return f" {_SIGNS.sub(' ', letters).strip()} "


def _runs(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(row, column) of every run of every text; a run never goes from one text to the next."""
    characters = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    code = characters.copy()
    rows, columns = [], []
    for length in range(2, _LONGEST + 1):
        code = code[:-1] * np.uint64(_FACTOR) + characters[length - 1 :]
        if length < _SHORTEST or not len(code):
            continue
        within = owner[: len(code)] == owner[length - 1 :]
        # The low bits of a product know little of its first letters: the high ones are mixed in.
        mixed = code ^ (code >> np.uint64(29))
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15)
        rows.append(owner[: len(code)][within])
        columns.append((mixed[within] >> np.uint64(44)).astype(np.int64))
    if not rows:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(rows), np.concatenate(columns)


def _idf(held: NDArray[np.int64], texts: int) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = np.log((1 + texts) / (1 + held)) + 1
    return weights


def hashed(text: str, width: int) -> NDArray[np.float32]:
    """(width,), of length 1: a text's runs of characters, told apart by their hash (log tf)."""
    _, column = _runs([_folded(text)])
    found, counts = np.unique(column % width, return_counts=True)
    row = np.zeros(width, np.float32)
    row[found] = 1 + np.log(counts)
    length = float(np.linalg.norm(row))
    return row / length if length else row
