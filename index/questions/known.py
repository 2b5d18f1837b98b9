"""Which known questions are like the one asked, and which facts they ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.questions.grams import Grams

# Found on 457 questions kept from training, confirmed on 457 others, against 6,445 known ones
# (2026-11-30): the heaviest fact is asked for in .774 and .788 of them, near misses are told with
# an AUROC of .834 and .863. Cosine .6 gives .753, .785, .839 and .859; alone, .769 and .772.
COSINE = 0.7  # of the vectors' cosine in the similarity; the rest is that of the characters
_LEFT_OUT = -1.0  # the similarity of what a measure leaves out: under any other
NEAREST = 30  # ten lose 5 points of the near misses' AUROC
UNLIKE, _ALIKE = 0.45, 0.4  # similarity under which nothing counts; above it, until all does
SHARP = 12.0  # how much more the nearest weighs: e^(SHARP x what it is more similar by)


@dataclass(frozen=True, slots=True)
class Known:
    """A question that was written down. Of a near miss (`answered` false), `facts` are those it
    brushes past without asking for them. A fact is a number, or a sentence of a passage
    (Passage.sentence)."""

    text: str
    facts: tuple[str, ...]
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Near:
    """A known question and how like the asked one it is: both parts, and their sum by weight."""

    known: Known
    similarity: float
    cosine: float
    characters: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the nearest known questions say of the one asked.

    `facts` gives each fact they ask for its weight, the greatest first, 0 to 1: shares of the
    weight of all that are near, near misses included. `misses` is the near misses' share. `best`
    and `best_miss` are the similarity of the nearest of each kind, 0 when none is near. `asked` is
    how many known questions ask for each fact, like this one or not: of a fact that nobody asked
    for, that none is like this one says nothing.
    """

    near: tuple[Near, ...]
    facts: Mapping[str, float]
    misses: float
    best: float
    best_miss: float
    asked: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def sure(self) -> float:
        """How far what is said here counts, 0 to 1: little when no known question is like it."""
        return min(max((self.best - UNLIKE) / _ALIKE, 0.0), 1.0) ** 2


NOTHING = Likeness((), {}, 0.0, 0.0, 0.0)


class KnownQuestions:
    """Known questions with their vectors, as the encoder of the generation gives them."""

    def __init__(
        self,
        questions: Sequence[Known],
        vectors: NDArray[np.float32],
        base: KnownQuestions | None = None,
    ) -> None:
        """`vectors` is (len(questions), dim), each row of length 1; those of `base` come before."""
        if len(questions) != len(vectors):
            raise ValueError(f"{len(questions)} questions, {len(vectors)} vectors")
        own = np.ascontiguousarray(vectors, np.float32)
        self.questions: tuple[Known, ...] = (*(base.questions if base else ()), *questions)
        self._vectors: tuple[NDArray[np.float32], ...] = (*(base._vectors if base else ()), own)
        self._grams: Grams = Grams([q.text for q in questions], base._grams if base else None)
        self._asked = _asked(self.questions)
        self._texts = frozenset(question.text for question in questions)
        self._base = base

    def holds(self, text: str) -> bool:
        """Whether a question is one of these, word for word."""
        return text in self._texts or (self._base is not None and self._base.holds(text))

    def vectors(self) -> dict[str, NDArray[np.float32]]:
        """The vector of each question, by its words."""
        rows = chain.from_iterable(self._vectors)
        return {known.text: row for known, row in zip(self.questions, rows, strict=True)}

    def like(
        self,
        text: str,
        vector: NDArray[np.float32],
        nearest: int = NEAREST,
        without: Callable[[Known], bool] | None = None,
    ) -> Likeness:
        """The known questions most like the one asked, the most similar first.

        without    which of them a measure leaves out
        """
        if not self.questions:
            return NOTHING
        cosines = np.concatenate([rows @ vector for rows in self._vectors])
        characters = self._grams.similar(text)
        scores = COSINE * cosines + (1 - COSINE) * characters
        asked = self._asked
        if without is not None:
            left_out = [without(known) for known in self.questions]
            scores[left_out] = _LEFT_OUT
            asked = _asked([k for k, out in zip(self.questions, left_out, strict=True) if not out])
        count = min(nearest, len(scores))
        rows = np.argpartition(-scores, count - 1)[:count]
        rows = rows[np.lexsort((rows, -scores[rows]))]
        rows = rows[scores[rows] > _LEFT_OUT]
        near = tuple(
            Near(self.questions[row], float(scores[row]), float(cosines[row]), float(chars))
            for row, chars in zip(rows.tolist(), characters[rows], strict=True)
        )
        return replace(weighed(near), asked=asked)


def weighed(near: Sequence[Near]) -> Likeness:
    """Weigh the facts of the nearest questions, given the most similar first."""
    if not near:
        return NOTHING
    weights = np.exp(SHARP * (np.array([one.similarity for one in near]) - near[0].similarity))
    weights /= weights.sum()
    facts: dict[str, float] = {}
    misses = 0.0
    for one, weight in zip(near, weights.tolist(), strict=True):
        if not one.known.answered:
            misses += weight
            continue
        for fact in one.known.facts:
            facts[fact] = facts.get(fact, 0.0) + weight
    ordered = dict(sorted(facts.items(), key=lambda item: -item[1]))
    return Likeness(tuple(near), ordered, misses, _best(near, True), _best(near, False))


def _asked(questions: Sequence[Known]) -> dict[str, int]:
    return dict(Counter(fact for known in questions if known.answered for fact in known.facts))


def _best(near: Sequence[Near], answered: bool) -> float:
    return next((one.similarity for one in near if one.known.answered == answered), 0.0)
