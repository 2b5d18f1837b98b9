from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import uvicorn

from assistant.assembly import Assistant, assemble
from assistant.doors.http.api import create
from assistant.doors.http.ending import Server
from assistant.settings import Settings

EVENTS = {"accept": "text/event-stream"}
TOLD = "Le serveur s'arrête : cette réponse n'a pas pu être donnée. Réessayez dans un instant."


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No answer ends before this is set."""
    go = threading.Event()

    def slow(self: Assistant, *asked: Any, **more: Any) -> None:
        go.wait(20)  # whatever comes then, nobody hears

    monkeypatch.setattr(Assistant, "answer", slow)
    yield go
    go.set()


def test_whoever_waits_for_a_server_that_stops_is_told(
    assistant_settings: Settings, held: threading.Event
) -> None:
    app = create(assistant_settings, assemble(assistant_settings))
    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=10)
    served = Server(config, app, grace=0.2)
    thread = threading.Thread(target=served.run)
    thread.start()
    while not served.started:
        time.sleep(0.01)
    root = f"http://127.0.0.1:{served.servers[0].sockets[0].getsockname()[1]}"
    asked = {"question": "Quel jour a lieu le marché ?"}
    chat: dict[str, Any] = {"messages": [{"role": "user", "content": asked["question"]}]}
    chat |= {"model": "assistant-pvd", "stream": True}

    def ask(path: str, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
        return httpx.post(root + path, json=body, headers=headers, timeout=30)

    with ThreadPoolExecutor(3) as pool:
        sent = [
            pool.submit(ask, "/api/v1/answers", asked, {}),
            pool.submit(ask, "/api/v1/answers", asked, EVENTS),
            pool.submit(ask, "/v1/chat/completions", chat, {}),
        ]
        while len(served.server_state.tasks) < 3:
            time.sleep(0.01)
        time.sleep(0.2)
        served.should_exit = True
        threading.Timer(0.6, held.set).start()
        whole, events, chunks = (one.result() for one in sent)
    thread.join()
    assert (whole.status_code, whole.json()["detail"]) == (503, TOLD)
    assert events.text.endswith(f'event: error\ndata: {{"detail": "{TOLD}"}}\n\n')
    assert chunks.text.startswith("data: ") and TOLD in chunks.text
