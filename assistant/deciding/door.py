"""What is decided before any search: courtesy, distress, what is not asked of us, other towns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant import messages
from assistant.answers import Citation, Outcome
from assistant.deciding import refusals, refusals_english
from assistant.question.gloss import gloss
from assistant.question.places import elsewhere


@dataclass(frozen=True, slots=True)
class Ending:
    """How a question ends without an answer: `message` instead of the outcome's own, if any.

    `nearest` are passages that do not answer.
    """

    outcome: Outcome
    message: str | None = None
    nearest: tuple[Citation, ...] = ()


OTHER_TOWN = Ending(Outcome.REFUSED_OFF_TOPIC, messages.ELSEWHERE)
_COURTESY = {"thanks": messages.THANKS, "goodbye": messages.GOODBYE}


def greet(question: str, language: str) -> Ending | None:
    """The ending of a message that is no question; None for a question."""
    heard = refusals_english if language == "en" else refusals
    greeted = refusals.greet(question) or heard.greet(question)
    if greeted is None:
        return None
    outcome, which = greeted
    return Ending(outcome, None if which is None else _COURTESY[which])


def strip_orders(question: str, language: str) -> tuple[str, bool]:
    """A question without the orders it gives us, and whether there were any."""
    bare, ordered = refusals.strip_instructions(question)
    if language == "en":
        bare, also = refusals_english.strip_instructions(bare)
        ordered |= also
    return bare, ordered


def refuse(question: str, language: str) -> Ending | None:
    """Why a question is not searched at all; None when it is."""
    refused = _refused(question, language)
    return None if refused in (None, Outcome.REFUSED_OFF_TOPIC) else Ending(refused)


def off_topic(question: str, language: str) -> Ending | None:
    """The ending of a question that sounds as if it were about something else, should nothing
    answer it: a word is no subject, and the documents say what theirs is."""
    refused = _refused(question, language)
    return Ending(refused) if refused is Outcome.REFUSED_OFF_TOPIC else None


def _refused(question: str, language: str) -> Outcome | None:
    heard = refusals_english if language == "en" else refusals
    return refusals.refuse(question) or heard.refuse(question)


def is_elsewhere(
    question: str, language: str, home: Sequence[str], vocabulary: Collection[str]
) -> bool:
    """Whether a question is about a town of which the passages say nothing."""
    return elsewhere(gloss(question, language, vocabulary), home, vocabulary)
