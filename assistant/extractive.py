"""Answers by quoting: the one to four sentences of the passages found that answer.

A sentence answers when it holds what the question is about and bears the kind of thing asked for
(an amount, a date, a name, a place, what a word means), not when it merely resembles it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.asking import Asked, asking, bears, counts
from assistant.citations import Quote
from index.french import expansions, fold, sentences, synonyms, tokens
from index.passages import Hit
from index.retrieval import Found, Query

MAX_SENTENCES = 4
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

    `own` is the share of the question that it holds itself, rare words counting more. `said` is how
    many of the question's words it holds with its headings, a synonym for part of one, and `told`
    their share. `bears` says whether it bears the kind asked for. `passage` is its passage's score
    beside the best one's, `numbers` the share of the question's numbers that it holds, `likeness`
    how far its own heading is the question asked.
    """

    quote: Quote
    rank: int  # of its passage, from 0
    order: int  # of the sentence in its passage
    own: float
    said: float
    told: float
    bears: float
    counted: float
    passage: float
    numbers: float
    likeness: float
    absence: bool

    @property
    def score(self) -> float:
        """All that speaks for it, weighed."""
        total = sum((weight * float(getattr(self, name)) for name, weight in SCORE.items()), 0.0)
        return total * _ABSENCE if self.absence else total


# What each sign is worth: a pairwise logistic regression over the `fit` questions and the FAQ's own
# with their passage hidden, 2026-11. The best sentence states an answering fact for 74 % of `fit`.
SCORE = {"own": 0.34, "told": 0.27, "bears": 0.14, "passage": 0.61, "numbers": 0.1}

_SYNONYM = 0.7

# « Nous n'avons pas trouvé … » names the very thing asked for, with few other words to match: as
# good as a sentence about the subject, it wins. A wrong amount is worse than no answer.
_ABSENCE = 1.05

# A further sentence is kept when it is nearly as good as the best one.
_ALSO = 0.84
_ALSO_ELSEWHERE = 0.88


def candidates(
    question: str,
    found: Found,
    rarity: Callable[[str], float],
    absences: frozenset[str] = frozenset(),
) -> list[Candidate]:
    """The sentences of the best passages, best first. `absences`: numbers of facts not found."""
    wanted = asking(question)
    asked_for = {*found.query.tokens, *found.query.expanded}
    best = found.hits[0].score if found.hits else 1.0
    listed = []
    for rank, hit in enumerate(found.hits[:_DEPTH]):
        heading = expanded(" \n".join(hit.passage.headings), found.query)
        like = _likeness(found.query, hit, rarity)
        for order, (start, end) in enumerate(sentences(hit.passage.text)):
            text = hit.passage.text[start:end]
            if not _says_something(text, hit.passage.text, start):
                continue
            own = expanded(text, found.query)
            said = sum(says(token, own | heading) for token in found.query.tokens)
            facts = {f for span in hit.passage.spans_of(start, end) for f in span.facts}
            absence = bool(facts & absences) and _NOT_FOUND.search(fold(text)) is not None
            listed.append(
                Candidate(
                    quote=Quote(hit.passage, start, end),
                    rank=rank,
                    order=order,
                    own=_share(found.query, own, rarity),
                    said=said,
                    told=said / len(found.query.tokens),
                    bears=float(bears(wanted.kind, text, asked_for, absence)),
                    counted=counts(wanted.counted, text) if wanted.counted else 1.0,
                    passage=hit.score / best if best else 0.0,
                    numbers=_numbers(found.query, own),
                    likeness=like * (1.0 if order == 0 else 0.8),
                    absence=absence,
                )
            )
    if wanted.kind is Asked.MEANING and any(candidate.bears for candidate in listed):
        # « Le Club Petites villes de demain est … » does not say what Petites villes de demain is.
        listed = [candidate for candidate in listed if candidate.bears]
    return sorted(listed, key=lambda candidate: -candidate.score)


def answer(ranked: Sequence[Candidate]) -> tuple[Quote, ...]:
    """The sentences to show: the best one and those nearly as good, in reading order.

    A passage's sentences stay together, the best sentence's passage first. What is not found
    anywhere (an absence) is never mixed with what is: the best sentence decides which.
    """
    if not ranked:
        return ()
    best = ranked[0]
    chosen = [best]
    for candidate in ranked[1:]:
        if len(chosen) == MAX_SENTENCES:
            break
        if candidate.absence != best.absence or _repeats(candidate, chosen):
            continue
        same = candidate.quote.passage.id == best.quote.passage.id
        if candidate.score >= best.score * (_ALSO if same else _ALSO_ELSEWHERE):
            chosen.append(candidate)
    first = best.quote.passage.id
    chosen.sort(key=lambda c: (c.quote.passage.id != first, c.rank, c.order))
    return tuple(candidate.quote for candidate in chosen)


def _says_something(text: str, passage: str, start: int) -> bool:
    """Whether a line is a sentence that can be quoted alone: no heading, question or lead-in."""
    if text.rstrip().endswith(("?", ":")):
        return False
    return text.rstrip().endswith((".", "!", "…", "»", ")", ";")) or passage.startswith(
        "- ", max(start - 2, 0)
    )


def expanded(text: str, query: Query) -> frozenset[str]:
    """The tokens of a text, with those of the acronyms it says or spells out."""
    found = tokens(text)
    return frozenset(found) | frozenset(expansions(found, query.acronyms))


def _share(query: Query, held: frozenset[str], rarity: Callable[[str], float]) -> float:
    """The share of the question that `held` says, by rarity; a synonym says most of a word."""
    total = sum(rarity(token) for token in query.tokens)
    if not total:
        return 0.0
    return sum(rarity(token) * says(token, held) for token in query.tokens) / total


def _numbers(query: Query, held: frozenset[str]) -> float:
    """The share of the question's numbers that a sentence holds: « 12 ans » is not « 9 ans »."""
    numbers = [token for token in query.tokens if token[0].isdigit()]
    return sum(token in held for token in numbers) / len(numbers) if numbers else 0.0


def says(token: str, held: frozenset[str]) -> float:
    """How far tokens say a word: 1 for the word, less for one that means about the same."""
    if token in held:
        return 1.0
    return 0.0 if held.isdisjoint(synonyms(token)) else _SYNONYM


def _likeness(query: Query, hit: Hit, rarity: Callable[[str], float]) -> float:
    """How far the passage's own heading says what the question says, both ways (a Dice): 0..1."""
    heading = frozenset(tokens(hit.passage.headings[-1]))
    asked_for = frozenset(query.tokens)
    if not heading or not asked_for:
        return 0.0
    weigh: Mapping[str, float] = {token: rarity(token) for token in heading | asked_for}
    shared = sum(weigh[token] for token in heading & asked_for)
    total = sum(weigh[t] for t in heading) + sum(weigh[t] for t in asked_for)
    return 2 * shared / total


def _repeats(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether a sentence says again what is already chosen."""
    words = set(tokens(candidate.quote.text))
    for other in chosen:
        said = set(tokens(other.quote.text))
        if len(words & said) > 0.75 * min(len(words), len(said)):
            return True
    return False
