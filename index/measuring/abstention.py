"""Whether the search knows when nothing answers: its confidence, inside and outside its subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from index.measuring.judged import Judged
from index.search.retriever import Found, Retriever

KEPT = 0.95  # the share of the questions inside that must still be answered

Confidence = Callable[[Found], float]


@dataclass(frozen=True, slots=True)
class Separation:
    """How one group of questions that nothing answers stands apart from those inside.

    `auroc`: how often one of the group gets a lower confidence than one inside, a tie counting
    half. `refused`: the share of the group refused when KEPT of those inside are not.
    """

    name: str
    questions: int
    auroc: float
    refused: float


def inside(judged: Judged, retriever: Retriever, confidence: Confidence) -> list[float]:
    """The confidence of each question of the set."""
    return outside([question.text for question in judged.questions], retriever, confidence)


def outside(
    questions: Sequence[str],
    retriever: Retriever,
    confidence: Confidence,
    *,
    progress: bool = False,
) -> list[float]:
    """The confidence of questions that the set does not answer, in their order."""
    return [
        confidence(retriever.search(question, language="fr"))
        for question in tqdm(questions, desc="Hors sujet", unit="question", disable=not progress)
    ]


def removed(
    judged: Judged, retriever: Retriever, confidence: Confidence, *, progress: bool = False
) -> list[float]:
    """The confidence of the set's questions, each asked with all that is relevant to it hidden."""
    where: dict[str, list[int]] = {}
    for position, passage in enumerate(retriever.generation.passages):
        where.setdefault(judged.unit(passage.id), []).append(position)
    confidences = []
    asked = tqdm(judged.questions, desc="Réponse cachée", unit="question", disable=not progress)
    for question in asked:
        grades = judged.relevant[question.id]
        hidden = [row for unit, grade in grades.items() if grade > 0 for row in where.get(unit, [])]
        found = retriever.search(question.text, language="fr", without=hidden)
        confidences.append(confidence(found))
    return confidences


def separation(name: str, inside: Sequence[float], outside: Sequence[float]) -> Separation:
    """How `outside` stands apart; neither is empty."""
    kept, group = np.sort(inside), np.asarray(outside)
    below = np.searchsorted(kept, group, side="right")  # of those inside, at or under each
    under = np.searchsorted(kept, group, side="left")
    wins = len(kept) - (below + under) / 2
    threshold = kept[int(round((1 - KEPT) * len(kept), 9))]
    return Separation(
        name,
        len(group),
        float(wins.mean() / len(kept)),
        float((group < threshold).mean()),
    )
