from __future__ import annotations

import pytest
from spellchecker import SpellChecker

from assistant.question.gloss import contents, gloss, vocabulary
from assistant.settings import STARTER
from corpus.vocabulary import lexicon
from index.french.analysis import STOP_WORDS, fold, words

CORPUS = {"guichen", "demain", "vhbc", "denormandie"}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who signed the local agreement?", "qui signé local convention"),
        ("How much is the Denormandie for 12 years?", "combien Denormandie 12 ans"),
        ("What is the average rent?", "c'est quoi moyen loyer"),
        ("What is the ANCT budget in 2023?", "quel est budget ANCT 2023"),
        ("Which law created the ORT?", "quel est loi créée ORT"),
        ("what does ORT stand for", "ORT que veut dire"),
        ("more than 1,000 towns", "plus 1 000 commune"),
        ("Small towns of tomorrow in Guichen", "Petites villes de demain Guichen"),
        # a town that no passage names keeps its place, for the guardrails
        ("The ORT of Nantes", "ORT de Nantes"),
        # one slip, but not of a word that the passages have
        ("the denormandie programe", "denormandie programme"),
        # unknown words stay, and count against an answer
        ("Is there a grant for my aquarium?", "subvention aquarium"),
    ],
)
def test_an_english_question_is_said_in_french_words(question: str, said: str) -> None:
    assert gloss(question, "en", CORPUS) == said


def test_breton_is_said_in_french_words() -> None:
    said = gloss("Pegoulz eo bet sinet kendivizad an ORT ?", "br")
    assert said == "quand signé convention ORT"


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_a_language_without_a_list_is_left_as_it_is(language: str) -> None:
    assert gloss("¿Qué es PVD?", language) == "¿Qué es PVD?"


def test_contents_are_the_words_that_name_something() -> None:
    assert contents("What is the Denormandie tax reduction?", "en") == "Denormandie tax reduction"


# British spellings, and words of the field, that an American dictionary lacks.
BRITISH = set("centre dataset intercommunality programme".split())


def test_every_english_word_is_spelled_as_the_dictionary_does() -> None:
    known = SpellChecker(language="en").word_frequency
    entries = (fold(entry).replace("-", " ").split() for entry in vocabulary("en").french)
    spelled = {word for entry in entries for word in entry if "'" not in word and len(word) > 2}
    assert {word for word in spelled if word not in known} == BRITISH


@pytest.mark.parametrize("language", ["en", "br"])
def test_every_french_word_is_one(language: str) -> None:
    said = {word for entry in vocabulary(language).french.values() for word in words(entry)}
    corpus = {w for path in STARTER.parent.rglob("*.md") for w in words(path.read_text("utf-8"))}
    missing = {w for w in said if w not in lexicon() and w not in corpus and w not in STOP_WORDS}
    assert not {word for word in missing if word.isalpha() and len(word) > 1}
