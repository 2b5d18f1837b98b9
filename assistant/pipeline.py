"""A question's way: one ordered list of steps, read top to bottom.

A step fills the turn in, or sets `turn.outcome` to end it. `turn.emit` is the only way anything is
shown, and only what `verify` passed is emitted.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from assistant import extractive, guardrails, messages, privacy
from assistant.answers import CITING, Answer, Citation, Outcome, Sentence
from assistant.asking import Asked, asking
from assistant.citations import Quote, cite, verify
from assistant.extractive import Candidate
from assistant.languages import language
from assistant.places import elsewhere
from assistant.rewriting import MAX_CHARACTERS, Message, stand_alone
from assistant.support import THRESHOLD, Town, support
from corpus.catalogue import Contact
from index.french import is_article, words
from index.retrieval import Found, Retriever

log = logging.getLogger(__name__)

Emit = Callable[[str, Mapping[str, Any]], None]

_NEAREST = 2


def silent(event: str, data: Mapping[str, Any]) -> None:
    """Emit to nobody: the caller reads the answer when it is whole."""


def forget(turn: Turn, answer: Answer) -> None:
    """Record nothing."""


@dataclass(slots=True)
class Turn:
    """One question on its way to an answer."""

    question: str
    retriever: Retriever
    history: Sequence[Message] = ()
    contact: Contact | None = None
    contacts: Sequence[Contact] = ()  # all that the catalogue publishes
    home: Sequence[str] = ()  # the names of the town and of its intercommunality
    absences: frozenset[str] = frozenset()
    town: Town = Town()
    hidden: frozenset[int] = frozenset()  # positions of passages that a measure leaves out
    emit: Emit = silent
    record: Callable[[Turn, Answer], None] = forget

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
    notice: str = ""  # what the resident is told of the question itself
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
        notice = "" if self.outcome is Outcome.DISTRESS else self.notice
        said = _joined(self.sentences) if citing else ""
        return Answer(
            id=uuid.uuid4().hex,
            outcome=self.outcome,
            text="\n".join(part for part in (self.message, said, notice) if part),
            notice=notice,
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


def mask(turn: Turn) -> None:
    """Mask the personal data of the question and of the turns before it: no later step sees any.

    When this breaks the question is lost with it: an unmasked one is never waved through.
    """
    question, history = turn.question, turn.history
    turn.question, turn.history = "", ()
    published = partial(_published, turn)
    try:
        masked = privacy.mask(guardrails.tidy(question), published)
        turn.history = tuple(
            Message(m.role, privacy.mask(guardrails.tidy(_uncut(m.content)), published).text)
            for m in history
        )
    except Exception:
        raise RuntimeError("masking failed") from None  # its own words may quote the question
    turn.question = masked.text
    turn.notice = messages.masked(masked.kinds)


_VALUE = 40  # characters: an IBAN with its spaces has 34


def _uncut(said: str) -> str:
    """A turn of the history without its end where it was cut: half a number is no number."""
    return said[: MAX_CHARACTERS - _VALUE] if len(said) >= MAX_CHARACTERS else said


def _published(turn: Turn) -> Iterator[str]:
    """What anyone can read: the catalogue's contacts, and the passages."""
    for contact in turn.contacts:
        yield from filter(None, (contact.phone, contact.email, contact.address))
    for passage in turn.retriever.generation.passages:
        yield passage.text


def refuse(turn: Turn) -> None:
    """End what is no question for us, before any search."""
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
    elif elsewhere(turn.question, turn.home, turn.retriever.generation.vocabulary):
        turn.end(Outcome.REFUSED_OFF_TOPIC, messages.ELSEWHERE)


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
    turn.found = turn.retriever.search(turn.searched, language=turn.language, without=turn.hidden)
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
    calibration = turn.retriever.generation.about.get("calibration", {})
    if likelihood(turn) >= calibration.get("threshold", THRESHOLD):
        return
    turn.nearest = _near(turn)
    turn.end(Outcome.NO_PASSAGE)


def unknown_articles(question: str, vocabulary: Mapping[str, int]) -> list[str]:
    """The articles of law (« L. 999-9 ») that a question names and no passage does."""
    return [w for w in words(question) if is_article(w) and w not in vocabulary]


def likelihood(turn: Turn) -> float:
    """How likely it is that the best sentence found answers: 0..1, 0 when nothing was found."""
    if not turn.ranked or turn.found is None:
        return 0.0
    return support(turn.asking, turn.retriever, turn.found, turn.ranked[0], turn.town)


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
    turn.emit("citations", {"citations": turn.citations, "introduction": turn.message})
    for sentence in turn.sentences:
        turn.emit("sentence", {"text": sentence.text, "citations": sentence.citations})


STEPS: Sequence[Step] = (
    mask,
    refuse,
    make_stand_alone,
    search,
    say_no,
    write_or_quote,
    check,
    withhold,
)


def run(turn: Turn, steps: Sequence[Step] = STEPS) -> Answer:
    """Run the steps until one ends the turn; whatever the ending, it is timed, kept, returned."""
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
    turn.record(turn, answer)  # before anyone can say what they think of it
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
