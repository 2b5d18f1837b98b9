"""Answers by quoting: the sentences of the passages found, ranked (what is shown: composing).

A sentence answers when it holds what the question is about and bears the kind of thing asked for
(an amount, a date, a name, a place, what a word means), not when it merely resembles it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from assistant.question.asking import Asked, Asking, bears, counts
from assistant.quoting.citations import Quote
from corpus.conventions.avenants import CHANGED
from corpus.conventions.convention import SIGNATORIES
from index.conventions.amended import outdated
from index.conventions.names import Named, fits, implied, is_bare, strays
from index.encoder.heads import Head
from index.french.analysis import (
    expansions,
    fold,
    is_article,
    published,
    sentences,
    synonyms,
)
from index.passages import Passage
from index.search.retriever import Found, Nearness, Query

MAX_SENTENCES = 4  # of an answer
_DEPTH = 8  # passages whose sentences are looked at
_KEPT = 8192  # passages whose sentences are kept, of all towns


# How our fiches say that something was looked for and not found.
_NOT_FOUND = re.compile(
    r"\b(?:pas (?:ete )?(?:trouve|publie|confirme|connue?|indique|precise|communique)\w*|"
    r"aucune source|rien (?:dans les sources|n'indique)|ne (?:donne|dit|confirme|renseigne) )|"
    r"\b(?:not (?:been )?(?:found|published)|did not find)\b"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, and what speaks for it (0..1, but for `said`).

    `own` is the share of the question that it holds itself, rare words and names counting more.
    `said` is how many of the question's words it holds with its headings, a synonym for part of
    one, and `told` their share; `named` that of the acronyms that name a subject. `bears` says
    whether it bears the kind of thing asked for, `counted` whether it counts the things asked for,
    `begins` the share of the question in its first words, `near` and `heading` how near its vector
    and its heading's are to the question's (cosines), `known` the weight of its facts among the
    known questions that are like this one, `asked` how many ask for its facts, like it or not
    (log), `grams` what the search by 4-grams gives its passage, `exact` the share of the figures
    and articles of law asked that it says itself. `elsewhen`: another year.

    `passed`: an avenant changed its words, or, for a question about what stood before, it is the
    avenant's. `fits`: its passage is what the question names of a convention: a part, or a field
    with half of the question's words.
    """

    quote: Quote
    rank: int  # of its passage, from 0
    order: int  # of the sentence in its passage
    own: float
    said: float
    told: float
    named: float
    bears: float
    counted: float
    begins: float
    near: float
    heading: float
    known: float
    grams: float
    elsewhen: bool
    absence: bool
    passed: bool = False
    fits: bool = False
    asked: float = 0.0
    exact: float = 0.0
    score: float = 0.0  # all that speaks for it, by the ranker


RANKER = Path(__file__).parent / "ranker.onnx"  # made by `python -m assistant.learning`


@cache
def ranker() -> Head:
    """What weighs the signs of a sentence. Raises ModelMissing."""
    return Head(RANKER)


def signs(listed: Sequence[Candidate], found: Found, *, french: bool) -> list[dict[str, float]]:
    """What the ranker reads of each sentence, by name: its own signs, and how it stands among all.

    french   whether the question is
    """
    top = max((c.near for c in listed), default=0.0)
    known = max((c.known for c in listed), default=0.0)
    behind = {id(c): n for n, c in enumerate(sorted(listed, key=lambda c: -c.near))}
    sure = found.likeness.sure
    return [
        {
            **{name: float(getattr(c, name)) for name in _OWN_SIGNS},
            "said": math.log1p(c.said),
            "length": math.log1p(len(c.quote.text)) / 5,
            "order": min(c.order, 5) / 5,
            "rank": c.rank / 8,
            "near_top": c.near - top,
            "near_cube": max(c.near, 0.0) ** 3,
            "behind": behind[id(c)] / len(listed),
            "heading_near": c.heading * c.near,
            "known_top": float(known > 0 and c.known >= known - 1e-9),
            "known_sure": c.known * sure,
            "faq": float(c.quote.passage.form == "question"),
            "row": float(c.quote.passage.form == "row"),
            "foreign": float(not french),
        }
        for c in listed
    ]


_OWN_SIGNS = (
    *("own", "told", "named", "bears", "counted", "begins", "near", "heading", "known", "grams"),
    *("elsewhen", "absence", "asked", "exact"),
)


def scored(listed: Sequence[Candidate], found: Found, *, french: bool) -> list[Candidate]:
    """The sentences, best first, each with its score."""
    if not listed:
        return []
    weights = ranker().of(signs(listed, found, french=french))[:, 0]
    given = [
        replace(c, score=float(weight) + _FITS * c.fits)
        for c, weight in zip(listed, weights, strict=True)
    ]
    return sorted(given, key=lambda candidate: -candidate.score)


# A name is said in most passages of its subject: its rarity alone would make it worth nothing.
_LEAST_RARITY = 2.5
_BEGINNING = 6  # tokens

# What words in force take from those that they replace.
_SIGNS = (
    *("own", "said", "told", "named", "counted", "begins", "near", "heading", "known", "grams"),
    *("elsewhen", "fits", "score"),
)

_SYNONYM = 0.7
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FIGURE = re.compile(r"\d{2,}(?:[.,]\d+)?|\d[.,]\d+")

# « Pilote : Commune de … » under fiche 3 has one word of « qui pilote l'action 3 ? », and answers;
# what a convention says of its own length is no answer to « quand finit l'OPAH ? ».
_FITS, TOLD = 12.0, 0.5


def candidates(
    wanted: Asking,
    found: Found,
    rarity: Callable[[str], float],
    nearness: Callable[[Passage], Nearness],
    absences: frozenset[str] = frozenset(),
    *,
    french: bool = True,
) -> list[Candidate]:
    """The sentences of the best passages, best first.

    rarity     of a token in the corpus
    nearness   of a passage's sentences and heading to the question
    absences   numbers of the facts that say that something was not found
    french     whether the question is
    """
    query = found.query
    part = query.named
    asked_for = {*query.tokens, *query.expanded}
    years = set(YEAR.findall(query.text))
    figures = exact(query.tokens)
    likeness = found.likeness
    weigh = {token: max(rarity(token), _LEAST_RARITY) for token in query.tokens}
    names = dict.fromkeys((t for t in query.tokens if t in query.acronyms), 1.0)
    evenly = dict.fromkeys(query.tokens, 1.0)

    @cache
    def headed(headings: tuple[str, ...]) -> frozenset[str]:
        return expanded(" \n".join(headings), query)

    listed = []
    for rank, hit in enumerate(found.hits[:_DEPTH]):
        if strays(part, hit.passage, query.tokens):
            continue
        below = implied(hit.passage)
        cosines = nearness(hit.passage)
        lines = _lines(hit.passage)
        for order, start, end in _quotable(hit.passage, part):
            text = hit.passage.text[start:end]
            quote = Quote(hit.passage, start, end)
            own = expanded(text, query)
            held = own | headed(quote.headings) | below
            said = sum(says(token, held) for token in query.tokens)
            above = lines.get(quote.headings[-1])
            stated = (*quote.facts, hit.passage.sentence(order))
            told = said / len(query.tokens)
            absence = bool(quote.facts & absences) and _NOT_FOUND.search(fold(text)) is not None
            listed.append(
                Candidate(
                    quote=quote,
                    rank=rank,
                    order=order,
                    own=_share(weigh, own),
                    said=said,
                    told=told,
                    named=_share(names, held) if names else 1.0,
                    bears=float(bears(wanted.kind, text, asked_for, absence)),
                    counted=counts(wanted.counted, text) if wanted.counted else 1.0,
                    begins=_share(evenly, _beginning(text)),
                    near=float(cosines.sentences[order]),
                    heading=cosines.heading if above is None else float(cosines.sentences[above]),
                    known=max(likeness.facts.get(fact, 0.0) for fact in stated),
                    grams=hit.parts.get("grams", 0.0),
                    elsewhen=bool(years) and years.isdisjoint(_years(quote)),
                    absence=absence,
                    passed=_passed(hit.passage, part),
                    fits=fits(part, hit.passage) and (told >= TOLD or bool(part.parts)),
                    asked=math.log1p(max(likeness.asked.get(fact, 0) for fact in stated)),
                    exact=len(figures & own) / len(figures) if figures else 0.0,
                )
            )
    if wanted.kind is Asked.MEANING:
        # « Le Club Petites villes de demain est … » does not say what Petites villes de demain is;
        # but who types « siren vhbc » asks for the sentence that says both.
        most = max((c.told for c in listed if c.bears), default=-1.0)
        listed = [c for c in listed if c.bears or c.told > most]
    ranked = scored(listed, found, french=french)
    if is_bare(part, query.tokens):
        return _whole(ranked)
    if part.before:
        return sorted(ranked, key=lambda candidate: candidate.passed)
    return _in_force(ranked)


def _whole(ranked: Sequence[Candidate]) -> list[Candidate]:
    """For « que dit l'article 4 ? », its sentences in order, what an avenant adds among the first.

    Each is as good as the best, which composing then keeps.
    """
    if not ranked:
        return []
    best = ranked[0]
    passed = min((c.passed for c in ranked if c.fits), default=False)
    same = [c for c in ranked if c.fits == best.fits and c.passed == passed]
    same = [replace(c, **{sign: getattr(best, sign) for sign in (*_SIGNS, "bears")}) for c in same]
    same.sort(key=lambda c: (_number(c), c.order))
    added = [c for c in same if c.quote.passage.amends is not None][:1]
    own = [c for c in same if c.quote.passage.amends is None]
    first = [*own[: MAX_SENTENCES - len(added)], *added] if own else same
    return [*first, *(c for c in ranked if c.quote not in [f.quote for f in first])]


def _number(candidate: Candidate) -> tuple[str, int]:
    document, _, number = candidate.quote.passage.id.rpartition("#")
    return document, int(number)


def _in_force(ranked: list[Candidate]) -> list[Candidate]:
    """When the best words were changed, those that stand in their place come first.

    « La somme de … est remplacée par … » has none of the question's words: it is as good as the
    words that it changes. The new text of a whole article may speak of something else: only if it
    says as much of the question.
    """
    if not ranked or not ranked[0].passed:
        return ranked
    best = ranked[0]
    change = best.quote.passage.superseded[-1]
    for candidate in ranked:
        if candidate.quote.passage.id in change.passages and candidate.bears >= best.bears:
            if change.effect == CHANGED or candidate.told >= 0.8 * best.told:
                new = replace(candidate, **{sign: getattr(best, sign) for sign in _SIGNS})
                return [new, *(c for c in ranked if c is not candidate)]
    return ranked


def each(ranked: Sequence[Candidate]) -> tuple[Quote, ...]:
    """The best sentence of each passage, in the passages' order: rows that were asked for by name
    say the same, each of another place."""
    best: dict[str, Candidate] = {}
    for candidate in ranked:
        best.setdefault(candidate.quote.passage.id, candidate)
    return tuple(c.quote for c in sorted(best.values(), key=lambda c: c.rank))


def exact(asked: Sequence[str]) -> frozenset[str]:
    """The tokens that are an article of law or a figure of two digits and more, but a year: « 75 %,
    c'est pour qui ? » is answered by the sentence that says it."""
    return frozenset(
        token
        for token in asked
        if is_article(token) or (_FIGURE.fullmatch(token) and not YEAR.fullmatch(token))
    )


def _passed(passage: Passage, part: Named) -> bool:
    if part.before:
        return passage.amends is not None
    return outdated(passage)


def _years(quote: Quote) -> list[str]:
    return YEAR.findall(f"{quote.text} {quote.headings}")


def _lines(passage: Passage) -> dict[str, int]:
    """The place, among its sentences, of each heading that stands in a passage's own text."""
    if not passage.under:
        return {}
    below = {under.headings[-1] for under in passage.under[1:]}
    said = [passage.text[start:end] for start, end in sentences(passage.text)]
    return {text: order for order, text in enumerate(said) if text in below}


@lru_cache(maxsize=_KEPT)
def _sayable(text: str, form: str) -> tuple[tuple[int, int, int], ...]:
    """The order, start and end of each line of a passage that is a sentence which can be quoted
    alone: no heading, question or lead-in.

    A table row is one without a full stop, when its headers say what each cell is.
    """

    def says_something(start: int, end: int) -> bool:
        said = text[start:end].rstrip()
        # « Voici ce qui change pour vous. » says what follows it, and nothing itself.
        if said.endswith(("?", ":")) or (said.startswith("Voici ") and " : " not in said):
            return False
        return (
            said.endswith((".", "!", "…", "»", ")", ";"))
            or text.startswith("- ", max(start - 2, 0))
            or (form == "row" and " : " in text[start:end])
        )

    return tuple(
        (order, *place) for order, place in enumerate(sentences(text)) if says_something(*place)
    )


def expanded(text: str, query: Query) -> frozenset[str]:
    """The tokens of a text of the corpus, with those of the acronyms it says or spells out."""
    found = published(text)
    return frozenset(found) | frozenset(expansions(found, query.acronyms))


def _quotable(passage: Passage, part: Named) -> tuple[tuple[int, int, int], ...]:
    """The sentences of a passage that can be quoted alone: their order, start and end.

    The names under a convention are quoted whole.
    """
    text = passage.text
    if SIGNATORIES in part.fields and SIGNATORIES in passage.fields:
        return ((0, 0, len(text)),)
    return _sayable(text, passage.form)


def _beginning(text: str) -> frozenset[str]:
    return frozenset(published(text)[:_BEGINNING])


def _share(weigh: Mapping[str, float], held: frozenset[str]) -> float:
    """The share of weighed words that `held` says; a synonym says most of a word."""
    total = sum(weigh.values())
    return (
        sum(weight * says(token, held) for token, weight in weigh.items()) / total if total else 0.0
    )


def says(token: str, held: frozenset[str]) -> float:
    """How far tokens say a word: 1 for the word, less for one that means about the same."""
    if token in held:
        return 1.0
    return 0.0 if held.isdisjoint(synonyms(token)) else _SYNONYM
