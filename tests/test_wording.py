from __future__ import annotations

import pytest

from assistant import wording


@pytest.mark.parametrize(
    ("one", "other"), [("paient", "payé"), ("reçu", "reçoivent"), ("fermée", "fermés")]
)
def test_the_forms_of_a_word_have_one_root(one: str, other: str) -> None:
    assert wording.root(one) == wording.root(other)


def test_a_writer_may_say_one_word_for_another() -> None:
    assert wording.root("acquérir") in wording.same(wording.root("achète"))
    assert wording.root("loyer") not in wording.same(wording.root("piscine"))


def test_words_of_any_sentence_are_light() -> None:
    assert wording.is_light(wording.root("permettent"))
    assert not wording.is_light(wording.root("piscine"))


def test_camps_oppose_each_other_both_ways() -> None:
    pairs = {
        (one, other) for camp, against in wording.opposites() for one in camp for other in against
    }
    assert ("nord", "sud") in pairs
    assert all((other, one) in pairs for one, other in pairs)


def test_an_actor_is_shown_by_its_office_too() -> None:
    assert "prefecture" in wording.actors()["prefet"]
    assert "prefecture" not in wording.actors()
    assert "depart" not in wording.actors()  # same root as « département », another word
