import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import catalogue, reading
from corpus.documents import Document
from corpus.errors import ParseError
from corpus.reading import UnreadableCorpus


@pytest.fixture
def town(corpus_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(corpus_folder, tmp_path / "ville")


def read(town: Path) -> list[Document]:
    return reading.read(catalogue.load(town / "catalogue.toml"))


def errors(caught: pytest.ExceptionInfo[UnreadableCorpus]) -> Iterator[tuple[str, int | None]]:
    for error in caught.value.exceptions:
        assert isinstance(error, ParseError)
        yield Path(error.path).name, error.line


def test_the_fiches_of_a_folder_come_in_order(documents: list[Document]) -> None:
    assert [d.id for d in documents] == ["english", "glossaire", "marche", "ort"]


def test_every_unreadable_file_is_named_at_once(town: Path) -> None:
    fiches = town / "fiches"
    (fiches / "english.md").write_text("rien", encoding="utf-8")
    ort = fiches / "ort.md"
    ort.write_text(ort.read_text(encoding="utf-8") + "\nSans appui.\n", encoding="utf-8")
    (fiches / "marche.md").write_bytes(b"\xff")
    last = len(ort.read_text(encoding="utf-8").splitlines())
    with pytest.raises(UnreadableCorpus) as caught:
        read(town)
    assert list(errors(caught)) == [("english.md", 1), ("marche.md", None), ("ort.md", last)]


def test_a_folder_that_is_not_there_is_said_once(town: Path) -> None:
    shutil.rmtree(town / "fiches")
    with pytest.raises(UnreadableCorpus) as caught:
        read(town)
    assert list(errors(caught)) == [("catalogue.toml", None)]
    assert "le dossier « fiches » de « fiches » n'existe pas" in str(caught.value.exceptions[0])


def test_unreadable_facts_are_said_once_not_once_a_fiche(town: Path) -> None:
    (town / "facts.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(UnreadableCorpus) as caught:
        read(town)
    assert list(errors(caught)) == [("facts.jsonl", 1)]


def test_facts_are_read_again_each_time(town: Path) -> None:
    read(town)
    facts = town / "facts.jsonl"
    changed = facts.read_text(encoding="utf-8").replace('"Légifrance"', '"JORF"')
    facts.write_text(changed, encoding="utf-8")
    ort = {d.id: d for d in read(town)}["ort"]
    assert [source.publisher for source in ort.sections[0].sources] == ["ANCT", "JORF"]


def test_a_fiche_takes_the_facts_beside_it_before_those_above(town: Path) -> None:
    facts = (town / "facts.jsonl").read_text(encoding="utf-8").replace("Légifrance", "JORF")
    (town / "fiches" / "facts.jsonl").write_text(facts, encoding="utf-8")
    ort = {d.id: d for d in read(town)}["ort"]
    assert [source.publisher for source in ort.sections[0].sources] == ["ANCT", "JORF"]


def test_a_page_without_its_copy_says_where_to_save_it(town: Path) -> None:
    file = town / "catalogue.toml"
    page = '\n[[entries]]\nid = "halles"\nkind = "page"\npublisher = "Ville"\ntitle = "Halles"\n'
    page += 'address = "https://valbourg.example/halles"\nlicence = "?"\nscope = "local"\n'
    file.write_text(file.read_text(encoding="utf-8") + page, encoding="utf-8")
    with pytest.raises(UnreadableCorpus) as caught:
        read(town)
    assert str(town / "pages" / "halles.html") in str(caught.value.exceptions[0])
    file.write_text(file.read_text(encoding="utf-8") + "enabled = false\n", encoding="utf-8")
    assert len(read(town)) == 4


def test_absences_are_the_facts_that_nobody_published(corpus_folder: Path) -> None:
    assert reading.absences(catalogue.load(corpus_folder / "catalogue.toml")) == {"A1"}
