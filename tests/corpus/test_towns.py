"""Another town, made and then read: what is written is what the readers take."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import STARTER
from corpus import catalogue, towns
from corpus.documents import Source
from corpus.errors import CorpusError, ParseError
from corpus.reading import entries
from corpus.reading.entries import UnreadableCorpus

NATIONAL = STARTER.parent / "national"

TOWN: dict[str, Any] = {
    "name": "Bourg-l'Exemple",
    "insee": "2a004",
    "intercommunality": 'Communauté « Œuvre & Forêt », dite "l\'Entente" \\o/',
    "site": "https://www.bourg-l-exemple.example",
    "contact_name": "Mairie de Bourg-l'Exemple : l’accueil {12} #1",
    "contact_phone": " 02 00 00 00 00 ",
    "contact_hours": "",
    "checked": date(2026, 11, 22),
    "national": NATIONAL,
}

# What a clerk writes in the model: the start of a line, and what takes its place.
FILLED = {
    'title: ""': 'title: "Le marché : où et quand"',
    "date: #": "date: 2026-11-22 #",
    "# review: #": "review: 2027-05-22 #",
    '  - publisher: ""': '  - publisher: "Mairie"',
    '    title: ""': '    title: "Bulletin municipal"',
    '    url: ""': '    url: "https://www.bourg-l-exemple.example/bulletin"',
    "    # date: #": "    date: 2026-09-14 #",
    "# Le titre, le même que dans l'en-tête": "# Le marché : où et quand",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "villes" / "bourg"


def fiche(folder: Path, name: str, changes: dict[str, str]) -> Path:
    """The model copied under a name, with what a clerk writes in it."""
    text = (folder / "fiches" / "modele.md.txt").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert text.count(f"\n{old}") == 1, old
        text = text.replace(f"\n{old}", f"\n{new}")
    path = folder / "fiches" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_was_given_is_what_the_catalogue_says(folder: Path) -> None:
    found = catalogue.load(towns.create(folder, **TOWN))
    assert found.path == folder / "catalogue.toml"
    assert found.town == catalogue.Town(
        name="Bourg-l'Exemple",
        insee="2A004",
        intercommunality='Communauté « Œuvre & Forêt », dite "l\'Entente" \\o/',
        site="https://www.bourg-l-exemple.example",
        contact=catalogue.Contact(
            name="Mairie de Bourg-l'Exemple : l’accueil {12} #1",
            phone="02 00 00 00 00",
            checked="2026-11-22",
        ),
    )
    assert [(e.id, e.scope, e.enabled) for e in found.entries] == [
        ("national", "national", True),
        ("local", "local", True),
    ]


def test_a_new_town_reads_the_national_fiches_and_their_facts(folder: Path) -> None:
    documents = entries.read(catalogue.load(towns.create(folder, **TOWN)))
    assert len(documents) == len(list(NATIONAL.glob("*.md")))
    ort = next(document for document in documents if document.id == "ort")
    assert all(span.sources for section in ort.sections for span in section.spans)
    assert sorted(path.name for path in folder.rglob("*")) == [
        "catalogue.toml",
        "fiches",
        "modele.md.txt",
    ]


def test_a_fiche_made_from_the_model_carries_its_sources(folder: Path) -> None:
    found = catalogue.load(towns.create(folder, **TOWN))
    fiche(folder, "marche.md", FILLED)
    marche = entries.read(found)[-1]
    assert (marche.id, marche.title) == ("marche", "Le marché : où et quand")
    assert (marche.publisher, marche.review) == (TOWN["contact_name"], "2027-05-22")
    spans = [span for section in marche.sections for span in section.spans]
    assert len(spans) == 4  # two paragraphs, a list of two
    bulletin = Source(
        "Mairie", "Bulletin municipal", "https://www.bourg-l-exemple.example/bulletin", "2026-09-14"
    )
    assert {span.sources for span in spans} == {(bulletin,)}


def test_the_model_as_it_stands_is_refused(folder: Path) -> None:
    found = catalogue.load(towns.create(folder, **TOWN))
    copy = fiche(folder, "marche.md", {})
    with pytest.raises(UnreadableCorpus) as caught:
        entries.read(found)
    (error,) = caught.value.exceptions
    assert isinstance(error, ParseError)
    assert (error.path, error.problem) == (copy, "la clé « title » manque dans l'en-tête")


def test_the_entries_offered_as_comments_are_read_once_completed(folder: Path) -> None:
    path = towns.create(folder, **TOWN)
    lines = path.read_text(encoding="utf-8").splitlines()
    for first in (lines.index("# [[contacts]]"), lines.index("# [[entries]]")):
        for at in range(first, len(lines)):
            if not lines[at].startswith("# "):
                break
            lines[at] = lines[at].removeprefix("# ").replace("…", "a.example")
    path.write_text("\n".join(lines), encoding="utf-8")
    found = catalogue.load(path)
    assert found.contacts[0].subjects == ("commerce", "local vacant")
    assert found.entries[-1].id == "ville-pvd"


def test_the_national_fiches_are_found_wherever_the_town_stands(folder: Path) -> None:
    path = towns.create(folder, **TOWN)
    assert catalogue.load(path).entries[0].address == "assistant:national"
    moved = path.rename(folder.parent / "catalogue.toml")
    (folder.parent / "fiches").mkdir(exist_ok=True)
    assert len(entries.read(catalogue.load(moved))) == len(list(NATIONAL.glob("*.md")))


def test_fiches_of_elsewhere_are_found_from_a_link(tmp_path: Path) -> None:
    shared = shutil.copytree(NATIONAL.parent, tmp_path / "partage") / "national"
    (tmp_path / "a" / "b").mkdir(parents=True)
    link = tmp_path / "lien"
    link.symlink_to(tmp_path / "a" / "b", target_is_directory=True)
    path = towns.create(link / "bourg", **TOWN | {"national": shared})
    address = catalogue.load(path).entries[0].address
    assert not Path(address).is_absolute()
    assert len(entries.read(catalogue.load(path))) == len(list(NATIONAL.glob("*.md")))


def test_fiches_of_elsewhere_may_be_given_by_their_whole_path(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_drives(path: Path, start: Path) -> str:
        raise ValueError("path is on mount 'C:', start on mount 'D:'")

    monkeypatch.setattr(os.path, "relpath", two_drives)
    found = catalogue.load(towns.create(folder, **TOWN | {"national": tmp_path}))
    assert found.entries[0].address == tmp_path.as_posix()


def test_the_folder_one_is_in_may_be_made_a_town(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    towns.create(Path("."), **TOWN)
    assert sorted(os.listdir(".")) == ["catalogue.toml", "fiches"]


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("name", " \u200b", "Il manque le nom de la commune."),
        ("name", "Bourg\nl'Exemple", "(U+000A) se trouve dans le nom de la commune."),
        ("name", "Bourg\u2028", "(U+2028)"),
        ("name", "Ch\udce2teau", "(U+DCE2)"),  # typed in a terminal that is not in UTF-8
        ("insee", "", "Il manque le code Insee."),
        ("insee", "3512", "« 3512 » ne peut pas être le code Insee."),
        ("insee", "20250", "« 20250 »"),  # Corte's postal code: its Insee code is 2B096
        ("insee", "97004", "« 97004 »"),
        ("insee", "٣٥١٢٦", "« ٣٥١٢٦ »"),
        ("site", "www.bourg.example", "« www.bourg.example » ne peut pas être l'adresse du site."),
        ("site", "javascript:alert(1)", "depuis « https:// »"),
        ("contact_url", "mairie@bourg.example", "ne peut pas être la page du contact."),
        ("contact_name", "", "« Mairie de … »"),
        ("contact_phone", "02\r03", "dans le téléphone du contact."),
        ("national", Path("nulle-part"), "nulle-part : le dossier des fiches nationales"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_written(
    folder: Path, key: str, given: object, message: str
) -> None:
    with pytest.raises(CorpusError) as refused:
        towns.create(folder, **{**TOWN, key: given})
    assert message in str(refused.value)
    assert not folder.parent.exists()


@pytest.mark.parametrize("code", ["01001", "35126", "2A004", "2b096", "75056", "97411", "97608"])
def test_insee_codes_of_every_department(code: str) -> None:
    assert towns.value("insee", code) == code.upper()


def test_nothing_is_overwritten(folder: Path) -> None:
    path = towns.create(folder, **TOWN)
    before = path.read_bytes()
    with pytest.raises(CorpusError) as refused:
        towns.create(folder, **{**TOWN, "name": "Autre"})
    assert f"{path} existe déjà" in str(refused.value)
    assert path.read_bytes() == before
    with pytest.raises(CorpusError, match="est un fichier"):
        towns.create(path, **TOWN)


def test_an_error_while_writing_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def full(path: Path, target: Path) -> Path:
        if path.name == "catalogue.toml":  # the second of the two that move
            raise OSError(28, "No space left on device", str(target))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(CorpusError, match="No space left on device") as refused:
        towns.create(folder, **TOWN)
    assert str(folder / "catalogue.toml") in str(refused.value)
    assert not folder.parent.exists()


def test_an_empty_folder_stays_when_nothing_can_be_written_in_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path, text: str, **options: str) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    folder.mkdir(parents=True)
    monkeypatch.setattr(Path, "write_text", denied)
    with pytest.raises(CorpusError, match="Permission denied"):
        towns.create(folder, **TOWN)
    assert list(folder.iterdir()) == []
