from __future__ import annotations

import pytest

from assistant.proof.statements import Spot, statement, tongue


def _polarity(text: str, word: str) -> int:
    return next(w.polarity for w in statement(text).words if w.folded == word)


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Le permis est obligatoire.", "obligatoire", 1),
        ("Le permis n'est pas obligatoire.", "obligatoire", -1),
        ("Le permis n'est pas obligatoire.", "permis", 0),  # beside a denial
        ("La loi ne s'applique plus ici.", "applique", -1),
        ("Aucune hausse n'a été relevée.", "hausse", -1),
        ("Le conseil, pas d'obligation.", "obligation", -1),
        ("Il dessert l'école mais plus la gare.", "gare", -1),
        ("Il ne s'utilise que dans une ORT.", "utilise", 0),  # « ne ... que » limits
        ("Si elle n'est pas déclarée, elle est nulle.", "declaree", 0),  # supposed
        ("Une vente sans déclaration.", "declaration", 0),
        ("La dépollution reste à faire.", "depollution", 0),
        ("Faut-il un permis ?", "permis", 0),  # asked
    ],
)
def test_what_is_denied_supposed_or_asked_is_told_from_what_is_said(
    text: str, word: str, expected: int
) -> None:
    assert _polarity(text, word) == expected


def test_a_comma_and_brackets_put_words_apart() -> None:
    said = statement("Un taux de 70 % (85 % en ville) vaut ici, ailleurs non.")
    spots = {word.folded: word.spot for word in said.words}
    # « vaut » follows « 70 % »: what stands in brackets between them counts for nothing.
    assert spots["vaut"].distance(spots["70"]) < spots["vaut"].distance(spots["85"])
    assert spots["ailleurs"].place - spots["ici"].place == 9.0  # one word, eight for the comma


def test_sentences_are_numbered_and_questions_known() -> None:
    said = statement("Qui paie ?\nLa mairie paie. L'État aide ; la Région aussi.")
    number = {word.folded: word.spot.sentence for word in said.words}
    assert [number[word] for word in ("qui", "mairie", "etat", "region")] == [0, 1, 2, 3]
    assert said.asked == {0}


def test_an_article_of_law_ends_no_sentence() -> None:
    assert {
        word.spot.sentence for word in statement("Selon l'article L. 303-2 du code.").words
    } == {0}


def test_a_text_without_words_is_read() -> None:
    assert statement("…").words == ()
    assert Spot(0, False, 1.0).distance(Spot(0, True, 1.0)) > 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The agreement was signed in the town hall.", "en"),
        ("La convention est signée.", "fr"),
        ("En breton, Guichen se dit Gwizien.", "fr"),
    ],
)
def test_a_text_is_french_unless_plainly_english(text: str, expected: str) -> None:
    assert tongue(text) == expected
