from __future__ import annotations

import pytest

from assistant.proof.claims import Claim, read
from index.french.numbers import canonical


def _shown(claim: Claim) -> str:
    value = f"{claim.value:f} {claim.unit}".strip() if claim.value is not None else ""
    return f"{claim.kind.value}: {value or ' '.join(sorted(claim.parts))}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 000 €", ["amount: 12000 €"]),
        ("250 M€ et 3,7 milliards d'euros", ["amount: 250000000 €", "amount: 3700000000 €"]),
        ("entre 2 100 et 2 500 euros", ["amount: 2100 €", "amount: 2500 €"]),
        ("20 pour cent", ["percentage: 20 %"]),
        ("6, 9 ou 12 ans", ["duration: 72 mois", "duration: 108 mois", "duration: 144 mois"]),
        ("dix-huit mois", ["duration: 18 mois"]),
        ("deux semaines", ["duration: 14 jour"]),
        ("9 h 30, 9h30", ["hour: 570 minute", "hour: 570 minute"]),
        ("cet après-midi", []),
        ("38 hectares", ["measure: 380000 m2"]),
        ("52 actions", ["number: 52 action"]),
        ("le 3e jeudi", ["number: 3 rang", "date: jeudi"]),
        ("la moitié", ["percentage: 50 %"]),
        ("les deux tiers", ["percentage: 66.7 %"]),
        ("la seconde moitié de juin", ["number: 2 rang", "date: m6"]),
        ("neuf communes sur dix", ["percentage: 90 %"]),
    ],
)
def test_figures_are_read_in_the_unit_of_their_kind(text: str, expected: list[str]) -> None:
    assert [_shown(claim) for claim in read(canonical(text))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le 11/10/2020", ["date: d11 m10 y2020"]),
        ("le 1er octobre 2020", ["date: d1 m10 y2020"]),
        ("« 2022-11-10 »", ["date: d10 m11 y2022"]),
        ("lundi 5 juin 2023", ["date: d5 lundi m6 y2023"]),
        ("du 3 au 28 février 2025", ["date: d3 m2 y2025", "date: d28 m2 y2025"]),
        ("de mars à novembre 2022", ["date: m3 y2022", "date: m11 y2022"]),
        ("2021-2026", ["date: y2021", "date: y2026"]),
        ("fin 2020", ["date: fin y2020"]),
        ("au 2e trimestre 2026", ["date: trimestre2 y2026"]),
        ("du lundi au mercredi", ["date: lundi", "date: mardi", "date: mercredi"]),
    ],
)
def test_dates_are_read_by_their_parts(text: str, expected: list[str]) -> None:
    assert [_shown(claim) for claim in read(canonical(text))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L. 303-2, L303-2", ["article: l303-2", "article: l303-2"]),
        ("l'article 150 VE", ["article: 150ve"]),
        ("article 199 novovicies", ["article: 199novovicies"]),
        ("article premier", ["article: 1"]),
        ("la loi n° 2018-1021", ["article: 2018-1021"]),
        ("le code de l'urbanisme", ["article: code:urbanisme"]),
        ("au 02.99.34.91.29", ["phone: 0299349129"]),
        ("sur https://www.valbourg.fr/ort.", ["link: valbourg.fr/ort"]),
        ("mairie@valbourg.example", ["link: mairie@valbourg.example"]),
    ],
)
def test_references_and_addresses_have_one_form(text: str, expected: list[str]) -> None:
    assert [_shown(claim) for claim in read(canonical(text))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le maire de Guichen, Yann Kerbrat", ["name: guichen", "name: yann", "name: kerbrat"]),
        ("Guichen a signé.", ["name: guichen"]),  # no dictionary has it
        ("Ouvrir un commerce", []),
        ("Celui-ci ferme. Rien ne change", []),
        ("LE CONSEIL MUNICIPAL APPROUVE", []),
        ("L'ORT et la D177", ["name: ort", "name: d177"]),
    ],
)
def test_names_are_the_capitals_that_open_no_sentence(text: str, expected: list[str]) -> None:
    assert [_shown(claim) for claim in read(canonical(text))] == expected
