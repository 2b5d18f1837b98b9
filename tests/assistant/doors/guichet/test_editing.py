from __future__ import annotations

from pathlib import Path

import pytest

from assistant.doors.guichet import editing
from corpus.catalogue import load
from corpus.errors import CorpusError

CATALOGUE = """\
# La ville, écrite à la main.
[town]
name = "Valbourg"
insee = "35126" # pas le code postal
intercommunality = "Communauté du Val"
site = "https://valbourg.example"

[town.contact]
name = "Mairie de Valbourg"
phone = "02 99 00 00 00"
checked = 2026-11-01

[[entries]]
id = "fiches"
kind = "folder"
publisher = "Valbourg"
title = "Nos fiches"
address = "fiches"
licence = "Licence Ouverte 2.0"
scope = "local" # d'ici
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "catalogue.toml"
    file.write_text(CATALOGUE, encoding="utf-8")
    return file


def test_a_source_is_left_aside_and_taken_again_without_touching_the_rest(path: Path) -> None:
    assert not editing.switched(path, "fiches", on=False).entries[0].enabled
    assert path.read_text(encoding="utf-8") == CATALOGUE + "enabled = false\n"
    assert editing.switched(path, "fiches", on=True).entries[0].enabled
    assert path.read_text(encoding="utf-8") == CATALOGUE


def test_sources_added_under_one_title_have_names_of_their_own(path: Path) -> None:
    values = {
        "title": "L'été à Valbourg !",
        "publisher": "Valbourg",
        "licence": "non précisée",
        "scope": "local",
        "kind": "page",
        "address": "https://valbourg.example/ete",
    }
    editing.added(path, values)
    found = editing.added(path, values)
    assert [entry.id for entry in found.entries] == [
        "fiches",
        "l-ete-a-valbourg",
        "l-ete-a-valbourg-2",
    ]
    assert load(path).entries == found.entries
    assert path.read_text(encoding="utf-8").startswith(CATALOGUE)


def test_an_empty_value_takes_the_line_of_a_contact_out(path: Path) -> None:
    found = editing.reached(
        *(path, -1),
        {"name": "Mairie", "phone": "", "email": "m@valbourg.example", "checked": "2026-11-30"},
    )
    assert (found.town.contact.phone, found.town.contact.email) == (None, "m@valbourg.example")
    assert load(path).town.contact == found.town.contact


@pytest.mark.parametrize(
    "change",
    [
        lambda path: editing.switched(path, "ailleurs", on=False),
        lambda path: editing.reached(path, -1, {"name": "Mairie", "checked": "hier"}),
        lambda path: editing.reached(path, -1, {"name": "", "checked": "2026-11-30"}),
        lambda path: editing.added(
            path,
            {"title": "T", "publisher": "V", "licence": "l", "scope": "local", "kind": "page",
             "address": "valbourg"},
        ),
    ],
    ids=["unknown source", "no day", "no name", "no address"],
)  # fmt: skip
def test_what_the_catalogue_refuses_changes_nothing(path: Path, change: object) -> None:
    assert callable(change)
    with pytest.raises(CorpusError):
        change(path)
    assert path.read_text(encoding="utf-8") == CATALOGUE
    assert [file.name for file in path.parent.iterdir()] == ["catalogue.toml"]


def test_a_file_that_is_sent_never_takes_the_place_of_another(path: Path) -> None:
    first = editing.kept(path, "../../Règlement n° 2.PDF", b"un")
    second = editing.kept(path, "reglement-n-2.pdf", b"deux")
    assert (first, second) == ("documents/reglement-n-2.pdf", "documents/reglement-n-2-2.pdf")
    assert (path.parent / first).read_bytes() == b"un"
