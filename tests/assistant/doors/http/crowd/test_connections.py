from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from serving import running

from assistant.assembly import Assistant
from assistant.doors.http.api import create
from assistant.doors.http.crowd import bodies, connections
from assistant.settings import Settings

QUESTION = {"question": "Quand le marché de Valbourg a-t-il lieu ?"}
HEAD = b"POST /api/v1/answers HTTP/1.1\r\nhost: 127.0.0.1\r\n"
HALVES = {
    "nothing": b"",
    "headers": HEAD,
    "a body": HEAD + b"content-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    "a second request": b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\nGET /hea",
}


@pytest.fixture
def served(
    assistant_settings: Settings, assistant_open: Assistant, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Where a server waits one second, and not ten."""
    monkeypatch.setattr(connections, "PATIENCE", 1.0)
    monkeypatch.setattr(bodies, "PATIENCE", 1.0)
    with running(connections.config(create(assistant_settings, assistant_open))) as address:
        yield address


def _open(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)))


def _gone(sockets: list[socket.socket]) -> int:
    """How many of them the server lets go of."""
    gone = 0
    for each in sockets:
        each.settimeout(20)
        try:
            while each.recv(65_536):
                pass
        except ConnectionResetError:
            pass
        except TimeoutError:
            continue
        gone += 1
    return gone


def test_two_hundred_half_requests_are_gone_and_answers_go_on(served: str) -> None:
    with ExitStack() as stack:
        halves = []
        for sent in list(HALVES.values()) * 50:
            halves.append(stack.enter_context(_open(served)))
            halves[-1].sendall(sent)
        answered = httpx.post(f"{served}/api/v1/answers", json=QUESTION, timeout=60)
        assert answered.status_code == 200
        # A keep-alive connection is uvicorn's own to close, five seconds after its last answer.
        assert _gone(halves) == 200


def test_a_byte_now_and_then_gains_no_time(served: str) -> None:
    with _open(served) as drip:
        drip.sendall(HEAD)
        began = time.monotonic()
        with pytest.raises(OSError):
            for _ in range(50):
                drip.sendall(b"x")
                time.sleep(0.1)
        assert 0.5 < time.monotonic() - began < 3.0


def test_half_a_body_is_told_why(served: str) -> None:
    with _open(served) as half:
        half.sendall(HALVES["a body"])
        told = b""
        while piece := half.recv(65_536):
            told += piece
    assert told.startswith(b"HTTP/1.1 408 ")
    assert b"L'envoi s'est interrompu" in told


def test_who_does_not_read_is_let_go(served: str) -> None:
    with _open(served) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        asked = b"GET /widget/0/assistant-pvd.js HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
        slow.settimeout(5)
        with pytest.raises(OSError):
            for _ in range(2_000):  # until what is not read fills what the machine holds
                slow.sendall(asked)
                time.sleep(0.002)


def test_headers_beyond_measure_are_refused(served: str) -> None:
    with _open(served) as long:
        long.sendall(HEAD + b"x-long: " + b"x" * 20_000)
        assert long.recv(100).startswith(b"HTTP/1.1 400 ")
