"""Days as French writes them."""

from __future__ import annotations

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"),
    *("octobre", "novembre", "décembre"),
)
_ACCENTS = str.maketrans("éû", "eu")
FOLDED_MONTHS = tuple(name.translate(_ACCENTS) for name in MONTHS)
# Any of them, with its accents or without, inside a pattern.
MONTH = "|".join(dict.fromkeys((*MONTHS, *FOLDED_MONTHS)))


def month(name: str) -> int:
    """1 to 12, for a name in any case, with its accents or without."""
    return FOLDED_MONTHS.index(name.lower().translate(_ACCENTS)) + 1


def written(day: str) -> str:
    """An ISO day as it is said: « 1er mars 2026 »."""
    year, rank, number = map(int, day.split("-"))
    return f"{'1er' if number == 1 else number} {MONTHS[rank - 1]} {year}"
