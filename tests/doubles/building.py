"""Indexes built for what they bring, their check done in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.build import check
from index.encoder.embedding import Embedder
from index.generation import Bases, Generation


@contextmanager
def checked_here() -> Iterator[None]:
    """Have builds check their work in this process: in another, the imports alone take 3 s.

    That another process checks is tested in tests/index/test_build.py, and by the command that
    builds.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.build._check", _check)
        yield


def _check(folder: Path, embedder: Embedder, bases: Bases | None = None) -> None:
    opened = Generation(folder, embedder, bases)
    problems = check(opened)
    opened.close()
    assert problems == []
