from __future__ import annotations

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
