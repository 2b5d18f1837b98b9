"""Answers in plain language: fewer, shorter, simpler sentences, and their terms explained.

Sentences are chosen, never rewritten: a shorter one takes the place of another only if it states
the same facts and bears what was asked for. One that leans on its neighbour (« Sauf… », « Cette
somme… ») keeps it: a condition is dropped with its sentence, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from assistant.question.asking import Asked, Asking, bears
from assistant.quoting.citations import Quote
from assistant.quoting.composing import holds
from assistant.quoting.lists import is_listed
from assistant.quoting.ranking import Candidate
from corpus.documents import Document
from index.french.analysis import fold, sentences, stem, tokens, words
from index.french.lexicon import common_words
from index.french.numbers import canonical
from index.generation import Generation

MAX_SENTENCES = 3
# Under the best one's score. Of 338 `fit` and practice questions answered rightly 98.2 % stay
# right, in 34 words at the median where the standard answer has 44; with two, 96.2 %, 2026-11.
_NEAR = 1.25
_KEPT = 0.8  # of a sentence's own words, by which another says the same
MAX_TERMS = 2
_LEANING = 2  # sentences before or after that a sentence may keep
_EASIER = 3  # points of difficulty under which two sentences are as simple
_FAQ = 4  # points: what answers a resident's question was written for residents

# How a sentence is said that needs the one before it, and how one begins that limits it.
_POINTS = re.compile(
    r"(?:cette?|ces|cela|celui|celle|ceux|celles|elles?|ils?(?! (?:faut|y a|existe|s'agit d))|"
    r"ce(?! (?:que|qui|sont))|leurs?)\b|c'est (?!quoi)"
)
_ALSO = re.compile(r"\b(?:aussi|egalement)\b")  # « ont aussi signé », after those who did first
_LIMITS = re.compile(
    r"(?:ce(?! (?:que|qui|sont))|cette|ces|cela|sauf|excepte|hormis|hors|toutefois|cependant|mais|"
    r"en revanche|neanmoins|sinon|seule?s?|"
    r"au (?:plus|moins|maximum|minimum)|a (?:condition|defaut)|sous (?:reserve|condition)|"
    r"(?:dans|en) ce cas|dans le cas contraire|la condition|les conditions|il faut|attention|"
    r"uniquement|seulement|en contrepartie|pour cela|autrement)\b"
)


def answer(
    ranked: Sequence[Candidate], quotes: Sequence[Quote], asked: Asking, generation: Generation
) -> tuple[Quote, ...]:
    """A standard answer's quotations made plain, then the glossary's words for its terms."""
    chosen = simple(ranked, quotes, generation.documents)
    return chosen + explained(chosen, asked, generation)


def simple(
    ranked: Sequence[Candidate], quotes: Sequence[Quote], documents: Mapping[str, Document]
) -> tuple[Quote, ...]:
    """The best sentences of an answer, each in its simplest form.

    A quotation that is no ranked sentence (a row), or is a point of a list, is kept as it is.
    """
    by_place = {_place(candidate.quote): candidate for candidate in ranked}
    known = [by_place[_place(quote)] for quote in quotes if _place(quote) in by_place]
    known.sort(key=lambda candidate: -candidate.score)
    best = [c for c in known if c.score >= known[0].score - _NEAR][:MAX_SENTENCES]
    kept: list[Quote] = []
    for quote in quotes:
        candidate = by_place.get(_place(quote))
        if candidate is None or is_listed(quote):
            kept.append(quote)
        elif candidate in best:
            kept += _whole(_simplest(candidate, ranked, documents).quote)
    return tuple({fold(quote.text): quote for quote in kept}.values())


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.passage.id, quote.start, quote.end


def _simplest(
    candidate: Candidate, ranked: Sequence[Candidate], documents: Mapping[str, Document]
) -> Candidate:
    """The simplest sentence that answers as well; the given one unless another is easier."""

    def cost(other: Candidate) -> float:
        return difficulty(other.quote.text) - _FAQ * _is_faq(other, documents)

    equal = [other for other in ranked if _as_good(other, candidate, documents)]
    simplest = min(equal, key=cost, default=candidate)
    return simplest if cost(simplest) + _EASIER <= cost(candidate) else candidate


def _is_faq(candidate: Candidate, documents: Mapping[str, Document]) -> bool:
    return documents[candidate.quote.passage.document_id].kind == "faq"


def _as_good(other: Candidate, candidate: Candidate, documents: Mapping[str, Document]) -> bool:
    """Whether a sentence states the facts of another, with every figure, and answers as well.

    Without numbered facts nothing tells that two sentences say the same thing: none is as good.
    """
    facts, said = candidate.quote.facts, other.quote.facts
    return (
        bool(facts)
        and facts <= said
        and other.absence == candidate.absence
        and other.bears >= candidate.bears
        and figures(candidate.quote.text) <= figures(other.quote.text)
        and _says_as_much(other.quote.text, candidate.quote.text)
        and _language(other, documents) == _language(candidate, documents)
        and not _leaned(fold(other.quote.text))
    )


def _says_as_much(text: str, other: str) -> bool:
    """Whether a sentence has most words of another, its negations and limits, and its names."""
    mine, theirs = set(tokens(text)), set(tokens(other))
    return (
        len(mine & theirs) >= _KEPT * len(theirs)
        and _nuances(text) == _nuances(other)
        and _names(other) <= _names(text)
    )


# What makes a statement another one when it is left out, and « oui », which answers one question.
_NUANCE = re.compile(
    r"^(?:oui|non)\b|\b(?:ne|aucune?|jamais|sans|sauf|hors|non|en principe|environ|notamment|"
    r"jusqu|au moins|au plus|au maximum|plus d|moins d|pres d|a partir d|maximum|minimum|s[i']|"
    r"a condition|ancienn\w*|peut|peuvent|doi(?:t|vent)|devra\w*|obligatoire\w*|faut|recommand\w*|"
    r"seule?\w*|uniquement|verifier|probabl\w*|parfois|certaine?s?|en theorie|prevu\w*|devai\w*|"
    r"pourrai\w*|par exemple|initial\w*|d'abord|a l'origine)|\bn'"
)


def _nuances(text: str) -> list[str]:
    return sorted(_NUANCE.findall(fold(text)))


_NAME = re.compile(r"(?<=\s)[A-ZÀ-Ý][\w-]{3,}")


def _names(text: str) -> frozenset[str]:
    """The proper names of a sentence, its first word and acronyms left aside."""
    return frozenset(fold(name) for name in _NAME.findall(text) if not name.isupper())


# « article 157 de la loi n° 2018-1021 »: where a rule is written, which a simpler sentence leaves.
_REFERENCE = re.compile(r"\b[LRD]\.? ?\d[\d-]*|\barticles? \d+[\d-]*|\bn° ?[\d-]+", re.IGNORECASE)


def figures(text: str) -> frozenset[str]:
    """The numbers that a text states, in figures; not those of the articles that it names."""
    return frozenset(re.findall(r"\d+(?:,\d+)?", canonical(_REFERENCE.sub(" ", text))))


def _language(candidate: Candidate, documents: Mapping[str, Document]) -> str:
    return documents[candidate.quote.passage.document_id].language


def _whole(quote: Quote) -> Iterator[Quote]:
    """A sentence with those of its passage that it cannot be read without, in their order."""
    passage = quote.passage
    spans = sentences(passage.text)
    at = spans.index((quote.start, quote.end)) if (quote.start, quote.end) in spans else None
    if at is None:
        yield quote
        return
    first = last = at
    while first > max(at - _LEANING, 0) and _leaned(_folded(passage.text, spans[first])):
        first -= 1
    while last + 1 < min(at + 1 + _LEANING, len(spans)) and (
        _leans(passage.text, spans[last + 1])
        or holds(quote.text, passage.text[slice(*spans[last + 1])])
    ):
        last += 1
    for start, end in spans[first : last + 1]:
        yield Quote(passage, start, end)


def _folded(text: str, span: tuple[int, int]) -> str:
    return fold(text[span[0] : span[1]])


def _leaned(folded: str) -> bool:
    """Whether a sentence goes on from the one before it."""
    return _POINTS.match(folded) is not None or _ALSO.search(folded) is not None


def _leans(text: str, span: tuple[int, int]) -> bool:
    """Whether a sentence limits the one before it, or the thing that it names."""
    return _LIMITS.match(_folded(text, span)) is not None


_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]+(?:-[A-Z]+)?\b")


def difficulty(text: str) -> int:
    """How hard a sentence is to read: its words, rare ones and acronyms counting more."""
    said = words(text)
    names = {word for name in re.findall(r"\b[A-ZÀ-Ý][\w'’-]+", text) for word in words(name)}
    rare = {w for w in said if w.isalpha() and w not in names and w not in common_words()}
    return len(said) + 2 * len(rare) + 2 * text.count("(") + len(_ACRONYM.findall(text))


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of a glossary: its names, and the first sentence that explains it."""

    names: tuple[str, ...]
    quote: Quote

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(token for name in self.names for token in tokens(name))


_glossaries: WeakKeyDictionary[Generation, tuple[Term, ...]] = WeakKeyDictionary()


def glossary(generation: Generation) -> tuple[Term, ...]:
    """The terms that the glossaries of a generation explain."""
    if generation not in _glossaries:
        _glossaries[generation] = tuple(_terms(generation))
    return _glossaries[generation]


def _terms(generation: Generation) -> Iterator[Term]:
    for passage in generation.passages:
        if generation.documents[passage.document_id].kind != "glossaire":
            continue
        spans = sentences(passage.text)
        short = re.match(r"(.+?) \((.+)\)$", passage.headings[-1])
        names = short.groups() if short else (passage.headings[-1],)
        if spans:
            yield Term(tuple(names), Quote(passage, *spans[0]))


def explained(quotes: Sequence[Quote], asked: Asking, generation: Generation) -> tuple[Quote, ...]:
    """The glossary's sentences for the terms of an answer, those that the question lacks first.

    None for a term that the answer explains, that the question asks the meaning of, or that it
    uses: who writes « manager de commerce » knows the words; an acronym may come from a poster.
    """
    text = "\n".join(quote.text for quote in quotes)
    if any(generation.documents[q.passage.document_id].language != "fr" for q in quotes):
        return ()
    terms = [
        t for t in glossary(generation) if _named(t, text) and not _told(t, quotes, generation)
    ]
    defining = asked.kind is Asked.MEANING
    terms = [t for t in terms if _is_acronym(t) and not defining or not _named(t, asked.text)]
    terms = [t for t in terms if not any(t.stems < other.stems for other in terms)]
    terms.sort(key=lambda term: (_named(term, asked.text), -_is_acronym(term)))
    return tuple(term.quote for term in terms[:MAX_TERMS])


def _is_acronym(term: Term) -> bool:
    return any(_ACRONYM.fullmatch(name) for name in term.names)


def _named(term: Term, text: str) -> bool:
    """Whether a text has a term: an acronym as it is written, other words in any form."""
    found = [stem(word) for word in words(text)]
    return any(
        re.search(rf"\b{re.escape(name)}\b(?!-[A-Z])", text) is not None
        if _ACRONYM.fullmatch(name)
        else _within([stem(word) for word in words(name)], found)
        for name in term.names
    )


def _within(sought: Sequence[str], found: Sequence[str]) -> bool:
    size = len(sought)
    return any(found[at : at + size] == list(sought) for at in range(len(found) - size + 1))


def _told(term: Term, quotes: Sequence[Quote], generation: Generation) -> bool:
    """Whether an answer explains a term: spelled out, defined, or by the glossary's own words."""
    said = set(tokens(" ".join(quote.text for quote in quotes)))
    for name in term.names:
        meaning = generation.acronyms.get(fold(name))
        if meaning and set(tokens(meaning)) <= said:
            return True
    return any(
        quote.passage.id == term.quote.passage.id
        or bears(Asked.MEANING, quote.text, term.stems, absence=False)
        for quote in quotes
    )
