import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import websites
from click.testing import CliRunner, Result
from websites import Page, Website, reach

from assistant.doors.cli.commands import commands
from corpus.catalogue import load
from corpus.errors import FetchError, State
from corpus.fetching.fetch import Fetched, fetch
from corpus.reading import entries
from corpus.snapshots import Snapshots


@pytest.fixture
def site() -> Iterator[Website]:
    with websites.serving() as site:
        yield site


@pytest.fixture
def town(site: Website, tmp_path: Path) -> Path:
    """A catalogue of one page."""
    site.put("/halle", "Halle de Valbourg")
    return websites.catalogue(tmp_path, ("halle", "page", site.url("/halle")))


def fetched(path: Path, *ids: str, **more: Any) -> Fetched:
    return fetch(load(path), ids, reach=reach(), **more)


def changes(found: Fetched) -> list[tuple[str, str]]:
    return [(change.became.value, change.source) for change in found.changes]


def copy(path: Path, name: str = "halle.html") -> bytes:
    return (path.parent / "pages" / name).read_bytes()


def test_each_kind_of_document_has_its_copy(site: Website, tmp_path: Path) -> None:
    site.put("/a", "Halle")
    site.put("/b", body=b"%PDF-1.7", media="application/pdf")
    path = websites.catalogue(tmp_path, ("a", "page", site.url("/a")), ("b", "pdf", site.url("/b")))
    found = fetched(path)
    assert (found.sources, found.pages, found.troubles) == (2, 2, ())
    assert copy(path, "a.html") == site.pages["/a"].body and copy(path, "b.pdf") == b"%PDF-1.7"


def test_what_did_not_change_is_asked_for_by_its_version(site: Website, town: Path) -> None:
    assert changes(fetched(town)) == [("new", "halle")]
    assert changes(fetched(town)) == []
    assert "If-None-Match" in site.asked[-1][1]
    site.put("/halle", "Halle couverte")
    assert changes(fetched(town)) == [("changed", "halle")]
    assert copy(town) == site.pages["/halle"].body


def test_a_copy_that_someone_deleted_or_edited_is_asked_for_in_full(
    site: Website, town: Path
) -> None:
    fetched(town)
    for content in (None, "à la main"):
        file = town.parent / "pages" / "halle.html"
        file.unlink() if content is None else file.write_text(content)
        fetched(town)
        assert "If-None-Match" not in site.asked[-1][1]
        assert copy(town) == site.pages["/halle"].body


def test_a_page_that_is_gone_leaves_the_index_and_comes_back_new(site: Website, town: Path) -> None:
    fetched(town)
    assert [d.id for d in entries.read(load(town))] == ["halle"]
    site.put("/halle", body=b"", status=410)
    assert changes(fetched(town)) == [("vanished", "halle")]
    survey = entries.survey(load(town))
    assert survey.documents == ()
    (line,) = survey.lines
    assert (line.name, line.state) == ("halle", State.VANISHED)
    assert "son éditeur l'a retirée" in line.problem
    assert not (town.parent / "pages" / "halle.html").exists()
    again = fetched(town)
    assert changes(again) == [] and "toujours absente" in again.notes[0]
    site.put("/halle", "Halle")
    assert changes(fetched(town)) == [("new", "halle")]
    assert [d.id for d in entries.read(load(town))] == ["halle"]


@pytest.mark.parametrize(
    "page",
    [
        Page(b"", 500),
        Page(b"", 403),
        Page(b"%PDF-1.4", media="application/pdf"),
        Page(b"", 302, headers={"Location": "/"}),  # what many sites answer to a dead address
        Page(b"a" * 6_000_000),
    ],
)
def test_a_failure_keeps_the_copy_and_says_what_to_do(
    site: Website, town: Path, page: Page
) -> None:
    fetched(town)
    before = copy(town)
    site.put("/", "Accueil")
    site.pages["/halle"] = page
    found = fetched(town)
    (trouble,) = found.troubles
    assert (trouble.source, trouble.kept) == ("halle", datetime.now(UTC).date().isoformat())
    assert trouble.problem and trouble.remedy.endswith(".")
    assert changes(found) == [] and copy(town) == before
    assert entries.survey(load(town)).lines[0].state is State.READ
    assert Snapshots(town).statuses["halle"].failures == 1
    fetched(town)
    assert Snapshots(town).statuses["halle"].failures == 2


def test_an_address_that_never_was_there_is_a_failure(site: Website, town: Path) -> None:
    del site.pages["/halle"]
    found = fetched(town)
    assert found.troubles[0].kept == "" and "réponse 404" in found.troubles[0].problem


def test_a_page_that_moved_for_good_says_where(site: Website, town: Path) -> None:
    site.put("/neuve", "Halle")
    site.pages["/halle"] = Page(b"", 301, headers={"Location": "/neuve"})
    assert site.url("/neuve") in fetched(town).notes[0]
    assert entries.read(load(town))[0].url == site.url("/halle")


def test_an_address_that_leads_to_another_site_is_told(site: Website, town: Path) -> None:
    site.put("/neuve", "Halle")
    elsewhere = site.url("/neuve").replace("127.0.0.1", "autre.example")
    site.pages["/halle"] = Page(b"", 302, headers={"Location": elsewhere})
    found = fetch(load(town), reach=reach(resolver=lambda *_: ["127.0.0.1"]))
    assert f"127.0.0.1 renvoie à un autre site ({elsewhere})" in found.notes[0]


def test_an_address_corrected_in_the_catalogue_takes_the_place_of_the_first(
    site: Website, town: Path
) -> None:
    fetched(town)
    site.put("/neuve", "Halle neuve")
    town.write_text(town.read_text().replace("/halle", "/neuve"))
    assert changes(fetched(town)) == [("new", "halle")]
    assert len(list(Snapshots(town).of("halle"))) == 1


def test_the_day_of_a_document_is_that_of_the_last_answer(site: Website, town: Path) -> None:
    fetched(town)
    os.utime(town.parent / "pages" / "halle.html", (0, 0))
    assert entries.read(load(town))[0].fetched == datetime.now(UTC).date().isoformat()


def test_a_look_says_what_changed_and_writes_nothing(site: Website, town: Path) -> None:
    fetched(town)
    site.put("/halle", "Halle couverte")
    before = {file: file.read_bytes() for file in town.parent.rglob("*") if file.is_file()}
    for _ in range(2):
        assert changes(fetched(town, keep=False)) == [("changed", "halle")]
    after = {file: file.read_bytes() for file in town.parent.rglob("*") if file.is_file()}
    assert after == before
    assert changes(fetched(town)) == [("changed", "halle")]


def test_since_tells_what_earlier_fetches_found(site: Website, town: Path) -> None:
    start = datetime.now(UTC)
    fetched(town)
    middle = datetime.now(UTC)
    site.put("/halle", "Halle couverte")
    fetched(town)
    assert changes(fetched(town, since=start)) == [("new", "halle"), ("changed", "halle")]
    assert changes(fetched(town, since=middle)) == [("changed", "halle")]
    assert changes(fetched(town)) == []
    del site.pages["/halle"]
    told = [("changed", "halle"), ("vanished", "halle")]
    assert changes(fetched(town, since=middle)) == told


@pytest.mark.parametrize(
    ("refresh", "days", "asked"),
    [("never", 4000, 0), ("daily", 1, 1), ("weekly", 6, 0), ("weekly", 7, 1), ("yearly", 200, 0)],
)
def test_what_is_due_is_what_its_refresh_says(
    site: Website, town: Path, refresh: str, days: int, asked: int
) -> None:
    town.write_text(town.read_text() + f'refresh = "{refresh}"\n')
    assert fetched(town, due=True).sources == 1  # it was never brought
    file = town.parent / "pages" / "state.json"
    state = json.loads(file.read_text())
    state["sources"]["halle"]["checked"] = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    file.write_text(json.dumps(state))
    assert fetched(town, due=True).sources == asked
    assert fetched(town).sources == 1


def test_only_the_sources_named_are_asked(site: Website, tmp_path: Path) -> None:
    site.put("/a", "Halle")
    entries = [(id, "page", site.url("/a")) for id in ("a", "b")]
    path = websites.catalogue(tmp_path, *entries, ("c", "page", site.url("/a"), "enabled = false"))
    assert [change.source for change in fetched(path, "b").changes] == ["b"]
    assert [change.source for change in fetched(path).changes] == ["a"]
    with pytest.raises(FetchError, match="n'est pas une source"):
        fetched(path, "d")
    with pytest.raises(FetchError, match="désactivée"):
        fetched(path, "c")


def test_a_change_in_a_local_folder_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "fiches").mkdir()
    for name in ("un.md", "deux.md", ".cache.md", "image.png"):
        (tmp_path / "fiches" / name).write_text("un")
    path = websites.catalogue(tmp_path, ("fiches", "folder", "fiches"))
    found = fetched(path)
    assert (found.pages, found.changes) == (2, ())  # what was there all along is not news
    (tmp_path / "fiches" / "un.md").write_text("autre")
    (tmp_path / "fiches" / "trois.md").write_text("trois")
    (tmp_path / "fiches" / "deux.md").unlink()
    told = [(change.became.value, change.address) for change in fetched(path).changes]
    assert told == [
        ("vanished", "fiches/deux.md"),
        ("changed", "fiches/un.md"),
        ("new", "fiches/trois.md"),
    ]
    (tmp_path / "fiches" / "un.md").unlink()
    (tmp_path / "fiches").rename(tmp_path / "fiche")
    assert "n'existe pas" in fetched(path).troubles[0].problem


def test_two_fetches_at_once_do_not_meet(site: Website, town: Path) -> None:
    asked, go = threading.Event(), threading.Event()

    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        go.wait(20)
        websites.answer(handler, Page(websites.document("Halle")))

    site.pages["/halle"] = Page(behaviour=behaviour)
    first = threading.Thread(target=fetched, args=(town,))
    first.start()
    assert asked.wait(20)
    with pytest.raises(FetchError, match="est en cours"):
        fetched(town)
    go.set()
    first.join()
    assert copy(town) == websites.document("Halle")


def test_a_folder_that_cannot_be_written_is_told(town: Path) -> None:
    (town.parent / "pages" / ".lock").mkdir(parents=True)  # root could write in any folder
    done = ran(town)
    assert done.exit_code == 1 and "rien ne peut être écrit" in done.stderr


def test_a_file_in_the_place_of_the_folder_is_told(town: Path) -> None:
    (town.parent / "pages").write_text("")
    done = ran(town)
    assert done.exit_code == 1 and "« pages » est un dossier" in done.stderr


KILLED = """
import sys, websites
from pathlib import Path
from corpus.catalogue import load
from corpus.fetching.fetch import fetch
fetch(load(Path(sys.argv[1])), reach=websites.reach())
"""


@pytest.mark.killed
@pytest.mark.parametrize("pieces", [1, 5, 9])
def test_a_fetch_that_is_killed_leaves_the_old_copy_or_the_new(
    site: Website, town: Path, pieces: int
) -> None:
    fetched(town)
    old, new = copy(town), websites.document("Halle couverte" * 20)
    sent, killed = threading.Event(), threading.Event()
    size = len(new) // 10 + 1

    def behaviour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(new)))
        handler.end_headers()
        handler.wfile.write(new[: size * pieces])
        handler.wfile.flush()
        sent.set()
        killed.wait(20)

    site.pages["/halle"] = Page(behaviour=behaviour)
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(town)],
        env={**os.environ, "PYTHONPATH": f"{root}:{root / 'tests' / 'doubles'}"},
    ) as child:
        while not sent.wait(0.05):
            assert child.poll() is None
        child.kill()
    killed.set()
    assert copy(town) == old and Snapshots(town).find("halle", site.url("/halle")) is not None
    assert list((town.parent / "pages").glob(".partial-*"))  # what it was writing
    site.put("/halle", body=new)
    assert changes(fetched(town)) == [("changed", "halle")]
    assert copy(town) == new and not list((town.parent / "pages").glob(".partial-*"))


def test_killed_between_the_copy_and_the_state_it_is_asked_for_again(
    site: Website, town: Path
) -> None:
    fetched(town)
    file = town.parent / "pages" / "halle.html"
    site.put("/halle", "Halle couverte")
    file.write_bytes(site.pages["/halle"].body)  # the new copy, under its old description
    assert changes(fetched(town)) == [("changed", "halle")]
    assert changes(fetched(town)) == []


# --- The command


def ran(town: Path, *args: str) -> Result:
    return CliRunner().invoke(
        commands, ["fetch", *args], obj=reach(), env={"ASSISTANT_CATALOGUE": str(town)}
    )


def test_the_command_tells_each_change_and_what_to_do_next(site: Website, town: Path) -> None:
    done = ran(town)
    assert done.exit_code == 0
    assert f"nouveau  halle  {site.url('/halle')}" in done.stdout
    assert "« assistant build »" in done.stdout
    assert "0 nouveau(x), 0 modifié(s), 0 disparu(s)" in ran(town).stdout
    assert "nouveau" in ran(town, "--since", datetime.now().date().isoformat()).stdout


def test_the_nightly_look_says_by_its_status_what_it_found(site: Website, town: Path) -> None:
    assert ran(town, "--check").exit_code == 3
    ran(town)
    assert ran(town, "--check").exit_code == 0
    site.put("/halle", "Halle couverte")
    changed = ran(town, "--check")
    assert changed.exit_code == 3 and "modifié  halle" in changed.stdout
    site.put("/halle", body=b"", status=500)
    assert ran(town, "--check").exit_code == 1


def test_failures_stand_in_a_table_with_what_to_do(site: Website, town: Path) -> None:
    ran(town)
    site.put("/halle", body=b"", status=403)
    done = ran(town)
    assert done.exit_code == 1
    head, row, what, remedy = done.stderr.splitlines()
    assert head.split() == ["échec", "copie", "gardée", "problème"]
    assert row.startswith("halle") and "(réponse 403)" in row
    assert what == "Que faire :" and remedy.startswith("- halle (")


def test_loopback_is_closed_to_the_command_without_a_test_that_opens_it(
    site: Website, town: Path
) -> None:
    done = CliRunner().invoke(commands, ["fetch"], env={"ASSISTANT_CATALOGUE": str(town)})
    assert done.exit_code == 1 and "adresse privée" in done.stderr
    assert site.asked == []


def test_a_source_that_does_not_exist_is_a_message(town: Path) -> None:
    done = ran(town, "marché")
    assert done.exit_code == 1 and "« marché » n'est pas une source" in done.stderr


def test_a_section_becomes_documents_with_their_own_addresses(
    site: Website, tmp_path: Path
) -> None:
    site.link("/vie/", "Vie pratique", "/vie/halle", "/vie/marche")
    site.put("/vie/halle", "Halle")
    site.put("/vie/marche", "Marché")
    path = websites.catalogue(tmp_path, ("vie", "site", site.url("/vie/")))
    assert entries.survey(load(path)).lines[0].state is State.MISSING
    fetched(path)
    documents = entries.read(load(path))
    assert [(d.title, d.url) for d in documents] == [
        ("Vie pratique", site.url("/vie/")),
        ("Halle", site.url("/vie/halle")),
        ("Marché", site.url("/vie/marche")),
    ]
    assert all(d.id.startswith("vie-") for d in documents) and len({d.id for d in documents}) == 3
    del site.pages["/vie/marche"]
    fetched(path)
    survey = entries.survey(load(path))
    assert [d.title for d in survey.documents] == ["Vie pratique", "Halle"]
    assert [line.state for line in survey.lines] == [State.READ, State.READ, State.VANISHED]
    assert site.url("/vie/marche") in survey.lines[-1].problem


# --- Several hosts


def at(name: str, page: str, site: Website) -> str:
    """The address of a page of a host of this name, which is the website of the test."""
    return site.url(page).replace("127.0.0.1", name)


def test_hosts_are_read_side_by_side_and_each_one_thing_at_a_time(
    site: Website, tmp_path: Path
) -> None:
    hosts = [f"ville-{n}.example" for n in range(4)]
    together = threading.Barrier(len(hosts), timeout=10)  # broken unless all are asked at once
    under_way: Counter[str] = Counter()
    most: Counter[str] = Counter()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        host = handler.headers["Host"]
        under_way[host] += 1
        most[host] = max(most[host], under_way[host])
        if handler.path == "/0":
            together.wait()
        time.sleep(0.02)
        under_way[host] -= 1
        websites.answer(handler, Page(websites.document(f"Page {handler.path}")))

    site.pages |= {f"/{n}": Page(behaviour=answer) for n in range(3)}
    made = [(f"p{h}-{n}", host, f"/{n}") for n in range(3) for h, host in enumerate(hosts)]
    path = websites.catalogue(
        tmp_path, *((id, "page", at(host, page, site)) for id, host, page in made)
    )
    loopback = reach(resolver=lambda host, port: ["127.0.0.1"])
    found = fetch(load(path), reach=loopback)
    assert (found.pages, found.troubles) == (12, ())
    assert [change.source for change in found.changes] == [id for id, _, _ in made]
    assert set(most.values()) == {1}
    assert len(Snapshots(path).copies()) == 12


def test_what_failed_is_told_in_the_order_of_the_catalogue(site: Website, tmp_path: Path) -> None:
    names = ("b.example", "a.example", "b.example")
    entries = [(f"p{n}", "page", at(name, f"/{n}", site)) for n, name in enumerate(names)]
    path = websites.catalogue(tmp_path, *entries)
    found = fetch(load(path), reach=reach(resolver=lambda host, port: ["127.0.0.1"]))
    assert [trouble.source for trouble in found.troubles] == ["p0", "p1", "p2"]


def test_a_page_that_would_not_be_indexed_is_said_to(site: Website, town: Path) -> None:
    site.put("/halle", "Halle", headers={"X-Robots-Tag": "noindex"})
    found = fetched(town)
    assert found.pages == 1 and "X-Robots-Tag" in found.notes[0]
