import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus import snapshots
from corpus.errors import ParseError
from corpus.snapshots import Record, Snapshots, Status

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
HALLE = Record(
    source="halle",
    address="https://valbourg.example/halle",
    path="halle.html",
    sha256="9f" * 32,
    first=NOW.isoformat(),
    checked=NOW.isoformat(),
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.toml"


def aside(folder: Path, content: str) -> Path:
    file = folder / "a-cote"
    file.write_text(content)
    return file


def test_what_is_kept_is_found_again(catalogue: Path, tmp_path: Path) -> None:
    store = Snapshots(catalogue)
    store.put(HALLE, aside(tmp_path, "un"))
    store.judge("halle", Status(checked="2026-11-22", failures=1, problem="en panne"))
    again = Snapshots(catalogue)
    assert again.find("halle", HALLE.address) == HALLE
    assert again.statuses["halle"].problem == "en panne"
    assert (tmp_path / "pages" / "halle.html").read_text() == "un"
    assert list(again.copies()) == [tmp_path / "pages" / "halle.html"]


def test_a_look_writes_nothing(catalogue: Path, tmp_path: Path) -> None:
    store = Snapshots(catalogue, keep=False)
    store.put(HALLE, aside(tmp_path, "un"))
    store.vanish(HALLE, NOW.isoformat())
    assert store.find("halle", HALLE.address) != HALLE  # known, for this run
    assert not (tmp_path / "pages").exists()


def test_a_copy_that_someone_touched_is_not_intact(catalogue: Path, tmp_path: Path) -> None:
    store = Snapshots(catalogue)
    store.put(HALLE, aside(tmp_path, "un"))
    true = replace(HALLE, sha256=hashlib.sha256(b"un").hexdigest())
    assert store.intact(true) and not store.intact(HALLE)
    store.copy(HALLE).unlink()
    assert not store.intact(true)


def test_what_vanished_is_put_away_then_forgotten(catalogue: Path, tmp_path: Path) -> None:
    store = Snapshots(catalogue)
    store.put(HALLE, aside(tmp_path, "un"))
    store.vanish(HALLE, NOW.isoformat())
    put_away = tmp_path / "pages" / "disparues" / "halle.html"
    assert put_away.read_text() == "un" and store.copies() == {}
    store.tidy(NOW + timedelta(days=300))
    assert put_away.is_file()
    store.tidy(NOW + timedelta(days=366))
    assert store.find("halle", HALLE.address) is None and not put_away.exists()


def test_what_a_killed_fetch_left_is_swept(catalogue: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages" / ".partial-x1"
    folder.mkdir(parents=True)
    (folder / "copy").write_text("à moitié")
    (tmp_path / "pages" / ".partial-state.json").write_text("{")
    (tmp_path / "pages" / "halle.html").write_text("un")
    Snapshots(catalogue).tidy(NOW)
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["halle.html"]


def test_a_publication_of_another_kind_replaces_the_first(catalogue: Path, tmp_path: Path) -> None:
    store = Snapshots(catalogue)
    store.put(HALLE, aside(tmp_path, "un"))
    store.put(replace(HALLE, path="halle.pdf"), aside(tmp_path, "%PDF-"))
    assert sorted(path.name for path in store.folder.glob("halle*")) == ["halle.pdf"]


@pytest.mark.parametrize("state", ["{", "[]", '{"sources": {}}', '{"sources": {}, "pages": [{}]}'])
def test_a_damaged_state_says_what_to_do(catalogue: Path, tmp_path: Path, state: str) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "state.json").write_text(state)
    with pytest.raises(ParseError, match="Supprimez-le"):
        Snapshots(catalogue)


def test_a_state_of_a_later_version_is_read(catalogue: Path, tmp_path: Path) -> None:
    Snapshots(catalogue).put(HALLE, aside(tmp_path, "un"))
    file = tmp_path / "pages" / "state.json"
    state = json.loads(file.read_text())
    state["pages"][0]["couleur"] = "verte"
    file.write_text(json.dumps(state))
    assert Snapshots(catalogue).find("halle", HALLE.address) == HALLE


@pytest.mark.parametrize(
    ("address", "start"),
    [
        (
            "https://valbourg.example/vie/Les%20Aides%20%C3%A0%20l'habitat.html",
            "site/vie-les-aides",
        ),
        ("https://valbourg.example/a.b/c", "site/a-b-c-"),
        ("https://valbourg.example/", "site/"),
        ("https://valbourg.example/../../etc/passwd", "site/etc-passwd-"),
        ("https://valbourg.example/" + "tres-long-" * 60, "site/"),
    ],
)
def test_a_page_of_a_site_has_a_short_name_of_its_own(address: str, start: str) -> None:
    name = snapshots.name("site", address, ".html")
    assert name.startswith(start) and name.count("/") == 1 and len(name) < 100
    assert name != snapshots.name("site", f"{address}?page=2", ".html")
    assert name == snapshots.name("site", address, ".html")
