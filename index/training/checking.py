"""What a model is worth: the right sentence chosen, near misses told, nothing forgotten.

A model is anything with `questions(texts)` and `sentences(texts)`: the one that ships, or the same
in torch before it is rounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import ir_measures
import numpy as np
from ir_measures import nDCG
from numpy.typing import NDArray

from index.measuring.judged import Folder
from index.questions.known import Known, KnownQuestions
from index.training import bert
from index.training.lessons import Lessons, Question, Sentence
from index.training.tuning import PASSAGE, QUERY

AMONG = 8  # sentences among which a right one is looked for


class Model(Protocol):
    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def sentences(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class InTorch:
    """A trained folder before it is rounded, as a Model."""

    coder: bert.Coder

    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.coder.encode([QUERY + text for text in texts], 128)

    def sentences(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.coder.encode([PASSAGE + text for text in texts], 128)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.coder.encode([PASSAGE + text for text in texts], 256)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Shares of `asked` questions: a right sentence first, and one among the first eight."""

    asked: int
    first: float
    among: float


def chosen(
    model: Model, questions: Sequence[Question], sentences: Sequence[Sentence]
) -> dict[str, Chosen]:
    """Whether the nearest sentence states a fact asked for: by register, and "all"."""
    asked = [question for question in questions if question.answered]
    rows = model.sentences([sentence.text for sentence in sentences])
    scores = model.questions([question.text for question in asked]) @ rows.T
    order = np.argsort(-scores, axis=1)[:, :AMONG]
    right = np.array(
        [
            [bool(sentences[at].facts & question.facts) for at in ranked]
            for question, ranked in zip(asked, order, strict=True)
        ]
    )
    groups = {"all": np.ones(len(asked), bool)}
    for name in sorted({question.register for question in asked}):
        groups[name] = np.array([question.register == name for question in asked])
    return {
        name: Chosen(
            int(rows.sum()), float(right[rows, 0].mean()), float(right[rows].any(1).mean())
        )
        for name, rows in groups.items()
        if rows.any()
    }


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the known questions say of others: `fact` the share whose heaviest fact is asked for,
    `three` one of the three heaviest; the rest are AUROC, answered against near misses."""

    asked: int
    fact: float
    three: float
    by_misses: float
    by_difference: float


def recognised(model: Model, known: Lessons, asked: Lessons) -> Recognised:
    """Ask the known questions about others, near misses among both."""
    texts = [question.text for question in known.questions]
    store = KnownQuestions(
        [Known(q.text, tuple(sorted(q.facts)), q.answered) for q in known.questions],
        model.questions(texts),
    )
    vectors = model.questions([question.text for question in asked.questions])
    said = [
        store.like(question.text, vector)
        for question, vector in zip(asked.questions, vectors, strict=True)
    ]
    answered = np.array([question.answered for question in asked.questions])
    right = np.array(
        [
            [fact in question.facts for fact in (*list(likeness.facts)[:3], "", "", "")[:3]]
            for question, likeness in zip(asked.questions, said, strict=True)
        ]
    )[answered]
    return Recognised(
        int(answered.sum()),
        float(right[:, 0].mean()),
        float(right.any(1).mean()),
        auroc(np.array([-one.misses for one in said]), answered),
        auroc(np.array([one.best - one.best_miss for one in said]), answered),
    )


def auroc(scores: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """How often a right one scores over a wrong one; ties count for half."""
    _, at, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts)[at] - (counts[at] - 1) / 2
    rights = int(right.sum())
    over = ranks[right].sum() - rights * (rights + 1) / 2
    return float(over / (rights * (len(right) - rights)))


def retrieved(model: Model, folder: Folder) -> float:
    """nDCG@10 of the vectors alone on a judged set (index.measuring.judged)."""
    judged = folder.judged
    passages = model.passages([passage.searched() for passage in folder.passages])
    asked = model.questions([question.text for question in judged.questions])
    units = [judged.unit(passage.id) for passage in folder.passages]
    run: dict[str, dict[str, float]] = {}
    for question, vector in zip(judged.questions, asked, strict=True):
        scores = passages @ vector
        best: dict[str, float] = {}
        for at in np.argsort(-scores)[:200]:
            best.setdefault(units[at], float(scores[at]))
        run[question.id] = best
    relevant: Mapping[str, Mapping[str, int]] = judged.relevant
    return float(ir_measures.calc_aggregate([nDCG @ 10], relevant, run)[nDCG @ 10])


def fidelity(one: NDArray[np.float32], other: NDArray[np.float32]) -> tuple[float, float]:
    """The mean and the least cosine of the same texts' vectors by two models."""
    cosines = (one * other).sum(axis=1)
    return float(cosines.mean()), float(cosines.min())
