"""Questions searched as the assistant searches them, with what is right: what heads learn from."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, partial
from pathlib import Path

from tqdm import tqdm

from assistant.context import Context
from assistant.question.reading import read
from assistant.quoting.citations import Quote
from assistant.routes import Searched, search
from index.french.analysis import fold
from index.questions.known import Known
from index.training.lessons import is_kept

ROOT = Path(__file__).parents[2]
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the facts or the sentences that answer it, and where it comes from.

    `label` is what the door calls it; "" when nobody said. `document` is the only one that it is
    asked of, where no fact is numbered.
    """

    text: str
    facts: frozenset[str]
    origin: str
    register: str = ""
    language: str = "fr"
    label: str = ""
    document: str = ""

    def is_answered_by(self, quote: Quote) -> bool:
        """Whether a sentence states a fact that answers, or holds an answer."""
        return self.holds(quote.text) if self.document else not self.facts.isdisjoint(quote.facts)

    def holds(self, text: str) -> bool:
        """Whether a text holds an answer whole: each cell, for one of a table."""
        held = _level(text)
        return any(all(_level(cell) in held for cell in a.split(" | ")) for a in self.facts)

    @property
    def unseen(self) -> bool:
        """Whether the encoder was not taught it."""
        return is_kept(self.text)


def _level(text: str) -> str:
    return " ".join(fold(text).split())


class Hidden(Enum):
    """Which known questions a search does without, besides the question itself."""

    ITSELF = "itself"
    # As if nobody had asked for them before: and nobody asked for others, or that would tell.
    FACTS = "those of its facts, and of one fact in two"
    ALL = "all"  # as in a town's documents that nobody wrote questions for


@dataclass(frozen=True, slots=True)
class Example:
    """A question searched: `right` says of each ranked sentence whether it states an answer."""

    asked: Asked
    context: Context
    searched: Searched
    right: tuple[bool, ...]
    hidden: Hidden

    @property
    def blind(self) -> bool:
        """Whether known questions that would have told were left out."""
        return self.hidden is not Hidden.ITSELF


def searched(
    asked: Iterable[Asked], context: Context, hidden: Sequence[Hidden] = tuple(Hidden)
) -> Iterator[Example]:
    """Each question searched as if nobody had written it, nor what each of `hidden` says."""
    for one in tqdm(list(asked), unit="question", desc=context.home[0]):
        question = read(one.text, (), context.retriever)
        if question.is_empty:
            continue
        for way in hidden:
            found = search(question, context, partial(_is_out, one, way))
            right = tuple(map(one.is_answered_by, (c.quote for c in found.ranked)))
            yield Example(one, context, found, right, way)


def _is_out(asked: Asked, hidden: Hidden, known: Known) -> bool:
    if hidden is Hidden.ALL or known.text == asked.text:
        return True
    return hidden is Hidden.FACTS and (
        not asked.facts.isdisjoint(known.facts) or any(_is_even(asked, f) for f in known.facts)
    )


@lru_cache(maxsize=1 << 14)
def _is_even(asked: Asked, fact: str) -> bool:
    return zlib.crc32(f"{asked.text} {fact}".encode()) % 2 == 0


def questions(paths: Sequence[Path]) -> list[Asked]:
    """The questions of files of known questions, or of practice; each wording once."""
    found: dict[str, Asked] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record.get("history") or record.get("split") == "held":
                continue
            facts = frozenset(map(str, record.get("facts") or record.get("answer_facts") or ()))
            answered = record.get("answered", record.get("expect", "answer") == "answer")
            text = " ".join(record["question"].split())
            label = record.get("label", "in_scope" if answered else "")
            asked = Asked(
                text,
                facts if answered else frozenset(),
                path.stem,
                record.get("register", record.get("kind", "")),
                record.get("language", "fr"),
                label,
            )
            found.setdefault(text, asked)
    return list(found.values())
