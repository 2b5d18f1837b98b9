"""Who an answer is written for, and whether they are still there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Reader:
    """One who waits for an answer. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gone = False
        self._told: list[Callable[[], None]] = []

    def leave(self) -> None:
        """The reader hung up: who works for them is told, once, from this thread."""
        with self._lock:
            self._gone = True
            told, self._told = self._told, []
        for callback in told:
            callback()

    @contextmanager
    def telling(self, callback: Callable[[], None]) -> Iterator[None]:
        """Have `callback` called when the reader leaves meanwhile, or has left already."""
        with self._lock:
            gone = self._gone
            if not gone:
                self._told.append(callback)
        if gone:
            callback()
        try:
            yield
        finally:
            with self._lock:
                if callback in self._told:
                    self._told.remove(callback)
