"""The MCP door: its tools asked by the SDK's own client, over stdio and over HTTP."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from fastapi.testclient import TestClient
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, TextContent, Tool

from assistant.answers import Answer
from assistant.assembly import Assistant, assemble
from assistant.doors import mcp
from assistant.doors.http.api import create
from assistant.doors.http.crowd.line import Line
from assistant.settings import Settings

POOL = "Quand la piscine de Valbourg ouvre-t-elle au public, rue des Halles ?"
SAID = "La piscine de Valbourg ouvre au public le 8 novembre 2027, rue des Halles."
LINK = "https://valbourg.example/marche"
SITE = "https://www.valbourg.example"
NAMES = ["search_passages", "answer_question"]

Use = Callable[[Client], Awaitable[Any]]


def text(found: CallToolResult) -> str:
    """The one block of text of a result."""
    [block] = found.content
    assert isinstance(block, TextContent)
    return block.text


def within(assistant: Assistant, use: Use) -> Any:
    """What a client of the server in this process does."""

    async def ask() -> Any:
        async with Client(mcp.server(assistant, Line(1))) as client:
            return await use(client)

    return anyio.run(ask)


def call(assistant: Assistant, name: str, **arguments: Any) -> CallToolResult:
    async def use(client: Client) -> CallToolResult:
        return await client.call_tool(name, arguments)

    found = within(assistant, use)
    assert isinstance(found, CallToolResult)
    return found


def test_no_other_command_waits_for_the_sdk() -> None:
    loaded = "import sys, assistant.doors.cli.commands; print('mcp' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, timeout=60)
    assert run.stdout == "False\n"


# The tools


def test_an_answer_comes_as_text_and_as_data(assistant_open: Assistant) -> None:
    found = call(assistant_open, "answer_question", question=POOL)
    assert not found.is_error
    assert text(found).startswith(f"{SAID} [1]\n\nPreuves :\n\n- [1] La piscine de Valbourg >")
    assert found.structured_content["outcome"] == "answered"
    [citation] = found.structured_content["citations"]
    assert citation["passage"][citation["start"] : citation["end"]] == citation["quote"] == SAID


def test_what_is_refused_says_who_to_ask(assistant_open: Assistant) -> None:
    found = call(assistant_open, "answer_question", question="Quelle météo ?")
    assert (found.is_error, found.structured_content["outcome"]) == (False, "refused_off_topic")
    assert "À qui s'adresser : Mairie de Valbourg" in text(found)


@pytest.mark.parametrize(
    "history",
    [["La piscine de Valbourg ?", "Oui."], [{"role": "user", "content": "La piscine de Valbourg"}]],
)
def test_history_gives_a_follow_up_its_subject(
    assistant_open: Assistant, history: list[Any]
) -> None:
    question = "et quand ouvre-t-elle ?"
    found = call(assistant_open, "answer_question", question=question, history=history)
    assert text(found).startswith(SAID)


def test_passages_come_with_their_sources(assistant_open: Assistant) -> None:
    found = call(assistant_open, "search_passages", question="piscine Valbourg", limit=2)
    first, second = found.structured_content["passages"]
    assert (first["number"], second["number"]) == (1, 2)
    assert {first["passage_id"], second["passage_id"]} == {"piscine#1", "piscine#2"}
    assert first["quote"] == first["passage"] and first["kind"] == "summary"
    assert found.structured_content["generation"] == "000001"
    assert text(found).startswith("[1] La piscine de Valbourg > ")
    assert "résumé établi par nos soins d'après Ville (2026)" in text(found)
    assert f"\n{LINK}" in text(found)


def test_five_passages_come_unless_told(assistant_open: Assistant) -> None:
    found = call(assistant_open, "search_passages", question="la commune et le marché")
    assert len(found.structured_content["passages"]) == 5


def test_what_nothing_holds_has_no_passage(assistant_open: Assistant) -> None:
    found = call(assistant_open, "search_passages", question="?!")
    assert (text(found), found.structured_content["passages"]) == ("Aucun passage.", [])


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("answer_question", {}, "Le champ « question » manque."),
        ("answer_question", {"question": "?!"},
         "La question ne contient aucun mot : écrivez-la en quelques mots."),
        ("answer_question", {"question": "o" * 501},
         "La question dépasse 500 caractères : raccourcissez-la."),
        ("answer_question", {"question": POOL, "history": [3]},
         "Le champ « history.0 » n'a pas la forme attendue."),
        ("answer_question", {"question": POOL, "tone": "x"},
         "Le champ « tone » est inconnu : retirez-le."),
        ("search_passages", {"question": " "},
         "La question est vide : écrivez-la en quelques mots."),
        ("search_passages", {"question": POOL, "limit": 21},
         "Le champ « limit » n'a pas la forme attendue."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_in_french(
    assistant_open: Assistant, name: str, arguments: dict[str, Any], said: str
) -> None:
    found = call(assistant_open, name, **arguments)
    assert (found.is_error, text(found)) == (True, said)


def test_an_unknown_tool_is_a_protocol_error(assistant_open: Assistant) -> None:
    async def use(client: Client) -> None:
        with pytest.raises(MCPError, match="Outil inconnu : « rien »"):
            await client.session.call_tool("rien", {})

    within(assistant_open, use)


class Broken(Assistant):
    """An assistant whose answers fail, outside any step."""

    def answer(self, *args: Any, **more: Any) -> Answer:
        raise OSError("disque plein")


def test_what_breaks_is_told_without_its_cause(
    assistant_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    broken = assemble(assistant_settings)
    broken.__class__ = Broken
    found = call(broken, "answer_question", question=POOL)
    broken.close()
    assert found.is_error and text(found).startswith("Une erreur interne est survenue.")
    assert "tool answer_question failed" in caplog.text and POOL not in caplog.text


def test_models_are_told_in_french_what_each_tool_does(assistant_open: Assistant) -> None:
    async def use(client: Client) -> list[Tool]:
        return (await client.list_tools()).tools

    search, answer = within(assistant_open, use)
    assert [search.name, answer.name] == NAMES
    assert "documents publics de Valbourg" in search.description
    assert "à qui s'adresser" in answer.description
    for tool in (search, answer):
        assert tool.annotations.read_only_hint
        assert tool.input_schema["required"] == ["question"]
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema["type"] == "object"
    assert set(answer.output_schema["properties"]) >= {"outcome", "citations", "contact", "text"}
    assert search.input_schema["properties"]["limit"]["maximum"] == 20


# Over stdio


@pytest.fixture
def launched(assistant_settings: Settings, tmp_path: Path) -> StdioServerParameters:
    """`assistant mcp` of the town, from a folder without .env."""
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp"],
        cwd=tmp_path,
        env={
            "ASSISTANT_CATALOGUE": str(assistant_settings.catalogue),
            "ASSISTANT_VAR": str(assistant_settings.var),
            "ASSISTANT_MODEL": assistant_settings.model,
            **({"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}),
        },
    )


@pytest.mark.parametrize("mode", ["auto", "legacy"])  # the protocol of 2026-07-28, and before it
def test_a_program_asks_over_stdio(launched: StdioServerParameters, mode: str) -> None:
    async def ask() -> tuple[list[str], CallToolResult]:
        async with Client(launched, mode=mode, read_timeout_seconds=60) as client:
            listed = [tool.name for tool in (await client.list_tools()).tools]
            return listed, await client.call_tool("answer_question", {"question": POOL})

    listed, found = anyio.run(ask)
    assert listed == NAMES
    assert text(found).startswith(SAID)
    assert found.structured_content["generation"] == "000001"


def test_stdout_carries_the_protocol_alone(launched: StdioServerParameters) -> None:
    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "essai", "version": "1"},
    }
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call",
         "params": {"name": "answer_question", "arguments": {"question": "Zéphyrine ?"}}},
    ]  # fmt: skip
    with subprocess.Popen(
        [launched.command, *launched.args],
        cwd=launched.cwd,
        env={**os.environ, **(launched.env or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as server:
        assert server.stdin is not None and server.stdout is not None
        server.stdin.write("".join(json.dumps(line) + "\n" for line in lines))
        server.stdin.flush()
        told = [json.loads(server.stdout.readline()) for _ in range(2)]
        said, logged = server.communicate(timeout=60)  # closes stdin: it stops
    assert [line["id"] for line in told] == [1, 2]
    assert (server.returncode, said, logged) == (0, "", "")


def test_a_server_without_an_index_says_so_on_stderr(
    launched: StdioServerParameters, tmp_path: Path
) -> None:
    run = subprocess.run(
        [launched.command, *launched.args],
        cwd=tmp_path,
        env={**os.environ, **(launched.env or {}), "ASSISTANT_VAR": str(tmp_path / "rien")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("Erreur : ") and "assistant build" in run.stderr


# Over HTTP


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_program_asks_over_http(address: str, mode: str) -> None:
    async def ask() -> tuple[list[str], CallToolResult, CallToolResult]:
        async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:
            carried = streamable_http_client(f"{address}/mcp", http_client=http)
            async with Client(carried, mode=mode) as client:
                listed = [tool.name for tool in (await client.list_tools()).tools]
                answer = await client.call_tool("answer_question", {"question": POOL})
                found = await client.call_tool("search_passages", {"question": "piscine"})
                return listed, answer, found

    listed, answer, found = anyio.run(ask)
    assert listed == NAMES
    assert text(answer).startswith(SAID)
    assert found.structured_content["passages"][0]["passage_id"].startswith("piscine#")


def asked(name: str = "answer_question", **arguments: Any) -> dict[str, Any]:
    """A call as it goes over HTTP, in the form that every version of the protocol had."""
    params = {"name": name, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


HEADERS = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}


@pytest.fixture(scope="module")
def client(assistant_settings: Settings) -> Iterator[TestClient]:
    named = assistant_settings.model_copy(update={"hosts": ["assistant.valbourg.example"]})
    with TestClient(create(named), base_url="http://127.0.0.1:8000") as started:
        yield started


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost:1234", 200),
        ("[::1]:8000", 200),
        ("assistant.valbourg.example", 200),
        ("assistant.valbourg.example:443", 200),
        ("ailleurs.example", 421),
        ("127.0.0.1.ailleurs.example", 421),
        ("localhost.ailleurs.example:80", 421),
    ],
)
def test_only_our_own_names_are_answered(client: TestClient, host: str, status: int) -> None:
    response = client.post("/mcp", json=asked(question=POOL), headers={**HEADERS, "host": host})
    assert response.status_code == status
    if status == 421:
        assert response.headers["content-type"] == "application/problem+json"
        assert "ASSISTANT_HOSTS" in response.json()["detail"]


@pytest.mark.parametrize(
    ("origin", "status"),
    [(SITE, 200), ("https://ailleurs.example", 403), (f"{SITE}.ailleurs.example", 403),
     ("http://localhost:3000", 403), ("null", 403)],
)  # fmt: skip
def test_only_pages_of_listed_sites_may_ask(client: TestClient, origin: str, status: int) -> None:
    response = client.post("/mcp", json=asked(question=POOL), headers={**HEADERS, "origin": origin})
    assert response.status_code == status
    if status == 403:
        assert "ASSISTANT_ORIGINS" in response.json()["detail"]


def test_each_request_stands_alone(client: TestClient) -> None:
    response = client.post("/mcp", json=asked(question=POOL), headers=HEADERS)
    found = response.json()["result"]
    assert found["content"][0]["text"].startswith(SAID)
    assert found["structuredContent"]["contact"] is None  # a field without a value is there
    assert "mcp-session-id" not in response.headers


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_stream_nor_session_to_open(client: TestClient, method: str) -> None:
    response = client.request(method, "/mcp", headers=HEADERS)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        (b" " * 64_001, "application/json", 413, "Le corps dépasse 64000 octets."),
        (b"\xff", "application/json", 400, "Le corps n'est pas du texte UTF-8."),
        (b"{}", "text/plain", 400, "Envoyez du JSON"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_french(
    client: TestClient, body: bytes, kind: str, status: int, said: str
) -> None:
    response = client.post("/mcp", content=body, headers={**HEADERS, "content-type": kind})
    assert (response.status_code, response.json()["detail"][: len(said)]) == (status, said)


def test_before_it_started_it_is_not_ready(assistant_settings: Settings) -> None:
    stopped = TestClient(create(assistant_settings), base_url="http://127.0.0.1:8000")
    response = stopped.post("/mcp", json=asked(question=POOL), headers=HEADERS)
    assert (response.status_code, response.json()["title"]) == (
        503,
        "Pas de réponse pour le moment",
    )


def test_no_log_line_holds_what_was_asked(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for body in (
            asked(question="Où vit Zéphyrine ?"),
            asked(question="Zéphyrine" * 100),
            asked("search_passages", question="Zéphyrine"),
            asked("Zéphyrine"),
            {**asked(question="Zéphyrine"), "id": None},
        ):
            client.post("/mcp", json=body, headers=HEADERS)
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("httpx")]
    assert not any("phyrine" in line for line in ours)
