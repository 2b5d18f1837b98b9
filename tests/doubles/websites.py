"""A website of our own on loopback: what a test says it holds, and what was asked of it."""

from __future__ import annotations

import gzip
import hashlib
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from corpus.fetching.web import Pace, Reach

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
Behaviour = Callable[[BaseHTTPRequestHandler], None]  # writes the whole answer by itself


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gives. `behaviour`, when there is one, answers in its place."""

    body: bytes = b""
    status: int = 200
    media: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    behaviour: Behaviour | None = None


class Website:
    """Pages by their path; each has its ETag. `asked` is every (path, headers) so far."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.root = ""

    def put(self, path: str, words: str = "", **more: Any) -> None:
        """A page with a title and enough words to be read, or any other Page."""
        if words:
            more.setdefault("body", document(words))
        self.pages[path] = Page(**more)

    def link(self, path: str, words: str, *links: str) -> None:
        """A page that leads elsewhere."""
        self.pages[path] = Page(document(words, *links))

    def paths(self) -> list[str]:
        """What was asked, without robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def url(self, path: str) -> str:
        return self.root + path


def document(words: str, *links: str) -> bytes:
    """An HTML page whose main content is the words, three times over."""
    anchors = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    return (
        f"<!DOCTYPE html><html lang='fr'><head><title>{words}</title></head><body><main>"
        f"<h1>{words}</h1><p>{f'{words}, dit la page de la ville de Valbourg. ' * 3}</p>"
        f"</main><nav><ul>{anchors}</ul></nav></body></html>"
    ).encode()


def reach(**more: Any) -> Reach:
    """Downloads that may go to loopback and wait for nothing."""
    pace = Pace(**{"whole": 10.0, "delay": 0.0, **more.pop("pace", {})})
    return Reach(**{"allowed": LOOPBACK, "pause": lambda seconds: None, "pace": pace, **more})


def squeezed(content: bytes) -> bytes:
    return gzip.compress(content)


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Website]:
    """The website, answering on a port of its own until the end of the block."""
    site = Website()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            answer(self, site.pages.get(self.path, Page(b"absente", 404)))

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.root = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a page that drips is not waited for

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that hangs up is what many tests are about


def answer(handler: BaseHTTPRequestHandler, page: Page) -> None:
    if page.behaviour is not None:
        handler.close_connection = True
        page.behaviour(handler)
        return
    etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
    fresh = handler.headers.get("If-None-Match") != etag or page.status != 200
    handler.send_response(page.status if fresh else 304)
    for name, value in {"Content-Type": page.media, "ETag": etag, **page.headers}.items():
        if value:
            handler.send_header(name, value)
    if fresh:
        handler.send_header("Content-Length", str(len(page.body)))
    handler.end_headers()
    if fresh:
        handler.wfile.write(page.body)


HEAD = """\
[town]
name = "Valbourg"
insee = "35999"
intercommunality = "Pays de Valbourg"
site = "https://www.valbourg.example"

[town.contact]
name = "Mairie de Valbourg"
checked = 2026-11-22
"""

ENTRY = """
[[entries]]
id = "{id}"
kind = "{kind}"
publisher = "Ville de Valbourg"
title = "Titre de {id}"
address = "{address}"
licence = "non précisée"
scope = "local"
{more}
"""


def catalogue(folder: Path, *entries: tuple[str, str, str] | tuple[str, str, str, str]) -> Path:
    """A catalogue.toml of these (id, kind, address, more lines?)."""
    told = [
        ENTRY.format(id=id, kind=kind, address=address, more="\n".join(more))
        for id, kind, address, *more in entries
    ]
    path = folder / "catalogue.toml"
    path.write_text(HEAD + "".join(told), encoding="utf-8")
    return path
