import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.documents import Document
from index.encoder.embedding import Embedder
from index.errors import IndexMismatch, IndexMissing
from index.generation import CHECKED_FILES, Generation, checksums, glossary, live, manifest, tell
from index.passages import Passage
from index.stores import lexical


@pytest.fixture
def root(index_root: Path, tmp_path: Path) -> Path:
    return shutil.copytree(index_root, tmp_path / "index")


def change_manifest(folder: Path, **changes: object) -> None:
    tell(folder, manifest(folder) | changes)


def test_a_generation_gives_back_what_it_was_built_of(
    generation: Generation, documents: list[Document], embedder: Embedder
) -> None:
    assert list(generation.documents) == [document.id for document in documents]
    assert generation.documents["ort"].title == "L'opération de revitalisation de territoire"
    assert generation.by_id["ort#3"].text == "Année : 2026 ; Communes : 1 646."
    assert generation.by_id["ort#3"].spans[0].sources[1].publisher == "Banque"
    expected = embedder.passages([passage.searched() for passage in generation.passages])
    np.testing.assert_array_equal(generation.vectors, expected)
    assert (generation.number, generation.degraded) == ("000001", None)


def test_the_pointer_names_the_live_one(root: Path) -> None:
    assert live(root) == root / "generations" / "000001"


@pytest.mark.parametrize("pointer", [None, b"", b"\n", b"000002\n", b"\xff", b".."])
def test_a_pointer_to_nothing_says_to_build(root: Path, pointer: bytes | None) -> None:
    (root / "current").unlink()
    if pointer is not None:
        (root / "current").write_bytes(pointer)
    with pytest.raises(IndexMissing, match="Lancez « assistant build »"):
        live(root)


def test_a_folder_that_is_not_there_says_to_build(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="aucun index n'y a été construit. Lancez"):
        live(tmp_path / "none")


@pytest.mark.parametrize("name", CHECKED_FILES)
@pytest.mark.parametrize("harm", ["altered", "gone"])
def test_a_file_altered_or_gone_is_refused(
    root: Path, embedder: Embedder, name: str, harm: str
) -> None:
    folder = live(root)
    if harm == "gone":
        (folder / name).unlink()
    else:
        content = bytearray((folder / name).read_bytes() or b"{}\n")  # no list, no row
        content[-2] ^= 1  # one bit
        (folder / name).write_bytes(content)
    with pytest.raises(IndexMissing, match=f"« {name} » manque ou a été modifié. Lancez"):
        Generation(folder, embedder)


def test_another_model_is_refused_with_the_command(root: Path, stranger: Embedder) -> None:
    change_manifest(live(root), embedder={"name": "", "digest": "1" * 32, "dim": 48})
    with pytest.raises(IndexMismatch) as caught:
        Generation(live(root), stranger)
    assert "construit avec le modèle « livré », et non « empreintes »" in str(caught.value)
    assert "Lancez « assistant build »" in str(caught.value)


def test_the_model_is_known_by_what_it_computes_not_by_its_name(
    root: Path, embedder: Embedder
) -> None:
    change_manifest(live(root), embedder=manifest(live(root))["embedder"] | {"name": "autre"})
    Generation(live(root), embedder).close()


@pytest.mark.parametrize("written", ["{", "[]", '{"format": 0}', "{}", "\x00"])
def test_a_manifest_of_another_version_says_to_build(
    root: Path, embedder: Embedder, written: str
) -> None:
    (live(root) / "manifest.json").write_text(written, encoding="utf-8")
    with pytest.raises(IndexMissing, match="Lancez « assistant build »"):
        Generation(live(root), embedder)


def test_words_are_needed_and_vectors_are_not(root: Path, embedder: Embedder) -> None:
    shutil.rmtree(live(root) / "chroma")
    opened = Generation(live(root), embedder)
    assert opened.degraded is not None and "recherche exacte" in opened.degraded
    assert next(iter(opened.store.search(opened.vectors[2], 3))) == 2
    opened.close()
    shutil.rmtree(live(root) / "tantivy")
    with pytest.raises(IndexMissing, match="« tantivy/.* » manque ou a été modifié"):
        Generation(live(root), embedder)


def test_an_index_of_words_of_another_generation_is_refused(root: Path, embedder: Embedder) -> None:
    folder = live(root) / "tantivy"
    shutil.rmtree(folder)
    lexical.write(folder, [])
    change_manifest(live(root), checksums=checksums(live(root)))
    with pytest.raises(IndexMissing, match="l'index des mots est incomplet"):
        Generation(live(root), embedder)


def test_a_generation_survives_being_moved(root: Path, embedder: Embedder) -> None:
    moved = live(root).rename(root / "generations" / "000009")
    opened = Generation(moved, embedder)
    assert opened.degraded is None
    assert len(opened.lexical) == len(opened.passages) == 8
    opened.close()


@pytest.mark.parametrize(
    ("term", "text", "spelled"),
    [
        (
            "OPAH",
            "OPAH veut dire « opération programmée ». Une aide.",
            {"opah": "operation programmee"},
        ),
        ("Loi 3DS", "La « loi 3DS » date de 2022.", {}),  # a name, no acronym
        ("Denormandie", "« Denormandie » est une réduction d'impôt.", {}),
        ("ACV", "ACV aide les villes moyennes.", {}),  # spelled out nowhere
    ],
)
def test_the_glossary_spells_acronyms_out(term: str, text: str, spelled: dict[str, str]) -> None:
    entry = Passage(
        id="g#1",
        document_id="g",
        headings=("Glossaire", term),
        text=text,
        scope="local",
        form="entry",
        digest="0",
    )
    assert glossary([entry]) == spelled
    assert glossary([replace(entry, form="prose")]) == {}
