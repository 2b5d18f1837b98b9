"""How likely it is that the documents answer a question: what decides between answering and not.

Two small models over what the best sentence says of the question, taught by questions of ours that
have an answer and near misses that have none (assistant.learning): one for sentences that people
are known to ask for, one for those of a document that nobody wrote questions for. A single model,
taught both, refuses less of what our fiches do not say: .72 of near misses by folds, these .77.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.question import places
from assistant.question.asking import HOW_MUCH, STRICT, Asked, Asking, bears
from assistant.question.names import names
from assistant.question.subject import names_subject
from assistant.quoting.ranking import TOLD, Candidate, expanded, says
from corpus import catalogue
from index.conventions.names import Named
from index.encoder.heads import Head
from index.french.analysis import published, tokens
from index.generation import Generation
from index.search.retriever import Found, Retriever

# Made by `python -m assistant.learning`: for sentences that are asked for, and for others.
MODEL = Path(__file__).parent / "answerable.onnx"
UNASKED = MODEL.with_name("unasked.onnx")


@cache
def model(*, asked: bool = True) -> Head:
    """What says how likely it is that a sentence answers. Raises ModelMissing.

    asked    whether it is one that people are known to ask for (is_asked)
    """
    return Head(MODEL if asked else UNASKED)


def is_asked(best: Candidate) -> bool:
    """Whether questions are known, or could be, for what a sentence says: its facts are numbered,
    or somebody asked for it."""
    return bool(best.asked or best.quote.passage.facts)


def threshold() -> float:
    """The likelihood from which an answer is shown: where the model's card says that it errs
    little enough."""
    return model().threshold


# For what a question names itself: a part of a convention, and the field asked of it. Half of its
# words at least are said there: the others may be those of something else.
_SURE = 0.95
WHOLE = 0.99  # of what is told: all of it
_SAME = 0.9  # from which likeness a question of the same words is the known one


@dataclass(frozen=True, slots=True)
class Town:
    """The words that name the town, then its intercommunality: one of a set is named when whole."""

    name: frozenset[str] = frozenset()
    others: tuple[frozenset[str], ...] = ()

    def named(self, question: Sequence[str]) -> bool:
        """Whether tokens name the town or its intercommunality."""
        return any(names and names <= set(question) for names in (self.name, *self.others))


def support(
    wanted: Asking, retriever: Retriever, found: Found, ranked: Sequence[Candidate], town: Town
) -> float:
    """How likely it is that the best of the sentences found answers the question: 0..1."""
    best = ranked[0]
    if wanted.kind in STRICT and not best.bears and not _bears_some(wanted, best):
        return 0.0
    if not best.told and (best.absence or not found.strengths.get("words")):
        # What nobody published is of something else, or no passage has a word of the question.
        return 0.0
    if _is_named(found.query.named, best) or _is_known(found, best):
        return _SURE
    given = signs(wanted, retriever, found, ranked, town)
    return float(model(asked=is_asked(best)).of([given])[0, 0])


def _bears_some(wanted: Asking, best: Candidate) -> bool:
    """Whether the sentence bears a figure where one was asked for: « le Denormandie pour 12 ans,
    c'est combien ? » sounds as if euros were, and is answered by a rate; or says that nobody found
    all of what it would be of: no tax was voted, « c'est combien ? »."""
    if best.absence and best.told > WHOLE:
        return True
    return wanted.kind in HOW_MUCH and bears(Asked.AMOUNT, best.quote.text, (), best.absence)


def _is_known(found: Found, best: Candidate) -> bool:
    """Whether the question is a known one, word for word (« en 2031 » is no « en 2023 »), and the
    sentence says what it is known to ask for; or is of the passage that answers it in a FAQ."""
    passage = best.quote.passage
    if passage.form == "question" and set(tokens(passage.headings[-1])) == set(found.query.tokens):
        return True
    near = next(iter(found.likeness.near), None)
    if near is None or not near.known.answered or min(near.similarity, best.known) < _SAME:
        return False
    return set(tokens(near.known.text)) == set(found.query.tokens)


def _is_named(wanted: Named, best: Candidate) -> bool:
    """Whether the sentence is what the question names of a convention: « l'article 4 »."""
    return best.fits and (best.told >= TOLD or bool(wanted.parts and wanted.fields))


def signs(
    wanted: Asking, retriever: Retriever, found: Found, ranked: Sequence[Candidate], town: Town
) -> dict[str, float]:
    """What speaks for the best sentence of a search, and against it, by name.

    What is not of the sentence itself (extractive.Candidate): `whole`, that all the question's
    words are said; `around`, the share of them that its whole passage says; `defines`, that the
    word asked about is explained; `subject`, that the question names the subject; `vectors`, how
    near the nearest passage is; `ahead`, by how much the nearest sentence is nearer than those
    after it. Against: another `year`; our `town`, a `place` or another proper `name` that is named
    and not said; what is asked for being `of` something not said; the rarity of the rarest word
    that is `missing`. Where nobody asked for what it says (`asked` is 0), that no known question
    is like this one says nothing.
    """
    best, query, known = ranked[0], found.query, found.likeness
    passage = best.quote.passage
    text = best.quote.text
    held = expanded(f"{text} \n" + " \n".join(passage.headings), query)
    whole = expanded(" \n".join((passage.text, *passage.headings)), query)
    after = sorted(ranked[1:], key=lambda candidate: -candidate.score)
    other = next((c.score for c in after if not _says_the_same(c, best)), best.score - _ALONE)
    nearest = sorted((c.near for c in ranked), reverse=True)[:_NEAREST]
    missing = [retriever.rarity(token) for token in query.tokens if not says(token, held)]
    return {
        **dict.fromkeys(_MISSING, 0.0),
        **{name: float(getattr(best, name)) for name in _OF_BEST},
        "said": math.log1p(best.said),
        "score": best.score,
        "margin": best.score - other,
        "known_sure": best.known * known.sure,
        "best": known.best,
        "best_miss": known.best_miss,
        "misses": known.misses,
        "faq": float(passage.form == "question"),
        "whole": float(best.told > 0.99),
        "around": sum(says(token, whole) for token in query.tokens) / len(query.tokens),
        "ahead": nearest[0] - sum(nearest) / len(nearest),
        "missing": max(missing, default=0.0) / retriever.rarity(""),  # of a word that none has
        "length": math.log1p(len(text)) / 5,
        "closed": float(wanted.closed),
        "defines": float(best.bears and wanted.kind is Asked.MEANING),
        "subject": float(names_subject(query.text)),
        **{f"found_{name}": strength for name, strength in found.strengths.items()},
        "year": float(best.elsewhen),
        "town": float(bool(town.name) and town.name <= set(query.tokens) and not town.name <= held),
        "place": float(any(not held.issuperset(tokens(p)) for p in places.named(query.text))),
        "name": float(any(not says(name, held) for name in names(query.text))),
        "of": float(any(not says(token, held) for token in wanted.of)),
    }


_OF_BEST = (
    *("own", "told", "named", "bears", "counted", "near", "heading", "known", "grams", "absence"),
    "asked",
)
_NEAREST = 6  # sentences
_MISSING = ("found_words", "found_grams", "found_vectors")
_SAME_WORDS = 0.75  # of two sentences that say the same, but for their figures
_ALONE = 3.0  # how far ahead the only thing found is


def _says_the_same(one: Candidate, other: Candidate) -> bool:
    """Whether two sentences state a same fact, by its number or by their words, as « 35 % » of a
    page and « 20 % » of that of another year do."""
    if one.quote.facts or other.quote.facts:
        return not one.quote.facts.isdisjoint(other.quote.facts)
    mine, theirs = (
        {token for token in published(c.quote.text) if not token.isdigit()} for c in (one, other)
    )
    return len(mine & theirs) >= _SAME_WORDS * len(mine | theirs)


def town_of(town: catalogue.Town, generation: Generation) -> Town:
    """The town's words and its intercommunality's, with the acronym that the corpus gives it."""
    whole = frozenset(tokens(town.intercommunality))
    short = [
        frozenset({acronym})
        for acronym, meaning in generation.acronyms.items()
        if whole and set(tokens(meaning)) >= whole
    ]
    return Town(frozenset(tokens(town.name)), (whole, *short))
