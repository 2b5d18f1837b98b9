"""Questions searched as the assistant searches them, with what is right: what heads learn from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tqdm import tqdm

from assistant.context import Context
from assistant.question.reading import read
from assistant.routes import Searched, search
from index.questions.known import Known
from index.training.lessons import is_kept

ROOT = Path(__file__).parents[2]
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the facts that answer it, and where it comes from.

    `label` is what the door calls it; "" when nobody said.
    """

    text: str
    facts: frozenset[str]
    origin: str
    register: str = ""
    language: str = "fr"
    label: str = ""

    @property
    def unseen(self) -> bool:
        """Whether the encoder was not taught it."""
        return is_kept(self.text)


class Hidden(Enum):
    """Which known questions a search does without, besides the question itself."""

    ITSELF = "itself"
    FACTS = "those of its facts"  # as if nobody had asked for them before
    ALL = "all"  # as in a town's documents that nobody wrote questions for


@dataclass(frozen=True, slots=True)
class Example:
    """A question searched: `right` says of each ranked sentence whether it states an answer."""

    asked: Asked
    searched: Searched
    right: tuple[bool, ...]
    hidden: Hidden

    @property
    def blind(self) -> bool:
        """Whether known questions that would have told were left out."""
        return self.hidden is not Hidden.ITSELF


def searched(
    asked: Iterable[Asked], context: Context, hidden: Hidden = Hidden.ITSELF
) -> Iterator[Example]:
    """Each question searched as if nobody had written it, nor what `hidden` says."""
    for one in tqdm(list(asked), unit="question", desc=hidden.value):

        def without(known: Known, one: Asked = one) -> bool:
            if hidden is Hidden.ALL or known.text == one.text:
                return True
            return hidden is Hidden.FACTS and not one.facts.isdisjoint(known.facts)

        question = read(one.text, (), context.retriever)
        if question.is_empty:
            continue
        found = search(question, context, without)
        right = tuple(bool(c.quote.facts & one.facts) for c in found.ranked)
        yield Example(one, found, right, hidden)


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
