"""The files that pages fetch: compressed once, told by their digests, kept by their version."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assistant.assembly import VERSION
from assistant.doors.http.problems import said_back

FOLDER = Path(__file__).resolve().parents[1] / "widget"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
MOVING = VERSION.split(".")[0]  # the newest of the versions that begin so

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: `bodies` by content encoding, the smallest first, "" for as it is.

    `integrity` is what a page may require of it (subresource integrity).
    """

    media_type: str
    bodies: Mapping[str, bytes]
    integrity: str

    def accepted(self, header: str) -> str:
        """The smallest encoding that an Accept-Encoding header takes."""
        asked = dict(_weighed(each) for each in header.lower().split(","))
        return next((name for name in self.bodies if asked.get(name, asked.get("*", False))), "")


def _weighed(asked: str) -> tuple[str, bool]:
    """« gzip;q=0 » is (gzip, False): refused."""
    name, _, weight = asked.partition(";")
    return name.strip(), not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight)


@cache
def assets() -> Mapping[str, Asset]:
    """Every file, by its name. Read and compressed once: 0.2 s."""
    paths = [path for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES]
    return {path.name: _asset(path.read_bytes(), _TYPES[path.suffix]) for path in paths}


def _asset(plain: bytes, media_type: str) -> Asset:
    digest = base64.b64encode(hashlib.sha384(plain).digest()).decode()
    bodies = {
        "br": brotli.compress(plain, mode=brotli.MODE_TEXT),
        "gzip": gzip.compress(plain, mtime=0),
        "": plain,
    }
    return Asset(media_type, bodies, f"sha384-{digest}")


@router.get("/widget/{release}/{name}", include_in_schema=False)
def asset(release: str, name: str, request: Request) -> Response:
    """A file; that of an exact version never changes, so it may be kept for a year."""
    found = assets().get(name)
    if release not in (VERSION, MOVING) or found is None:
        raise HTTPException(
            404, f"Il n'y a pas de fichier « {said_back(name)} » en version {said_back(release)}."
        )
    encoding = found.accepted(request.headers.get("accept-encoding", ""))
    kept = "public, max-age=31536000, immutable" if release == VERSION else "public, max-age=300"
    headers = {
        "cache-control": kept,
        "vary": "accept-encoding",
        "etag": f'"{found.integrity}-{encoding}"',
        # A module script of another site is fetched with CORS; the file holds no secret.
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
    }
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if encoding:
        headers["content-encoding"] = encoding
    return Response(found.bodies[encoding], media_type=found.media_type, headers=headers)
