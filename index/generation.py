"""A generation: one complete build of the index, a folder that never changes once named.

<root>/current                     the number of the live one
<root>/generations/000123/         manifest.json, documents.jsonl, passages.jsonl, register.jsonl,
                                   vectors.npy, sentences.npy, headings.npy, questions.jsonl,
                                   questions.npy, vocabulary.json, chroma/, tantivy/

One may stand on another, that several share: it holds its own part only, and is searched with the
other as one index of both would be.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import logging
import re
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary, finalize

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document, read_lines
from corpus.documents import from_record as document
from corpus.vocabulary import lexicon
from index.conventions.names import keys
from index.encoder.embedding import Embedder
from index.errors import IndexMismatch, IndexMissing, SearchError
from index.french.analysis import ACRONYMS, fold, learn, tokens
from index.french.spelling import Speller
from index.french.verbatim import Verbatim
from index.passages import Passage, read
from index.questions.known import Known, KnownQuestions
from index.stores import chroma, sentences
from index.stores.chroma import Beside, Server, Store
from index.stores.lexical import Lexical
from index.stores.register import Register
from index.stores.sentences import Sentences

log = logging.getLogger(__name__)

# Raised whenever what a generation holds, or how it is analysed, changes: an older one is rebuilt.
FORMAT = 9

# Chroma's folder has checksums of its own (index.stores.chroma): without it, search is exact.
CHECKED_FILES = (
    *("documents.jsonl", "passages.jsonl", "register.jsonl"),
    *("vectors.npy", "vocabulary.json", "questions.jsonl", "questions.npy"),
    *sentences.FILES,
)


def live(root: Path) -> Path:
    """The folder of the live generation. Raises IndexMissing when there is none."""
    pointer = root / "current"
    try:
        number = pointer.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexMissing(root) from error
    folder = root / "generations" / number
    if not number or not (folder / "manifest.json").is_file():
        raise IndexMissing(root, f"« current » désigne la génération {number!r}, qui manque")
    return folder


def manifest(folder: Path) -> dict[str, Any]:
    """What the build wrote of itself. Raises IndexMissing when it cannot be read."""
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise IndexMissing(folder, "son manifeste est illisible") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise IndexMissing(folder, "il date d'une autre version de l'assistant")
    if found.pop("seal", None) != _seal(found):
        raise IndexMissing(folder, "son manifeste a été modifié")
    return found


def tell(folder: Path, about: Mapping[str, Any]) -> None:
    """Write the manifest of a generation, sealed: one figure changed in it would be believed."""
    sealed = {**about, "seal": _seal(about)}
    text = json.dumps(sealed, ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _seal(about: Mapping[str, Any]) -> str:
    text = json.dumps(about, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def checksums(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file that search needs: ours, and tantivy's but for its locks."""
    words = (path for path in (folder / "tantivy").rglob("*") if path.suffix != ".lock")
    files = [*(folder / name for name in CHECKED_FILES), *filter(Path.is_file, words)]
    return {path.relative_to(folder).as_posix(): checksum(path) for path in sorted(files)}


def opened(
    root: Path, embedder: Embedder, bases: Bases | None = None, server: Server | None = None
) -> Generation:
    """The live generation, open; where it is damaged, the last sound one before it, which says so.

    bases    those that it may stand on
    server   what searches its vectors; in this process, without one

    Raises IndexMissing when none is sound, IndexMismatch when the live one's vectors are another
    model's.
    """
    folder: Path | None = None
    try:
        folder = live(root)
        return _trimmed(Generation(folder, embedder, bases, server))
    except IndexMissing as error:
        for older in _others(root, folder):
            try:
                found = Generation(older, embedder, bases, server)
            except SearchError:
                continue
            log.error("%s", error)
            found.replaces(folder)
            return _trimmed(found)
        raise


def _trimmed(generation: Generation) -> Generation:
    trim()
    return generation


def trim() -> None:
    """Give back to the machine what opening a generation, or closing one, left free: glibc would
    keep it for later, 90 MB of it."""
    if give_back := getattr(ctypes.CDLL(None), "malloc_trim", None):
        give_back(0)


def _others(root: Path, live: Path | None) -> list[Path]:
    """The generations to fall back to, the newest first: those before the live one, if known."""
    try:
        found = [f for f in (root / "generations").iterdir() if is_number(f.name) and f != live]
    except OSError:
        return []
    return sorted(found, key=lambda f: (live is None or f.name < live.name, f.name), reverse=True)


def is_number(name: str) -> bool:
    """Whether a folder's name is that of a generation."""
    return name.isascii() and name.isdigit()


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(slots=True)
class Parts:
    """What the files of a generation hold of its own, but for its known questions."""

    documents: dict[str, Document]
    passages: list[Passage]
    rows: list[Passage]
    vectors: NDArray[np.float32]
    vocabulary: dict[str, int]


class Generation:
    """One generation, open for reading: alone, or on a `base` that several share."""

    base: Generation | None
    documents: dict[str, Document]
    passages: list[Passage]
    lexical: Lexical
    sentences: Sentences
    known: KnownQuestions
    store: Store | Beside
    acronyms: dict[str, str]
    speller: Speller

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        bases: Bases | None = None,
        server: Server | None = None,
    ) -> None:
        """Open `folder`; `bases`: those that it may stand on; `server`: what searches its vectors.

        Raises IndexMissing when a file is missing or altered, or what it stands on; IndexMismatch
        when its vectors are another model's.
        """
        about = manifest(folder)
        if about["embedder"]["digest"] != embedder.digest:
            raise IndexMismatch(folder, about["embedder"]["name"], embedder.name)
        self.folder = folder
        self.number = folder.name
        self.digest = checksum(folder / "manifest.json")
        self.about = about
        self.embedder = embedder
        self.fallen: str | None = None  # why this one answers, when another is live
        self.base = _base(folder, about, bases)
        base = self.base
        parts = read_parts(folder, about)
        self.documents = {
            **(base.documents if base else {}),
            **parts.documents,
        }
        self.own = parts.passages
        self.passages = [*(base.passages if base else ()), *parts.passages]
        self._vectors = parts.vectors
        self.lexical = Lexical(folder / "tantivy", base.lexical if base else None)
        if len(self.lexical) != len(self.passages):
            self.lexical.close()
            raise IndexMissing(folder, "l'index des mots est incomplet")
        try:
            self.sentences = Sentences(folder, parts.passages, base.sentences if base else None)
            self.known = known(folder, base.known if base else None)
        except (ValueError, KeyError) as error:
            self.lexical.close()
            raise IndexMissing(folder, "les phrases ou les questions connues manquent") from error
        if base is None:
            digest = about["checksums"]["vectors.npy"]
            self.store = chroma.opened(folder, parts.vectors, digest, server)
            self.vocabulary = parts.vocabulary
            learn(self.vocabulary)
            self.register = Register(parts.rows)
        else:
            assert isinstance(base.store, Store)  # what others stand on stands on none
            self.store = Beside(base.store, parts.vectors)
            self.vocabulary = dict(Counter(base.vocabulary) + Counter(parts.vocabulary))
            rows = [*base.register.rows, *parts.rows]
            self.register = Register(rows) if parts.rows else base.register
        self.acronyms = (base.acronyms if base else ACRONYMS) | glossary(parts.passages)
        self.speller = Speller(self.vocabulary, lexicon(), base.speller if base else None)

    @property
    def first(self) -> int:
        """The position of its first own passage: those of what it stands on come before."""
        return len(self.passages) - len(self.own)

    @property
    def vectors(self) -> NDArray[np.float32]:
        """(passages, dim), a row a passage."""
        return self._vectors if self.base is None else np.vstack([self.base.vectors, self._vectors])

    @cached_property
    def by_id(self) -> dict[str, Passage]:
        """The passages by id, the rows of lists too."""
        return {passage.id: passage for passage in (*self.passages, *self.register.rows)}

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of each passage, by its id."""
        return {passage.id: position for position, passage in enumerate(self.passages)}

    @cached_property
    def structured(self) -> tuple[int, ...]:
        """The positions of the passages of conventions and avenants."""
        held = {id for id, document in self.documents.items() if document.convention is not None}
        return tuple(n for n, passage in enumerate(self.passages) if passage.document_id in held)

    @cached_property
    def parts(self) -> frozenset[str]:
        """The articles, fiches and annexes that the conventions have."""
        return frozenset(key for n in self.structured for key in keys(self.passages[n]))

    @cached_property
    def titles(self) -> dict[str, frozenset[str]]:
        """The tokens of the title of each fiche action, by its key."""
        return {
            part.key: frozenset(tokens(part.title))
            for document in self.documents.values()
            if document.convention is not None and document.convention.role == "convention"
            for part in document.convention.of("fiche")
        }

    @cached_property
    def verbatim(self) -> Verbatim:
        """What the passages say, to be looked up word for word."""
        texts = (passage.text for passage in self.own)
        return Verbatim(texts, self.base.verbatim if self.base is not None else None)

    def replaces(self, folder: Path | None) -> None:
        """Note that this generation answers instead of the live one, which cannot."""
        which = f"L'index {folder.name}" if folder is not None else "L'index en service"
        self.fallen = (
            f"{which} est abîmé ou manque : l'index {self.number} répond à sa place. "
            "Lancez « assistant build »."
        )
        log.error("%s", self.fallen)

    def beside(self, passage: Passage, step: int) -> Passage | None:
        """The passage `step` further in the same document (-1: before it); None at its ends."""
        document, _, number = passage.id.rpartition("#")
        return self.by_id.get(f"{document}#{int(number) + step}")

    @property
    def degraded(self) -> str | None:
        """Why search is not at its best, in French; None when it is."""
        return " ".join(filter(None, (self.fallen, self.store.degraded))) or None

    def close(self) -> None:
        """Let go of the files."""
        self.store.close()
        self.lexical.close()


class Bases:
    """The generations of a folder that others stand on: each is open once, while one does."""

    def __init__(self, root: Path, embedder: Embedder, server: Server | None = None) -> None:
        self.root = root
        self._embedder = embedder
        self._server = server
        self._open: WeakValueDictionary[str, Generation] = WeakValueDictionary()
        self._lock = threading.Lock()

    def live(self) -> Generation:
        """The one that a build of now stands on. Raises IndexMissing."""
        return self.of(live(self.root).name)

    def of(self, number: str) -> Generation:
        """The one of this number. Raises IndexMissing, IndexMismatch."""
        with self._lock:
            found = self._open.get(number)
            if found is None:
                folder = self.root / "generations" / number
                opened = Generation(folder, self._embedder, server=self._server)
                found = self._open[number] = _trimmed(opened)
                finalize(found, _let_go, found.store, found.lexical)
            return found


def _let_go(store: Store | Beside, lexical: Lexical) -> None:
    store.close()
    lexical.close()


def _base(folder: Path, about: Mapping[str, Any], bases: Bases | None) -> Generation | None:
    """What a generation stands on; None for itself. Raises IndexMissing."""
    named = about.get("base")
    if named is None:
        return None
    if bases is None:
        raise IndexMissing(folder, "il est fait pour être servi avec d'autres villes")
    found = bases.of(named["number"])
    if found.about["fingerprint"] != named["fingerprint"]:
        raise IndexMissing(folder, "l'index commun sur lequel il repose a changé")
    return found


def known(folder: Path, base: KnownQuestions | None = None) -> KnownQuestions:
    """The known questions of a generation, with those of what it stands on."""
    records = read_lines(folder / "questions.jsonl")
    own = [Known(r["text"], tuple(r["facts"]), r["answered"]) for r in records]
    if base is not None and not own:
        return base
    return KnownQuestions(own, np.load(folder / "questions.npy").astype(np.float32), base)


# The heading of a glossary entry that is an acronym (ORT, OPAH-RU), and « what it stands for ».
_ACRONYM = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Z][A-Za-z0-9]{1,9}")
_MEANING = re.compile(r"«\s*([^«»]+?)\s*»")


def glossary(passages: Sequence[Passage]) -> dict[str, str]:
    """The acronyms that the corpus's glossary entries spell out in « … », folded."""
    spelled = {}
    for passage in passages:
        meaning = _MEANING.search(passage.text)
        if passage.form == "entry" and meaning and _ACRONYM.fullmatch(passage.headings[-1]):
            spelled[fold(passage.headings[-1])] = fold(meaning.group(1))
    return spelled


def verify(folder: Path, about: Mapping[str, Any]) -> None:
    """Raise IndexMissing when a file of a generation is missing or altered."""
    for name, expected in about["checksums"].items():
        path = folder / name
        try:
            sound = path.is_file() and checksum(path) == expected
        except OSError:
            sound = False
        if not sound:
            raise IndexMissing(folder, f"« {name} » manque ou a été modifié")


def read_parts(folder: Path, about: Mapping[str, Any]) -> Parts:
    """What the files of a generation hold. Raises IndexMissing when one is missing or altered."""
    verify(folder, about)
    documents = {
        record["id"]: document({**record, "sections": (), "withheld": ()})
        for record in read_lines(folder / "documents.jsonl")
    }
    passages, rows = read(folder / "passages.jsonl"), read(folder / "register.jsonl")
    vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    return Parts(documents, passages, rows, np.load(folder / "vectors.npy"), vocabulary)
