"""Vectors of the text that ships, by digest: a build from nothing need not compute them again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

FILE = "vectors.npz"  # in the model's folder; the digest of the model does not cover it

_DIGEST_BYTES = 8  # a text asked of ten thousand kept is taken for another once in 10^15


class Shipped:
    """Vectors kept by the digest of the text they were computed from, its prefix included.

    A number takes a byte, with a scale a vector: the cosine with what was computed is over .9999.
    """

    def __init__(
        self,
        model: str,
        digests: NDArray[np.uint64],
        rows: NDArray[np.int8],
        scales: NDArray[np.float32],
    ) -> None:
        """`digests` are sorted; `model` is the digest of the one that computed the vectors."""
        self.model = model
        self._digests = digests
        self._rows = rows
        self._scales = scales

    def __len__(self) -> int:
        return len(self._digests)

    def of(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """(vectors, which texts have one): (len(texts), dim), rows of zeros for the others."""
        vectors = np.zeros((len(texts), self._rows.shape[1]), np.float32)
        known = np.zeros(len(texts), np.bool_)
        if not texts or not len(self):
            return vectors, known
        asked = _digests(texts)
        at = np.searchsorted(self._digests, asked)
        at[at == len(self._digests)] = 0
        known = self._digests[at] == asked
        found = self._rows[at[known]].astype(np.float32) * self._scales[at[known], None]
        vectors[known] = found / np.linalg.norm(found, axis=1, keepdims=True)
        return vectors, known

    def write(self, path: Path) -> None:
        np.savez_compressed(
            path,
            model=np.array(self.model),
            digests=self._digests,
            rows=self._rows,
            scales=self._scales,
        )


def keep(model: str, texts: Iterable[str], vectors: NDArray[np.float32]) -> Shipped:
    """What is to ship: each text, prefix included, with its vector of length 1."""
    digests = _digests(list(texts))
    _, first = np.unique(digests, return_index=True)
    scales = np.abs(vectors[first]).max(axis=1) / 127
    rows = np.rint(vectors[first] / scales[:, None]).astype(np.int8)
    return Shipped(model, digests[first], rows, scales.astype(np.float32))


def read(path: Path, model: str) -> Shipped | None:
    """The vectors of a file, None when it is not there or another model computed them.

    A file that cannot be read counts as none: what it holds is computed again, which is slower
    and no less right.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            if str(held["model"]) != model:
                return None
            return Shipped(model, held["digests"], held["rows"], held["scales"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _digests(texts: Sequence[str]) -> NDArray[np.uint64]:
    joined = b"".join(
        hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest() for text in texts
    )
    return np.frombuffer(joined, "<u8").astype(np.uint64)
