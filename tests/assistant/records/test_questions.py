"""What the journal says of many answers, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.answers import Door, Outcome
from assistant.records.journal import Feedback, Journal
from assistant.records.questions import SHOWN, Filter, counts, listed, oldest
from assistant.records.receipts import Cited, Receipt
from assistant.records.store import Store, stamp

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
CITED = Cited(1, "summary", "marche#1", "d", ("Le marché",), 0, "Samedi.", None, None, ())
ASKED = Receipt(
    "a1", stamp(NOW), "Quand ?", "Quand ?", "Quand ?", "fr", Outcome.NO_PASSAGE, "Rien.", (), (),
    "000001", {}, door=Door.API, seconds=0.1,
)  # fmt: skip
MARKET = replace(
    ASKED, question="Le MARCHÉ à 100 % ?", outcome=Outcome.ANSWERED, cited=(CITED,), door="widget"
)


@pytest.fixture
def filled(database: str) -> Iterator[Store]:
    """Three answers of two days; one judged useful, one not."""
    with closing(Store(database)) as store:
        journal = Journal(store, 30, lambda: NOW)
        journal.keep(ASKED)
        journal.keep(replace(MARKET, id="a2", seconds=0.3))
        journal.keep(replace(MARKET, id="a3", at=stamp(NOW - timedelta(days=2)), seconds=None))
        journal.note("a2", Feedback(True))
        journal.note("a1", Feedback(False, ("beside",)))
        journal.close()
        yield store


def ids(store: Store, wanted: Filter) -> list[str]:
    with store.reading() as connection:
        found = [asked.id for asked in listed(connection, wanted)]
        assert counts(connection, wanted).total == len(found)
    return found


def test_answers_are_counted_by_what_they_are(filled: Store) -> None:
    with filled.reading() as connection:
        found = counts(connection, Filter())
    assert found.days == {
        "2026-11-30": {"no_passage": 1, "answered": 1},
        "2026-11-28": {"answered": 1},
    }
    assert found.outcomes == {"no_passage": 1, "answered": 2}
    assert found.doors == {"api": 1, "widget": 2}
    assert found.subjects == {"": 1, "marche": 2}
    assert found.opinions == {True: 1, False: 1}
    assert (found.seconds, found.total) == ([0.1, 0.3], 3)
    assert (found.within(0.5), found.within(0.95)) == (0.3, 0.3)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), ["a1", "a2", "a3"]),
        (Filter(since="2026-11-29"), ["a1", "a2"]),
        (Filter(until="2026-11-29"), ["a3"]),
        (Filter(outcome="answered"), ["a2", "a3"]),
        (Filter(door="api"), ["a1"]),
        (Filter(subject="marche", since="2026-11-30"), ["a2"]),
        (Filter(opinion="utile"), ["a2"]),
        (Filter(opinion="inutile"), ["a1"]),
        (Filter(words="le march"), ["a2", "a3"]),
        (Filter(words="100 %"), ["a2", "a3"]),
        (Filter(words="1%0"), []),
        (Filter(words="_"), []),
    ],
    ids=str,
)
def test_a_filter_leaves_what_is_wanted(filled: Store, wanted: Filter, found: list[str]) -> None:
    assert ids(filled, wanted) == found


def test_an_answer_is_listed_with_what_was_thought_of_it(filled: Store) -> None:
    with filled.reading() as connection:
        first, second, third = listed(connection, Filter())
    assert (first.useful, first.reasons, first.door, first.seconds) == (
        False, '["beside"]', "api", 0.1
    )  # fmt: skip
    assert (second.useful, second.reasons, second.subject) == (True, "[]", "marche")
    assert (third.useful, third.reasons, third.seconds) == (None, "", None)


def test_a_page_is_a_part_of_the_list(database: str) -> None:
    with closing(Store(database)) as store:
        journal = Journal(store, 30, lambda: NOW)
        for number in range(SHOWN + 2):
            journal.keep(
                replace(ASKED, id=f"{number:03}", at=stamp(NOW - timedelta(minutes=number)))
            )
        journal.close()
        with store.reading() as connection:
            pages = [[each.id for each in listed(connection, Filter(), n)] for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [SHOWN, 2, 0]
    assert sum(pages, []) == [f"{number:03}" for number in range(SHOWN + 2)]


def test_no_day_of_which_something_has_expired_is_shown() -> None:
    assert oldest(date(2026, 11, 30), 30) == "2026-11-01"
    assert oldest(date(2026, 11, 30), 1) == "2026-11-30"
