"""Document -> Passages, along its headings.

Prose makes passages of MIN_WORDS to MAX_WORDS words; a question with its answer, a glossary entry
or a table row is one passage whatever its length. A sentence is never cut.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.documents import Document, Extent, Section, Span, Under
from index.french.analysis import sentences
from index.passages import Passage

# Under 60 words a passage lacks what makes it understood alone; over 200 its subject blurs
# (the public sets we measure on are cut at 160).
MIN_WORDS = 60
MAX_WORDS = 200

_WHOLE = ("question", "entry", "row", "named")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage in the making."""

    section: Section

    @property
    def words(self) -> int:
        return len(self.section.text.split())

    @property
    def whole(self) -> bool:
        return self.section.form in _WHOLE


def chunk(document: Document) -> list[Passage]:
    """The passages of a document, in reading order, numbered from 1."""
    pieces: list[_Piece] = []
    for _, sections in groupby(document.sections, key=_stands):
        pieces += _gather([_Piece(s) for section in sections for s in _split(section)])
    pieces = _absorb(pieces)
    return [Passage.of(piece.section, document, number) for number, piece in enumerate(pieces, 1)]


def _stands(section: Section) -> tuple[object, ...]:
    """What sections joined in a passage must share: what it is cited by, and what it is worth."""
    return (section.headings, section.page, *_place(section))


def _place(section: Section) -> tuple[object, ...]:
    """Of a convention: an article is never joined with the next, nor words in force with others."""
    return (section.part, section.amends, section.superseded)


def _split(section: Section) -> Iterator[Section]:
    """A section over MAX_WORDS cut between sentences into parts alike; any other as it is."""
    if section.form in _WHOLE or len(section.text.split()) <= MAX_WORDS:
        yield section
        return
    where = sentences(section.text)

    def count(first: int, last: int) -> int:
        return len(section.text[where[first][0] : where[last][1]].split())

    first = 0
    while first < len(where):
        rest = count(first, len(where) - 1)
        aim = rest / math.ceil(rest / MAX_WORDS)
        last = first
        while (
            last + 1 < len(where)
            and count(first, last) < aim
            and count(first, last + 1) <= MAX_WORDS
        ):
            last += 1
        yield _cut(section, where[first][0], where[last][1])
        first = last + 1


def _cut(section: Section, start: int, end: int) -> Section:
    spans = tuple(
        Span(max(s.start, start) - start, min(s.end, end) - start, s.facts, s.sources)
        for s in section.spans
        if s.start < end and start < s.end
    )
    dash = section.text.startswith("- ", max(start - 2, 0)) and section.form == "list"
    prefix = "- " if dash else ""
    shifted = tuple(replace(s, start=s.start + len(prefix), end=s.end + len(prefix)) for s in spans)
    text = prefix + section.text[start:end]
    extents = tuple(Extent(0, len(text), extent.size) for extent in section.extents)
    return replace(section, text=text, spans=shifted, extents=extents)


def _gather(pieces: list[_Piece]) -> list[_Piece]:
    """Paragraphs under one heading joined until MIN_WORDS, never past MAX_WORDS."""
    gathered: list[_Piece] = []
    for piece in pieces:
        last = gathered[-1] if gathered else None
        if (
            last is not None
            and not (last.whole or piece.whole)
            and (last.words < MIN_WORDS or _introduces(last, piece) or piece.words < MIN_WORDS)
            and last.words + piece.words <= MAX_WORDS
        ):
            gathered[-1] = _join(last, piece)
        else:
            gathered.append(piece)
    return gathered


def _introduces(last: _Piece, piece: _Piece) -> bool:
    """Whether `last` ends on the sentence that announces the list `piece`."""
    return piece.section.form == "list" and last.section.text.rstrip().endswith(":")


def _absorb(pieces: list[_Piece]) -> list[_Piece]:
    """A heading with too few words joins its neighbour under the same title, if there is room."""
    kept: list[_Piece] = []
    for piece in pieces:
        last = kept[-1] if kept else None
        if (
            last is not None
            and not (last.whole or piece.whole)
            and min(last.words, piece.words) < MIN_WORDS
            and last.section.page == piece.section.page
            and _place(last.section) == _place(piece.section)
            and not _leaves(last.section, piece.section)
            and (joined := _join_headings(last, piece)).words <= MAX_WORDS
        ):
            kept[-1] = joined
        else:
            kept.append(piece)
    return kept


def _leaves(first: Section, second: Section) -> bool:
    """Whether the second stands under fewer of the same headings: nothing in its text would say
    that it is not under the first's, as what is refused is not under « Déchets acceptés »."""
    return second.headings == first.headings[: len(second.headings)] != first.headings


def _join(first: _Piece, second: _Piece, between: str = "\n") -> _Piece:
    shift = len(first.section.text) + len(between)
    moved = tuple(
        replace(s, start=s.start + shift, end=s.end + shift) for s in second.section.spans
    )
    lists = tuple(
        replace(e, start=e.start + shift, end=e.end + shift) for e in second.section.extents
    )
    confidences = [
        p.section.confidence for p in (first, second) if p.section.confidence is not None
    ]
    return _Piece(
        replace(
            first.section,
            text=first.section.text + between + second.section.text,
            spans=first.section.spans + moved,
            extents=first.section.extents + lists,
            fields=tuple(dict.fromkeys((*first.section.fields, *second.section.fields))),
            confidence=min(confidences) if confidences else None,
            seen=first.section.seen + second.section.seen,
            composed=first.section.composed + second.section.composed,
        )
    )


def _join_headings(first: _Piece, second: _Piece) -> _Piece:
    """Join across headings: the longer part gives its headings, the other's stand in the text."""
    if first.words >= second.words or len(first.section.headings) > 1:
        above = first.section.headings
        under = [h for n, h in enumerate(second.section.headings) if above[n : n + 1] != (h,)]
        joined = _join(first, second, "\n".join(["", *under, ""])).section
    else:
        headings, anchor = second.section.headings, second.section.anchor
        joined = replace(_join(first, second).section, headings=headings, anchor=anchor)
    start = len(first.section.text) + 1
    over = first.section.under or (Under(0, first.section.headings),)
    return _Piece(replace(joined, under=(*over, Under(start, second.section.headings))))
