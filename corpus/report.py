"""What became of each source in a build: a line each, as JSON and as a table in French."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.disk import record
from corpus.errors import State
from corpus.structure import Convention

SAID = {
    State.READ: "lu",
    State.CUT: "lu en partie",
    State.EMPTY: "vide",
    State.REFUSED: "refusé",
    State.TIMED_OUT: "trop long",
    State.CRASHED: "illisible",
    State.MISSING: "absent",
    State.VANISHED: "disparu",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One publication, or the fiches of a folder. `source` is its entry's id in the catalogue.

    `name` is its own: a folder may hold several files. `documents` are the ids it is cited under.
    `pages` is None where there are none; `scanned` counts those that OCR read. `orders` is how the
    paragraphs begin that are left out because they speak to the assistant. `memory` is the most
    that its reader held, in bytes. `convention` is what a convention or an avenant holds.
    """

    name: str
    source: str
    title: str
    state: State
    documents: tuple[str, ...] = ()
    pages: int | None = None
    scanned: int = 0
    sections: int = 0
    orders: tuple[str, ...] = ()
    problem: str = ""
    remedy: str = ""
    seconds: float = 0.0
    memory: int = 0
    convention: Convention | None = None


def write(path: Path, lines: Sequence[Line], passages: Mapping[str, int]) -> None:
    """Write the report as JSON. `passages`: how many each document made, by its id."""
    report = {
        "states": Counter(line.state for line in lines),
        "sources": [{**asdict(line), "passages": _passages(line, passages)} for line in lines],
    }
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Mapping[str, Any]:
    """What `write` wrote; empty before, or when it cannot be read."""
    return record(path)


def table(lines: Sequence[Line], passages: Mapping[str, int]) -> str:
    """The report as a person reads it: a line a source, then what to do about those in trouble."""
    rows = [("source", "état", "pages", "numérisées", "passages")]
    for line in lines:
        rows.append(
            (
                line.name,
                SAID[line.state],
                "" if line.pages is None else str(line.pages),
                str(line.scanned) if line.scanned else "",
                str(_passages(line, passages)),
            )
        )
    return "\n".join([*columns(rows, left=2), *held(lines), *troubles(lines)])


def columns(rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Rows as lines of text: the first `left` columns set to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if number < left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def held(lines: Sequence[Line]) -> list[str]:
    """A sentence for each convention and avenant: what was found in it, for someone to check."""
    return [f"{line.name} ({line.title}) : {_held(line.convention)}." for line in lines
            if line.convention is not None]  # fmt: skip


def _held(found: Convention) -> str:
    counted = [
        (len(found.of("article")), "article", "articles"),
        (len(found.of("fiche")), "fiche action", "fiches action"),
        (len(found.of("annexe")), "annexe", "annexes"),
        (len(found.changes), "modification", "modifications"),
        (len(found.signatories), "signataire", "signataires"),
    ]
    said = [found.name, *(f"{n} {one if n == 1 else many}" for n, one, many in counted if n)]
    if not found.signatories:
        said.append("signataires non trouvés")
    said.append(f"signée le {found.signed}" if found.signed else "date de signature non trouvée")
    if found.role == "avenant":
        said[-1] = said[-1].replace("signée", "signé")
    if found.role == "convention" or found.duration:
        said.append(f"durée : {found.duration}" if found.duration else "durée non trouvée")
    return ", ".join(said)


def troubles(lines: Sequence[Line]) -> list[str]:
    """A sentence for each source that was not wholly read: what is wrong, and what to do."""
    return [
        f"{line.name} ({line.title}) : {line.problem}. {line.remedy}"
        for line in lines
        if line.problem
    ]


def _passages(line: Line, passages: Mapping[str, int]) -> int:
    return sum(passages.get(document, 0) for document in line.documents)
