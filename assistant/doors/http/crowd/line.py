"""One line for all that is answered: whoever would wait too long is told so at once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import anyio
import anyio.to_thread

from assistant.doors.http.problems import Refused
from assistant.writing.cancellation import Reader

_LONGEST = 2.0  # seconds that someone may wait for their turn
_FIRST = 0.1  # seconds that an answer is thought to take before any was given
_WEIGHT = 0.1  # of the last answer in the mean: that of the twenty before, or so
_CALM = 0.002  # seconds of work that a round of the loop takes when nobody waits for it
_POLITE = 0.25  # seconds that an answer may wait for that, not to wait for ever in a crowd

Given = TypeVar("Given")


class Busy(Refused):
    """Too many are waiting; the message is for who asked."""

    def __init__(self, wait: float) -> None:
        seconds = math.ceil(wait)
        super().__init__(
            "Beaucoup de personnes posent des questions en ce moment : réessayez dans "
            f"{seconds} secondes.",
            status=503,
            seconds=seconds,
        )


class Line:
    """Who waits, and the places where they are served, all counted on the event loop.

    `mean` is how many seconds an answer took of late.
    """

    def __init__(
        self,
        places: int,
        longest: float = _LONGEST,
        clock: Callable[[], float] = time.monotonic,
        every: anyio.Semaphore | None = None,
    ) -> None:
        """`every`: the places of all the lines together, where there are several: the crowd in one
        stands in front of nobody in another."""
        self.places = places
        self.longest = longest
        self.mean = _FIRST
        self._clock = clock
        self._waiting: set[Place] = set()
        self._began: dict[Place, float] = {}
        self._turn = anyio.Semaphore(places)
        self._every = every or anyio.Semaphore(places)
        self._threads = anyio.CapacityLimiter(places)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def serving(self) -> int:
        return len(self._began)

    @property
    def wait(self) -> float:
        """Seconds that who comes now would wait for their turn."""
        ahead = max(0, self.waiting + 1 - (self.places - self.serving))
        now, serving = self._clock(), tuple(self._began.values())  # read from threads too
        # What has lasted longer than usual, and goes on, is known before it ends.
        going = sum(now - began for began in serving) / len(serving) if serving else 0.0
        return ahead * max(self.mean, going) / self.places

    def check(self) -> None:
        """Raises Busy when who comes now would wait too long."""
        if (wait := self.wait) > self.longest:
            raise Busy(wait)

    @contextmanager
    def place(self) -> Iterator[Place]:
        """A place in the line, until the block ends: its reader has left then. Raises Busy."""
        self.check()
        place = Place(self)
        self._waiting.add(place)
        try:
            yield place
        finally:
            self._waiting.discard(place)
            place.reader.leave()

    async def serve(self, place: Place, work: Callable[[], Given]) -> Given:
        """What `work` gives, in a thread, when the turn of a place has come."""
        async with self._turn, self._every:
            self._waiting.discard(place)
            began = self._began[place] = self._clock()
            try:
                await _calm()
                self._began[place] = self._clock()
                return await anyio.to_thread.run_sync(work, limiter=self._threads)
            finally:
                del self._began[place]
                self.mean += _WEIGHT * (self._clock() - began - self.mean)


async def _calm() -> None:
    """Wait until the loop has let in, or told, all who stand at the door.

    An answer is work for the one interpreter that the loop needs too: while two were made, each
    read and write of the loop waited for its turn.
    """
    until = time.monotonic() + _POLITE
    while time.monotonic() < until:
        worked = time.thread_time()  # the loop's own: a busy machine makes no crowd
        await anyio.sleep(0)
        if time.thread_time() - worked < _CALM:
            return


class Place:
    """Where one request stands in a line, and who made it."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.reader = Reader()

    async def run(self, work: Callable[[], Given]) -> Given:
        """What `work` gives, in a thread, when its turn has come."""
        return await self._line.serve(self, work)
