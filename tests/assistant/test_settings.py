from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.settings import STARTER, Settings


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without .env, and none of our variables."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ASSISTANT_{name.upper()}", raising=False)


def test_defaults_run_on_a_laptop() -> None:
    found = Settings()
    assert (found.catalogue, found.index) == (STARTER, Path("var/index"))
    assert (found.host, found.port, found.model, found.origins) == ("127.0.0.1", 8000, "", [])
    assert STARTER.is_file()
    assert (found.journal_url, found.journal_days) == ("sqlite:///var/journal.sqlite3", 30)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_VAR", "/srv/guichen")
    monkeypatch.setenv("ASSISTANT_ORIGINS", '["https://www.guichenpontrean.fr"]')
    found = Settings()
    assert found.index == Path("/srv/guichen/index")
    assert found.origins == ["https://www.guichenpontrean.fr"]


def test_a_dotenv_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("ASSISTANT_PORT=9000\nASSISTANT_HOST=0.0.0.0\nAUTRE=1\n")
    monkeypatch.setenv("ASSISTANT_PORT", "9001")
    assert (Settings().port, Settings().host) == (9001, "0.0.0.0")


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "0"), ("PORT", "huit"), ("POLL", "0"), ("POLL", "-1"), ("JOURNAL_DAYS", "-1")],
)
def test_a_value_that_cannot_be_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_every_setting_says_in_french_what_it_is() -> None:
    assert [n for n, field in Settings.model_fields.items() if not field.description] == []
