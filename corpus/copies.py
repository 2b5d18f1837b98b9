"""Which copies of a source a build reads, and what it says of those that vanished."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from corpus.catalogue import Entry
from corpus.errors import State
from corpus.kinds import KINDS
from corpus.report import Line
from corpus.snapshots import Snapshots

SEVERAL = ("site", "feed")  # kinds of entries that hold several pages (corpus.fetching.sections)
_LATELY = timedelta(days=30)  # how long a build tells which pages left a site


def paths(entry: Entry, store: Snapshots) -> list[Path]:
    """Where the copies of an entry stand, or should; none of what vanished."""
    if entry.kind in SEVERAL:
        records = list(store.of(entry.id))
        here = [store.copy(record) for record in records if record.path and not record.vanished]
        return here if records else [store.folder / entry.id]
    record = store.find(entry.id, entry.address)
    gone = record is not None and record.vanished
    return [] if gone else [store.folder / f"{entry.id}{KINDS[entry.kind].suffix}"]


def vanished(entry: Entry, store: Snapshots) -> list[Line]:
    """A line for what its publisher took down: it left the index, and that is no mistake."""
    if not entry.enabled or "://" not in entry.address:
        return []
    told = _left(entry, store) if entry.kind in SEVERAL else _gone(entry, store)
    if told is None:
        return []
    line = Line(entry.id, entry.id, entry.title, State.VANISHED)
    return [replace(line, problem=told[0], remedy=told[1])]


def _gone(entry: Entry, store: Snapshots) -> tuple[str, str] | None:
    """The problem and the remedy, for a page or a document of the catalogue."""
    record = store.find(entry.id, entry.address)
    if record is None or not record.vanished:
        return None
    return (
        f"son éditeur l'a retirée (constaté le {record.vanished[:10]}), elle a quitté l'index",
        "Corrigez son adresse, ou retirez-la du catalogue.",
    )


def _left(entry: Entry, store: Snapshots) -> tuple[str, str] | None:
    """The same, for the pages that left a site lately."""
    lately = (datetime.now(UTC) - _LATELY).isoformat()
    gone = [record.address for record in store.of(entry.id) if record.vanished > lately]
    if not gone:
        return None
    others = f" et {len(gone) - 5} autres" if len(gone) > 5 else ""
    return (
        f"{len(gone)} page(s) de moins, qui ont quitté l'index : {', '.join(gone[:5])}{others}",
        "Rien à faire, sauf si une fiche s'appuie sur l'une d'elles.",
    )
