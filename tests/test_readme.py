"""The README names every command and every setting: both are listed from the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.doors.cli.commands import commands
from assistant.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`assistant {name}" in README


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`ASSISTANT_{name.upper()}`" in README
