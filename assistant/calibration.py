"""Where a corpus draws the line between answering and not, found at build from its own questions.

The FAQ's questions, each with its own passage hidden, are what residents ask and other passages
answer; questions that no such corpus answers are listed in out-of-scope.txt. The threshold keeps
most of the first, as far as it refuses most of the second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from assistant.context import Context
from assistant.deciding import refusals
from assistant.deciding.answerability import BIAS, THRESHOLD, WEIGHTS, town_of
from assistant.question.history import Message
from assistant.question.reading import read
from assistant.routes import Searched, search
from corpus.catalogue import Catalogue
from corpus.reading.entries import absences
from index.generation import Generation
from index.search.retriever import Retriever

OUT_OF_SCOPE = Path(__file__).parent / "deciding" / "out-of-scope.txt"

# The share of its own questions, rightly answered, that a corpus goes on answering; it may fall to
# the second figure, no lower, for the third of those out of scope to be refused.
KEPT, KEPT_AT_LEAST, REFUSED = 0.95, 0.9, 0.95
_ENOUGH = 50  # own questions rightly answered, for their shares to mean something


@dataclass(frozen=True, slots=True)
class Own:
    """A question of the corpus: the positions of its own passage, and of all that answers it."""

    question: str
    facts: frozenset[str]
    itself: frozenset[int]
    answering: frozenset[int]


def own_questions(generation: Generation) -> list[Own]:
    """The questions that the corpus asks itself, in its FAQ."""
    stating: dict[str, set[int]] = {}
    for position, passage in enumerate(generation.passages):
        for fact in passage.facts:
            stating.setdefault(fact, set()).add(position)
    return [
        Own(
            passage.headings[-1],
            frozenset(passage.facts),
            frozenset({position}),
            frozenset({position}.union(*(stating[fact] for fact in passage.facts))),
        )
        for position, passage in enumerate(generation.passages)
        if passage.form == "question"
    ]


def out_of_scope() -> list[str]:
    """Questions of ours that no corpus of the programme answers."""
    return OUT_OF_SCOPE.read_text(encoding="utf-8").splitlines()


class Calibration:
    """What a build asks of a generation before it is checked and named."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._absences = absences(catalogue)
        self._town = lru_cache(maxsize=1)(partial(town_of, catalogue.town))

    @property
    def digest(self) -> str:
        """Of all that the threshold depends on, besides the passages and the model."""
        said = [KEPT, KEPT_AT_LEAST, REFUSED, BIAS, *WEIGHTS.items(), *out_of_scope()]
        town = self._catalogue.town
        told = repr([said, sorted(self._absences), town.name, town.intercommunality])
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()

    def __call__(self, generation: Generation, *, progress: bool = False) -> dict[str, Any]:
        """The threshold, and what it keeps and refuses of how many questions."""
        retriever = Retriever(generation)

        def shown(listed: Iterable[Any], what: str) -> Iterable[Any]:
            return tqdm(listed, desc=what, unit="question", disable=not progress)

        right = []
        for one in shown(own_questions(generation), "Questions du corpus"):
            found = self.searched(retriever, one.question, hidden=one.itself)
            if found is not None and one.facts & stated(found) and not found.absent:
                right.append(found.likelihood)
        out = [
            found.likelihood if found is not None else 0.0
            for question in shown(out_of_scope(), "Questions hors sujet")
            if not refusals.refuse(question)
            for found in [self.searched(retriever, question)]
        ]
        return threshold(right, out)

    def searched(
        self,
        retriever: Retriever,
        question: str,
        history: Sequence[Message] = (),
        hidden: frozenset[int] = frozenset(),
    ) -> Searched | None:
        """What a search gives as the assistant would make it, but for the `hidden` passages.

        None when nothing in the question can be searched.
        """
        asked = read(question, history, retriever)
        if asked.is_empty:
            return None
        context = Context(
            retriever,
            absences=self._absences,
            town=self._town(retriever.generation),
            hidden=hidden,
        )
        return search(asked, context)


def stated(found: Searched) -> set[str]:
    """The facts of the best sentence of a search; none when it found nothing."""
    if not found.ranked:
        return set()
    quote = found.ranked[0].quote
    return {fact for span in quote.passage.spans_of(quote.start, quote.end) for fact in span.facts}


def threshold(right: Sequence[float], out: Sequence[float]) -> dict[str, Any]:
    """The likelihood under which nothing is answered.

    right   likelihoods of the corpus's own questions, those that are rightly answered
    out     likelihoods of questions out of scope
    """
    limit = THRESHOLD
    if len(right) >= _ENOUGH:
        keeping, least = (float(np.quantile(right, 1 - share)) for share in (KEPT, KEPT_AT_LEAST))
        refusing = float(np.nextafter(np.quantile(out, REFUSED), 1)) if len(out) else 0.0
        limit = max(keeping, min(refusing, least))
    return {
        "threshold": limit,
        "own": len(right),
        "kept": _share([value >= limit for value in right]),
        "out_of_scope": len(out),
        "refused": _share([value < limit for value in out]),
    }


def _share(counted: Sequence[bool]) -> float | None:
    return round(sum(counted) / len(counted), 4) if counted else None
