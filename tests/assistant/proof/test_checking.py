from __future__ import annotations

import pytest

from assistant.proof.checking import Lack, Reason, supporting, unsupported
from assistant.proof.claims import Kind

MARKET = (
    "Le marché de Valbourg\n"
    "Le marché a lieu le samedi de 8 h 30 à 13 h, place des Tilleuls. "
    "Le droit de place est de 1,20 € le mètre. La mairie tient la liste des commerçants."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Le droit de place coûte 1,20 euro par mètre [1].",
        "Le marché de Valbourg a lieu le samedi. [1, 2]",
    ],
)
def test_what_the_passage_says_is_supported(sentence: str) -> None:
    assert unsupported(sentence, [MARKET]) is None


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Le marché a lieu le dimanche.", Kind.DATE),
        ("Le droit de place est de 2,10 € le mètre.", Kind.AMOUNT),
        ("Le marché a lieu place des Ormes.", Kind.NAME),
        ("Le marché n'a pas lieu le samedi.", Lack.CONTENT),
        ("Les chiens en laisse sont admis sous la halle.", Lack.CONTENT),
        ("Le marché a lieu le samedi, avec un concert de fanfare.", Lack.CONTENT),
        ("The market is on Saturday in the square.", Lack.LANGUAGE),
        ("Oui.", Lack.CONTENT),
        ("", Lack.CONTENT),
        ("Le marché a lieu le samedi. " * 60, Lack.CONTENT),
    ],
)
def test_what_it_does_not_say_is_refused_with_its_reason(sentence: str, reason: Reason) -> None:
    assert unsupported(sentence, [MARKET]) is reason


def test_a_sentence_without_passage_is_refused() -> None:
    assert unsupported("Le marché a lieu le samedi.", []) is Lack.CONTENT


def test_a_sentence_may_draw_on_several_passages() -> None:
    sentence = "Le marché a lieu le samedi et la piscine ouvre le lundi."
    pool = "La piscine ouvre le lundi."
    assert unsupported(sentence, [MARKET]) is Kind.DATE
    assert unsupported(sentence, [MARKET, pool]) is None


def test_an_english_sentence_is_checked_against_the_english_passage_alone() -> None:
    english = "The market is on Saturday. It has been in the square for ten years."
    assert unsupported("The market is in the square.", [MARKET, english]) is None
    assert unsupported("The market is on Sunday.", [MARKET, english]) is Kind.DATE


def test_a_glossary_brings_its_acronyms() -> None:
    passage = "Le programme local de l'habitat fixe les objectifs."
    sentence = "Le XYZ fixe les objectifs."
    assert unsupported(sentence, [passage]) is Kind.NAME
    meanings = {"xyz": "programme local de l'habitat"}
    assert unsupported(sentence, [passage], meanings) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Le droit de place est de 1,20 € le mètre.", "Le droit de place est de 1,20 € le mètre."),
        ("Un droit de 1,20 euro le mètre.", "Le droit de place est de 1,20 € le mètre."),
        (
            "Le samedi, le droit de place est de 1,20 €.",
            "Le marché a lieu le samedi de 8 h 30 à 13 h, place des Tilleuls. "
            "Le droit de place est de 1,20 € le mètre.",
        ),
    ],
)
def test_the_quotation_is_the_least_that_holds_the_sentence(sentence: str, expected: str) -> None:
    start, end = supporting(sentence, MARKET)
    assert MARKET[start:end] == expected


def test_a_passage_without_words_has_nothing_to_quote() -> None:
    assert supporting("Le marché a lieu le samedi.", " \n") == (0, 0)
