from __future__ import annotations

import pytest

from assistant.proof import paraphrases


@pytest.mark.parametrize(
    ("one", "other"), [("paient", "payé"), ("reçu", "reçoivent"), ("fermée", "fermés")]
)
def test_the_forms_of_a_word_have_one_root(one: str, other: str) -> None:
    assert paraphrases.root(one) == paraphrases.root(other)


def test_a_writer_may_say_one_word_for_another() -> None:
    assert paraphrases.root("acquérir") in paraphrases.same(paraphrases.root("achète"))
    assert paraphrases.root("loyer") not in paraphrases.same(paraphrases.root("piscine"))


def test_words_of_any_sentence_are_light() -> None:
    assert paraphrases.is_light(paraphrases.root("permettent"))
    assert not paraphrases.is_light(paraphrases.root("piscine"))


def test_an_actor_is_shown_by_its_office_too() -> None:
    assert "prefecture" in paraphrases.actors()["prefet"]
    assert "prefecture" not in paraphrases.actors()
    assert "depart" not in paraphrases.actors()  # same root as « département », another word
