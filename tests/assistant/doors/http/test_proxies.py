"""The web servers of deploy/ before a real server: what they pass on, and as it comes."""

from __future__ import annotations

import re
import time
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import proxies
import pytest

from assistant.doors.cli import doctor

pytestmark = pytest.mark.proxies
POOL = "Quand la piscine de Valbourg ouvre-t-elle au public ?"


def _before(name: str, folder: Path, address: str) -> AbstractContextManager[str]:
    server = urlsplit(address).netloc
    if name == "caddy":
        return proxies.caddy(folder, server)
    return proxies.nginx(folder, proxies.nginx_page(server))


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_events_pass_as_they_come(name: str, address: str, tmp_path: Path) -> None:
    with _before(name, tmp_path, address) as url:
        with httpx.stream("GET", f"{url}/healthz/stream") as told:
            came = [(time.monotonic(), piece) for piece in told.iter_bytes()]
        asked = {"json": {"question": POOL}, "headers": {"accept": "text/event-stream"}}
        answer = httpx.post(f"{url}/api/v1/answers", **asked)  # type: ignore[arg-type]
        straight = httpx.post(f"{address}/api/v1/answers", **asked)  # type: ignore[arg-type]
        refused = httpx.get(f"{url}/metrics")
        found = [each for each in doctor._public(url) if each[0] is not doctor.State.WELL]
    assert came[-1][0] - came[0][0] > 0.5 and came[0][1].startswith(b"event: seen\n")
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache, no-transform"
    assert re.findall("event: .+", answer.text) == re.findall("event: .+", straight.text)
    assert answer.text.rstrip().rpartition("\n\n")[2].startswith("event: done\n")
    assert refused.status_code == 404
    assert found == []


COMPRESSED = "gzip on; gzip_proxied any; gzip_min_length 0; gzip_types text/event-stream;"


@pytest.mark.parametrize("ignored", [False, True])
def test_an_nginx_that_holds_answers_is_told(ignored: bool, address: str, tmp_path: Path) -> None:
    """Buffering alone holds no event (nginx 1.22): what is compressed, it holds to its end."""
    held = COMPRESSED + "proxy_ignore_headers X-Accel-Buffering;" * ignored
    page = proxies.nginx_page(urlsplit(address).netloc).replace("proxy_buffering off;", held)
    with proxies.nginx(tmp_path, page) as url:
        told = [*doctor._public(url)]
    assert told[-1][0] is doctor.State.WELL  # it answers
    assert (told[0][0] is doctor.State.WRONG) == ignored
    assert ("proxy_buffering off" in told[0][1]) == ignored
