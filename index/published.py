"""Generations that several servers share: published whole to a store, pulled whole from it.

<store>/current                       the name of the archive in service, written after it
<store>/generations/000123-<sha256>   one generation; the digest is that of its manifest, which
                                      holds those of its files

A store is a folder, or a bucket (obstore: S3 and what speaks it, GCS, Azure). What is pulled is
checked, then put in service as what a build makes: by a rename, and the pointer.
"""

from __future__ import annotations

import logging
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from index.build import KEPT, alone, clear, forget, point, sync, written
from index.encoder.embedding import Embedder
from index.errors import IndexBusy, IndexMismatch, IndexMissing, SearchError, StoreUnreachable
from index.generation import checksum, live, manifest, verify

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_NAME = re.compile(r"([0-9]{6,})-([0-9a-f]{64})")
# A store that is down is said at the next look: no answer waits for it.
_OPENS_IN, _ANSWERS_IN = timedelta(seconds=5), timedelta(seconds=60)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelved:
    """What is published: the generation of `current`, since when, and whether it is there."""

    number: str
    at: datetime
    whole: bool
    here: bool  # whether it is in service on this server


class Published:
    """The generations of one index in a store, and the folder where this server has its own."""

    def __init__(
        self,
        address: str,
        root: Path,
        embedder: Embedder,
        name: str = "",
        base: Published | None = None,
    ) -> None:
        """`address`: a folder, or an URL; `name`: of this index, among others there; `base`: those
        that its generations may stand on. Raises StoreUnreachable without obstore."""
        if find_spec("obstore") is None:
            why = "il manque obstore : pip install 'assistant-pvd[store]'"
            raise StoreUnreachable(address, why)
        self.root = root
        self.failing: str | None = None  # why nothing can be pulled now, in French
        self._address = address
        self._embedder = embedder
        self._current = str(Path(name, "current"))
        self._archives = str(Path(name, "generations"))
        self._base = base

    def publish(self, folder: Path) -> None:
        """Put a generation in service for all. Raises StoreUnreachable."""
        import obstore

        name = f"{folder.name}-{checksum(folder / 'manifest.json')}"
        with self._reached() as store:
            there = self._names(store)
            if name not in there:
                with TemporaryFile() as file:
                    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
                        archive.add(folder, ".")
                    file.seek(0)
                    obstore.put(store, f"{self._archives}/{name}", file)
            obstore.put(store, self._current, name.encode("ascii"))
            older = [each for each in there if each < name]
            for each in older[: max(0, len(older) - KEPT + 1)]:
                obstore.delete(store, f"{self._archives}/{each}")

    def pull(self, *, anew: bool = False) -> bool:
        """Put in service here what is published; False where that is so already, or nothing is.

        anew    bring it even so: what is here is damaged

        Raises SearchError for a store that does not answer and for what cannot be served: what is
        in service here stays.
        """
        import obstore

        with self._reached() as store:
            try:
                name = bytes(obstore.get(store, self._current).bytes()).decode("ascii", "replace")
            except FileNotFoundError:
                return False
            number, _ = _parsed(name)
            try:
                there = live(self.root).name
            except IndexMissing:
                there = ""
            if not anew and there == number and self._is_here(name):
                return False
            with written(self.root), alone(self.root):
                if anew or not self._is_here(name):
                    self._take(store, name)
                point(self.root, number)
                forget(self.root / "generations", number)
        return True

    def shelved(self) -> Shelved | None:
        """What is published now; None where nothing is. Changes nothing. Raises SearchError."""
        import obstore

        with self._reached() as store:
            try:
                found = obstore.get(store, self._current)
            except FileNotFoundError:
                return None
            name = bytes(found.bytes()).decode("ascii", "replace")
            number, _ = _parsed(name)
            whole = name in self._names(store)
        try:
            here = live(self.root).name == number and self._is_here(name)
        except IndexMissing:
            here = False
        return Shelved(number, found.meta["last_modified"], whole, here)

    def follow(self) -> bool:
        """As pull, for who looks from time to time: what goes wrong is said once, in the log."""
        try:
            pulled = self.pull()
        except IndexBusy:  # another process of this machine has begun
            return False
        except (SearchError, OSError) as error:
            if self.failing is None:
                log.error("%s", error)
            self.failing = f"{error} L'index d'ici reste en service."
            return False
        if self.failing is not None:
            log.warning("the generations published in %s are reached again", self._address)
        self.failing = None
        if pulled:
            log.info("a newer generation was pulled from %s", self._address)
        return pulled

    def bring(self, number: str) -> None:
        """Have here a generation, of those published, that another stands on.

        Raises SearchError.
        """
        if (self.root / "generations" / number / "manifest.json").is_file():
            return
        with self._reached() as store, written(self.root), alone(self.root):
            for name in self._names(store):
                if _parsed(name)[0] == number:
                    self._take(store, name)
                    return
        raise IndexMissing(self.root / "generations" / number, "il n'est plus publié")

    def _names(self, store: ObjectStore) -> list[str]:
        """The archives, the oldest first."""
        import obstore

        found = (each for page in obstore.list(store, self._archives) for each in page)
        return sorted(filter(_NAME.fullmatch, (Path(each["path"]).name for each in found)))

    def _is_here(self, name: str) -> bool:
        number, digest = _parsed(name)
        told = self.root / "generations" / number / "manifest.json"
        return told.is_file() and checksum(told) == digest

    def _take(self, store: ObjectStore, name: str) -> None:
        """Bring an archive, and give it its place here once it is whole and sound."""
        import obstore

        number, digest = _parsed(name)
        final = self.root / "generations" / number
        aside = final.with_name(f"{number}.tmp")
        clear(aside)
        aside.mkdir(parents=True)
        try:
            with TemporaryFile(dir=aside.parent) as file:
                for piece in obstore.get(store, f"{self._archives}/{name}").stream():
                    file.write(piece)
                file.seek(0)
                with tarfile.open(fileobj=file, mode="r:gz") as archive:
                    archive.extractall(aside, filter="data")
            if checksum(aside / "manifest.json") != digest:
                raise IndexMissing(aside, "ce n'est pas l'index qui a été publié")
            about = manifest(aside)
            verify(aside, about)
            if about["embedder"]["digest"] != self._embedder.digest:
                raise IndexMismatch(aside, about["embedder"]["name"], self._embedder.name)
            if self._base is not None and about.get("base"):
                self._base.bring(about["base"]["number"])
            sync(aside)
            clear(final)  # of the same number, and damaged, or published by nobody
            os.rename(aside, final)
        except (tarfile.TarError, zlib.error, EOFError, FileNotFoundError) as error:
            raise IndexMissing(aside, f"l'index publié est abîmé ou manque ({error})") from error
        finally:
            clear(aside)

    @contextmanager
    def _reached(self) -> Iterator[ObjectStore]:
        """The store. Raises StoreUnreachable when it does not answer."""
        from obstore.exceptions import BaseError

        try:
            yield _opened(self._address)
        except BaseError as error:
            why = str(error).partition("\n")[0]
            raise StoreUnreachable(self._address, why) from error


def _parsed(name: str) -> tuple[str, str]:
    """The number of an archive's generation, and the digest of its manifest."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise IndexMissing(Path("current"), f"l'index publié se nomme {name[:80]!r}")
    return found[1], found[2]


def _opened(address: str) -> ObjectStore:
    from obstore.store import LocalStore, from_url

    if "://" not in address:
        return LocalStore(Path(address).absolute())
    return from_url(
        address,
        client_options={
            "allow_http": True,  # where the address of the bucket says so
            "connect_timeout": _OPENS_IN,
            "timeout": _ANSWERS_IN,
        },
        retry_config={"max_retries": 1, "retry_timeout": _ANSWERS_IN},
    )
