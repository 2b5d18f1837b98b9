from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from assistant.rebuilding import Rebuilding, Run
from assistant.settings import Settings


@pytest.fixture
def rebuilding(tmp_path: Path) -> Rebuilding:
    return Rebuilding(Settings(catalogue=tmp_path / "absent.toml", var=tmp_path / "var"))


def ended(rebuilding: Rebuilding) -> Run:
    for _ in range(300):
        if rebuilding.run is not None and rebuilding.run.ended is not None:
            return rebuilding.run
        time.sleep(0.1)
    raise AssertionError("it did not end")


def test_a_reading_that_fails_says_why_and_goes_no_further(rebuilding: Rebuilding) -> None:
    assert rebuilding.run is None
    assert rebuilding.start("marie", ["build"], ["build"])
    assert not rebuilding.start("paul", ["build"])
    run = ended(rebuilding)
    assert (run.by, run.code) == ("marie", 1)
    assert sum("absent.toml" in line for line in run.lines) == 1


def test_a_reading_that_is_stopped_ends(rebuilding: Rebuilding) -> None:
    rebuilding.start("marie", ["build"])
    rebuilding.close()
    assert ended(rebuilding).code != 0


def playing(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Have the command be this script."""
    program = folder / "program"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))


def test_a_reading_that_hangs_is_ended_and_another_may_be_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    playing(tmp_path, monkeypatch, "echo Lecture; exec sleep 60")
    rebuilding = Rebuilding(Settings(var=tmp_path / "var"), silence=0.2)
    rebuilding.start("marie", ["build"])
    run = ended(rebuilding)
    assert (run.code, run.lines[0]) == (-15, "Lecture")
    assert "« build » a été interrompu (signal 15). Relancez la lecture" in run.lines[1]
    assert rebuilding.start("marie", ["build"])
    rebuilding.close()


def test_a_reading_that_dies_says_so(
    rebuilding: Rebuilding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    playing(tmp_path, monkeypatch, "kill -9 $$")
    rebuilding.start("marie", ["fetch"], ["build"])
    run = ended(rebuilding)
    assert (run.code, len(run.lines)) == (-9, 1)  # nothing is built of what was not fetched
    assert "« fetch » a été interrompu (signal 9)" in run.lines[0]
