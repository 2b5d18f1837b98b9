"""Everything that a database keeps goes to another, of the same kind or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.records import copying, trail
from assistant.records.people import People, Role
from assistant.records.store import Store


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    """A SQLite with two accounts, and a line of the trail for each."""
    with closing(Store(f"sqlite:///{tmp_path / 'kept.sqlite3'}")) as store:
        for name in ("marie", "yann"):
            People(store).add(name, Role.EDITOR, "terminal", "une phrase assez longue")
        yield store


def test_a_copy_holds_the_same_and_counts_on(kept: Store, database: str) -> None:
    with closing(Store(database)) as store:
        assert copying.is_empty(store)
        copying.copy(kept, store)
        assert not copying.is_empty(store)
        assert trail.lines(store, 9) == trail.lines(kept, 9)
        third = People(store).add("zoe", Role.AGENT, "terminal", "une phrase assez longue")
        assert [each.user.name for each in People(store).accounts()] == ["marie", "yann", "zoe"]
        assert third.id == 3


def test_a_copy_comes_back(kept: Store, database: str, tmp_path: Path) -> None:
    with (
        closing(Store(database)) as middle,
        closing(Store(f"sqlite:///{tmp_path / 'back.sqlite3'}")) as back,
    ):
        copying.copy(kept, middle)
        copying.copy(middle, back)
        assert People(back).accounts() == People(kept).accounts()
