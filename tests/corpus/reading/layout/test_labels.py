import pytest

from corpus.documents import Section
from corpus.reading.layout.labels import listed


def prose(*texts: str, page: int = 1) -> list[Section]:
    return [Section(("Piscine", "Horaires"), text, page=page) for text in texts]


def test_hours_line_by_line_are_a_list() -> None:
    found = list(listed(prose("Elle est ouverte :", "Lundi : fermé", "Dimanche : 9h à 12h")))
    assert [(section.form, section.text) for section in found] == [
        ("prose", "Elle est ouverte :"),
        ("list", "- Lundi : fermé\n- Dimanche : 9h à 12h"),
    ]


def test_a_list_does_not_go_on_over_a_page() -> None:
    lines = [*prose("Lundi : fermé"), *prose("Mardi : 9h à 12h", page=2)]
    assert [section.text for section in listed(lines)] == ["- Lundi : fermé", "- Mardi : 9h à 12h"]


@pytest.mark.parametrize(
    "text",
    [
        "Le tarif est simple : il est de 3 euros.",
        "Pour les habitants :",
        "12 : 30",
        "La halle ouvre le samedi",
        "Horaires : " + "de neuf heures à midi et " * 4 + "le soir",
    ],
)
def test_other_paragraphs_stay_as_they_are(text: str) -> None:
    assert [section.form for section in listed(prose(text))] == ["prose"]
