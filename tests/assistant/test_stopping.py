from __future__ import annotations

from pathlib import Path

from assistant.stopping import Switch


def test_the_switch_holds_for_every_process_until_it_is_lifted(tmp_path: Path) -> None:
    assert Switch(tmp_path).read() is None
    Switch(tmp_path).stop("marie", "Les tarifs changent.")
    found = Switch(tmp_path).read()
    assert found is not None and found.by == "marie"
    assert "à la demande de la mairie. Les tarifs changent. Pour" in found.message
    Switch(tmp_path).lift()
    assert Switch(tmp_path).read() is None


def test_a_switch_that_cannot_be_read_stops_the_assistant(tmp_path: Path) -> None:
    (tmp_path / "arret.json").write_text("{", encoding="utf-8")
    found = Switch(tmp_path).read()
    assert found is not None and "arrêté" in found.message
