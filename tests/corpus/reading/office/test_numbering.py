"""The numbers that a word processor shows and does not write."""

from __future__ import annotations

import pytest

from corpus.reading.office.numbering import Counter, Level, shown


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (12, "1", "12"),
        (3, "01", "03"),
        (26, "a", "z"),
        (28, "A", "BB"),  # after Z come AA and BB
        (1994, "i", "mcmxciv"),
        (4, "I", "IV"),
        (0, "a", ""),
        (5000, "I", ""),
        (3, "", ""),
    ],
)
def test_a_number_is_shown_in_its_form(number: int, form: str, expected: str) -> None:
    assert shown(number, form) == expected


def test_inner_numbers_begin_anew_and_outer_ones_may_be_shown_as_figures() -> None:
    levels = {
        0: Level(("Titre ", 0), "I"),
        1: Level((0, ".", 1), "1", plain=True),
    }
    counter = Counter()
    labels = []
    for depth in (0, 1, 1, 0, 1):
        counter.next(depth, levels[depth])
        labels.append(counter.label(depth, levels))
    assert labels == ["Titre I", "1.1", "1.2", "Titre II", "2.1"]
