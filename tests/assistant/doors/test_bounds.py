"""What strangers send, long and hostile: refused or read in a time that grows as it does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from assistant.doors.http.problems import said_back

LONG = 60_000  # characters: under what a body may weigh


def _mcp(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    call = {"name": name, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}


HEADERS = {"accept": "application/json, text/event-stream"}
DOORS: dict[str, Callable[[str], tuple[str, str, Any]]] = {
    "a field": lambda text: ("POST", "/api/v1/answers", {"question": "ORT", text: 1}),
    "a turn": lambda text: ("POST", "/api/v1/answers", {"question": "ORT", "history": [text]}),
    "a turn's field": lambda text: (
        "POST",
        "/api/v1/answers",
        {"question": "ORT", "history": [{text: 1}]},
    ),
    "a feedback's field": lambda text: (
        "POST",
        "/api/v1/answers/x/feedback",
        {"useful": True, text: 1},
    ),
    "a model": lambda text: (
        "POST",
        "/v1/chat/completions",
        {"model": text, "messages": [{"role": "user", "content": "ORT"}]},
    ),
    "a role": lambda text: (
        "POST",
        "/v1/chat/completions",
        {"model": "assistant-pvd", "messages": [{"role": text, "content": "ORT"}]},
    ),
    "a tool": lambda text: ("POST", "/mcp", _mcp(text, {})),
    "a tool's field": lambda text: (
        "POST",
        "/mcp",
        _mcp("search_passages", {"question": "ORT", text: 1}),
    ),
    "a search": lambda text: ("GET", f"/api/v1/passages?q={quote(text)[:LONG]}", None),
    "a passage": lambda text: ("GET", f"/api/v1/passages/{quote(text)[:LONG]}", None),
    "an address": lambda text: ("GET", f"/{quote(text)[:LONG]}", None),
}
TEXTS = {
    "letters": "a" * LONG,
    "digits": "1" * LONG,
    "numbers": "06 12 34 56 78 " * (LONG // 15),
    "streets": "12 rue " * (LONG // 7),
    "marks": "e" + "\u0301\u0323" * (LONG // 4),
}


@contextmanager
def watched(address: str) -> Iterator[list[float]]:
    """How long the server takes to say that it lives, again and again."""
    waits: list[float] = []
    done = threading.Event()

    def watch() -> None:
        with httpx.Client(base_url=address, timeout=600) as client:
            while not waits or not done.is_set():
                started = time.perf_counter()
                assert client.get("/healthz").status_code == 200
                waits.append(time.perf_counter() - started)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield waits
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize("door", DOORS)
def test_a_long_text_freezes_no_door(address: str, door: str) -> None:
    with watched(address) as waits, httpx.Client(base_url=address, timeout=600) as client:
        for name, text in TEXTS.items():
            method, path, body = DOORS[door](text)
            started = time.perf_counter()
            response = client.request(
                method,
                path,
                content=json.dumps(body, ensure_ascii=False),
                headers={**HEADERS, "content-type": "application/json"},
            )
            assert time.perf_counter() - started < 2, name
            assert response.status_code < 500, name
            assert len(response.content) < LONG / 2, name  # it is not said back
    assert max(waits) < 2


def test_thousands_of_troubles_are_told_in_a_few(address: str) -> None:
    body = {"question": "ORT"} | {f"champ{number}": 1 for number in range(4000)}
    started = time.perf_counter()
    response = httpx.post(f"{address}/api/v1/answers", json=body)
    assert time.perf_counter() - started < 2
    assert response.status_code == 422
    assert response.json()["detail"].count("est inconnu") == 5


def test_what_is_long_is_not_said_back_in_part() -> None:
    assert said_back("tone") == "tone"
    assert said_back("06 12 34 56 78 " * 5) == "(75 caractères)"
