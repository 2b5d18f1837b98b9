import random

import pytest

from index.french.mistyping import cost


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
