"""A question read once: all that is understood of it before anything is searched."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.question import names, sms
from assistant.question.asking import Asked, Asking, asking
from assistant.question.follow_up import STOOD, stand_alone
from assistant.question.gloss import gloss
from assistant.question.hearing import Heard, hear
from assistant.question.history import Message
from assistant.question.languages import language
from assistant.question.names import rest, spans
from assistant.question.several import askings
from assistant.question.turns import Turn
from index.french.analysis import is_article, words
from index.french.spelling import Speller
from index.passages import Passage
from index.search.retriever import Query, Retriever


@dataclass(frozen=True, slots=True)
class Question:
    """What is understood of a question, masked already.

    `words` are the resident's, tidied; `alone` the same made to stand alone, from the turns before
    it; `asking` what it asks for; `query` what is searched of it, in French words; `parts` the
    questions asked together: itself alone when it asks one thing; `wish` what is wished of the
    answer before it, which is made again; `heard` what it sounds like, alone.
    """

    words: str
    language: str
    alone: str
    asking: Asking
    query: Query
    parts: tuple[str, ...]
    wish: Turn = Turn.NEW
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


def read(
    question: str,
    history: Sequence[Message],
    retriever: Retriever,
    beside: str = "",
    *,
    follows: bool = False,
) -> Question:
    """Read a question, masked and without the orders it gives us, after the turns before it.

    beside     the first question of its message: where its own words tell no language, it does
    follows    that it follows the turns before it, though it sounds as if it stood alone
    """
    spell = partial(_spelled, retriever.generation.speller)
    passages = retriever.generation.passages
    said = stand_alone(question, history, spell, partial(_quoted, passages), follows=follows)
    code = spoken(said.alone, [Message("user", beside), *history] if beside else history)
    heard = hear(said.alone)
    wanted = asking(said.asks, heard.vector if said.asks == said.alone else None)
    # « c'est quoi X » before « et pour 12 ans, combien ? »: the last asks, the first names.
    own = wanted.kind not in (Asked.MEANING, Asked.OTHER)
    asks = said.asks if own else said.alone
    words = question if said.wish is Turn.NEW else said.alone
    if said.wish is Turn.FRENCH:  # the passages that a French question is answered with
        french = gloss(said.alone, code)
        made = again(words, french, gloss(asks, code), "fr", retriever, said.wish)
    else:
        known = wanted if asks == said.asks else None
        made = again(words, said.alone, asks, code, retriever, said.wish, heard, known)
    # « répète » sounds like an order, and only has the answer made again.
    alone = _ALONE if said.wish is Turn.NEW else _ALONE[:1]
    if said.alone != question and (typed := hear(question)).sounds(*alone) >= _SURELY:
        return replace(made, heard=typed)
    return made


def followed(
    question: Question, history: Sequence[Message], retriever: Retriever
) -> Question | None:
    """A question that was taken to stand alone, read as one that follows the turns before it; None
    where it names a subject of its own: « c'est quoi le taux ? » names none."""
    if not history or question.wish is not Turn.NEW or len(question.parts) > 1:
        return None
    named = spans(question.alone)
    if any(span.kind in ("term", "place") for span in named) and rest(question.alone, named):
        return None
    other = read(question.words, history, retriever, follows=True)
    return None if other.alone == question.alone or STOOD in question.alone else other


def _quoted(passages: Sequence[Passage], words: str) -> bool:
    """Whether a passage has these words."""
    return any(words.lstrip("… -") in passage.text for passage in passages)


def _spelled(speller: Speller, message: str) -> str:
    """A message with its names as the corpus spells them and, in French, its shortcuts spelled out:
    « ki » is a dog in Breton."""
    named = names.spelled(message, speller.correct)
    return sms.spelled(named) if language(message) == "fr" else named


# What a message is whatever was said before it; « et pourquoi ? » alone sounds like anything.
_ALONE, _SURELY = ("abuse", "instructions"), 0.8


def again(
    question: str,
    alone: str,
    asks: str,
    code: str,
    retriever: Retriever,
    wish: Turn = Turn.NEW,
    heard: Heard | None = None,
    wanted: Asking | None = None,
) -> Question:
    """A question whose turns before it were read already: `asks` are the words that say what.

    heard     what `alone` sounds like, where it was heard already
    wanted    what `asks` asks for, where it was read already
    """
    heard = heard or hear(alone)
    wanted = wanted or asking(asks, heard.vector if asks == alone else None)
    query = retriever.query(gloss(alone, code))
    return Question(question, code, alone, wanted, query, askings(alone), wish, heard)
