"""Answers by quoting: the sentences of the passages found, ranked (what is shown: composing).

A sentence answers when it holds what the question is about and bears the kind of thing asked for
(an amount, a date, a name, a place, what a word means), not when it merely resembles it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.question.asking import Asked, Asking, bears, counts
from assistant.quoting.citations import Quote
from corpus.conventions.avenants import CHANGED
from corpus.conventions.convention import SIGNATORIES
from index.conventions.amended import outdated
from index.conventions.names import Named, fits, implied, is_bare, strays
from index.french.analysis import expansions, fold, sentences, synonyms, tokens
from index.passages import Passage
from index.search.retriever import Found, Query

MAX_SENTENCES = 4  # of an answer
_DEPTH = 8  # passages whose sentences are looked at


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
    `begins` the share of the question in its first words, `near` how near their vectors are (a
    cosine), `grams` what the search by 4-grams gives its passage. `elsewhen`: another year.

    `passed`: an avenant changed its words, or, for a question about what stood before, it is the
    avenant's. `fits`: its passage is what the question names of a convention.
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
    grams: float
    elsewhen: bool
    absence: bool
    passed: bool = False
    fits: bool = False

    @property
    def score(self) -> float:
        """All that speaks for it, weighed."""
        total = sum((weight * float(getattr(self, name)) for name, weight in SCORE.items()), 0.0)
        return total + _FITS * self.fits


# What each sign is worth: a pairwise logistic regression (benchmarks/ranking.py, 2026-11) over the
# practice questions and `fit`. On parts left out of the fit, the best sentence states an answering
# fact for 81 % of them, and for 74 % with the five signs of before, which neither compared
# vectors nor held a subject's name above its frequency.
SCORE = {
    "own": 4.2,
    "told": 2.8,
    "named": 1.6,
    "bears": 1.5,
    "counted": 1.3,
    "begins": 1.35,
    "near": 4.4,
    "grams": 2.2,
    "elsewhen": -1.1,
    # « Nous n'avons pas trouvé … » names the very thing asked for, with few other words to match:
    # as good as a sentence about the subject, it wins. A wrong amount is worse than no answer.
    "absence": 0.3,
}
# A name is said in most passages of its subject: its rarity alone would make it worth nothing.
_LEAST_RARITY = 2.5
_BEGINNING = 6  # tokens

# What words in force take from those that they replace.
_SIGNS = ("own", "said", "told", "named", "counted", "begins", "near", "grams", "elsewhen", "fits")

_SYNONYM = 0.7
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

# « Pilote : Commune de … » under fiche 3 has one word of « qui pilote l'action 3 ? », and answers.
_FITS = 12.0


def candidates(
    wanted: Asking,
    found: Found,
    rarity: Callable[[str], float],
    nearness: Callable[[Sequence[str]], Sequence[float]],
    absences: frozenset[str] = frozenset(),
) -> list[Candidate]:
    """The sentences of the best passages, best first.

    rarity     of a token in the corpus
    nearness   texts -> the cosine of each with the question
    absences   numbers of the facts that say that something was not found
    """
    query = found.query
    part = query.named
    asked_for = {*query.tokens, *query.expanded}
    years = set(_YEAR.findall(query.text))
    weigh = {token: max(rarity(token), _LEAST_RARITY) for token in query.tokens}
    names = dict.fromkeys((t for t in query.tokens if t in query.acronyms), 1.0)
    evenly = dict.fromkeys(query.tokens, 1.0)
    listed = []
    for rank, hit in enumerate(found.hits[:_DEPTH]):
        if strays(part, hit.passage):
            continue
        heading = expanded(" \n".join(hit.passage.headings), query) | implied(hit.passage)
        places = _quotable(hit.passage, part)
        texts = [hit.passage.text[start:end] for _, start, end in places]
        for (order, start, end), text, near in zip(places, texts, nearness(texts), strict=True):
            own = expanded(text, query)
            held = own | heading
            said = sum(says(token, held) for token in query.tokens)
            quote = Quote(hit.passage, start, end)
            absence = bool(quote.facts & absences) and _NOT_FOUND.search(fold(text)) is not None
            dated = set(_YEAR.findall(f"{text} {hit.passage.headings}"))
            listed.append(
                Candidate(
                    quote=quote,
                    rank=rank,
                    order=order,
                    own=_share(weigh, own),
                    said=said,
                    told=said / len(query.tokens),
                    named=_share(names, held) if names else 1.0,
                    bears=float(bears(wanted.kind, text, asked_for, absence)),
                    counted=counts(wanted.counted, text) if wanted.counted else 1.0,
                    begins=_share(evenly, _beginning(text)),
                    near=near,
                    grams=hit.parts.get("grams", 0.0),
                    elsewhen=bool(years) and not years & dated,
                    absence=absence,
                    passed=_passed(hit.passage, part),
                    fits=fits(part, hit.passage),
                )
            )
    if wanted.kind is Asked.MEANING and any(candidate.bears for candidate in listed):
        # « Le Club Petites villes de demain est … » does not say what Petites villes de demain is.
        listed = [candidate for candidate in listed if candidate.bears]
    ranked = _all_said(sorted(listed, key=lambda candidate: -candidate.score))
    if is_bare(part, query.tokens):
        return _whole(ranked)
    if part.before:
        return sorted(ranked, key=lambda candidate: candidate.passed)
    return _in_force(ranked)


# « Qui a signé la convention ORT de Guichen ? »: what the convention brings was .4 ahead of who
# signed it. None of 450 practice and `fit` questions, longer ones, is moved.
_NEAR = 0.5


def _all_said(ranked: list[Candidate]) -> list[Candidate]:
    """The best sentence, unless one as good says the whole question and it does not."""
    best = ranked[0] if ranked else None
    if best is None or best.own > 0.99:
        return ranked
    for candidate in ranked:
        if candidate.score < best.score - _NEAR:
            break
        same = candidate.absence == best.absence and candidate.bears >= best.bears
        if same and candidate.own > 0.99:
            return [candidate, *(c for c in ranked if c is not candidate)]
    return ranked


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


def _passed(passage: Passage, part: Named) -> bool:
    if part.before:
        return passage.amends is not None
    return outdated(passage)


def _says_something(text: str, passage: Passage, start: int) -> bool:
    """Whether a line is a sentence that can be quoted alone: no heading, question or lead-in.

    A table row is one without a full stop, when its headers say what each cell is.
    """
    if text.rstrip().endswith(("?", ":")):
        return False
    return (
        text.rstrip().endswith((".", "!", "…", "»", ")", ";"))
        or passage.text.startswith("- ", max(start - 2, 0))
        or (passage.form == "row" and " : " in text)
    )


def expanded(text: str, query: Query) -> frozenset[str]:
    """The tokens of a text, with those of the acronyms it says or spells out."""
    found = tokens(text)
    return frozenset(found) | frozenset(expansions(found, query.acronyms))


def _quotable(passage: Passage, part: Named) -> list[tuple[int, int, int]]:
    """The sentences of a passage that can be quoted alone: their order, start and end.

    The names under a convention are quoted whole.
    """
    text = passage.text
    if SIGNATORIES in part.fields and SIGNATORIES in passage.fields:
        return [(0, 0, len(text))]
    return [
        (order, start, end)
        for order, (start, end) in enumerate(sentences(passage.text))
        if _says_something(passage.text[start:end], passage, start)
    ]


def _beginning(text: str) -> frozenset[str]:
    return frozenset(tokens(text)[:_BEGINNING])


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
