"""Which of the sentences that answer as well comes first: what holds today, what is official.

The ranker weighs what a sentence says of the question; who says it, and whether it still holds, it
does not see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from assistant.answers import Standing
from assistant.question.asking import HOW_MUCH, Asking
from assistant.quoting.conflicts import Sources, agree, alike
from assistant.quoting.ranking import YEAR, Candidate
from assistant.quoting.validity import asks_if_held, asks_the_end, latest, validity
from corpus.conventions.replacements import PART

_DEPTH = 12  # sentences whose dates are read: what answers as well is among the first
_NEAR = 3.0  # of the best one's score
_TOLD = 0.8  # of its words of the question


def ordered(
    ranked: Sequence[Candidate], asked: Asking, sources: Sources, today: date | None
) -> tuple[Candidate, ...]:
    """The sentences, best first, the one that is to lead moved to the head."""
    if not ranked or ranked[0].absence:
        return tuple(ranked)
    ranked = _newest(_in_place(ranked), asked)
    if today is not None and asks_the_end(asked):
        ranked = _holding(ranked, asked, sources, today)
    return tuple(_official(ranked, sources))


def _holding(
    ranked: Sequence[Candidate], asked: Asking, sources: Sources, today: date
) -> Sequence[Candidate]:
    """The sentence that says until when, where one is asked; one that is not past, if any is."""
    best = ranked[0]
    near = [c for c in ranked[:_DEPTH] if _as_good(c, best)]
    standings = {id(c): standing(c, sources, today) for c in near}

    def holds(candidate: Candidate) -> bool:
        found = standings[id(candidate)]
        return found is not None and not found.is_past

    if holds(best):
        return ranked
    day = latest(best.quote.text)
    if (day is not None and day.last < today) or standings[id(best)] is not None:
        return _led(ranked, holds, near)
    if asks_if_held(asked):
        later = next(filter(holds, near), None)
        return _led(ranked, lambda c: c is later if later else standings[id(c)] is not None, near)
    return ranked


def _in_place(ranked: Sequence[Candidate]) -> Sequence[Candidate]:
    """The words of the document that replaces that of the best ones, where they say as much."""
    best = ranked[0]
    later = {c.avenant for c in best.quote.passage.superseded if c.part == PART}

    def replaces(candidate: Candidate) -> bool:
        return (
            candidate.quote.passage.document_id in later
            and not candidate.passed
            and (
                (candidate.bears >= best.bears and candidate.told >= _TOLD * best.told)
                # What was asked may hold the figure that is no more: « on m'avait donné vingt ».
                or alike(candidate.quote.text, best.quote.text)
            )
        )

    return _led(ranked, replaces, ranked) if best.passed else ranked


def _newest(ranked: Sequence[Candidate], asked: Asking) -> Sequence[Candidate]:
    """The figure of the last year, where those of several years are of the same fact and none is
    asked for: « 7 354 habitants au recensement de 2023 » before « 7 243 en 2022 »."""
    best = ranked[0]
    year = _last_year(best)
    if asked.kind not in HOW_MUCH or not year or YEAR.search(asked.text):
        return ranked
    newer = [
        c
        for c in ranked[1:_DEPTH]
        if _as_good(c, best)
        and (c.bears, c.counted) >= (best.bears, best.counted)
        and not c.quote.facts.isdisjoint(best.quote.facts)
        and _last_year(c) > year
    ]
    last = max(newer, key=_last_year, default=None)
    return _led(ranked, lambda c: c is last, newer)


def _last_year(candidate: Candidate) -> int:
    return max(map(int, YEAR.findall(candidate.quote.text)), default=0)


def _as_good(candidate: Candidate, best: Candidate) -> bool:
    return (
        candidate.score >= best.score - _NEAR
        and candidate.told >= _TOLD * best.told
        and candidate.passed == best.passed
        and not candidate.absence
    )


def standing(candidate: Candidate, sources: Sources, today: date) -> Standing | None:
    """Where what a sentence says stands, in its document."""
    convention = sources.documents[candidate.quote.passage.document_id].convention
    found = validity(candidate.quote.text, convention.signed if convention else "")
    return found.on(today) if found is not None else None


def _official(ranked: Sequence[Candidate], sources: Sources) -> Sequence[Candidate]:
    """The sentence of a higher authority before the one of a lower that says the same."""
    best = ranked[0]
    rank = sources.authority(best.quote)
    same = [
        c
        for c in ranked[1:_DEPTH]
        if _as_good(c, best) and sources.authority(c.quote) < rank and agree(best.quote, c.quote)
    ]
    first = min(same, key=lambda c: sources.authority(c.quote), default=None)
    return _led(ranked, lambda c: c is first, same)


def _led(
    ranked: Sequence[Candidate], leads: Callable[[Candidate], bool], among: Sequence[Candidate]
) -> Sequence[Candidate]:
    """The sentences with the first that leads at their head, as good as the best."""
    head = next(filter(leads, among), None)
    if head is None or head is ranked[0]:
        return ranked
    rest = [c for c in ranked if c is not head]
    return (replace(head, score=ranked[0].score), *rest)
