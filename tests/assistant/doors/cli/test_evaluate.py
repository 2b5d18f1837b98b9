"""What `assistant evaluate` needs is looked for before anything is asked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assistant.doors.cli.commands import commands


def test_measures_are_said_to_be_missing_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asks(*_: Any, **__: Any) -> None:
        pytest.fail("a question was asked")

    monkeypatch.setitem(sys.modules, "ir_measures", None)
    monkeypatch.setattr("assistant.doors.cli.commands.assemble", asks)
    monkeypatch.setattr("assistant.measuring.retrieval.measured", asks)
    (tmp_path / "questions.jsonl").write_text("", encoding="utf-8")
    for more in ([], ["--retrieval"]):
        words = ["evaluate", str(tmp_path / "questions.jsonl"), *more]
        found = CliRunner().invoke(commands, words)
        assert (found.exit_code, "Traceback" in found.output) == (1, False)
        assert found.stderr.startswith("Erreur : « assistant evaluate » a besoin d'ir-measures : ")
        assert "pip install -r requirements-models.lock" in found.stderr
