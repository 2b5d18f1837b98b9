"""What is found: a passage that stands alone, and why it was found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.documents import Span, spans_from
from corpus.structure import Amendment, amendment


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that stands alone.

    `id` is <document>#<n>, n from 1. `headings` goes from the document's title down. `page`,
    `printed`, `anchor` and `confidence` as in corpus.documents.Section. `spans` say which facts
    and sources stand behind which words of `text`. `digest` decides re-embedding.

    `part`, `fields`, `amends` and `superseded` as in Section; the amendments name the passages of
    the avenant that say them (index.conventions.amended).
    """

    id: str
    document_id: str
    headings: tuple[str, ...]
    text: str
    page: int | None
    anchor: str | None
    scope: str
    confidence: float | None
    form: str
    spans: tuple[Span, ...]
    digest: str
    printed: str | None = None
    part: str = ""
    fields: tuple[str, ...] = ()
    amends: Amendment | None = None
    superseded: tuple[Amendment, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The numbers of the facts this passage states, each once, in order."""
        return tuple(dict.fromkeys(fact for span in self.spans for fact in span.facts))

    def spans_of(self, start: int, end: int) -> tuple[Span, ...]:
        """The spans that share a character with `text[start:end]`."""
        return tuple(s for s in self.spans if s.start < end and start < s.end)

    def searched(self) -> str:
        """All the words it is searched by: headings, then text."""
        return " \n".join((*self.headings, self.text))


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and why it was found: `parts` is what each search said, 0..1, `score` their sum."""

    passage: Passage
    score: float
    parts: Mapping[str, float] = field(default_factory=dict)


def digest(headings: tuple[str, ...], text: str) -> str:
    """What a passage's vector depends on, as 32 hexadecimal digits."""
    return hashlib.blake2b("\n".join((*headings, text)).encode(), digest_size=16).hexdigest()


def from_record(record: Mapping[str, Any]) -> Passage:
    """A passage out of the line of passages.jsonl that dataclasses.asdict made of it."""
    return Passage(
        **{
            **record,
            "headings": tuple(record["headings"]),
            "spans": spans_from(record["spans"]),
            "fields": tuple(record["fields"]),
            "amends": amendment(record["amends"]) if record["amends"] else None,
            "superseded": tuple(map(amendment, record["superseded"])),
        }
    )
