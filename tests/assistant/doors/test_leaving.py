"""Clients that leave in the middle of what they send."""

from __future__ import annotations

import logging
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest

DOORS = ["/api/v1/answers", "/api/v1/answers/x/feedback", "/v1/chat/completions", "/mcp"]


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("length", ["content-length: 1000", "transfer-encoding: chunked"])
def test_a_client_that_leaves_is_one_line(
    address: str, caplog: pytest.LogCaptureFixture, path: str, length: str
) -> None:
    place = urlsplit(address)
    head = f"POST {path} HTTP/1.1\r\nhost: {place.netloc}\r\ncontent-type: application/json\r\n"
    with caplog.at_level(logging.INFO):
        with socket.create_connection((place.hostname, place.port)) as leaving:
            leaving.sendall(f'{head}{length}\r\n\r\n10\r\n{{"question": "1'.encode())
            time.sleep(0.1)  # it has begun to be read
        until = time.monotonic() + 10
        while not caplog.records and time.monotonic() < until:
            time.sleep(0.01)
        assert httpx.get(f"{address}/healthz").status_code == 200  # after what was being logged
    own = [record for record in caplog.records if record.name not in ("httpx", "uvicorn.access")]
    assert [record.getMessage() for record in own] == [
        "a client left before the end of what it sent"
    ]
    assert own[0].levelno == logging.INFO and own[0].exc_info is None
