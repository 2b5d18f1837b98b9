"""A generation: one complete build of the index, a folder that never changes once named.

<root>/current                     the number of the live one
<root>/generations/000123/         manifest.json, documents.jsonl, passages.jsonl, register.jsonl,
                                   vectors.npy, sentences.npy, headings.npy, questions.jsonl,
                                   questions.npy, vocabulary.json, chroma/, tantivy/
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

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
from index.stores import sentences
from index.stores.chroma import Store
from index.stores.lexical import Lexical
from index.stores.register import Register
from index.stores.sentences import Sentences

log = logging.getLogger(__name__)

# Raised whenever what a generation holds, or how it is analysed, changes: an older one is rebuilt.
FORMAT = 7

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


def opened(root: Path, embedder: Embedder) -> Generation:
    """The live generation, open; where it is damaged, the last sound one before it, which says so.

    Raises IndexMissing when none is sound, IndexMismatch when the live one's vectors are another
    model's.
    """
    folder: Path | None = None
    try:
        folder = live(root)
        return _trimmed(Generation(folder, embedder))
    except IndexMissing as error:
        for older in _others(root, folder):
            try:
                found = Generation(older, embedder)
            except SearchError:
                continue
            log.error("%s", error)
            found.replaces(folder)
            return _trimmed(found)
        raise


def _trimmed(generation: Generation) -> Generation:
    """Give back what opening a generation left free: glibc would keep 90 MB of it for later."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
    return generation


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
class _Parts:
    documents: dict[str, Document]
    passages: list[Passage]
    rows: list[Passage]
    vectors: NDArray[np.float32]
    vocabulary: dict[str, int]


class Generation:
    """One generation, open for reading."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Open `folder`.

        Raises IndexMissing when a file is missing or altered, IndexMismatch when its vectors are
        another model's.
        """
        about = manifest(folder)
        if about["embedder"]["digest"] != embedder.digest:
            raise IndexMismatch(folder, about["embedder"]["name"], embedder.name)
        self.folder = folder
        self.number = folder.name
        self.about = about
        self.embedder = embedder
        self.fallen: str | None = None  # why this one answers, when another is live
        parts = _read(folder, about)
        self.documents = parts.documents
        self.passages = parts.passages
        self.vectors = parts.vectors
        self.lexical = Lexical(folder / "tantivy")
        if len(self.lexical) != len(self.passages):
            self.lexical.close()
            raise IndexMissing(folder, "l'index des mots est incomplet")
        self.store = Store(folder / "chroma", parts.vectors)
        try:
            self.sentences = Sentences(folder, parts.passages)
            self.known = _known(folder)
        except (ValueError, KeyError) as error:
            raise IndexMissing(folder, "les phrases ou les questions connues manquent") from error
        self.vocabulary = parts.vocabulary
        learn(self.vocabulary)
        self.acronyms = ACRONYMS | glossary(self.passages)
        self.speller = Speller(parts.vocabulary, lexicon())
        self.register = Register(parts.rows)

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
        return Verbatim(passage.text for passage in self.passages)

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


def _known(folder: Path) -> KnownQuestions:
    records = read_lines(folder / "questions.jsonl")
    known = [Known(r["text"], tuple(r["facts"]), r["answered"]) for r in records]
    return KnownQuestions(known, np.load(folder / "questions.npy").astype(np.float32))


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


def _read(folder: Path, about: dict[str, Any]) -> _Parts:
    for name, expected in about["checksums"].items():
        path = folder / name
        try:
            sound = path.is_file() and checksum(path) == expected
        except OSError:
            sound = False
        if not sound:
            raise IndexMissing(folder, f"« {name} » manque ou a été modifié")
    documents = {
        record["id"]: document({**record, "sections": (), "withheld": ()})
        for record in read_lines(folder / "documents.jsonl")
    }
    passages, rows = read(folder / "passages.jsonl"), read(folder / "register.jsonl")
    vocabulary = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    return _Parts(documents, passages, rows, np.load(folder / "vectors.npy"), vocabulary)
