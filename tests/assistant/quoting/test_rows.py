"""« Redon fait-elle partie du programme ? »: a list of communes added to a town, end to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from building import checked_here

from assistant import assembly
from assistant.answers import Answer, Outcome
from assistant.assembly import Assistant
from assistant.question.history import Message
from assistant.quoting.rows import Lists
from assistant.settings import STARTER, Settings
from corpus import catalogue, towns
from corpus.documents import Document, Section
from corpus.reading import entries
from index.build import build
from index.encoder.embedding import load
from index.french.spelling import Speller
from index.generation import Generation
from index.passages import Passage
from index.search.retriever import Retriever
from index.stores.register import FORM, Register

FILE = """\
insee;commune;departement;epci
35236;Redon;Ille-et-Vilaine;Redon Agglomération
35136;Janzé;Ille-et-Vilaine;Roche aux Fées Communauté
35999;Valbourg;Ille-et-Vilaine;Pays de Valbourg
29057;Le Faou;Finistère;CC Presqu'île de Crozon-Aulne Maritime
80688;Rue;Somme;CC Ponthieu-Marquenterre
67507;Villé;Bas-Rhin;CC de la Vallée de Villé
97115;Lamentin;Guadeloupe;CA du Nord Basse-Terre
81037;Brassac;Tarn;CC Sidobre Vals et Plateaux
97308;Saint-Georges;Guyane;CC de l'Est Guyanais
88075;La Bresse;Vosges;CC des Hautes Vosges
32160;L'Isle-Jourdain;Gers;CC de la Gascogne Toulousaine
86112;L'Isle-Jourdain;Vienne;CC Vienne et Gartempe
"""
ENTRY = """
[[entries]]
id = "communes"
kind = "csv"
publisher = "Agence d'essai"
title = "Communes du programme Petites villes de demain"
address = "donnees/communes.csv"
licence = "Licence Ouverte 2.0"
scope = "national"

[entries.rows]
title = "{commune} ({departement})"
sentence = "{commune} ({departement}) est retenue dans le programme Petites villes de demain."
columns = { epci = "Intercommunalité", insee = "" }
date = 2021-01-22
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A town as `assistant init` makes them, with the list added to its catalogue."""
    folder = tmp_path_factory.mktemp("ville") / "valbourg"
    catalogue = towns.create(
        folder,
        name="Valbourg",
        insee="35999",
        intercommunality="Pays de Valbourg",
        site="https://www.valbourg.example",
        contact_name="Mairie de Valbourg",
        checked=date(2026, 11, 22),
        national=STARTER.parent / "national",
    )
    (folder / "donnees").mkdir()
    (folder / "donnees" / "communes.csv").write_text(FILE, encoding="cp1252")
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + ENTRY, encoding="utf-8")
    return Settings(catalogue=catalogue, var=folder.parent / "var", model="")


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Iterator[Assistant]:
    with checked_here():
        report = assembly.build(settings)
    assert report.passages["communes"] == 12
    opened = assembly.assemble(settings)
    yield opened
    opened.close()


def rows(answer: Answer) -> list[str]:
    """The rows that an answer quotes."""
    return list(
        dict.fromkeys(
            c.headings[-1] for c in answer.citations if c.passage_id.startswith("communes#")
        )
    )


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Redon fait-elle partie de PVD ?", ["Redon (Ille-et-Vilaine)"]),
        ("Est-ce que Redon est une petite ville de demain ?", ["Redon (Ille-et-Vilaine)"]),
        ("est ce que janze est dans le programme", ["Janzé (Ille-et-Vilaine)"]),
        ("jansé fé parti des petites villes de demain ?", ["Janzé (Ille-et-Vilaine)"]),
        ("La ville du Faou est-elle PVD ?", ["Le Faou (Finistère)"]),
        (
            "Redon et Janzé ont-elles été retenues dans Petites villes de demain ?",
            ["Redon (Ille-et-Vilaine)", "Janzé (Ille-et-Vilaine)"],
        ),
        (
            "L'Isle-Jourdain est-elle une petite ville de demain ?",
            ["L'Isle-Jourdain (Gers)", "L'Isle-Jourdain (Vienne)"],
        ),
        ("L'Isle-Jourdain dans le Gers est-elle PVD ?", ["L'Isle-Jourdain (Gers)"]),
        ("Quelle est l'intercommunalité de Redon ?", ["Redon (Ille-et-Vilaine)"]),
        ("Rue est-elle une petite ville de demain ?", ["Rue (Somme)"]),
        ("Villé est-elle une petite ville de demain ?", ["Villé (Bas-Rhin)"]),
    ],
)
def test_a_place_is_answered_from_its_own_row(
    assistant: Assistant, question: str, expected: list[str]
) -> None:
    answer = assistant.answer(question)
    assert (answer.outcome, rows(answer)) == (Outcome.ANSWERED, expected)


@pytest.mark.parametrize(
    "question",
    [
        "Rennes fait-elle partie de PVD ?",
        "rennes est elle une petite ville de demain",
        "Est-ce que Brossac est une petite ville de demain ?",  # Brassac is
        "Le Lamentin est-il dans Petites villes de demain ?",  # in Martinique
        "Saint-Georges-des-Groseillers fait-elle partie de PVD ?",
        "saint georges des groseillers fait elle partie de pvd ?",
        "bourg en bresse fait elle partie de pvd ?",
        "La Haye-Fouassière est-elle dans le programme Petites villes de demain ?",
    ],
)
def test_a_place_that_no_row_names_is_not_answered(assistant: Assistant, question: str) -> None:
    answer = assistant.answer(question)
    assert answer.outcome in (Outcome.NO_PASSAGE, Outcome.REFUSED_OFF_TOPIC)
    assert answer.sentences == ()


def test_a_name_that_may_be_a_slip_is_shown_as_not_answering(assistant: Assistant) -> None:
    answer = assistant.answer("Brossac est-elle dans Petites villes de demain ?")
    assert [c.headings[-1] for c in answer.nearest] == ["Brassac (Tarn)"]


@pytest.mark.parametrize(
    "question",
    [
        "Qui est le maire de Redon ?",
        "Redon fait-elle partie de Villages d'avenir ?",
        "Redon a-t-elle signé une ORT ?",
        "Ma rue est-elle dans le périmètre de l'ORT ?",
        "Qu'est-ce que Petites villes de demain ?",
        "Valbourg fait-elle partie de PVD ?",
    ],
)
def test_a_row_answers_nothing_else(assistant: Assistant, question: str) -> None:
    assert rows(assistant.answer(question)) == []


def test_who_asks_for_all_the_rows_gets_them_all(assistant: Assistant) -> None:
    named = [row.headings[-1] for row in assistant.retriever.generation.register.rows]
    assert rows(assistant.answer("Quelles villes sont dans le programme ?")) == named


def test_a_sentence_of_ours_is_a_summary_of_the_file(assistant: Assistant) -> None:
    answer = assistant.answer("Redon est-elle PVD ?")
    said = answer.citations[0]
    assert said.quote == (
        "Redon (Ille-et-Vilaine) est retenue dans le programme Petites villes de demain."
    )
    assert said.passage[said.start : said.end] == said.quote
    assert (said.kind, said.url) == ("summary", None)
    (source,) = said.sources
    assert (source.publisher, source.date, source.licence) == (
        "Agence d'essai",
        "2021-01-22",
        "Licence Ouverte 2.0",
    )


def test_a_follow_up_names_the_next_town(assistant: Assistant) -> None:
    history = [
        Message("user", "Redon fait-elle partie de PVD ?"),
        Message("assistant", "Redon est retenue."),
    ]
    assert "Janzé (Ille-et-Vilaine)" in rows(assistant.answer("Et Janzé ?", history))


@pytest.mark.usefixtures("checked_here")
def test_the_list_changes_nothing_to_the_search(
    assistant: Assistant, settings: Settings, tmp_path: Path
) -> None:
    plain = settings.catalogue.with_name("sans.toml")
    text = settings.catalogue.read_text(encoding="utf-8")
    plain.write_text(text.replace(ENTRY, ""), encoding="utf-8")
    # not calibrated: a search does not read the threshold, which takes 600 questions to find
    built = build(entries.read(catalogue.load(plain)), tmp_path / "index", load(""))
    other = Generation(built.folder, load(""))
    question = "Quelles communes sont retenues dans Petites villes de demain ?"
    one, two = (found.search(question) for found in (assistant.retriever, Retriever(other)))
    assert [(h.passage.id, h.score) for h in one.hits] == [
        (h.passage.id, h.score) for h in two.hits
    ]
    other.close()


def test_a_row_is_read_by_its_id_as_any_passage(assistant: Assistant) -> None:
    generation = assistant.retriever.generation
    assert generation.by_id["communes#1"].headings[-1] == "Redon (Ille-et-Vilaine)"
    assert not [p for p in generation.passages if p.document_id == "communes"]


def test_what_a_row_says_is_no_slip_of_another_word() -> None:
    text = "Le réseau des Tilleuls de Lisieux est lauréat du label."
    section = Section(("Réseaux", "Réseau des Tilleuls (Lisieux)"), text, form=FORM)
    given = Document("d", "csv", None, "Réseaux", "", "", "", "", "", "fr", "local", (section,))
    row = Passage.of(section, given, 1)
    lists = Lists(Register([row]), {}, frozenset(), Speller({"lisiez": 3}))
    assert lists.find("Le réseau des Tilleuls de Lisieux est-il lauréat ?").rows == (row,)
    assert lists.find("Le réseau des Tilleuls de Dijon est-il lauréat ?").rows == ()
