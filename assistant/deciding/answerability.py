"""How likely it is that the documents answer a question: what decides between answering and not.

A logistic regression over what the best sentence says of the question. Its weights come from
questions of ours, its threshold from each corpus's own questions (assistant.calibration).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.question import places
from assistant.question.asking import STRICT, Asked, Asking
from assistant.question.names import names
from assistant.question.subject import names_subject
from assistant.quoting.ranking import Candidate, expanded, says
from corpus import catalogue
from index.conventions.names import Named
from index.french.analysis import tokens
from index.generation import Generation
from index.search.retriever import Found, Retriever

# Fitted by benchmarks/support.py, 2026-11, on tests/quality/practice.jsonl, the `fit` half of
# questions.jsonl, the FAQ's questions with their own passage hidden, then with every passage of
# their facts hidden, and 500 questions of public sets about other things. Of practice questions
# whose best sentence is right 95 % stay when 54 % of those on the subject without an answer go
# (40 % before names, places and 4-grams were looked at), 82 % of civic ones (85 % before) and 95 %
# of encyclopedic ones (95 %).
WEIGHTS = {
    "said": 2.07,
    "whole": 1.15,
    "defines": 1.44,
    "subject": 0.37,
    "named": 2.42,
    "bears": 0.53,
    "counted": 1.01,
    "near": 2.66,
    "grams": 1.11,
    "vectors": -1.23,
    "year": -2.85,
    "town": -0.56,
    "place": -1.18,
    "name": -1.19,
    "of": -0.88,
}
BIAS = -8.01
# For a generation that has too few questions of its own to fit one.
THRESHOLD = 0.35
# For what a question names itself: a part of a convention, and the field asked of it. Half of its
# words at least are said there: the others may be those of something else.
_SURE, _TOLD = 0.95, 0.5


@dataclass(frozen=True, slots=True)
class Town:
    """The words that name the town, then its intercommunality: one of a set is named when whole."""

    name: frozenset[str] = frozenset()
    others: tuple[frozenset[str], ...] = ()

    def named(self, question: Sequence[str]) -> bool:
        """Whether tokens name the town or its intercommunality."""
        return any(names and names <= set(question) for names in (self.name, *self.others))


def support(
    wanted: Asking, retriever: Retriever, found: Found, best: Candidate, town: Town
) -> float:
    """How likely it is that the best sentence answers the question: 0..1."""
    if wanted.kind in STRICT and not best.bears:
        return 0.0
    if _is_named(found.query.named, best):
        return _SURE
    given = signs(wanted, retriever, found, best, town)
    return 1 / (
        1 + math.exp(-BIAS - sum(WEIGHTS.get(name, 0) * sign for name, sign in given.items()))
    )


def _is_named(wanted: Named, best: Candidate) -> bool:
    """Whether the sentence is what the question names of a convention: « l'article 4 »."""
    return best.fits and (best.told >= _TOLD or bool(wanted.parts and wanted.fields))


def signs(
    wanted: Asking, retriever: Retriever, found: Found, best: Candidate, town: Town
) -> dict[str, float]:
    """What speaks for the best sentence of a search, and against it, by name.

    What is not of the sentence itself (extractive.Candidate): `whole`, that all the question's
    words are said; `defines`, that the word asked about is explained; `subject`, that the question
    names the subject; `vectors`, how near the nearest passage is. Against: another `year`; our
    `town`, a `place` or another proper `name` that is named and not said; what is asked for being
    `of` something not said.
    """
    query, passage = found.query, best.quote.passage
    text = best.quote.text
    held = expanded(f"{text} \n" + " \n".join(passage.headings), query)
    return {
        "said": math.log1p(best.said),
        "whole": float(best.told > 0.99),
        "defines": float(best.bears and wanted.kind is Asked.MEANING),
        "subject": float(names_subject(query.text)),
        "named": best.named,
        "bears": float(best.bears),
        "counted": best.counted,
        "near": best.near,
        "grams": best.grams,
        "vectors": found.strengths.get("vectors", 0.0),
        "year": float(best.elsewhen),
        "town": float(bool(town.name) and town.name <= set(query.tokens) and not town.name <= held),
        "place": float(any(not held.issuperset(tokens(p)) for p in places.named(query.text))),
        "name": float(any(not says(name, held) for name in names(query.text))),
        "of": float(any(not says(token, held) for token in wanted.of)),
    }


def town_of(town: catalogue.Town, generation: Generation) -> Town:
    """The town's words and its intercommunality's, with the acronym that the corpus gives it."""
    whole = frozenset(tokens(town.intercommunality))
    short = [
        frozenset({acronym})
        for acronym, meaning in generation.acronyms.items()
        if whole and set(tokens(meaning)) >= whole
    ]
    return Town(frozenset(tokens(town.name)), (whole, *short))
