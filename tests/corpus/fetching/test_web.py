import gzip
import ipaddress
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import websites
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websites import Page, Website, reach

from corpus.errors import FetchError, Gone
from corpus.fetching.replies import Known, Reply
from corpus.fetching.web import Web

TOWN = "https://www.valbourg.example"


@pytest.fixture
def site() -> Iterator[Website]:
    with websites.serving() as site:
        yield site


def get(url: str, folder: Path, most: int = 100_000, **more: Any) -> tuple[Reply, bytes]:
    known = more.pop("known", None)
    with Web(TOWN, reach(**more)) as web:
        reply = web.get(url, folder / "copie", most=most, known=known)
    return reply, (folder / "copie").read_bytes() if reply.fresh else b""


def test_a_page_is_brought_as_it_is(site: Website, tmp_path: Path) -> None:
    site.put("/a", body=b"<p>Halle</p>", headers={"Last-Modified": "hier"})
    reply, content = get(site.url("/a#fin"), tmp_path)
    assert content == b"<p>Halle</p>"
    assert (reply.url, reply.media, reply.size) == (site.url("/a"), "text/html", 12)
    assert reply.etag and reply.modified == "hier" and not reply.moved


def test_the_site_is_told_who_asks(site: Website, tmp_path: Path) -> None:
    site.put("/a", "Halle")
    get(site.url("/a"), tmp_path)
    assert [headers["User-Agent"] for _, headers in site.asked] == [f"assistant-pvd (+{TOWN})"] * 2


def test_what_did_not_change_is_not_sent_again(site: Website, tmp_path: Path) -> None:
    site.put("/a", "Halle")
    first, _ = get(site.url("/a"), tmp_path)
    again, _ = get(site.url("/a"), tmp_path, known=Known(first.url, first.etag, first.modified))
    assert (first.fresh, again.fresh, again.etag) == (True, False, first.etag)
    site.put("/a", "Halle couverte")
    changed, content = get(site.url("/a"), tmp_path, known=Known(first.url, first.etag, ""))
    assert changed.fresh and b"Halle couverte" in content


def test_a_version_is_named_only_where_it_was_given(site: Website, tmp_path: Path) -> None:
    site.put("/a", "Halle")
    get(site.url("/a"), tmp_path, known=Known(site.url("/b"), '"v1"', "hier"))
    assert "If-None-Match" not in site.asked[-1][1]


# --- Redirects


def sent_to(location: str, status: int = 302) -> Page:
    return Page(b"", status, headers={"Location": location})


def test_redirects_are_followed_and_a_lasting_one_is_told(site: Website, tmp_path: Path) -> None:
    site.put("/neuve", "Halle")
    site.pages |= {"/a": sent_to("b", 301), "/b": sent_to("/neuve", 308)}
    reply, _ = get(site.url("/a"), tmp_path)
    assert (reply.url, reply.moved) == (site.url("/neuve"), True)
    site.pages["/b"] = sent_to("/neuve", 302)
    assert get(site.url("/a"), tmp_path)[0].moved is False


def test_a_redirect_may_be_written_with_accents(site: Website, tmp_path: Path) -> None:
    site.pages["/a"] = sent_to("/marché".encode().decode("latin-1"))  # sent as UTF-8
    site.put("/march%C3%A9", "Marché")
    assert get(site.url("/a"), tmp_path)[0].url == site.url("/march%C3%A9")


def test_a_version_with_accents_is_not_sent_back(site: Website, tmp_path: Path) -> None:
    site.put("/a", "Halle")
    known = Known(site.url("/a"), '"été"', "hier à midi")
    assert get(site.url("/a"), tmp_path, known=known)[0].fresh


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://maire:secret@127.0.0.1/",
        "//192.168.1.1/",
    ],
)
def test_a_redirect_to_where_nobody_goes_is_refused(
    site: Website, tmp_path: Path, location: str
) -> None:
    site.pages["/a"] = sent_to(location)
    with pytest.raises(FetchError):
        get(site.url("/a"), tmp_path)
    assert not (tmp_path / "copie").exists()


def test_loopback_is_closed_unless_a_test_opens_it(site: Website, tmp_path: Path) -> None:
    site.put("/a", "Halle")
    with pytest.raises(FetchError, match="adresse privée") as caught:
        get(site.url("/a"), tmp_path, allowed=())
    assert "corrigez l'adresse" in caught.value.remedy
    assert site.asked == []


def test_a_name_that_turns_private_between_two_pages_is_refused(
    site: Website, tmp_path: Path
) -> None:
    """The first answer is in what the test opened, the second is the same machine out of it."""
    site.put("/a", "Halle", headers={"Connection": "close"})
    site.put("/robots.txt", body=b"", headers={"Connection": "close"})
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]])
    url = site.url("/a").replace("127.0.0.1", "valbourg.example")
    opened = (ipaddress.ip_network("127.0.0.1/32"),)
    with Web(TOWN, reach(allowed=opened, resolver=lambda *_: next(answers))) as web:
        web.get(url, tmp_path / "copie", most=100_000)
        assert site.asked[-1][1]["Host"].startswith("valbourg.example:")
        with pytest.raises(FetchError, match="127.0.0.2, une adresse privée"):
            web.get(url, tmp_path / "copie", most=100_000)


@pytest.mark.parametrize("hops", [1, 2, 9])
def test_redirects_that_never_arrive_are_left(site: Website, tmp_path: Path, hops: int) -> None:
    for n in range(hops):
        site.pages[f"/{n}"] = sent_to(f"/{(n + 1) % hops}")
    with pytest.raises(FetchError, match="sans arriver"):
        get(site.url("/0"), tmp_path)
    assert len(site.paths()) <= 6


# --- Robots and rate


def test_a_page_that_robots_txt_closes_is_not_asked_for(site: Website, tmp_path: Path) -> None:
    site.put("/robots.txt", body=b"User-agent: *\nDisallow: /prive*\n", media="text/plain")
    site.put("/prive/a", "Halle")
    site.put("/a", "Halle")
    site.pages["/b"] = sent_to("/prive/a")
    get(site.url("/a"), tmp_path)
    for path in ("/prive/a", "/b"):
        with pytest.raises(FetchError, match="robots.txt"):
            get(site.url(path), tmp_path)
    assert "/prive/a" not in site.paths()


def test_a_site_may_open_to_us_alone(site: Website, tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: assistant-pvd\nAllow: /\n"
    site.put("/robots.txt", body=rules, media="text/plain")
    site.put("/a", "Halle")
    assert get(site.url("/a"), tmp_path)[0].fresh


def test_a_site_whose_rules_cannot_be_read_is_left_alone(site: Website, tmp_path: Path) -> None:
    site.put("/robots.txt", body=b"", status=503)
    site.put("/a", "Halle")
    with pytest.raises(FetchError, match="robots.txt ne répond pas") as caught:
        get(site.url("/a"), tmp_path)
    assert caught.value.passing and site.paths() == []


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (b"", 1.0),
        (b"User-agent: *\nCrawl-delay: 7\n", 7.0),
        (b"User-agent: *\nRequest-rate: 1/5s\n", 5.0),
        (b"User-agent: *\nCrawl-delay: 0\n", 1.0),
        (b"User-agent: *\nCrawl-delay: 86400\n", 60.0),  # the longest that is waited
    ],
)
def test_two_pages_of_a_site_are_not_asked_for_at_once(
    site: Website, tmp_path: Path, rules: bytes, expected: float
) -> None:
    waits: list[float] = []
    site.put("/robots.txt", body=rules, media="text/plain")
    site.put("/a", "Halle")
    with Web(TOWN, reach(pause=waits.append, pace={"delay": 1.0})) as web:
        for _ in range(2):
            web.get(site.url("/a"), tmp_path / "copie", most=100_000)
    # One before the first page, after robots.txt, one before the second; nothing was really waited.
    assert len(waits) == 2 and all(expected - 0.5 < wait <= expected for wait in waits)


# --- Failures


def test_what_is_not_there_any_more_is_told_apart(site: Website, tmp_path: Path) -> None:
    site.put("/b", body=b"", status=410)
    for path in ("/a", "/b"):
        with pytest.raises(Gone):
            get(site.url(path), tmp_path)


def test_a_busy_site_is_asked_again_when_it_says(site: Website, tmp_path: Path) -> None:
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            site.put("/a", "Halle")

    site.put("/a", body=b"", status=429, headers={"Retry-After": "7"})
    assert get(site.url("/a"), tmp_path, pause=pause)[0].fresh
    assert waits == [7.0, 7.0]


def test_a_busy_site_may_name_an_hour(site: Website, tmp_path: Path) -> None:
    waits: list[float] = []
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    site.put("/a", body=b"", status=503, headers={"Retry-After": at})
    with pytest.raises(FetchError, match="réponse 503"):
        get(site.url("/a"), tmp_path, pause=waits.append)
    assert len(waits) == 2 and all(25 < wait <= 30 for wait in waits)


def test_a_site_that_wants_an_hour_is_left_for_another_day(site: Website, tmp_path: Path) -> None:
    site.put("/a", body=b"", status=503, headers={"Retry-After": "3600"})
    with pytest.raises(FetchError) as caught:
        get(site.url("/a"), tmp_path)
    assert caught.value.passing and site.paths() == ["/a"]


def test_a_site_that_fails_again_and_again_is_left_for_this_run(
    site: Website, tmp_path: Path
) -> None:
    site.pages |= {f"/{n}": Page(b"", 500) for n in range(5)}
    with Web(TOWN, reach()) as web:
        for n in range(5):
            with pytest.raises(FetchError) as caught:
                web.get(site.url(f"/{n}"), tmp_path / "copie", most=1000)
    assert "ne répond plus" in caught.value.problem
    assert set(site.paths()) == {"/0", "/1", "/2"}


def test_what_is_refused_is_not_asked_again(site: Website, tmp_path: Path) -> None:
    site.put("/a", body=b"", status=403)
    with pytest.raises(FetchError, match="réponse 403") as caught:
        get(site.url("/a"), tmp_path)
    assert not caught.value.passing and site.paths() == ["/a"]


def sends(*pieces: bytes, length: int | None = None, every: float = 0.0, gz: bool = False) -> Page:
    """A page sent piece by piece, with or without its length."""

    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        if gz:
            handler.send_header("Content-Encoding", "gzip")
        if length is not None:
            handler.send_header("Content-Length", str(length))
        handler.send_header("Connection", "close")
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(every)

    return Page(behaviour=behaviour)


def test_a_body_stops_at_its_limit_whether_its_length_is_told_or_not(
    site: Website, tmp_path: Path
) -> None:
    site.put("/a", body=b"a" * 300_000)
    site.pages["/b"] = sends(*[b"a" * 1000] * 10_000)
    for path in ("/a", "/b"):
        with pytest.raises(FetchError, match="dépasse les 0.1 Mo admis"):
            get(site.url(path), tmp_path)
    assert (tmp_path / "copie").stat().st_size <= 100_000


def test_a_compressed_page_is_read_as_it_was(site: Website, tmp_path: Path) -> None:
    site.pages["/a"] = sends(gzip.compress(b"Halle " * 500) + gzip.compress(b"couverte"), gz=True)
    assert get(site.url("/a"), tmp_path)[1] == b"Halle " * 500 + b"couverte"


def test_a_bomb_is_stopped_at_the_limit(site: Website, tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(50_000_000))  # 49 kB on the way
    site.pages["/a"] = sends(bomb, length=len(bomb), gz=True)
    with pytest.raises(FetchError, match="dépasse"):
        get(site.url("/a"), tmp_path)
    assert (tmp_path / "copie").stat().st_size <= 100_000


@pytest.mark.parametrize(
    "page",
    [
        sends(b"a" * 10, length=1000),
        sends(gzip.compress(b"Halle " * 500)[:-20], gz=True),
        sends(b"pas du gzip", gz=True),
    ],
)
def test_a_body_that_arrives_damaged_is_not_taken(
    site: Website, tmp_path: Path, page: Page
) -> None:
    site.pages["/a"] = page
    with pytest.raises(FetchError) as caught:
        get(site.url("/a"), tmp_path)
    assert caught.value.passing and len(site.paths()) == 3


def test_a_site_that_drips_is_cut(site: Website, tmp_path: Path) -> None:
    site.pages["/a"] = sends(*[b"a"] * 600, every=0.1)  # a minute, a byte now and then
    with pytest.raises(FetchError, match="n'a pas tout envoyé en 0.5 secondes"):
        get(site.url("/a"), tmp_path, pace={"whole": 0.5})
    assert site.paths() == ["/a"]  # once is enough


def test_headers_that_drip_are_cut_too(site: Website, tmp_path: Path) -> None:
    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(600):
            handler.wfile.write(f"X-{n}: 1\r\n".encode())
            handler.wfile.flush()
            time.sleep(0.1)

    site.pages["/a"] = Page(behaviour=behaviour)
    with pytest.raises(FetchError, match="n'a pas tout envoyé"):
        get(site.url("/a"), tmp_path, pace={"whole": 0.5})


def test_a_port_where_nobody_answers_is_told(site: Website, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="la connexion est impossible") as caught:
        get("http://127.0.0.1:9/", tmp_path)
    assert caught.value.passing


# --- TLS


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A server whose certificate is for this name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificat.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_the_certificate_is_that_of_the_name_and_the_name_is_told(tmp_path: Path) -> None:
    server = certificate(tmp_path, "valbourg.example")
    told: list[str | None] = []
    server.sni_callback = lambda _, name, __: told.append(name)
    trusting = ssl.create_default_context(cafile=tmp_path / "certificat.pem")

    def local(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    with websites.serving(server) as site:
        site.put("/a", "Halle")
        port = site.root.rpartition(":")[2]
        reply, _ = get(f"https://valbourg.example:{port}/a", tmp_path, tls=trusting, resolver=local)
        assert reply.fresh and set(told) == {"valbourg.example"}
        for host, tls in (("autre.example", trusting), ("valbourg.example", None)):
            with pytest.raises(FetchError, match="certificat") as caught:
                get(f"https://{host}:{port}/a", tmp_path, resolver=local, tls=tls)
            assert not caught.value.passing


# --- X-Robots-Tag


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("noindex, nofollow", {"noindex", "nofollow"}),
        ("otherbot: noindex, nofollow", set()),
        ("Assistant-PVD: NoIndex", {"noindex"}),
        ("max-snippet:20, noindex", {"max-snippet:20", "noindex"}),
    ],
)
def test_orders_of_an_answer_come_with_it(
    site: Website, tmp_path: Path, said: str, expected: set[str]
) -> None:
    site.put("/a", "Halle", headers={"X-Robots-Tag": said})
    reply, _ = get(site.url("/a"), tmp_path)
    assert reply.orders == expected
    again, _ = get(site.url("/a"), tmp_path, known=Known(reply.url, reply.etag, ""))
    assert not again.fresh and again.orders == expected
