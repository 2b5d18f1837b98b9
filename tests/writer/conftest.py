"""The endpoint, and a model at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.upstream import Limits, Upstream

from .double import Endpoint

# The default deadlines, ten times shorter.
LIMITS = Limits(first=0.8, gap=0.5, total=3.0)

Open = Callable[..., Upstream]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    started = Endpoint()
    yield started
    started.stop()


@pytest.fixture
def upstream(endpoint: Endpoint) -> Iterator[Open]:
    """Opens a model at the endpoint, or at `url`; no thread of it is left at the end."""
    before = set(threading.enumerate())
    opened: list[Upstream] = []

    def open_(url: str = "", limits: Limits = LIMITS, key: str = "clef-secrete") -> Upstream:
        opened.append(Upstream(url or endpoint.url, "essai", SecretStr(key), limits))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()
    left: set[Any] = {t for t in set(threading.enumerate()) - before if t.name == "writer"}
    assert left == set()
