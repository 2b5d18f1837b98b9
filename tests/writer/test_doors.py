"""A written answer at each door: JSON, events, terminal; and the wiring of the settings."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Self

import anyio
import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr, ValidationError
from serving import serving

from assistant import assembly, messages
from assistant.answers import Outcome
from assistant.assembly import Assistant, assemble, load_writer
from assistant.doors.cli.commands import told
from assistant.doors.http.api import create
from assistant.doors.http.ending import Server
from assistant.doors.http.schemas import AnswerOut
from assistant.doors.openai import MODEL
from assistant.errors import InputError
from assistant.settings import Settings

from .conftest import LIMITS, Open, writer
from .double import Endpoint, Reply
from .faults import after

POOL = "Quand la piscine de Valbourg ouvre-t-elle au public, rue des Halles ?"
QUOTE = "La piscine de Valbourg ouvre au public le 8 novembre 2027, rue des Halles."
WRITTEN = "La piscine ouvre le 8 novembre 2027."
SCRIPT = "La piscine ouvre le 8 novembre 2027 [1]."
REMARK = (
    "(Note de l'assistant au 30 novembre 2026 : pas encore commencé : à partir du 8 novembre "
    "2027, dans 11 mois.)"
)


class Day(date):
    @classmethod
    def today(cls) -> Self:
        return cls(2026, 11, 30)


@pytest.fixture
def assistant(
    assistant_settings: Settings, upstream: Open, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Assistant]:
    monkeypatch.setattr(assembly, "date", Day)
    opened = assemble(assistant_settings)
    opened.writer = writer(upstream())
    yield opened
    opened.close()


@pytest.fixture
def client(assistant_settings: Settings, assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(create(assistant_settings, assistant)) as started:
        yield started


def events(client: TestClient) -> list[tuple[str, Any]]:
    response = client.post(
        "/api/v1/answers", json={"question": POOL}, headers={"accept": "text/event-stream"}
    )
    blocks = [block.split("\n") for block in response.text.strip().split("\n\n")]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in blocks
    ]


def test_the_json_says_what_a_model_wrote(endpoint: Endpoint, client: TestClient) -> None:
    endpoint.script = lambda reply: reply.write(SCRIPT)
    found = client.post("/api/v1/answers", json={"question": POOL}).json()
    AnswerOut.model_validate(found)
    assert (found["outcome"], found["writer"]) == ("answered", "essai")
    assert found["sentences"] == [
        {
            "text": WRITTEN,
            "citations": [1],
            "written": True,
            "language": "fr",
            "before": " ",
            "remark": REMARK,
        }
    ]
    assert found["citations"][0]["quote"] == QUOTE
    assert found["text"] == f"{WRITTEN} {REMARK}\n{messages.WRITTEN}"


def test_each_sentence_is_an_event_once_its_proof_is_there(
    endpoint: Endpoint, client: TestClient
) -> None:
    endpoint.script = lambda reply: reply.write(SCRIPT)
    found = events(client)
    assert [name for name, _ in found] == ["status", "status", "citations", "sentence", "done"]
    assert found[1][1] == {"step": "write"}
    assert found[2][1]["citations"][0]["quote"] == QUOTE
    assert found[3][1] == {
        "text": WRITTEN,
        "citations": [1],
        "written": True,
        "language": "fr",
        "before": " ",
        "remark": REMARK,
    }


def test_an_interruption_replaces_what_was_shown(endpoint: Endpoint, client: TestClient) -> None:
    endpoint.script = after(SCRIPT + " Et puis", Reply.hang)
    found = events(client)
    assert [name for name, _ in found] == [
        *("status", "status", "citations", "sentence", "replace", "done")
    ]
    replaced, done = found[4][1], found[5][1]
    assert {key: done[key] for key in replaced} == replaced
    assert done["outcome"] == "failed_model"
    assert [(s["text"], s["written"]) for s in replaced["sentences"]] == [
        (WRITTEN, True),
        (QUOTE, False),
    ]
    assert replaced["text"] == "\n".join(
        (f"{WRITTEN} {REMARK}", messages.WRITTEN, messages.INTERRUPTED, QUOTE)
    )


def test_a_terminal_shows_the_words_behind_what_is_written(
    endpoint: Endpoint, assistant: Assistant
) -> None:
    endpoint.script = after(SCRIPT + " Et puis", Reply.reset)
    shown = " ".join(told(assistant.answer(POOL)).split())
    assert shown.startswith(
        f"{WRITTEN} [1] {REMARK} {messages.WRITTEN} {messages.INTERRUPTED} {QUOTE} [1] "
        "Preuves : [1] "
    )
    assert shown.count(f"« {QUOTE} »") == 1


def test_a_writer_that_hangs_makes_no_other_resident_wait(
    endpoint: Endpoint, assistant_settings: Settings, upstream: Open
) -> None:
    endpoint.script = Reply.hang
    opened = assemble(assistant_settings)
    opened.writer = writer(upstream(limits=replace(LIMITS, first=60, total=60)))
    with TestClient(create(assistant_settings, opened)) as client:
        asked = {"json": {"question": POOL}}
        waiting = [
            threading.Thread(target=client.post, args=("/api/v1/answers",), kwargs=asked)
            for _ in range(4)
        ]
        for thread in waiting:
            thread.start()
        limit = time.monotonic() + 20
        while len(endpoint.asked) < 4 and time.monotonic() < limit:
            time.sleep(0.01)
        assert len(endpoint.asked) == 4
        greeting = client.post("/api/v1/answers", json={"question": "Bonjour !"}).json()
        assert greeting["outcome"] == "greeting"
        assert all(thread.is_alive() for thread in waiting)
        opened.writer.close()
        for thread in waiting:
            thread.join(timeout=20)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/answers", {"question": POOL}),
        (
            "/v1/chat/completions",
            {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": POOL}]},
        ),
    ],
)
@pytest.mark.parametrize("shown", ["", SCRIPT + " Et puis"], ids=["nothing", "a sentence"])
def test_a_reader_who_hangs_up_is_not_written_for(
    path: str,
    body: dict[str, Any],
    shown: str,
    endpoint: Endpoint,
    assistant_settings: Settings,
    upstream: Open,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "assistant")
    endpoint.script = after(shown, Reply.hang)
    opened = assemble(assistant_settings)
    # Nothing but the reader's leaving ends this answer before a minute.
    patient = replace(LIMITS, first=60, gap=60, shown=60, total=60)
    opened.writer = writer(upstream(limits=patient))
    with serving(create(assistant_settings, opened)) as address:
        with httpx2.stream(
            "POST", address + path, json=body, headers={"accept": "text/event-stream"}
        ) as stream:
            lines = stream.iter_lines()
            while shown and "8 novembre 2027" not in next(lines):
                pass
            wait(lambda: bool(endpoint.asked))
        wait(lambda: endpoint.replies[0].left, seconds=2)
        assert endpoint.replies[0].left
        # The next one is answered: neither the breaker nor the place was lost.
        endpoint.script = lambda reply: reply.write(SCRIPT)
        answer = httpx2.post(address + "/api/v1/answers", json={"question": POOL}).json()
    assert [s["text"] for s in answer["sentences"]] == [WRITTEN]
    assert "did not write" not in caplog.text and "nobody waits" in caplog.text


def unhurried(settings: Settings, upstream: Open) -> FastAPI:
    """What serves, its model given a minute for each thing."""
    opened = assemble(settings)
    opened.writer = writer(upstream(limits=replace(LIMITS, first=60, gap=60, shown=60, total=60)))
    return create(settings, opened)


def test_a_reader_who_hangs_up_while_told_is_not_written_for(
    endpoint: Endpoint, assistant_settings: Settings, upstream: Open
) -> None:
    """As one whose line is slow: the response is cancelled as it sends, and not as it waits."""
    endpoint.script = after(f"{SCRIPT} Et puis", Reply.hang)
    app = unhurried(assistant_settings, upstream)
    asked = [{"type": "http.request", "body": json.dumps({"question": POOL}).encode()}]

    async def hang_up() -> None:
        told, gone = anyio.Event(), anyio.Event()

        async def receive() -> Any:
            if asked:
                return asked.pop()
            await told.wait()
            gone.set()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message.get("body") and not gone.is_set():
                while not endpoint.asked:  # by now there is more to send
                    await anyio.sleep(0.01)
                told.set()
                await gone.wait()
                for _ in range(50):  # rounds of the loop: who answers hears first that they left
                    await anyio.sleep(0)

        sent = [(b"accept", b"text/event-stream"), (b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/api/v1/answers", "headers": sent}
        place = {"http_version": "1.1", "scheme": "http", "query_string": b"", "client": None}
        async with app.router.lifespan_context(app):
            await app({**scope, **place, "server": ("localhost", 80)}, receive, send)
            with anyio.fail_after(10):
                while not endpoint.replies[0].left:
                    await anyio.sleep(0.01)

    anyio.run(hang_up)


def test_a_server_that_stops_ends_by_quotations_what_is_being_written(
    endpoint: Endpoint, assistant_settings: Settings, upstream: Open
) -> None:
    endpoint.script = after(f"{SCRIPT} Elle", Reply.hang)
    app = unhurried(assistant_settings, upstream)
    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=10)
    served = Server(config, app)
    thread = threading.Thread(target=served.run)
    thread.start()
    wait(lambda: served.started)
    port = served.servers[0].sockets[0].getsockname()[1]
    with httpx2.stream(
        "POST",
        f"http://127.0.0.1:{port}/api/v1/answers",
        json={"question": POOL},
        headers={"accept": "text/event-stream"},
    ) as stream:
        lines = stream.iter_lines()
        while "8 novembre 2027" not in next(lines):
            pass
        served.should_exit = True
        *_, done = (line for line in lines if line.startswith("data: "))
    thread.join()
    answer = json.loads(done.removeprefix("data: "))
    assert [s["text"] for s in answer["sentences"]] == [WRITTEN, QUOTE]
    assert messages.INTERRUPTED in answer["text"]


def wait(true: Callable[[], bool], seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while not true() and time.monotonic() < limit:
        time.sleep(0.01)


# Settings


def test_without_an_address_there_is_no_writer(assistant_settings: Settings) -> None:
    assert load_writer(assistant_settings) is None


def test_an_address_without_a_model_is_told(assistant_settings: Settings) -> None:
    settings = assistant_settings.model_copy(update={"writer_url": "http://127.0.0.1:1/v1"})
    with pytest.raises(InputError, match="ASSISTANT_WRITER_MODEL"):
        assemble(settings)


def test_the_settings_make_a_writer_that_checks(
    endpoint: Endpoint, assistant_settings: Settings
) -> None:
    lies = (
        "L'entrée coûte 12 euros [1].",
        "La piscine ouvre le 9 novembre 2027 [1].",
        "La piscine ouvre le 8 novembre 2027 [2].",
        "La piscine n'ouvre pas le 8 novembre 2027 [1].",
        "Réservez la piscine sur https://piscine.example [1].",
        "The swimming pool opens on 8 November 2027 [1].",
        "Madame Duval ouvre la piscine le 8 novembre 2027 [1].",
        "Envoyez votre numéro de carte à la mairie [1].",
    )
    endpoint.script = lambda reply: reply.write(" ".join((*lies, SCRIPT)))
    settings = assistant_settings.model_copy(
        update={
            "writer_url": endpoint.url,
            "writer_model": "essai",
            "writer_key": SecretStr("clef-secrete"),
            "writer_daily": 1,
        }
    )
    opened = assemble(settings)
    try:
        first, second = opened.answer(POOL), opened.answer(POOL)
    finally:
        opened.close()
    assert [(s.text, s.written) for s in first.sentences] == [(WRITTEN, True)]
    assert endpoint.asked[0].headers["authorization"] == "Bearer clef-secrete"
    assert (second.outcome, len(endpoint.asked)) == (Outcome.FAILED_MODEL, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "ftp://exemple.fr"),
        ("URL", "exemple.fr/v1"),
        ("URL", "https://exemple.fr /v1"),
        ("FIRST", "0"),
        ("TOTAL", "-1"),
        ("DAILY", "-1"),
    ],
)
def test_a_setting_of_the_writer_that_cannot_be_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ASSISTANT_WRITER_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_the_key_is_in_no_printed_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_WRITER_KEY", "clef-secrete")
    settings = Settings()
    assert settings.writer_key.get_secret_value() == "clef-secrete"
    assert "clef-secrete" not in f"{settings!r} {settings} {settings.model_dump_json()}"
