"""What is decided before any search: courtesy, distress, what is not asked of us, other towns."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant import messages
from assistant.answers import Citation, Outcome
from assistant.deciding.refusals import is_distress, is_personal
from assistant.question.gloss import gloss
from assistant.question.hearing import Heard, hear
from assistant.question.names import level
from assistant.question.places import elsewhere, named
from assistant.question.reading import Question
from assistant.question.several import asks
from assistant.question.subject import names_subject


@dataclass(frozen=True, slots=True)
class Ending:
    """How a question ends without an answer: `message` instead of the outcome's own, if any.

    `nearest` are passages that do not answer.
    """

    outcome: Outcome
    message: str | None = None
    nearest: tuple[Citation, ...] = ()


OTHER_TOWN = Ending(Outcome.REFUSED_OFF_TOPIC, messages.ELSEWHERE)

_ORDERS, _ABUSE, _PERSONAL, _KEPT = "instructions", "abuse", "personal_data", "about_data"
# How what is no question of the subject ends, by what it sounds like; all else is searched.
ENDINGS: Mapping[str, Ending] = {
    "greeting": Ending(Outcome.GREETING),
    "thanks": Ending(Outcome.GREETING, messages.THANKS),
    "goodbye": Ending(Outcome.GREETING, messages.GOODBYE),
    "identity": Ending(Outcome.IDENTITY),
    "about_robot": Ending(Outcome.IDENTITY),
    "about_sources": Ending(Outcome.IDENTITY, messages.ABOUT_SOURCES),
    "about_responsible": Ending(Outcome.IDENTITY, messages.ABOUT_RESPONSIBLE),
    "about_wrong": Ending(Outcome.IDENTITY, messages.ABOUT_WRONG),
    "about_human": Ending(Outcome.IDENTITY, messages.ABOUT_HUMAN),
    _KEPT: Ending(Outcome.IDENTITY, messages.ABOUT_NOTHING_KEPT),
    "opinion": Ending(Outcome.REFUSED_OPINION),
    _ABUSE: Ending(Outcome.REFUSED_ABUSE),
    _PERSONAL: Ending(Outcome.REFUSED_PERSONAL_DATA),
    _ORDERS: Ending(Outcome.REFUSED_INSTRUCTIONS),
}
_AWAY = ("off_topic", "municipal", "other_town")

# From which share, of all these kinds together, a message is no question for us; and from which one
# that names something is none unless the documents answer.
# On folds of 4,500 labelled messages .69 end at .8, .84 at .5; of the 1,300 of the subject, most of
# them twins of the others, .017 and .045; of 889 known questions, 1 and 12 (2026-11).
_SURELY, _PERHAPS = 0.8, 0.5
# Of orders: from which share of a message its clauses may be some (one in twenty), and from which a
# clause is one; it is short, and « j'ai dit que c'était à lui de régler » sounds like one at .6.
_LISTENED, _ORDERED = 0.01, 0.7


def refuse(question: Question, kept_days: int = 0, masked: str = "") -> Ending | None:
    """Why a question is not searched at all; None when it is.

    kept_days    how many days an answer is kept, for who asks; 0 for none
    masked       the message with the marks of what was masked: « qui habite au [adresse masquée] »
    """
    said = (question.words, question.alone, masked)
    if any(map(is_distress, said)):
        return Ending(Outcome.DISTRESS)
    if any(map(is_personal, said)):
        return Ending(Outcome.REFUSED_PERSONAL_DATA)
    if suspects(question) and not question.is_empty:
        return None
    return _ending(question, kept_days) if question.heard.sounds(*ENDINGS) >= _SURELY else None


def suspects(question: Question) -> bool:
    """Whether it sounds like what is asked of a person, and no rule is sure of it: « combien le
    judo a eu de la mairie ». Only what says all of its words answers it.

    Not of what sounds like abuse: passages say all the words of « sous-louer en Denormandie sans le
    dire, comment faire ? ».
    """
    sure = question.heard.sounds(*ENDINGS) >= _SURELY
    return sure and max(ENDINGS, key=question.heard.sounds) == _PERSONAL


def doubt(question: Question, kept_days: int = 0) -> Ending | None:
    """How a question that is searched ends where the documents do not answer it; None for one that
    sounds as if it were of the subject.

    A word is no subject, and the documents say what theirs is.
    """
    if question.heard.label in _AWAY:
        return Ending(Outcome.REFUSED_OFF_TOPIC)
    if question.is_empty or question.heard.sounds(*ENDINGS) < _PERHAPS:
        return None  # « et alors ? » sounds like anything
    return _ending(question, kept_days)


def _ending(question: Question, kept_days: int) -> Ending:
    label = max(ENDINGS, key=question.heard.sounds)
    if label == _KEPT and kept_days:
        return Ending(Outcome.IDENTITY, messages.KEPT_DAYS.format(kept_days))
    return ENDINGS[label]


_BLOCK = re.compile(r"\[(\w+)\].*?\[/\1\]|<(\w+)>.*?</\2>|```.*?```", re.DOTALL | re.IGNORECASE)
_ROLE = re.compile(r"\b(?:system|assistant|user)\s*:", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=[.!?:;,])\s+")
_CLAUSES = 12  # of a message; what comes after is judged with the last


def strip_orders(message: str, heard: Heard) -> str:
    """A message without the orders it gives us nor the insults around its question; "" when nothing
    else is in it.

    Bracketed blocks, clauses under a role and clauses that sound like orders go; so do insults
    where what stays asks of the subject: « L'ANCT, bande d'escrocs ! » asks nothing.
    """
    bare = _BLOCK.sub(" ", message)
    clauses = _CLAUSE.split(bare.strip(), maxsplit=_CLAUSES - 1)
    listened = heard.sounds(_ORDERS, _ABUSE) >= _LISTENED and len(clauses) > 1
    told = [hear(clause) if listened else Heard() for clause in clauses]
    kept = [
        (clause, one)
        for clause, one in zip(clauses, told, strict=True)
        if not (_ROLE.search(clause) or one.sounds(_ORDERS) >= _ORDERED)
    ]
    # « Fougères, date de la convention ? »: a town may sound like anything.
    polite = " ".join(
        clause for clause, one in kept if one.sounds(_ABUSE) < _SURELY or named(clause)
    )
    if names_subject(polite) and asks(level(polite)):
        return polite if len(polite) < len(message.strip()) else message
    if bare == message and len(kept) == len(clauses):
        return message
    return " ".join(clause for clause, _ in kept).strip()


def is_elsewhere(
    question: str, language: str, home: Sequence[str], vocabulary: Collection[str]
) -> bool:
    """Whether a question is about a town of which the passages say nothing."""
    return elsewhere(gloss(question, language, vocabulary), home, vocabulary)
