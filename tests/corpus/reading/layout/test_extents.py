from __future__ import annotations

from corpus.documents import Section
from corpus.reading.layout.extents import columns, counted, extent, uncounted


def row(text: str, heading: str = "Rues") -> Section:
    return Section(("Titre", heading), text, form="row")


def points(text: str, size: int) -> Section:
    return Section(("Titre", "Pièces"), text, form="list", extents=extent(text, size))


def sizes(sections: list[Section]) -> list[int]:
    return [e.size for section in sections for e in section.extents]


def test_each_row_knows_how_many_its_table_has() -> None:
    found = counted([row("Rue : A."), row("Rue : B."), row("Prix : 3 €."), row("Rue : C.", "Bis")])
    assert sizes(found) == [2, 2, 1, 1]


def test_a_paragraph_between_two_lists_may_be_of_a_point() -> None:
    between = Section(("Titre", "Pièces"), "de moins de trois mois", form="prose")
    assert sizes(counted([points("- a", 1), between, points("- b", 1)])) == [0, 0]
    announces = Section(("Titre", "Pièces"), "Et aussi :", form="prose")
    assert sizes(counted([points("- a", 1), announces, points("- b", 1)])) == [1, 1]


def test_a_file_read_in_part_has_no_list_of_known_length() -> None:
    assert sizes(list(uncounted([points("- a", 1)]))) == [0]


def test_columns() -> None:
    assert columns("Rue : A ; 12 € ; Quartier : B") == ("Rue", "", "Quartier")
