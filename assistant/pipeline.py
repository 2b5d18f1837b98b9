"""A question's way: one ordered list of steps, read top to bottom.

A step fills the turn in, or sets `turn.outcome` to end it. `turn.emit` is the only way anything is
shown, and only what `verify` passed is emitted.
"""

from __future__ import annotations

import logging
import math
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant import extractive, guardrails, messages
from assistant.answers import CITING, Answer, Citation, Outcome, Sentence
from assistant.asking import STRICT, Asked, asking
from assistant.citations import Quote, cite, verify
from assistant.extractive import Candidate
from assistant.languages import language
from assistant.rewriting import Message, stand_alone
from corpus.catalogue import Contact
from index.french import is_article, words
from index.retrieval import Found, Retriever

log = logging.getLogger(__name__)

Emit = Callable[[str, Mapping[str, Any]], None]

# Under this likelihood that the documents answer, nothing is answered.
SUPPORT = 0.36
_NEAREST = 2


def silent(event: str, data: Mapping[str, Any]) -> None:
    """Emit to nobody: the caller reads the answer when it is whole."""


@dataclass(slots=True)
class Turn:
    """One question on its way to an answer."""

    question: str
    retriever: Retriever
    history: Sequence[Message] = ()
    contact: Contact | None = None
    absences: frozenset[str] = frozenset()
    emit: Emit = silent

    language: str = "fr"
    searched: str = ""
    asking: str = ""  # the words that say which kind of thing is asked for
    found: Found | None = None
    ranked: list[Candidate] = field(default_factory=list)
    draft: tuple[Quote, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    outcome: Outcome | None = None
    message: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    def end(self, outcome: Outcome, message: str | None = None) -> None:
        """End the turn; the message is the outcome's own unless given."""
        self.outcome = outcome
        self.message = messages.MESSAGES[outcome] if message is None else message

    def answer(self) -> Answer:
        """The answer of an ended turn. An ending without outcome is a bug: it raises here."""
        if self.outcome is None:
            raise RuntimeError("the steps ended without an outcome")
        citing = self.outcome in CITING
        said = _joined(self.sentences) if citing else ""
        return Answer(
            id=uuid.uuid4().hex,
            outcome=self.outcome,
            text="\n".join(part for part in (self.message, said) if part),
            sentences=self.sentences if citing else (),
            citations=self.citations if citing else (),
            nearest=self.nearest,
            contact=None if self.outcome in _CONTENT else self.contact,
            question=self.searched or self.question,
            language=self.language,
            generation=self.retriever.generation.number,
            seconds=dict(self.seconds),
        )


_CONTENT = frozenset({Outcome.ANSWERED, Outcome.GREETING, Outcome.DISTRESS})

Step = Callable[[Turn], None]


def refuse(turn: Turn) -> None:
    """End what is no question for us, before any search."""
    turn.question = guardrails.tidy(turn.question)
    greeted = guardrails.greet(turn.question)
    if greeted is not None:
        outcome, which = greeted
        fixed = {"thanks": messages.THANKS, "goodbye": messages.GOODBYE}
        turn.end(outcome, fixed[which] if which is not None else None)
        return
    bare, ordered = guardrails.strip_instructions(turn.question)
    if ordered and not turn.retriever.query(bare).tokens:
        turn.end(Outcome.REFUSED_INSTRUCTIONS)
        return
    turn.question = bare
    refused = guardrails.refuse(turn.question)
    if refused is not None:
        turn.end(refused)


def make_stand_alone(turn: Turn) -> None:
    """Give a follow-up the subject of the question before it."""
    turn.searched = stand_alone(turn.question, turn.history)
    turn.asking = turn.searched
    if asking(turn.question).kind not in (Asked.MEANING, Asked.OTHER):
        turn.asking = turn.question  # « c'est quoi X » before « et pour 12 ans, combien ? »
    turn.language = language(turn.question)
    if not turn.retriever.query(turn.searched).tokens:
        turn.end(Outcome.CLARIFY)


def search(turn: Turn) -> None:
    """Find the passages, and rank their sentences."""
    turn.emit("status", {"step": "search"})
    turn.found = turn.retriever.search(turn.searched, language=turn.language)
    turn.ranked = extractive.candidates(
        turn.asking, turn.found, turn.retriever.rarity, turn.absences
    )


def say_no(turn: Turn) -> None:
    """End a question that nothing supports, with the nearest passages labelled as not answering.

    An article of law that no passage names is an invented premise, or one we cannot vouch for.
    """
    if unknown_articles(turn.searched, turn.retriever.generation.vocabulary):
        turn.nearest = _near(turn)
        turn.end(Outcome.REFUSED_PREMISE)
        return
    if turn.ranked and turn.found and support(turn.asking, turn.found, turn.ranked[0]) >= SUPPORT:
        return
    turn.nearest = _near(turn)
    turn.end(Outcome.NO_PASSAGE)


def unknown_articles(question: str, vocabulary: Mapping[str, int]) -> list[str]:
    """The articles of law (« L. 999-9 ») that a question names and no passage does."""
    return [w for w in words(question) if is_article(w) and w not in vocabulary]


# A logistic regression, 2026-11, over questions that the corpus answers (the `fit` half of
# tests/quality, the FAQ's with their own passage hidden) and questions that it does not: those of
# the `fit` half, 530 of other public sets, the FAQ's with every passage of their facts hidden. At
# 94 % of the first kept it refuses 93 % of civic questions on other subjects, 98 % of far ones.
_SIGNS = {"said": 2.8, "held": 0.6, "subject": 1.2, "likeness": 1.4}
_BIAS = -4.65
# All of a short question about the subject said is worth as much as three or four words.
_SHORT = 1.5


def support(question: str, found: Found, best: Candidate) -> float:
    """How likely it is that the documents answer the question: 0..1.

    How many of its words the best sentence says with its headings counts most, rare words no more
    than others: a resident tells a story around the question. « Combien », « quand » and
    « pourquoi » have no answer in a sentence without an amount, a date or a reason.
    """
    if asking(question).kind in STRICT and not best.bears:
        return 0.0
    subject = guardrails.names_subject(found.query.text)
    signs = {
        # « Qu'est-ce qu'une ORT ? » has one word to say: then the share of them counts instead.
        "said": max(
            math.log1p(best.said), _SHORT * best.told if subject or best.told == 1.0 else 0.0
        ),
        "held": math.log1p(found.held[best.rank]),
        "subject": float(subject),
        "likeness": best.likeness,
    }
    return 1 / (1 + math.exp(-_BIAS - sum(_SIGNS[name] * sign for name, sign in signs.items())))


def write_or_quote(turn: Turn) -> None:
    """Quote: there is no writer yet."""
    turn.draft = extractive.answer(turn.ranked)


def check(turn: Turn) -> None:
    """Keep the sentences that stand word for word in a passage of the live generation."""
    generation = turn.retriever.generation
    turn.sentences, turn.citations = verify(turn.draft, generation.by_id, generation.documents)


def withhold(turn: Turn) -> None:
    """End with what passed the check, or say that nothing did."""
    if not turn.sentences:
        turn.nearest = _near(turn)
        turn.end(Outcome.WITHHELD_UNSUPPORTED)
        return
    outcome = Outcome.NOT_PUBLISHED if turn.ranked[0].absence else Outcome.ANSWERED
    generation = turn.retriever.generation
    written = generation.documents[turn.draft[0].passage.document_id].language
    foreign = turn.language != "fr" and written != turn.language
    turn.end(outcome, messages.INTRODUCTIONS[turn.language] if foreign else None)
    turn.emit("citations", {"citations": turn.citations})
    for sentence in turn.sentences:
        turn.emit("sentence", {"text": sentence.text, "citations": sentence.citations})


STEPS: Sequence[Step] = (
    refuse,
    make_stand_alone,
    search,
    say_no,
    write_or_quote,
    check,
    withhold,
)


def run(turn: Turn, steps: Sequence[Step] = STEPS) -> Answer:
    """Run the steps until one ends the turn; whatever the ending, it is timed and returned."""
    for step in steps:
        started = time.perf_counter()
        try:
            step(turn)
        except Exception:
            # The resident gets an outcome, the operator the traceback; no question is logged.
            log.exception("step %s failed", step.__name__)
            turn.sentences = turn.citations = ()
            turn.end(Outcome.FAILED_SEARCH)
        turn.seconds[step.__name__] = time.perf_counter() - started
        if turn.outcome is not None:
            break
    answer = turn.answer()
    turn.emit("done", {"answer": answer})
    return answer


def _near(turn: Turn) -> tuple[Citation, ...]:
    if turn.found is None:
        return ()
    generation = turn.retriever.generation
    return tuple(
        cite(
            number,
            hit.passage,
            generation.documents[hit.passage.document_id],
            0,
            len(hit.passage.text),
        )
        for number, hit in enumerate(turn.found.hits[:_NEAREST], 1)
    )


def _joined(sentences: Sequence[Sentence]) -> str:
    return " ".join(sentence.text for sentence in sentences)
