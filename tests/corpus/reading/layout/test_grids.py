"""Drawn lines -> cells, and rows said with their headers."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.reading.layout.grids import Cell, drawn, said
from corpus.reading.layout.lines import spaced
from corpus.reading.layout.sheets import Box, Sheet, Word


def text_of(cell: Cell) -> str:
    return spaced(cell.words)


def sheet(
    cells: Sequence[Sequence[str]],
    *,
    bold: Sequence[int] = (),
    without: Sequence[tuple[str, int]] = (),
) -> Sheet:
    """Cells of 100 by 20 points. `bold` rows; lines left out: ("across" or "down", number)."""
    height, width = len(cells), len(cells[0])
    words = tuple(
        Word(
            part,
            100 * x + 5 + 40 * n,
            20 * y + 5,
            100 * x + 35 + 40 * n,
            20 * y + 17,
            20 * y + 15,
            10,
            y in bold,
        )
        for y, row in enumerate(cells)
        for x, cell in enumerate(row)
        for n, part in enumerate(cell.split())
    )
    across = [
        Box(0, 20 * y, 100 * width, 20 * y + 0.5)
        for y in range(height + 1)
        if ("across", y) not in without
    ]
    down = [
        Box(100 * x, 0, 100 * x + 0.5, 20 * height)
        for x in range(width + 1)
        if ("down", x) not in without
    ]
    return Sheet(1, 600, 800, words, rules=(*across, *down))


def told(page: Sheet, above: Sequence[str] = ()) -> list[str]:
    (grid,), left = drawn(page)
    assert left == ()
    return [row.text for row in said(grid, text_of, above)[0]]


def test_bold_cells_are_headers() -> None:
    page = sheet([("Action", "Pilote"), ("Halle", "Commune"), ("Place", "État")], bold=[0])
    assert told(page) == ["Action : Halle ; Pilote : Commune", "Action : Place ; Pilote : État"]


def test_figures_under_words_have_headers() -> None:
    assert told(sheet([("Commune", "2020"), ("Valbourg", "12 345"), ("Bourg", "678")])) == [
        "Commune : Valbourg ; 2020 : 12 345",
        "Commune : Bourg ; 2020 : 678",
    ]


def test_two_columns_of_words_are_names_and_values() -> None:
    assert told(sheet([("Pilote :", "Commune"), ("Année", "2027")])) == [
        "Pilote : Commune",
        "Année : 2027",
    ]


def test_the_next_page_has_the_headers_of_the_last() -> None:
    page = sheet([("Halle", "Commune", "2027"), ("Place", "État", "2028")])
    assert told(page, ["Action", "Pilote", "Année"])[0] == (
        "Action : Halle ; Pilote : Commune ; Année : 2027"
    )


def test_a_row_of_one_cell_names_those_under_it() -> None:
    page = sheet([("Action", "Année"), ("Halle", "2027")], bold=[0])
    wide = Sheet(1, 600, 800, page.words, rules=page.rules)
    (grid,), _ = drawn(wide)
    assert said(grid, text_of)[0][0].group == ""


def test_open_sides_are_sides() -> None:
    page = sheet(
        [("Action", "Année"), ("Halle", "2027"), ("Place", "2028")],
        bold=[0],
        without=[("down", 0), ("down", 2)],
    )
    assert told(page) == ["Action : Halle ; Année : 2027", "Action : Place ; Année : 2028"]


def test_a_frame_or_a_lone_column_is_no_table() -> None:
    framed = sheet([("Une seule case",)])
    assert drawn(framed) == ([], framed.words)
    stacked = sheet([("Une",), ("Deux",), ("Trois",)])
    assert drawn(stacked) == ([], stacked.words)


def test_words_outside_stay_outside() -> None:
    page = sheet([("Action", "Année"), ("Halle", "2027")], bold=[0])
    beside = Word("dehors", 300, 305, 330, 317, 315, 10)
    (_,), left = drawn(Sheet(1, 600, 800, (*page.words, beside), rules=page.rules))
    assert left == (beside,)
