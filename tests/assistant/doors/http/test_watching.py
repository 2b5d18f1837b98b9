from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.assembly import REPORT, Assistant
from assistant.doors.http.api import create
from assistant.settings import Settings

QUESTION = "Quand le marché de Valbourg a-t-il lieu ?"
HERE: dict[str, Any] = {"base_url": "http://127.0.0.1", "client": ("127.0.0.1", 1)}


def test_a_machine_of_the_list_reads_counts_and_no_question(
    assistant_settings: Settings, assistant_open: Assistant
) -> None:
    with TestClient(create(assistant_settings, assistant_open), **HERE) as client:
        client.post("/api/v1/answers", json={"question": QUESTION})
        told = client.get("/metrics")
    assert told.status_code == 200
    lines = told.text.splitlines()
    assert 'assistant_questions_total{door="api",outcome="answered",town="35999"} 1.0' in lines
    assert 'assistant_step_seconds_count{step="search",town="35999"} 1.0' in lines
    assert 'assistant_waiting{town="35999"} 0.0' in lines
    assert 'assistant_degraded{town="35999"} 0.0' in lines
    assert f'model="{assistant_open.made_with["model"]}"' in told.text
    assert float(next(x for x in lines if "generation_age" in x and x[0] != "#").split()[1]) > 0
    assert "marché" not in told.text


@pytest.mark.parametrize(
    ("client", "base", "headers", "listed", "status"),
    [
        ("127.0.0.1", "http://localhost:8000", {}, ["127.0.0.1"], 200),
        ("127.0.0.1", "http://localhost:8000", {}, [], 404),
        ("192.0.2.1", "http://assistant.example", {}, ["127.0.0.1"], 404),
        ("10.0.0.7", "http://assistant.example", {}, ["10.0.0.0/8"], 200),
        # By a proxy of this machine, that tells for whom, or that passes on the name typed.
        ("127.0.0.1", "http://localhost", {"x-forwarded-for": "192.0.2.1"}, ["127.0.0.1"], 404),
        ("127.0.0.1", "https://assistant.example", {}, ["127.0.0.1"], 404),
    ],
)
def test_nobody_else_reads_them(
    assistant_settings: Settings,
    assistant_open: Assistant,
    client: str,
    base: str,
    headers: dict[str, str],
    listed: list[str],
    status: int,
) -> None:
    settings = assistant_settings.model_copy(update={"metrics": listed})
    app = create(settings, assistant_open)
    with TestClient(app, base_url=base, client=(client, 1)) as asking:
        assert asking.get("/metrics", headers=headers).status_code == status


def test_readyz_says_what_is_not_at_its_best(own: Settings) -> None:
    with TestClient(create(own)) as client:
        assert client.get("/readyz").json()["status"] == "ok"
        report = {"states": {"read": 3, "missing": 2}}
        (own.var / REPORT).write_text(json.dumps(report), encoding="utf-8")
        told = client.get("/readyz").json()
        assert told["status"] == "degraded"
        assert told["reason"].startswith("2 source(s) n'ont rien donné")


def test_what_comes_at_once_and_a_second_later_shows_a_proxy_that_keeps_it(
    assistant_settings: Settings, assistant_open: Assistant
) -> None:
    app = create(assistant_settings, assistant_open)
    with TestClient(app, client=("192.0.2.1", 1)) as client:
        told = client.get("/healthz/stream").text
    seen, end = told.strip().split("\n\n")
    assert json.loads(seen.partition("data: ")[2]) == {
        "scheme": "http", "host": "testserver", "known": True,
    }  # fmt: skip
    assert end.startswith("event: end")
