from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from assistant import installed
from assistant.doors.cli import doctor
from assistant.doors.cli.commands import commands
from assistant.doors.http import api
from assistant.settings import Settings

NAMES = b"Martin\nDurand\n"


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The one file of an installation."""
    file, record = tmp_path / "assistant" / "family.txt", tmp_path / "a-1.dist-info" / "RECORD"
    file.parent.mkdir()
    record.parent.mkdir()
    file.write_bytes(NAMES)
    digest = base64.urlsafe_b64encode(hashlib.sha256(NAMES).digest()).decode().rstrip("=")
    record.write_text(f"assistant/family.txt,sha256={digest},{len(NAMES)}\n", encoding="utf-8")
    found = Distribution.at(record.parent)
    monkeypatch.setattr(installed, "ours", lambda: found)
    yield file


def _examined() -> list[tuple[doctor.State, str]]:
    return [*doctor._installed(installed.ours())]


def test_an_installation_that_is_whole_is_said_to_be(names: Path) -> None:
    installed.check()
    assert _examined() == [(doctor.State.WELL, "1, tels qu'ils ont été installés.")]


@pytest.mark.parametrize("content", [b"Martin\n", NAMES.swapcase(), None])
def test_a_file_that_is_not_as_it_was_installed_is_named(
    names: Path, content: bytes | None
) -> None:
    names.unlink() if content is None else names.write_bytes(content)
    ((state, said),) = _examined()
    assert state is doctor.State.WRONG
    assert said.startswith("assistant/family.txt manque ou a changé") and "réinstallez" in said


def test_no_question_is_asked_where_a_file_is_gone(
    names: Path, own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_CATALOGUE", str(own.catalogue))
    monkeypatch.setenv("ASSISTANT_VAR", str(own.var))
    monkeypatch.setenv("ASSISTANT_MODEL", own.model)
    names.unlink()
    done = CliRunner().invoke(commands, ["ask", "Quand la piscine ouvre-t-elle ?"])
    assert done.exit_code == 1 and done.stderr.startswith("Erreur : assistant/family.txt manque")


def test_a_list_that_is_cut_while_it_serves_is_said_by_readyz(names: Path, own: Settings) -> None:
    with TestClient(api.create(own)) as client:
        assert client.get("/readyz").json()["reason"] is None
        names.write_bytes(NAMES[:7])
        assert "assistant/family.txt manque ou a changé" in client.get("/readyz").json()["reason"]


def test_in_a_checkout_the_file_that_cannot_be_read_is_named() -> None:
    gone = installed._ROOT / "assistant" / "question" / "places.txt"
    told = installed.lost(FileNotFoundError(2, "No such file", str(gone)))
    assert told is not None and told.startswith("assistant/question/places.txt manque")
    assert installed.lost(FileNotFoundError(2, "No such file", "/mnt/usb/assistant/a.txt")) is None
