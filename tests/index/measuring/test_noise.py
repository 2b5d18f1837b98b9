"""Questions spoilt the way people type them: always the same, and only as announced."""

from __future__ import annotations

import re
from random import Random

import pytest

from index.measuring import noise
from index.measuring.noise import VARIANTS, vary

QUESTION = "Quelle est la procédure de l’équipe pour la médiation à Guichen en 2026 ?"
MANY = [f"Quelle est la procédure numéro {n} de la médiation ?" for n in range(200)]


def changed(question: str, variant: str) -> list[tuple[str, str]]:
    """The words that a variant changed, once accents and apostrophes are gone."""
    before, after = vary(question, "accents").split(), vary(question, variant).split()
    return [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_same_question_is_always_spoilt_in_the_same_way(variant: str) -> None:
    assert vary(QUESTION, variant) == vary(QUESTION, variant)


def test_another_seed_spoils_in_another_way() -> None:
    assert len({vary(QUESTION, "typo2", seed) for seed in range(20)}) > 10


def test_clean_is_the_question_itself() -> None:
    assert vary(QUESTION, "clean") == QUESTION


def test_accents_and_apostrophes_go_and_capitals_stay() -> None:
    assert vary("L’État œuvre à Guichen, n'est-ce pas ?", "accents") == (
        "L Etat oeuvre a Guichen, n est-ce pas ?"
    )


def test_capitals_lose_their_accents() -> None:
    assert vary("L'été à Guichen", "capitals") == "L'ETE A GUICHEN"


@pytest.mark.parametrize(("variant", "count"), [("typo1", 1), ("typo2", 2)])
def test_typos_are_counted_in_words_and_leave_short_ones_and_numbers(
    variant: str, count: int
) -> None:
    for question in MANY:
        pairs = changed(question, variant)
        assert len(pairs) == count
        # « Quelle » and « est » carry no subject
        assert {before for before, _ in pairs} <= {"procedure", "numero", "mediation"}


def test_a_question_without_a_content_word_is_left_as_it_is() -> None:
    assert vary("C'est quoi ?", "typo2") == "C est quoi ?"
    assert vary("C'est quoi ?", "phonetic") == "C'est quoi ?"


@pytest.mark.parametrize(
    ("letter", "neighbours"),
    [("a", "zq"), ("z", "aeqs"), ("q", "azsw"), ("m", "pl"), ("n", "bhj")],
)
def test_a_finger_slips_to_the_next_key_of_an_azerty_keyboard(letter: str, neighbours: str) -> None:
    assert set(noise._neighbours()[letter]) == set(neighbours)


def test_a_typo_is_a_slip_a_swap_a_loss_or_a_double() -> None:
    made = {noise._mistype("ort", Random(seed)) for seed in range(400)}
    slips = {"o" + near + "t" for near in noise._neighbours()["r"]}
    assert {"rot", "otr", "rt", "ot", "or", "oort", "orrt", "ortt"} | slips <= made
    assert "ort" not in made


@pytest.mark.parametrize(
    ("word", "heard"),
    [
        ("médiation", "mediasion"),
        ("procédure", "prosedure"),
        ("Denormandie", "denormendi"),
        ("équipe", "ekipe"),
        ("pharmacie", "farmacie"),
        ("bureau", "buro"),
        ("habitat", "abita"),
        ("commerce", "comerce"),
        ("façade", "fassade"),
        ("maison", "maizon"),
    ],
)
def test_words_are_written_by_ear(word: str, heard: str) -> None:
    assert heard in {noise._mishear(word, Random(seed)) for seed in range(400)}


def test_a_sounded_ending_is_kept() -> None:
    made = {noise._mishear("santé", Random(seed)) for seed in range(200)}
    assert made == {"sente"}


def test_phonetic_spelling_alters_two_content_words() -> None:
    altered = [vary(question, "phonetic").split() for question in MANY]
    for question, words in zip(MANY, altered, strict=True):
        pairs = zip(question.split(), words, strict=True)
        assert sum(before != after for before, after in pairs) == 2


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("C'est quoi l'ORT ?", "c koi l ort"),
        ("Qu'est-ce qu'une ORT ?", "c koi une ort"),
        ("Quelle aide pour vous ?", "kel aide pr vs"),
        ("Est-ce que l'ORT dure ?", "l ort dure"),
    ],
)
def test_short_messages_cut_the_small_words(question: str, start: str) -> None:
    assert vary(question, "sms") == start


def test_a_long_word_of_a_short_message_loses_inner_vowels_only() -> None:
    made = {vary("revitalisation", "sms", seed) for seed in range(50)}
    assert len(made) > 5
    for word in made:
        assert re.sub("[aeiou]", "", word) == "rvtlstn"
        assert 12 <= len(word) < 14
