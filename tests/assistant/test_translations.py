from __future__ import annotations

import pytest

from assistant import messages
from assistant.answers import CITING, Outcome
from assistant.messages import FRENCH, MESSAGES
from assistant.privacy.masking import Kind
from assistant.question.languages import language
from assistant.translations import BRETON, ENGLISH, introduction, masked, told, words

# Every fixed sentence of messages: its constants, and one for each outcome.
FIXED = [
    value
    for name, value in vars(messages).items()
    if name.isupper() and not name.startswith("_") and isinstance(value, str)
    if value != messages.SCANNED  # one of the words around a citation
] + [message for message in MESSAGES.values() if message]


@pytest.mark.parametrize("message", FIXED)
def test_every_french_message_has_its_english(message: str) -> None:
    english = told(message, "en")
    assert english != message and language(english) == "en"
    assert "’" not in english and english[0].isupper()


def test_how_many_days_are_kept_is_told_in_english() -> None:
    assert "for 30 days" in told(messages.KEPT_DAYS.format(30), "en")


def test_what_is_no_message_of_ours_is_left_as_it_is() -> None:
    assert told("La piscine ouvre le 8 novembre 2027.", "en") == (
        "La piscine ouvre le 8 novembre 2027."
    )


def test_breton_is_a_line_before_the_french() -> None:
    french = MESSAGES[Outcome.NO_PASSAGE]
    assert told(french, "br").split("\n") == ["N'em eus ket kavet respont en teulioù.", french]
    assert set(BRETON) <= set(ENGLISH)


def test_another_language_is_told_which_are_spoken_in_both() -> None:
    said = told(MESSAGES[Outcome.DISTRESS], "ar")
    assert "I answer in French" in said and said.count("112") == 2


@pytest.mark.parametrize("outcome", sorted(CITING - {Outcome.PARTIAL}))
@pytest.mark.parametrize("code", ["en", "br", "es"])
def test_french_words_are_introduced(outcome: Outcome, code: str) -> None:
    said = introduction(outcome, code)
    assert said.endswith(":") and "  " not in said
    unpublished = told(MESSAGES[Outcome.NOT_PUBLISHED], code if code != "es" else "en")
    first = unpublished.split("\n")[0].rstrip(":.")
    assert (first in said) == (outcome is Outcome.NOT_PUBLISHED)


def test_what_is_masked_is_told_in_the_language_of_the_question() -> None:
    assert masked((), "en") == ""
    assert masked((Kind.PHONE,), "en").startswith("I masked a telephone number")
    french = messages.masked((Kind.PHONE,))
    assert masked((Kind.PHONE,), "es").split("\n")[0] == french == masked((Kind.PHONE,), "fr")


def test_the_words_around_an_answer_name_every_nature() -> None:
    assert words("en").natures.keys() == FRENCH.natures.keys()
    assert words("br") is FRENCH
