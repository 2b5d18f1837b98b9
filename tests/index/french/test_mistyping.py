import random

import pytest
from rapidfuzz.distance import OSA

from index.french.mistyping import Shelf, cost


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("commune", "commune", 0.0),
        ("comune", "commune", 0.5),  # one of two m's lost
        ("commmune", "commune", 0.5),  # and added
        ("comnune", "commune", 1.0),  # n for m, which is in the row above
        ("communr", "commune", 0.65),  # r is beside e
        ("commnue", "commune", 0.6),  # swapped
        ("srvice", "service", 0.55),  # a vowel
        ("sevice", "service", 0.7),  # a consonant
        ("projets", "projet", 0.55),  # silent at the end
        ("projetr", "projet", 0.7),  # heard
        ("abitat", "habitat", 0.9),  # a consonant, .7, and the first letter, .2
        ("gichne", "guichen", 0.55 + 0.6),  # a vowel, and two swapped
        ("", "ab", 0.7 + 0.7 + 0.2),
    ],
)
def test_cost(typed: str, meant: str, expected: float) -> None:
    assert cost(typed, meant) == pytest.approx(expected)


def test_a_change_costs_the_same_where_the_ends_hide_it() -> None:
    # which of the three m's is the one too many cannot be told, and does not matter
    assert cost("commmune", "commune") == cost("cmmommune", "cmommune")


def test_nothing_costs_less_than_its_changes_apart() -> None:
    draw = random.Random(2)
    for _ in range(500):
        one, two = ("".join(draw.choices("aelmt", k=draw.randint(1, 6))) for _ in range(2))
        assert 0.0 <= cost(one, two) <= 0.7 * (len(one) + len(two)) + 0.2 + 1e-9
        assert (cost(one, two) == 0.0) == (one == two)


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
