"""Where nothing can be written: a sentence with the remedy, status 1, nothing left half done."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assistant.doors.cli.commands import commands
from assistant.settings import Settings
from corpus.disk import trouble
from corpus.documents import Document
from index import build
from index.encoder.embedding import Embedder
from index.errors import BuildError
from index.generation import Generation, live

QUESTION = '{"id": "1", "question": "Quel jour a lieu le marché ?"}\n'


def run(settings: Settings, *words: str | Path) -> Result:
    """A command as those settings have it; a traceback fails the test."""
    env = {
        "ASSISTANT_CATALOGUE": str(settings.catalogue),
        "ASSISTANT_VAR": str(settings.var),
        "ASSISTANT_MODEL": settings.model,
    }
    found = CliRunner().invoke(commands, list(map(str, words)), env=env)
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    assert "Traceback" not in found.output
    return found


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without .env."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(errno.ENOSPC, "No space", "/a"),
            "/a : le disque est plein. Libérez de la place, puis relancez.",
        ),
        (OSError(errno.EROFS, "Read-only", "/a"), "/a : ce disque est en lecture seule."),
        (PermissionError(errno.EACCES, "Denied", "/a"), "/a : l'accès est refusé. Vérifiez"),
        (NotADirectoryError(errno.ENOTDIR, "Not", "/a"), "/a : un fichier tient la place d'un"),
        (RuntimeError("Error: No space left on device (os error 28)"), "/ : le disque est plein."),
        (RuntimeError("attempt to write a readonly database"), "/ : ce disque est en lecture"),
        (RuntimeError("database or disk is full"), "/ : le disque est plein."),
    ],
)
def test_the_disk_is_told_with_its_remedy(error: BaseException, told: str) -> None:
    assert str(trouble(error, Path("/"))).startswith(told)


@pytest.mark.parametrize("error", [ValueError("x"), OSError(errno.ECONNREFUSED, "refused")])
def test_what_is_not_the_disk_is_not_told_as_such(error: BaseException, tmp_path: Path) -> None:
    assert trouble(error, tmp_path) is None


def test_a_file_in_place_of_a_folder_is_told(own: Settings, tmp_path: Path) -> None:
    file = tmp_path / "plat"
    file.write_text("", encoding="utf-8")
    for var in (file, file / "var"):
        found = run(own.model_copy(update={"var": var}), "build")
        assert found.exit_code == 1
        assert found.stderr.startswith("Erreur : L'index ne peut pas être écrit. ")
        assert "un fichier tient la place d'un dossier. Déplacez-le, puis relancez." in found.stderr


def test_a_file_in_place_of_the_copies_is_told(own: Settings) -> None:
    (own.catalogue.parent / "pages").write_text("", encoding="utf-8")
    found = run(own, "fetch")
    assert (found.exit_code, "« pages » est un dossier" in found.stderr) == (1, True)


@pytest.mark.parametrize("moment", ["_write", "_check", "sync", "point"])
@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("Database error: error returned from database: (code: 13) disk is full"),
    ],
)
def test_a_build_without_room_leaves_the_live_one(
    own: Settings, monkeypatch: pytest.MonkeyPatch, moment: str, error: Exception
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise error

    fiche = own.catalogue.parent / "fiches" / "english.md"
    fiche.write_text(fiche.read_text("utf-8") + "\nIt is small.\n", encoding="utf-8")
    monkeypatch.setattr(build, "_check", lambda *_: None)
    monkeypatch.setattr(build, moment, full)
    found = run(own, "build")
    assert found.exit_code == 1
    assert "le disque est plein. Libérez de la place, puis relancez." in found.stderr
    assert "L'index en service, s'il y en a un, est intact." in found.stderr
    monkeypatch.undo()
    assert live(own.index).name == "000001"
    assert not list((own.index / "generations").glob("*.tmp"))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 600 kB, read-only at will."""
    place = tmp_path / "disque"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(place)]
    if os.getuid() or subprocess.run(mounting, capture_output=True).returncode:
        pytest.skip("a disk can be mounted by root only")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_real_disk_that_fills_up(
    small: Path, documents: list[Document], embedder: Embedder
) -> None:
    """Whatever is being written when it does: ours, tantivy's, Chroma's."""
    for filled in (590, 540, 450):
        filler = small / "filler"
        filler.write_bytes(b"x" * 1000 * filled)
        with pytest.raises(BuildError, match="le disque est plein. Libérez de la place"):
            build.build(documents, small / "index", embedder)
        assert not list((small / "index").glob("generations/*"))
        filler.unlink()


def test_a_real_disk_that_is_read_only(
    small: Path, own: Settings, documents: list[Document], embedder: Embedder
) -> None:
    subprocess.run(["mount", "-o", "remount,size=20m", str(small)], check=True)
    build.build(documents, small / "index", embedder)
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    with pytest.raises(BuildError, match="ce disque est en lecture seule"):
        build.build(documents[:-1], small / "index", embedder)
    found = Generation(live(small / "index"), embedder)  # what is there is read all the same
    assert found.degraded is None
    found.close()
    told = run(own.model_copy(update={"var": small}), "ask", "Quel jour a lieu le marché ?")
    assert (told.exit_code, "samedi" in told.stdout) == (0, True)  # the journal alone is missing
    told = run(own.model_copy(update={"var": small / "new"}), "build")
    assert (told.exit_code, "en lecture seule" in told.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("batch", "in.jsonl", "/dev/full"), "le disque est plein"),
        (("batch", "in.jsonl", "none/out.jsonl"), "ce fichier ne peut pas être ouvert"),
        (("evaluate", "none.jsonl", "--out", "none/out.jsonl"), "none.jsonl"),
        (("evaluate", "questions.jsonl", "--out", "none/out.jsonl"), "ce dossier n'existe pas"),
        (("evaluate", "questions.jsonl", "--out", "/dev/full"), "le disque est plein"),
    ],
)
def test_a_file_that_cannot_be_written_is_told(
    own: Settings, words: tuple[str, ...], told: str
) -> None:
    Path("in.jsonl").write_text(QUESTION, encoding="utf-8")
    Path("questions.jsonl").write_text(
        '{"id": "1", "question": "Quel jour ?", "kind": "fact", "history": [], "answer_facts": [], '
        '"must_contain": [], "must_not_contain": [], "expect": "answer"}\n',
        encoding="utf-8",
    )
    found = run(own, *words)
    assert found.exit_code in (1, 2)
    assert told in found.stderr


def test_a_command_on_a_full_disk_has_no_traceback(own: Settings, tmp_path: Path) -> None:
    """As a process: what is closed at the end must not speak again."""
    (tmp_path / "in.jsonl").write_text(QUESTION, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "assistant", "batch", "in.jsonl", "/dev/full"],
        env={
            **os.environ,
            "ASSISTANT_CATALOGUE": str(own.catalogue),
            "ASSISTANT_VAR": str(own.var),
            "ASSISTANT_MODEL": own.model,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert found.stderr.startswith("Erreur : ") and found.stderr.count("\n") == 1
