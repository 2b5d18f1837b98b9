"""A database of the test's own, and the generation of the town."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assembly import Assistant
from assistant.records.store import Store
from index.generation import Generation


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'journal.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def live(assistant_open: Assistant) -> Generation:
    return assistant_open.retriever.generation
