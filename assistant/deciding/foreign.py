"""The search for a question in English or Breton: in its own language, then in French.

Its own page is short: the question is also said in French words (bilingual) and searched among the
French passages, as a resident's would be. The page answers where it says what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.deciding.answerability import Town, support
from assistant.question.asking import Asking
from assistant.question.gloss import contents, gloss
from assistant.question.reading import Question
from assistant.quoting import ranking
from assistant.quoting.citations import Quote
from assistant.quoting.composing import compose
from assistant.quoting.ranking import Candidate
from index.questions.known import Known
from index.search.retriever import Found, Retriever

_SAME = 0.6  # « {123, 154} » and « {123} » share an acronym; « {56, 57} » and « {56, 57, 60} » all

_LESS = 0.2  # of likelihood: the page is shorter than what the French passages say


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search gave, and how likely it is that its best sentence answers: 0..1."""

    found: Found
    ranked: list[Candidate]
    likelihood: float


@dataclass(frozen=True, slots=True)
class Search:
    """A search of one generation, as the pipeline makes it."""

    retriever: Retriever
    absences: frozenset[str]
    town: Town
    without: frozenset[int]
    unknown: Callable[[Known], bool] | None = None

    def best(self, question: Question, threshold: float) -> Searched:
        """The page's own words where they say what the French found says; else the surer of both.

        threshold   likelihood from which a sentence answers
        """
        language = question.language
        vocabulary = self.retriever.generation.vocabulary
        asked = question.asking
        alone = question.alone
        french = self._search(gloss(alone, language, vocabulary), asked, "fr", alone)
        short = Asking(alone, asked.kind)
        own = self._search(contents(alone, language), short, language, alone)
        if french.likelihood < threshold:
            return own if own.likelihood >= french.likelihood else french
        beside = self.retriever.generation.beside
        worth = partial(support, asked, self.retriever, french.found, town=self.town)
        quotes = compose(french.ranked, asked, french.found.query, beside, worth)
        same = _saying([c for c in own.ranked if not c.absence], quotes)
        if same:
            return replace(own, ranked=same, likelihood=french.likelihood)
        sure = own.likelihood >= max(threshold, french.likelihood - _LESS)
        return own if sure and _agree(own.ranked[0], quotes) else french

    def _search(self, text: str, wanted: Asking, language: str, spoken: str) -> Searched:
        found = self.retriever.search(
            text, language=language, without=self.without, unknown=self.unknown, spoken=spoken
        )
        found = _speaking(found, language, self.retriever)
        if not found.query.tokens:  # « how much? » names nothing
            return Searched(found, [], 0.0)
        ranked = ranking.candidates(
            wanted,
            found,
            self.retriever.rarity,
            partial(self.retriever.nearness, found.vector),
            self.absences,
            french=False,
        )
        worth = support(wanted, self.retriever, found, ranked, self.town) if ranked else 0.0
        return Searched(found, ranked, worth)


def _saying(ranked: Sequence[Candidate], quotes: Sequence[Quote]) -> list[Candidate]:
    """The sentences that state the facts of the quotations, in their order; none without the first.

    The fiches number what they state: two sentences with the same facts say the same thing; not
    two that say that something was not found, for one number stands for several such things.
    """
    said: list[Candidate] = []
    for quote in quotes:
        alike = max(ranked, key=lambda c: _alike(c.quote, quote), default=None)
        if alike is None or _alike(alike.quote, quote) < _SAME:
            if not said:
                return []
        elif alike not in said:
            said.append(alike)
    return said


def _agree(best: Candidate, quotes: Sequence[Quote]) -> bool:
    """Whether one of the quotations states what a sentence does, or none can tell."""
    alike = any(_alike(best.quote, quote) >= _SAME for quote in quotes)
    return alike or best.absence or not best.quote.facts


def _alike(one: Quote, other: Quote) -> float:
    """How far two sentences state the same facts (a Jaccard): 0..1, 0 where none is numbered."""
    mine, theirs = one.facts, other.facts
    return len(mine & theirs) / (len(mine | theirs) or 1)


def _speaking(found: Found, language: str, retriever: Retriever) -> Found:
    """What was found in one language only."""
    documents = retriever.generation.documents
    kept = [
        position
        for position, hit in enumerate(found.hits)
        if documents[hit.passage.document_id].language == language
    ]
    return replace(
        found,
        hits=tuple(found.hits[position] for position in kept),
        held=tuple(found.held[position] for position in kept),
    )
