"""The ways to an answer, each a value: rows of a list, the sentences of a search, several of them.

Every function takes a question read once and the context; none shows anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Citation, Outcome, Standing
from assistant.context import Context
from assistant.deciding import door, foreign
from assistant.deciding.answerability import support
from assistant.deciding.door import OTHER_TOWN, Ending
from assistant.question.asking import STRICT, Asked, Asking, bears
from assistant.question.gloss import gloss
from assistant.question.logic import Compared, denies, excludes
from assistant.question.reading import Question, again, read
from assistant.question.several import apart, later, opening
from assistant.question.turns import Turn
from assistant.quoting import comparing, lists, ranking
from assistant.quoting.citations import Quote, cite
from assistant.quoting.composing import compose, conditions, joined
from assistant.quoting.conflicts import with_others
from assistant.quoting.enumerating import lacking, tables, told
from assistant.quoting.precedence import ordered, standing
from assistant.quoting.ranking import TOLD, Candidate, expanded
from assistant.quoting.validity import asks_the_end, until_when
from assistant.records.answers import Version
from assistant.records.standing import fallen
from index.conventions.names import unknown
from index.french.analysis import STOP_WORDS, sentences, tokens
from index.passages import Hit, Passage
from index.questions.known import Known
from index.search.retriever import Found

_NEAREST = 2
_TOLD = 0.95  # how likely a sentence answers that says of all that is named until when
_TELLING, _LITTLE = 0.5, 0.1  # what known questions say of the best sentence, and of others
_SURELY = 0.5  # of the threshold: over it, what is not answered alone may be in another's answer


@dataclass(frozen=True, slots=True)
class Searched:
    """What one search gave: its sentences, best first, and how likely it is that the best answers.

    `listed`: they are rows of a list that the question names, which say all that it asks; `told`:
    what a list answers as a whole. `reversed`: who may not was asked, and only who may is said.
    `lacking`: what the table found lacks to say which row is the largest: none of them answers.
    """

    question: Question
    found: Found
    ranked: tuple[Candidate, ...]
    likelihood: float = 1.0
    listed: bool = False
    told: tuple[Quote, ...] = ()
    reversed: bool = False
    lacking: str = ""

    @property
    def askings(self) -> tuple[Asking, ...]:
        """What its question asks for."""
        return (self.question.asking,)

    @property
    def absent(self) -> bool:
        """Whether the best sentence says that nobody published it."""
        return bool(self.ranked) and self.ranked[0].absence

    @property
    def says_all(self) -> bool:
        """Whether its list, or its best sentence, says all that is asked."""
        return bool(self.told) or (bool(self.ranked) and self.ranked[0].told > 0.99)

    @property
    def is_local(self) -> bool:
        """Whether a document of the town's own says half of what is asked: it is of its subject,
        whatever that is."""
        own = (c for c in self.ranked if not c.quote.passage.facts)
        return any(candidate.told >= TOLD for candidate in own)

    def answers(self, context: Context, share: float = 1.0) -> bool:
        """Whether it is likely enough that the best sentence answers, or for a share of enough."""
        return self.likelihood >= share * context.threshold

    def quotes(self, context: Context) -> tuple[Quote, ...]:
        """The answer by quoting: what is found best, composed."""
        if self.told:
            return self.told
        if self.listed:
            return ranking.each(self.ranked)
        asking = self.question.asking
        query, beside = self.found.query, context.generation.beside
        worth = partial(support, asking, context.retriever, self.found, town=context.town)
        quotes = compose(self._asked_for(), asking, query, beside, worth)
        if asking.own:
            quotes = (*quotes, *conditions(quotes))
        return with_others(quotes, [c.quote for c in self.ranked], asking.text, context.sources)

    def _asked_for(self) -> Sequence[Candidate]:
        """The sentences, without those of what nobody asks for who asks so: where known questions
        say what this one does, « une aide pour mon restaurant » needs nothing on housing."""
        best, likeness = self.ranked[0], self.found.likeness
        if likeness.sure < _TELLING or best.known < _TELLING:
            return self.ranked
        return [
            c for c in self.ranked if c.known >= _LITTLE or c.quote.passage is best.quote.passage
        ]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions asked together: the resident's words, and what its search gave.

    `searched` is None when it was not searched: refused, of another town, empty.
    """

    words: str
    question: Question
    searched: Searched | None
    answered: bool

    @property
    def absent(self) -> bool:
        """Whether the corpus says that nobody published it."""
        return self.answered and self.searched is not None and self.searched.absent


@dataclass(frozen=True, slots=True)
class Several:
    """Questions answered apart, in the order asked, and what the whole message found."""

    parts: tuple[Part, ...]
    whole: Searched

    @property
    def askings(self) -> tuple[Asking, ...]:
        """What its questions ask for."""
        return tuple(part.question.asking for part in self.parts)

    def quotes(self, context: Context) -> tuple[Quote, ...]:
        """The answer to each in turn; what the corpus says to be unpublished comes last."""
        answered = sorted((part for part in self.parts if part.answered), key=lambda p: p.absent)
        return joined([p.searched.quotes(context) for p in answered if p.searched is not None])


@dataclass(frozen=True, slots=True)
class Around:
    """A passage whole, of which a sentence was shown before: what « détaille » asks for."""

    found: Found
    absent: bool = False
    askings: tuple[Asking, ...] = ()

    def quotes(self, context: Context) -> tuple[Quote, ...]:
        """Its sentences, in order."""
        passage = self.found.hits[0].passage
        return tuple(Quote(passage, start, end) for start, end in sentences(passage.text))


Route = Searched | Several | Around


def around(question: Question, context: Context) -> Around | None:
    """The passage of the words that a question wants in detail; None when they are no quotation."""
    if question.wish is not Turn.DETAIL:
        return None
    words = question.asking.text.lstrip("… ")
    passage = next((p for p in context.generation.passages if words in p.text), None)
    return None if passage is None else Around(_rows(question, (passage,), context))


def look_up(question: Question, context: Context) -> Searched | Around | Ending | None:
    """What a row of a list says, of who is named; an ending where it is asked of a place in none.

    None for any other question.
    """
    if detailed := around(question, context):
        return detailed
    register = context.lists
    if not register.register:
        return None
    whole = _of_whole(question)
    if whole and (found := of_rows(question, context)):
        return found
    listed = register.find(question.alone, context.home)
    if listed.rows:
        rows = _rows(question, listed.rows, context)
        return Searched(question, rows, _ranked(question, rows, context), listed=True)
    if not whole and (found := of_rows(question, context)):
        return found
    if listed.near:  # a slip, or another place: shown apart, as not answering
        nearest = near(_rows(question, listed.near, context), context)
        return Ending(Outcome.NO_PASSAGE, nearest=nearest)
    if door.is_elsewhere(
        question.words, question.language, context.home, context.generation.vocabulary
    ):
        return OTHER_TOWN
    if register.unknown(question.alone, context.home):
        return Ending(Outcome.NO_PASSAGE)
    return None


def _of_whole(question: Question) -> bool:
    """Whether a question may be about a list as a whole: its points, their number, the largest."""
    asked = question.asking
    other = asked.kind in STRICT - {Asked.AMOUNT, Asked.STREET} or asked.kind is Asked.PLACE
    whole = not other and bool(asked.listing or asked.counted or asked.denied)
    return question.language == "fr" and (whole or asked.compared is not None)


def of_rows(question: Question, context: Context) -> Searched | None:
    """What the rows that are found by name answer together, or by a value they hold; else None."""
    if question.language != "fr":
        return None
    query = context.retriever.query(question.alone)
    lists_ = tables(context.generation.register)
    quotes = told(question.asking, query, lists_, context.town.name)
    if not quotes:
        return None
    rows = tuple(dict.fromkeys(quote.passage for quote in quotes))
    return Searched(question, _rows(question, rows, context), (), listed=True, told=quotes)


def _rows(question: Question, rows: tuple[Passage, ...], context: Context) -> Found:
    query = context.retriever.query(question.alone)
    hits = tuple(Hit(row, 1.0, {"register": 1.0}) for row in rows)
    return Found(query, hits, tuple(context.retriever.held(query, row) for row in rows))


def search(
    question: Question, context: Context, unknown: Callable[[Known], bool] | None = None
) -> Searched:
    """The passages found, and their sentences ranked: what holds and what is official first.

    A question when something ends, or whether it has, is also searched as « until when »: its
    words for it are in no passage that says so.

    unknown    of the known questions, those that a measure leaves out
    """
    searched = _search(question, context, unknown)
    if context.today is not None and question.language == "fr" and asks_the_end(question.asking):
        asks = until_when(question.alone)
        other = again(question.words, asks, asks, "fr", context.retriever)
        if other.is_empty:  # « j'ai fini, je dois le dire avant quand ? »
            return searched
        dated = _search(other, context, unknown)
        if _tells(dated, context):
            dated = replace(dated, likelihood=max(dated.likelihood, _TOLD))
        now, then = _stands(searched, context), _stands(dated, context)
        if then is not None and (now is None or (now.is_past and not then.is_past)):
            searched = replace(dated, question=replace(question, asking=other.asking))
    return searched


def _stands(searched: Searched, context: Context) -> Standing | None:
    """Where that stands of which it says until when, where it answers."""
    if context.today is None or not searched.ranked or not searched.answers(context):
        return None
    return standing(searched.ranked[0], context.sources, context.today)


def _tells(searched: Searched, context: Context) -> bool:
    """Whether its best sentence says until when, of all that is named: nothing is left to weigh.

    One name is not enough: much is said of « PVD » that ends some day.
    """
    if len(searched.found.query.tokens) < 2 or not searched.ranked or context.today is None:
        return False
    best = searched.ranked[0]
    whole = best.told > 0.99 and best.own >= 0.5
    return whole and standing(best, context.sources, context.today) is not None


def _search(
    question: Question, context: Context, unknown: Callable[[Known], bool] | None
) -> Searched:
    if question.language in ("en", "br"):
        best = foreign.Search(
            context.retriever, context.absences, context.town, context.hidden, unknown
        )
        given = best.best(question, context.threshold)
        ranked = _ordered(given.ranked, question, context)
        return Searched(question, given.found, ranked, given.likelihood)
    found = context.retriever.search(
        question.query,
        language=question.language,
        without=context.hidden,
        unknown=unknown,
        typed=_typed(question),
    )
    sentences = _ranked(question, found, context)
    asked = question.asking
    if not sentences:
        return Searched(question, found, sentences, 0.0)
    worth = support(asked, context.retriever, found, sentences, context.town)
    ranked = _ordered(sentences, question, context)
    if _of_whole(question) and not _is_counted(asked, ranked[0]):
        beside = context.generation.beside
        quotes = told(
            asked, found.query, lists.found([c.quote for c in ranked], beside), context.town.name
        )
        if quotes:
            return Searched(question, found, ranked, listed=True, told=quotes)
        if asked.compared and (quotes := _compared(question, asked.compared, context)):
            return Searched(question, found, ranked, listed=True, told=quotes)
        table = next(lists.found([ranked[0].quote], beside), None)
        if table and (lacks := lacking(table, asked, found.query)):
            return Searched(question, found, ranked, 0.0, lacking=lacks)
    if not asked.denied or asked.kind in STRICT - {Asked.AMOUNT}:
        return Searched(question, found, ranked, worth)
    return _refused(Searched(question, found, ranked, worth), context)


def _typed(question: Question) -> NDArray[np.float32] | None:
    """The vector of what is searched, where it was made when the question was heard."""
    return question.heard.vector if question.query.text == question.alone else None


def _ordered(
    ranked: Sequence[Candidate], question: Question, context: Context
) -> tuple[Candidate, ...]:
    return ordered(ranked, question.asking, context.sources, context.today)


def _is_counted(asked: Asking, best: Candidate) -> bool:
    """Whether the best sentence says itself how many there are."""
    row = best.quote.passage.form == "row"
    return (
        bool(asked.counted)
        and not row
        and bool(best.bears)
        and best.counted == 1.0
        and best.told > 0.99
    )


_SUBJECT = 0.75  # of what a question asks about, said by a sentence that answers who may not


def _compared(question: Question, wanted: Compared, context: Context) -> tuple[Quote, ...]:
    """Two values that the question compares, each searched on its own."""
    things = comparing.asked(question.alone, wanted)
    searched = [search(read(ask, (), context.retriever), context) for _, ask in things]
    if not things or not all(each.answers(context) for each in searched):
        return ()
    return comparing.compare([name for name, _ in things], [e.ranked for e in searched], wanted)


def _refused(searched: Searched, context: Context) -> Searched:
    """The answer to who may not: the sentences that say who is left out of the very thing asked
    about; else those that say who may, said to be so."""
    asked, query = searched.question.asking, searched.found.query
    # « Quels travaux ne sont pas payés » : what is refused says its own name, and not « travaux ».
    about = tuple(t for t in query.tokens if t not in (*asked.denied, *asked.of))
    about = about or tuple(t for t in query.tokens if t not in asked.denied)
    if not about:
        return searched

    def says_it(candidate: Candidate) -> bool:
        passage = candidate.quote.passage
        said = expanded(" \n".join((*passage.headings, candidate.quote.text)), query)
        share = sum(ranking.says(token, said) for token in about) / len(about)
        return share >= _SUBJECT and excludes(candidate.quote.text, asked.denied)

    excluding = tuple(
        sorted(
            (c for c in searched.ranked if not c.absence and says_it(c)),
            key=lambda c: not denies(c.quote.text, asked.denied),
        )
    )
    bare = replace(searched.found, query=replace(query, tokens=about))
    ranked = excluding or _ranked(searched.question, bare, context)
    worth = support(asked, context.retriever, bare, ranked, context.town) if ranked else 0.0
    worth = max(worth, searched.likelihood)
    return replace(searched, found=bare, ranked=ranked, likelihood=worth, reversed=not excluding)


def _ranked(question: Question, found: Found, context: Context) -> tuple[Candidate, ...]:
    retriever = context.retriever
    nearness = partial(retriever.nearness, found.vector)
    return tuple(
        ranking.candidates(question.asking, found, retriever.rarity, nearness, context.absences)
    )


def divide(whole: Searched, context: Context) -> Route:
    """Take apart the questions asked together, where the documents answer one of them at least.

    What is missing is named only when it surely is, or where nothing else is shown; otherwise the
    message is answered as one.
    """
    question = whole.question
    asked = question.parts
    if len(asked) < 2 or question.language not in ("fr", "en") or whole.listed:
        return whole
    if door.suspects(question):
        return whole
    first = _part(asked[0], read(opening(asked), (), context.retriever), context)
    parts = (first, *(_later(asked[0], words, context) for words in asked[1:]))
    answered = [part for part in parts if part.answered]
    if all(part.absent for part in answered):
        return whole
    if apart(question.alone):
        return Several(parts, whole)
    sure = whole.answers(context) and not whole.absent
    shown = [q.text for p in answered if p.searched for q in p.searched.quotes(context)]
    shown += [q.text for q in whole.quotes(context)] if sure else []
    missing = [part for part in parts if not part.answered]
    if sure:
        told = all(_is_missing(part, shown, context) for part in missing)
    else:
        told = not missing or all(map(_says_all, answered))
    return Several(parts, whole) if told else whole


def _later(first: str, words: str, context: Context) -> Part:
    said = later(first, words)
    question = read(said.alone, (), context.retriever, first)
    return _part(words, question, context)


def _part(words: str, question: Question, context: Context) -> Part:
    """One question among several, decided as if it came alone."""
    vocabulary = context.generation.vocabulary
    away = door.is_elsewhere(words, question.language, context.home, vocabulary)
    refused = door.refuse(question) or door.suspects(question)
    if question.is_empty or refused or away:
        return Part(words, question, None, False)
    if replace(question, alone=words).unknown_articles(vocabulary):
        return Part(words, question, None, False)
    searched = search(question, context)
    return Part(words, question, searched, searched.answers(context))


def _says_all(part: Part) -> bool:
    """Whether the best sentence says all that the part asks, or that nobody published it: where
    the whole is refused, something on its subject is not enough."""
    assert part.searched is not None  # it is answered
    best = part.searched.ranked[0]
    defines = bool(best.bears) and part.question.asking.kind is Asked.MEANING
    return best.absence or defines or (best.told > 0.99 and best.counted > 0.9)


def _is_missing(part: Part, shown: list[str], context: Context) -> bool:
    """Whether nothing shown can hold what is asked."""
    kind = part.question.asking.kind
    if kind not in STRICT:
        query = context.retriever.query(part.words)
        known = context.generation.vocabulary.keys() | STOP_WORDS
        unsure = part.searched is not None and part.searched.answers(context, _SURELY)
        return not known.issuperset(query.words) and not unsure
    own = set(tokens(gloss(part.words, part.question.language)))
    return not any(
        bears(kind, text, (), absence=False) and (not own or own & set(tokens(text)))
        for text in shown
    )


def say_no(route: Route, context: Context) -> Ending | None:
    """End a question that nothing supports, with the nearest passages labelled as not answering.

    An article of law that no passage names is an invented premise, or one we cannot vouch for; so
    is the ninth fiche action of a convention that has six.
    """
    if not isinstance(route, Searched):
        return None
    question, generation = route.question, context.generation
    named = route.question.query.named
    if question.unknown_articles(generation.vocabulary) or unknown(named, generation.parts):
        return Ending(Outcome.REFUSED_PREMISE, nearest=near(route.found, context))
    if door.suspects(question) and not (route.says_all and route.answers(context)):
        return Ending(Outcome.NO_PASSAGE)
    if route.listed:  # a row says all that is asked
        return None
    if route.answers(context):
        return None
    if route.lacking:
        return Ending(Outcome.NO_PASSAGE, route.lacking, near(route.found, context))
    ending = door.doubt(question, context.kept_days)
    if ending is None or (ending.outcome is Outcome.REFUSED_OFF_TOPIC and route.is_local):
        ending = Ending(Outcome.NO_PASSAGE, nearest=near(route.found, context))
    return ending


def validated(question: Question, context: Context) -> Version | None:
    """The town's own answer to a question, while what it cites stands."""
    wordings = context.validated
    if not wordings or question.language != "fr" or question.wish not in (Turn.NEW, Turn.PLAIN):
        return None
    vector = context.retriever.vector(question.query, _typed(question))
    found = wordings.match(question.alone, vector)
    if found is None or context.today is None:
        return None
    content = found.content
    gone = fallen(content.proofs, content.expires, context.generation, context.today)
    return None if gone else found


def near(found: Found, context: Context) -> tuple[Citation, ...]:
    """The passages found first, whole, labelled as not answering."""
    documents = context.generation.documents
    return tuple(
        cite(number, hit.passage, documents[hit.passage.document_id], 0, len(hit.passage.text))
        for number, hit in enumerate(found.hits[:_NEAREST], 1)
    )
