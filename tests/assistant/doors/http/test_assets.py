from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from fastapi.testclient import TestClient

from assistant.assembly import VERSION
from assistant.doors.http.api import create
from assistant.doors.http.assets import MOVING, assets
from assistant.settings import Settings

CORE = "assistant-pvd.js"
SECOND = "assistant-pvd-more.js"
WIDGET = Path(__file__).parents[4] / "assistant" / "doors" / "widget"


@pytest.fixture(scope="module")
def client(assistant_settings: Settings) -> Iterator[TestClient]:
    with TestClient(create(assistant_settings)) as started:
        yield started


def raw(client: TestClient, path: str, accepted: str) -> tuple[str | None, bytes]:
    """The encoding that a file came in, and its bytes as they travelled."""
    with client.stream("GET", path, headers={"accept-encoding": accepted}) as response:
        assert response.status_code == 200
        assert response.headers["vary"].lower().startswith("accept-encoding")
        return response.headers.get("content-encoding"), b"".join(response.iter_raw())


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
def test_a_file_comes_in_the_smallest_form_that_is_taken(
    client: TestClient, accepted: str, encoding: str | None
) -> None:
    came, body = raw(client, f"/widget/{VERSION}/{CORE}", accepted)
    assert came == encoding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[came]
    assert unpack(body) == (WIDGET / CORE).read_bytes()


@pytest.mark.parametrize(("name", "most"), [(CORE, 10_000), (SECOND, 8_000)])
def test_the_widget_is_as_light_as_promised(name: str, most: int) -> None:
    bodies = assets()[name].bodies
    assert len(bodies["br"]) < len(bodies["gzip"]) <= most


def test_a_page_can_require_the_bytes_that_it_knows() -> None:
    for name in (CORE, SECOND):
        digest = hashlib.sha384((WIDGET / name).read_bytes()).digest()
        assert assets()[name].integrity == f"sha384-{base64.b64encode(digest).decode()}"


def test_what_a_browser_has_already_is_not_sent_again(client: TestClient) -> None:
    address = f"/widget/{MOVING}/{CORE}"
    tag = client.get(address).headers["etag"]
    again = client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/poser", "/embed", "/recu", "/a-propos", "/integration", "/passages/ort%231"),
        *("/healthz", "/readyz", "/openapi.json", "/api/v1/passages/ort%231"),
        *("/api/v1/about", "/api/v1/passages?q=ORT", "/v1/models", f"/widget/{VERSION}/{CORE}"),
    ],
)
def test_head_is_get_without_its_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers["content-length"] == got.headers["content-length"]


def test_head_is_refused_where_get_is(client: TestClient) -> None:
    assert client.head("/api/v1/answers").status_code == 405
