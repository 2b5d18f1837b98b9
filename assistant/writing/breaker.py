"""When not to ask a language model: it keeps failing, or enough was asked of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date

from assistant.errors import Cause


class Breaker:
    """Spares residents the wait for an endpoint that keeps failing.

    After `failures` in a row nothing is admitted for `rest` seconds; then one question at a time
    tries again, and its success admits all. pybreaker would hold its lock during the call, which
    makes residents queue, and has no rest that depends on the failure (Retry-After).
    """

    def __init__(
        self, failures: int, rest: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._failures = failures
        self._rest = rest
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._until = 0.0
        self._trying = False

    @property
    def resting(self) -> bool:
        """Whether it failed so often that it is left alone."""
        return self._failed >= self._failures

    def admit(self) -> bool:
        """Whether to ask now. Each yes is followed by `succeeded`, `failed` or `abandoned`."""
        with self._lock:
            if self._failed < self._failures:
                return True
            if self._trying or self._clock() < self._until:
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failed, self._trying = 0, False

    def abandoned(self) -> None:
        """The question was given up: it says nothing of the endpoint, either way."""
        with self._lock:
            self._trying = False

    def failed(self, rest: float | None = None) -> None:
        """Count a failure; with `rest`, admit nothing for that many seconds from now."""
        with self._lock:
            self._trying = False
            self._failed = self._failed + 1 if rest is None else self._failures
            if self._failed >= self._failures:
                self._until = self._clock() + (self._rest if rest is None else rest)


class Allowance:
    """How many questions may still be written now: so many at once, so many a day."""

    def __init__(self, at_once: int, daily: int, today: Callable[[], date] = date.today) -> None:
        self._slots = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._daily = daily
        self._today = today
        self._day = today()
        self._spent = 0

    def take(self) -> Cause | None:
        """Take one, whose turn ends with `release`; else say what is used up."""
        if not self._slots.acquire(blocking=False):
            return Cause.BUSY
        with self._lock:
            if self._day != self._today():
                self._day, self._spent = self._today(), 0
            if self._daily and self._spent >= self._daily:
                self._slots.release()
                return Cause.BUDGET
            self._spent += 1
        return None

    def release(self, unused: bool = False) -> None:
        """End a turn; `unused`: nothing was asked, it does not count."""
        with self._lock:
            self._spent -= unused
        self._slots.release()
