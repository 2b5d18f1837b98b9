"""One run of « assistant fetch »: what it asks with, where it keeps, what it has to tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from corpus.errors import FetchError
from corpus.fetching import robots
from corpus.fetching.replies import Known, Reply
from corpus.fetching.web import Web
from corpus.sandbox.parent import Done, Sandboxes
from corpus.snapshots import Record, Snapshots


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be brought. `kept`: the day of the copy that stays in use, "" for none."""

    source: str
    address: str
    problem: str
    remedy: str
    kept: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What an address gave: a file to look at. `fresh` is False for the copy that we had."""

    reply: Reply
    file: Path
    fresh: bool


class Run:
    """The sources of one host, one after the other: `now`, an ISO instant, dates all they give.

    `store`, `web` and `sandboxes`, those that are free, are shared with the runs at its side.
    """

    def __init__(
        self, store: Snapshots, web: Web, sandboxes: Sandboxes, aside: Path, now: str
    ) -> None:
        self.store = store
        self.now = now
        self.pages = 0
        self.troubles: list[Trouble] = []
        self.notes: list[str] = []
        self.tick: Callable[[], object] = lambda: None  # after each answer
        self._web = web
        self._sandboxes = sandboxes
        self._aside = aside

    def ask(self, source: str, address: str, most: int) -> Brought:
        """What stands at an address, or our copy of it when nothing changed.

        Raises Gone or FetchError. A file that is fresh is overwritten by the next question.
        """
        record = self.store.find(source, address)
        if record is not None and not self.store.intact(record):
            record = None  # deleted or edited by hand: it is asked for in full
        known = Known(record.url, record.etag, record.modified) if record else None
        self._aside.mkdir(exist_ok=True)
        file = self._aside / "copy"
        reply = self._web.get(address, file, most=most, known=known)
        self.tick()
        if reply.fresh:
            return Brought(reply, file, True)
        if record is None:
            raise FetchError(
                "le site répond que rien n'a changé, alors qu'il n'y a pas de copie",
                "Prévenez l'éditeur du site, ou enregistrez la copie vous-même.",
            )
        return Brought(reply, self.store.copy(record), False)

    def look(self, brought: Brought) -> dict[str, Any]:
        """What a page, a sitemap or a feed holds and leads to (corpus.fetching.listings)."""
        done = self._sandboxes.run(
            "corpus.fetching.listings:parse", brought.file, url=brought.reply.url
        )
        if isinstance(done, Done):
            return dict(done.value)
        raise FetchError(done.problem, done.remedy)

    def words(self, brought: Brought, source: str, address: str) -> str:
        """A digest of a page's words; the one that we have when the page did not change.

        "" for a page that cannot be read: it is kept all the same, and a build says why.
        """
        record = self.store.find(source, address)
        if record is not None and not brought.fresh:
            return record.text
        try:
            return str(self.look(brought).get("text", ""))
        except FetchError:
            return ""

    def keep(self, brought: Brought, source: str, address: str, path: str, text: str = "") -> None:
        """Keep a copy and what is known of it. `text` is a digest of a page's words."""
        reply = brought.reply
        before = self.store.find(source, address)
        sha256 = before.sha256 if before and not brought.fresh else reply.sha256
        record = Record(
            **self._dates(before, sha256, text),
            source=source,
            address=address,
            path=path,
            sha256=sha256,
            url=reply.url,
            text=text,
            etag=reply.etag,
            modified=reply.modified,
        )
        self.store.put(record, brought.file if brought.fresh else None)

    def note(self, source: str, address: str, sha256: str) -> None:
        """Keep what is known of a file of this machine, which stays where it is.

        What stood there when its source was first looked at is not news.
        """
        dates = self._dates(self.store.find(source, address), sha256, "")
        if source not in self.store.statuses:
            dates["first"] = ""
        record = Record(**dates, source=source, address=address, path="", sha256=sha256)
        self.store.put(record)

    def _dates(self, before: Record | None, sha256: str, text: str) -> dict[str, str]:
        """Since when it is there, when it last changed, when it was last seen."""
        self.pages += 1
        if before is None or before.vanished:  # what came back is new again
            return {"first": self.now, "changed": "", "checked": self.now}
        changed = before.changed if _same(before, sha256, text) else self.now
        return {"first": before.first, "changed": changed, "checked": self.now}

    def follow_up(self, source: str, address: str, reply: Reply) -> None:
        """Say of an address that leads elsewhere where it leads: the catalogue may be out of date,
        and another site is not always the same publisher. And of one that would not be indexed."""
        asked, given = httpx2.URL(address), httpx2.URL(reply.url)
        if reply.moved:
            self.notes.append(
                f"{source} : la page a déménagé pour de bon. Écrivez sa nouvelle adresse dans le "
                f"catalogue : {reply.url}"
            )
        elif asked.host != given.host:
            self.notes.append(
                f"{source} : {asked.host} renvoie à un autre site ({reply.url}). Vérifiez que son "
                "éditeur est le même."
            )
        if not reply.orders.isdisjoint(robots.HIDDEN):
            self.notes.append(
                f"{source} : le site demande que cette adresse ne soit pas indexée (X-Robots-Tag). "
                "Vérifiez avec son éditeur que vous pouvez la citer."
            )

    def fail(self, source: str, address: str, error: FetchError) -> None:
        """Note what could not be brought, and which copy stays."""
        records = [self.store.find(source, address), *self.store.of(source)]
        days = [record.checked[:10] for record in records if record and not record.vanished]
        self.troubles.append(
            Trouble(source, address, error.problem, error.remedy, days[0] if days else "")
        )


def _same(before: Record, sha256: str, text: str) -> bool:
    """Whether a reader sees no change: a page's words decide where they could be read."""
    if text and before.text:
        return text == before.text
    return sha256 == before.sha256
