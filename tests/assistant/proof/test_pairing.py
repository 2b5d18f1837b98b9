from __future__ import annotations

import pytest

from assistant.proof.pairing import is_mispaired
from assistant.proof.statements import statement

RATES = "Le taux est de 12 % pour 6 ans de location, 18 % pour 9 ans et 21 % pour 12 ans."
POPULATION = (
    "Valbourg compte 9 412 habitants en 2023. On en comptait 8 646 en 2018 et 8 674 en 2019."
)


@pytest.mark.parametrize(
    ("sentence", "passage", "expected"),
    [
        ("Pour 9 ans, le taux est de 12 %.", RATES, True),
        ("Pour 9 ans, le taux est de 18 %.", RATES, False),
        ("Le taux va de 12 % pour 6 ans à 21 % pour 12 ans.", RATES, False),
        ("En 2018, on comptait 8 674 habitants.", POPULATION, True),
        ("De 8 646 habitants en 2018, on passe à 9 412 en 2023.", POPULATION, False),
        ("Le plein tarif est de 4 €.", "Plein tarif 6 €, tarif réduit 4 €.", True),
    ],
)
def test_a_figure_goes_with_its_own_thing(sentence: str, passage: str, expected: bool) -> None:
    assert is_mispaired(statement(sentence), statement(passage)) is expected
