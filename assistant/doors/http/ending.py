"""A server that stops leaves nobody without a word: whoever still waits is told that none comes."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Mapping
from typing import Any

import anyio
import anyio.to_thread
import uvicorn
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.doors.http.problems import problem

# Seconds that answers have to end, from SIGTERM; then uvicorn's, for what is said to be sent.
GRACE, SENDING = 8.0, 2
_STOPPED = "Le serveur s'arrête : cette réponse n'a pas pu être donnée. Réessayez dans un instant."


class Over:
    """Whether a server that stops can wait no longer. Of no event loop: each who waits is told in
    theirs."""

    def __init__(self) -> None:
        self._set = False
        self._waiting: set[anyio.Event] = set()

    def is_set(self) -> bool:
        """Whether it was said."""
        return self._set

    def set(self) -> None:
        """Say it to all who wait."""
        self._set = True
        for event in self._waiting:
            event.set()

    async def wait(self) -> None:
        """Until it is said."""
        event = anyio.Event()
        if self._set:
            event.set()
        self._waiting.add(event)
        try:
            await event.wait()
        finally:
            self._waiting.discard(event)


class Server(uvicorn.Server):
    """A server whose answers end before it does: told to stop, it waits for no language model."""

    def __init__(self, config: uvicorn.Config, app: Any, grace: float = GRACE) -> None:
        super().__init__(config)
        self._state, self._grace = app.state, grace

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Quotations complete, at once, what was being written."""
        asyncio.get_running_loop().call_later(self._grace, self._state.over.set)
        if self._state.assistant.writer is not None:
            await anyio.to_thread.run_sync(self._state.assistant.writer.close)
        await super().shutdown(sockets)


class Ending:
    """Ends what is under way when the server's `over` is set, with a 503 or an event « error »."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As any ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent: list[Message] = []  # the first, which has the headers, and the last
        over = scope["app"].state.over

        async def seen(message: Message) -> None:
            if not over.is_set():
                sent[1:] = [message]
                await send(message)

        async with anyio.create_task_group() as group:

            async def watch() -> None:
                await over.wait()  # told at once: what answers, in a thread, may take its time
                if not sent:
                    await problem(Request(scope), 503, _STOPPED)(scope, receive, send)
                elif sent[-1].get("more_body", len(sent) == 1) and (said := _said(scope, sent[0])):
                    await send({"type": "http.response.body", "body": said})
                group.cancel_scope.cancel()

            group.start_soon(watch)
            await self._app(scope, receive, seen)
            group.cancel_scope.cancel()


def _said(scope: Scope, start: Message) -> bytes:
    """What ends a stream of events, in the words of its door; nothing for what is no stream."""
    if not dict(start["headers"]).get(b"content-type", b"").startswith(b"text/event-stream"):
        return b""
    if scope["path"].startswith("/v1/"):
        error = {"message": _STOPPED, "type": "server_error", "param": None, "code": None}
        return _frame({"error": error})
    if scope["path"] == "/api/v1/chat":
        return _frame({"type": "error", "errorText": _STOPPED})
    return b"event: error\n" + _frame({"detail": _STOPPED})


def _frame(data: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
