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
from assistant.writing.cancellation import Reader

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

    No thread waits for a reader: the events come to the loop by themselves. Cancelled when the
    reader hangs up, it lets who writes for them know.
    """
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    reader = Reader()

    def put(event: Event | None) -> None:
        loop.call_soon_threadsafe(events.put_nowait, event)

    def show(name: str, data: Mapping[str, Any]) -> None:
        put((name, data))

    def work() -> None:
        try:
            assistant.answer(question, history, show, reader, style, door)
        except Exception:
            log.exception("an answer failed")
            put(("error", {"detail": BROKEN}))
        finally:
            put(None)

    async with anyio.create_task_group() as group:
        group.start_soon(place.run, work)
        try:
            while True:
                try:
                    event = await asyncio.wait_for(events.get(), beat)
                except TimeoutError:
                    yield None
                    continue
                if event is None:
                    return
                yield event
        finally:
            reader.leave()  # the group waits for the thread, and the thread for the model
