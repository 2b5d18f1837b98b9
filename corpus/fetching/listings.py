"""What a page, a sitemap or a feed leads to. Runs in a sandbox (corpus.sandbox.parent)."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
from lxml import etree, html

from corpus.errors import ParseError, State
from corpus.fetching import robots
from corpus.reading.html import pages

MAX_BYTES = 52_428_800  # a sitemap once decompressed: the protocol's own limit
MAX_LINKS = 50_000  # and its limit of addresses

_SITEMAPS = {"urlset": "sitemap", "sitemapindex": "index"}
_FEEDS = frozenset({"rss", "feed", "RDF"})
_XML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?!!doctype html|html)", re.IGNORECASE)


def parse(path: Path, *, url: str) -> dict[str, Any]:
    """What stands in the file and where it leads.

    form     "sitemap", "index" (of sitemaps), "feed", or "page"
    links    whole addresses, each once, in order; those of a page without what it marks nofollow

    For a page, also `text`, a digest of what a build would read of it, "" when nothing, and
    `hidden`, whether it asks not to be indexed.
    """
    content = _inflated(path.read_bytes())
    listed = _listed(content, url) if _XML.match(content[:2000]) else None
    if listed is None and _is_text(content):
        listed = {"form": "sitemap", "links": content.decode().split()}
    if listed is None:
        listed = _page(content, url)
    found = (urljoin(url, link.strip()) for link in listed["links"])
    listed["links"] = list(dict.fromkeys(filter(_is_web, found)))[:MAX_LINKS]
    return listed


def _inflated(content: bytes) -> bytes:
    """A sitemap.xml.gz undone; anything else as it is."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        content = inflate.decompress(content, MAX_BYTES)
    except zlib.error as error:
        raise ParseError("", None, "ce fichier compressé est abîmé", _TELL) from error
    if inflate.unconsumed_tail or not inflate.eof:
        problem = "ce plan de site dépasse 50 Mo une fois décompressé, ou il est coupé"
        raise ParseError("", None, problem, _TELL)
    return content


_TELL = "Prévenez l'éditeur du site, ou donnez l'adresse d'une page de la section."


def _listed(content: bytes, url: str) -> dict[str, Any] | None:
    """A sitemap's or a feed's addresses; None when it is neither."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    name = etree.QName(root).localname if root is not None else ""
    if name in _FEEDS:
        return {"form": "feed", "links": _entries(content, url)}
    if name in _SITEMAPS:
        places = (loc.text for loc in root.iterfind("{*}*/{*}loc"))
        return {"form": _SITEMAPS[name], "links": [place for place in places if place]}
    return None


def _entries(content: bytes, url: str) -> list[str]:
    """The addresses of a feed's entries. A stream, never a string: feedparser downloads those."""
    feed = feedparser.parse(
        BytesIO(content), response_headers={"content-location": url}, sanitize_html=False
    )
    return [entry.link for entry in feed.entries if entry.get("link")]


def _is_text(content: bytes) -> bool:
    """A sitemap may be plain text, an address a line."""
    try:
        lines = content.decode("utf-8").split()
    except UnicodeDecodeError:
        return False
    return bool(lines) and all(map(_is_web, lines))


def _page(content: bytes, url: str) -> dict[str, Any]:
    try:
        root = html.document_fromstring(content)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        remedy = "Vérifiez l'adresse de cette source."
        raise ParseError(url, None, "ce n'est pas une page HTML", remedy, State.REFUSED) from error
    orders = {
        word.strip().lower()
        for meta in root.iterfind(".//meta[@content]")
        if meta.get("name", "").lower() in ("robots", robots.NAME)
        for word in meta.get("content", "").split(",")
    }
    base = next((urljoin(url, place.get("href")) for place in root.iterfind(".//base[@href]")), url)
    links = [
        urljoin(base, anchor.get("href", "").strip())
        for anchor in root.iter("a")
        if anchor.get("href") and "nofollow" not in anchor.get("rel", "").lower().split()
    ]
    return {
        "form": "page",
        "links": [] if orders & robots.UNFOLLOWED else links,
        "text": _text(content, url),
        "hidden": bool(orders & robots.HIDDEN),
    }


def _text(content: bytes, url: str) -> str:
    """A digest of the words, headings and dates of a page: what a reader would call a change.

    Most sites write a token, an hour or a counter in every page they send: their bytes are never
    the same twice.
    """
    try:
        page = pages.read(content, id="", url=url, publisher="", licence="", fetched="")
    except ParseError:
        return ""
    said: Iterable[str] = (
        f"{section.headings} {section.text} {section.anchor}" for section in page.sections
    )
    words = "\n".join([page.title, page.published, page.updated, *said])
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def _is_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return False
