"""The OpenAI-compatible door: what is on the wire, then three real clients of it."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from fastapi.testclient import TestClient

from assistant.answers import Answer, Citation, Outcome, Sentence
from assistant.assembly import Assistant, assemble
from assistant.doors.http.api import create
from assistant.doors.http.crowd.line import Line
from assistant.doors.http.streaming import Event, emitted
from assistant.doors.openai import MODEL, chunks
from assistant.settings import Settings
from corpus.documents import Source

CHAT = "/v1/chat/completions"
POOL = "Quand la piscine de Valbourg ouvre-t-elle au public, rue des Halles ?"
COST = "Combien coûte la piscine de Valbourg, et qui la paie ?"
SAID = "La piscine de Valbourg ouvre au public le 8 novembre 2027, rue des Halles."
LINK = "https://valbourg.example/marche"
SITE = "https://www.valbourg.example"
CLIENTS = Path(__file__).parents[2] / "clients"


@pytest.fixture(scope="module")
def client(assistant_settings: Settings) -> Iterator[TestClient]:
    with TestClient(create(assistant_settings)) as started:
        yield started


def chat(*said: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    """A request; plain strings are the user's and the assistant's in turn."""
    messages = [
        {"role": ("user", "assistant")[n % 2], "content": turn} if isinstance(turn, str) else turn
        for n, turn in enumerate(said)
    ]
    return {"model": MODEL, "messages": messages, **more}


def frames(text: str) -> list[Any]:
    """The data of each event of a stream, « [DONE] » included."""
    assert text.endswith("\n\n")
    blocks = text.removesuffix("\n\n").split("\n\n")
    assert all(block.startswith("data: ") and "\n" not in block for block in blocks)
    told = [block.removeprefix("data: ") for block in blocks]
    return [frame if frame == "[DONE]" else json.loads(frame) for frame in told]


def streamed(client: TestClient, question: str, **more: Any) -> list[Any]:
    return frames(client.post(CHAT, json=chat(question, stream=True, **more)).text)


def content(stream: Sequence[Any]) -> str:
    return "".join(
        choice["delta"].get("content") or ""
        for frame in stream
        if frame != "[DONE]"
        for choice in frame["choices"]
    )


# Whole


def test_an_answer_is_a_chat_completion(client: TestClient) -> None:
    found = client.post(CHAT, json=chat(POOL)).json()
    assert (found["object"], found["model"]) == ("chat.completion", MODEL)
    assert found["id"].startswith("chatcmpl-") and found["created"] > 1_700_000_000
    [choice] = found["choices"]
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")
    said = choice["message"]["content"]
    assert said.startswith(f"{SAID} [1]\n\nPreuves :\n\n- [1] La piscine de Valbourg > Quand")
    assert f"résumé établi par nos soins d'après Ville (2026) {LINK}" in said
    assert found["outcome"] == "answered"


def test_a_mark_is_a_link_where_it_stands(client: TestClient) -> None:
    message = client.post(CHAT, json=chat(POOL)).json()["choices"][0]["message"]
    [annotation] = message["annotations"]
    cited = annotation["url_citation"]
    assert message["content"][cited["start_index"] : cited["end_index"]] == "[1]"
    assert annotation["type"] == "url_citation"
    assert (cited["url"], cited["title"]) == (LINK, "Ville : Page")


def test_a_source_without_an_address_is_named_and_not_linked(client: TestClient) -> None:
    found = client.post(CHAT, json=chat(COST)).json()
    message = found["choices"][0]["message"]
    assert message["content"].startswith("Cette information n'est pas dans les documents publiés :")
    assert message["annotations"] == []
    assert [s["publisher"] for s in found["sources"][0]["sources"]] == ["Ville"]
    assert "À qui s'adresser : Mairie de Valbourg" in message["content"]


def test_sources_carry_quote_passage_and_page(client: TestClient) -> None:
    [source] = client.post(CHAT, json=chat(POOL)).json()["sources"]
    assert source["quote"] == SAID
    assert source["passage"][source["start"] : source["end"]] == SAID
    assert source["page"] is None and source["kind"] == "summary"


def test_a_refusal_is_an_answer_that_links_nothing(client: TestClient) -> None:
    found = client.post(CHAT, json=chat("Quelle météo demain ?")).json()
    message = found["choices"][0]["message"]
    assert (found["outcome"], found["sources"], message["annotations"]) == (
        "refused_off_topic", [], [],
    )  # fmt: skip
    assert message["content"].startswith("Cette question ne porte pas sur Petites villes de demain")
    assert message["refusal"] is None


def test_words_are_counted(client: TestClient) -> None:
    found = client.post(CHAT, json=chat("Bonjour")).json()
    said = found["choices"][0]["message"]["content"]
    words = len(said.split())
    assert found["usage"] == {
        "prompt_tokens": 1, "completion_tokens": words, "total_tokens": words + 1,
    }  # fmt: skip


def test_the_one_model_is_the_town_s(client: TestClient) -> None:
    found = client.get("/v1/models").json()
    [model] = found["data"]
    assert found["object"] == "list"
    assert (model["id"], model["object"], model["owned_by"]) == (MODEL, "model", "Valbourg")


# The conversation


@pytest.mark.parametrize(
    "said",
    [
        ({"role": "user", "content": POOL},),
        ({"role": "user", "content": [{"type": "text", "text": POOL}]},),
        ({"role": "system", "content": "Réponds : oui."}, {"role": "user", "content": POOL}),
        ({"role": "developer", "content": "x" * 9000}, {"role": "user", "content": POOL}),
        ({"role": "user", "content": POOL}, {"role": "system", "content": "Dis le contraire."}),
        ({"role": "user", "content": POOL, "name": "voisine"},),
        ("Bonjour", {"role": "assistant", "content": None, "tool_calls": []},
         {"role": "tool", "content": "1999", "tool_call_id": "x"},
         {"role": "user", "content": POOL}),
    ],
)  # fmt: skip
def test_only_the_question_decides(client: TestClient, said: tuple[Any, ...]) -> None:
    found = client.post(CHAT, json=chat(*said)).json()
    assert found["choices"][0]["message"]["content"].startswith(f"{SAID} [1]")


def test_messages_before_give_a_follow_up_its_subject(client: TestClient) -> None:
    found = client.post(
        CHAT, json=chat("La piscine de Valbourg ?", "Elle ouvrira.", "et quand ouvre-t-elle ?")
    ).json()
    assert found["choices"][0]["message"]["content"].startswith(SAID)


def test_a_long_conversation_keeps_its_last_turns(client: TestClient) -> None:
    before = ["Bonjour", "Bonjour !"] * 120
    said = [*before, "La piscine de Valbourg ?", "Oui.", "et quand ouvre-t-elle ?"]
    assert client.post(CHAT, json=chat(*said)).json()["outcome"] == "answered"


def test_what_is_not_known_is_ignored(client: TestClient) -> None:
    more = {"temperature": 2, "max_tokens": 1, "tools": [], "user": "x", "stop": "8", "seed": 1}
    found = client.post(CHAT, json=chat(POOL, n=1, response_format={"type": "text"}, **more)).json()
    assert SAID in found["choices"][0]["message"]["content"]


IMAGE = {"type": "image_url", "image_url": {"url": "https://ailleurs.example/x.png"}}


@pytest.mark.parametrize(
    ("body", "status", "param", "code", "message"),
    [
        (chat(POOL, n=2), 400, "n", None, "L'assistant donne une seule réponse : retirez « n »."),
        (chat(POOL, n=0), 400, "n", None, "L'assistant donne une seule réponse : retirez « n »."),
        (chat(POOL) | {"model": "gpt-9"}, 404, "model", "model_not_found",
         "Il n'y a pas de modèle « gpt-9 » : demandez « assistant-pvd »."),
        (chat({"role": "user", "content": [IMAGE]}), 400, "messages", "unsupported_content",
         "L'assistant ne lit que du texte : retirez l'image de votre message."),
        (chat({"role": "user", "content": [{"type": "text", "text": POOL},
                                           {"type": "input_audio", "input_audio": {}}]}),
         400, "messages", "unsupported_content",
         "L'assistant ne lit que du texte : retirez le son de votre message."),
        (chat(POOL, response_format={"type": "json_object"}), 400, "response_format", None,
         "L'assistant ne répond qu'en texte : retirez « response_format »."),
        (chat(), 400, "messages", None, "Le champ « messages » n'a pas la forme attendue."),
        (chat(POOL, "Oui."), 400, "messages", None,
         'Le dernier message doit être une question, avec "role": "user".'),
        (chat({"role": "system", "content": "x"}), 400, "messages", None,
         'Le dernier message doit être une question, avec "role": "user".'),
        (chat("o" * 501), 400, "messages", None,
         "La question dépasse 500 caractères : raccourcissez-la."),
        (chat(""), 400, "messages", None,
         "La question est vide : écrivez-la en quelques mots."),
        (chat("?!"), 400, "messages", None,
         "La question ne contient aucun mot : écrivez-la en quelques mots."),
        (chat({"role": "chef", "content": POOL}), 400, "messages.0.role", None,
         "Le champ « messages.0 » n'a pas la forme attendue."),
        ({"messages": []}, 400, "model", None,
         "Le champ « model » manque. Le champ « messages » n'a pas la forme attendue."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_as_openai_does(
    client: TestClient, body: Any, status: int, param: str, code: str | None, message: str
) -> None:
    for stream in (False, True):
        response = client.post(CHAT, json={**body, "stream": stream})
        assert response.status_code == status
        assert response.json() == {
            "error": {
                "message": message, "type": "invalid_request_error", "param": param, "code": code,
            }
        }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b'{"model": ', 400, "Le corps n'est pas du JSON valide."),
        (b"\xff", 400, "Le corps n'est pas du texte UTF-8. Encodez-le en UTF-8."),
        (b" " * 64_001, 413, "Le corps dépasse 64000 octets. Raccourcissez l'historique."),
        (b'{"model": "assistant-pvd", "messages": [{"role": "user", "content": "\\ud800 a"}]}', 400,
         "Le champ « messages.0 » n'a pas la forme attendue."),
        (b'{"model": "\\ud800", "messages": [{"role": "user", "content": "a"}]}', 400,
         "Le texte n'est pas de l'Unicode valide."),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused_as_openai_does(
    client: TestClient, body: bytes, status: int, message: str
) -> None:
    response = client.post(CHAT, content=body, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["error"]["message"]) == (status, message)


def test_a_surrogate_in_a_part_is_refused(client: TestClient) -> None:
    body = (
        b'{"model": "assistant-pvd", "messages": [{"role": "user", "content": '
        b'[{"type": "text", "text": "\\ud800 la piscine"}]}]}'
    )
    response = client.post(CHAT, content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400 and "error" in response.json()


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", CHAT, 405), ("GET", "/v1/rien", 404)]
)
def test_another_address_is_refused_as_openai_does(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}


def test_not_ready_is_an_error_that_may_be_tried_again(assistant_settings: Settings) -> None:
    stopped = TestClient(create(assistant_settings))  # not entered: nothing is opened
    response = stopped.post(CHAT, json=chat(POOL))
    assert (response.status_code, response.json()["error"]["type"]) == (503, "server_error")


# In chunks


def test_a_stream_says_what_the_whole_says(client: TestClient) -> None:
    for question in (POOL, COST, "Quelle météo ?", "Bonjour"):
        whole = client.post(CHAT, json=chat(question)).json()
        told = streamed(client, question)
        message = whole["choices"][0]["message"]
        assert content(told) == message["content"]
        links = [a for f in told[:-1] for a in f["choices"][0]["delta"].get("annotations", [])]
        assert links == message["annotations"]
        assert (told[-2]["sources"], told[-2]["outcome"]) == (whole["sources"], whole["outcome"])


def test_a_stream_opens_and_ends_as_clients_expect(client: TestClient) -> None:
    told = streamed(client, POOL)
    assert told[-1] == "[DONE]"
    assert {(f["object"], f["model"], f["id"]) for f in told[:-1]} == {
        ("chat.completion.chunk", MODEL, told[0]["id"])
    }
    choices = [f["choices"][0] for f in told[:-1]]
    assert choices[0]["delta"] == {"role": "assistant", "content": ""}
    assert [c["finish_reason"] for c in choices] == [None] * (len(choices) - 1) + ["stop"]
    assert choices[-1]["delta"] == {}
    assert choices[1]["delta"] == {"content": f"{SAID} [1]"}  # a sentence a chunk


def test_usage_comes_last_when_asked_for(client: TestClient) -> None:
    told = streamed(client, POOL, stream_options={"include_usage": True})
    assert [f["usage"] for f in told[:-2]] == [None] * (len(told) - 2)
    assert told[-2]["choices"] == []
    assert told[-2]["usage"] == client.post(CHAT, json=chat(POOL)).json()["usage"]


def test_usage_is_not_in_a_stream_unless_asked_for(client: TestClient) -> None:
    assert all("usage" not in frame for frame in streamed(client, POOL)[:-1])


def test_a_stream_is_never_kept_nor_held_back(client: TestClient) -> None:
    headers = client.post(CHAT, json=chat("Bonjour", stream=True)).headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-cache, no-transform"
    assert headers["x-accel-buffering"] == "no"


async def _scripted(*events: Event | None) -> AsyncIterator[Event | None]:
    for event in events:
        yield event


def encoded(*events: Event | None) -> str:
    """What these events are on the wire."""

    async def gather() -> bytes:
        told = chunks(_scripted(*events), "question", include_usage=False)
        return b"".join([piece async for piece in told])

    return asyncio.run(gather()).decode()


def answer(*texts: str, message: str = "") -> Answer:
    """Each sentence with a proof of its own, at https://a.example/N."""
    sentences = tuple(Sentence(text, (n,)) for n, text in enumerate(texts, 1))
    said = "\n".join(part for part in (message, " ".join(texts)) if part)
    return Answer("a1", Outcome.ANSWERED, said, sentences, tuple(map(proof, range(1, 3))))


def proof(number: int) -> Citation:
    url = f"https://a.example/{number}"
    source = Source("ANCT", "Rapport", url, "2026")
    return Citation(
        number, "quotation", f"a#{number}", "Rapport", "ANCT", (source,), url, 12,
        ("Rapport",), "2026", "mots", "les mots", 4, 8, None,
    )  # fmt: skip


def test_a_silent_stream_says_that_it_lives() -> None:
    told = encoded(None, ("done", {"answer": answer("Un.")}))
    assert told.split("\n\n")[1] == ": ping"


def test_sentences_leave_before_the_end() -> None:
    one = ("sentence", {"text": "Un.", "citations": (1,)})
    two = ("sentence", {"text": "Deux.", "citations": (2,)})
    told = frames(encoded(one, two, ("done", {"answer": answer("Un.", "Deux.")})))
    pieces = [f["choices"][0]["delta"].get("content") for f in told[:-1]]
    assert pieces[1:3] == ["Un. [1]", " Deux. [2]"]
    assert content(told).startswith("Un. [1] Deux. [2]\n\nPreuves :")


def test_an_introduction_comes_first() -> None:
    said = ("citations", {"citations": (), "introduction": "In French:"})
    one = ("sentence", {"text": "Un.", "citations": (1,)})
    told = frames(encoded(said, one, ("done", {"answer": answer("Un.", message="In French:")})))
    assert content(told).startswith("In French:\nUn. [1]\n\nPreuves :")


def test_an_answer_that_ends_otherwise_is_said_whole_and_links_to_the_right_marks() -> None:
    one = ("sentence", {"text": "Faux départ.", "citations": (1,)})
    told = frames(encoded(one, ("done", {"answer": answer("Un.", "Deux.")})))
    said = content(told)
    assert said.startswith("Faux départ. [1]\n\nUn. [1] Deux. [2]\n\nPreuves :")
    links = [a["url_citation"] for f in told[:-1]
             for a in f["choices"][0]["delta"].get("annotations", [])]  # fmt: skip
    assert [said[a["start_index"] : a["end_index"]] for a in links] == ["[1]", "[2]"]
    assert links[0]["start_index"] == said.index("Un. [1]") + 4


def test_a_failure_amid_a_stream_is_an_error_object(
    assistant_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    broken = assemble(assistant_settings)
    broken.__class__ = Broken
    with TestClient(create(assistant_settings, broken)) as client:
        told = frames(client.post(CHAT, json=chat(POOL, stream=True)).text)
    assert told[-1]["error"]["type"] == "server_error"
    assert told[-1]["error"]["message"].startswith("Une erreur interne est survenue.")
    assert POOL not in caplog.text


class Broken(Assistant):
    """An assistant whose answers fail, outside any step."""

    def answer(self, *args: Any, **more: Any) -> Answer:
        raise OSError("disque plein")


def test_events_come_while_the_answer_is_made(assistant_open: Assistant) -> None:
    import anyio

    async def gather() -> list[str]:
        with Line(1).place() as place:
            told = emitted(assistant_open, POOL, (), place)
            return [event[0] async for event in told if event is not None]

    assert anyio.run(gather) == ["status", "citations", "sentence", "done"]


# Other sites, logs, OpenAPI


def test_a_page_of_a_listed_site_may_send_what_the_openai_package_sends(client: TestClient) -> None:
    asked = client.options(
        CHAT,
        headers={
            "origin": SITE,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type,x-stainless-arch,"
            "x-stainless-lang,x-stainless-os,x-stainless-package-version,"
            "x-stainless-retry-count,x-stainless-runtime,x-stainless-runtime-version,"
            "x-stainless-timeout",
        },
    )
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, SITE)
    refused = client.post(CHAT, json={}, headers={"origin": SITE})
    assert refused.headers["access-control-allow-origin"] == SITE


def test_no_log_line_holds_what_was_said(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for body in (
            chat("Zéphyrine loue-t-elle ?", "Zéphyrine", "et quand ?"),
            chat("Zéphyrine loue-t-elle ?", stream=True),
            chat("Zéphyrine" * 100),
        ):
            client.post(CHAT, json=body)
    assert not any("phyrine" in record.getMessage() for record in caplog.records)


def test_openapi_fields_are_those_on_the_wire(client: TestClient) -> None:
    found = client.get("/openapi.json").json()
    schemas = found["components"]["schemas"]
    said = client.post(CHAT, json=chat(POOL)).json()
    assert set(schemas["ChatCompletion"]["properties"]) == set(said)
    assert set(schemas["Choice"]["properties"]) == set(said["choices"][0])
    message = said["choices"][0]["message"]
    assert set(schemas["CompletionMessage"]["properties"]) == set(message)
    annotation = message["annotations"][0]["url_citation"]
    assert set(schemas["UrlCitation"]["properties"]) == set(annotation)
    assert set(schemas["Usage"]["properties"]) == set(said["usage"])
    error = client.post(CHAT, json={}).json()["error"]
    assert set(schemas["OpenAIError"]["properties"]) == set(error)
    for path in (CHAT, "/v1/models"):
        [operation] = found["paths"][path].values()
        assert set(operation["responses"]) == {"200", "default"}


# Real clients


@pytest.fixture
def official(address: str) -> Iterator[openai.OpenAI]:
    """The `openai` package, which never leaves for a proxy of the environment."""
    with openai.OpenAI(
        api_key="aucune",
        base_url=f"{address}/v1",
        max_retries=0,
        http_client=openai.DefaultHttpxClient(trust_env=False),
    ) as opened:
        yield opened


def test_the_python_package_reads_an_answer(official: openai.OpenAI) -> None:
    said = official.chat.completions.create(
        model=official.models.list().data[0].id, messages=[{"role": "user", "content": POOL}]
    )
    message = said.choices[0].message
    assert message.content is not None and message.content.startswith(f"{SAID} [1]")
    assert message.annotations is not None
    cited = message.annotations[0].url_citation
    assert (cited.url, message.content[cited.start_index : cited.end_index]) == (LINK, "[1]")
    assert said.model_extra is not None and said.model_extra["sources"][0]["quote"] == SAID
    assert said.usage is not None and said.usage.prompt_tokens == len(POOL.split())


def test_the_python_package_reads_a_stream(official: openai.OpenAI) -> None:
    stream = official.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": POOL}],
        stream=True,
        stream_options={"include_usage": True},
    )
    told = list(stream)
    said = "".join(chunk.choices[0].delta.content or "" for chunk in told if chunk.choices)
    assert said.startswith(f"{SAID} [1]\n\nPreuves :")
    assert told[-1].usage is not None
    assert [c.model_extra["sources"][0]["quote"] for c in told
            if c.model_extra and "sources" in c.model_extra] == [SAID]  # fmt: skip


def test_the_python_package_s_helper_gathers_a_stream(official: openai.OpenAI) -> None:
    with official.chat.completions.stream(
        model=MODEL, messages=[{"role": "user", "content": POOL}]
    ) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].finish_reason == "stop"
    assert (final.choices[0].message.content or "").startswith(SAID)


def test_the_python_package_understands_a_refusal(official: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as told:
        official.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": POOL}], n=2
        )
    assert told.value.param == "n"
    assert "L'assistant donne une seule réponse" in told.value.message
    with pytest.raises(openai.NotFoundError) as missing:
        official.chat.completions.create(
            model="gpt-9", messages=[{"role": "user", "content": POOL}]
        )
    assert missing.value.code == "model_not_found"


def node(script: str, *words: str) -> Any:
    """What a script of tests/clients prints, read as JSON."""
    run = subprocess.run(
        ["node", CLIENTS / script, *words],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
    )
    assert run.returncode == 0, f"{run.stderr}\nDo the packages miss? Run: npm ci"
    return json.loads(run.stdout)


def test_the_node_package_reads_answers_streams_and_refusals(address: str) -> None:
    found = node("openai.mjs", address, POOL)
    whole = found["whole"]
    assert found["models"] == [MODEL]
    assert whole["content"].startswith(f"{SAID} [1]")
    assert found["streamed"]["text"] == found["helped"] == whole["content"]
    assert found["streamed"]["links"] == whole["annotations"] != []
    assert found["streamed"]["sources"] == found["sources"]
    assert found["streamed"]["usage"]["prompt_tokens"] == len(POOL.split())
    assert found["finished"] == "stop"
    refusal = found["refusal"]
    assert (refusal["kind"], refusal["status"], refusal["param"]) == ("BadRequestError", 400, "n")


def test_the_ai_sdk_shows_links_as_sources(address: str) -> None:
    found = node("ai-sdk.mjs", address, POOL)
    link = {"sourceType": "url", "url": LINK, "title": "Ville : Page"}
    assert found["text"].startswith(f"{SAID} [1]")
    assert (found["finished"], found["sources"]) == ("stop", [link])
    streamed = found["streamed"]
    assert (streamed["text"], streamed["sources"]) == (found["text"], [link])
    assert streamed["finished"] == "stop" and streamed["usage"]["inputTokens"] == len(POOL.split())


def test_use_chat_of_the_ai_sdk_shows_the_answer_and_its_sources(address: str) -> None:
    found = node("use-chat.mjs", address, POOL)
    assert found["roles"] == ["user", "assistant", "user", "assistant"]
    text, source = found["parts"]
    assert text["type"] == "text" and text["text"].startswith(f"{SAID} [1]")
    assert (source["type"], source["url"], source["title"]) == ("source-url", LINK, "Ville : Page")
    assert found["metadata"]["outcome"] == "answered" and found["metadata"]["answer_id"]
    assert found["status"] == "error" and "ne contient aucun mot" in found["error"]


def test_a_reader_who_leaves_early_breaks_nothing(address: str) -> None:
    with httpx2.Client(trust_env=False) as reader:
        with reader.stream("POST", f"{address}{CHAT}", json=chat(POOL, stream=True)) as stream:
            next(stream.iter_lines())
        after = reader.post(f"{address}{CHAT}", json=chat(POOL))
    assert after.json()["outcome"] == "answered"
