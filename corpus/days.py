"""Days as French and English write them, as precisely as a text gives them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"),
    *("octobre", "novembre", "décembre"),
)
ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
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
    only = date.fromisoformat(day)
    return Day(only, only).said()


@dataclass(frozen=True, slots=True)
class Day:
    """A day, a month or a year, as precisely as a text gives it: its first day and its last."""

    first: date
    last: date

    @classmethod
    def of(cls, year: int, month: int | None = None, day: int | None = None) -> Day | None:
        """A year, a month of it or a day of that; None for what is in no calendar."""
        try:
            if month is None:
                return cls(date(year, 1, 1), date(year, 12, 31))
            if day is None:
                return cls.month_of(date(year, month, 1))
            return cls(date(year, month, day), date(year, month, day))
        except ValueError:
            return None

    @classmethod
    def month_of(cls, day: date) -> Day:
        """The month that a day is of."""
        return cls(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))

    @property
    def precision(self) -> str:
        """« day », « month » or « year »."""
        if self.first == self.last:
            return "day"
        return "month" if self.first.month == self.last.month else "year"

    def said(self, language: str = "fr") -> str:
        """« 1er mars 2026 », « mars 2026 », « 2026 »; "1 March 2026" in English."""
        if self.precision == "year":
            return str(self.last.year)
        names = ENGLISH_MONTHS if language == "en" else MONTHS
        name = f"{names[self.first.month - 1]} {self.first.year}"
        if self.precision == "month":
            return name
        number = self.first.day
        return f"{'1er' if number == 1 and language != 'en' else number} {name}"


def months(start: date, end: date) -> int:
    """Whole months from one day to a later one."""
    return 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day)
