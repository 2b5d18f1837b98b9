"""`python -m assistant.learning.asked`: makes asking.onnx, and prints how well it did.

Taught by the questions of data/asked.jsonl, whose kinds were told by reading them; measured on
those of a fifth of the facts, by what the others taught.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from assistant.learning.export import write
from assistant.question.asking import CLOSED, LISTING, MODEL, Asked
from assistant.question.hearing import signs
from index.encoder.running import shared

_DATA = Path(__file__).parent / "data" / "asked.jsonl"
_APART = 5  # one fact in so many is kept apart
_STRENGTH, _ITERATIONS = 40.0, 3000


def main() -> None:
    """Read, fit, write, print."""
    lines = [json.loads(line) for line in _DATA.read_text(encoding="utf-8").splitlines()]
    texts = [line["question"] for line in lines]
    vectors = shared().questions(texts)
    x = sparse.csr_matrix(np.array(list(map(signs, texts, vectors))))
    apart = np.array([zlib.crc32(line["fact"].encode()) % _APART == 0 for line in lines])
    registers = np.array([line["register"] for line in lines])
    weights, bias = [], []
    for what, labels in (("kind", list(Asked)), (CLOSED, [True]), (LISTING, [True])):
        told = np.array([what in line for line in lines])
        y = np.array([line.get(what) for line in lines])
        model = _fitted(x, y, told & ~apart)
        part = np.flatnonzero(told & apart)
        _print(what, model.predict(x[part]), y[part], registers[part])
        model = _fitted(x, y, told)
        order = [0] if len(labels) == 1 else [list(model.classes_).index(k) for k in labels]
        weights.append(model.coef_[order].T)
        bias.append(model.intercept_[order])
    digest = write(
        MODEL,
        [f"sign {n}" for n in range(x.shape[1])],
        [*Asked, CLOSED, LISTING],
        [(np.hstack(weights), np.concatenate(bias))],
    )
    print(f"{MODEL.stat().st_size} bytes, digest {digest}")


def _fitted(
    x: sparse.csr_matrix, y: NDArray[np.object_], part: NDArray[np.bool_]
) -> LogisticRegression:
    rows = np.flatnonzero(part)
    labels = y[rows].tolist()
    return LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS).fit(x[rows], labels)


def _print(
    what: str, given: NDArray[np.object_], right: NDArray[np.object_], registers: NDArray[np.str_]
) -> None:
    print(f"{what}: {np.mean(given == right):.3f} of {len(right)} kept apart")
    for label in sorted({*right} - {False}):
        said, meant = given == label, right == label
        found = np.mean(given[meant] == label)
        sure = np.mean(right[said] == label) if said.any() else 0.0
        print(f"  {label}: {found:.2f} of {meant.sum()} found, {sure:.2f} of {said.sum()} right")
    if what == "kind":
        for register in sorted({*registers}):
            part = registers == register
            print(f"  {register}: {np.mean(given[part] == right[part]):.3f} of {part.sum()}")


if __name__ == "__main__":
    main()
