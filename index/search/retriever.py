"""The searches of a question, fused and ranked: words, character 4-grams, vectors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.conventions.amended import in_force
from index.conventions.names import Named, bonus, named, titled
from index.encoder.embedding import is_static
from index.encoder.running import shared
from index.french.analysis import (
    STOP_WORDS,
    expansions,
    grams,
    sentences,
    stem,
    synonyms,
    tokens,
    words,
)
from index.generation import Generation
from index.passages import Hit, Passage
from index.questions.known import NOTHING, Known, Likeness
from index.stores.lexical import DOUBT_WEIGHT, EXPANSION_WEIGHT, SYNONYM_WEIGHT

# The share of each search, for the encoder that ships. On 350 questions that it was not taught, of
# our corpus, at .1, .2, .3, .4, .5 and .6 for the vectors, nDCG@10 is .717, .739, .760, .776, .783
# and .791, and a passage that answers is among the first eight for .923 to .963; .5 is what did
# best on the sheets of service-public.fr, of which it was taught none (.871 -> .920), 2026-11.
WEIGHTS = {"words": 0.275, "grams": 0.225, "vectors": 0.5}
_DEPTH = 200  # how many passages each search gives to the fusion
# Share of what the nearest known questions ask for, by how like they are (Likeness.sure): « une
# aide pour mon restaurant ? » is a known one, and none of the ten passages found was of shops.
_ASKED_FOR, _FIRST, _MORE = 0.3, 5, 3
# Passages that state no numbered fact, a town's own, that are found whatever there is of ours: of
# 269 questions on 22 documents of towns, each beside 600 passages of fiches, one that answers is
# among the first eight for .796, with these for .926.
_OWN = 3


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready to search.

    `words` are those typed, folded and spelled as the corpus does; `tokens` their stems that carry
    a subject; `expanded` what acronyms add to them, of those that `acronyms` spells out; `doubts`
    the other stems that a misspelt token may stand for; `named` what it names of a convention.
    """

    text: str
    words: tuple[str, ...]
    tokens: tuple[str, ...]
    expanded: tuple[str, ...]
    acronyms: Mapping[str, str]
    doubts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named: Named = Named()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: `hits`, best first, and how much of the question they hold.

    `held` is, for each hit, how many of the question's tokens its passage holds. `strengths` is
    the best score that each search gave, before scaling: the words' and the 4-grams' BM25 by the
    rarity of all that was asked, the vectors' cosine; 0 when it found nothing. `vector` is the
    question's, (dim,), of length 1 or 0; `likeness` what the known questions say of it.
    """

    query: Query
    hits: tuple[Hit, ...]
    held: tuple[int, ...]
    strengths: Mapping[str, float] = field(default_factory=dict)
    vector: NDArray[np.float32] = field(
        default_factory=lambda: np.zeros(0, np.float32), compare=False, repr=False
    )
    likeness: Likeness = NOTHING


@dataclass(frozen=True, slots=True)
class Nearness:
    """The cosines of a question with the sentences of a passage, in its order, and its heading."""

    sentences: NDArray[np.float32]
    heading: float


class Retriever:
    """Searches one generation; safe to call from several threads."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.weights: Mapping[str, float] = generation.about["weights"]
        self._tokens = _tokens_of(generation)

    def query(self, question: str) -> Query:
        """Fold, spell and stem a question."""
        spelled = self.generation.speller.question(words(question))
        found = [stem(word) for word in spelled.words if word not in STOP_WORDS]
        acronyms = self.generation.acronyms
        return Query(
            question,
            spelled.words,
            tuple(dict.fromkeys(found)),
            tuple(expansions(found, acronyms)),
            acronyms,
            _stems(spelled.doubts),
            titled(named(question), list(dict.fromkeys(found)), self.generation.titles),
        )

    def search(
        self,
        question: str | Query,
        limit: int = 10,
        language: str | None = None,
        without: Collection[int] = (),
        unknown: Callable[[Known], bool] | None = None,
        spoken: str | None = None,
        typed: NDArray[np.float32] | None = None,
    ) -> Found:
        """The best passages for a question, at most `limit`, best first.

        With `language`, passages of that language come before the French ones, and those of the
        others are left out; without, every passage counts. The passages at the positions `without`
        are searched as if the generation did not have them; so are the known questions that
        `unknown` says. `spoken` is the question in its own language, where `question` says it in
        French: the vectors read it. `typed` is the vector of the question as typed, by the model
        that ships, where it was made already.
        """
        query = question if isinstance(question, Query) else self.query(question)
        spelled = " ".join(query.words)
        weights = (
            {near: SYNONYM_WEIGHT for token in query.tokens for near in synonyms(token)}
            | dict.fromkeys(query.expanded, EXPANSION_WEIGHT)
            | dict.fromkeys(chain.from_iterable(query.doubts.values()), DOUBT_WEIGHT)
            | dict.fromkeys(query.tokens, 1.0)
        )
        lexical = self.generation.lexical
        four, depth = grams(spelled), _DEPTH + len(without)
        said = query.text if spoken is None else spoken
        embedder = self.generation.embedder
        vector = self.vector(query, typed) if spoken is None else embedder.question(spoken)
        found = {
            "words": lexical.words(weights, depth),
            "grams": lexical.grams(four, depth),
            "vectors": self.generation.store.search(vector, depth),
        }
        if without:  # before the scores are scaled: what is left must not tell what is missing
            hidden = frozenset(without)
            found = {name: _without(scores, hidden) for name, scores in found.items()}
        fused = fuse(list(found.values()), [self.weights[name] for name in found])
        fused = self._amended(query.named, fused, frozenset(without))
        likeness = self.generation.known.like(said, vector, without=unknown)
        first, rest = self._asked_for(likeness, self._speaking(fused, language))
        ranked = self._own(first, rest)[:limit]
        scaled = {name: _min_max(scores) for name, scores in found.items()}
        hits = tuple(
            Hit(
                self.generation.passages[position],
                score,
                {name: scores.get(position, 0.0) for name, scores in scaled.items()},
            )
            for position, score in ranked
        )
        return Found(
            query,
            hits,
            tuple(self.held(query, hit.passage) for hit in hits),
            self._strengths(query, four, found),
            vector,
            likeness,
        )

    def _amended(
        self, wanted: Named, fused: list[tuple[int, float]], hidden: frozenset[int]
    ) -> list[tuple[int, float]]:
        """What the question names of a convention first, and an avenant before what it changed."""
        generation = self.generation
        if not generation.structured:
            return fused
        scores = dict(fused)
        for position in generation.structured if wanted else ():
            passage = generation.passages[position]
            more = bonus(wanted, passage, generation.documents[passage.document_id])
            if more and position not in hidden:
                scores[position] = scores.get(position, 0.0) + more
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        if wanted.before or wanted.number:  # the words of that moment are asked for
            return ranked
        return in_force(ranked, generation.passages, generation.positions, hidden)

    def _asked_for(
        self, likeness: Likeness, found: list[tuple[int, float]]
    ) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
        """What is found with, after the first, the best passage of each fact that questions like
        this one surely ask for and that none of the first states; and the rest."""
        passages, first, rest = self.generation.passages, found[:_FIRST], found[_FIRST:]
        for fact, weight in likeness.facts.items():
            stated = any(fact in passages[position].facts for position, _ in first)
            if weight * likeness.sure < _ASKED_FOR or stated or len(first) == _FIRST + _MORE:
                continue
            best = next((one for one in rest if fact in passages[one[0]].facts), None)
            if best is not None:
                first.append(best)
        return first, [one for one in rest if one not in first]

    def _own(
        self, first: list[tuple[int, float]], rest: list[tuple[int, float]]
    ) -> list[tuple[int, float]]:
        """What is found with, after the first, the best of the passages that nobody numbered the
        facts of, up to `_OWN` in all."""
        passages = self.generation.passages
        own = [one for one in (*first, *rest) if not passages[one[0]].facts][:_OWN]
        moved = [one for one in own if one not in first]
        return [*first, *moved, *(one for one in rest if one not in moved)]

    def _strengths(
        self, query: Query, four: Iterable[str], found: Mapping[str, Mapping[int, float]]
    ) -> dict[str, float]:
        rarity_of = self.generation.lexical.rarity
        rarity = {
            "words": sum(map(self.rarity, query.tokens)),
            "grams": sum(rarity_of(gram, "grams") for gram in dict.fromkeys(four)),
            "vectors": 1.0,
        }
        return {
            name: max(scores.values(), default=0.0) / (rarity[name] or 1.0)
            for name, scores in found.items()
        }

    def _speaking(
        self, fused: list[tuple[int, float]], language: str | None
    ) -> list[tuple[int, float]]:
        if language is None:
            return fused
        documents, passages = self.generation.documents, self.generation.passages
        # A publication that does not say its language is French: few PDF files do say it.
        spoken = [
            (documents[passages[p].document_id].language or "fr", p, score) for p, score in fused
        ]
        own = [(p, score) for code, p, score in spoken if code == language]
        return own if language == "fr" else own + [(p, s) for code, p, s in spoken if code == "fr"]

    def held(self, query: Query, passage: Passage) -> int:
        """How many of the question's tokens a passage holds, its headings counted.

        An acronym counts as held when the passage spells it out, and the other way round; a
        misspelt word when one that it may stand for is.
        """
        held = self._tokens(passage.id)
        return sum(
            token in held or not held.isdisjoint(query.doubts.get(token, ()))
            for token in query.tokens
        )

    def vector(self, query: Query, typed: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """(dim,): the question's. A mean of word vectors reads it as the corpus spells it.

        An encoder reads it as it was typed and, where the speller changed a word, both ways, half
        each: with two typos the nearest sentence answers .79 of 100 questions, .69 as typed; .73
        of 109 written as short messages, .68 as typed, 2026-11. `typed` is its vector as typed, by
        the model that ships, where it was made already.
        """
        embedder = self.generation.embedder
        spelled = " ".join(query.words)
        if is_static(embedder):
            return embedder.question(spelled)
        if typed is None or embedder is not shared():
            typed = embedder.question(query.text)
        if tuple(words(query.text)) == query.words:
            return typed
        both: NDArray[np.float32] = typed + embedder.question(spelled)
        return both / (np.linalg.norm(both) or 1.0)

    def nearness(self, vector: NDArray[np.float32], passage: Passage) -> Nearness:
        """The cosines of a question with a passage: each sentence's, then its heading's.

        Zeros for the row of a list, which is found by its name.
        """
        at = self.generation.positions.get(passage.id)
        if at is None or not len(vector):
            return Nearness(np.zeros(len(sentences(passage.text)), np.float32), 0.0)
        said = self.generation.sentences
        return Nearness(
            said.of(at).astype(np.float32) @ vector,
            float(said.heading(at).astype(np.float32) @ vector),
        )

    def rarity(self, token: str) -> float:
        """How rare a token is in this generation (BM25's idf); highest when no passage has it."""
        return self.generation.lexical.rarity(token)


def _tokens_of(generation: Generation) -> Callable[[str], frozenset[str]]:
    """The tokens of a passage by its id, kept for the last ones.

    A cache of the retriever's own method would hold it, and its index, until Python looks for what
    holds itself.
    """

    @lru_cache(maxsize=4096)
    def of(passage_id: str) -> frozenset[str]:
        found = tokens(generation.by_id[passage_id].searched())
        return frozenset(found) | frozenset(expansions(found, generation.acronyms))

    return of


def fuse(
    scores: Sequence[Mapping[int, float]], weights: Sequence[float]
) -> list[tuple[int, float]]:
    """Weigh several searches of the same passages into one ranking.

    Each search's scores are brought to 0..1 over what it found (min-max) and summed by weight; a
    passage that a search did not find earns nothing from it. Ranks are not used: with one weak
    search, equal-weight rank fusion lost up to 15 points of nDCG.

    Returns (position, score) pairs, best first; equal scores keep their order of appearance.
    """
    fused: dict[int, float] = {}
    for found, weight in zip(scores, weights, strict=True):
        for position, score in _min_max(found).items():
            fused[position] = fused.get(position, 0.0) + weight * score
    return sorted(fused.items(), key=lambda pair: -pair[1])


def _without(scores: Mapping[int, float], hidden: frozenset[int]) -> dict[int, float]:
    """The scores of what is not hidden, as many as each search gives, in the same order."""
    left = [(position, score) for position, score in scores.items() if position not in hidden]
    return dict(left[:_DEPTH])


def _min_max(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores brought to 0..1; all 1 when they are equal."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {position: (score - low) / (high - low) for position, score in scores.items()}


def _stems(doubts: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The doubts of words as doubts of tokens: what has the token's own stem is none.

    A slip read as a word without a subject keeps its doubts: .002 of nDCG@10 on `piaf`.
    """
    found = {}
    for word, others in doubts.items():
        other = {stem(near) for near in others if near not in STOP_WORDS} - {stem(word)}
        if other:
            found[stem(word)] = tuple(sorted(other))
    return found
