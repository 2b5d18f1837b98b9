"""What a server answered: whether it brings something, and its body in a file."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpcore2
import httpx2

from corpus.errors import FetchError, Gone

_BUSY = frozenset({429, 500, 502, 503, 504})
_PIECE = 1 << 16  # bytes decompressed at once: a bomb is stopped one piece after the limit


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an address from the last time: where it led, and what the site called it."""

    url: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an address gave. `url` is where redirects led, for good or not (`moved`).

    `fresh` is False when the site says that nothing changed: no file was then written, and
    `sha256` is "". `media` is the type without its parameters, "" when not given. `orders` are
    those of its X-Robots-Tag (corpus.fetching.robots).
    """

    url: str
    fresh: bool
    media: str = ""
    etag: str = ""
    modified: str = ""
    sha256: str = ""
    size: int = 0
    moved: bool = False
    orders: frozenset[str] = frozenset()


class Again(Exception):
    """Worth another try, after `wait` seconds if the site said so; else the error stands."""

    def __init__(self, problem: str, remedy: str, wait: float | None = None) -> None:
        self.error = FetchError(problem, remedy, passing=True)
        self.wait = wait


class Closed(FetchError):
    """The site answers that this may not be read (4xx)."""


def headers_of(response: httpcore2.Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): _text(value).strip() for name, value in response.headers
    }


def _text(value: bytes) -> str:
    """A header's words. Sites write their accents in UTF-8, as browsers read them."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def check(url: httpx2.URL, status: int, headers: dict[str, str]) -> None:
    """Let through what brings something: 200, or 304."""
    if status in (200, 304):
        return
    if status in (404, 410):
        raise Gone(
            f"{url} n'est plus publiée (réponse {status})",
            "Corrigez l'adresse, ou retirez cette source du catalogue.",
        )
    if status in _BUSY:
        raise Again(
            f"{url.host} est en panne ou trop sollicité (réponse {status})",
            "Rien à faire aujourd'hui : relancez « assistant fetch » plus tard.",
            _retry_after(headers.get("retry-after", "")),
        )
    raise Closed(
        f"{url} est refusée (réponse {status})",
        "Ouvrez-la dans un navigateur : elle demande peut-être de s'identifier, ce que l'assistant "
        "ne fait pas. Sinon, demandez à l'éditeur de l'ouvrir aux programmes.",
    )


def _retry_after(text: str) -> float | None:
    """The seconds that a site asks to wait, from a number or from a date; None when unsaid."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def save(
    url: httpx2.URL,
    response: httpcore2.Response,
    headers: dict[str, str],
    into: Path,
    most: int,
) -> Reply:
    digest, size = hashlib.sha256(), 0
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:18]) > most:
        raise _large(url, most)
    with into.open("wb") as file:
        for piece in _decoded(url, response, headers.get("content-encoding", "").lower()):
            size += len(piece)
            if size > most:
                raise _large(url, most)
            digest.update(piece)
            file.write(piece)
    return Reply(
        str(url),
        True,
        media=headers.get("content-type", "").partition(";")[0].strip().lower(),
        etag=headers.get("etag", ""),
        modified=headers.get("last-modified", ""),
        sha256=digest.hexdigest(),
        size=size,
    )


def _large(url: httpx2.URL, most: int) -> FetchError:
    return FetchError(
        f"{url} dépasse les {most / 1e6:g} Mo admis",
        "Indiquez l'adresse d'un document plus léger, ou d'une de ses parties.",
    )


def _decoded(url: httpx2.URL, response: httpcore2.Response, encoding: str) -> Iterator[bytes]:
    """The body as it was before it was compressed for the way."""
    assert isinstance(response.stream, Iterable)
    if encoding in ("", "identity"):
        yield from response.stream
        return
    if encoding not in ("gzip", "x-gzip"):
        raise FetchError(
            f"{url.host} envoie ses pages sous une forme non demandée ({encoding})",
            "Prévenez l'éditeur du site, ou enregistrez la copie vous-même.",
        )
    try:
        yield from _inflated(response.stream)
    except (zlib.error, EOFError) as error:
        raise Again(
            f"{url.host} a envoyé une page abîmée en chemin",
            "Relancez « assistant fetch » ; si cela dure, prévenez l'éditeur du site.",
        ) from error


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """gzip undone a piece at a time. EOFError when it stops before its end."""
    gzip = zlib.MAX_WBITS | 16
    inflate = zlib.decompressobj(gzip)
    for piece in pieces:
        while piece:
            while out := inflate.decompress(piece, _PIECE):
                yield out
                piece = inflate.unconsumed_tail
            piece = inflate.unused_data  # several members stand one after the other
            if not piece.startswith(b"\x1f\x8b"):
                break  # filling, which browsers leave alone too
            inflate = zlib.decompressobj(gzip)
    if not inflate.eof:
        raise EOFError
