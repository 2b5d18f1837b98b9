from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from dated import lay

from corpus.catalogue import load
from corpus.conventions.avenants import CHANGED, REPLACED
from corpus.conventions.replacements import link
from corpus.documents import Document, Section
from corpus.reading import entries


def act(id: str, number: str, *texts: str, publisher: str = "Ville", day: str = "") -> Document:
    title = f"Délibération n° {number}{day}"
    sections = tuple(Section((title,), text) for text in texts)
    return Document(
        *(id, "pdf", None, title, publisher, "", "2025-01-01", "", "", "fr", "local"), sections
    )


OLD = act("old", "2019-14", "La salle coûte 180 euros.")


def told(documents: list[Document]) -> list[tuple[str, str, str]]:
    """(effect, what it is named, its day) of what supersedes the first document."""
    return [
        (change.effect, change.title, change.date)
        for section in link(documents)[0].sections
        for change in section.superseded
    ]


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("La délibération n° 2019-14 est abrogée.", REPLACED),
        ("La délibération n°2019-14 du 4 mars 2019 est remplacée par la présente.", REPLACED),
        ("La présente délibération annule et remplace la délibération n° 2019-14.", REPLACED),
        ("Elle modifie la délibération n° 2019-14 du 4 mars 2019.", CHANGED),
        # recalled, of another number, of another kind, done by a third act
        ("Vu la délibération n° 2019-14 qui est abrogée,", None),
        ("La délibération n° 2019-140 est abrogée.", None),
        ("L'arrêté n° 2019-14 est abrogé.", None),
        ("La délibération n° 2024-1 remplace la délibération n° 2019-14.", None),
        ("Conformément à la délibération n° 2019-14, la salle est louée.", None),
    ],
)
def test_an_act_replaces_the_one_whose_number_it_says(text: str, effect: str | None) -> None:
    new = act("new", "2025-08", "La salle coûte 240 euros.", text, day=" du 3 mars 2025")
    expected = [(effect, "la délibération n° 2025-08", "2025-03-03")] if effect else []
    assert told([OLD, new]) == expected


def test_what_replaces_says_what_it_replaces() -> None:
    new = act("new", "2025-08", "La délibération n° 2019-14 est abrogée.")
    _, found = link([OLD, new])
    amends = found.sections[0].amends
    assert amends is not None and amends.part == "document la délibération n° 2019-14"


def test_another_town_has_the_same_numbers() -> None:
    new = act("new", "2025-08", "La délibération n° 2019-14 est abrogée.", publisher="Autre ville")
    assert told([OLD, new]) == []


def test_one_act_of_the_minutes_is_replaced_alone() -> None:
    minutes = replace(
        OLD,
        title="Procès-verbal du 4 mars 2019",
        sections=(
            Section(("PV", "Délibération n° 2019-13 : budget"), "Le budget est adopté."),
            Section(("PV", "Délibération n° 2019-14 : tarifs"), "La salle coûte 180 euros."),
        ),
    )
    new = act("new", "2025-08", "La délibération n° 2019-14 est abrogée.")
    found, _ = link([minutes, new])
    assert [bool(section.superseded) for section in found.sections] == [False, True]


def test_the_catalogue_says_that_a_page_replaces_another() -> None:
    page = replace(OLD, title="Le marché en 2022", kind="page")
    new = replace(page, id="new", title="Le marché", replaces="old")
    assert told([page, new]) == [(REPLACED, "« Le marché »", "2025-01-01")]


def test_a_town_folder_is_read_with_its_authorities_and_replacements(tmp_path: Path) -> None:
    found = {document.id: document for document in entries.read(load(lay(tmp_path / "town")))}
    assert (found["echo"].nature, found["halle"].nature) == ("presse", "officiel")
    replaced = {
        id: {change.title for section in document.sections for change in section.superseded}
        for id, document in found.items()
        if any(section.superseded for section in document.sections)
    }
    assert replaced == {
        "vitrines-2019": {"la délibération n° 2025-08"},
        "permanence-2022": {"« La permanence du chef de projet »"},
    }
