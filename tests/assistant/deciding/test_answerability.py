from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.context import Context
from assistant.deciding.answerability import Town, is_asked, model, signs, town_of
from assistant.question.reading import read
from assistant.routes import search
from assistant.settings import STARTER
from corpus.catalogue import load
from corpus.reading import entries
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


def test_sentences_that_are_asked_for_have_a_decision_of_their_own(
    starter_index: Generation,
) -> None:
    retriever = Retriever(starter_index)
    found = search(read("C'est quoi l'ORT ?", (), retriever), Context(retriever)).ranked[0]
    bare = replace(found.quote.passage, spans=())
    elsewhere = replace(found, quote=replace(found.quote, passage=bare), asked=0.0)
    assert is_asked(found) and not is_asked(elsewhere)
    assert is_asked(replace(elsewhere, asked=1.0))  # known questions that `assistant expand` wrote
    assert model(asked=True).digest != model(asked=False).digest


def test_what_gives_another_figure_in_the_same_words_leaves_the_best_as_sure(
    starter_index: Generation,
) -> None:
    retriever = Retriever(starter_index)
    asked = read("Quel est le taux du Denormandie pour 9 ans ?", (), retriever)
    found = search(asked, Context(retriever))

    def margin(*texts: str) -> float:
        ranked = []
        for at, text in enumerate(texts):
            passage = replace(found.ranked[0].quote.passage, text=text, spans=())
            quote = replace(found.ranked[0].quote, passage=passage, start=0, end=len(text))
            ranked.append(replace(found.ranked[0], quote=quote, score=5.0 - at))
        return signs(asked.asking, retriever, found.found, ranked, Town())["margin"]

    rate = "L'aide aux vitrines est fixée à 35 % des travaux."
    assert margin(rate, "La halle est ouverte le samedi matin.") == 1.0
    assert margin(rate, rate.replace("35", "20")) == margin(rate)


def test_who_asks_how_much_of_what_was_not_found_may_be_told_so(starter_index: Generation) -> None:
    retriever = Retriever(starter_index)
    context = Context(retriever, absences=entries.absences(load(STARTER)))
    tax = search(read("la taxe sur les magasins vides, c'est combien ?", (), retriever), context)
    assert tax.absent and tax.likelihood > 0
