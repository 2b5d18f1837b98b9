"""What `assistant evaluate` needs is looked for before anything is asked."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assistant.assembly import EVALUATION
from assistant.doors.cli.commands import commands
from assistant.settings import Settings


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


@pytest.mark.parametrize("publish", [True, False])
def test_measures_are_shown_to_all_only_when_asked(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publish: bool
) -> None:
    question = {
        **{"id": "1", "kind": "fact", "split": "fit", "expect": "answer", "history": []},
        **{"question": "Quand le marché de Valbourg a-t-il lieu ?", "answer_facts": ["4"]},
        **{"must_contain": ["samedi"], "must_not_contain": []},
    }
    (tmp_path / "questions.jsonl").write_text(json.dumps(question), encoding="utf-8")
    monkeypatch.setattr("assistant.doors.cli.commands._settings", lambda: own)
    words = ["evaluate", str(tmp_path / "questions.jsonl"), *(["--publish"] if publish else [])]
    found = CliRunner().invoke(commands, words, catch_exceptions=False)
    assert found.exit_code == 0
    assert (own.var / EVALUATION).exists() == publish
    if publish:
        told = json.loads((own.var / EVALUATION).read_text(encoding="utf-8"))
        assert (told["questions"], told["correct"], told["generation"]) == (1, 1.0, "000001")
