"""An installation is copied to a file while it serves, and comes back whole or not at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.assembly import assemble
from assistant.backups import restore, save
from assistant.errors import InputError
from assistant.settings import Settings
from corpus.errors import CorpusError

ASKED = "Qui a signé la convention ORT ?"


def files(folder: Path) -> dict[str, bytes]:
    """All that a folder holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def elsewhere(tmp_path: Path, own: Settings) -> Settings:
    """The settings of an empty machine, where no catalogue is named."""
    return Settings.model_construct(
        {"var", "model"}, **{**own.model_dump(), "var": tmp_path / "new" / "var"}
    )


def again(settings: Settings) -> Settings:
    """The same settings, read once the town is there."""
    return settings.model_copy(update={"catalogue": settings.home})


def test_it_comes_back_in_an_empty_folder_with_the_same_answers(
    own: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    archive, stopped = tmp_path / "copie.zip", threading.Event()
    with closing(assemble(own, recording=True)) as assistant:
        assert assistant.journal is not None
        before = assistant.answer(ASKED)

        def ask() -> None:
            while not stopped.is_set():
                assistant.answer(ASKED)

        asking = threading.Thread(target=ask)
        asking.start()  # answers are written meanwhile
        try:
            saved = save(own, archive)
        finally:
            stopped.set()
            asking.join()
    assert archive.stat().st_mode & 0o777 == 0o600
    assert saved.outside == ()

    restore(elsewhere, archive)
    found = again(elsewhere)
    assert files(found.catalogue.parent) == files(own.catalogue.parent)
    with closing(assemble(found, recording=True)) as assistant:
        assert assistant.retriever.generation.degraded is None
        after = assistant.answer(ASKED)
        assert (after.text, after.citations) == (before.text, before.citations)
        assert assistant.journal is not None
        kept = assistant.journal.find(before.id)
        assert kept is not None and kept.text == before.text


def test_what_is_there_is_replaced_on_demand_only_and_kept(own: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "copie.zip"
    save(own, archive)
    own.catalogue.write_text("abîmé")
    held = files(tmp_path)
    with pytest.raises(InputError, match="existe déjà : rien n'a été changé"):
        restore(own, archive)
    assert files(tmp_path) == held
    done = restore(own, archive, force=True)
    assert "abîmé" not in own.catalogue.read_text()
    assert [p.read_text() for p in done.before if p.name == "catalogue.toml"] == ["abîmé"]


def test_a_journal_that_is_open_is_not_replaced(own: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "copie.zip"
    with closing(assemble(own, recording=True)):
        save(own, archive)
        with pytest.raises(InputError, match="ouvert par un serveur : arrêtez-le"):
            restore(own, archive, force=True)


def test_another_file_is_never_taken_for_an_old_backup(own: Settings, tmp_path: Path) -> None:
    precious = tmp_path / "conseil.zip"
    precious.write_bytes(b"PK")
    with pytest.raises(InputError, match="n'est pas une sauvegarde"):
        save(own, precious)
    assert precious.read_bytes() == b"PK"


def test_an_empty_backup_takes_the_place_of_none(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def installed(_: Path) -> Path:
        raise CorpusError("le catalogue livré")

    save(own, tmp_path / "saved.zip")
    before = files(tmp_path)
    monkeypatch.setattr("assistant.backups.own_folder", installed)
    nowhere = Settings(var=tmp_path / "nowhere", model=own.model)  # the town that ships
    with pytest.raises(InputError, match="rien à sauvegarder"):
        save(nowhere, tmp_path / "saved.zip")
    assert files(tmp_path) == before


# Archives that are not what they should be


def rewritten(archive: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Change the files of an archive."""
    with zipfile.ZipFile(archive) as before:
        held = {name: before.read(name) for name in before.namelist()}
    change(held)
    with zipfile.ZipFile(archive, "w") as after:
        for name, content in held.items():
            after.writestr(name, content)


def newer(held: dict[str, bytes]) -> None:
    about = json.loads(held["backup.json"])
    held["backup.json"] = json.dumps({**about, "version": "9.1", "database": "9999"}).encode()


def escaping(held: dict[str, bytes]) -> None:
    about = json.loads(held["backup.json"])
    about["files"]["ville/../../dehors"] = about["files"]["ville/catalogue.toml"]
    held["ville/../../dehors"] = held["ville/catalogue.toml"]
    held["backup.json"] = json.dumps(about).encode()


def altered(held: dict[str, bytes]) -> None:
    held["ville/catalogue.toml"] += b"#"


def partial(held: dict[str, bytes]) -> None:
    del held["ville/catalogue.toml"]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-40]), "abîmée, incomplète"),
        (lambda path: path.write_text("bonjour"), "n'est pas une sauvegarde"),
        (Path.unlink, "n'existe pas"),
        (lambda path: rewritten(path, altered), "abîmée"),
        (lambda path: rewritten(path, partial), "abîmée, incomplète"),
        (lambda path: rewritten(path, escaping), "abîmée"),
        (lambda path: rewritten(path, newer), "par l'assistant 9.1, plus récent"),
    ],
)
def test_an_archive_that_cannot_serve_changes_nothing(
    own: Settings,
    elsewhere: Settings,
    tmp_path: Path,
    harm: Callable[[Path], object],
    said: str,
) -> None:
    archive = tmp_path / "copie.zip"
    shutil.rmtree(own.index)  # what it weighs is not what is looked at
    save(own, archive)
    harm(archive)
    with pytest.raises(InputError, match=said):
        restore(elsewhere, archive)
    assert not elsewhere.var.parent.exists()


def test_a_damaged_journal_is_no_reason_not_to_restore(own: Settings, tmp_path: Path) -> None:
    archive, journal = tmp_path / "copie.zip", own.var / "journal.sqlite3"
    assemble(own, recording=True).close()
    save(own, archive)
    journal.write_bytes(b"SQLite, autrefois")
    restore(own, archive, force=True)
    with closing(sqlite3.connect(journal)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
