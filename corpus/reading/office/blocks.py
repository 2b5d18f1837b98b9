"""Blocks of a text document -> sections: what DOCX and ODT files have in common.

Headings are those that the file marks as such and, for documents typed without styles, those that
show it: numbered, bold or large paragraphs. Tables are said as those of PDFs are (layout.grids).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.documents import Section
from corpus.reading.layout import extents, grids, headings
from corpus.reading.layout.grids import Grid
from corpus.reading.layout.paragraphs import KEYWORD
from corpus.reading.layout.sheets import Box, Word
from corpus.reading.office.looks import Look
from corpus.text import clean, lead, raised

_MAX_WORDS = 20  # of a heading that no style marks
_LARGER = 1.12  # than the text, as in corpus.reading.layout.headings
_KEYWORD_ALONE = 30  # words: longer, « Article 3 : la commune … » is an article in one breath
_CONTENTS = re.compile(r"sommaire|table des (?:matières|annexes|illustrations)", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*\d{1,4}$|…{2,}\s*\d{1,4}$|_{5,}\s*\d{1,4}$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it is shown, its number included.

    `level` is 0 for the document's title, 1 and on for headings, None for text. `item`: of a list.
    `depth`: of the list that an item is of, from 0. `size` is that of most of its letters, in
    points, None when unknown.
    """

    text: str
    level: int | None = None
    item: bool = False
    bold: bool = False
    size: float | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    blocks: tuple[Block, ...] = ()
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of numbers into `cells`, all of one length: a merged cell stands in each of its places.

    `headers` is how many of the first rows the file calls headers, None when it does not say.
    """

    rows: tuple[tuple[int, ...], ...]
    cells: tuple[Cell, ...]
    headers: int | None = None


Block = Paragraph | Table
Run = tuple[str, Look]  # words, and how they are shown


def shown_text(runs: Sequence[Run]) -> str:
    """The words of a paragraph that are seen; of those above the line, what they say."""
    text = ""
    seen = (run for run in runs if not run[1].unseen and run[0])
    for above, group in groupby(seen, key=lambda run: bool(run[1].raised)):
        words = "".join(words for words, _ in group)
        text += raised(text.rstrip(), words) if above else words
    return clean(text)


def paragraph(
    runs: Sequence[Run],
    *,
    label: str = "",
    tight: bool = False,
    level: int | None,
    item: bool,
    depth: int = 0,
) -> Paragraph:
    """A paragraph of runs. `label`: the number before it; `tight`: without a space between."""
    sizes: Counter[float] = Counter()
    seen = [(words, look) for words, look in runs if words.strip() and not look.unseen]
    for words, look in seen:
        if look.size is not None:
            sizes[look.size] += len(words)
    label = clean(label)
    return Paragraph(
        text=f"{label}{'' if tight or not label else ' '}{shown_text(runs)}",
        level=level,
        item=item and level is None,
        bold=all(look.bold for _, look in seen),
        size=sizes.most_common(1)[0][0] if sizes else None,
        depth=depth,
    )


def sections(blocks: Sequence[Block], title: str) -> list[Section]:
    """The sections of a document, under its headings. Neither format has pages: none is given."""
    return extents.counted(list(_Writer(title, blocks).written()))


def paragraphs(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    """Every paragraph, those of tables too, in order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for cell in block.cells:
                yield from paragraphs(cell.blocks)


@dataclass(eq=False, slots=True)
class _Open:
    """A heading that is open; `used` once it stands over text. The smaller rank is the higher."""

    rank: tuple[int, ...]
    text: str
    used: bool = False


class _Writer:
    """Goes through the blocks once, and writes the sections."""

    def __init__(self, title: str, blocks: Sequence[Block]) -> None:
        self.title = title
        self.blocks = blocks
        sizes: Counter[float] = Counter()
        bold = total = 0
        for paragraph in paragraphs(blocks):
            letters = len(paragraph.text)
            total += letters
            bold += letters if paragraph.bold else 0
            if paragraph.size is not None:
                sizes[paragraph.size] += letters
        self.body = sizes.most_common(1)[0][0] if sizes else 0.0
        self.larger = sorted((s for s in sizes if s > _LARGER * self.body), reverse=True)
        self.bold_text = 2 * bold > total
        self.trail: list[_Open] = []
        self.items: list[Paragraph] = []

    def written(self) -> Iterator[Section]:
        yield from self._flow(self.blocks)
        yield from self._list()
        yield from self._unused(0)

    def _flow(self, blocks: Sequence[Block], *below: str) -> Iterator[Section]:
        before: Paragraph | None = None
        for block in blocks:
            if isinstance(block, Table):
                yield from self._list(*below)
                said = "" if below or before is None else lead(before.text)
                told = any(heading.text == said for heading in self.trail)
                yield from self._table(block, *below, *([said] if said and not told else ()))
            elif not _LEADERS.search(block.text):
                yield from self._paragraph(block, *below)
            before = block if isinstance(block, Paragraph) else None
        yield from self._list(*below) if below else ()

    def _paragraph(self, paragraph: Paragraph, *below: str) -> Iterator[Section]:
        rank = None if below else self._rank(paragraph)
        if rank is not None:
            yield from self._list()
            inside = len(paragraph.text.split()) > _KEYWORD_ALONE
            keyword = KEYWORD.match(paragraph.text) if inside and paragraph.level is None else None
            text = keyword[0].strip() if keyword else paragraph.text.rstrip(" :\u00a0\u202f")
            kept = [above for above in self.trail if above.rank < rank]
            yield from self._unused(len(kept))
            self.trail.append(_Open(rank, text))
            if not keyword:
                return
        if paragraph.item:
            self.items.append(paragraph)
        elif re.search(r"\w", paragraph.text):
            yield from self._list(*below)
            yield self._section(paragraph.text, "prose", *below)

    def _rank(self, paragraph: Paragraph) -> tuple[int, ...] | None:
        """The rank of a heading, None for text. A style's rank is above what a heading shows."""
        text = paragraph.text.rstrip(" :\u00a0\u202f")
        if not re.search(r"[^\W\d_]{2}", text):
            return None
        if paragraph.level is not None:
            return (0, paragraph.level)
        words = len(text.split())
        keyword = KEYWORD.match(text)
        kind = headings.kind(text)
        ends = paragraph.text.rstrip().endswith((";", ",", "."))
        if keyword is None and (ends or words > _MAX_WORDS or not self._stands_out(paragraph)):
            return None
        if keyword is None and paragraph.item and kind is None:
            return None  # « - Le projet », in bold
        if keyword is not None and paragraph.item and not self._stands_out(paragraph):
            return None  # a list of articles
        size = next((n for n, s in enumerate(self.larger) if s == paragraph.size), None)
        kind = headings.PLAIN_RANK if kind is None else kind
        return (1, len(self.larger) if size is None else size, kind)

    def _stands_out(self, paragraph: Paragraph) -> bool:
        if paragraph.size is not None and paragraph.size > _LARGER * self.body:
            return True
        if paragraph.bold and not self.bold_text:
            return True
        letters = [letter for letter in paragraph.text if letter.isalpha()]
        capitals = len(letters) > 5 and all(letter.isupper() for letter in letters)
        return capitals and 1 < len(paragraph.text.split()) <= 15

    def _unused(self, depth: int) -> Iterator[Section]:
        """Close the headings under `depth`; those that stood over no text are text themselves."""
        closed, self.trail = self.trail[depth:], self.trail[:depth]
        bare = [
            heading.text
            for heading in closed
            if not heading.used
            and not _CONTENTS.fullmatch(heading.text)
            and _bare(heading.text) != _bare(self.title)
        ]
        if bare:
            yield self._section("\n".join(bare), "prose")

    def _section(self, text: str, form: str, *below: str) -> Section:
        for heading in self.trail:
            heading.used = True
        above = [h.text for h in self.trail if _bare(h.text) != _bare(self.title)]
        return Section((self.title, *above, *filter(None, below)), text, form=form)

    def _list(self, *below: str) -> Iterator[Section]:
        """The items gathered since the last paragraph, one a line."""
        items, self.items = self.items, []
        told = [item for item in items if re.search(r"\w", item.text)]
        if told:
            flat = len({item.depth for item in told}) == 1
            section = self._section("\n".join(f"- {item.text}" for item in told), "list", *below)
            size = len(told) if flat else 0
            yield replace(section, extents=extents.extent(section.text, size))

    # Tables

    def _table(self, table: Table, *below: str) -> Iterator[Section]:
        if not table.rows:
            return
        if all(len(set(row)) == 1 for row in table.rows):  # a frame around text
            for number in dict.fromkeys(row[0] for row in table.rows):
                yield from self._flow(table.cells[number].blocks, *below)
            return
        cells = tuple(_as_word(cell) for cell in table.cells)
        grid = Grid(Box(0, 0, 0, 0), table.rows, cells, ())
        found, _ = grids.said(grid, _text, marked=table.headers)
        inner = {n for n, cell in enumerate(table.cells) if _tables(cell)}
        told: set[int] = set()  # a long cell may span several rows
        for row in found:
            first = _text(cells[row.cells[0]])
            name = first if len(first.split()) <= grids.LABEL_WORDS else ""
            line = next(line for line in table.rows if set(row.cells) <= set(line))
            if row.text and not (row.text == name and inner & set(line)):
                text = row.text if row.text.endswith((".", "!", "?", "…")) else row.text + "."
                yield self._section(text, "row", *below, row.group)
            for header, number in row.long:
                if number not in told:
                    told.add(number)
                    under = dict.fromkeys((*below, row.group, name, header))
                    yield from self._flow(table.cells[number].blocks, *under)
            for number in sorted(inner & set(line) - told):
                told.add(number)
                under = dict.fromkeys((*below, row.group, name))
                yield from self._flow(_tables(table.cells[number]), *under)
        for number in sorted(inner - told):  # in a row without a word of its own
            yield from self._flow(_tables(table.cells[number]), *below)


def _tables(cell: Cell) -> list[Table]:
    return [block for block in cell.blocks if isinstance(block, Table)]


def _as_word(cell: Cell) -> grids.Cell:
    """A cell as layout.grids knows it: all its text is one word, that stands nowhere."""
    text = _joined(cell)
    told = [paragraph for paragraph in paragraphs(cell.blocks) if paragraph.text]
    bold = all(paragraph.bold for paragraph in told)
    return grids.Cell((Word(text, 0, 0, 0, 0, 0, 0, bold),) if text else (), cell.shaded)


def _text(cell: grids.Cell) -> str:
    return cell.words[0].text if cell.words else ""


def _joined(cell: Cell) -> str:
    """The words of a cell as one text; the items of a list after each other."""
    text = ""
    for block in cell.blocks:
        if isinstance(block, Table):
            continue
        said = block.text.rstrip(" ;,") if block.item else block.text
        comma = text and block.item and text[-1] not in ":.!?"
        text += ", " if comma else " " if text else ""
        text += said
    return clean(text)


def _bare(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))


def merged(rows: Sequence[Sequence[tuple[Cell, int, bool]]]) -> Table:
    """A table out of rows of (cell, columns it spans, whether it goes on from the row above)."""
    cells: list[Cell] = []
    grid: list[tuple[int, ...]] = []
    for row in rows:
        line: list[int] = []
        for cell, span, continued in row:
            above = (
                grid[-1][len(line)] if continued and grid and len(line) < len(grid[-1]) else None
            )
            if above is None:
                cells.append(cell)
            line += [len(cells) - 1 if above is None else above] * span
        grid.append(tuple(line))
    width = max(map(len, grid), default=0)
    padded: list[tuple[int, ...]] = []
    for known in grid:
        missing = width - len(known)
        padded.append((*known, *range(len(cells), len(cells) + missing)))
        cells += [Cell()] * missing
    return Table(tuple(padded), tuple(cells))


def headed(table: Table, count: int | None) -> Table:
    """The same table, whose first rows are headers; all of them, or none, says nothing."""
    known = count if count is not None and 0 < count < len(table.rows) else None
    return replace(table, headers=known)
