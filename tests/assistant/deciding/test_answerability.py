from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.context import Context
from assistant.deciding.answerability import signs, town_of
from assistant.question.reading import read
from assistant.routes import search
from assistant.settings import STARTER
from corpus.catalogue import load
from index.generation import Generation
from index.search.retriever import Retriever


def of(generation: Generation, question: str) -> dict[str, float]:
    retriever = Retriever(generation)
    town = town_of(load(STARTER).town, generation)
    found = search(read(question, (), retriever), Context(retriever, town=town))
    return signs(found.question.asking, retriever, found.found, found.ranked, town)


@pytest.mark.parametrize(
    ("question", "sign", "value"),
    [
        ("Combien d'habitants à Guichen en 2023 ?", "year", 0.0),
        ("Combien d'habitants à Guichen en 1931 ?", "year", 1.0),
        ("C'est quoi l'ORT ?", "defines", 1.0),
        ("Qui signe une convention ORT ?", "defines", 0.0),
        ("Quel est le taux du Denormandie pour 9 ans ?", "of", 0.0),
        ("Quel cabinet suit le Denormandie ?", "of", 1.0),
        ("Quelle superficie fait Guichen ?", "town", 0.0),
        ("À Lorient, le taux du Denormandie pour 9 ans ?", "place", 1.0),
        ("Le taux du Denormandie pour 9 ans, rue de Lorient ?", "place", 0.0),
        ("Le taux du Denormandie pour 9 ans, avec une SCI ?", "name", 1.0),
        ("Quel est le taux du Denormandie pour 9 ans ?", "name", 0.0),
    ],
)
def test_a_sign(starter_index: Generation, question: str, sign: str, value: float) -> None:
    assert of(starter_index, question)[sign] == value


def test_an_intercommunality_is_named_by_its_acronym(starter_index: Generation) -> None:
    town = town_of(load(STARTER).town, starter_index)
    assert town.named(["budget", "vhbc"])
    assert not town.named(["budget", "ort"])
    assert not replace(town, name=frozenset()).named(["budget"])
