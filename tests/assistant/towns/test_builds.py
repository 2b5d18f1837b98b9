"""Towns are built several at once: one that fails is named, and the others go on."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from country import BROKEN, LANVALEC, VALBOURG

from assistant.doors.cli.commands import commands
from assistant.records.store import REVISIONS, Store
from assistant.settings import Settings


@pytest.fixture
def towns(country: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own."""
    assert country.towns is not None
    folder = shutil.copytree(country.towns, tmp_path / "towns")
    monkeypatch.setenv("ASSISTANT_TOWNS", str(folder))
    monkeypatch.setenv("ASSISTANT_MODEL", country.model)
    return folder


def test_all_are_built_but_those_up_to_date_and_those_that_fail(towns: Path) -> None:
    """One is up to date, one was killed in the middle, one has a fiche that cannot be read."""
    shutil.rmtree(towns / LANVALEC / "var")
    (towns / LANVALEC / "var" / "index" / "generations" / "000001.tmp").mkdir(parents=True)
    run = CliRunner().invoke(commands, ["towns", "build", "--all"])
    assert run.exit_code == 1
    assert "3 ville(s) : 1 construite(s), 1 déjà à jour, 1 en échec." in run.output
    assert f"{BROKEN} : " in run.output and "clé inconnue" in run.output
    with closing(Store(f"sqlite:///{towns / LANVALEC / 'var' / 'journal.sqlite3'}")) as store:
        assert store.revision() == REVISIONS[-1]  # the first question does not wait for it
    listed = CliRunner().invoke(commands, ["towns", "list"]).output
    assert f"{VALBOURG}  Valbourg : index 000001" in listed
    assert f"{LANVALEC}  Lanvalec : index 000001" in listed
    assert f"{BROKEN}  catalogue illisible" in listed


def test_a_town_is_added_and_asked_by_its_code(towns: Path) -> None:
    given = ["--name", "Kerlon", "--intercommunality", "Pays de Kerlon"]
    given += ["--site", "https://kerlon.example", "--origin", "https://www.kerlon.example"]
    made = CliRunner().invoke(commands, ["towns", "add", "29998", *given])
    assert made.exit_code == 0, made.output
    assert 'origins = ["https://www.kerlon.example"]' in (
        towns / "29998" / "catalogue.toml"
    ).read_text(encoding="utf-8")
    asked = CliRunner().invoke(
        commands, ["--town", LANVALEC, "ask", "Quand le lavoir de Lanvalec est-il ouvert ?"]
    )
    assert "de mai à septembre" in asked.output
    unknown = CliRunner().invoke(commands, ["--town", "75056", "ask", "ORT"])
    assert unknown.exit_code == 1 and "il n'y a pas de ville 75056" in unknown.output


def test_a_build_that_is_killed_leaves_no_process(towns: Path) -> None:
    """The town's index is being made when the command that wants it dies."""
    shutil.rmtree(towns / LANVALEC / "var")
    command = [sys.executable, "-m", "assistant", "towns", "build", LANVALEC]
    build = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    soon(lambda: any((towns / LANVALEC / "var").glob("index/generations/*")))
    build.kill()
    build.wait()
    soon(lambda: not of_session(build.pid))


def soon(wanted: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not wanted():
        assert time.monotonic() < until
        time.sleep(0.02)


def of_session(number: int) -> list[str]:
    """The processes of a session."""
    found = []
    for told in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            state, _, _, session = told.read_text().rpartition(")")[2].split()[:4]
            if int(session) == number and state != "Z":
                found.append(told.parent.name)
    return found
