"""Charts as numbers: where each bar stands, in percents of its picture. Templates draw them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.answers import CITING

_DAYS = 92  # beyond, a bar is a month


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a table and its bar. `share`, `part`: its whole and its answered part, in percents
    of the longest; `left`, `wide`: where it stands, among those beside it.
    """

    name: str
    count: int
    share: float
    answered: int = 0
    part: float = 0.0
    left: float = 0.0
    wide: float = 0.0


def lengths(counted: Mapping[str, int], most: int | None = None) -> list[Bar]:
    """A bar a name, the longest first, `most` at most."""
    longest = max(counted.values(), default=0)
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return [Bar(name, count, 100 * count / longest) for name, count in ordered]


def through_time(days: Mapping[str, Mapping[str, int]], since: date, until: date) -> list[Bar]:
    """A bar a day from one to the other, those without a question too; or a month."""
    span = (until - since).days + 1
    spans = [(since + timedelta(days=number)).isoformat() for number in range(max(span, 0))]
    cut = 10 if span <= _DAYS else 7  # « 2026-11-30 », or « 2026-11 »
    counts = {day[:cut]: [0, 0] for day in spans}
    for day, outcomes in days.items():
        count = counts.setdefault(day[:cut], [0, 0])
        count[0] += sum(outcomes.values())
        count[1] += sum(number for outcome, number in outcomes.items() if outcome in CITING)
    highest = max((count for count, _ in counts.values()), default=0) or 1
    wide = 100 / max(len(counts), 1)
    return [
        Bar(
            name,
            count,
            100 * count / highest,
            answered,
            100 * answered / highest,
            wide * (number + 0.1),
            wide * 0.8,
        )
        for number, (name, (count, answered)) in enumerate(sorted(counts.items()))
    ]
