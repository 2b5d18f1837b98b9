import gzip
from pathlib import Path
from typing import Any

import pytest
import websites

from corpus.errors import ParseError
from corpus.fetching import listings
from corpus.sandbox.parent import Done, Sandbox

URL = "https://valbourg.example/vie/index.html"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
SITEMAP = (
    f'<?xml version="1.0"?><urlset {NAMESPACE}><url><loc> https://valbourg.example/a </loc>'
    "<lastmod>2026-11-22</lastmod></url><url><loc>https://valbourg.example/b</loc></url>"
    "<url><loc>https://valbourg.example/a</loc></url></urlset>"
)
RSS = (
    '<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel><title>Été</title>'
    "<link>https://valbourg.example/</link><item><title>Un</title><link>/un</link></item>"
    "<item><link>https://valbourg.example/deux</link></item><item><title>Rien</title></item>"
    "</channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://valbourg.example/"/>'
    '<entry><link rel="self" href="/moi"/><link rel="alternate" href="un"/></entry></feed>'
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://purl.org/rss/1.0/"><item rdf:about="x"><link>/un</link></item></rdf:RDF>'
)


def parsed(folder: Path, content: str | bytes) -> dict[str, Any]:
    file = folder / "fichier"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("latin-1"))
    return listings.parse(file, url=URL)


@pytest.mark.parametrize(
    ("content", "form", "links"),
    [
        (SITEMAP, "sitemap", ["/a", "/b"]),
        (SITEMAP.replace(NAMESPACE, ""), "sitemap", ["/a", "/b"]),
        (gzip.compress(SITEMAP.encode()), "sitemap", ["/a", "/b"]),
        (f"<sitemapindex {NAMESPACE}><sitemap><loc>/s.xml</loc></sitemap></sitemapindex>",)
        + ("index", ["/s.xml"]),
        ("https://valbourg.example/a\nhttps://valbourg.example/b\n", "sitemap", ["/a", "/b"]),
        (RSS, "feed", ["/un", "/deux"]),
        (ATOM, "feed", ["/vie/un"]),
        (RDF, "feed", ["/un"]),
    ],
)
def test_a_list_gives_its_addresses(
    tmp_path: Path, content: str | bytes, form: str, links: list[str]
) -> None:
    found = parsed(tmp_path, content)
    assert (found["form"], found["links"]) == (
        form,
        [f"https://valbourg.example{link}" for link in links],
    )


def test_a_page_gives_its_links_and_a_digest_of_its_words(tmp_path: Path) -> None:
    page = websites.document("Halle", "b", "/c#d", "mailto:a@b.example", "http://autre.example/")
    found = parsed(tmp_path, page)
    assert found["links"] == [
        "https://valbourg.example/vie/b",
        "https://valbourg.example/c#d",
        "http://autre.example/",
    ]
    noise = page.replace(b"</head>", b'<meta name="csrf" content="8f3a"></head>')
    assert parsed(tmp_path, noise)["text"] == found["text"] != ""
    assert parsed(tmp_path, page.replace(b"Halle", b"Salle"))["text"] != found["text"]


@pytest.mark.parametrize(
    ("head", "hidden", "count"),
    [
        ('<meta name="robots" content="noindex">', True, 1),
        ('<meta name="ROBOTS" content="NoIndex, NoFollow">', True, 0),
        ('<meta name="assistant-pvd" content="none">', True, 0),
        ('<meta name="description" content="noindex">', False, 1),
    ],
)
def test_a_page_may_ask_not_to_be_read(tmp_path: Path, head: str, hidden: bool, count: int) -> None:
    page = websites.document("Halle", "b").replace(b"</head>", f"{head}</head>".encode())
    found = parsed(tmp_path, page)
    assert (found["hidden"], len(found["links"])) == (hidden, count)


def test_the_base_of_a_page_and_its_nofollow_links_count(tmp_path: Path) -> None:
    page = (
        '<!doctype html><base href="/autre/"><p>x</p><a href="b">b</a>'
        '<a rel="external NoFollow" href="c">c</a><a>d</a>'
    )
    assert parsed(tmp_path, page)["links"] == ["https://valbourg.example/autre/b"]


def test_an_entity_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mot-de-passe")
    attack = (
        f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{secret}">]>'
        "<urlset><url><loc>https://valbourg.example/&x;</loc></url></urlset>"
    )
    assert "mot-de-passe" not in str(parsed(tmp_path, attack))


def test_a_sitemap_that_swells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="50 Mo"):
        parsed(tmp_path, gzip.compress(bytes(60_000_000)))
    with pytest.raises(ParseError):
        parsed(tmp_path, gzip.compress(SITEMAP.encode())[:-9])


def test_what_is_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParseError):
        parsed(tmp_path, b"")


def test_a_feed_is_read_where_the_network_is_closed(tmp_path: Path) -> None:
    (tmp_path / "flux").write_text(RSS, encoding="latin-1")
    with Sandbox() as sandbox:
        done = sandbox.run("corpus.fetching.listings:parse", tmp_path / "flux", url=URL)
    assert isinstance(done, Done) and len(done.value["links"]) == 2
