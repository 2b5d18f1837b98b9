"""What is said beside a quotation, on several days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.answers import Sentence
from assistant.question.asking import asking
from assistant.quoting.citations import Quote, verify
from assistant.quoting.remarks import annotate
from assistant.quoting.validity import validity
from corpus.documents import Document
from corpus.structure import Convention
from index.passages import Passage

DAY = date(2026, 11, 30)


def beside(
    text: str,
    question: str = "Quelle aide pour ma façade ?",
    day: date | None = DAY,
    *,
    title: str = "Aides",
    dated: str = "2026-01-01",
    signed: str = "",
    language: str = "fr",
    sentences: Sequence[str] = (),
) -> list[str]:
    """What is said beside each sentence of a document, quoted for a question."""
    texts = sentences or (text,)
    passages = [
        Passage(
            id=f"d#{n}", document_id="d", headings=(title,), text=said, scope="local", digest="0"
        )
        for n, said in enumerate(texts, 1)
    ]
    document = Document(
        *("d", "pdf", None, title, "Ville", "", "", dated, "", "fr", "local"),
        sections=(),
        convention=Convention("convention", signed=signed) if signed else None,
    )
    by_id = {passage.id: passage for passage in passages}
    draft = [Quote(passage, 0, len(passage.text)) for passage in passages]
    found, citations = verify(draft, by_id, {"d": document})
    generation: Any = SimpleNamespace(by_id=by_id, documents={"d": document})
    told = annotate(found, citations, (asking(question),), generation, day, language)
    assert [replace(s, remark="") for s in told] == list(found)  # nothing else changes
    return [sentence.remark for sentence in told]


NOTE = "(Note de l'assistant au 30 novembre 2026 : {}.)"
FACADE = "L'aide est ouverte du 1er mars 2024 au 30 juin 2026."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FACADE, "terminé depuis le 30 juin 2026"),
        ("La dispense court jusqu'en mars 2026.", "terminé depuis mars 2026"),
        ("Le plan court jusqu'en 2025.", "terminé depuis la fin de 2025"),
        ("Le plan court jusqu'en 2026.", "jusqu'en 2026, l'année en cours"),
        ("Le guichet ouvre le 1er décembre 2026.",
         "pas encore commencé : à partir du 1er décembre 2026, demain"),
        ("Le mardi matin, pour l'année scolaire 2025-2026.", "terminé depuis août 2026"),
        ("Date limite : 12 mai 2026.", "date limite passée depuis le 12 mai 2026"),
        ("Date limite : 29 janvier 2027.", "date limite le 29 janvier 2027, dans 60 jours"),
    ],
)  # fmt: skip
def test_where_a_quotation_stands_is_said_beside_it(text: str, said: str) -> None:
    assert beside(text) == [NOTE.format(said)]


def test_the_same_words_stand_elsewhere_on_another_day() -> None:
    asked = "Quand finit l'aide ?"
    days = [date(2024, 1, 1), date(2025, 6, 30), date(2026, 6, 30), date(2026, 7, 1)]
    assert [beside(FACADE, asked, day)[0] for day in days] == [
        "(Note de l'assistant au 1er janvier 2024 : pas encore commencé : à partir du 1er mars "
        "2024, dans 2 mois.)",
        "(Note de l'assistant au 30 juin 2025 : jusqu'au 30 juin 2026, dans 12 mois.)",
        "(Note de l'assistant au 30 juin 2026 : jusqu'au 30 juin 2026, aujourd'hui.)",
        "(Note de l'assistant au 1er juillet 2026 : terminé depuis le 30 juin 2026.)",
    ]


def test_what_is_open_still_is_said_to_who_asks_until_when() -> None:
    open_still = "La prime est versée jusqu'au 31 décembre 2027."
    assert beside(open_still, "Combien de primes ?") == [""]
    assert beside(open_still, "la prime existe encore ?") == [
        NOTE.format("jusqu'au 31 décembre 2027, dans 13 mois")
    ]


def test_a_convention_ends_where_its_signature_leads() -> None:
    text = "Elle est conclue pour cinq ans à compter de sa signature."
    assert beside(text, signed="2021-03-12") == [
        NOTE.format("par calcul, sauf prolongation, terminé depuis mars 2026")
    ]
    assert beside(text) == [""]


@pytest.mark.parametrize(
    "text",
    [
        "La Cour des comptes a mené une enquête sur l'Agence nationale de la cohésion des "
        "territoires (ANCT) pour les années 2020 à 2022.",
        "Le maire de Valbourg pour le mandat 2020-2026 était Jean Morvan, selon une encyclopédie.",
    ],
)
def test_dates_that_end_nothing_are_not_said_to(text: str) -> None:
    assert validity(text) is not None  # they read as a beginning and an end
    assert beside(text, "Jusqu'à quand ?") == [""]


def test_without_a_day_nothing_is_said() -> None:
    assert beside(FACADE, day=None) == [""]


def test_the_same_is_said_once() -> None:
    other = "L'aide à l'isolation est ouverte jusqu'au 30 juin 2026."
    assert [bool(said) for said in beside("", sentences=(FACADE, other))] == [True, False]


def test_what_one_sentence_is_sure_of_is_said_by_the_first_that_gives_the_day() -> None:
    late, sure = (
        "Le Denormandie est prolongé jusqu'au 31 décembre 2025 par la loi du 9 avril 2024 sur la "
        "rénovation de l'habitat dégradé, selon la presse et une reprise de la fiche officielle.",
        "Le Denormandie est prolongé jusqu'au 31 décembre 2025, selon la presse.",
    )
    assert beside(late) == [""]
    assert [bool(said) for said in beside("", sentences=(late, sure))] == [True, False]


def test_in_english_to_who_asks_in_english() -> None:
    assert beside(FACADE, language="en") == [
        "(Assistant's note on 30 November 2026: ended on 30 June 2026.)"
    ]


PHONE = "Le service se joint au 02 99 00 00 01."


@pytest.mark.parametrize(
    ("text", "question", "title", "dated", "said"),
    [
        (PHONE, "Quel est le téléphone ?", "Annuaire 2021", "2026-01-01", "2021"),
        (PHONE, "Quel est le téléphone ?", "Annuaire", "2021-07-01", "1er juillet 2021"),
        (PHONE, "Quel est le téléphone ?", "Annuaire", "2025-07-01", ""),
        (PHONE, "Quel est le téléphone ?", "Annuaire", "", ""),  # nobody knows
        ("La prime est de 500 euros.", "Quel est le montant de la prime ?", "A", "2019", "2019"),
        ("La prime est de 500 euros.", "Quel est le montant de la prime ?", "A", "2024", ""),
        ("En 2019, elle était de 500 euros.", "Quel est le montant ?", "A", "2019", ""),
        ("L'ORT est un contrat.", "C'est quoi l'ORT ?", "A", "2019", ""),  # bears any age
    ],
)
def test_the_age_is_said_where_the_subject_does_not_bear_it(
    text: str, question: str, title: str, dated: str, said: str
) -> None:
    note = NOTE.format(f"information datée de {said}, à vérifier") if said else ""
    assert beside(text, question, title=title, dated=dated) == [note]


SIGNED = "La convention a été signée par la Région et par Élise Martin."


@pytest.mark.parametrize(
    ("text", "question", "aged"),
    [
        (SIGNED, "Qui a signé la convention ?", False),
        (SIGNED, "signataires de la convention", False),
        (SIGNED, "c'est qui", False),
        (SIGNED, "who signed the agreement?", False),
        ("La Région a versé 90 000 euros.", "Combien la Région a-t-elle versé ?", False),
        ("La Région a versé 90 000 euros.", "cb la region a versé", False),
        ("L'aide est de 90 000 euros.", "Quel est le montant de l'aide ?", True),
        ("L'aide a été portée à 90 000 euros.", "Quel est le montant de l'aide ?", True),
        ("Élise Martin est la maire.", "Qui est le maire ?", True),
        ("Élise Martin a été élue maire.", "qui est le maire", True),
        ("Le Conseil dirige le programme.", "Qui dirige le programme ?", False),  # nobody by name
        ("Le prix était de 90 euros.", "Quel est le prix ?", False),
        ("Le plan prévoit 52 actions.", "Combien d'actions ?", False),
        ("La prime est de 90 euros.", "Quel est le montant pour qui a droit à la prime ?", True),
        (PHONE, "le tel ?", True),
    ],
)
def test_what_was_done_does_not_age(text: str, question: str, aged: bool) -> None:
    note = NOTE.format("information datée de 2019, à vérifier") if aged else ""
    assert beside(text, question, dated="2019") == [note]


def test_a_sentence_without_citation_is_left_alone() -> None:
    generation: Any = SimpleNamespace(by_id={}, documents={})
    sentences = (Sentence(FACADE, ()),)
    told = annotate(sentences, (), (asking("Quand ?"),), generation, DAY, "fr")
    assert told[0].remark == NOTE.format("terminé depuis le 30 juin 2026")
