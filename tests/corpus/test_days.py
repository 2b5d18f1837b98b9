from datetime import date

import pytest

from corpus.days import MONTHS, Day, month, months, written


def test_a_month_is_known_with_its_accents_or_without() -> None:
    assert [month(name) for name in MONTHS] == list(range(1, 13))
    assert [month(name) for name in ("fevrier", "AOÛT", "aout", "Decembre")] == [2, 8, 8, 12]


@pytest.mark.parametrize(
    ("day", "said"), [("2026-03-01", "1er mars 2026"), ("2026-12-22", "22 décembre 2026")]
)
def test_a_day_is_said_in_words(day: str, said: str) -> None:
    assert written(day) == said


@pytest.mark.parametrize(
    ("parts", "french", "english"),
    [
        ((2026,), "2026", "2026"),
        ((2026, 2), "février 2026", "February 2026"),
        ((2026, 3, 1), "1er mars 2026", "1 March 2026"),
    ],
)
def test_a_day_is_said_as_precisely_as_it_is_known(
    parts: tuple[int, ...], french: str, english: str
) -> None:
    day = Day.of(*parts)
    assert day is not None
    assert (day.said(), day.said("en")) == (french, english)


def test_what_is_in_no_calendar_is_no_day() -> None:
    assert [Day.of(2026, 13), Day.of(2026, 2, 30)] == [None, None]


def test_months_are_whole() -> None:
    # the 30th of June to the 29th of July is not a month yet
    start = date(2026, 6, 30)
    assert [months(start, date(2026, 7, 29)), months(start, date(2027, 7, 30))] == [0, 13]
