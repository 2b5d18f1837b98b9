"""The towns of a process: each is opened when it is asked, and closed when memory is wanted.

The one that was asked the longest ago is closed first, never while it answers.
"""

from __future__ import annotations

import logging
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from assistant.assembly import Assistant, Common, assemble, common
from assistant.errors import InputError, JournalError
from assistant.settings import Settings
from assistant.towns import folders
from corpus.catalogue import INSEE
from corpus.errors import CorpusError
from index.errors import SearchError
from index.generation import trim

_PAGE = resource.getpagesize()
_CLOSED = 2  # towns at most for each that is opened: memory comes down, and none is thrashed

log = logging.getLogger(__name__)


class UnknownTown(Exception):
    """There is no such town in the folder."""


class NotReady(Exception):
    """A town that cannot be opened now; its operator has been told why."""


class Doors(Protocol):
    """What doors hold of a town that is open."""

    def busy(self) -> bool:
        """Whether something goes on besides answers."""

    def close(self) -> None:
        """Stop what goes on."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request (ASGI)."""


@dataclass(eq=False)
class Town:
    """A town that is open; `users` are those who hold it so."""

    insee: str
    settings: Settings
    assistant: Assistant
    users: int = 0
    used: float = 0.0
    doors: Doors | None = None


@dataclass
class _Place:
    """A town of the folder: open or not, and why it could not be."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    town: Town | None = None
    failed: float | None = None


class Towns:
    """The towns of ASSISTANT_TOWNS; safe to use from several threads."""

    def __init__(self, settings: Settings, used: Callable[[], int] | None = None) -> None:
        """Open what they have in common. `used`: the bytes that the process takes now.

        Raises SearchError or InputError when there is nothing to serve.
        """
        if settings.towns is None or not settings.towns.is_dir():
            raise InputError(
                f"ASSISTANT_TOWNS : le dossier « {settings.towns} » n'existe pas. Créez-y une "
                "ville avec « assistant towns add »."
            )
        self.settings = settings
        self.folder = settings.towns
        self.shared: Common = common(settings)
        assert self.shared.bases is not None
        self._base = self.shared.bases.live()  # held while no town is open
        self._origins = folders.Origins(settings.towns, settings.poll)
        self._used = used or resident
        self._places: dict[str, _Place] = {}
        self._lock = threading.Lock()

    def by_origin(self, origin: str) -> str | None:
        """The code of the town that a site is of; None for nobody's."""
        return self._origins.town(origin)

    @property
    def open(self) -> list[Town]:
        """Those that are open, the one asked the longest ago first."""
        found = [place.town for place in list(self._places.values()) if place.town is not None]
        return sorted(found, key=lambda town: town.used)

    def taken(self, insee: str) -> Town | None:
        """A town that is open already, kept open until it is `released`; None when it is not."""
        with self._lock:
            place = self._places.get(insee)
            town = place.town if place is not None else None
            return self._hold(town) if town is not None else None

    def take(self, insee: str) -> Town:
        """A town, opened if need be and kept open until it is `released`.

        Raises UnknownTown, NotReady.
        """
        if not INSEE.fullmatch(insee) or not folders.is_town(self.folder / insee):
            raise UnknownTown(insee)
        with self._lock:
            place = self._places.setdefault(insee, _Place())
        with place.lock:  # opened once, by one thread; other towns wait for nothing
            if town := self.taken(insee):
                return town
            if place.failed is not None and time.monotonic() - place.failed < self.settings.poll:
                raise NotReady(insee)
            try:
                opened = self._opened(insee)
            except (CorpusError, SearchError, InputError, JournalError, OSError) as error:
                place.failed = time.monotonic()
                log.error("the town %s cannot be opened: %s", insee, error)
                raise NotReady(insee) from error
            with self._lock:
                place.town, place.failed = opened, None
                self._hold(opened)
        self._make_room()
        return opened

    def release(self, town: Town) -> None:
        """Let it be closed, when memory is wanted."""
        with self._lock:
            town.users -= 1

    @contextmanager
    def using(self, insee: str) -> Iterator[Town]:
        """A town, open for as long as it is used. Raises UnknownTown, NotReady."""
        town = self.take(insee)
        try:
            yield town
        finally:
            self.release(town)

    def warm(self) -> None:
        """Open a town, whichever can be, and ask it: what all have in common is then loaded."""
        for insee in folders.codes(self.folder):
            if not (self.settings.town(insee).index / "current").is_file():
                continue  # to be built: a thousand of them would each be tried, and told
            with suppress(NotReady), self.using(insee) as town:
                town.assistant.warm()
                return

    def close(self) -> None:
        """Close every town, then what they have in common."""
        for town in self.open:
            self._close(town)
        if self.shared.writer is not None:
            self.shared.writer.close()

    def _hold(self, town: Town) -> Town:
        town.users += 1
        town.used = time.monotonic()
        return town

    def _opened(self, insee: str) -> Town:
        folders.catalogue(self.folder, insee)
        settings = self.settings.town(insee)
        return Town(insee, settings, assemble(settings, recording=True, shared=self.shared))

    def _make_room(self) -> None:
        """Close what was asked the longest ago, while the process takes more than it may."""
        for _ in range(_CLOSED):
            if self._used() <= self.settings.towns_memory * 1_000_000 or not self._close_one():
                return
            trim()  # what is not given back would be counted still, and close one town more

    def _close_one(self) -> bool:
        """Close what was asked the longest ago; False when all are in use."""
        with self._lock:
            idle = (t for t in self.open if not t.users and not (t.doors and t.doors.busy()))
            town = next(idle, None)
            if town is None:
                return False
            self._places[town.insee].town = None
        self._close(town)
        return True

    def _close(self, town: Town) -> None:
        try:
            if town.doors is not None:
                town.doors.close()
            town.doors = None  # they hold it too
            town.assistant.close(writer=False)
        except Exception:  # its own trouble: the others go on
            log.exception("the town %s was not closed well", town.insee)


def resident() -> int:
    """The bytes of memory that this process takes; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0
