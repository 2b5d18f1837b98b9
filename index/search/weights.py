"""How much the vectors count beside the words: a default for each kind of model, or a choice.

The weight of the model that ships was measured. Nothing is known of a hub model: its weight is
chosen at build.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.encoder.embedding import Embedder, is_hub, is_static
from index.search.heldout import Probe
from index.search.retriever import WEIGHTS, Retriever

# For a hub model before anything is measured. None can be had where this was written: the best
# weight grows with how a model ranks alone beside the words (.60 of their nDCG -> .10 to .15,
# .75 -> .20, .93 -> .25 to .30: static models on piaf and spf, 2026-11), and the models that
# docs/operator.md speaks of are at par with BM25 or above.
ENCODER = 0.35
# For a mean of word vectors: .05 to .25 were within .002 of nDCG@10 of one another on piaf and spf.
STATIC = 0.2
# Never the larger part: a vector knows neither a name nor a number that it was not taught.
GRID = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)
ENOUGH = 50  # questions: with fewer, the default
_FOLDS = 5
_EVERY = 600  # passages: all that three searches of 200 can give
_CUT = 10


def share(vectors: float) -> dict[str, float]:
    """The weights when the vectors have this one: words and 4-grams keep their proportion."""
    lexical = WEIGHTS["words"] + WEIGHTS["grams"]
    shares = {name: (1 - vectors) * WEIGHTS[name] / lexical for name in ("words", "grams")}
    return {name: round(value, 4) for name, value in (shares | {"vectors": vectors}).items()}


def default(embedder: Embedder) -> dict[str, float]:
    """The weights of a kind of model before anything is measured."""
    if is_static(embedder):
        return share(STATIC)
    return share(ENCODER) if is_hub(embedder) else dict(WEIGHTS)


def choose(retriever: Retriever, probes: Sequence[Probe]) -> float:
    """The weight of a hub model's vectors that finds best, for questions held out of the corpus."""
    if len(probes) < ENOUGH:
        return ENCODER
    table = np.array([_row(retriever, probe) for probe in probes]).T
    return GRID[crossed(table, GRID.index(ENCODER))]


def _row(retriever: Retriever, probe: Probe) -> list[float]:
    """nDCG@10 of a question with each weight of GRID."""
    parts = {h.passage.id: h.parts for h in retriever.search(probe.question, _EVERY).hits}
    return [_ndcg(_ranked(parts, share(weight)), probe.passages) for weight in GRID]


def _ranked(parts: Mapping[str, Mapping[str, float]], weights: Mapping[str, float]) -> list[str]:
    scores = {id: sum(weights[name] * own[name] for name in weights) for id, own in parts.items()}
    return sorted(scores, key=lambda id: -scores[id])


def _ndcg(ranked: Sequence[str], relevant: Collection[str]) -> float:
    best = sum(1 / math.log2(rank + 2) for rank in range(min(_CUT, len(relevant))))
    found = enumerate(ranked[:_CUT])
    return sum(1 / math.log2(rank + 2) for rank, id in found if id in relevant) / best


def crossed(table: NDArray[np.float64], kept: int) -> int:
    """The choice that does best, when it does so on questions that it was not chosen on.

    table    (choices, questions): how well each choice does on each question

    Each fifth of the questions is judged by what the four others would choose. `kept` stays unless
    that gains over it more than one standard error: near the best, the curve is flat, and its top
    moves with the draw.
    """
    questions = np.arange(table.shape[1])
    gains = np.zeros(table.shape[1])
    for fold in range(_FOLDS):
        inside = questions % _FOLDS == fold
        choice = table[:, ~inside].mean(axis=1).argmax()
        gains[inside] = table[choice, inside] - table[kept, inside]
    error = gains.std(ddof=1) / len(gains) ** 0.5
    return int(table.mean(axis=1).argmax()) if gains.mean() > error else kept
