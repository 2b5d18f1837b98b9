"""Who comes in: told at once when the line is full, then counted, read whole, and given a place.

It stands before all that parses and answers, so that a crowd costs little; who sends slowly holds
no place meanwhile.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

from fastapi import Depends, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.doors.http.crowd import bodies
from assistant.doors.http.crowd.line import Busy, Line, Place
from assistant.doors.http.crowd.rates import TooMany, address
from assistant.doors.http.problems import Refused, refused
from assistant.doors.pages import site

# Where a search is made, but for MCP, which tells a refusal to the model, and the guichet, whose
# agents have someone before them.
_DOORS = frozenset(
    {
        *(("POST", path) for path in ("/api/v1/answers", "/api/v1/chat", "/v1/chat/completions")),
        *(("POST", path) for path in ("/poser", "/embed")),
        ("GET", "/api/v1/passages"),
    }
)
# Where nothing is answered while the town has stopped the assistant.
ANSWERING = frozenset({*(path for method, path in _DOORS if method == "POST"), "/mcp"})


class Admission:
    """Lets a request in with what was sent, and a place in the line until its response is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        line: Line | None = getattr(request.app.state, "line", None)  # none before it is ready
        if (scope["method"], scope["path"]) not in _DOORS:
            line = None
        town = "" if line is None else request.app.state.assistant.catalogue.town.insee
        try:
            if line is not None:
                line.check()
                await request.app.state.rates.count(address(request), town)
            if scope["method"] == "POST":
                _refuse_if_stopped(request)
                receive = _again(await bodies.whole(request), receive)
            with nullcontext() if line is None else line.place() as request.state.place:
                await self._app(scope, receive, send)
        except Refused as why:
            if isinstance(why, TooMany | Busy):
                request.app.state.metrics.refused(town, why)
            refusal = site.shown(request, await refused(request, why))
            if why.status == 408:
                refusal.headers["connection"] = "close"
            await refusal(scope, receive, send)


def _refuse_if_stopped(request: Request) -> None:
    if request.url.path in ANSWERING and (stop := request.app.state.switch.read()):
        raise Refused(stop.message, status=503)


def _again(body: bytes, receive: Receive) -> Receive:
    """What gives a body that was read, then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed


def _place(request: Request) -> Place:
    found: Place = request.state.place
    return found


InLine = Annotated[Place, Depends(_place)]
