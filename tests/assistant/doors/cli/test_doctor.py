from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from country import BROKEN, VALBOURG
from pydantic import SecretStr

from assistant.doors.cli.doctor import State, examine, examine_all
from assistant.records.store import Store
from assistant.settings import Settings


def _said(settings: Settings, name: str, url: str | None = None) -> list[tuple[State, str]]:
    return [(each.state, each.said) for each in examine(settings, url) if each.name == name]


def test_an_installation_that_is_well_is_said_to_be(own: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = examine(own.model_copy(update={"port": port}))
    assert [each.name for each in found if each.wrong] == []
    assert str(found[1]).startswith("[bien] Catalogue : Valbourg, 1 source(s).")


def test_what_serving_lacks_is_named_with_its_remedy(own: Settings) -> None:
    shutil.rmtree(own.index)
    own.catalogue.write_text("[town", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = own.model_copy(update={"port": taken.getsockname()[1]})
        taken.close()
        with HTTPServer(("127.0.0.1", settings.port), BaseHTTPRequestHandler) as other:
            threading.Thread(target=other.serve_forever, daemon=True).start()
            found = {each.name: each for each in examine(settings)}
            other.shutdown()
    assert {name for name, each in found.items() if each.wrong} == {
        "Catalogue", "Modèle et index", "Port",
    }  # fmt: skip
    assert "assistant build" in found["Modèle et index"].said
    assert "ASSISTANT_PORT" in found["Port"].said


def test_of_several_towns_those_that_are_not_well_are_named(country: Settings) -> None:
    found = examine_all(country)
    told = {each.name: each for each in found}
    assert told["Fiches nationales"].state is State.WELL
    towns = [(each.state, each.said) for each in found if each.name == "Villes"]
    assert towns[0][0] is State.WRONG and towns[0][1].startswith(f"{BROKEN} : ")
    assert towns[-1] == (State.WELL, "2 sur 3 peuvent répondre.")
    assert [s for s, _ in _said(country.town(VALBOURG), "Modèle et index")] == [State.WELL]


class _Models(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        allowed = self.headers["authorization"] == "Bearer juste"
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(b'{"data": [{"id": "petit"}]}')

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def models() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Models) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


@pytest.mark.parametrize(
    ("model", "key", "state", "said"),
    [
        ("petit", "juste", State.WELL, "petit répond."),
        ("petit", "fausse", State.LOOK, "ASSISTANT_WRITER_KEY"),
        ("grand", "juste", State.LOOK, "ASSISTANT_WRITER_MODEL"),
    ],
)
def test_the_writer_is_asked_for_its_models(
    own: Settings, models: str, model: str, key: str, state: State, said: str
) -> None:
    writer = {"writer_url": models, "writer_model": model, "writer_key": SecretStr(key)}
    ((found, told),) = _said(own.model_copy(update=writer), "Modèle qui rédige")
    assert found is state and said in told and key not in told


def test_a_public_address_that_streams_is_well(own: Settings, address: str) -> None:
    assert [state for state, _ in _said(own, "Adresse publique", address)] == [State.WELL]


class _Keeping(BaseHTTPRequestHandler):
    """A proxy that gives an answer when it has the whole of it, and changes the name."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(
            b'event: seen\ndata: {"scheme": "https", "host": "dedans", "known": false}\n\n'
            b"event: end\ndata: {}\n\n"
        )

    log_message = _Models.log_message


def test_a_proxy_that_keeps_answers_is_found(own: Settings) -> None:
    with HTTPServer(("127.0.0.1", 0), _Keeping) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{proxy.server_port}"
        told = " ".join(said for state, said in _said(own, "Adresse publique", url)
                        if state is State.WRONG)  # fmt: skip
        proxy.shutdown()
    assert all(word in told for word in ("proxy_buffering off", "« Host »", "X-Forwarded-Proto"))


def test_a_database_of_before_is_to_be_migrated_and_is_not_touched(own: Settings) -> None:
    file = own.var / "journal.sqlite3"
    file.touch()
    ((state, said),) = _said(own, "Base de données")
    assert state is State.LOOK and "assistant migrate" in said
    with closing(Store(own.journal_url)) as store:
        assert store.revision() is None
