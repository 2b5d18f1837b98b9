from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import websites
from websites import Page, Website, reach, squeezed

from corpus.catalogue import load
from corpus.fetching.fetch import Fetched, fetch
from corpus.snapshots import Snapshots


@pytest.fixture
def site() -> Iterator[Website]:
    with websites.serving() as site:
        yield site


@pytest.fixture
def section(site: Website, tmp_path: Path) -> Path:
    """A catalogue of one section: /vie/ and what it leads to."""
    site.link("/vie/", "Vie pratique", "/vie/halle", "marche.html#samedi", "/contact", "photo.jpg")
    site.link("/vie/halle", "Halle", "/vie/halle/tarifs", "https://autre.example/vie/x")
    site.link("/vie/marche.html", "Marché", "/vie/", "mailto:mairie@valbourg.example")
    site.link("/vie/halle/tarifs", "Tarifs", "/vie/halle/tarifs/2025")
    site.put("/vie/halle/tarifs/2025", "Anciens tarifs")
    site.put("/contact", "Contact")
    return websites.catalogue(tmp_path, ("vie", "site", site.url("/vie/")))


def fetched(path: Path, **more: Any) -> Fetched:
    return fetch(load(path), reach=reach(), **more)


def here(path: Path, source: str = "vie") -> list[str]:
    """The paths of the pages that are kept, in the order in which they came."""
    store = Snapshots(path)
    records = [record for record in store.of(source) if not record.vanished]
    assert all(store.copy(record).is_file() for record in records)
    return ["/" + record.address.split("/", 3)[3] for record in records]


def changes(found: Fetched) -> list[tuple[str, str]]:
    return [(c.became.value, "/" + c.address.split("/", 3)[3]) for c in found.changes]


def test_links_are_followed_inside_the_section_and_to_a_depth(site: Website, section: Path) -> None:
    section.write_text(section.read_text() + "depth = 2\n")
    found = fetched(section)
    assert here(section) == ["/vie/", "/vie/halle", "/vie/marche.html", "/vie/halle/tarifs"]
    assert found.pages == 4 and found.troubles == ()
    assert sorted(site.paths()) == sorted(here(section))  # each once, and nothing else
    assert (section.parent / "pages" / "vie").is_dir()


def test_a_section_stops_at_its_pages_and_says_so(site: Website, section: Path) -> None:
    section.write_text(section.read_text() + "pages = 2\n")
    found = fetched(section)
    assert here(section) == ["/vie/", "/vie/halle"]
    assert "la limite est atteinte (2 pages" in found.notes[0]


def test_a_section_without_end_stops_too(site: Website, tmp_path: Path) -> None:
    """Each page leads to two that do not exist: addresses asked for are counted, not pages only."""
    links = [f"/vie/{n}" for n in range(100)]
    site.link("/vie/", "Vie pratique", *links)
    path = websites.catalogue(tmp_path, ("vie", "site", site.url("/vie/"), "pages = 5"))
    fetched(path)
    assert len(site.paths()) <= 16


def test_what_changed_came_and_left_is_told(site: Website, section: Path) -> None:
    assert [became for became, _ in changes(fetched(section))] == ["new"] * 5
    assert changes(fetched(section)) == []
    site.link("/vie/halle", "Halle couverte", "/vie/halle/tarifs", "/vie/nouveau")
    site.put("/vie/nouveau", "Nouveau")
    site.link("/vie/", "Vie pratique", "/vie/halle")  # the market is not linked any more
    del site.pages["/vie/halle/tarifs/2025"]  # and this one is gone
    assert changes(fetched(section, keep=False)) == changes(fetched(section))
    assert here(section) == ["/vie/", "/vie/halle", "/vie/halle/tarifs", "/vie/nouveau"]


def test_the_words_of_a_page_decide_whether_it_changed(site: Website, section: Path) -> None:
    fetched(section)
    body = site.pages["/vie/halle"].body.replace(b"</head>", b"<meta name=csrf content=1></head>")
    site.put("/vie/halle", body=body)
    assert changes(fetched(section)) == []
    assert b"csrf" in b"".join(f.read_bytes() for f in section.parent.glob("pages/vie/*halle-*"))


@pytest.mark.parametrize("status", [500, 503])
def test_a_passing_failure_makes_nothing_vanish(site: Website, section: Path, status: int) -> None:
    fetched(section)
    before = here(section)
    site.put("/vie/halle", body=b"", status=status)  # nothing else leads to the prices
    found = fetched(section)
    assert changes(found) == [] and here(section) == before
    assert [trouble.problem.partition(" (")[2] for trouble in found.troubles] == [
        f"réponse {status})"
    ]


def test_when_the_reading_is_cut_short_only_what_is_gone_vanishes(
    site: Website, section: Path
) -> None:
    fetched(section)
    site.put("/vie/halle", body=b"", status=500)
    del site.pages["/vie/halle/tarifs"]
    assert changes(fetched(section)) == [("vanished", "/vie/halle/tarifs")]


def test_a_section_that_gives_nothing_keeps_what_it_had(site: Website, section: Path) -> None:
    fetched(section)
    before = here(section)
    hides = websites.document("Maintenance").replace(
        b"</head>", b'<meta name="robots" content="noindex,nofollow"></head>'
    )
    site.put("/vie/", body=hides)
    found = fetched(section)
    assert "aucune page n'y a été trouvée, alors qu'il y en avait" in found.troubles[0].problem
    assert here(section) == before


def test_a_page_that_hides_or_that_robots_closes_is_not_kept(site: Website, section: Path) -> None:
    head = b'<meta name="robots" content="noindex"></head>'
    body = websites.document("Halle", "/vie/cache").replace(b"</head>", head)
    site.put("/vie/halle", body=body)
    site.put("/vie/cache", "Vu par ses liens")
    site.put("/robots.txt", body=b"User-agent: *\nDisallow: /vie/marche\n", media="text/plain")
    found = fetched(section)
    assert here(section) == ["/vie/", "/vie/cache"]
    assert found.troubles == () and "1 adresse(s) laissée(s) de côté" in found.notes[0]


def test_a_file_or_page_whose_answer_hides_it_is_not_kept(site: Website, section: Path) -> None:
    site.link("/vie/", "Vie pratique", "/vie/plan.pdf", "/vie/halle", "/vie/marche.html")
    hidden: dict[str, Any] = {"headers": {"X-Robots-Tag": "noindex"}}
    site.put("/vie/plan.pdf", body=b"%PDF-1.7", media="application/pdf", **hidden)
    site.put("/vie/marche.html", "Marché", **hidden)
    site.pages["/vie/halle"] = replace(
        site.pages["/vie/halle"], headers={"X-Robots-Tag": "nofollow"}
    )
    fetched(section)
    assert here(section) == ["/vie/", "/vie/halle"]
    site.put("/vie/halle", "Halle", **hidden)
    assert changes(fetched(section)) == [("vanished", "/vie/halle")]


def test_one_page_under_two_addresses_is_kept_once(site: Website, section: Path) -> None:
    site.link("/vie/", "Vie pratique", "/vie/halle", "/vie/halle?print=1", "/vie/ancien")
    site.put("/vie/halle?print=1", body=site.pages["/vie/halle"].body)
    site.pages["/vie/ancien"] = Page(b"", 301, headers={"Location": "/vie/halle"})
    fetched(section)
    assert [path for path in here(section) if "halle" in path][:1] == ["/vie/halle"]
    assert "/vie/halle?print=1" not in here(section) and "/vie/ancien" not in here(section)


def test_a_pdf_of_the_section_is_kept_as_a_pdf(site: Website, section: Path) -> None:
    site.link("/vie/", "Vie pratique", "/vie/guide.pdf", "/vie/telecharger?id=3", "/vie/tableau")
    site.put("/vie/guide.pdf", body=b"%PDF-1.4 a", media="application/pdf")
    site.put("/vie/telecharger?id=3", body=b"%PDF-1.4 b", media="application/octet-stream")
    site.put("/vie/tableau", body=b"PK\x03\x04", media="application/zip")
    fetched(section)
    assert here(section) == ["/vie/", "/vie/guide.pdf", "/vie/telecharger?id=3"]
    assert len(list(section.parent.glob("pages/vie/*.pdf"))) == 2


def sitemap(site: Website, *paths: str, name: str = "urlset", item: str = "url") -> bytes:
    places = "".join(f"<{item}><loc>{site.url(path)}</loc></{item}>" for path in paths)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?><{name} xmlns="{space}">{places}</{name}>'.encode()


def test_a_sitemap_may_name_others_compressed_or_not(site: Website, section: Path) -> None:
    index = sitemap(site, "/un.xml", "/deux.xml.gz", name="sitemapindex", item="sitemap")
    site.put("/sitemap.xml", body=index, media="application/xml")
    site.put("/un.xml", body=sitemap(site, "/vie/halle", "/contact"), media="text/xml")
    packed = squeezed(sitemap(site, "/vie/marche.html"))
    site.put("/deux.xml.gz", body=packed, media="application/gzip")
    path = websites.catalogue(
        section.parent, ("vie", "site", site.url("/sitemap.xml"), 'under = "/vie"')
    )
    assert fetched(path).troubles == ()
    assert here(path) == ["/vie/halle", "/vie/marche.html"]


def test_what_a_sitemap_no_longer_names_vanishes(site: Website, section: Path) -> None:
    site.put("/sitemap.xml", body=sitemap(site, "/vie/halle", "/contact"))
    path = websites.catalogue(section.parent, ("vie", "site", site.url("/sitemap.xml")))
    fetched(path)
    site.put("/sitemap.xml", body=sitemap(site, "/vie/halle", "/vie/marche.html"))
    assert changes(fetched(path)) == [("vanished", "/contact"), ("new", "/vie/marche.html")]
    site.put("/contact", "Contact")
    site.put("/sitemap.xml", body=sitemap(site, "/vie/halle", "/contact"))
    assert changes(fetched(path)) == [("new", "/contact"), ("vanished", "/vie/marche.html")]


def test_a_sitemap_of_an_index_that_fails_proves_nothing(site: Website, section: Path) -> None:
    index = sitemap(site, "/un.xml", "/deux.xml", name="sitemapindex", item="sitemap")
    site.put("/sitemap.xml", body=index)
    site.put("/un.xml", body=sitemap(site, "/vie/halle"))
    site.put("/deux.xml", body=sitemap(site, "/contact", "/vie/marche.html"))
    path = websites.catalogue(section.parent, ("vie", "site", site.url("/sitemap.xml")))
    fetched(path)
    site.put("/deux.xml", body=b"", status=502)
    del site.pages["/contact"]
    found = fetched(path)
    assert changes(found) == [("vanished", "/contact")]
    assert [trouble.address for trouble in found.troubles] == [site.url("/deux.xml")]


def test_a_limit_cuts_what_a_sitemap_names_new_not_what_is_known(
    site: Website, section: Path
) -> None:
    site.put("/sitemap.xml", body=sitemap(site, "/vie/halle", "/contact"))
    more = "pages = 2"
    path = websites.catalogue(section.parent, ("vie", "site", site.url("/sitemap.xml"), more))
    fetched(path)
    site.put(
        "/sitemap.xml", body=sitemap(site, "/vie/", "/vie/marche.html", "/vie/halle", "/contact")
    )
    assert changes(fetched(path)) == []


def rss(*paths: str) -> bytes:
    items = "".join(f"<item><link>{path}</link></item>" for path in paths)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def test_a_feed_gives_its_pages_and_keeps_those_that_it_no_longer_names(
    site: Website, section: Path
) -> None:
    site.put("/flux", body=rss("/vie/halle", "/vie/marche.html"), media="application/rss+xml")
    path = websites.catalogue(section.parent, ("vie", "feed", site.url("/flux")))
    fetched(path)
    assert here(path) == ["/vie/halle", "/vie/marche.html"]
    site.put("/flux", body=rss("/contact", "https://autre.example/x"))
    assert changes(fetched(path)) == [("new", "/contact")]
    del site.pages["/vie/halle"]
    assert changes(fetched(path)) == [("vanished", "/vie/halle")]
    assert here(path) == ["/vie/marche.html", "/contact"]


def test_a_feed_over_its_limit_lets_its_oldest_pages_go(site: Website, section: Path) -> None:
    site.put("/flux", body=rss("/vie/halle", "/vie/marche.html"))
    path = websites.catalogue(section.parent, ("vie", "feed", site.url("/flux"), "pages = 2"))
    fetched(path)
    site.put("/flux", body=rss("/contact", "/vie/halle"))
    assert changes(fetched(path)) == [("vanished", "/vie/marche.html"), ("new", "/contact")]


def test_a_feed_that_is_none_is_a_trouble(site: Website, section: Path) -> None:
    path = websites.catalogue(section.parent, ("vie", "feed", site.url("/vie/")))
    assert "ni un flux RSS" in fetched(path).troubles[0].problem
