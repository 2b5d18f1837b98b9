from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack

import anyio
import databases
import pytest
from fastapi.testclient import TestClient
from starlette.requests import HTTPConnection

from assistant.assembly import Assistant
from assistant.doors.http.api import create
from assistant.doors.http.crowd import rates
from assistant.doors.http.crowd.rates import Rates, TooMany, address
from assistant.errors import InputError
from assistant.settings import Settings

QUESTION = {"question": "Quand le marché de Valbourg a-t-il lieu ?"}


def test_who_asks_too_often_is_told_when_to_ask_again(
    assistant_settings: Settings, assistant_open: Assistant
) -> None:
    app = create(assistant_settings.model_copy(update={"rate": "3/hour"}), assistant_open)
    with TestClient(app, client=("192.0.2.1", 1)) as client:
        for _ in range(3):
            assert client.post("/api/v1/answers", json=QUESTION).status_code == 200
        refused = client.post("/api/v1/answers", json=QUESTION)
        wait = int(refused.headers["retry-after"])
        assert refused.status_code == 429 and 0 < wait <= 3600
        assert refused.json()["detail"] == (
            f"Trop de questions sont venues de votre connexion : réessayez dans {wait} secondes."
        )
        call = {"name": "answer_question", "arguments": QUESTION}
        told = client.post(
            "/mcp",
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
            headers={"accept": "application/json, text/event-stream", "host": "127.0.0.1"},
        ).json()["result"]
        assert told["isError"] and "Trop de questions" in told["content"][0]["text"]
        assert client.get("/healthz").status_code == 200
        other = TestClient(app, client=("192.0.2.2", 1))
        assert other.post("/api/v1/answers", json=QUESTION).status_code == 200


def test_without_a_rate_anyone_asks_as_often_as_they_like() -> None:
    async def ask() -> None:
        counted = Rates("")
        for _ in range(1_000):
            await counted.count("192.0.2.1")

    anyio.run(ask)


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::2", "2001:db8::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", ""),  # a proxy that does not say for whom: nobody is told apart
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("testclient", ""),
    ],
)
def test_who_asks(host: str, known: str) -> None:
    assert address(HTTPConnection({"type": "http", "client": (host, 1)})) == known


@pytest.fixture
def folder() -> Iterator[str]:
    """Where a socket's path is short enough."""
    with tempfile.TemporaryDirectory(prefix="assistant-redis-") as found:
        yield found


@pytest.mark.redis
def test_two_servers_count_together_and_keep_no_address(folder: str) -> None:
    with databases.redis(folder) as shared:

        async def ask() -> None:
            one, other = Rates("2/hour", shared=shared), Rates("2/hour", shared=shared)
            await one.count("192.0.2.1")
            await other.count("192.0.2.1")
            with pytest.raises(TooMany):
                await one.count("192.0.2.1")
            await other.count("192.0.2.2")
            for each in (one, other):
                await each.close()

        anyio.run(ask)
        path = shared.removeprefix("redis+unix://")
        keys = subprocess.run(
            ["redis-cli", "-s", path, "keys", "*"], capture_output=True, text=True, check=True
        ).stdout
        assert keys.strip() and "192.0.2" not in keys


@pytest.mark.redis
def test_a_redis_killed_meanwhile_stops_no_answer_and_is_said_once(
    folder: str,
    assistant_settings: Settings,
    assistant_open: Assistant,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rates, "_REST", 0.0)  # it is tried again at each question
    with ExitStack() as stack:
        with databases.redis(folder) as shared:
            limits = {"rate": "3/hour", "limits": shared}
            app = create(assistant_settings.model_copy(update=limits), assistant_open)
            client = stack.enter_context(TestClient(app, client=("192.0.2.1", 1)))
            assert client.post("/api/v1/answers", json=QUESTION).status_code == 200
        ends = [client.post("/api/v1/answers", json=QUESTION).status_code for _ in range(4)]
        assert ends == [200, 200, 200, 429]  # counted here, anew
        assert "Redis" in client.get("/readyz").json()["reason"]
        assert [record.levelname for record in caplog.records] == ["ERROR"]
        assert "192.0.2.1" not in caplog.text
        with databases.redis(folder):
            assert client.post("/api/v1/answers", json=QUESTION).status_code == 200
            assert client.get("/readyz").json()["reason"] is None
        assert "answer again" in caplog.records[-1].message


def test_a_town_asked_too_often_keeps_no_other_waiting() -> None:
    async def ask() -> None:
        counted = Rates("", "2/hour")
        for each in ("192.0.2.1", ""):
            await counted.count(each, "35126")
        with pytest.raises(TooMany, match="l'assistant de cette ville"):
            await counted.count("192.0.2.2", "35126")
        await counted.count("192.0.2.2", "35001")

    anyio.run(ask)


def test_what_is_no_redis_is_named() -> None:
    with pytest.raises(InputError, match="ASSISTANT_LIMITS"):
        Rates("1/second", shared="redis://machine:port")
