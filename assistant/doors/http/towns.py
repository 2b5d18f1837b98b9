"""Several towns behind one address: which one is asked, and its doors at its own path.

A page of a town is written as if it were alone, at the root; what it sends is led back to its path
here, as a proxy before it would do.
"""

from __future__ import annotations

import copy
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders, State
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.doors.http import api
from assistant.doors.http.following import Following
from assistant.doors.http.heads import Heads
from assistant.doors.http.problems import problem
from assistant.doors.http.ready import NOT_READY

if TYPE_CHECKING:
    from assistant.doors.http.tracing import Traces

from assistant.towns.registry import NotReady, Town, Towns, UnknownTown

_TOWN = re.compile(r"(/t/([0-9AB]{5}))(?:(/.*)|$)", re.DOTALL)
# What any town would answer alike: it asks for none.
_ANYWHERE = re.compile(r"/(?:healthz(?:/|$)|metrics$|widget/)")
_OPENING = 2  # towns at once: those that are open answer meanwhile
# Questions answered at once, of all towns: more threads than cores only wait for each other.
_AT_ONCE = 4
# A link of our own pages; a quote in a text is escaped, so that none is taken for one.
_OURS = re.compile(r"/(?!/)")
_LINK = re.compile(rb'(\s(?:href|src|action|formaction)=")(/(?!/))')
_NOWHERE = (
    "Cette adresse ne dit pas de quelle ville il s'agit. Ajoutez « /t/ » et le code Insee de la "
    "commune, ou ajoutez l'adresse de votre site à « origins » dans son catalogue."
)
_UNKNOWN = "Il n'y a pas ici de ville du code Insee « {} »."


class TownDoors:
    """The doors of a town that is open: the routes of all, with what is its own."""

    def __init__(
        self, town: Town, app: FastAPI, every: anyio.Semaphore, traces: Traces | None
    ) -> None:
        """`app`: what serves any town; `every`: the places of all of them."""
        self._town = town
        self._app = copy.copy(app)
        self._app.state = State()
        for name in ("guesses", "rates", "metrics", "over"):  # whatever the town
            setattr(self._app.state, name, getattr(app.state, name))
        api.furnished(self._app, town.settings)
        self._list()
        self._watched = api.answered_by(self._app, town.assistant, traces, every)

    def _list(self) -> None:
        """Let in the pages of the sites that the catalogue lists."""
        self._catalogue = self._town.assistant.catalogue
        settings = api.listing(self._town.settings, self._catalogue.town)
        self._app.state.settings = settings
        self._outside = Heads(_Led(CORSMiddleware(self._app, **api.cors(settings.origins))))

    def busy(self) -> bool:
        """Whether its sources are being read."""
        run = self._app.state.rebuilding.run
        return run is not None and run.ended is None

    def close(self) -> None:
        """Stop reading its sources, and count it no more among those that are open."""
        self._app.state.rebuilding.close()
        self._app.state.metrics.towns.remove(self._watched)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._catalogue is not self._town.assistant.catalogue:
            self._list()
        await self._outside(scope, receive, send)


class Served:
    """The towns of a registry, as one ASGI application."""

    def __init__(self, towns: Towns) -> None:
        self._towns = towns
        self._app = api.application(self._lifespan)
        self._app.state.settings = towns.settings
        api.shared(self._app, towns.settings)
        self._app.middleware_stack = self._app.build_middleware_stack()
        self._anywhere = Heads(self._app)

    @property
    def state(self) -> State:
        """What is of no town."""
        return self._app.state

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        await anyio.to_thread.run_sync(import_module, "assistant.doors.mcp")  # 1.3 s, once
        self._opening = anyio.CapacityLimiter(_OPENING)
        writing = self._towns.shared.writer is not None
        self._every = anyio.Semaphore(max(_AT_ONCE, api.at_once(writing)))
        self._traces = api.traced(self._towns.settings)
        open_towns, poll = self._towns, self._towns.settings.poll
        following = Following(lambda: [town.assistant for town in open_towns.open], poll)
        yield
        following.close()
        await self._app.state.rates.close()
        if self._traces is not None:
            await anyio.to_thread.run_sync(self._traces.close)
        await anyio.to_thread.run_sync(self._towns.close)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        prefix, insee, path = self._asked(request)
        town: Town | None = None
        try:
            if insee is not None:
                town = self._towns.taken(insee) or await anyio.to_thread.run_sync(
                    self._towns.take, insee, limiter=self._opening
                )
        except UnknownTown:
            await problem(request, 404, _UNKNOWN.format(insee))(scope, receive, send)
            return
        except NotReady:
            await problem(request, 503, NOT_READY)(scope, receive, send)
            return
        if town is None:
            await self._of_none(request, send)
            return
        try:
            if town.doors is None:
                town.doors = TownDoors(town, self._app, self._every, self._traces)
            inside = {**scope, "path": path, "root_path": f"{scope.get('root_path', '')}{prefix}"}
            await town.doors(inside, receive, send)
        finally:
            self._towns.release(town)

    def _asked(self, request: Request) -> tuple[str, str | None, str]:
        """A town's path, its code, and what is asked of it; without a path, its site says it."""
        if found := _TOWN.match(request.url.path):
            return found[1], found[2], found[3] or "/"
        origin = request.headers.get("origin")
        return "", self._towns.by_origin(origin) if origin else None, request.url.path

    async def _of_none(self, request: Request, send: Send) -> None:
        """What is asked of no town: the files of the widget, and how the process is."""
        found: ASGIApp = problem(request, 404, _NOWHERE)
        if _ANYWHERE.match(request.url.path):
            found = self._anywhere
        elif request.url.path == "/readyz":
            found = JSONResponse({"status": "ok", "towns": len(self._towns.open)})
        await found(request.scope, request.receive, send)


class _Led:
    """Leads what a town sends back to its path: where it sends to, and the links of its pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = str(scope.get("root_path", ""))
        start: Message | None = None
        body = bytearray()

        async def led(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if _OURS.match(headers.get("location", "")):
                    headers["location"] = root + headers["location"]
                if headers.get("content-type", "").startswith("text/html"):
                    start = message
                    return
            if start is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                page = _LINK.sub(rb"\1%s\2" % root.encode(), bytes(body))
                MutableHeaders(scope=start)["content-length"] = str(len(page))
                await send(start)
                await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, led if root else send)
