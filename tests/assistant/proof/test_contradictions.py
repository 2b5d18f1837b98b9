from __future__ import annotations

import pytest

from assistant.proof.contradictions import clash
from assistant.proof.statements import statement

RATES = "Le taux est de 12 % pour 6 ans de location, 18 % pour 9 ans et 21 % pour 12 ans."
POPULATION = (
    "Valbourg compte 9 412 habitants en 2023. On en comptait 8 646 en 2018 et 8 674 en 2019."
)


def _clash(sentence: str, passage: str) -> str | None:
    found = clash(statement(sentence), statement(passage))
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("sentence", "passage", "expected"),
    [
        ("Pour 9 ans, le taux est de 12 %.", RATES, "pairing"),
        ("Pour 9 ans, le taux est de 18 %.", RATES, None),
        ("Le taux va de 12 % pour 6 ans à 21 % pour 12 ans.", RATES, None),
        ("En 2018, on comptait 8 674 habitants.", POPULATION, "pairing"),
        ("De 8 646 habitants en 2018, on passe à 9 412 en 2023.", POPULATION, None),
        ("Le plein tarif est de 4 €.", "Plein tarif 6 €, tarif réduit 4 €.", "pairing"),
    ],
)
def test_a_figure_goes_with_its_own_thing(
    sentence: str, passage: str, expected: str | None
) -> None:
    assert _clash(sentence, passage) == expected


@pytest.mark.parametrize(
    ("sentence", "passage", "expected"),
    [
        ("Le permis n'est pas obligatoire.", "Le permis est obligatoire.", "negation"),
        ("Le permis est obligatoire.", "Le permis n'est pas obligatoire.", "negation"),
        ("Le chèque est accepté.", "Le paiement par chèque n'est plus accepté.", "negation"),
        ("Il n'est pas interdit de brûler.", "Brûler est interdit.", "negation"),
        (
            "Le plan de Valbourg n'est pas un programme national.",
            "Le plan de Valbourg est un programme national.",
            "negation",
        ),
        (
            "La vente est nulle si elle n'est pas déclarée.",
            "Une vente non déclarée est nulle.",
            None,
        ),
        ("Le permis n'est pas obligatoire.", "Le permis est-il obligatoire ?\nNon, aucun.", None),
    ],
)
def test_what_is_denied_is_not_said(sentence: str, passage: str, expected: str | None) -> None:
    assert _clash(sentence, passage) == expected


@pytest.mark.parametrize(
    ("sentence", "passage", "expected"),
    [
        ("La ville est au nord de Rennes.", "La ville est au sud de Rennes.", "opposite"),
        ("Les loyers ont baissé en ville.", "Les loyers ont augmenté en ville.", "opposite"),
        ("Un cadre moins strict.", "Un cadre plus strict.", "opposite"),
        ("Le projet est dans les secteurs.", "Le projet est hors des secteurs.", "opposite"),
        ("Personnes publiques ou privées.", "Toute personne publique ou privée.", None),
    ],
)
def test_the_contrary_is_not_said(sentence: str, passage: str, expected: str | None) -> None:
    assert _clash(sentence, passage) == expected


@pytest.mark.parametrize(
    ("sentence", "passage", "expected"),
    [
        ("Le préfet doit suspendre le projet.", "Le préfet peut suspendre le projet.", "modality"),
        ("Le permis B est apprécié.", "Le permis B est exigé.", "modality"),
        ("L'aide doit permettre de rénover.", "L'aide peut permettre de rénover.", None),
    ],
)
def test_a_duty_is_no_right(sentence: str, passage: str, expected: str | None) -> None:
    assert _clash(sentence, passage) == expected
