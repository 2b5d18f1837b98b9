"""Words at their places -> lines in reading order: columns one after the other, tables apart.

The same for the words of a PDF and for those that OCR saw.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.reading.layout.sheets import Box, Word

# In parts of the letters' size, on 40 public and hand-made pages, 2026-11.
GUTTER = 0.9  # between two columns: a space inside a justified line stays under
_SHORT_GUTTER = 1.5  # for a run of few lines, where spaces may fall under each other by chance
_FEW = 6  # lines
_TITLE = 1.2  # of the text's size
_WIDE_SPACE = 1.4  # a space of a justified line, and no more than so many of its other ones
_WHITE = 1.25  # times any white inside columns: what is beyond is under them, or above
_RUNNING = 0.35  # of the lines under each other: they go on as sentences do, in no table
LABEL_WORDS = 8  # a longer text at the left is no name for the one beside it
_GLUED = 0.1  # closer than that, two words are one: « 1 » and « er », a word half in bold
_SAME_LINE = 0.5  # of the smaller one's height shared: an exponent stands on its line
_MARK = 3  # letters: a column of no more a line is that of the bullets or numbers of a list
_DEEP = 8  # columns within columns
# Bullets, as fonts of symbols have them too (private use).
BULLET = re.compile(r"(?:[•·▪▫◦●○■□◆◇►▶➢➤➔→✓✔✗❖‣⁃∙⚫⬧*]|[-–—]|[\ue000-\uf8ff])(?=\s|$|[^\W\d_])")
ENDS = re.compile(r"[.!?:;…»)\]]\s*$")
_AMOUNT = re.compile(r"\d[\d\s.,]*(?:€|%|euros?)")
_NUMBERS = re.compile(r"\d[\d,;-]*")
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BAND = 20.0  # points
_CROWDED = 6_000  # words: columns are not looked for; a full page of a newspaper has 3,000


@dataclass(frozen=True, slots=True)
class Line:
    """The words of one line of one column, whose sides are `left` and `right`.

    `box` is the coloured or framed area that it stands in with others, None for the page;
    `pictured` whether it is written on a picture.
    """

    words: tuple[Word, ...]
    left: float
    right: float
    box: Box | None = None
    pictured: bool = False

    @property
    def text(self) -> str:
        return spaced(self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def base(self) -> float:
        return statistics.median_low([word.base for word in self.words])

    @property
    def top(self) -> float:
        return self.base - 0.8 * self.size

    @property
    def size(self) -> float:
        """The size of most of its letters."""
        return max(self.words, key=lambda word: len(word.text)).size

    @property
    def bold(self) -> bool:
        lettered = [word for word in self.words if any(map(str.isalpha, word.text))]
        return bool(lettered) and all(word.bold for word in lettered)


@dataclass(frozen=True, slots=True)
class Aligned:
    """A table that no line draws: rows of cells, under each other by their place alone."""

    rows: tuple[tuple[tuple[Word, ...], ...], ...]
    top: float
    lefts: tuple[float, ...]


Row = list[Word]


def rows(words: Sequence[Word]) -> list[Row]:
    """Words that stand beside each other, from top to bottom, each row from left to right."""
    found: list[tuple[float, float, Row]] = []  # top, bottom, words
    near: dict[int, list[tuple[float, float, Row]]] = {}  # by bands of the page, for speed
    for word in sorted(words, key=lambda word: (-word.size, word.base)):
        top, bottom = word.base - 0.75 * word.size, word.base + 0.2 * word.size
        best, shared = None, _SAME_LINE * (bottom - top)
        bands = range(int(top // _BAND), int(bottom // _BAND) + 1)
        for row in (row for band in bands for row in near.get(band, ())):
            overlap = min(row[1], bottom) - max(row[0], top)
            if overlap > shared:
                best, shared = row, overlap
        if best is None:
            best = (top, bottom, [])
            found.append(best)
            for band in bands:
                near.setdefault(band, []).append(best)
        best[2].append(word)
    found.sort(key=lambda row: row[0])
    return [_in_order(row) for _, _, row in found]


def _in_order(row: Row) -> Row:
    backwards = sum(unicodedata.bidirectional(word.text[0]) in ("R", "AL") for word in row)
    return sorted(row, key=lambda word: word.x0, reverse=backwards * 2 > len(row))


def spaced(words: Sequence[Word]) -> str:
    """The words with a space between them, but where they touch and the file puts none."""
    text = ""
    last: Word | None = None
    for word in words:
        if last is None:
            text = word.text
        elif (mark := _raised(last, word)) is not None:
            text += mark
            continue
        else:
            near = -0.5 * word.size < word.x0 - last.x1 < _GLUED * min(word.size, last.size)
            # PDFium sees a space before what is raised, « 1er », and after it.
            raised = _is_raised(last, word) or _is_raised(word, last)
            text += word.text if near and (raised or not word.parted) else f" {word.text}"
        last = word
    return text


def _raised(last: Word, word: Word) -> str | None:
    """What to write of a raised number: "" for a footnote's, ³ on a figure; None for no such.

    On a figure it may be a note or an exponent: as it is printed, nobody reads « 15³ » as 153.
    """
    if not _NUMBERS.fullmatch(word.text) or not _is_raised(last, word):
        return None
    if last.text[-1].isdigit():
        return word.text.translate(_POWERS) if word.text.isdigit() else ""
    if last.text[-1].isalpha() and (len(last.text) < 3 or last.text.lower().endswith(("km", "co"))):
        return None  # « m2 », « CO2 », and what mathematicians raise
    return ""


def _is_raised(last: Word, word: Word) -> bool:
    """Is a word smaller and higher than the one beside it? Browsers raise at .83 of the size."""
    return word.size < 0.86 * last.size and word.base < last.base - 0.15 * last.size


def reading_order(words: Sequence[Word]) -> list[Line | Aligned]:
    """The lines of a page, or of a part of one, as they are read."""
    return list(_read(rows(words), 0 if len(words) < _CROWDED else _DEEP)) if words else []


def _read(found: list[Row], depth: int) -> Iterator[Line | Aligned]:
    """Cut at the gutter that parts most; what is above it is read first, what is under it last."""
    gutter = _gutter(found) if depth < _DEEP else None
    if gutter is None:
        left = min((row[0].x0 for row in found), default=0.0)
        right = max((max(word.x1 for word in row) for row in found), default=0.0)
        yield from (Line(tuple(row), left, right) for row in found)
        return
    first, last, place = gutter
    above, below = _lead(found[first:last], place), _lead(found[first:last][::-1], place)
    while below and _in_cell(found[first + above : last - below + 1], place):
        below -= 1
    size = statistics.median([word.size for row in found for word in row])
    edges = (place, *_others(found[first + above : last - below], place, size))
    while above and _names_columns(found[first + above - 1], edges):
        above -= 1
    level = found[first + above : last - below]
    table = _table(level, edges)
    if table is None:  # the lines at the top and at the foot of columns need not be level
        above = _apart(found[first:last], place)
        below = _apart(found[first:last][::-1], place)
    first, last = first + above, last - below
    yield from _read(found[:first], depth + 1)
    title = next((n for n, row in enumerate(level) if _stands_over(row, place, size)), None)
    if table is not None and title is not None:  # of another table, or of what follows this one
        yield from _read(level[:title], depth + 1)
        yield from _read(level[title : title + 1], depth + 1)
        yield from _read(level[title + 1 :], depth + 1)
    elif table is not None:
        yield table
    else:
        for left in (True, False):
            side = [
                [word for word in row if (word.x0 < place) == left] for row in found[first:last]
            ]
            yield from _read([row for row in side if row], depth + 1)
    yield from _read(found[last:], depth + 1)


def _names_columns(row: Row, edges: tuple[float, ...]) -> bool:
    """Does a row over a table name several of its columns, none over the first?"""
    crossed = any(word.x0 < edge < word.x1 for word in row for edge in edges)
    return not crossed and sum(map(bool, _cells(row, tuple(sorted(edges))))) > 1


def _stands_over(row: Row, place: float, size: float) -> bool:
    """Is a row of a table none, but a title larger than the rest, at its left?"""
    return all(word.x1 <= place and word.size > _TITLE * size for word in row)


def _gutter(found: list[Row]) -> tuple[int, int, float] | None:
    """The rows, from `first` to before `last`, that a white strip parts; and where it is.

    Of all strips, the one that parts most words.
    """
    best, most = None, 0
    size = statistics.median([word.size for row in found for word in row] or [0.0])
    for place in _places(found, size):
        for first, last in _runs(found, place):
            inside = found[first:last]
            inside = inside[_lead(inside, place) : len(inside) - _lead(inside[::-1], place)]
            left = [[w for w in row if w.x1 <= place] for row in inside]
            right = [[w for w in row if w.x0 >= place] for row in inside]
            if not _parts(left, right, size) or _holed(found, first, last, place):
                continue
            parted = min(sum(map(len, left)), sum(map(len, right)))
            if parted > most:
                best, most = (first, last, place), parted
    return best


def _places(found: list[Row], size: float) -> list[float]:
    """Where a strip may be: the middle of each wide gap, and before each row, for the rows of two
    columns may not be level; those nearly the same once."""
    places: dict[int, float] = {}
    for row in found:
        before = min(word.x0 for word in row) - GUTTER * size / 2
        places.setdefault(round(before / 4), before)
        for last, word in zip(row, row[1:], strict=False):
            if word.x0 - last.x1 >= GUTTER * size:
                middle = (word.x0 + last.x1) / 2
                places.setdefault(round(middle / 4), middle)
    return list(places.values())


def _runs(found: list[Row], place: float) -> Iterator[tuple[int, int]]:
    """The longest stretches of rows that no word at `place` crosses."""
    first = None
    for number, row in enumerate([*found, None]):
        crossed = (
            row is None or any(word.x0 < place < word.x1 for word in row) or _run_on(row, place)
        )
        if crossed:
            if first is not None and number - first > 1:
                yield first, number
            first = None
        elif first is None:
            first = number


def _run_on(row: Row, place: float) -> bool:
    """Does the line go on across `place`, which falls in an ordinary space between words?"""
    before = [word for word in row if word.x1 <= place]
    after = [word for word in row if word.x0 >= place]
    if not before or not after:
        return False
    gap = min(word.x0 for word in after) - max(word.x1 for word in before)
    size = min(before[-1].size, after[0].size)
    if gap < 0.6 * size:
        return True
    spaces = [b.x0 - a.x1 for part in (before, after) for a, b in zip(part, part[1:], strict=False)]
    # A justified line has all its spaces wide.
    return (
        len(spaces) > 1
        and gap < _SHORT_GUTTER * size
        and gap < _WIDE_SPACE * statistics.median(spaces)
    )


def _lead(inside: list[Row], place: float) -> int:
    """How many of the first rows, one or two, are on one side only: a title above a table."""
    count = _alone(inside, place)
    return count if count <= 2 else 0


def _in_cell(inside: list[Row], place: float) -> bool:
    """Is the last row at the right, as close under the others as a cell's second line?"""
    whites = _whites(inside)
    return inside[-1][0].x0 >= place and _close(whites[-1], statistics.median_low(whites))


def _alone(inside: list[Row], place: float) -> int:
    """How many of the first rows are all on the same side, before the other one begins."""
    left = inside[0][0].x0 < place
    count = 0
    for row in inside:
        if any((word.x0 < place) != left for word in row):
            return count
        count += 1
    return 0


def _apart(inside: list[Row], place: float) -> int:
    """How many of the first rows are not of the columns: the last of them stands out, as a title
    does, and more white parts it from the columns than there is inside these."""
    left = inside[0][0].x0 < place
    own, other = (
        [row for row in inside if any((w.x0 < place) == side for w in row)]
        for side in (left, not left)
    )
    whites = _whites(own)
    ends = sorted(row[0].base for row in (other[0], other[-1]))
    core = [row for row in own if ends[0] - 1 <= row[0].base <= ends[1] + 1]
    within = max([*_whites(core), *_whites(other)], default=float("inf"))
    size = statistics.median(word.size for row in core or own for word in row)
    for cut in range(min(_alone(inside, place), len(whites)), 0, -1):
        title = all(word.bold for word in own[cut - 1]) or own[cut - 1][0].size > 1.1 * size
        if title and whites[cut - 1] > _WHITE * within:
            return cut
    return 0


def _whites(found: list[Row]) -> list[float]:
    bases = [statistics.median(word.base for word in row) for row in found]
    return [abs(after - before) for before, after in zip(bases, bases[1:], strict=False)]


def _parts(left: list[Row], right: list[Row], size: float) -> bool:
    """Do these two sides make columns, rather than a list and its numbers, or chance?"""
    lefts, rights = [row for row in left if row], [row for row in right if row]
    if len(lefts) < 2 or len(rights) < 2 or len(lefts) + len(rights) < 5:
        return False
    end = max(word.x1 for row in lefts for word in row)
    start = min(word.x0 for row in rights for word in row)
    few = min(len(lefts), len(rights)) < _FEW
    if start - end < (_SHORT_GUTTER if few else GUTTER) * size:
        return False
    return any(len(spaced(row)) > _MARK for row in lefts) and _aligned(rights, size)


def _aligned(rights: list[Row], size: float) -> bool:
    """Do the lines of the right side begin together, or are they short, as figures are?

    Neither is so of the ends of lines in whose middle a stamp hides words from OCR.
    """
    if statistics.median(map(len, rights)) <= 3:
        return True
    starts = sorted(row[0].x0 for row in rights)
    most = max(bisect_right(starts, start + 1.5 * size) - n for n, start in enumerate(starts))
    return 2 * most >= len(starts)


def _holed(found: list[Row], first: int, last: int, place: float) -> bool:
    """On a scan: is the strip a hole in a paragraph, under a stamp that hides its words?

    Then a line just above or just under it, of the same paragraph, goes across.
    """
    for inside, outside in ((first, first - 1), (last - 1, last)):
        if not 0 <= outside < len(found) or found[inside][0].confidence is None:
            continue
        a, b = found[inside][0], found[outside][0]
        crosses = found[outside][0].x0 < place < max(word.x1 for word in found[outside])
        if crosses and abs(a.base - b.base) < 1.5 * max(a.size, b.size):
            return True
    return False


def _others(inside: list[Row], place: float, size: float) -> list[float]:
    """The further strips that part the whole of these rows: a table has one a column."""
    blanks = _blanks(inside)
    return [
        (start + end) / 2
        for start, end in blanks
        if end - start >= GUTTER * size and not start <= place <= end
    ]


def _blanks(inside: list[Row]) -> list[tuple[float, float]]:
    """The white strips between the first word's left side and the last one's right side."""
    covered = sorted((word.x0, word.x1) for row in inside for word in row)
    blanks = []
    end = covered[0][1]
    for x0, x1 in covered:
        if x0 > end:
            blanks.append((end, x0))
        end = max(end, x1)
    return blanks


# --- Tables without lines


def _table(inside: list[Row], edges: tuple[float, ...]) -> Aligned | None:
    """The rows as a table when their cells are level and short; None for columns of prose."""
    edges = tuple(sorted(edges))
    cells = [_cells(row, edges) for row in inside]
    named = _named(inside, cells) if len(edges) == 1 else None
    if named is None:
        level = sum(sum(map(bool, row)) > 1 for row in cells)
        if level < 2 or level < 0.6 * len(cells) or _is_prose(cells) or _are_lists(cells):
            return None
    merged, parted = (named, False) if named else _logical(inside, cells)
    level = sum(sum(map(bool, row)) > 1 for row in merged)
    # Under one heading, cells of several lines are columns as well.
    if level < (3 if parted else 2) or (named is None and not parted and _runs_on(merged)):
        return None
    lefts = tuple(min(row[n][0].x0 for row in cells if row[n]) for n in range(len(edges) + 1))
    return Aligned(tuple(merged), min(word.y0 for word in inside[0]), lefts)


Cells = tuple[tuple[Word, ...], ...]  # of a row


def _cells(row: Row, edges: tuple[float, ...]) -> Cells:
    sides = (float("-inf"), *edges, float("inf"))
    return tuple(
        tuple(word for word in row if start <= (word.x0 + word.x1) / 2 < end)
        for start, end in zip(sides, sides[1:], strict=False)
    )


def _is_prose(cells: list[Cells]) -> bool:
    """Are all columns lines of text that fill them?"""
    for column in zip(*cells, strict=True):
        lines = [words for words in column if words]
        width = max(line[-1].x1 for line in lines) - min(line[0].x0 for line in lines)
        full = sum(line[-1].x1 - line[0].x0 > 0.75 * width for line in lines)
        if statistics.median(map(len, lines)) < 4 or full < 0.6 * len(lines):
            return False
    return True


def _are_lists(cells: list[Cells]) -> bool:
    """Are all columns lists, what is accepted beside what is refused?"""
    for column in zip(*cells, strict=True):
        lines = [spaced(words) for words in column if words]
        if 2 * sum(bool(BULLET.match(line)) or line.endswith(";") for line in lines) <= len(lines):
            return False
    return True


def _runs_on(cells: list[Cells]) -> bool:
    """Do the cells under each other go on as the lines of a text do?"""
    pairs = [
        goes_on(spaced(above), spaced(below))
        for column in zip(*cells, strict=True)
        for above, below in zip(column, column[1:], strict=False)
        if len(above) > 2 and len(below) > 2  # « fermé » goes on nothing
    ]
    return sum(pairs) > 1 and sum(pairs) >= _RUNNING * len(pairs)


def goes_on(line: str, following: str) -> bool:
    """Is a line the rest of the sentence that the one before left open?"""
    return following.lstrip('«“"( ')[:1].islower() and not ENDS.search(line)


def _named(inside: list[Row], cells: list[Cells]) -> list[Cells] | None:
    """Names at the left, each with the text that begins beside it; None where there are none.

    What stands at the left of a text without naming its parts begins level with any of its lines.
    """
    whites = _whites(inside)
    tight = statistics.median_low(whites)
    found: list[Cells] = []
    begun = 0
    text = ""  # the last line at the right
    for place, (name, beside) in enumerate(cells):
        new = bool(name) and (
            place == 0 or not cells[place - 1][0] or not _close(whites[place - 1], tight)
        )
        if new or not found:
            parted = place == 0 or not _close(whites[place - 1], tight)
            begun += bool(name) and bool(beside) and (parted or not goes_on(text, spaced(beside)))
            found.append((name, beside))
        else:
            found[-1] = (found[-1][0] + name, found[-1][1] + beside)
        text = spaced(beside) or text
    names = [name for name, _ in found if name]
    texts = [words for _, words in found if words]
    if (
        len(names) < 2
        or len(names) < len(found)
        or begun < len(names)
        or len(texts) < len(names)
        or len(cells) < 1.5 * len(found)
        or any(len(name) > LABEL_WORDS for name in names)
        or 3 * sum(map(len, names)) > sum(map(len, texts))
    ):
        return None
    return found


def _close(white: float, tight: float) -> bool:
    return white <= 1.3 * tight


def _logical(inside: list[Row], cells: list[Cells]) -> tuple[list[Cells], bool]:
    """Rows of the table out of rows of words, and whether white parts them: a cell may take
    several lines.

    Where some rows are clearly closer than others, the wide gaps part; otherwise a row with half
    of its cells empty, the first among them or going on where it is not, goes on the one above.
    What follows an open bracket in its column closes it, whichever row it is on; and a name
    that ends in a colon stands for the rows under it that have none.
    """
    gaps = _whites(inside)
    size = statistics.median(word.size for row in inside for word in row)
    tight = min((gap for gap in gaps if gap > 0.9 * size), default=size)
    spread = bool(gaps) and max(gaps) > 1.4 * tight
    near = sum(gap <= 1.2 * tight for gap in gaps)
    # Lines of one cell are set as those of a paragraph, rows further apart.
    by_gap = spread and tight < 1.4 * size and 2 <= near < len(gaps)
    merged = [cells[0]]
    for gap, before, row in zip(gaps, cells, cells[1:], strict=False):
        empty = 2 * sum(map(bool, row)) <= len(row)
        row = _closed(merged, row)
        above = merged[-1]
        begins = row[0] and not goes_on(spaced(above[0]), spaced(row[0]))
        amounts = any(_is_amount(a) and _is_amount(b) for a, b in zip(before, row, strict=True))
        if not amounts and (gap <= 1.2 * tight if by_gap else empty and not begins):
            merged[-1] = tuple(a + b for a, b in zip(above, row, strict=True))
        elif not row[0] and spaced(above[0]).endswith(":"):
            merged.append((above[0], *row[1:]))
        else:
            merged.append(row)
    return merged, by_gap


def _is_amount(cell: tuple[Word, ...]) -> bool:
    """Is a line of a cell an amount and no more? Two of them under each other are of two rows."""
    return _AMOUNT.fullmatch(spaced(cell)) is not None


def _closed(merged: list[Cells], row: Cells) -> Cells:
    """The row without the ends of brackets that the one above left open: they go there."""
    ends = tuple(
        below if spaced(above).count("(") > spaced(above).count(")") else ()
        for above, below in zip(merged[-1], row, strict=True)
    )
    if not any(")" in spaced(end) for end in ends):
        return row
    merged[-1] = tuple(a + b for a, b in zip(merged[-1], ends, strict=True))
    return tuple(() if end else cell for cell, end in zip(row, ends, strict=True))
