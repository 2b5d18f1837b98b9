from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from country import BROKEN, VALBOURG
from databases import chroma, forgotten, free_port
from pydantic import SecretStr

from assistant.assembly import published
from assistant.doors.cli import doctor
from assistant.doors.cli.doctor import State, examine, examine_all
from assistant.records.store import Store
from assistant.settings import Settings
from corpus import catalogue
from index.encoder.embedding import load
from index.generation import live, manifest
from index.stores.chroma import Server, reached


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
    with closing(sqlite3.connect(own.var / "journal.sqlite3")) as connection:
        ((state, said),) = _said(own, "Base de données")
        assert state is State.WELL and "premier démarrage" in said
        connection.execute("CREATE TABLE about (format INTEGER)")  # as 0.1.0 did
    ((state, said),) = _said(own, "Base de données")
    assert state is State.LOOK and "assistant migrate" in said
    with closing(Store(own.journal_url)) as store:
        assert store.revision() is None


def test_what_is_published_is_compared_with_what_is_here(own: Settings, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    settings = own.model_copy(update={"generations": str(shared)})

    def told() -> tuple[State, str]:
        ((state, said),) = _said(settings, "Index publiés")
        return state, said

    assert told()[0] is State.LOOK and "ASSISTANT_GENERATIONS" in told()[1]  # no such folder
    shared.mkdir()
    assert told()[0] is State.LOOK and "assistant build" in told()[1]
    shelf = published(settings, load(own.model))
    assert shelf is not None
    shelf.publish(live(own.index))
    assert told()[0] is State.WELL and told()[1].endswith("c'est celle d'ici.")
    current = shared / "current"
    archive = shared / "generations" / current.read_text("ascii")
    os.utime(current, (time.time() - 40 * 86400,) * 2)
    assert told()[0] is State.LOOK and "il y a 40 jours" in told()[1]
    (own.index / "current").write_text("000000")
    assert told()[0] is State.LOOK and "répond d'une autre" in told()[1]
    archive.unlink()
    assert told()[0] is State.WRONG and "son archive manque" in told()[1]


def test_a_chroma_server_is_asked_for_the_vectors(own: Settings, tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = own.model_copy(update={"chroma": address})

    def told() -> tuple[State, str]:
        ((state, said),) = _said(settings, "Chroma")
        return state, said

    assert told()[0] is State.LOOK and "ASSISTANT_CHROMA" in told()[1]
    with chroma(tmp_path / "chroma", port):
        assert told()[0] is State.LOOK and "tient 0 des" in told()[1]
        folder = live(own.index)
        kept = manifest(folder)
        town = catalogue.load(own.catalogue).town
        name = Server(address, town.insee).collection(folder.name, kept["checksums"]["vectors.npy"])
        client = reached(address, doctor._WAIT)
        held = client.create_collection(name, embedding_function=None)
        vectors = np.load(folder / "vectors.npy")
        held.add(ids=[str(row) for row in range(len(vectors))], embeddings=vectors)
        assert told()[0] is State.WELL and f"({kept['passages']} vecteurs)" in told()[1]
        forgotten(address, doctor._WAIT)
