import pytest

from corpus.conventions.parts import (
    Heading,
    field_of,
    fields_in,
    heading,
    labelled,
    opens,
    said,
    within,
)


@pytest.mark.parametrize(
    ("text", "kind", "number", "title"),
    [
        ("Article 5 : Durée", "article", "5", "Durée"),
        ("ARTICLE 1er – OBJET", "article", "1", "OBJET"),
        ("Article premier - Objet", "article", "1", "Objet"),
        ("Article 7 bis : Suivi", "article", "7 bis", "Suivi"),
        ("Article 3.1. Gouvernance", "article", "3.1", "Gouvernance"),
        ("« Article 5 : Durée. La convention dure sept ans. »", "article", "5", "Durée"),
        ("Fiche-action n°12 — La halle", "fiche", "12", "La halle"),
        ("FICHE ACTION N* 3 : La gare", "fiche", "3", "La gare"),  # « ° » as OCR may read it
        ("Fiche projet AM-03 : La gare", "fiche", "AM-03", "La gare"),
        ("Annexe II : Périmètre", "annexe", "2", "Périmètre"),
        ("ANNEXE A", "annexe", "A", ""),
        ("Signatures", "signatures", "", "Signatures"),
    ],
)
def test_a_heading_opens_a_part(text: str, kind: str, number: str, title: str) -> None:
    assert heading(text) == Heading(kind, number, title)


@pytest.mark.parametrize(
    "text",
    [
        "Article L. 303-2 du code de la construction",
        "Article 5 de la convention",
        "Les signataires poursuivent trois objectifs :",
        "Annexes",
        "L'article 5 est remplacé",
    ],
)
def test_what_speaks_of_a_part_opens_none(text: str) -> None:
    assert heading(text) is None


def test_a_sentence_about_an_article_is_no_title() -> None:
    assert opens("Article 6 : Suivi") == Heading("article", "6", "Suivi")
    assert opens("Article 5 : ces mots sont remplacés") is None
    assert opens("- Annexe 1 : Plan ;") is None
    assert opens("Article 6 : Suivi\nUn bilan est présenté.") is None


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Pilote", "pilote"),
        ("Maître d'ouvrage", "pilote"),
        ("Structure porteuse", "pilote"),
        ("Partenaires associés", "partenaires"),
        ("Coût prévisionnel", "budget"),
        ("Plan de financement", "budget"),
        ("Échéancier", "calendrier"),
        ("Période de réalisation", "calendrier"),
        ("Intitulé de l'action", "intitulé"),
        ("Contexte", ""),
        ("Poste de dépense", ""),
    ],
)
def test_a_label_announces_a_field(label: str, field: str) -> None:
    assert field_of(label) == field


def test_a_row_gives_its_labels_and_values_as_written() -> None:
    row = "Pilote : Commune de Valbourg ; Budget : 1 240 000 € hors taxes."
    assert list(labelled(row)) == [
        ("Pilote", "Commune de Valbourg"),
        ("Budget", "1 240 000 € hors taxes"),
    ]
    assert fields_in("Le budget et le calendrier de la") == ("budget", "calendrier")


def test_parts_are_held_and_said() -> None:
    assert within("article 3.1", "article 3") and not within("article 31", "article 3")
    assert [said(part) for part in ("article 5", "fiche 3", "annexe 2", "convention")] == [
        "l'article 5",
        "la fiche action n° 3",
        "l'annexe 2",
        "la convention",
    ]
