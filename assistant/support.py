"""How likely it is that the documents answer a question: what decides between answering and not.

A logistic regression over what the best sentence says of the question. Its weights come from
questions of ours, its threshold from each corpus's own questions (assistant.calibration).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import guardrails
from assistant.asking import STRICT, Asked, asking
from assistant.extractive import Candidate, expanded, says
from corpus import catalogue
from index.french import fold, tokens, words
from index.generation import Generation
from index.retrieval import Found, Retriever

# Fitted by benchmarks/support.py, 2026-11, on tests/quality/practice.jsonl, the `fit` half of
# questions.jsonl, the FAQ's questions with their own passage hidden, then with every passage of
# their facts hidden, and 500 questions of public sets about other things. Of practice questions
# whose best sentence is right 90 % stay when 52 % of those on the subject without an answer go
# (45 % with the four signs of before), 97 % of civic ones, 99 % of encyclopedic ones.
WEIGHTS = {
    "said": 1.79,
    "told": 0.12,
    "whole": 1.28,
    "defines": 1.32,
    "held": 0.37,
    "subject": 0.35,
    "bears": 0.37,
    "cosine": 2.29,
    "year": -3.1,
    "elsewhere": -0.47,
    "town": -1.59,
    "of": -0.6,
}
BIAS = -4.27
# For a generation that has too few questions of its own to fit one.
THRESHOLD = 0.35

_HERE = re.compile(
    r"\b(?:chez nous|ici|notre (?:ville|commune|bourg|com)|nos |du coin|"
    r"(?:dans|sur) (?:le|notre) (?:secteur|territoire)|la mairie)\b"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Town:
    """The words that name the town, then its intercommunality: one of a set is named when whole."""

    name: frozenset[str] = frozenset()
    others: tuple[frozenset[str], ...] = ()

    def named(self, question: Sequence[str]) -> bool:
        """Whether tokens name the town or its intercommunality."""
        return any(names and names <= set(question) for names in (self.name, *self.others))


def support(
    question: str, retriever: Retriever, found: Found, best: Candidate, town: Town
) -> float:
    """How likely it is that the best sentence answers the question: 0..1."""
    if asking(question).kind in STRICT and not best.bears:
        return 0.0
    given = signs(question, retriever, found, best, town)
    return 1 / (1 + math.exp(-BIAS - sum(WEIGHTS[name] * sign for name, sign in given.items())))


def signs(
    question: str, retriever: Retriever, found: Found, best: Candidate, town: Town
) -> dict[str, float]:
    """What speaks for the best sentence of a search, and against it, by name.

    `said`, `told` and `held` count the question's words (extractive.Candidate); `whole`, that all
    are said; `defines`, that the word asked about is explained; `subject`, that the question names
    the subject; `bears`, that the sentence bears the kind of thing asked for; `cosine`, how near
    their vectors are. Against: another `year`; a sentence true `elsewhere` too for a question
    about here; a `town` named and not said; what is asked for being `of` something not said.
    """
    query, passage, wanted = found.query, best.quote.passage, asking(question)
    text = best.quote.text
    held = expanded(f"{text} \n" + " \n".join(passage.headings), query)
    years, told = set(_YEAR.findall(query.text)), set(_YEAR.findall(f"{text} {passage.headings}"))
    here = town.named(query.tokens) or _HERE.search(fold(question)) is not None
    scope = retriever.generation.documents[passage.document_id].scope
    embedder = retriever.generation.embedder
    near = found.vector @ embedder.passages([" ".join(words(text))])[0]
    return {
        "said": math.log1p(best.said),
        "told": best.told,
        "whole": float(best.told > 0.99),
        "defines": float(best.bears and wanted.kind is Asked.MEANING),
        "held": math.log1p(found.held[best.rank]),
        "subject": float(guardrails.names_subject(query.text)),
        "bears": float(best.bears),
        "cosine": float(near),
        "year": float(bool(years) and not years & told),
        "elsewhere": float(here and scope == "national"),
        "town": float(bool(town.name) and town.name <= set(query.tokens) and not town.name <= held),
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
