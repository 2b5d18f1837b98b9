"""The first `serve` of a folder makes its index; so does the first after an upgrade."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from assistant.doors.cli.first_run import opened
from assistant.settings import Settings

pytestmark = pytest.mark.usefixtures("checked_here")


def test_the_first_run_builds_and_says_what_to_do(
    own: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = own.model_copy(update={"var": tmp_path / "neuf"})
    with closing(opened(settings)) as assistant:
        assert assistant.retriever.generation.number == "000001"
    said = capsys.readouterr().out
    assert said.startswith(
        f"Premier démarrage : l'index de Valbourg est construit dans {settings.var}"
    )
    assert f"« assistant init {settings.home.parent} »" in said


def test_an_index_of_another_version_is_built_again(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = own.index / "generations" / "000001" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": ', '"format": 1'))
    with closing(opened(own)) as assistant:
        assert assistant.retriever.generation.number == "000002"
    assert "est d'une autre version, ou abîmé : il est reconstruit" in capsys.readouterr().out
