"""A section of a site, by its sitemap or by its links, and a feed: one source, several pages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from pathlib import PurePosixPath

import httpx2

from corpus import snapshots
from corpus.catalogue import Entry
from corpus.errors import FetchError, Gone
from corpus.fetching import addresses, robots
from corpus.fetching.runs import Brought, Run
from corpus.kinds import KINDS, recognise
from corpus.snapshots import Record

MAX_LISTING = 52_428_800  # bytes of a sitemap: the protocol's own limit
MAX_TOTAL = 500_000_000  # bytes that one section may bring
_SITEMAPS, _NESTED = 50, 3  # sitemaps of one site, and indexes one inside the other
_MEMBERS = [KINDS["page"], KINDS["pdf"]]
# What is neither a page nor a PDF by its name is not asked for.
_OTHERS = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|json|xml|zip|gz|rar|7z|mp[34]|avi|mov|webm|ogg|wav"
    r"|docx?|xlsx?|pptx?|od[tsp]|csv|ics|vcf|exe|dmg|apk|woff2?|ttf|epub|rss|atom)$",
    re.IGNORECASE,
)


class Section:
    """One reading of a section or feed: what is there, what left it.

    A page that its publisher no longer has (404, 410), or that a whole reading of the section no
    longer meets, is marked vanished. A reading that a failure or a limit cut short proves nothing:
    then each page it did not meet is asked for.
    """

    def __init__(self, entry: Entry, run: Run) -> None:
        self._entry = entry
        self._run = run
        self._queue: deque[tuple[str, int]] = deque()
        self._site = httpx2.URL(entry.address)
        self._under = entry.under
        self._listed: set[str] | None = None  # what a sitemap names; None when links are followed
        self._asked: set[str] = set()
        self._here: set[str] = set()
        self._failed: set[str] = set()
        self._words: set[str] = set()
        self._size = 0
        self._skipped = 0
        self._whole = True

    def read(self) -> None:
        """Bring what the section holds now. FetchError when it cannot be known."""
        entry, run = self._entry, self._run
        start = run.ask(entry.id, entry.address, MAX_LISTING)
        self._site = httpx2.URL(start.reply.url)
        run.follow_up(entry.id, entry.address, start.reply)
        found = run.look(start)
        if entry.kind == "feed" and found["form"] != "feed":
            raise FetchError(
                "ce n'est ni un flux RSS ni un flux Atom",
                'Donnez l\'adresse du flux lui-même, ou écrivez « kind = "site" ».',
            )
        if found["form"] == "page":
            self._under = self._under or _folder(self._site.path)
            self._asked |= {entry.address, str(self._site)}
            self._follow(self._member(str(self._site), start), 0)
        else:
            names = self._inside(found["links"])
            if found["form"] == "index":
                names = self._inside(self._nested(found["links"]))
            self._listed = set(names) if self._whole else None
            if entry.kind == "site":
                known = {record.address for record in self._known()}
                names.sort(key=lambda name: name not in known)  # the limit cuts what is new first
            self._queue.extend((name, entry.depth) for name in names)
        self._visit()
        self._retire()
        self._tell()

    # --- What is there

    def _visit(self) -> None:
        while self._queue:
            address, depth = self._queue.popleft()
            if address in self._asked:
                continue
            if self._is_full():
                self._whole = False
                self._run.notes.append(
                    f"{self._entry.id} : la limite est atteinte ({len(self._here)} pages, "
                    f"{self._size / 1e6:.0f} Mo), le reste n'est pas lu. Augmentez « pages », ou "
                    "restreignez la section avec « under »."
                )
                return
            self._asked.add(address)
            self._follow(self._tried(address), depth)

    def _is_full(self) -> bool:
        # Addresses that give nothing count too, three for one: a site may have no end of them.
        most = self._entry.pages
        return len(self._here) >= most or len(self._asked) >= 3 * most or self._size >= MAX_TOTAL

    def _follow(self, links: Iterable[str], depth: int) -> None:
        if depth < self._entry.depth:
            self._queue.extend((link, depth + 1) for link in self._inside(links))

    def _tried(self, address: str) -> list[str]:
        """Bring one address, whatever becomes of it; the links that it holds."""
        record = self._run.store.find(self._entry.id, address)
        known = record is not None and not record.vanished
        try:
            brought = self._run.ask(self._entry.id, address, KINDS["pdf"].most)
            return self._member(address, brought)
        except Gone:
            if record is not None and known:
                self._run.store.vanish(record, self._run.now)
        except FetchError as error:
            if known or error.passing:
                self._failed.add(address)
                self._run.fail(self._entry.id, address, error)
                self._whole &= not error.passing
            else:
                self._skipped += 1
        return []

    def _member(self, address: str, brought: Brought) -> list[str]:
        """Keep a page or a PDF of the section; the links that it holds."""
        self._size += brought.reply.size
        final = str(addresses.parse(brought.reply.url))
        if final != address:
            if final in self._asked or not self._inside([final]):
                return []
            self._asked.add(final)
            address = final
        record = self._run.store.find(self._entry.id, address)
        path = record.path if record is not None and not brought.fresh else ""
        if brought.fresh:
            kind = recognise(brought.file, brought.reply.media, _MEMBERS)
            path = snapshots.name(self._entry.id, address, kind.suffix)
        orders = brought.reply.orders
        hidden = not orders.isdisjoint(robots.HIDDEN)
        words = ""
        links: list[str] = []
        if record is not None and not brought.fresh and self._listed is not None:
            words = record.text  # its links would not be followed
        elif path.endswith(KINDS["page"].suffix):
            found = self._run.look(brought)
            words = found.get("text", "")
            links = found["links"] if orders.isdisjoint(robots.UNFOLLOWED) else []
            # « ?print=1 » is the same page.
            hidden |= found.get("hidden", True) or words in self._words
            self._words |= {words} if words else set()
        if hidden:
            return list(links)
        self._run.keep(brought, self._entry.id, address, path, words)
        self._here.add(address)
        return list(links)

    def _nested(self, names: Iterable[str], level: int = 1) -> list[str]:
        """What the sitemaps of an index name. One that fails is a trouble, and proves nothing."""
        found: list[str] = []
        for name in self._inside(names, under=False):
            if name in self._asked or len(self._asked) >= _SITEMAPS:
                continue
            self._asked.add(name)
            try:
                brought = self._run.ask(self._entry.id, name, MAX_LISTING)
                listed = self._run.look(brought)
            except FetchError as error:
                self._whole = False
                self._run.fail(self._entry.id, name, error)
                continue
            deeper = listed["form"] == "index" and level < _NESTED
            found += self._nested(listed["links"], level + 1) if deeper else []
            found += listed["links"] if listed["form"] == "sitemap" else []
        return found

    def _inside(self, links: Iterable[str], *, under: bool = True) -> list[str]:
        """The addresses that belong to the section, in one form, each once."""
        found: dict[str, None] = {}
        for link in links:
            try:
                url = addresses.parse(link)
            except FetchError:
                continue
            if _host(url) != _host(self._site) or url.port != self._site.port:
                continue
            if not under or (_is_under(url.path, self._under) and not _OTHERS.search(url.path)):
                found[str(url)] = None
        return list(found)

    # --- What left it

    def _known(self) -> list[Record]:
        return [record for record in self._run.store.of(self._entry.id) if not record.vanished]

    def _retire(self) -> None:
        left = [r for r in self._known() if r.address not in self._here | self._failed]
        if not self._here:
            raise FetchError(
                "aucune page n'y a été trouvée" + (", alors qu'il y en avait" if left else ""),
                "Vérifiez l'adresse et « under » : une section part d'une page, ou du plan du site "
                "(sitemap.xml).",
            )
        for record in left:
            if self._is_gone(record):
                self._run.store.vanish(record, self._run.now)
            elif self._listed is None or self._entry.kind == "feed":
                self._tried(record.address)

    def _is_gone(self, record: Record) -> bool:
        """Whether a page that was not kept this time is known to have left; else it is asked for.

        One that a sitemap still names was left out by the limit: it stays as it is.
        """
        if record.address in self._asked:  # it hides, leads elsewhere, or says the same as another
            return True
        if self._entry.kind == "feed":  # it names its latest pages only
            return len(self._here) >= self._entry.pages
        if self._listed is not None:
            return record.address not in self._listed
        return self._whole

    def _tell(self) -> None:
        if self._skipped:
            self._run.notes.append(
                f"{self._entry.id} : {self._skipped} adresse(s) laissée(s) de côté, fermées aux "
                "programmes ou d'un autre genre qu'une page ou un PDF."
            )


def _host(url: httpx2.URL) -> str:
    return url.host.removeprefix("www.")


def _folder(path: str) -> str:
    """The section of a page: itself when it is a folder, else the folder where it stands."""
    if path.endswith("/") or not PurePosixPath(path).suffix:
        return path
    return f"{path.rpartition('/')[0]}/"


def _is_under(path: str, under: str) -> bool:
    """Whether a path is in the section: « /aides » holds « /aides/habitat », not « /aides-2 »."""
    return not under or path == under or path.startswith(f"{under.rstrip('/')}/")
