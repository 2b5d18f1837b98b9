"""What a fetch found, as a person reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from corpus.fetching.fetch import Fetched
from corpus.report import columns
from corpus.snapshots import SAID, Became


def told(found: Fetched, since: date | None, check: bool) -> Iterator[str]:
    """A line a change, then the sum, then what to do next. `check`: nothing was written."""
    rows = [
        [SAID[c.became], c.source, *([c.at[:10]] if since else []), c.address]
        for c in found.changes
    ]
    yield from columns(rows, left=len(rows[0])) if rows else ()
    yield from found.notes
    if not found.sources:
        yield "Aucune source à lire aujourd'hui : voyez « enabled » et « refresh » du catalogue."
        return
    counts = Counter(change.became for change in found.changes)
    when = f"depuis le {since.isoformat()}" if since else "cette fois"
    yield (
        f"Sources : {found.sources}. Pages et documents : {found.pages}. Changements {when} : "
        f"{counts[Became.NEW]} nouveau(x), {counts[Became.CHANGED]} modifié(s), "
        f"{counts[Became.VANISHED]} disparu(s)."
    )
    if found.changes:
        first = "« assistant fetch », puis " if check else ""
        yield f"Lancez {first}« assistant build » pour que les réponses en tiennent compte."


def failures(found: Fetched) -> Iterator[str]:
    """A table of what could not be brought, then what to do about each."""
    if not found.troubles:
        return
    rows = [("échec", "copie gardée", "problème")]
    rows += [(t.source, t.kept or "aucune", t.problem) for t in found.troubles]
    yield from columns(rows, left=3)
    yield "Que faire :"
    for trouble in dict.fromkeys((t.source, t.address, t.remedy) for t in found.troubles):
        yield f"- {trouble[0]} ({trouble[1]}) : {trouble[2]}"
