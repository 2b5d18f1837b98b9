"""Who comes in where questions are answered: counted, then given a place in the line, or told why.

It stands after the body is read: who sends theirs slowly holds no place.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.doors.http.line import Busy, Line, Place
from assistant.doors.http.problems import problem
from assistant.doors.http.rates import Rates, TooMany, address
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


class Admission:
    """Lets a request in with a place in the line, that it leaves once its response is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["app"].state
        line: Line | None = getattr(state, "line", None)  # none before the server is ready
        if scope["type"] != "http" or (scope["method"], scope["path"]) not in _DOORS or not line:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        rates: Rates = state.rates
        try:
            line.check()  # before the counting: a crowd costs nothing more
            await rates.count(address(request))
            with line.place() as place:
                request.state.place = place
                await self._app(scope, receive, send)
        except (TooMany, Busy) as full:
            status = 429 if isinstance(full, TooMany) else 503
            state.metrics.refused(full)
            refusal = problem(request, status, str(full))
            refusal.headers["retry-after"] = str(full.seconds)
            await site.shown(request, refusal)(scope, receive, send)


def _place(request: Request) -> Place:
    found: Place = request.state.place
    return found


InLine = Annotated[Place, Depends(_place)]
