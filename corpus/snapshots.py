"""The copies of publications beside the catalogue, and what is known of each (pages/state.json).

A copy is put in place whole, then the state is written, whole as well: whoever is killed in between
leaves a new copy under its old description, and the next fetch asks for it again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import threading
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from corpus.disk import flush
from corpus.errors import ParseError

FOLDER = "pages"  # beside catalogue.toml
_STATE = "state.json"
_VERSION = 1
_VANISHED = "disparues"  # where the copies of what its publisher took down are moved
_KEPT = timedelta(days=365)  # how long these stay
_SAVED = 2.0  # seconds between two writings of the state: with 5,000 pages it weighs 3 MB
PARTIAL = ".partial-"  # what a download under way is called


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One publication, one page of a site, or one file of this machine. Instants are ISO, in UTC.

    `address` is as the catalogue or the site gives it, a path from the catalogue for a local file;
    `url` is where it led. `path` is its copy, from the folder of copies, "" for a local file.
    `text` is a digest of a page's words, "" for what is not a page. `checked`: when the publisher
    last confirmed it; `vanished`: when it was found to be gone, "" while it is there. `first` is ""
    for a local file that was there before all.
    """

    source: str
    address: str
    path: str
    sha256: str
    first: str
    checked: str
    changed: str = ""
    vanished: str = ""
    url: str = ""
    text: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a source did: `checked` is the last time it all went well, `failures` how many since."""

    checked: str = ""
    failures: int = 0
    problem: str = ""


class Became(StrEnum):
    """What became of a publication."""

    NEW = "new"
    CHANGED = "changed"
    VANISHED = "vanished"


SAID = {Became.NEW: "nouveau", Became.CHANGED: "modifié", Became.VANISHED: "disparu"}


@dataclass(frozen=True, slots=True)
class Change:
    """A publication that is not as it was; `at` is an ISO instant, in UTC."""

    became: Became
    source: str
    address: str
    at: str


class Snapshots:
    """The copies of one catalogue. With `keep` False nothing is written: a look, not a fetch."""

    def __init__(self, catalogue: Path, *, keep: bool = True) -> None:
        """Read the state. Raises ParseError when it was damaged by hand."""
        self.folder = (catalogue.parent / FOLDER).resolve()
        self.keep = keep
        self._saved = 0.0
        self._alone = threading.RLock()  # sources of several hosts are read side by side
        state = _read(self.folder / _STATE)
        self.statuses: dict[str, Status] = state[0]
        self._records: dict[tuple[str, str], Record] = {
            (record.source, record.address): record for record in state[1]
        }

    def find(self, source: str, address: str) -> Record | None:
        """What is known of an address of a source, vanished or not."""
        return self._records.get((source, address))

    def of(self, source: str) -> Iterator[Record]:
        """What is known of a source, in the order in which it was found."""
        with self._alone:
            return iter([r for r in self._records.values() if r.source == source])

    def changes(self, sources: Iterable[str], since: str) -> tuple[Change, ...]:
        """All that happened to some sources since an instant, in their order. Instants of one form
        compare as text."""
        return tuple(
            Change(became, source, record.address, at)
            for source in sources
            for record in self.of(source)
            for became, at in (
                (Became.NEW, record.first),
                (Became.CHANGED, record.changed),
                (Became.VANISHED, record.vanished),
            )
            if at >= since
        )

    def copies(self) -> dict[Path, Record]:
        """What is known of each copy that is in use, by its path."""
        return {
            self.copy(record): record
            for record in self._records.values()
            if record.path and not record.vanished
        }

    def copy(self, record: Record) -> Path:
        """Where the copy of a record stands."""
        return self.folder / record.path

    def intact(self, record: Record) -> bool:
        """Whether its copy is the one that was brought: not deleted, not edited, not half known."""
        try:
            with self.copy(record).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == record.sha256
        except OSError:
            return False

    def put(self, record: Record, aside: Path | None = None) -> None:
        """Keep what is known now, and the new copy if there is one, which stands aside."""
        before = self.find(record.source, record.address)
        if self.keep and aside is not None:
            place = self.copy(record)
            place.parent.mkdir(parents=True, exist_ok=True)
            flush(aside)
            os.replace(aside, place)
        with self._alone:
            self._records[record.source, record.address] = record
        if time.monotonic() > self._saved + _SAVED:  # what is lost in between is asked for again
            self.save()
        if self.keep and before is not None and before.path not in ("", record.path):
            self.copy(before).unlink(missing_ok=True)  # it is of another kind now

    def vanish(self, record: Record, now: str) -> None:
        """Mark what its publisher took down, and move its copy out of the way."""
        with self._alone:
            self._records[record.source, record.address] = replace(record, vanished=now)
        self.save()
        if self.keep and record.path and self.copy(record).is_file():
            place = self.folder / _VANISHED / record.path
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.copy(record), place)

    def forget(self, source: str, *, but: str) -> None:
        """Drop what is known of the other addresses of a source; their copy has been replaced."""
        for record in self.of(source):
            if record.address != but:
                del self._records[source, record.address]

    def judge(self, source: str, status: Status) -> None:
        """Keep how a source did."""
        with self._alone:
            self.statuses[source] = status
        self.save()

    def tidy(self, now: datetime) -> None:
        """Forget what vanished long ago, and what a fetch that was killed left behind."""
        for key, record in list(self._records.items()):
            if record.vanished and datetime.fromisoformat(record.vanished) < now - _KEPT:
                del self._records[key]
                if record.path:
                    (self.folder / _VANISHED / record.path).unlink(missing_ok=True)
        for left in self.folder.glob(f"{PARTIAL}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def save(self) -> None:
        """Write the state, whole."""
        if not self.keep:
            return
        with self._alone:
            self._write()

    def _write(self) -> None:
        self._saved = time.monotonic()
        state = {
            "version": _VERSION,
            "sources": {source: asdict(status) for source, status in self.statuses.items()},
            "pages": [asdict(record) for record in self._records.values()],
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f"{PARTIAL}{_STATE}"
        aside.write_text(json.dumps(state, ensure_ascii=False, indent=1), encoding="utf-8")
        flush(aside)
        os.replace(aside, self.folder / _STATE)


def _read(path: Path) -> tuple[dict[str, Status], list[Record]]:
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        raise ParseError(
            path,
            None,
            f"ce fichier, où l'assistant note ses copies, ne peut pas être lu ({error.strerror})",
            "Vérifiez que « pages » est un dossier, et que vous avez le droit de le lire.",
        ) from error
    except ValueError as error:
        raise _damaged(path) from error
    try:
        statuses = {
            source: _made(Status, found) for source, found in dict(state["sources"]).items()
        }
        records = [_made(Record, found) for found in state["pages"]]
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path) from error
    return statuses, records


def _made(kind: type[Any], found: dict[str, Any]) -> Any:
    """A record of ours; what a later version added is left aside."""
    return kind(**{field.name: found[field.name] for field in fields(kind) if field.name in found})


def _damaged(path: Path) -> ParseError:
    return ParseError(
        path,
        None,
        "ce fichier, où l'assistant note ses copies, est abîmé",
        "Supprimez-le, puis lancez « assistant fetch » : les copies seront redemandées.",
    )


def name(source: str, address: str, suffix: str) -> str:
    """The file of one page among those of a site: short, readable, the same each time."""
    path = re.sub(r"\.\w{1,5}$", "", unquote(urlsplit(address).path))
    plain = unicodedata.normalize("NFKD", path)
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    digest = hashlib.sha256(address.encode()).hexdigest()[:8]
    return f"{source}/{'-'.join([*words[-6:], digest])[-80:].strip('-')}{suffix}"
