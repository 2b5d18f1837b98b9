from __future__ import annotations

import logging
import subprocess

import anyio
import databases
import pytest
from fastapi.testclient import TestClient
from starlette.requests import HTTPConnection

from assistant.assembly import Assistant
from assistant.doors.http.api import create
from assistant.doors.http.rates import Rates, TooMany, address
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
        rates = Rates("")
        for _ in range(1_000):
            await rates.count("192.0.2.1")

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


@pytest.mark.redis
def test_two_servers_count_together_and_keep_no_address() -> None:
    with databases.redis() as shared:

        async def ask() -> None:
            one, other = Rates("2/hour", shared), Rates("2/hour", shared)
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
def test_a_redis_that_is_gone_leaves_each_server_to_count_by_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with databases.redis() as shared:
        pass

    async def ask() -> None:
        rates = Rates("2/hour", shared)
        await rates.count("192.0.2.1")
        assert rates.alone
        await rates.count("192.0.2.1")
        with pytest.raises(TooMany):
            await rates.count("192.0.2.1")
        await rates.close()

    with caplog.at_level(logging.ERROR):
        anyio.run(ask)
    assert len(caplog.records) == 1  # said once, and not at each question
    assert "192.0.2.1" not in caplog.text


def test_what_is_no_redis_is_named() -> None:
    with pytest.raises(InputError, match="ASSISTANT_LIMITS"):
        Rates("1/second", "redis://machine:port")
