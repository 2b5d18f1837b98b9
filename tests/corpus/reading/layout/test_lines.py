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


# --- Columns and tables that look alike


PROSE = (
    "la commune aide chaque foyer qui garde son bac pendant six ans et le rend propre à la régie "
    "avant de quitter la ville pour une autre où nul bac ne l'attend au coin de la rue Haute"
).split()


def column(words: list[str], x: float, y: float, each: int = 5) -> list[Word]:
    lines = [words[n : n + each] for n in range(0, len(words), each)]
    return [w for n, part in enumerate(lines) for w in line(" ".join(part), x, y + 13 * n)]


def test_columns_whose_lines_are_never_level_are_columns() -> None:
    found = read([*column(PROSE, 60, 106.5), *column(PROSE, 320, 100)])
    assert " ".join(found) == " ".join([*PROSE, *PROSE])


def test_short_lines_that_go_on_are_columns_not_rows() -> None:
    found = read([*column(PROSE, 60, 100, 3), *column(PROSE, 220, 100, 3)])
    assert " ".join(found) == " ".join([*PROSE, *PROSE])


def test_two_pages_on_a_sheet_are_read_one_after_the_other() -> None:
    columns = [column(PROSE, x, 150, 3) for x in (60, 220, 440, 600)]
    titles = [*line("Le bac de la ville", 120, 100), *line("Le tri de la ville", 500, 100)]
    found = " ".join(read([*titles, *(w for part in columns for w in part)]))
    assert found == " ".join(
        ["Le bac de la ville", *PROSE, *PROSE, "Le tri de la ville", *PROSE, *PROSE]
    )


def test_lists_side_by_side_are_two_lists() -> None:
    accepted = ["Piles et batteries ;", "Huiles usagées ;", "Gravats et métaux ;", "Encombrants ;"]
    refused = ["Ordures ménagères ;", "Extincteurs, gaz ;", "Déchets amiantés ;", "Animaux morts ;"]
    words = [
        w
        for n in range(4)
        for x, items in ((60, accepted), (320, refused))
        for w in line(items[n], x, 100 + 13 * n)
    ]
    assert read(words) == [*accepted, *refused]


def test_names_at_the_left_stay_with_what_begins_beside_them() -> None:
    said = (
        ("Lundi", ["Piscine ouverte aux écoles", "de la commune, de neuf heures", "à midi."]),
        ("Mardi", ["Marché sur la place, puis", "repas des aînés à la halle."]),
        ("Jeudi", ["Ludothèque au premier étage", "de la mairie, pour tous", "les âges."]),
    )
    words, y = [], 100.0
    for name, beside in said:
        words += line(name, 60, y)
        words += [w for n, text in enumerate(beside) for w in line(text, 160, y + 13 * n)]
        y += 13 * len(beside)
    assert read(words) == [f"{name} | {' '.join(beside)}" for name, beside in said]


def test_a_title_under_a_column_parts_what_follows_from_it() -> None:
    words = [w for n in range(4) for x in (60, 320) for w in line(f"Mot {n} ;", x, 100 + 13 * n)]
    title = [replace(word, bold=True) for word in line("Horaires", 60, 165)]
    assert read([*words, *title, *line("Le mardi de 9h à 12h", 60, 185)])[-2:] == [
        "Horaires",
        "Le mardi de 9h à 12h",
    ]


def test_a_bracket_is_closed_in_its_column_and_a_name_stands_for_all_its_rows() -> None:
    cells = [
        ("Recettes :", "c/ 701", "6 000 €", "(opérations dans la section"),
        ("", "c/ 702", "1 500 €", "d'investissement)"),
        ("Dépenses :", "c/ 703", "7 500 €", ""),
    ]
    words = [
        w
        for n, row in enumerate(cells)
        for x, cell in zip((60, 180, 280, 380), row, strict=True)
        for w in line(cell, x, 100 + 13 * n)
    ]
    assert read(words) == [
        "Recettes : | c/ 701 | 6 000 € | (opérations dans la section d'investissement)",
        "Recettes : | c/ 702 | 1 500 € | ",
        "Dépenses : | c/ 703 | 7 500 € | ",
    ]
