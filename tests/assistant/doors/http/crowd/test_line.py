from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import anyio
import pytest
from fastapi.testclient import TestClient

from assistant.assembly import Assistant
from assistant.doors.http.api import create
from assistant.doors.http.crowd.line import Busy, Line
from assistant.settings import Settings

QUESTION = "Quand le marché de Valbourg a-t-il lieu ?"
SAID = "Beaucoup de personnes posent des questions en ce moment : réessayez dans 3 secondes."


def test_who_would_wait_longer_than_two_seconds_is_told_so() -> None:
    line = Line(2)
    line.mean = 0.5
    with ExitStack() as places:
        for _ in range(10):  # two can be served, eight wait: 2 s
            places.enter_context(line.place())
        with pytest.raises(Busy) as refused:
            with line.place():
                pass
        assert (refused.value.seconds, line.waiting) == (3, 10)
    assert (line.waiting, line.wait) == (0, 0)


def test_a_place_is_left_whatever_becomes_of_it() -> None:
    line = Line(1)

    def broken() -> None:
        raise ZeroDivisionError

    async def ask() -> None:
        with line.place() as place:
            await place.run(broken)

    with pytest.raises(ZeroDivisionError):
        anyio.run(ask)
    assert (line.waiting, line.serving) == (0, 0)


def test_no_more_are_served_at_once_than_there_are_places() -> None:
    line, going, most = Line(2), 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal going, most
        with lock:
            going += 1
            most = max(most, going)
        threading.Event().wait(0.02)
        with lock:
            going -= 1

    async def one() -> None:
        with line.place() as place:
            await place.run(work)

    async def many() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(one)

    anyio.run(many)
    assert (most, line.serving, line.waiting) == (2, 0, 0)
    assert 0.01 < line.mean < 0.1  # it began at 0.1 and learnt 0.02


def test_what_lasts_is_known_before_it_ends() -> None:
    now = [0.0]
    line = Line(1, clock=lambda: now[0])

    async def ask() -> None:
        free = threading.Event()

        async def slow() -> None:
            with line.place() as place:
                await place.run(free.wait)

        async with anyio.create_task_group() as group:
            group.start_soon(slow)
            while not line.serving:
                await anyio.sleep(0.001)
            assert line.wait == line.mean
            now[0] = 5.0
            assert line.wait == 5.0
            free.set()

    anyio.run(ask)


@pytest.fixture
def full(assistant_settings: Settings, assistant_open: Assistant) -> Iterator[TestClient]:
    """Where so many wait that nobody else may."""
    app = create(assistant_settings, assistant_open)
    with TestClient(app) as client, ExitStack() as places:
        line: Line = app.state.line
        line.mean = 0.9
        for _ in range(6):
            places.enter_context(line.place())
        yield client


ASK: dict[str, Callable[[TestClient], Any]] = {
    "json": lambda client: client.post("/api/v1/answers", json={"question": QUESTION}),
    "events": lambda client: client.post(
        "/api/v1/answers", json={"question": QUESTION}, headers={"accept": "text/event-stream"}
    ),
    "chat": lambda client: client.post(
        "/api/v1/chat",
        json={"messages": [{"role": "user", "parts": [{"type": "text", "text": QUESTION}]}]},
    ),
    "search": lambda client: client.get("/api/v1/passages", params={"q": QUESTION}),
}


@pytest.mark.parametrize("door", ASK)
def test_a_full_line_is_a_problem_that_says_when_to_try_again(full: TestClient, door: str) -> None:
    refused = ASK[door](full)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "3")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"] == SAID


def test_an_openai_client_is_told_in_its_form(full: TestClient) -> None:
    body = {"model": "assistant-pvd", "messages": [{"role": "user", "content": QUESTION}]}
    refused = full.post("/v1/chat/completions", json=body | {"stream": True})
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "3")
    assert refused.json()["error"] == {
        "message": SAID, "type": "server_error", "param": None, "code": None,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/poser", "/embed"])
def test_a_reader_is_shown_a_page(full: TestClient, path: str) -> None:
    shown = full.post(path, data={"question": QUESTION}, headers={"accept": "text/html"})
    assert (shown.status_code, shown.headers["retry-after"]) == (503, "3")
    assert "Beaucoup de personnes posent des questions" in shown.text and "<html" in shown.text


def test_a_model_is_told_as_of_any_failure(full: TestClient) -> None:
    call = {"name": "answer_question", "arguments": {"question": QUESTION}}
    told = full.post(
        "/mcp",
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
        headers={"accept": "application/json, text/event-stream", "host": "127.0.0.1"},
    )
    result = json.loads(told.text)["result"]
    assert (result["isError"], result["content"][0]["text"]) == (True, SAID)


OPEN = ["/healthz", "/readyz", "/", "/poser", "/widget/0/assistant-pvd.js"]


@pytest.mark.parametrize("path", OPEN)
def test_what_answers_no_question_stays_open(full: TestClient, path: str) -> None:
    assert full.get(path).status_code == 200


def test_the_page_that_asked_can_read_the_refusal(full: TestClient) -> None:
    ours = {"origin": "https://www.valbourg.example"}
    refused = full.post("/api/v1/answers", json={"question": QUESTION}, headers=ours)
    assert refused.status_code == 503
    assert refused.headers["access-control-allow-origin"] == ours["origin"]
