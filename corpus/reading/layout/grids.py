"""Tables: the cells that drawn lines part, and rows said with their headers."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.reading.layout.lines import LABEL_WORDS as LABEL_WORDS
from corpus.reading.layout.lines import Aligned
from corpus.reading.layout.sheets import Box, Sheet, Word

# Points. Two lines nearer than that are one, drawn twice; a gap no wider is no opening.
_NEAR = 3.5
_HIDDEN = 60.0  # points of a scanned line that a stamp or a signature may cover
_MAX_LINES = 600  # each way, on a page: a drawing has more, no table does
_MAX_CELLS = 5_000
_YEAR = re.compile(r"(?:19|20)\d\d")
LONG_WORDS = 60  # a longer value is read as text under its label, as index.chunking cuts prose


@dataclass(frozen=True, slots=True)
class Cell:
    words: tuple[Word, ...]
    shaded: bool = False

    @property
    def bold(self) -> bool:
        lettered = [word for word in self.words if any(map(str.isalpha, word.text))]
        return bool(lettered) and all(word.bold for word in lettered)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of numbers into `cells`; a cell that spans several places stands in each.

    `lefts` are the left sides of its columns, by which its next page knows it.
    """

    box: Box
    rows: tuple[tuple[int, ...], ...]
    cells: tuple[Cell, ...]
    lefts: tuple[float, ...]
    drawn: bool = True

    @property
    def columns(self) -> int:
        return len(self.rows[0])


@dataclass(frozen=True, slots=True)
class Said:
    """A row: the group it stands under or "", and its cells with their headers.

    `long` cells are the (header, number of the cell) to be read as text of their own.
    """

    group: str
    text: str
    long: tuple[tuple[str, int], ...] = ()
    cells: tuple[int, ...] = ()


# --- From lines to cells


def drawn(sheet: Sheet) -> tuple[list[Grid], tuple[Word, ...]]:
    """The tables that lines draw on a page, and the words that are in none of them."""
    page = sheet.width * sheet.height
    shades = [box for box in sheet.shades if box.width * box.height < 0.5 * page]
    rules = sheet.rules[: 4 * _MAX_LINES]
    # Where nothing is drawn, the sides of coloured cells are the lines.
    bare = [box for box in shades[:_MAX_LINES] if not any(_touch(box, rule) for rule in rules)]
    lines = [*rules, *(edge for box in bare for edge in _edges(box))]
    flat = [box for box in lines if box.width >= box.height]
    hidden = _HIDDEN if any(word.confidence is not None for word in sheet.words[:1]) else _NEAR
    across = _merged([(b.y0 + b.y1) / 2 for b in flat], [(b.x0, b.x1) for b in flat], hidden)
    tall = [box for box in lines if box.width < box.height]
    down = _merged([(b.x0 + b.x1) / 2 for b in tall], [(b.y0, b.y1) for b in tall], _NEAR)
    left = list(sheet.words)
    grids = []
    if 0 < len(across) <= _MAX_LINES and 0 < len(down) <= _MAX_LINES:
        for h, v in sorted(_joined(across, down), key=lambda lines: _area(*lines)):
            grid = _grid(h, v, left, shades)
            if grid is not None:
                grids.append(grid)
                held = {id(word) for cell in grid.cells for word in cell.words}
                left = [word for word in left if id(word) not in held]
    return grids, tuple(left)


Line = tuple[float, float, float]  # where it is, where it starts and ends the other way


def _touch(a: Box, b: Box) -> bool:
    return (
        a.x0 - _NEAR <= b.x1
        and b.x0 <= a.x1 + _NEAR
        and a.y0 - _NEAR <= b.y1
        and b.y0 <= a.y1 + _NEAR
    )


def _edges(box: Box) -> list[Box]:
    return [
        Box(box.x0, box.y0, box.x1, box.y0),
        Box(box.x0, box.y1, box.x1, box.y1),
        Box(box.x0, box.y0, box.x0, box.y1),
        Box(box.x1, box.y0, box.x1, box.y1),
    ]


def _merged(
    places: Sequence[float], spans: Sequence[tuple[float, float]], gap: float
) -> list[Line]:
    """Lines drawn in pieces no further apart than `gap`, or twice, as one each."""
    merged: list[Line] = []
    group: list[tuple[float, tuple[float, float]]] = []

    def end() -> None:
        place = sum(place for place, _ in group) / len(group)
        start, stop = min(span for _, span in group)
        for first, last in sorted(span for _, span in group):
            if first > stop + gap:
                merged.append((place, start, stop))
                start, stop = first, last
            stop = max(stop, last)
        merged.append((place, start, stop))

    for place, span in sorted(zip(places, spans, strict=True)):
        if group and place - group[0][0] > _NEAR:
            end()
            group = []
        group.append((place, span))
    if group:
        end()
    return [line for line in merged if line[2] - line[1] > _NEAR]


def _joined(across: list[Line], down: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """The lines that cross each other, directly or by way of others: one table each."""
    h, v = np.array(across), np.array(down)
    crossing = (
        (h[:, None, 1] - _NEAR <= v[None, :, 0])
        & (v[None, :, 0] <= h[:, None, 2] + _NEAR)
        & (v[None, :, 1] - _NEAR <= h[:, None, 0])
        & (h[:, None, 0] <= v[None, :, 2] + _NEAR)
    )
    tables = []
    unseen = np.ones(len(across), dtype=bool)
    while unseen.any():
        rows: NDArray[np.bool_] = np.zeros(len(across), dtype=bool)
        rows[int(np.argmax(unseen))] = True
        while True:
            columns: NDArray[np.bool_] = np.any(crossing[rows], axis=0)
            reached = rows | np.any(crossing[:, columns], axis=1)
            if (reached == rows).all():
                break
            rows = reached
        unseen &= ~rows
        if rows.sum() > 1 and columns.sum() > 0:
            tables.append(
                (
                    [across[n] for n in np.flatnonzero(rows)],
                    [down[n] for n in np.flatnonzero(columns)],
                )
            )
    return tables


def _area(h: list[Line], v: list[Line]) -> float:
    return (max(y for y, _, _ in h) - min(y for y, _, _ in h)) * (
        max(x for x, _, _ in v) - min(x for x, _, _ in v)
    )


def _grid(h: list[Line], v: list[Line], words: Sequence[Word], shades: list[Box]) -> Grid | None:
    """The table that lines make, None for a frame, a single column, or nothing inside."""
    ys = _sides([y for y, _, _ in h], [])
    xs = _sides([x for x, _, _ in v], [side for _, start, end in h for side in (start, end)])
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 2 or height * width > _MAX_CELLS:
        return None
    names = _names(h, v, ys, xs)
    held: dict[int, list[Word]] = {}
    for word in words:
        x, y = (word.x0 + word.x1) / 2, word.base - 0.3 * word.size
        if xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]:
            row, column = _slot(ys, y), _slot(xs, x)
            held.setdefault(names[row][column], []).append(word)
    if len(held) < 2:
        return None
    numbers = {name: n for n, name in enumerate(dict.fromkeys(sum(names, [])))}
    places: dict[int, list[tuple[int, int]]] = {}
    for row, line in enumerate(names):
        for column, name in enumerate(line):
            places.setdefault(name, []).append((row, column))
    cells = tuple(
        Cell(tuple(held.get(name, ())), _shaded(places[name], ys, xs, shades)) for name in numbers
    )
    rows = [tuple(numbers[name] for name in line) for line in names]
    rows, xs = _without_empty_columns(rows, cells, xs)
    rows = [row for n, row in enumerate(rows) if n == 0 or row != rows[n - 1]]
    if not rows or len(rows[0]) < 2:
        return None
    return Grid(Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(rows), cells, tuple(xs[:-1]))


def _sides(places: list[float], outer: list[float]) -> list[float]:
    """The places of lines, near ones once; what sticks out far enough is an open side."""
    sides: list[float] = []
    for place in sorted(places):
        if not sides or place - sides[-1] > _NEAR:
            sides.append(place)
    if outer and min(outer) < sides[0] - 3 * _NEAR:
        sides.insert(0, min(outer))
    if outer and max(outer) > sides[-1] + 3 * _NEAR:
        sides.append(max(outer))
    return sides


def _slot(sides: list[float], place: float) -> int:
    return min(max(bisect(sides, place) - 1, 0), len(sides) - 2)


def _names(h: list[Line], v: list[Line], ys: list[float], xs: list[float]) -> list[list[int]]:
    """The name of the cell at each place: neighbours that no line parts have the same."""
    height, width = len(ys) - 1, len(xs) - 1
    parent = list(range(height * width))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for row in range(height):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(width):
            across = (xs[column] + xs[column + 1]) / 2
            here = row * width + column
            if column + 1 < width and not _wall(v, xs[column + 1], middle):
                parent[root(here + 1)] = root(here)
            if row + 1 < height and not _wall(h, ys[row + 1], across):
                parent[root(here + width)] = root(here)
    return [[root(row * width + column) for column in range(width)] for row in range(height)]


def _wall(lines: list[Line], place: float, beside: float) -> bool:
    return any(abs(p - place) <= _NEAR and start <= beside <= end for p, start, end in lines)


def _shaded(
    places: list[tuple[int, int]], ys: list[float], xs: list[float], shades: list[Box]
) -> bool:
    row, column = places[0]
    x, y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
    whole = ys[-1] - ys[0]
    return any(box.holds(x, y) for box in shades if box.height < 0.9 * whole or len(ys) == 2)


def _without_empty_columns(
    rows: list[tuple[int, ...]], cells: tuple[Cell, ...], xs: list[float]
) -> tuple[list[tuple[int, ...]], list[float]]:
    """Without the columns that hold nothing of their own: a margin drawn beside the table."""
    kept = [
        n
        for n in range(len(rows[0]))
        if any(cells[row[n]].words and row.count(row[n]) == 1 for row in rows)
        or all(cells[row[n]].words and (n == 0 or row[n] != row[n - 1]) for row in rows)
    ]
    if len(kept) == len(rows[0]):
        return rows, xs
    return [tuple(row[n] for n in kept) for row in rows], [*(xs[n] for n in kept), xs[-1]]


def aligned(table: Aligned) -> Grid:
    """A table without lines, in the same form."""
    cells = [Cell(words) for row in table.rows for words in row]
    width = len(table.rows[0])
    rows = tuple(tuple(range(n, n + width)) for n in range(0, len(cells), width))
    words = [word for cell in cells for word in cell.words]
    box = Box(min(w.x0 for w in words), table.top, max(w.x1 for w in words), words[-1].y1)
    return Grid(box, rows, tuple(cells), table.lefts, drawn=False)


# --- From cells to sentences


def said(
    grid: Grid,
    text_of: Callable[[Cell], str],
    above: Sequence[str] = (),
    marked: int | None = None,
) -> tuple[list[Said], list[str]]:
    """The rows of a table, and the headers they were said with, for its next page.

    `above`: the headers of the page before, used where this page repeats or has none. `marked`: how
    many of the first rows the file itself calls headers, None when it does not say.
    """
    texts = [text_of(cell) for cell in grid.cells]
    count = _header_rows(grid, texts, bool(above)) if marked is None else marked
    headers = _headers(grid, texts, count)
    if above and (count == 0 or headers == list(above)):
        headers = list(above)
    labelled = not any(headers) and _labels(grid, texts)
    found, group = [], ""
    for row in grid.rows[count:]:
        kinds = {cell for cell in row if texts[cell]}
        if not kinds:
            continue
        if len(set(row)) == 1:
            if len(texts[row[0]].split()) <= 2 * LABEL_WORDS:
                group = texts[row[0]]
            else:
                found.append(Said(group, "", (("", row[0]),), (row[0],)))
            continue
        found.append(_said(row, texts, headers, labelled, group))
    return [row for row in found if row.text or row.long], headers


def _said(
    row: tuple[int, ...], texts: list[str], headers: list[str], labelled: bool, group: str
) -> Said:
    cells = [cell for cell in dict.fromkeys(row) if texts[cell]]
    parts: list[tuple[str, int]] = []
    if labelled and len(cells) > 1 and row[0] == cells[0]:
        label = _bare(texts[cells[0]])
        parts = [(label if n == 0 else "", cell) for n, cell in enumerate(cells[1:])]
    else:
        for cell in cells:
            over = dict.fromkeys(headers[n] for n, other in enumerate(row) if other == cell)
            parts.append((", ".join(filter(None, over)), cell))
    long = tuple(part for part in parts if len(texts[part[1]].split()) > LONG_WORDS)
    short = [
        f"{header} : {texts[cell]}" if header else texts[cell]
        for header, cell in parts
        if (header, cell) not in long
    ]
    text = " ; ".join(short).replace(" : ; ", " : ")  # « Recettes : » names the cell after it
    return Said(group, text, long, tuple(cells))


def _bare(header: str) -> str:
    return header.rstrip(" \u00a0\u202f:")


def _headers(grid: Grid, texts: list[str], count: int) -> list[str]:
    headers = [""] * grid.columns
    for row in grid.rows[:count]:
        if len(set(row)) == 1:
            continue
        for column, cell in enumerate(row):
            header, known = _bare(texts[cell]), headers[column]
            headers[column] = f"{known}, {header}" if known and header != known else known or header
    return headers


def _header_rows(grid: Grid, texts: list[str], known: bool) -> int:
    """How many of the first rows are headers. `known`: the page before gave some already."""
    rows = grid.rows
    if len(rows) < 2:
        return 0
    if len(set(rows[0])) == 1 and len(rows) > 2:  # a title over the whole table
        return 0
    count = 0
    while count < min(3, len(rows) - 1) and _marked(grid, rows[count], texts):
        count += 1
    if count:
        # All in bold, or all grey: nothing tells the first row from the next ones.
        if _marked(grid, rows[count], texts):
            return 1 if grid.columns > 2 or not _labels(grid, texts) else 0
        return count
    return int(not known and _stands_out(grid, texts))


def _marked(grid: Grid, row: tuple[int, ...], texts: list[str]) -> bool:
    """Is a whole row bold, or grey, while the table is not?"""
    filled = [grid.cells[cell] for cell in dict.fromkeys(row) if texts[cell]]
    if len(filled) < 2:
        return False
    body = [cell for cell, text in zip(grid.cells, texts, strict=True) if text]
    some_shaded = sum(cell.shaded for cell in body) * 2 <= len(body)
    some_bold = sum(cell.bold for cell in body) * 2 <= len(body) + len(filled)
    return (all(cell.bold for cell in filled) and some_bold) or (
        all(cell.shaded for cell in filled) and some_shaded
    )


def _stands_out(grid: Grid, texts: list[str]) -> bool:
    """Does the first row name the columns, by its words alone?

    Short, every cell filled, without a figure, over a column of figures; or over three columns
    or more that lines draw.
    """
    first, rest = grid.rows[0], grid.rows[1:]
    names = [texts[cell] for cell in first]
    filled = sum(map(bool, names))
    if filled < max(2, len(names) - 1) or len(set(first)) < len(first):
        return False  # one may be empty: over the rows' own names, or lost by OCR
    if grid.columns == 2 and (len(grid.rows) < 3 or names[0].endswith(":")):
        return False
    if any(len(name.split()) > LABEL_WORDS or name.endswith(".") for name in names):
        return False
    figures = [
        sum(bool(re.search(r"\d", texts[row[column]])) for row in rest) * 2 > len(rest)
        for column in range(grid.columns)
    ]
    years = [any(_YEAR.fullmatch(texts[row[n]]) for row in rest) for n in range(grid.columns)]
    bare = [
        not re.fullmatch(r"[\d\s.,€%]+", name) or (_YEAR.fullmatch(name) and not below)
        for name, below in zip(names, years, strict=True)
    ]
    if any(over and name for over, name in zip(figures[1:], bare[1:], strict=True)):
        return all(bare)
    return grid.drawn and grid.columns > 2 and all(bare)


def _labels(grid: Grid, texts: list[str]) -> bool:
    """Is it a table of two columns, names on the left and what they name on the right?"""
    if grid.columns != 2:
        return False
    lefts = [row[0] for row in grid.rows if row[0] != row[1] and texts[row[0]]]
    short = sum(len(texts[cell].split()) <= LABEL_WORDS for cell in lefts)
    return bool(lefts) and short >= 0.8 * len(lefts)
