"""PDF -> Document, page by page: headings, paragraphs, lists and tables in reading order.

A page without text that can be read is named (`unread`), for pdf.ocr to read from its picture;
read again with what OCR saw (`scans`), the file is then whole.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard

import pypdfium2

from corpus import vocabulary
from corpus.documents import Document, Section
from corpus.reading.layout import extents, grids, headings
from corpus.reading.layout.grids import Cell, Grid, Said
from corpus.reading.layout.lines import Aligned, Line, reading_order, rows
from corpus.reading.layout.paragraphs import (
    KEYWORD,
    Paragraph,
    Print,
    Table,
    confidence,
    gather,
    printed_as,
    seen,
    surely,
    unmarked,
)
from corpus.reading.layout.sheets import Box, Sheet, Word
from corpus.reading.pdf import margins, ocr, pdfium
from corpus.reading.pdf.legible import trouble
from corpus.text import clean, lead

MAX_PAGES = 2_000
# A page that pictures cover may show more than the few words it gives: a scan that the
# préfecture's software stamped (« Envoyé en préfecture le … ») gives nothing else.
_COVERED, _FEW_LETTERS = 0.6, 500
_SOME_PICTURE = 0.05  # of the page: smaller, it is an ornament
_MANY_SHAPES = 300  # letters turned into drawings
_LEVEL = 0.3  # degrees: a page turned by more for OCR has its words elsewhere
_READABLE = 0.5  # mean confidence of a page read by OCR: under it, noise
# Words that a scanner laid under its picture: nobody knows how well they were read.
UNKNOWN = 0.5
_NO_TITLE = re.compile(
    r"\.(?:docx?|odt|pdf|indd|pptx?|xlsx?)$|^microsoft|^untitled|anonymous|^sans titre|^\W*$",
    re.IGNORECASE,
)
_ALIGNED = 3.0  # points between the left ends of a list's lines: more, some are of a list inside
_TITLE = 1.1  # of the size of the text under it, that of a box's title at least
_LEAST = 12.0  # points that two boxes share of a page's height, to stand beside each other
_BAND = 2  # lines of a title on a band of colour
_ENTRY_END = re.compile(r"[\s.…_;]*\d{1,4}\W*$")
_ENDS_IN_PAGE = re.compile(r" \d{1,4}$")
_LISTED = re.compile(rf" \d{{1,4}}$|^(?i:{KEYWORD.pattern})")
_CONTENTS = re.compile(r"sommaire|table des (?:matières|annexes)|contents", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*\d{1,4}$|(?:…\s?){2,}\d{1,4}$|_{5,}\s*\d{1,4}$")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A Document, and how its pages were read; page numbers count from 1.

    `unread`: pages whose picture may hold text, to be read by OCR. `scanned`: those that OCR read.
    `illegible`: those whose text is no language and that no picture mended. `damaged`: those that
    cannot be opened. `left`: how many pages were not looked at, for want of time or over MAX_PAGES.
    """

    document: Document
    pages: int
    unread: tuple[int, ...] = ()
    scanned: tuple[int, ...] = ()
    illegible: tuple[int, ...] = ()
    damaged: tuple[int, ...] = ()
    left: int = 0


def parse(
    path: Path, *, seconds: float, scans: str | None = None, **about: str | None
) -> dict[str, Any]:
    """Read a PDF file: a Parsed, as JSON. A sandbox's task.

    seconds   after which the pages not yet read are left
    scans     the folder of the pages that OCR read, <page>.json each
    about     id, url, title (None: the file's own), publisher, licence, fetched, scope
    """
    deadline = time.monotonic() + seconds
    with pdfium.opened(path) as file:
        count = len(file)
        sheets = list(_sheets(file, min(count, MAX_PAGES), deadline))
        outline = pdfium.outline(file)
        language = pdfium.language(file)
        title = _title(file, path)
    looked = [_looked(sheet, Path(scans) if scans else None) for sheet in sheets]
    about["title"] = about["title"] or title
    document = Document(
        kind="pdf",
        published="",
        updated="",
        language=language,
        sections=tuple(sections([look.sheet for look in looked], str(about["title"]), outline)),
        **about,  # type: ignore[arg-type]
    )

    def numbers(state: str) -> tuple[int, ...]:
        return tuple(look.sheet.number for look in looked if look.state == state)

    return asdict(
        Parsed(
            document=document,
            pages=count,
            unread=numbers("unread"),
            scanned=numbers("scanned"),
            illegible=numbers("illegible"),
            damaged=numbers("damaged"),
            left=count - len(sheets),
        )
    )


def _title(file: pypdfium2.PdfDocument, path: Path) -> str:
    """The title that the file gives itself, or its name when it gives none worth showing."""
    told = clean(file.get_metadata_value("Title"))
    if 5 <= len(told) <= 200 and not _NO_TITLE.search(told):
        return told
    return re.sub(r"[-_]+", " ", path.stem).strip()


def _sheets(file: pypdfium2.PdfDocument, count: int, deadline: float) -> Iterator[Sheet]:
    for index in range(count):
        if time.monotonic() > deadline:
            return
        try:
            yield pdfium.sheet(file, index)
        except pypdfium2.PdfiumError:  # this page is damaged: the others may not be
            yield Sheet(index + 1, 0.0, 0.0, ())


# --- Text or picture


@dataclass(frozen=True, slots=True)
class _Looked:
    """A sheet with the words that stand, and where they come from."""

    sheet: Sheet
    state: str  # "text", "blank", "unread", "scanned", "illegible", "damaged"


def _looked(sheet: Sheet, scans: Path | None) -> _Looked:
    """The page's own text, or what OCR read on it, whichever shows more of the page."""
    if not sheet.width:
        return _Looked(sheet, "damaged")
    texts = [word.text for word in sheet.words]
    wrong = (trouble(texts) or vocabulary.trouble(" ".join(texts))) is not None
    given = replace(sheet, words=()) if wrong else _unsure(sheet)
    bare = given.letters < 8 and (sheet.pictured > _SOME_PICTURE or sheet.drawn >= _MANY_SHAPES)
    covered = sheet.pictured > _COVERED and given.letters < _FEW_LETTERS
    if not (wrong or bare or covered):
        return _Looked(given, "text" if given.words else "blank")
    record = scans / f"{sheet.number}.json" if scans else None
    if record is None or not record.is_file():
        return _Looked(given, "unread")
    scan = ocr.from_record(json.loads(record.read_text(encoding="utf-8")))
    sure = confidence(scan.words) or 0.0
    words = scan.words
    if not given.hidden and abs(scan.degrees) < _LEVEL:  # what the file says is surer
        more = (word for word in words if not any(ocr.over(word, own) for own in given.words))
        words = (*given.words, *more)
    if sure >= _READABLE and _known(words) > 1.2 * _known(given.words):
        return _Looked(
            replace(
                given,
                words=words,
                rules=scan.rules,
                shades=(),
                frames=(),
                pictures=(),
                width=scan.width,
                height=scan.height,
            ),
            "scanned",
        )
    if wrong:
        return _Looked(given, "illegible")
    return _Looked(given, "text" if given.words else "blank")


def _known(words: Sequence[Word]) -> float:
    """How many letters stand in words that a language has; all, of too few words to tell."""
    text = " ".join(word.text for word in words)
    share = vocabulary.known(text)
    return len(text) * (share if share is not None else 1.0)


def _unsure(sheet: Sheet) -> Sheet:
    if not sheet.hidden:
        return sheet
    return replace(sheet, words=tuple(replace(w, confidence=UNKNOWN) for w in sheet.words))


# --- Sections


def sections(
    sheets: Sequence[Sheet], title: str, outline: Sequence[tuple[int, str, int]] = ()
) -> list[Section]:
    """The sections of a file's pages, under its headings, each with its sheet and printed page."""
    bodies, printed = margins.strip(sheets)
    listed: set[int] = set()  # the ids of the lines of tables of contents
    whole = [(sheet.number, _items(sheet, listed)) for sheet in bodies]
    kept = [item for _, items in whole for item in items if id(item) not in listed]
    elsewhere = _bare(" ".join(item.text for item in kept if isinstance(item, Line)))
    pages = [
        (
            number,
            [
                item
                for item in items
                if id(item) not in listed
                or (isinstance(item, Line) and not _repeats(item.text, elsewhere))
            ],
        )
        for number, items in whole
    ]
    lines = [item for _, items in pages for item in items if isinstance(item, Line)]
    print_ = printed_as(lines)
    blocks = gather(pages, print_)
    numbers = {sheet.number: number for sheet, number in zip(sheets, printed, strict=True)}
    written = _Writer(title, numbers, blocks, print_, outline, elsewhere).written()
    return extents.counted(list(written))


def _repeats(entry: str, elsewhere: str) -> bool:
    """Does an entry of a table of contents name what the file says at its place?"""
    return _bare(_ENTRY_END.sub("", entry)) in elsewhere


def _items(sheet: Sheet, listed: set[int]) -> list[Line | Grid]:
    """The lines and tables of a page, in reading order; to `listed`, the ids of the lines of a
    table of contents."""
    drawn, words = grids.drawn(sheet)
    # A drawn table takes the place of a short line, so that columns are read around it.
    held = {f"\0{n}": grid for n, grid in enumerate(drawn)}
    size = 10.0
    places = [
        Word(name, g.box.x0, g.box.y0, g.box.x1, g.box.y0 + size, g.box.y0 + size, size)
        for name, g in held.items()
    ]
    found = list(_in_order([*words, *places], _side_by_side(sheet, words)))
    lines = [item for item in found if isinstance(item, Line)]
    contents = _of_contents([line.text for line in lines])
    boxes = _boxes(sheet, lines)
    pictures = [box for box in sheet.pictures if _small(box, sheet)]
    items: list[Line | Grid] = []
    for item in found:
        if isinstance(item, Aligned):
            items.append(grids.aligned(item))
            continue
        beside = tuple(word for word in item.words if word.text not in held)
        if beside:
            line = replace(
                item,
                words=beside,
                box=next((box for box in boxes if box.holds(*_middle(item))), None),
                pictured=any(box.holds(*_middle(item)) for box in pictures),
            )
            items.append(line)
            if (contents or _LEADERS).search(line.text):
                listed.add(id(line))
        items += [held[word.text] for word in item.words if word.text in held]
    return items


def _in_order(words: Sequence[Word], boxes: Sequence[Box]) -> Iterator[Line | Aligned]:
    """The lines and tables of a page in reading order, each of these boxes read on its own: it
    stands as a word among the others, as a drawn table does."""
    inside = {f"\1{n}": [w for w in words if _holds(box, w)] for n, box in enumerate(boxes)}
    taken = {id(word) for held in inside.values() for word in held}
    places = [
        Word(name, box.x0, box.y0, box.x1, box.y0 + 10, box.y0 + 10, 10.0)
        for name, box in zip(inside, boxes, strict=True)
    ]
    for item in reading_order([*(w for w in words if id(w) not in taken), *places]):
        cells = [item.words] if isinstance(item, Line) else sum(item.rows, ())
        if not any(word.text in inside for cell in cells for word in cell):
            yield item
            continue
        for cell in filter(None, cells):
            beside = tuple(word for word in cell if word.text not in inside)
            if beside:
                yield Line(beside, cell[0].x0, max(word.x1 for word in cell))
            for word in cell:
                yield from reading_order(inside.get(word.text, ()))


def _side_by_side(sheet: Sheet, words: Sequence[Word]) -> list[Box]:
    """The boxes that stand beside each other, most of them a title over a text: their lines are no
    rows of a table."""
    areas = [box for box in (*sheet.frames, *sheet.shades)[:_MANY_SHAPES] if _small(box, sheet)]
    areas.sort(key=lambda box: -box.width * box.height)
    found: list[tuple[Box, bool]] = []
    for box in areas:
        if any(_overlap(box, other) for other, _ in found):
            continue
        inside = rows([word for word in words if _holds(box, word)])
        if len(inside) > 1 and not any(_crosses(box, word) for word in words):
            first, second = inside[0], inside[1]
            bold = all(w.bold for w in first) and not all(w.bold for w in second)
            found.append((box, bold or first[0].size > _TITLE * second[0].size))
    beside = [
        (box, titled)
        for box, titled in found
        if any(o is not box and min(box.y1, o.y1) - max(box.y0, o.y0) > _LEAST for o, _ in found)
    ]
    return [box for box, _ in beside] if 3 * sum(t for _, t in beside) > 2 * len(beside) else []


def _holds(box: Box, word: Word) -> bool:
    return box.holds((word.x0 + word.x1) / 2, word.base - 0.3 * word.size)


def _crosses(box: Box, word: Word) -> bool:
    level = box.y0 < word.base - 0.3 * word.size < box.y1
    return level and any(word.x0 + 1 < side < word.x1 - 1 for side in (box.x0, box.x1))


def _overlap(a: Box, b: Box) -> bool:
    return min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1


def _boxes(sheet: Sheet, lines: Sequence[Line]) -> list[Box]:
    """The areas set apart on a page, the smallest first: a title on a band of colour is in none."""
    areas = [box for box in (*sheet.shades, *sheet.frames)[:_MANY_SHAPES] if _small(box, sheet)]
    found = [box for box in areas if sum(box.holds(*_middle(line)) for line in lines) > _BAND]
    return sorted(found, key=lambda box: box.width * box.height)


def _small(box: Box, sheet: Sheet) -> bool:
    return box.width * box.height < 0.5 * sheet.width * sheet.height


def _middle(line: Line) -> tuple[float, float]:
    return (line.x0 + line.x1) / 2, line.base - 0.3 * line.size


def _of_contents(lines: Sequence[str]) -> re.Pattern[str] | None:
    """What the lines of a table of contents look like on this page; None when it holds none."""
    if sum(bool(_LEADERS.search(line)) for line in lines) > 2:
        return _ENDS_IN_PAGE
    titled = any(_CONTENTS.fullmatch(line.strip(" :")) for line in lines)
    if titled and all(len(line.split()) < 15 for line in lines):  # OCR may lose the page numbers
        return _LISTED
    return None


@dataclass(eq=False, slots=True)
class _Open:
    """A heading that is open; `used` once it stands over text."""

    heading: headings.Heading
    used: bool = False


class _Writer:
    """Goes through the blocks once, and writes the sections."""

    def __init__(
        self,
        title: str,
        printed: dict[int, str | None],
        blocks: Sequence[Paragraph | Table],
        print_: Print,
        outline: Sequence[tuple[int, str, int]],
        elsewhere: str,
    ) -> None:
        self.title = title
        self.elsewhere = elsewhere  # the letters of all the lines
        self.printed = printed
        self.blocks = blocks
        self.print = print_
        paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
        self.judge = headings.Judge(paragraphs, print_, outline)
        self.trail: list[_Open] = []
        self.items: list[Paragraph] = []
        self.astray = False  # the list that follows left another's heading, and has none
        # The last table, for its next page: its headers, the sentence before it.
        self.above: tuple[Grid, list[str], str, int] | None = None

    def written(self) -> Iterator[Section]:
        paragraph_before: Paragraph | None = None
        said = ""  # the sentence just before a table
        for place, block in enumerate(self.blocks):
            yield from self._leave(place)
            if isinstance(block, Table):
                yield from self._list()
                yield from self._table(block, said)
                paragraph_before, said = None, ""
                continue
            following = self.blocks[place + 1] if place + 1 < len(self.blocks) else None
            heading = self.judge.heading(block, following)
            if heading is not None:
                yield from self._list()
                yield from self._open(heading, block, paragraph_before)
                paragraph_before = block
            if heading is None or heading.inside:
                paragraph_before = None
                yield from self._text(block)
            text = heading is None and not (block.note or block.item)
            said = lead(block.text) if text else ""
            self.above = None
        yield from self._list()
        yield from self._unused(0)

    def _open(
        self, heading: headings.Heading, block: Paragraph, before: Paragraph | None
    ) -> Iterator[Section]:
        """Put a heading in its place; a second line of the one just opened completes it."""
        last = self.trail[-1] if self.trail else None
        if (
            before is not None
            and last is not None
            and last.heading.rank == heading.rank
            and before.page == block.page
            and 0 < block.after < 1.6 * self.print.lead
            and not re.match(r"\W*\d|[A-Z][a-zé]+ \d", block.text)
        ):
            last.heading = replace(heading, text=f"{last.heading.text} {heading.text}")
            return
        box = block.lines[0].box
        kept = [
            above
            for above in self.trail
            if above.heading.rank < heading.rank or above.heading.paragraph.lines[0].box != box
        ]
        yield from self._unused(len(kept))
        self.trail.append(_Open(heading))

    def _leave(self, place: int) -> Iterator[Section]:
        """Close the headings that do not stand over a block: those of a box that it is not in,
        and, for a list beside another one, those at the head of the other's column."""
        block = self.blocks[place]
        first = block.lines[0] if isinstance(block, Paragraph) else None
        beside = first is not None and self._beside(place, first)
        gone: list[_Open] = []
        kept: list[_Open] = []
        for above in self.trail:
            over = above.heading.paragraph
            box = over.lines[0].box
            held = first.box if first is not None else None
            left = box is not None and (over.page != block.page or box != held)
            aside = first is not None and over.lines[0].right <= first.left
            away = left or (beside and aside and over.page == block.page)
            (gone if away else kept).append(above)
        if gone:
            yield from self._list()
            self.trail = [*kept, *gone]
            yield from self._unused(len(kept))
            over_it = (above.heading.paragraph.lines[0].left for above in kept)
            self.astray = first is not None and beside and all(x < first.left for x in over_it)

    def _beside(self, place: int, first: Line) -> bool:
        """Does a list begin here level with an item of another one, at its left?"""
        block = self.blocks[place]
        return _listed(block) and any(
            _listed(other)
            and other.page == block.page
            and other.lines[0].right <= first.left
            and abs(other.lines[0].base - first.base) < 0.5 * first.size
            for other in self.blocks[:place]
        )

    def _unused(self, depth: int) -> Iterator[Section]:
        """Close the headings under `depth`; those that stood over no text are text themselves.

        Such are the lines of a cover: what is agreed, between whom, and when.
        """
        closed, self.trail = self.trail[depth:], self.trail[:depth]
        bare = [
            above.heading
            for above in closed
            if not above.used and not _CONTENTS.fullmatch(above.heading.text)
        ]
        if bare:
            words = [word for heading in bare for word in heading.paragraph.words]
            page = bare[0].paragraph.page
            yield self._section("\n".join(heading.text for heading in bare), page, "prose", words)

    def _section(
        self, text: str, page: int, form: str, words: Sequence[Word], *below: str
    ) -> Section:
        for above in self.trail:
            above.used = True
        texts = [above.heading.text for above in self.trail]
        shown = [text for text in texts if _bare(text) != _bare(self.title)]
        return Section(
            headings=(self.title, *shown, *filter(None, below)),
            text=text,
            page=page,
            printed=self.printed.get(page),
            confidence=surely(words),
            seen=seen(words),
            form=form,
        )

    def _text(self, block: Paragraph, *below: str) -> Iterator[Section]:
        if block.item:
            self.items.append(block)
            return
        yield from self._list(*below)
        self.astray = self.astray and _listed(block)
        if re.search(r"\w{2}", block.text):
            text = _endless(block.text) if self.astray else block.text
            yield self._section(text, block.page, "prose", block.words, *below)

    def _list(self, *below: str) -> Iterator[Section]:
        """The items gathered since the last paragraph, one a line."""
        items, self.items = self.items, []
        lines = [f"- {text}" for item in items if (text := unmarked(item))]
        if lines and self.astray:
            self.astray = False
            text = "\n".join(_endless(line[2:]) for line in lines)
            yield self._section(text, items[0].page, "prose", _words(items), *below)
        elif lines:
            words = _words(items)
            section = self._section("\n".join(lines), items[0].page, "list", words, *below)
            lefts = [item.words[0].x0 for item in items]
            flat = len(lines) == len(items) and max(lefts) - min(lefts) < _ALIGNED
            size = len(lines) if flat else 0
            yield replace(section, extents=extents.extent(section.text, size))

    # Tables

    def _table(self, table: Table, said: str) -> Iterator[Section]:
        grid = table.grid
        boxes = [_paragraphs(cell, table.page, self.print) for cell in grid.cells]
        if _are_boxes(boxes):
            self.above = None
            for title, *paragraphs in filter(None, boxes):
                head = (title.text,) if paragraphs else ()
                for paragraph in paragraphs or [title]:
                    yield from self._text(paragraph, *head)
                yield from self._list(*head)
            return
        above: list[str] = []
        if self.above is not None and self._continues(table):
            _, above, said, _ = self.above
        found, headers = grids.said(grid, self._cell, above)
        self.above = (grid, headers, said, table.page)
        if _is_contents(found) and all(_repeats(row.text, self.elsewhere) for row in found):
            return
        for row in found:
            words = [word for cell in row.cells for word in grid.cells[cell].words]
            if row.text:
                text = row.text if row.text.endswith((".", "!", "?", "…")) else row.text + "."
                yield self._section(text, table.page, "row", words, said, row.group)
            for header, cell in row.long:
                first = self._first(row, grid, cell)
                yield from self._long(grid.cells[cell], table.page, said, row.group, first, header)

    def _continues(self, table: Table) -> bool:
        """Is it the rest of the last table, on the next page?"""
        assert self.above is not None
        grid, _, _, page = self.above
        return (
            page + 1 == table.page
            and grid.columns == table.grid.columns
            and all(abs(a - b) < 12 for a, b in zip(grid.lefts, table.grid.lefts, strict=True))
        )

    def _first(self, row: Said, grid: Grid, cell: int) -> str:
        """What a row is about, to stand over a long cell of it: its first cell, when short."""
        first = row.cells[0]
        text = self._cell(grid.cells[first])
        return text if first != cell and len(text.split()) <= grids.LABEL_WORDS else ""

    def _cell(self, cell: Cell) -> str:
        """The words of a cell as one text; the items of a list after each other."""
        paragraphs = _paragraphs(cell, 0, self.print)
        text = ""
        for paragraph in paragraphs:
            said = unmarked(paragraph) if paragraph.item else paragraph.text
            text += ", " if text and paragraph.item and text[-1] not in ":.!?" else " "
            text = text.strip() + (" " if text.strip() else "")
            text += said.rstrip(" ;,") if paragraph.item else said
        return text.strip()

    def _long(self, cell: Cell, page: int, *below: str) -> Iterator[Section]:
        """A cell as long as a page's text, read as such under its header."""
        headed = tuple(dict.fromkeys(filter(None, below)))
        for paragraph in _paragraphs(cell, page, self.print):
            yield from self._text(paragraph, *headed)
        yield from self._list(*headed)


def _words(paragraphs: Sequence[Paragraph]) -> list[Word]:
    return [word for paragraph in paragraphs for word in paragraph.words]


def _endless(text: str) -> str:
    """A point of a list that no word names: « Déchets avec de l'amiante », in red beside « Déchets
    acceptés ». It is found, and never quoted, as no line without an end is."""
    return text.rstrip(" ;,.")


def _listed(block: Paragraph | Table) -> TypeGuard[Paragraph]:
    """Is it an item of a list, with its bullet or without?"""
    return isinstance(block, Paragraph) and (block.item or block.text.endswith(";"))


def _paragraphs(cell: Cell, page: int, print_: Print) -> list[Paragraph]:
    found = rows(cell.words)
    if not found:
        return []
    left = min(row[0].x0 for row in found)
    right = max(word.x1 for row in found for word in row)
    lines = [Line(tuple(row), left, right) for row in found]
    blocks = gather([(page, lines)], print_)
    return [replace(block, note=False) for block in blocks if isinstance(block, Paragraph)]


def _are_boxes(cells: Sequence[Sequence[Paragraph]]) -> bool:
    """Are the cells of a table boxes, as of a scanned leaflet: most have a title over a text?"""
    full = [paragraphs for paragraphs in cells if paragraphs]
    titled = [
        len(paragraphs) > 1
        and not any(paragraph.item for paragraph in paragraphs[:1])
        and len(paragraphs[0].text.split()) <= grids.LABEL_WORDS
        and not paragraphs[0].text.endswith((".", ":", ";", ","))
        and paragraphs[0].size > _TITLE * paragraphs[1].size
        for paragraphs in full
    ]
    return len(full) > 1 and 3 * sum(titled) > 2 * len(full)


def _is_contents(found: Sequence[Said]) -> bool:
    """Is it a table of contents: titles, and page numbers that grow?"""
    ends = [re.search(r"(?:^| )(\d{1,4})$", row.text) for row in found]
    numbers = [int(end[1]) for end in ends if end]
    return (
        len(found) >= 3
        and len(numbers) == len(found)
        and numbers == sorted(numbers)
        and numbers[0] < numbers[-1]
        and all(" ; " in row.text and ":" not in row.text for row in found)
    )


def _bare(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))
