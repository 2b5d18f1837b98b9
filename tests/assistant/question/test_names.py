from __future__ import annotations

import pytest

from assistant.question.names import amounts, names, spelled
from index.french.spelling import Speller


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Lecornu a promis combien ?", []),  # a capital that begins a sentence says nothing
        ("Et Lecornu, il a promis combien ?", ["lecornu"]),
        ("Ça marche en SCI ?", ["sci"]),
        ("SCI, ça marche ?", ["sci"]),
        ("ÇA MARCHE EN SCI ?", []),
        ("Bonjour. Combien ?", []),
        ("« Combien » dit le maire", []),
    ],
)
def test_names_have_a_capital_where_nothing_begins(question: str, found: list[str]) -> None:
    assert names(question) == found


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Qui a reçu 9 000 euros ?", ["9000"]),
        ("Qui a reçu neuf mille euros ?", ["9000"]),
        ("une aide de 1,2 M€", ["1200000"]),
        ("subventionné à soixante-quinze pour cent", ["75"]),
        ("à 45 % du prix", ["45"]),
        ("en 2022, pour 9 ans", []),  # a year, a count
    ],
)
def test_amounts_in_figures(question: str, expected: list[str]) -> None:
    assert amounts(question) == expected


CORPUS = dict.fromkeys("denormandie guipry messac convention crte opah marche".split(), 9)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("et c koi le denormendie", "et c koi le denormandie"),
        ("LE DENORMENDIE ?", "LE DENORMANDIE ?"),
        ("et a guipri mesac ?", "et a guipry messac ?"),
        ("lopah, un marchet ?", "opah, un marchet ?"),  # what names nothing is left
        ("cété la convantion", "cété la convention"),  # no CRTE
        ("Qui est le maire de Bruz ?", "Qui est le maire de Bruz ?"),
    ],
)
def test_names_are_spelled_as_the_corpus_spells_them(typed: str, said: str) -> None:
    assert spelled(typed, Speller(CORPUS).correct) == said
