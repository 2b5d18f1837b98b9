"""Which validated answer a question asks for: one of whose wordings it is, said otherwise.

It is as near one of them as two wordings of one question are; nearer them, by far, than any known
question that these words do not answer; and what is exact in it is the same: its figures, the
places and acronyms it names, what it denies, the kind of thing it asks for, how many things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.question import places
from assistant.question.asking import HOW_MUCH, Asked, asking
from assistant.question.several import askings
from assistant.quoting.citations import Quote
from assistant.records.answers import Version
from assistant.records.standing import quotes
from index.french.analysis import ACRONYMS, fold, sentences, tokens, words
from index.french.numbers import canonical
from index.generation import Generation
from index.questions.known import Known, KnownQuestions

# Similarity asked for, and by how much the nearest wording is nearer than what these words do not
# answer. Of 9,304 questions asked of answers of 2, 4 or 8 wordings (assistant.learning.wordings,
# 2026-11), 193 are served rightly, 6 in 100 of those that have an answer, 10 on a part of what they
# ask, none wrongly; at .64, 262 and 2 wrongly; at .68 and .05, 220 and 3: a wrong one costs more
# than one that is not given.
ALIKE, APART = 0.68, 0.1


@dataclass(frozen=True, slots=True)
class Exact:
    """What two wordings of one question share exactly."""

    figures: frozenset[str]
    places: frozenset[str]
    acronyms: frozenset[str]
    denies: bool
    kind: Asked
    things: int


def exact(text: str, home: Iterable[str] = (), acronyms: Mapping[str, str] = ACRONYMS) -> Exact:
    """What is exact in a question; the town it is asked in may be named or not.

    acronyms    folded, with what each stands for: one may be spelled out
    """
    asked, said = asking(text), set(words(text))
    numbers = (token for token in tokens(canonical(text)) if any(map(str.isdigit, token)))
    named = frozenset(places.named(text)) - {fold(name) for name in home}
    short = (a for a, meant in acronyms.items() if a in said or said.issuperset(words(meant)))
    return Exact(
        frozenset(numbers),
        named,
        frozenset(short),
        bool(asked.denied),
        Asked.AMOUNT if asked.kind in HOW_MUCH else asked.kind,
        len(askings(text)),
    )


class Wordings:
    """The validated answers of a generation, ready to be asked for."""

    def __init__(
        self,
        versions: Sequence[Version],
        generation: Generation,
        home: Iterable[str] = (),
        vectors: Mapping[str, NDArray[np.float32]] | None = None,
    ) -> None:
        """`vectors` are those of wordings that were made before, by the same encoder."""
        self.versions = {version.id: version for version in versions}
        self._home = tuple(home)
        asked = {wording: v.id for v in versions for wording in v.content.wordings}
        self._owners = asked
        fresh = [wording for wording in asked if wording not in (vectors or {})]
        made = zip(fresh, generation.embedder.questions(fresh), strict=True)
        self.vectors = {**(vectors or {}), **dict(made)}
        self.vectors = {wording: self.vectors[wording] for wording in asked}
        self._acronyms = generation.acronyms
        self._exact = {wording: self._read(wording) for wording in asked}
        self._same = {tuple(words(wording)): id for wording, id in asked.items()}
        # What a known question may ask for and be answered by what is cited.
        self._facts = {v.id: _facts(quotes(v.content.proofs, generation)) for v in versions}
        others = {known.text: known for known in generation.known.questions} if asked else {}
        rows = generation.known.vectors() if asked else {}
        mine = [Known(wording, ()) for wording in asked]
        kept = [known for known in others.values() if known.text not in asked]
        empty = np.zeros((0, generation.embedder.dim), np.float32)
        self._known = KnownQuestions(
            [*mine, *kept],
            np.vstack(
                [
                    empty,
                    *(self.vectors[known.text][None] for known in mine),
                    *(rows[known.text][None] for known in kept),
                ]
            ),
        )

    def __len__(self) -> int:
        return len(self.versions)

    def match(
        self,
        text: str,
        vector: NDArray[np.float32],
        without: Callable[[Known], bool] | None = None,
    ) -> Version | None:
        """The answer that a question asks for; None where it surely asks for none.

        vector     of the question, by the encoder of the generation
        without    of the known questions, those that a measure leaves out
        """
        if (id := self._same.get(tuple(words(text)))) is not None:
            return self.versions[id]
        near = self._known.like(text, vector, without=without).near
        best = next((each for each in near if each.known.text in self._owners), None)
        if best is None or best.similarity < ALIKE:
            return None
        owner = self._owners[best.known.text]
        other = next((each for each in near if not self._answers(owner, each.known)), None)
        if other is not None and best.similarity - other.similarity < APART:
            return None
        same = self._read(text) == self._exact[best.known.text]
        return self.versions[owner] if same else None

    def _read(self, text: str) -> Exact:
        return exact(text, self._home, self._acronyms)

    def _answers(self, id: int, known: Known) -> bool:
        """Whether an answer answers a wording, or a known question, too."""
        if known.text in self._owners:
            return self._owners[known.text] == id
        return known.answered and not self._facts[id].isdisjoint(known.facts)


def _facts(cited: Sequence[Quote]) -> frozenset[str]:
    found = set[str]()
    for quote in cited:
        found |= quote.facts
        for order, (start, end) in enumerate(sentences(quote.passage.text)):
            if quote.start < end and start < quote.end:
                found.add(quote.passage.sentence(order))
    return frozenset(found)
