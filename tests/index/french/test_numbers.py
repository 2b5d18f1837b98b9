from __future__ import annotations

import pytest

from index.french.numbers import canonical


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Douze mille euros", "12000 euros"),
        ("12\u202f000 €", "12000 €"),
        ("le onze octobre deux mille vingt-deux", "le 11 octobre 2022"),
        ("le premier octobre", "le 1er octobre"),
        ("1,5 million, 3 milliards", "1500000, 3000000000"),
        ("un million et demi", "1500000"),
        ("trois millions et demi", "3500000"),
        ("un an et demi", "1,5 an"),
        ("une demi-heure", "une 30 minutes"),
        ("une vingtaine de kilomètres", "environ 20 kilomètres"),
        ("au second semestre", "au 2e semestre"),
        ("en 2020 150 communes", "en 2020 150 communes"),  # a year and a count, not one number
        ("02 99 34 91 29", "02 99 34 91 29"),
        ("42,99 km²", "42,99 km2"),
        ("L’article", "L'article"),
    ],
)
def test_numbers_are_written_in_figures(text: str, expected: str) -> None:
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("une ORT", "une ORT"),
        ("un an, d'un mois", "1 an, d'1 mois"),
        ("vingt et un ans", "21 ans"),
        ("un logement neuf", "un logement neuf"),
        ("des logements neufs", "des logements neufs"),
        ("le bail de neuf ans", "le bail de 9 ans"),  # the library alone leaves « neuf »
        ("les neuf communes", "les 9 communes"),
        ("soixante-dix-neuf euros", "79 euros"),
        ("neuf cents euros", "900 euros"),
    ],
)
def test_un_and_neuf_are_numbers_only_where_they_count(text: str, expected: str) -> None:
    assert canonical(text) == expected


def test_english_numbers() -> None:
    assert canonical("fifty-two actions, 1,646 towns", "en") == "52 actions, 1646 towns"
