"""A copy of an engine's folder, opened by this process alone and gone with it.

Chroma writes in what it opens, and tantivy maps its files: neither opens on a read-only disk, and a
file cut under a running server would end it. A generation is never opened in place: it stays as it
was built, and its checksums hold for as long as it does.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import weakref
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "assistant-index-"
_LOCK = "lock"
_YOUNG = 60  # seconds: a copy just made may not be locked yet


class Aside:
    """A copy of `folder`, at `path`. Raises OSError when there is no room for it.

    base    another that this one stands on and lives in: its files are here too, held once
    """

    def __init__(self, folder: Path, base: Aside | None = None) -> None:
        if base is None:
            _sweep()
        self._base = base  # whose lock holds for this one
        place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base.path.parent if base else None))
        lock = FileLock(place / _LOCK, timeout=0)
        self._finalizer = weakref.finalize(self, _remove, place, None if base else lock)
        self.path: Path = place / folder.name
        try:
            if base is None:
                lock.acquire()
            shutil.copytree(folder, self.path)
            for file in base.path.iterdir() if base else ():
                if file.is_file() and not (self.path / file.name).exists():
                    os.link(file, self.path / file.name)
            for copy in self.path.rglob("*"):  # those of a read-only folder
                copy.chmod(0o700 if copy.is_dir() else 0o600)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the copy; what is open stays readable."""
        self._finalizer()


def _remove(place: Path, lock: FileLock | None) -> None:
    if lock is not None:
        lock.release()
    shutil.rmtree(place, ignore_errors=True)


def _sweep() -> None:
    """Remove the copies of processes that were killed: nobody holds their lock."""
    for place in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            found = place.stat()
            if found.st_uid == os.getuid() and found.st_mtime < time.time() - _YOUNG:
                with FileLock(place / _LOCK, timeout=0):
                    shutil.rmtree(place, ignore_errors=True)
        except (OSError, Timeout):
            continue
