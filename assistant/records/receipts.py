"""The receipt of an answer: what is needed to say, later, whether it would still be given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from pydantic import TypeAdapter

from assistant.answers import CITING, Answer, Citation, Door, Outcome, Sentence, Style, Validated
from assistant.question.reading import Question
from assistant.quoting.citations import cite
from corpus.documents import Source
from index.generation import Generation
from index.passages import Hit, Passage


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it was shown, without its passage's text but with its digest."""

    number: int
    kind: str
    passage_id: str
    digest: str
    headings: tuple[str, ...]
    start: int
    quote: str
    page: int | None
    url: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer, and what it was made with. Holds no personal data but what the question does.

    `at` is UTC, ISO 8601, to the second. `question` is as the pipeline left it: masked, tidy;
    `searched` is the same made to stand alone, `asking` its words that say what is asked for: the
    turns before it need not be kept. `made_with` names the versions and settings that an answer
    depends on.
    """

    id: str
    at: str
    question: str
    searched: str
    asking: str
    language: str
    outcome: Outcome
    text: str
    sentences: tuple[Sentence, ...]
    cited: tuple[Cited, ...]
    generation: str
    made_with: Mapping[str, Any]
    style: Style = Style.STANDARD
    door: str = ""  # where it was asked (answers.Door), and how long the answer took: 0.1.0 kept
    seconds: float | None = None  # neither
    validated: Validated | None = None

    @property
    def subject(self) -> str:
        """The document that it cites first; empty when it cites none."""
        return self.cited[0].passage_id.rpartition("#")[0] if self.cited else ""

    @property
    def written(self) -> bool:
        """Whether a model wrote a sentence of it: one that is none of the words it cites."""
        if self.validated is not None:
            return False
        quotes = {cited.number: cited.quote for cited in self.cited}
        return any(
            all(quotes.get(number) != sentence.text for number in sentence.citations)
            for sentence in self.sentences
        )


def reference(typed: str) -> str:
    """The reference of an answer, as it is kept, from what someone typed or read aloud."""
    return re.sub(r"[\s-]", "", typed).lower()


def receipt(
    answer: Answer,
    words: str,
    question: Question | None,
    style: Style,
    door: Door,
    generation: Generation,
    made_with: Mapping[str, Any],
    at: str,
) -> Receipt:
    """The receipt of an answer.

    words       the question, masked
    question    None when it ended before it was read
    """
    passages = generation.by_id
    return Receipt(
        id=answer.id,
        at=at,
        question=words,
        searched=question.alone if question else "",
        asking=question.asking.text if question else "",
        language=answer.language if question is None else question.language,
        outcome=answer.outcome,
        text=answer.text,
        sentences=answer.sentences,
        cited=tuple(_cited(c, passages[c.passage_id].digest) for c in answer.citations),
        generation=answer.generation,
        made_with=dict(made_with),
        style=style,
        door=door.value,
        seconds=round(sum(answer.seconds.values()), 4),
        validated=answer.validated,
    )


def _cited(citation: Citation, digest: str) -> Cited:
    return Cited(
        citation.number,
        citation.kind,
        citation.passage_id,
        digest,
        citation.headings,
        citation.start,
        citation.quote,
        citation.page,
        citation.url,
        citation.sources,
    )


def to_json(receipt: Receipt) -> str:
    """A receipt as it is kept: 4 µs, where dataclasses.asdict takes 65."""
    return _reader().dump_json(receipt).decode()


def from_record(record: Mapping[str, Any]) -> Receipt:
    """A receipt out of its JSON; the first had no style."""
    return _reader().validate_python(record)


@cache
def _reader() -> TypeAdapter[Receipt]:
    return TypeAdapter(Receipt)


class State(StrEnum):
    """What became of a cited passage."""

    SAME = "same"
    MOVED = "moved"  # the same words, elsewhere
    CHANGED = "changed"  # its place is there, or its quote is, and its words are others
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Seen:
    """A citation seen again.

    `now` is the passage it is in today, None when it vanished. `quoted`: the quote still stands
    there word for word. `sourced`: with the same publications, page and address. `found`: asked
    today, the question is answered from it (for a written answer: its passage is found).
    """

    number: int
    passage_id: str
    state: State
    now: str | None
    quoted: bool
    sourced: bool
    found: bool

    @property
    def stands(self) -> bool:
        """Whether the same words prove it today, moved or not."""
        kept = self.state in (State.SAME, State.MOVED)
        return kept and self.sourced and self.found


@dataclass(frozen=True, slots=True)
class Replay:
    """A receipt beside the index of today.

    `added` are the passages cited today and not then. `same_text` is None for a written answer: a
    model would not write it twice alike. `changed` has what it was made with that differs, as
    (then, now).
    """

    receipt: Receipt
    generation: str
    outcome: Outcome
    seen: tuple[Seen, ...]
    added: tuple[str, ...]
    same_text: bool | None
    changed: Mapping[str, tuple[Any, Any]]

    @property
    def same(self) -> bool:
        """Whether today's index gives the same sources, or the same refusal."""
        alike = self.outcome in CITING if self.receipt.written else (
            self.outcome == self.receipt.outcome and not self.added
        )  # fmt: skip
        return alike and all(seen.stands for seen in self.seen)


def compare(
    receipt: Receipt,
    answer: Answer,
    found: Sequence[Hit],
    generation: Generation,
    made_with: Mapping[str, Any],
) -> Replay:
    """A receipt beside its question asked again, by quoting.

    found    the passages of today's search
    """
    passages = generation.by_id
    now = {c.passage_id: passages[c.passage_id].digest for c in answer.citations}
    then = {cited.digest for cited in receipt.cited}
    added = tuple(passage for passage, digest in now.items() if digest not in then)
    same_text: bool | None = (answer.outcome, *(s.text for s in answer.sentences)) == (
        receipt.outcome, *(s.text for s in receipt.sentences)
    )  # fmt: skip
    digests = set(now.values())
    if receipt.written:  # its model chose among the passages found: quotations may be others
        digests = {hit.passage.digest for hit in found}
        added, same_text = (), None
    return Replay(
        receipt=receipt,
        generation=generation.number,
        outcome=answer.outcome,
        seen=tuple(_seen(cited, generation, digests) for cited in receipt.cited),
        added=added,
        same_text=same_text,
        changed=_changed(
            {**receipt.made_with, "validated": _named(receipt.validated)},
            {**made_with, "validated": _named(answer.validated)},
        ),
    )


def _named(validated: Validated | None) -> str | None:
    return f"{validated.id}, version {validated.version}" if validated else None


def _changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    pairs = {name: (then.get(name), now.get(name)) for name in sorted({*then, *now})}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _seen(cited: Cited, generation: Generation, found: set[str]) -> Seen:
    state, now = locate(cited, generation)
    quoted = now is not None and cited.quote in now.text
    return Seen(
        number=cited.number,
        passage_id=cited.passage_id,
        state=state,
        now=None if now is None else now.id,
        quoted=quoted,
        sourced=quoted and now is not None and _sourced(cited, now, generation),
        found=now is not None and now.digest in found,
    )


class Placed(Protocol):
    """Words of a passage, and the digest that it had."""

    @property
    def passage_id(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def quote(self) -> str: ...


def locate(cited: Placed, generation: Generation) -> tuple[State, Passage | None]:
    """Where a cited passage is today; its own place, then its document, then elsewhere."""

    def near(passages: Sequence[Passage]) -> Passage:
        document = cited.passage_id.rpartition("#")[0]
        return min(passages, key=lambda p: (p.id != cited.passage_id, p.document_id != document))

    there = generation.by_id.get(cited.passage_id)
    if there is not None and there.digest == cited.digest:
        return State.SAME, there
    twins = [p for p in generation.by_id.values() if p.digest == cited.digest]
    if twins:
        return State.MOVED, near(twins)
    quoting = [p for p in generation.by_id.values() if cited.quote in p.text]
    if quoting:
        return State.CHANGED, near(quoting)
    return (State.VANISHED if there is None else State.CHANGED), there


def _sourced(cited: Cited, passage: Passage, generation: Generation) -> bool:
    start = cited.start  # which of two stretches with the same words, where nothing moved
    if not passage.text.startswith(cited.quote, start):
        start = passage.text.index(cited.quote)
    document = generation.documents[passage.document_id]
    today = cite(cited.number, passage, document, start, start + len(cited.quote))
    return (today.sources, today.page, today.url) == (cited.sources, cited.page, cited.url)
