"""Pages of publications as pictures, with the words quoted framed: made once, kept for a while."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import threading
from pathlib import Path

from assistant.assembly import VERSION
from corpus.catalogue import Catalogue
from corpus.documents import Document
from corpus.reading import entries
from corpus.sandbox.parent import Failed, Limits, Sandbox
from index.passages import Passage

_MOST = 400  # pictures kept: some 80 MB of pages of text
_LIMITS = Limits(seconds=20.0)
_PATIENCE = 20.0  # seconds behind the pictures before this one: one at a time, so one core

log = logging.getLogger(__name__)


class Pictures:
    """Draws in a child process, as a publication is read: whatever a file does, we live on."""

    def __init__(self, var: Path) -> None:
        self._folder = var / "pictures"
        self._scans = var / "scans"
        self._drawing = threading.Lock()

    @staticmethod
    def source(catalogue: Catalogue, document: Document) -> Path | None:
        """The PDF that a document was read from; None when it is gone, or is another by now."""
        path = entries.places(catalogue).get(document.id) if document.file else None
        try:
            return path if path is not None and entries.digest(path) == document.file else None
        except OSError:
            return None

    def draw(self, source: Path, document: Document, passage: Passage, words: str) -> bytes | None:
        """The passage's page as a PNG file, these words of it framed; None when it cannot be."""
        key = "\n".join((VERSION, document.file, str(passage.page), words))
        kept = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.png"
        try:
            found = kept.read_bytes()
            os.utime(kept)
            return found
        except OSError:
            pass
        if not self._drawing.acquire(timeout=_PATIENCE):
            return None
        try:
            with Sandbox(_LIMITS) as sandbox:
                done = sandbox.run(
                    "corpus.reading.pdf.shown:draw",
                    source,
                    page=passage.page,
                    quote=words,
                    scans=str(entries.scanned(self._scans, document.file)),
                )
        finally:
            self._drawing.release()
        if isinstance(done, Failed):
            log.error("page %s of %s is not shown: %s", passage.page, document.id, done.problem)
            return None
        picture = base64.b64decode(done.value["png"])
        self._keep(kept, picture)
        return picture

    def _keep(self, path: Path, picture: bytes) -> None:
        """Keep a picture, and drop those that were not asked for of late."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            aside = path.with_suffix(f".{threading.get_ident()}")
            aside.write_bytes(picture)
            os.replace(aside, path)
            old = sorted(self._folder.glob("*.png"), key=lambda each: each.stat().st_mtime)
            for each in old[:-_MOST]:
                each.unlink(missing_ok=True)
        except OSError as error:  # a full or read-only disk: it is drawn again next time
            log.error("%s: %s", self._folder, error.strerror)
