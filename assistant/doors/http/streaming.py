"""What the pipeline emits, as it emits it, while it works in another thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import anyio

from assistant.answers import Door, Style
from assistant.assembly import Assistant
from assistant.doors.http.crowd.line import Place
from assistant.doors.http.problems import BROKEN
from assistant.question.history import Message

# Seconds without an event before a sign of life: proxies close a silent stream after 30 to 60.
BEAT = 15.0

# What every stream of events is sent with: kept by nobody, held back by no proxy.
MEDIA_TYPE = "text/event-stream; charset=utf-8"
HEADERS = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no"}

Event = tuple[str, Mapping[str, Any]]

log = logging.getLogger(__name__)


async def emitted(
    assistant: Assistant,
    question: str,
    history: Sequence[Message],
    place: Place,
    beat: float = BEAT,
    style: Style = Style.STANDARD,
    door: Door = Door.API,
) -> AsyncIterator[Event | None]:
    """The events of one answer, « done » or « error » last; None when nothing came for `beat` s.

    No thread waits for a reader: the events come to the loop by themselves. Who hangs up leaves the
    line, or who writes for them is told, when their place ends: nothing is undone here, for nothing
    closes what a response reads from when it is cancelled as it sends.
    """
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[Event | None] = asyncio.Queue()

    def put(event: Event | None) -> None:
        loop.call_soon_threadsafe(events.put_nowait, event)

    def show(name: str, data: Mapping[str, Any]) -> None:
        put((name, data))

    def work() -> None:
        try:
            assistant.answer(question, history, show, place.reader, style, door)
        except Exception:
            log.exception("an answer failed")
            put(("error", {"detail": BROKEN}))

    async def turn() -> None:
        try:
            with anyio.CancelScope() as waiting, place.reader.telling(waiting.cancel):
                await place.run(work)
        finally:
            put(None)

    turning = asyncio.create_task(turn())
    while True:
        try:
            event = await asyncio.wait_for(events.get(), beat)
        except TimeoutError:
            yield None
            continue
        if event is None:
            await turning
            return
        yield event
