"""The towns of a folder: a folder each, named by its Insee code, with its catalogue.toml."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

from corpus.catalogue import INSEE, Catalogue, load
from corpus.errors import CorpusError, ParseError


def codes(towns: Path) -> list[str]:
    """The Insee codes of the towns that have a catalogue, in order. Raises OSError."""
    return sorted(f.name for f in towns.iterdir() if INSEE.fullmatch(f.name) and is_town(f))


def is_town(folder: Path) -> bool:
    """Whether a folder has a catalogue, sound or not."""
    return (folder / "catalogue.toml").is_file()


def catalogue(towns: Path, insee: str) -> Catalogue:
    """The catalogue of a town. Raises CorpusError, when it is another's too."""
    path = towns / insee / "catalogue.toml"
    found = load(path)
    if found.town.insee != insee:
        raise ParseError(
            path,
            None,
            f"ce catalogue est celui de la commune {found.town.insee}, et non {insee}",
            "Corrigez « insee », ou renommez le dossier de la ville.",
        )
    return found


class Origins:
    """Which town a site is of: the « origins » of the catalogues, read again as they change."""

    def __init__(self, towns: Path, poll: float) -> None:
        self._towns = towns
        self._poll = poll
        self._read: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._known: dict[str, str] = {}
        self._looked: float | None = None
        self._lock = threading.Lock()

    def town(self, origin: str) -> str | None:
        """The Insee code of the town that lists a site; None when none does, or several do."""
        with self._lock:
            now = time.monotonic()
            if self._looked is None or now - self._looked > self._poll:
                self._looked = now
                self._look()
        return self._known.get(origin)

    def _look(self) -> None:
        read: dict[str, tuple[int, tuple[str, ...]]] = {}
        claimed: dict[str, list[str]] = {}
        for insee, changed in self._changes():
            known = self._read.get(insee)
            if known is None or known[0] != changed:
                try:
                    known = (changed, catalogue(self._towns, insee).town.origins)
                except (CorpusError, OSError):  # its own trouble: told where it is opened
                    known = (changed, ())
            read[insee] = known
            for origin in known[1]:
                claimed.setdefault(origin, []).append(insee)
        self._read = read
        # A site that two towns claim is neither's: one would answer for the other.
        self._known = {origin: who[0] for origin, who in claimed.items() if len(who) == 1}

    def _changes(self) -> Iterator[tuple[str, int]]:
        try:
            for insee in codes(self._towns):
                yield insee, (self._towns / insee / "catalogue.toml").stat().st_mtime_ns
        except OSError:
            return
