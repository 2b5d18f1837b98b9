"""The endpoint, and a small town's assistant that writes through it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.writing.endpoint import Limits, Upstream
from assistant.writing.writer import Writer
from index.french.analysis import ACRONYMS, sentences, tokens

from .double import Endpoint

# The default deadlines, ten times shorter.
LIMITS = Limits(first=0.8, gap=0.5, shown=1.0, total=3.0)

Open = Callable[..., Upstream]


def check(
    sentence: str, texts: Sequence[str], acronyms: Mapping[str, str] = ACRONYMS
) -> str | None:
    """A check of ours, simpler than assistant.proof.checking: every word stands in the passages."""
    return None if set(tokens(sentence)) <= set(tokens(" ".join(texts))) else "content"


def supporting(sentence: str, text: str) -> tuple[int, int]:
    """The sentence of a text that shares the most words."""
    said = set(tokens(sentence))
    return max(sentences(text), key=lambda at: len(said & set(tokens(text[at[0] : at[1]]))))


def writer(upstream: Upstream) -> Writer:
    return Writer(upstream, check, supporting)


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
