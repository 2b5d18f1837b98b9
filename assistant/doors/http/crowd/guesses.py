"""A reference is the only key of a kept answer: trying many of them is slow, and soon refused.

The addresses that tried unknown ones are held in memory alone, until a try that comes ten minutes
later, and are logged nowhere.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread
from fastapi import HTTPException, Request

from assistant.doors.http.crowd.rates import address
from assistant.errors import JournalError

_MOST = 10  # unknown references: who misreads one over the phone tries it three times
_WINDOW = 600.0  # seconds that each of them counts
_ADDRESSES = 10_000  # known at once: a few MB
# Seconds before any reference is answered, known or not: what the search took tells nothing.
_PACE = 0.25

Found = TypeVar("Found")


class Guesses:
    """The unknown references that each address has tried of late."""

    def __init__(self, pace: float = _PACE, clock: Callable[[], float] = time.monotonic) -> None:
        self.pace = pace
        self._clock = clock
        self._tried: dict[str, deque[float]] = {}

    def begin(self, address: str) -> int:
        """Count a try; seconds to wait before the next when it is one too many, else 0."""
        now = self._clock()
        tried = self._tried.pop(address, deque())
        while tried and now - tried[0] >= _WINDOW:
            tried.popleft()
        while self._tried:
            oldest = next(iter(self._tried))
            if now - self._tried[oldest][-1] < _WINDOW and len(self._tried) < _ADDRESSES:
                break
            del self._tried[oldest]
        self._tried[address] = tried
        if len(tried) >= _MOST:
            return math.ceil(tried[0] + _WINDOW - now)
        tried.append(now)
        return 0

    def take_back(self, address: str) -> None:
        """Count the last try no more: its reference is known, or nothing could be looked up."""
        tried = self._tried.get(address)
        if tried:
            tried.pop()
        if not tried:
            self._tried.pop(address, None)


async def looked_up(request: Request, reference: str, look: Callable[[str], Found]) -> Found:
    """What `look` finds under a reference, falsy for nothing, no sooner than the pace allows.

    Raises HTTPException where too many unknown ones came from the same address.
    """
    guesses: Guesses = request.app.state.guesses
    who = address(request)
    if wait := guesses.begin(who):
        minutes = math.ceil(wait / 60)
        raise HTTPException(
            429,
            "Trop de références inconnues ont été essayées depuis votre connexion. Réessayez dans "
            f"{minutes} minute{'s' if minutes > 1 else ''}.",
            {"retry-after": str(wait)},
        )
    until = anyio.current_time() + guesses.pace
    try:
        found = await anyio.to_thread.run_sync(look, reference)
    except JournalError:
        guesses.take_back(who)
        raise
    await anyio.sleep_until(until)
    if found:
        guesses.take_back(who)
    return found
