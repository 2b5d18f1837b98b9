"""The only place where objects meet: settings -> an assistant that answers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from assistant.answers import Answer
from assistant.calibration import Calibration
from assistant.pipeline import Emit, Turn, run, silent
from assistant.rewriting import Message
from assistant.settings import Settings
from assistant.support import Town, town_of
from corpus import reading
from corpus.catalogue import Catalogue, Contact
from corpus.catalogue import load as load_catalogue
from index import build as building
from index.embedding import Embedder
from index.embedding import load as load_embedder
from index.errors import SearchError
from index.french import tokens
from index.generation import Generation, live
from index.retrieval import Retriever

log = logging.getLogger(__name__)


class Assistant:
    """Answers questions from the live generation, and follows it when a new one takes its place."""

    def __init__(self, catalogue: Catalogue, root: Path, embedder: Embedder, poll: float) -> None:
        """Open the live generation. Raises IndexMissing or IndexMismatch."""
        self.catalogue = catalogue
        self._root = root
        self._embedder = embedder
        self._poll = poll
        self._absences = reading.absences(catalogue)
        self._lock = threading.Lock()
        self._looked = time.monotonic()
        self._retriever = Retriever(Generation(live(root), embedder))

    @property
    def retriever(self) -> Retriever:
        """The search over the live generation; the pointer is read again every `poll` seconds."""
        now = time.monotonic()
        if now - self._looked > self._poll and self._lock.acquire(blocking=False):
            try:
                self._looked = now
                self._follow()
            finally:
                self._lock.release()
        return self._retriever

    def answer(self, question: str, history: Sequence[Message] = (), emit: Emit = silent) -> Answer:
        """Answer one question; safe to call from several threads."""
        retriever = self.retriever
        turn = Turn(
            question=question,
            retriever=retriever,
            history=history,
            contact=who_to_ask(question, self.catalogue),
            absences=self._absences,
            town=self._town(retriever),
            emit=emit,
        )
        return run(turn)

    def _town(self, retriever: Retriever) -> Town:
        town = self.catalogue.town
        return town_of(town.name, town.intercommunality, retriever.generation.acronyms)

    def _follow(self) -> None:
        """Open a newer generation. One that cannot be opened is logged, and the old one serves."""
        try:
            folder = live(self._root)
            if folder != self._retriever.generation.folder:
                old = self._retriever
                self._retriever = Retriever(Generation(folder, self._embedder))
                # Questions under way still read the old one; they last milliseconds.
                closing = threading.Timer(60, old.generation.close)
                closing.daemon = True  # a server that stops does not wait for it
                closing.start()
        except SearchError as error:
            log.error("%s", error)


def who_to_ask(question: str, catalogue: Catalogue) -> Contact:
    """The contact of the subject that a question names most, else the town hall.

    A subject is named when all its words are there, in any form.
    """
    asked = frozenset(tokens(question))

    def named(contact: Contact) -> int:
        subjects = map(_subject, contact.subjects)
        return sum(len(words) for words in subjects if words and words <= asked)

    best = max(catalogue.contacts, key=named, default=catalogue.town.contact)
    return best if named(best) else catalogue.town.contact


@lru_cache(maxsize=1024)
def _subject(subject: str) -> frozenset[str]:
    return frozenset(tokens(subject))


def assemble(settings: Settings) -> Assistant:
    """The assistant of these settings. Raises what opening the catalogue or the index raises."""
    return Assistant(
        load_catalogue(settings.catalogue),
        settings.index,
        load_embedder(settings.model),
        settings.poll,
    )


def build(settings: Settings, *, progress: bool = False) -> building.Built:
    """Read the catalogue's documents and make the live generation of them."""
    catalogue = load_catalogue(settings.catalogue)
    documents = reading.read(catalogue, progress=progress)
    return building.build(
        documents,
        settings.index,
        load_embedder(settings.model),
        calibrate=Calibration(catalogue),
        progress=progress,
    )
