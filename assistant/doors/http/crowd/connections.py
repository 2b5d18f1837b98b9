"""How long a connection is waited for, and how many there are: uvicorn's settings, and two more."""

from __future__ import annotations

import asyncio
import resource
import sys

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.doors.http.ending import GRACE, SENDING

PATIENCE = 10.0  # seconds for a request to come whole, or for a reader to take what is sent
_HEADERS = 16_384  # bytes: some thirty times those of a browser
_MOST = 2_000  # connections at once: beyond, 503 before anything is read
# Seconds that a thread which answers may keep the interpreter from the loop: with Python's 5 ms,
# each read and write of the loop waited as long.
_TURN = 0.0005
# That the process may hold open, where the machine allows it: with its connections, three a town.
FILES = 16_384


class Patient(H11Protocol):
    """Lets go of who sends half a request, and of who does not read what they asked for.

    uvicorn waits for ever for the rest of headers, and for a reader; its own time-out is for a
    connection where nothing was begun. A body is waited for where it is read (api.py).
    """

    _half: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._begun()
        elif self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._begun()
        self._read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(PATIENCE, self.transport.abort)

    def resume_writing(self) -> None:
        self._read()
        super().resume_writing()

    def _wait(self) -> None:
        if self._half is None:  # from its first byte: a byte now and then gains nothing
            self._half = self.loop.call_later(PATIENCE, self.transport.abort)

    def _begun(self) -> None:
        if self._half is not None:
            self._half.cancel()
            self._half = None

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


def config(app: ASGIApp) -> uvicorn.Config:
    """How the application is served."""
    sys.setswitchinterval(_TURN)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))
    return uvicorn.Config(
        app,
        http=Patient,
        ws="none",
        h11_max_incomplete_event_size=_HEADERS,
        limit_concurrency=_MOST,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=int(GRACE) + SENDING,
        access_log=False,  # uvicorn's keeps the query of a GET: a question could stand there
        log_config=None,
        server_header=False,
    )
