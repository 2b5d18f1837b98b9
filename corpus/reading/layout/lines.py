"""Words at their places -> lines in reading order: columns one after the other, tables apart.

The same for the words of a PDF and for those that OCR saw.
"""

from __future__ import annotations

import statistics
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.reading.layout.sheets import Word

# In parts of the letters' size, on 40 public and hand-made pages, 2026-11.
GUTTER = 0.9  # between two columns: a space inside a justified line stays under
_SHORT_GUTTER = 1.5  # for a run of few lines, where spaces may fall under each other by chance
_FEW = 6  # lines
_GLUED = 0.1  # closer than that, two words are one: « 1 » and « er », a word half in bold
_SAME_LINE = 0.5  # of the smaller one's height shared: an exponent stands on its line
_MARK = 3  # letters: a column of no more a line is that of the bullets or numbers of a list
_DEEP = 8  # columns within columns
_BAND = 20.0  # points
_CROWDED = 6_000  # words: columns are not looked for; a full page of a newspaper has 3,000


@dataclass(frozen=True, slots=True)
class Line:
    """The words of one line of one column, whose sides are `left` and `right`."""

    words: tuple[Word, ...]
    left: float
    right: float

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
    """The words with a space between them, but where they touch."""
    text = ""
    last: Word | None = None
    for word in words:
        if last is not None and _note(last, word):
            continue
        if last is not None:
            touching = -0.5 * word.size < word.x0 - last.x1 < _GLUED * min(word.size, last.size)
            text += "" if touching else " "
        text += word.text
        last = word
    return text


def _note(last: Word, word: Word) -> bool:
    """Is it the raised number of a footnote?"""
    return (
        word.text.isdigit()
        and word.size < 0.8 * last.size
        and word.base < last.base - 0.15 * last.size
        and len(last.text) > 2  # « m2 », « CO2 », and what mathematicians raise
        and not last.text.lower().endswith(("km", "co"))
    )


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
    first, last, edges = gutter
    yield from _read(found[:first], depth + 1)
    inside = found[first:last]
    table = _table(inside, edges)
    if table is not None:
        yield table
    else:
        middle = edges[0]
        sides = (
            [[word for word in row if word.x0 < middle] for row in inside],
            [[word for word in row if word.x0 >= middle] for row in inside],
        )
        for side in sides:
            yield from _read([row for row in side if row], depth + 1)
    yield from _read(found[last:], depth + 1)


def _gutter(found: list[Row]) -> tuple[int, int, tuple[float, ...]] | None:
    """The rows, from `first` to before `last`, that a white strip parts; and where strips are.

    Of all strips, the one that parts most words.
    """
    best, most = None, 0
    size = statistics.median([word.size for row in found for word in row] or [0.0])
    for place in _places(found, size):
        for first, last in _runs(found, place):
            inside = found[first:last]
            first, last = first + _lead(inside, place), last - _lead(inside[::-1], place)
            inside = found[first:last]
            left = [[w for w in row if w.x1 <= place] for row in inside]
            right = [[w for w in row if w.x0 >= place] for row in inside]
            if not _parts(left, right, size) or _holed(found, first, last, place):
                continue
            parted = min(sum(map(len, left)), sum(map(len, right)))
            if parted > most:
                best, most = (first, last, place), parted
    if best is None:
        return None
    first, last, place = best
    return first, last, (place, *_others(found[first:last], place, size))


def _places(found: list[Row], size: float) -> list[float]:
    """Where a strip may be: the middle of each wide gap, those nearly the same once."""
    places: dict[int, float] = {}
    for row in found:
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
    return gap < 0.6 * min(before[-1].size, after[0].size)


def _lead(inside: list[Row], place: float) -> int:
    """How many of the first rows are on one side only: they are above the columns, not in one.

    A row counts as part of the columns when its neighbour is close under it.
    """
    count = 0
    for row in inside:
        if any(w.x1 <= place for w in row) and any(w.x0 >= place for w in row):
            break
        count += 1
    # In columns whose lines are not level, every row is on one side.
    return 0 if count == len(inside) else count if count <= 2 else 0


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
    level = sum(sum(map(bool, row)) > 1 for row in cells)
    if level < 2 or level < 0.6 * len(cells) or _is_prose(cells):
        return None
    merged = _logical(inside, cells)
    if len(merged) < 2:
        return None
    lefts = tuple(min(row[n][0].x0 for row in cells if row[n]) for n in range(len(edges) + 1))
    return Aligned(tuple(merged), min(word.y0 for word in inside[0]), lefts)


def _cells(row: Row, edges: tuple[float, ...]) -> tuple[tuple[Word, ...], ...]:
    sides = (float("-inf"), *edges, float("inf"))
    return tuple(
        tuple(word for word in row if start <= (word.x0 + word.x1) / 2 < end)
        for start, end in zip(sides, sides[1:], strict=False)
    )


def _is_prose(cells: list[tuple[tuple[Word, ...], ...]]) -> bool:
    """Are all columns lines of text that fill them?"""
    for column in zip(*cells, strict=True):
        lines = [words for words in column if words]
        width = max(line[-1].x1 for line in lines) - min(line[0].x0 for line in lines)
        full = sum(line[-1].x1 - line[0].x0 > 0.75 * width for line in lines)
        if statistics.median(map(len, lines)) < 4 or full < 0.6 * len(lines):
            return False
    return True


def _logical(
    inside: list[Row], cells: list[tuple[tuple[Word, ...], ...]]
) -> list[tuple[tuple[Word, ...], ...]]:
    """Rows of the table out of rows of words: a cell may take several lines.

    Where some rows are clearly closer than others, the wide gaps part; otherwise a row with half
    of its cells empty, the first among them, goes on the one above.
    """
    bases = [statistics.median(word.base for word in row) for row in inside]
    gaps = [after - before for before, after in zip(bases, bases[1:], strict=False)]
    size = statistics.median(word.size for row in inside for word in row)
    tight = min((gap for gap in gaps if gap > 0.9 * size), default=size)
    spread = bool(gaps) and max(gaps) > 1.4 * tight
    near = sum(gap <= 1.2 * tight for gap in gaps)
    # Lines of one cell are set as those of a paragraph, rows further apart.
    by_gap = spread and tight < 1.4 * size and 2 <= near < len(gaps)
    merged = [cells[0]]
    for gap, row in zip(gaps, cells[1:], strict=True):
        filled = sum(map(bool, row))
        goes_on = gap <= 1.2 * tight if by_gap else not row[0] and filled * 2 <= len(row)
        if goes_on:
            merged[-1] = tuple(a + b for a, b in zip(merged[-1], row, strict=True))
        else:
            merged.append(row)
    return merged
