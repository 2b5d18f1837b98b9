"""Copies of an installation: all that nothing else would give back, in one file, and back again.

backup.json      who made it, when, and the digest of every other file
journal.sqlite3  the database, whatever it is kept in
ville/           the town's folder: the catalogue, its fiches, documents and copies of pages
var/             the folder of ASSISTANT_VAR: the live generation, what scans said, measures…

A server may run while it is copied: the database is read at one moment, a generation never changes,
and every other file is replaced whole by who writes it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from assistant.assembly import VERSION
from assistant.errors import InputError
from assistant.records.copying import copy, is_empty
from assistant.records.store import REVISIONS, Store, is_there, now, stamp
from assistant.records.store import file as database
from assistant.settings import Settings
from corpus.catalogue import SHIPPED, located, own_folder
from corpus.catalogue import load as load_catalogue
from corpus.disk import flush
from corpus.errors import CorpusError
from index.errors import IndexMissing
from index.generation import live

FORMAT = 1
_ABOUT, _JOURNAL, _TOWN, _VAR = "backup.json", "journal.sqlite3", "ville", "var"
_MADE_AGAIN = frozenset({"pictures", "index", "encoder"})  # by who needs them; the index is apart
_PIECE = 1 << 20
_KEPT = "avant-restauration"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds; `outside` are the folders that the catalogue names elsewhere."""

    files: int
    bytes: int
    outside: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: the catalogue, if there was one, and where what was there before went."""

    made: str
    version: str
    town: str
    catalogue: Path | None
    before: tuple[Path, ...]


# --- Saving


def save(settings: Settings, file: Path) -> Saved:
    """Copy the installation to a file that only its owner reads; an older backup is replaced.

    Raises InputError when the file is something else, CorpusError, JournalError.
    """
    if file.exists() and not _is_backup(file):
        raise InputError(
            f"{file} existe et n'est pas une sauvegarde : rien n'a été écrit. Donnez un autre nom."
        )
    catalogue = load_catalogue(settings.catalogue)
    aside = file.with_name(f".{file.name}.partial")
    try:
        with open(aside, "wb", opener=_private) as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                digests = dict(_put(archive, settings, file.parent, {file.resolve()}))
                if not digests:
                    raise InputError(
                        f"Il n'y a rien à sauvegarder dans {settings.var.resolve()} : rien n'a été "
                        "écrit. Donnez à ASSISTANT_VAR le dossier de l'assistant."
                    )
                about = {
                    "format": FORMAT,
                    "version": VERSION,
                    "database": REVISIONS[-1],
                    "made": stamp(now()),
                    "town": catalogue.town.name,
                    "files": digests,
                }
                archive.writestr(_ABOUT, json.dumps(about, ensure_ascii=False, indent=1))
            out.flush()
            os.fsync(out.fileno())
        os.replace(aside, file)
    finally:
        aside.unlink(missing_ok=True)
    folder = settings.catalogue.resolve().parent
    named = (located(folder, e.address) for e in catalogue.entries if "://" not in e.address)
    outside = (path for path in named if not path.is_relative_to(folder) and path.parent != SHIPPED)
    return Saved(len(digests), file.stat().st_size, tuple(dict.fromkeys(outside)))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _is_backup(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return _ABOUT in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _put(
    archive: zipfile.ZipFile, settings: Settings, beside: Path, skipped: Set[Path]
) -> Iterator[tuple[str, str]]:
    """Put every file in the archive, which stands in `beside`: its name there and its digest."""
    for name, path in _sources(settings, skipped):
        with suppress(FileNotFoundError), path.open("rb") as read:  # gone since it was listed
            yield name, _write(archive, name, read)
    if is_there(settings.journal_url):
        with TemporaryDirectory(dir=beside, prefix=".") as folder:
            path = Path(folder, _JOURNAL)
            with (
                closing(Store(settings.journal_url)) as source,
                closing(Store(f"sqlite:///{path}")) as target,
            ):
                copy(source, target)
            with path.open("rb") as read:
                yield _JOURNAL, _write(archive, _JOURNAL, read)


def _sources(settings: Settings, skipped: Set[Path]) -> Iterator[tuple[str, Path]]:
    var, town = settings.var.resolve(), settings.catalogue.resolve().parent
    path = database(settings.journal_url)
    journal = {Path(f"{path}{more}").resolve() for more in ("", "-wal", "-shm", "-journal") if path}
    with suppress(CorpusError):  # the catalogue that ships comes with the assistant
        own_folder(settings.catalogue)
        yield from _files(town, _TOWN, skipped | {var} | journal)
    apart = {var / name for name in _MADE_AGAIN}
    yield from _files(var, _VAR, skipped | {town} | journal | apart)
    with suppress(IndexMissing):
        generation = live(settings.index)
        yield from _files(generation, f"{_VAR}/index/generations/{generation.name}", whole=True)
        yield f"{_VAR}/index/current", settings.index / "current"


def _files(
    folder: Path, name: str, skipped: Set[Path] = frozenset(), *, whole: bool = False
) -> Iterator[tuple[str, Path]]:
    """The files under a folder but those skipped and, unless `whole`, hidden ones and locks."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        aside = path.name.startswith(".") or path.suffix == ".lock"
        if aside and not whole or path.resolve() in skipped:
            continue
        if path.is_dir():
            yield from _files(path, f"{name}/{path.name}", skipped | {path.resolve()}, whole=whole)
        elif path.is_file():
            yield f"{name}/{path.name}", path


def _write(archive: zipfile.ZipFile, name: str, read: BinaryIO) -> str:
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as out:
        while piece := read.read(_PIECE):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


# --- Restoring


def restore(settings: Settings, file: Path, *, force: bool = False) -> Restored:
    """Put a backup back. What is there is replaced with `force` only, and kept aside then.

    All is read, compared with its digests and opened as the assistant will, before anything is
    changed. Raises InputError, CorpusError, JournalError: then nothing was.
    """
    moved_to = settings.catalogue if "catalogue" in settings.model_fields_set else settings.home
    town, var = moved_to.absolute().parent, settings.var.absolute()
    with _aside(var) as aside:
        about = _unpack(file, aside)
        has_town = (aside / _TOWN).is_dir()
        if has_town:
            load_catalogue(aside / _TOWN / moved_to.name)
        if (aside / _JOURNAL).is_file():
            with closing(Store(f"sqlite:///{aside / _JOURNAL}")) as store, store.writing():
                pass  # carried to this version
            (aside / _JOURNAL).chmod(0o600)
        journal = _journal(settings, force)
        place = _Place(var / f"{_KEPT}-{about['made'].replace(':', '')}", force)
        wanted = [(path, var / path.name) for path in _inside(aside / _VAR)]
        wanted += [(path, town / path.name) for path in _inside(aside / _TOWN)]
        if journal is not None and (aside / _JOURNAL).is_file():
            wanted.append((aside / _JOURNAL, journal))
        place.check(target for _, target in wanted)
        with place.all_or_none():
            for source, target in wanted:
                place.put(source, target)
            if journal is None and (aside / _JOURNAL).is_file():
                with (
                    closing(Store(f"sqlite:///{aside / _JOURNAL}")) as read,
                    closing(Store(settings.journal_url)) as written,
                ):
                    copy(read, written)
    return Restored(
        about["made"],
        about["version"],
        about["town"],
        moved_to if has_town else None,
        tuple(place.before),
    )


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _journal(settings: Settings, force: bool) -> Path | None:
    """The file of the database, that nobody writes now; None for a server's, which is empty."""
    path = database(settings.journal_url)
    if path is None:
        with closing(Store(settings.journal_url)) as store:
            if not is_empty(store):
                raise InputError(
                    "La base de données de ASSISTANT_JOURNAL n'est pas vide : donnez-en une qui "
                    "l'est. Rien n'a été changé."
                )
        return None
    if path.is_file() and force:
        _refuse_served(path)
    return path.absolute()


def _refuse_served(path: Path) -> None:
    """Raise InputError while a server has the database open: it alone may leave its journal."""
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise InputError(
            f"{path} est ouvert par un serveur : arrêtez-le, puis relancez. Rien n'a été changé."
        ) from error
    except sqlite3.DatabaseError:
        pass  # damaged: the very reason to restore


@dataclass(slots=True)
class _Place:
    """Files put where they belong; what stands there is moved to `kept`, with `force` only."""

    kept: Path
    force: bool
    before: list[Path] = field(default_factory=list)
    _undo: list[Callable[[], object]] = field(default_factory=list)

    def check(self, targets: Iterable[Path]) -> None:
        """Raise InputError when something stands where a file is to be put."""
        if self.force:
            return
        for target in targets:
            if target.exists():
                raise InputError(
                    f"{target} existe déjà : rien n'a été changé. Restaurez dans un dossier vide, "
                    "ou ajoutez --force : ce qui s'y trouve sera mis de côté."
                )

    def put(self, source: Path, target: Path) -> None:
        """Move a file or a folder to its place, and aside what stands there."""
        for path in (target, *(target.with_name(target.name + m) for m in ("-wal", "-shm"))):
            if path.exists():
                away = self.kept / path.name
                while away.exists():
                    away = away.with_name(f"{away.name}-2")
                away.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(path, away)
                self._undo.append(partial(shutil.move, away, path))
                self.before.append(away)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)
        self._undo.append(partial(shutil.move, target, source))
        flush(target)

    @contextmanager
    def all_or_none(self) -> Iterator[None]:
        """Put everything back as it was when something cannot be put."""
        try:
            yield
        except BaseException:
            for undo in reversed(self._undo):
                undo()
            raise


@contextmanager
def _aside(var: Path) -> Iterator[Path]:
    """A folder on the disk of `var`, gone at the end with those that had to be made for it."""
    made = [folder for folder in (var, *var.parents) if not folder.exists()]
    try:
        var.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=var, prefix=".restauration-") as aside:
            yield Path(aside)
    finally:
        for folder in made:
            with suppress(OSError):  # it holds what was restored
                folder.rmdir()


def _unpack(file: Path, aside: Path) -> Mapping[str, Any]:
    """Unpack a backup that is whole and sound, and give what it says of itself."""
    try:
        with zipfile.ZipFile(file) as archive:
            about = _about(file, archive)
            for name, digest in about["files"].items():
                _read(archive, name, digest, aside / name)
    except FileNotFoundError as error:
        raise InputError(f"{file} : cette sauvegarde n'existe pas. Vérifiez son nom.") from error
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError) as error:
        raise _damaged(file) from error
    return about


def _about(file: Path, archive: zipfile.ZipFile) -> Mapping[str, Any]:
    """What a backup says of itself. Raises InputError, and KeyError when it says nothing."""
    try:
        about = json.loads(archive.read(_ABOUT))
        if about["format"] > FORMAT or about["database"] > REVISIONS[-1]:
            raise InputError(
                f"{file} a été faite par l'assistant {about['version']}, plus récent que celui-ci "
                f"({VERSION}) : mettez l'assistant à jour, puis relancez. Rien n'a été changé."
            )
        whole = {*about["files"], _ABOUT} == set(archive.namelist())
        sound = all(_is_ours(name) for name in about["files"])
        said = all(isinstance(about[key], str) for key in ("version", "made", "town"))
    except (ValueError, TypeError) as error:
        raise _damaged(file) from error
    if not (whole and sound and said):
        raise _damaged(file)
    return about  # type: ignore[no-any-return]


def _is_ours(name: str) -> bool:
    """Whether a file may be put under one of our folders: no « .. », no other root."""
    path = PurePosixPath(name)
    return (
        name == _JOURNAL
        or len(path.parts) > 1
        and path.parts[0] in (_TOWN, _VAR)
        and ".." not in path.parts
        and "\\" not in name
    )


def _read(archive: zipfile.ZipFile, name: str, expected: str, target: Path) -> None:
    """Unpack a file. Raises BadZipFile when it is not what was put there."""
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as read, target.open("xb") as out:
        while piece := read.read(_PIECE):
            digest.update(piece)
            out.write(piece)
    if digest.hexdigest() != expected:
        raise zipfile.BadZipFile(name)


def _damaged(file: Path) -> InputError:
    return InputError(
        f"{file} est abîmée, incomplète, ou n'est pas une sauvegarde : rien n'a été changé. "
        "Prenez-en une autre."
    )
