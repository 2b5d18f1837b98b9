"""How many points a list has and rows a table, where its reader gave them one by one.

A paragraph between two lists may belong to a point of the first: neither is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from corpus.documents import Extent, Section


def extent(text: str, size: int) -> tuple[Extent, ...]:
    """The extent of a section that is one list, or one row."""
    return (Extent(0, len(text), size),)


def uncounted(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections of a file that was read in part: nobody can tell how long its lists are."""
    return tuple(
        replace(section, extents=tuple(replace(e, size=0) for e in section.extents))
        for section in sections
    )


def counted(sections: Sequence[Section]) -> list[Section]:
    """The sections, each row knowing how many its table has."""
    found: list[Section] = []
    for table, run in groupby(sections, key=_table):
        rows = list(run)
        if table is not None:
            rows = [replace(row, extents=extent(row.text, len(rows))) for row in rows]
        found += rows
    for at in range(len(found) - 2):
        first, between, second = found[at : at + 3]
        same = first.headings == between.headings == second.headings
        if same and (first.form, between.form, second.form) == ("list", "prose", "list"):
            if not between.text.rstrip().endswith(":"):
                found[at : at + 3] = [*uncounted([first]), between, *uncounted([second])]
    return found


def columns(row: str) -> tuple[str, ...]:
    """The names of the columns of « Rue : … ; Montant : … », "" for a cell that has none."""
    return tuple(name if colon else "" for name, colon, _ in _cells(row))


def values(row: str) -> tuple[str, ...]:
    """What stands in the cells of a row, without their columns' names."""
    return tuple(value if colon else name for name, colon, value in _cells(row))


def _cells(row: str) -> list[tuple[str, str, str]]:
    return [cell.partition(" : ") for cell in row.split(" ; ")]


def _table(section: Section) -> tuple[object, ...] | None:
    """What tells the rows of a table from those of the next: its headings and its first column."""
    if section.form != "row":
        return None
    return section.headings, columns(section.text)[0]
