"""`python -m assistant.learning.orders [PAIRS.jsonl]`: makes orders.onnx, prints how well it did.

Taught by the orders and the innocent texts of data/orders.jsonl, and, for what gives none, by the
fiches that ship, the invented towns of data/towns and half of the public passages of PAIRS that
weights may be trained on. All of it French, as what it judges. Measured on kinds of texts, on a
hand and on published texts that what measures them was not taught.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from assistant.learning import examples
from assistant.learning.export import write
from corpus.reading.html import pages
from index.safety.orders import LABELS, MODEL, units, vectors, words
from index.training.lessons import OPEN, documents

_DATA = Path(__file__).parent / "data"
_STRENGTH = 5.0  # of the regression
_TAKEN = 1 / 4000  # of published sentences, those at the line: so few that it moves with each
# Over that line: a page's own words are worth more than an order. 1 less takes 23 of the 6,046
# passages of service-public.fr, some on costs, and 11 more orders of 110 (2026-11).
_MARGIN = 1.3
_PASSED = 0.99  # of the orders over that line, those that the words alone leave in doubt
_READ = 3000  # public sentences taught
_SEED = 1

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Taught:
    """A sentence, and the text it is of: `kind` is the author's, "" for published text."""

    unit: str
    order: bool
    text: str
    kind: str = ""
    hand: int = 0

    @property
    def fold(self) -> int:
        """All sentences of a kind are in one, or of a published text."""
        return zlib.crc32((self.kind or self.text).encode()) % examples.FOLDS


def _read() -> list[dict[str, Any]]:
    lines = (_DATA / "orders.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def texts() -> frozenset[str]:
    """All that was written to teach it."""
    return frozenset(said["text"] for said in _read())


def _ours() -> Iterator[Taught]:
    for said in _read():
        for unit in dict.fromkeys(units(said["text"])):
            yield Taught(unit, said["order"], said["text"], said["kind"], said["hand"])


def _published(paths: Sequence[Path]) -> Iterator[Taught]:
    read = [
        *documents(),
        *(
            pages.read(
                path.read_bytes(), id=path.stem, url=None, publisher="", licence="", fetched=""
            )
            for path in sorted((_DATA / "towns" / "pages").glob("*.html"))
        ),
    ]
    texts = [text for d in read for s in d.sections for text in (s.text, *s.headings)]
    for text in dict.fromkeys(texts):
        yield from (Taught(unit, False, text) for unit in units(text))
    passages = {
        pair["passage"]: None
        for path in paths
        for pair in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if pair["source"] in OPEN and not is_measured(pair["passage"])
    }
    shuffled = sorted(passages, key=lambda text: zlib.crc32(text.encode()[::-1]))
    yield from [Taught(unit, False, text) for text in shuffled for unit in units(text)][:_READ]


def is_measured(text: str) -> bool:
    """Whether a public text is of the half that is never taught."""
    return zlib.crc32(text.encode()) % 2 == 1


def _rows(taught: Sequence[Taught]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """What the encoder makes of each, and its words."""
    said = sparse.vstack([sparse.csr_matrix(words([each.unit])) for each in taught])
    return sparse.csr_matrix(vectors([each.unit for each in taught])), said.tocsr()


def _fit(
    x: sparse.csr_matrix, taught: Sequence[Taught], part: NDArray[np.intp]
) -> tuple[Matrix, float]:
    """Weights and bias. Of the sentences of an order only the likeliest is said to give it: nobody
    said which does."""
    alone = _count(taught)
    sure = np.array([at for at in part if not taught[at].order or alone[taught[at].text] == 1])
    weights, bias = _regression(x[sure], [taught[at].order for at in sure])
    scores = x @ weights + bias
    best: dict[str, int] = {}
    for at in part.tolist():
        one = taught[at]
        if one.order and (one.text not in best or scores[at] > scores[best[one.text]]):
            best[one.text] = at
    kept = [at for at in part.tolist() if not taught[at].order or best[taught[at].text] == at]
    return _regression(x[kept], [taught[at].order for at in kept])


def _count(taught: Sequence[Taught]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in taught:
        found[each.text] = found.get(each.text, 0) + 1
    return found


def _regression(x: sparse.csr_matrix, y: Sequence[bool]) -> tuple[Matrix, float]:
    model = LogisticRegression(
        C=_STRENGTH, solver="liblinear", dual=True, random_state=_SEED, max_iter=200
    )
    fitted = model.fit(x, np.array(y))
    weights: Matrix = fitted.coef_[0]
    return weights, float(fitted.intercept_[0])


def _apart(x: sparse.csr_matrix, taught: Sequence[Taught], groups: NDArray[np.intp]) -> Matrix:
    """The score of each by a model that was taught none of its group."""
    scores = np.full(len(taught), -np.inf)
    for group in np.unique(groups):
        weights, bias = _fit(x, taught, np.flatnonzero(groups != group))
        rest = np.flatnonzero(groups == group)
        scores[rest] = x[rest] @ weights + bias
    return scores


def _told(taught: Sequence[Taught], scores: Matrix, line: float) -> dict[str, float]:
    """Of the orders and the innocent texts of each hand, those with a sentence over the line, and
    of published sentences."""
    over: dict[tuple[str, str], bool] = {}
    for each, score in zip(taught, scores.tolist(), strict=True):
        name = f"{'orders' if each.order else 'innocent'} of hand {each.hand}"
        key = (name, each.text) if each.kind else ("published sentences", each.unit)
        over[key] = over.get(key, False) or score >= line
    names = sorted({name for name, _ in over})
    return {
        name: round(float(np.mean([held for key, held in over.items() if key[0] == name])), 5)
        for name in names
    }


def main() -> None:
    """Read, fit, write, print."""
    taught = [*_ours(), *_published([Path(path) for path in sys.argv[1:]])]
    vector, said = _rows(taught)
    whole = sparse.hstack([vector, said]).tocsr()
    folds = np.array([each.fold for each in taught])
    scores, by_words = _apart(whole, taught, folds), _apart(said, taught, folds)
    published = np.array([not each.kind for each in taught])
    line = float(np.quantile(scores[published], 1 - _TAKEN)) + _MARGIN
    over = np.array([each.order for each in taught]) & (scores >= line)
    doubt = float(np.quantile(by_words[over], 1 - _PASSED))
    print("by kinds", json.dumps(_told(taught, scores, line)))
    # Published texts are taught to both: their lines are of folds.
    hands = np.array([each.hand or 1 + each.fold % 3 for each in taught])
    print("by hands", json.dumps(_told(taught, _apart(whole, taught, hands), line)))
    print("left to the encoder", float((by_words >= doubt)[published].mean()))
    every = np.arange(len(taught))
    weights, bias = _fit(whole, taught, every)
    alone, start = _fit(said, taught, every)
    blank = np.zeros(vector.shape[1])
    matrix = np.column_stack([np.concatenate([blank, alone]), weights])
    signs = [f"vector {n}" for n in range(vector.shape[1])]
    signs += [f"word {n}" for n in range(said.shape[1])]
    starts = np.array([start - doubt, bias - line])
    digest = write(MODEL, signs, LABELS, [(matrix, starts)])
    print(f"{len(taught)} sentences, {MODEL.stat().st_size} bytes, digest {digest}")


if __name__ == "__main__":
    main()
