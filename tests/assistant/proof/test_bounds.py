from __future__ import annotations

import pytest

from assistant.proof.bounds import limit, order, rate
from assistant.proof.statements import statement


@pytest.mark.parametrize(
    ("sentence", "passage", "expected"),
    [
        ("Il faut au plus 25 %.", "Il faut au moins 25 %.", True),
        ("Il faut au minimum 25 %.", "Il faut au moins 25 %.", False),
        ("Il faut 25 %.", "Il faut au moins 25 %.", False),
        ("Il ne peut durer plus de trois ans.", "Il dure au plus trois ans.", False),
        ("Soit 300 000 € de moins.", "Soit 300 000 € de plus.", True),
        ("Plus de 5 000 habitants.", "Moins de 5 000 habitants.", True),
    ],
)
def test_a_floor_is_no_ceiling(sentence: str, passage: str, expected: bool) -> None:
    assert limit(statement(sentence), statement(passage)) is expected


@pytest.mark.parametrize(
    ("sentence", "passage", "expected"),
    [
        ("50 000 euros par an.", "50 000 euros sur deux ans.", True),
        ("Chaque année, 22 000 €.", "Une subvention annuelle de 22 000 €.", False),
    ],
)
def test_a_sum_a_year_is_said_a_year(sentence: str, passage: str, expected: bool) -> None:
    assert rate(statement(sentence), statement(passage)) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"), [("De huit à cinq ans.", True), ("De cinq à huit ans.", False)]
)
def test_a_range_keeps_its_order(sentence: str, expected: bool) -> None:
    assert order(statement(sentence), statement("La durée passe de cinq à huit ans.")) is expected
