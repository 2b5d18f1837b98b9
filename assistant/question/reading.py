"""A question read once: all that is understood of it before anything is searched."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.question.asking import Asked, Asking, asking
from assistant.question.follow_up import stand_alone
from assistant.question.gloss import gloss
from assistant.question.hearing import Heard, hear
from assistant.question.history import Message
from assistant.question.languages import language
from assistant.question.several import askings
from index.french.analysis import is_article, words
from index.search.retriever import Query, Retriever


@dataclass(frozen=True, slots=True)
class Question:
    """What is understood of a question, masked already.

    `words` are the resident's, tidied; `alone` the same made to stand alone, from the turns before
    it; `asking` what it asks for; `query` what is searched of it, in French words; `parts` the
    questions asked together, in its words: itself alone when it asks one thing; `heard` what it
    sounds like.
    """

    words: str
    language: str
    alone: str
    asking: Asking
    query: Query
    parts: tuple[str, ...]
    history: tuple[Message, ...] = ()
    heard: Heard = Heard()

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it can be searched: « et alors ? »."""
        return not self.query.tokens

    def unknown_articles(self, vocabulary: Collection[str]) -> list[str]:
        """The articles of law (« L. 999-9 ») that it names and no passage does."""
        return [w for w in words(self.alone) if is_article(w) and w not in vocabulary]


def spoken(question: str, history: Sequence[Message]) -> str:
    """The language of a question: its own, else that of the resident's turns before it."""
    return language(question, [m.content for m in history if m.role == "user"])


def read(question: str, history: Sequence[Message], retriever: Retriever) -> Question:
    """Read a question, masked and without the orders it gives us, after the turns before it."""
    code = spoken(question, history)
    alone = follow_up(question, history, code)
    wanted = asking(gloss(question, code))
    # « c'est quoi X » before « et pour 12 ans, combien ? »: the last asks, the first names.
    own = wanted.kind not in (Asked.MEANING, Asked.OTHER)
    return again(question, alone, question if own else alone, code, retriever, tuple(history))


def again(
    question: str,
    alone: str,
    asks: str,
    code: str,
    retriever: Retriever,
    history: tuple[Message, ...] = (),
) -> Question:
    """A question whose turns before it were read already: `asks` are the words that say what."""
    query = retriever.query(gloss(alone, code))
    parts = askings(question)
    return Question(question, code, alone, asking(asks), query, parts, history, hear(question))


def follow_up(question: str, history: Sequence[Message], code: str) -> str:
    """A follow-up made to stand alone: its French says whether it points back at what was said."""
    if code not in ("en", "br"):
        return stand_alone(question, history)
    said = [Message(m.role, gloss(m.content, code)) for m in history]
    french = gloss(question, code)
    if stand_alone(french, said) == french:
        return question
    previous = next(m.content for m in reversed(history) if m.role == "user")
    return f"{previous.rstrip(' ?!.')} : {question}"
