"""Every file of a generation, damaged in every way: what is sound answers, and says so."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from building import checked_here
from fastapi.testclient import TestClient

from assistant import assembly
from assistant.answers import Outcome
from assistant.assembly import Assistant, assemble
from assistant.doors.http.api import create
from assistant.settings import Settings
from corpus.catalogue import load as load_catalogue
from corpus.documents import Document
from corpus.vocabulary import Lexicon
from index import build, generation
from index.encoder.embedding import Embedder
from index.encoder.embedding import load as load_embedder
from index.errors import SearchError
from index.generation import live, opened
from index.search.retriever import Retriever
from index.stores import aside
from index.stores.aside import Aside

OLD, NEW = "000001", "000002"
QUESTION = "L'ORT dure combien d'années ?"


@pytest.fixture(scope="module")
def two(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Document], embedder: Embedder
) -> Path:
    """Two generations, the second without the page in English. Read only: copy it to change it."""
    root = tmp_path_factory.mktemp("two") / "index"
    with checked_here():
        build.build(documents, root, embedder)
        build.build([d for d in documents if d.id != "english"], root, embedder)
    return root


@pytest.fixture
def root(two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Without its French words a speller is made at once: these tests make a hundred.
    monkeypatch.setattr(generation, "lexicon", lambda: Lexicon({}))
    return shutil.copytree(two, tmp_path / "index")


def flipped(content: bytes) -> bytes:
    rng = random.Random(len(content))
    changed = bytearray(content)
    for _ in range(min(50, len(changed))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def one_digit(content: bytes) -> bytes:
    """A figure for another: still JSON, where it was."""
    at = max(content.rfind(digit) for digit in (b"1", b"2", b"3"))
    return content[:at] + b"7" + content[at + 1 :] if at >= 0 else content


def of_another_format(content: bytes) -> bytes:
    if b'"format"' in content:
        return re.sub(rb'("format": )\d+', rb"\g<1>99", content)
    return b"\x63" + content[1:]


DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "flipped": flipped,
    "one bit": lambda content: content[:-1] + bytes([content[-1] ^ 1]) if content else b"\n",
    "one digit": one_digit,
    "cut": lambda content: content[: len(content) // 2],
    "longer": lambda content: content + b"\0" * 100,
    "emptied": lambda content: b"",
    "another format": of_another_format,
    "removed": lambda content: None,
}
OURS = (
    *("documents.jsonl", "passages.jsonl", "register.jsonl", "vectors.npy", "vocabulary.json"),
    *("sentences.npy", "headings.npy", "questions.jsonl", "questions.npy"),
    *("manifest.json", "tantivy/meta.json", "tantivy/.managed.json", "tantivy/*.fast"),
    *("tantivy/*.fieldnorm", "tantivy/*.idx", "tantivy/*.pos", "tantivy/*.store", "tantivy/*.term"),
)
CHROMA = ("chroma/chroma.sqlite3", "chroma/sums.json", "chroma/*/*.bin")


def test_every_file_is_damaged(two: Path) -> None:
    folder = live(two)
    known = {path for pattern in (*OURS, *CHROMA) for path in folder.glob(pattern)}
    # tantivy's locks are empty, and made again.
    found = {p for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock"}
    assert found - known == set()


def harmed(folder: Path, pattern: str, damage: str) -> bool:
    """Damage the files of a pattern; False when there is nothing to damage."""
    changed = False
    for path in folder.glob(pattern):
        before = path.read_bytes()
        after = DAMAGES[damage](before)
        changed |= after != before
        if after is None:
            path.unlink()
        else:
            path.write_bytes(after)
    return changed


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("pattern", OURS)
def test_the_generation_before_answers_and_says_so(
    root: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture, pattern: str, damage: str
) -> None:
    if not harmed(live(root), pattern, damage):
        return  # of an empty file, or one without a figure
    found = opened(root, embedder)
    assert found.number == OLD
    assert found.degraded is not None and found.degraded.endswith(
        f"est abîmé ou manque : l'index {OLD} répond à sa place. Lancez « assistant build »."
    )
    assert NEW in caplog.text
    assert Retriever(found).search("Quel jour a lieu le marché ?").hits[0].passage.id == "marche#1"
    found.close()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("pattern", CHROMA)
def test_without_chroma_the_same_is_found_and_said_to_be_degraded(
    root: Path, embedder: Embedder, pattern: str, damage: str
) -> None:
    sound = opened(root, embedder)
    expected = [hit.passage.id for hit in Retriever(sound).search(QUESTION).hits]
    sound.close()
    if not harmed(live(root), pattern, damage):
        return  # of an empty file, or one without a figure
    found = opened(root, embedder)
    assert found.number == NEW
    assert found.degraded is not None and "recherche exacte" in found.degraded
    assert [hit.passage.id for hit in Retriever(found).search(QUESTION).hits] == expected
    found.close()


@pytest.mark.parametrize(
    "pointer", [None, b"", b"\n", b"000003\n", b"\xff\xfe", b"00000\x00", b"..", b"\xb2", b"2"]
)
def test_a_pointer_to_nothing_leaves_the_newest(
    root: Path, embedder: Embedder, pointer: bytes | None
) -> None:
    (root / "current").unlink()
    if pointer is not None:
        (root / "current").write_bytes(pointer)
    found = opened(root, embedder)
    assert found.number == NEW
    assert found.degraded is not None and f"l'index {NEW} répond" in found.degraded
    found.close()


def test_nothing_sound_says_to_build(root: Path, embedder: Embedder) -> None:
    for number in (OLD, NEW):
        harmed(root / "generations" / number, "passages.jsonl", "cut")
    with pytest.raises(SearchError, match="Lancez « assistant build »"):
        opened(root, embedder)


def folder_for_a_file(root: Path) -> None:
    for name in ("current", "current.tmp"):
        (root / name).unlink(missing_ok=True)
        (root / name).mkdir()


def file_for_a_folder(root: Path) -> None:
    (root / "generations" / "000003.tmp").write_text("", encoding="utf-8")
    (root / "generations" / "²").mkdir()


def all_gone(root: Path) -> None:
    shutil.rmtree(root / "generations")


@pytest.mark.parametrize(
    "harm",
    [
        *(
            pytest.param(lambda root, p=pattern: harmed(live(root), p, "flipped"), id=pattern)
            for pattern in (*OURS, *CHROMA)
        ),
        folder_for_a_file,
        file_for_a_folder,
        all_gone,
    ],
)
@pytest.mark.usefixtures("checked_here")
def test_a_build_mends_whatever_is_there(
    root: Path,
    documents: list[Document],
    embedder: Embedder,
    harm: Callable[[Path], Any],
) -> None:
    harm(root)
    built = build.build(documents, root, embedder)
    found = opened(root, embedder)
    assert (found.folder, found.degraded) == (built.folder, None)
    found.close()


# --- The doors


@pytest.fixture
def town(own: Settings, checked_here: None, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A town with two generations of the same text."""
    monkeypatch.setattr(generation, "lexicon", lambda: Lexicon({}))
    fiche = own.catalogue.parent / "fiches" / "english.md"
    fiche.write_text(fiche.read_text("utf-8") + "\nIt is small.\n", encoding="utf-8")
    assembly.build(own)
    return own


def test_readiness_says_which_generation_answers(town: Settings) -> None:
    harmed(live(town.index), "vectors.npy", "flipped")
    with TestClient(create(town)) as client:
        ready = client.get("/readyz").json()
        assert (ready["status"], ready["generation"]) == ("degraded", OLD)
        assert str(town.var) not in ready["reason"]  # anyone may read it
        answer = client.post("/api/v1/answers", json={"question": "Quel jour a lieu le marché ?"})
        assert (answer.status_code, answer.json()["outcome"]) == (200, "answered")
        assembly.build(town)
        ready = client.get("/readyz").json()
        assert (ready["status"], ready["generation"], ready["reason"]) == ("ok", "000003", None)


def test_a_server_answers_while_its_generation_is_destroyed(town: Settings) -> None:
    assistant = assemble(town)
    for path in assistant.retriever.generation.folder.rglob("*"):
        if path.is_file():
            path.write_bytes(b"")  # what tantivy maps is cut under it: SIGBUS, were it in place
    for number in range(3):
        answer = assistant.answer(f"Quel jour a lieu le marché ?{' ' * number}")
        assert answer.outcome is Outcome.ANSWERED
    shutil.rmtree(town.index)
    assert assistant.answer("Quand la piscine ouvre-t-elle ?").outcome is Outcome.ANSWERED
    assert "répond à sa place" in str(assistant.retriever.generation.degraded)
    assistant.close()


def test_a_new_generation_that_is_damaged_is_told_once(
    town: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = Assistant(load_catalogue(town.catalogue), town.index, load_embedder(town.model), 0)
    (town.catalogue.parent / "fiches" / "english.md").unlink()
    built = assembly.build(town).built.folder
    harmed(built, "tantivy/*.idx", "cut")
    for _ in range(5):
        time.sleep(0.001)
        assert assistant.retriever.generation.number == NEW
    assert "l'index 000002 répond" in str(assistant.retriever.generation.degraded)
    assert caplog.text.count("« tantivy/") == 1
    assistant.close()


def test_commands_answer_and_mend_with_a_damaged_database(town: Settings) -> None:
    database = live(town.index) / "chroma" / "chroma.sqlite3"
    database.write_bytes(flipped(database.read_bytes()))
    settings = {
        **os.environ,
        "ASSISTANT_CATALOGUE": str(town.catalogue),
        "ASSISTANT_VAR": str(town.var),
        "ASSISTANT_MODEL": town.model,
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "assistant", *words]
        return subprocess.run(command, env=settings, capture_output=True, text=True, check=False)

    asked = run("ask", "Quel jour a lieu le marché ?", "--json")
    assert (asked.returncode, "Traceback" in asked.stderr) == (0, False)
    assert json.loads(asked.stdout)["outcome"] == "answered"
    built = run("build")
    # This town has no contact: that is all there is to say.
    assert built.returncode == 0
    assert re.sub(r"À relire : Votre contact est vide : .*\n", "", built.stderr, count=1) == ""
    assert "Index 000003 construit et mis en service" in built.stdout


# --- Copies


def test_a_generation_stays_as_it_was_built(root: Path, embedder: Embedder) -> None:
    def content() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}

    before = content()
    found = opened(root, embedder)
    Retriever(found).search(QUESTION)
    found.close()
    assert content() == before


def test_a_copy_goes_with_who_opened_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "file").write_text("x", encoding="utf-8")
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    killed = place / f"{aside._PREFIX}killed"
    killed.mkdir()
    os.utime(killed, (0, 0))
    held = Aside(tmp_path / "chroma")
    assert (held.path / "file").read_text("utf-8") == "x"
    os.utime(held.path.parent, (0, 0))  # old, and in use
    other = Aside(tmp_path / "chroma")
    assert not killed.exists() and held.path.exists()
    held.close()
    other.close()
    assert list(place.iterdir()) == []


def test_vectors_are_searched_exactly_where_there_is_no_room_for_a_copy(
    root: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    found = opened(root, embedder)
    assert found.number == NEW and "recherche exacte" in str(found.degraded)
    assert Retriever(found).search(QUESTION).hits
    found.close()


def test_fallen_says_nothing_when_all_is_well(root: Path, embedder: Embedder) -> None:
    found = opened(root, embedder)
    assert (found.number, found.fallen, found.degraded) == (NEW, None, None)
    found.close()
