import random

import pytest
from rapidfuzz.distance import OSA

from index.french.nearest import Shelf


@pytest.mark.parametrize(
    ("string", "reach", "expected"),
    [
        ("guichen", 1, {"guichen": 0, "guichet": 1}),
        ("gichen", 1, {"guichen": 1}),
        ("giuchen", 1, {"guichen": 1}),  # a swap is one change
        ("gichen", 2, {"guichen": 1, "guichet": 2}),
        ("uichen", 2, {}),  # another first letter
        ("guichen", 0, {"guichen": 0}),
    ],
)
def test_near(string: str, reach: int, expected: dict[str, int]) -> None:
    strings = ["guichet", "ville", "guichen", "gens"]
    found = Shelf(strings).near(string, reach)
    assert {strings[row]: changes for row, changes in found} == expected


@pytest.mark.parametrize("reach", [0, 1, 2])
def test_none_is_missed(reach: int) -> None:
    draw = random.Random(reach)
    strings = ["".join(draw.choices("abcAB", k=draw.randint(1, 8))) for _ in range(400)]
    shelf = Shelf(strings)
    for sought in strings[:60]:
        expected = {
            row
            for row, string in enumerate(strings)
            if string[0] == sought[0] and OSA.distance(sought, string) <= reach
        }
        assert {row for row, _ in shelf.near(sought, reach)} == expected


def test_strings_of_any_length_are_told_apart() -> None:
    long = "a" * 70
    assert Shelf([long, long + "b", "a"]).near(long, 1) == [(0, 0), (1, 1)]


def test_an_empty_shelf_holds_nothing() -> None:
    assert Shelf([]).near("guichen", 2) == []
