"""Words at their places -> lines in the order they are read."""

from __future__ import annotations

from dataclasses import replace

from corpus.reading.layout.lines import Aligned, Line, reading_order, rows, spaced
from corpus.reading.layout.sheets import Word


def word(text: str, x: float, y: float, size: float = 10.0) -> Word:
    """Half its size a letter."""
    return Word(text, x, y - 0.8 * size, x + 0.5 * size * len(text), y + 2, y, size)


def line(text: str, x: float, y: float) -> list[Word]:
    words = []
    for part in text.split():
        words.append(word(part, x, y))
        x += 5.0 * len(part) + 3
    return words


def read(words: list[Word]) -> list[str]:
    """The lines; a table as one line, « | » between its cells."""
    found = []
    for item in reading_order(words):
        if isinstance(item, Line):
            found.append(item.text)
        else:
            found += [" | ".join(spaced(cell) for cell in row) for row in item.rows]
    return found


def test_words_of_one_line_need_not_be_level() -> None:
    raised = word("er", 65.3, 96, 6)
    assert [spaced(row) for row in rows([word("1", 60, 100), raised, word("mars", 85, 100)])] == [
        "1er mars"
    ]


def test_the_number_of_a_footnote_is_no_word() -> None:
    note = word("12", 105, 95, 6)
    assert spaced([word("convention", 54, 100), note, word("signée", 115, 100)]) == (
        "convention signée"
    )
    assert spaced([word("m", 60, 100), word("2", 65, 95, 6)]) == "m2"


def test_the_left_column_comes_first_whatever_the_file_s_order() -> None:
    left = [line(f"gauche {n} de la page", 60, 100 + 13 * n) for n in range(6)]
    right = [line(f"droite {n} de la page", 320, 104 + 13 * n) for n in range(6)]
    title = line("Un titre au-dessus des deux colonnes de cette page", 120, 80)
    mixed = [w for pair in zip(right, left, strict=True) for part in pair for w in part]
    assert read([*mixed, *title]) == [
        "Un titre au-dessus des deux colonnes de cette page",
        *[f"gauche {n} de la page" for n in range(6)],
        *[f"droite {n} de la page" for n in range(6)],
    ]


def test_what_is_under_the_columns_comes_last() -> None:
    columns = [
        w
        for n in range(6)
        for x in (60, 320)
        for w in line(f"x{x} {n} de la page", x, 100 + 13 * n)
    ]
    below = line("Une ligne qui traverse toute la page sous les deux colonnes de texte", 60, 200)
    assert read([*columns, *below])[-1].startswith("Une ligne qui traverse")


def test_a_hole_in_a_paragraph_is_no_gutter() -> None:
    # a stamp hid words in the middle of eight lines: what is left of them begins anywhere
    words = [
        w
        for n in range(8)
        for w in [
            *line("la commune et les autres", 60, 100 + 13 * n),
            *line("du centre de la ville en 2027", 230 + 23 * (n * 5 % 8), 100 + 13 * n),
        ]
    ]
    assert read(words) == ["la commune et les autres du centre de la ville en 2027"] * 8


def test_on_a_scan_a_hole_ends_with_its_paragraph() -> None:
    whole = "la commune rénove la place et les rues du centre de la ville en 2027 avec l'État"
    words = [*line(whole, 60, 87), *line(whole, 60, 204)]
    words += [w for n in range(8) for x in (60, 330) for w in line("la place", x, 100 + 13 * n)]
    assert (
        read([replace(word, confidence=0.9) for word in words])[1:-1] == ["la place la place"] * 8
    )


def test_numbers_beside_a_list_are_no_column() -> None:
    words = [
        w
        for n in range(6)
        for w in (word(f"{n}.", 60, 100 + 13 * n), *line("rénover la place", 90, 100 + 13 * n))
    ]
    assert read(words) == [f"{n}. rénover la place" for n in range(6)]


def test_level_short_cells_are_a_table() -> None:
    cells = [("Commune", "Vacants"), ("Valbourg", "9 %"), ("Bourg-Neuf", "12 %"), ("Halles", "7 %")]
    words = [
        w
        for n, row in enumerate(cells)
        for x, cell in zip((60, 250), row, strict=True)
        for w in line(cell, x, 100 + 16 * n)
    ]
    (table,) = reading_order(words)
    assert isinstance(table, Aligned)
    assert read(words) == [" | ".join(row) for row in cells]


def test_a_cell_of_two_lines_stays_in_its_row() -> None:
    # lines of a cell are 12 apart, rows 20
    rows_of = [
        ("Halle", ["études puis", "travaux"], 100),
        ("Place", ["pavage"], 132),
        ("Rue", ["arbres", "et bancs"], 152),
        ("Gare", ["parking"], 184),
    ]
    words = [
        w
        for name, lines, y in rows_of
        for w in [
            *line(name, 60, y),
            *[w for n, text in enumerate(lines) for w in line(text, 250, y + 12 * n)],
        ]
    ]
    assert read(words) == [
        "Halle | études puis travaux",
        "Place | pavage",
        "Rue | arbres et bancs",
        "Gare | parking",
    ]
