"""Texts compared by characters."""

import numpy as np
import pytest

from index.questions.grams import Grams, hashed


def test_a_text_is_all_like_itself_whatever_its_case_and_accents() -> None:
    grams = Grams(["Qu’est-ce qu’une ORT ?", "Où est la médiathèque ?"])
    assert grams.similar("qu est ce qu une ort")[0] == pytest.approx(1, abs=1e-5)


def test_what_shares_no_characters_is_not_like() -> None:
    assert Grams(["aaaa", "ort"]).similar("bbbb").tolist() == [0, 0]


def test_a_typo_leaves_most_of_a_word() -> None:
    scores = Grams(["la denormandie", "la piscine"]).similar("denormendie")
    assert scores[0] > 0.4 > scores[1]


def test_a_run_never_goes_from_one_text_to_the_next() -> None:
    # Were " or" and "t " joined, the two texts would share runs with the third.
    apart = Grams(["or", "t", "ort"])
    assert apart.similar("or")[1] == pytest.approx(0)


def test_the_cosine_is_worked_out() -> None:
    # One text, every idf log(2/2)+1 = 1. « a » is " a ": the runs " a", "a ", " a ". Against
    # « a b », " a b ": of its ten runs these three are shared, all seen once: 3/sqrt(3 x 10).
    assert Grams(["a"]).similar("a")[0] == pytest.approx(1)
    # The runs that the text lacks count as if one text had them: the same idf, 1.
    assert Grams(["a"]).similar("a b")[0] == pytest.approx(3 / np.sqrt(30), abs=1e-5)


@pytest.mark.parametrize("text", ["", "?", "  "])
def test_nothing_is_like_nothing(text: str) -> None:
    assert Grams([]).similar("ort").shape == (0,)
    assert np.isfinite(Grams(["ort", text]).similar(text)).all()


def test_rows_made_together_are_those_of_each_text_alone() -> None:
    texts = ["La prime est nulle.", "", "la prime", "Où est la médiathèque ?"]
    rows = hashed(texts, 64)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-6)
    assert (rows == np.vstack([hashed([text], 64) for text in texts])).all()
