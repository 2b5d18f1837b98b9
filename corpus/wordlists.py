"""Lists of words that ship as text files, for people who do not program to correct.

A line is an entry. « # » is for whoever reads the file; « ## » says why the entries under it are
there, up to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list, and why it is there."""

    text: str
    reason: str
    line: int  # from 1


def read(path: Path) -> list[Entry]:
    """The entries of a list, in order. Raises ValueError for one without a reason above it."""
    found: list[Entry] = []
    reason = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if text.startswith("##"):
            reason = text.lstrip("# ")
        elif text and not text.startswith("#"):
            if not reason:
                raise ValueError(
                    f"{path.name}, ligne {number} : dites pourquoi, d'une ligne « ## »"
                )
            found.append(Entry(text, reason, number))
    return found
