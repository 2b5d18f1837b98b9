"""Texts compared by the runs of 2 to 5 characters they share: what typos leave standing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SHORTEST, _LONGEST = 2, 5
_COLUMNS = 1 << 20  # runs are told apart by a hash: two of 150,000 seldom fall together
_FACTOR = 1_000_003
_SIGNS = re.compile(r"[\W_]+")


class _Runs:
    """Which texts have which runs, by column: (log tf), before any is weighed by its rarity."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = len(texts)
        row, column = _runs([_folded(text) for text in texts])
        # One number a run of a text, by column and then by row: postings in order.
        found, counts = np.unique(column * max(self.texts, 1) + row, return_counts=True)
        column, row = np.divmod(found, max(self.texts, 1))
        self.columns, first, self.held = np.unique(column, return_index=True, return_counts=True)
        self.starts = np.append(first, len(found))
        self.rows = row.astype(np.int32)
        self.heard = (1 + np.log(counts)).astype(np.float32)

    def holding(self, columns: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many texts have each of these runs."""
        at, known = _at(self.columns, columns)
        return np.where(known, self.held[at], 0) if len(self.columns) else np.zeros_like(columns)

    def lengths(self, idf: NDArray[np.float64]) -> NDArray[np.float32]:
        """(texts,): how long each is, its runs weighed so."""
        weights = self.heard * np.repeat(idf, self.held)
        return np.sqrt(np.bincount(self.rows, weights**2, self.texts)).astype(np.float32)

    def products(
        self, columns: NDArray[np.int64], weights: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(texts,): each text with runs that weigh so much."""
        at, known = _at(self.columns, columns)
        at, weights = at[known], weights[known]
        if not len(at):
            return np.zeros(self.texts)
        ends = np.cumsum(self.held[at]).tolist()
        rows, scores = np.empty(ends[-1], np.intp), np.empty(ends[-1])  # 200,000 of a question
        for start, many, end, weight in zip(
            self.starts[at].tolist(), self.held[at].tolist(), ends, weights, strict=True
        ):
            rows[end - many : end] = self.rows[start : start + many]
            np.multiply(self.heard[start : start + many], weight, out=scores[end - many : end])
        return np.bincount(rows, scores, self.texts).astype(np.float64)


class Grams:
    """Texts by their runs of characters, each text a vector of length 1 (log tf, idf)."""

    def __init__(self, texts: Sequence[str], base: Grams | None = None) -> None:
        """`base`: texts that come before these, and count with them in how rare a run is."""
        self._parts: tuple[_Runs, ...] = (*(base._parts if base is not None else ()), _Runs(texts))
        self._texts = sum(part.texts for part in self._parts)
        self._lengths = [part.lengths(self._idf(part.columns)) for part in self._parts]

    def _idf(self, columns: NDArray[np.int64]) -> NDArray[np.float64]:
        """The rarity of runs; one that no text has weighs as if one had it."""
        held = sum((part.holding(columns) for part in self._parts), np.zeros_like(columns))
        return _idf(np.maximum(held, 1), self._texts)

    def similar(self, text: str) -> NDArray[np.float32]:
        """(texts,): the cosine with each text, 0 to 1."""
        _, column = _runs([_folded(text)])
        asked, counts = np.unique(column, return_counts=True)
        if not len(asked):
            return np.zeros(self._texts, np.float32)
        idf = self._idf(asked)
        weights = (1 + np.log(counts)) * idf
        weights *= idf / np.sqrt((weights**2).sum())
        found = [
            part.products(asked, weights) / np.maximum(lengths, 1e-9)
            for part, lengths in zip(self._parts, self._lengths, strict=True)
        ]
        return np.concatenate(found).astype(np.float32)


def _at(columns: NDArray[np.int64], asked: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where each run asked for stands among sorted columns, and whether it does."""
    at = np.searchsorted(columns, asked)
    if not len(columns):
        return at, np.zeros(len(asked), np.bool_)
    at[at == len(columns)] = 0
    return at, columns[at] == asked


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


def hashed(texts: Sequence[str], width: int) -> NDArray[np.float32]:
    """(texts, width), each of length 1: runs of characters, told apart by their hash (log tf)."""
    row, column = _runs([_folded(text) for text in texts])
    found, counts = np.unique(row * width + column % width, return_counts=True)
    rows = np.zeros((len(texts), width), np.float32)
    rows.reshape(-1)[found] = 1 + np.log(counts)
    for one in rows:  # the same to the last bit as of a text alone
        one /= float(np.linalg.norm(one)) or 1.0
    return rows
