from __future__ import annotations

import pytest

from index.french.verbatim import Verbatim


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("02 99 57 00 00", True),
        ("+33 (0)2.99.57.00.00", True),
        ("0299570000", True),
        ("02 99 57 00 01", False),
        ("99 57 00 00", False),
    ],
)
def test_a_number_is_looked_up_whatever_its_form(value: str, said: bool) -> None:
    texts = Verbatim(["Mairie : +33 2 99 57-00-00, en 1982 fondée", "02 99 57 00 02 35 580"])
    assert texts.number(value) is said


def test_words_are_looked_up_whole_and_in_one_text() -> None:
    texts = Verbatim(["1, place de la Mairie", "Valbourg"])
    assert texts.words("1 PLACE de la mairié")
    assert not texts.words("1 place de la mai")
    assert not texts.words("mairie valbourg")
    assert not texts.words(" ")
