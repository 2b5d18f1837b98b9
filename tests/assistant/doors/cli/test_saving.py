"""Several towns are copied and put back each on its own."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from country import BROKEN, LANVALEC, VALBOURG

from assistant.doors.cli.commands import commands
from assistant.settings import Settings


def run(*given: str) -> Result:
    return CliRunner().invoke(commands, [*given])


def test_each_town_has_a_file_and_one_that_fails_keeps_no_other(
    country: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied, put back on an empty machine, where what they stand on is made again."""
    assert country.towns is not None
    copies, empty = tmp_path / "copies", tmp_path / "empty"
    monkeypatch.setenv("ASSISTANT_MODEL", country.model)
    monkeypatch.setenv("ASSISTANT_TOWNS", str(country.towns))
    saved = run("backup", str(copies))
    assert saved.exit_code == 1 and f"{BROKEN} : " in saved.output
    assert "2 ville(s) sauvegardée(s), 1 en échec." in saved.output
    assert {file.stem for file in copies.iterdir()} == {LANVALEC, VALBOURG}

    monkeypatch.setenv("ASSISTANT_TOWNS", str(empty))
    (copies / f"{VALBOURG}.zip").write_bytes(b"PK")
    restored = run("restore", str(copies))
    assert restored.exit_code == 1 and f"{VALBOURG} : " in restored.output
    assert "1 ville(s) remise(s) en place, 1 en échec." in restored.output
    assert not (empty / VALBOURG / "catalogue.toml").exists()
    examined = run("doctor").output
    assert "[à réparer] Fiches nationales : " in examined and "towns build --all" in examined
    shutil.copytree(country.towns / "national", empty / "national")
    asked = run("--town", LANVALEC, "ask", "Quand le lavoir de Lanvalec est-il ouvert ?")
    assert "de mai à septembre" in asked.output
    alone = run("--town", LANVALEC, "backup", str(tmp_path / "une.zip"))
    assert alone.exit_code == 0, alone.output
    shutil.rmtree(empty / LANVALEC)
    back = run("--town", LANVALEC, "restore", str(tmp_path / "une.zip"))
    assert f"assistant towns build {LANVALEC}" in back.output
    assert (empty / LANVALEC / "var" / "journal.sqlite3").is_file()
