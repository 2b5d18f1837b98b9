"""Questions whose answers are known: who asks them so is shown what answers them.

A line of a file: {"question", "facts", "register", "language", "answered"}. A near miss
(`answered` false) is on the subject, in its words, and no fact answers it: `facts` are those that
it brushes past. Where a document has no numbered facts, a line names the digest of a `passage` and
its `sentence` that answers instead ("" for any); what is not `kept` is left aside.

A language model's questions (`assistant expand`) are lines of EXPANDED, beside which DONE remembers
the passages that it was given: their owner may edit or delete any line, and none comes back.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.disk import flush
from corpus.errors import ParseError

FOLDER = "questions"  # beside facts.jsonl, or beside a town's catalogue
EXPANDED = "expanded.jsonl"
DONE = "expanded.done"


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question as people type it, and the numbers of the facts that answer it, or a passage."""

    text: str
    facts: tuple[str, ...]
    answered: bool = True
    register: str = "plain"
    language: str = "fr"
    passage: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A line of EXPANDED: a question that a `model` wrote on a day for a sentence of a document,
    and whether it is kept, else `why` not."""

    kept: bool
    question: str
    sentence: str
    register: str
    document: str
    passage: str
    model: str
    date: str
    why: str = ""


def read(folders: Iterable[Path]) -> tuple[KnownQuestion, ...]:
    """The questions of the files of some folders, each wording once, in the order of the files.

    Raises ParseError, with the line, for a question that cannot be read. A folder that is not
    there has none.
    """
    found: dict[str, KnownQuestion] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.jsonl")):
            for number, line in enumerate(_lines(path), 1):
                question = _read(path, number, line) if line.strip() else None
                if question is not None:
                    found.setdefault(question.text, question)
    return tuple(found.values())


def _lines(path: Path) -> list[bytes]:
    """The lines of a file; what a killed writer had begun at the end of EXPANDED is none."""
    *lines, last = path.read_bytes().split(b"\n")
    return lines if path.name == EXPANDED and not _is_whole(last) else [*lines, last]


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _read(path: Path, number: int, line: bytes) -> KnownQuestion | None:
    """The question of a line; None for one that is not kept."""
    try:
        record = json.loads(line)
        text = " ".join(record["question"].split())
        passage = record.get("passage", "")
        facts = () if passage else tuple(map(str, record["facts"]))
        kept, sentence = record.get("kept", True), record.get("sentence", "")
        strings = isinstance(passage, str) and isinstance(sentence, str)
        if not text or not (facts or passage) or not strings or not isinstance(kept, bool):
            raise ValueError
        question = KnownQuestion(
            text,
            facts,
            bool(record.get("answered", True)),
            str(record.get("register", "plain")),
            str(record.get("language", "fr")),
            passage,
            sentence,
        )
        return question if kept else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParseError(
            path,
            number,
            "cette question est illisible",
            'Écrivez-la sur une seule ligne : {"question": "…", "facts": ["12"]}. Dans une ligne '
            "de « assistant expand », ne changez que « question », « sentence » et « kept » (true "
            "ou false).",
        ) from error


class Expanded:
    """EXPANDED and DONE of a town's folder: lines are added, and those of lost passages dropped.

    Nothing else of the first is ever written again: it is its owner's.
    """

    def __init__(self, town: Path) -> None:
        self.path = town / FOLDER / EXPANDED
        self._done = self.path.with_name(DONE)

    @property
    def done(self) -> frozenset[str]:
        """The digests of the passages that a model was given."""
        return frozenset(self._done.read_text().split()) if self._done.is_file() else frozenset()

    @property
    def texts(self) -> frozenset[str]:
        """The questions that are there, kept or not."""
        return frozenset(str(record.get("question")) for _, record in self._records())

    def add(self, digests: Iterable[str], questions: Iterable[Written]) -> None:
        """Add what was written of these passages, then remember them: whole lines, on the disk."""
        self.path.parent.mkdir(exist_ok=True)
        self._mend()
        lines = (json.dumps(asdict(question), ensure_ascii=False) for question in questions)
        for path, texts in ((self.path, lines), (self._done, digests)):
            with path.open("ab", buffering=0) as file:
                file.write("".join(f"{text}\n" for text in texts).encode())
            flush(path)

    def drop(self, documents: Collection[str], passages: Collection[str]) -> Counter[str]:
        """Drop the questions of passages that these documents no longer have: how many of each.

        Those of a document that is not there may come back with it: they stay.
        """
        kept, lost, digests = [], Counter[str](), set()
        for line, record in self._records():
            document, digest = record.get("document"), record.get("passage")
            if document in documents and digest not in passages:
                lost[str(document)] += 1
                digests.add(digest)
            else:
                kept.append(line)
        if lost:
            self._replace(self.path, b"".join(kept))
            done = "".join(f"{digest}\n" for digest in sorted(self.done - digests))
            self._replace(self._done, done.encode())
        return lost

    def _records(self) -> Iterator[tuple[bytes, dict[str, Any]]]:
        """Each line with its end, and what it says: nothing for one that cannot be read."""
        for line in self.path.read_bytes().splitlines(keepends=True) if self.path.is_file() else ():
            yield line, json.loads(line) if _is_whole(line) else {}

    def _mend(self) -> None:
        """End the last line where an editor did not; remove the one that a killed run had begun."""
        held = self.path.read_bytes() if self.path.is_file() else b""
        last = held.rpartition(b"\n")[2]
        if last and _is_whole(last):
            with self.path.open("ab") as file:
                file.write(b"\n")
        elif last:
            os.truncate(self.path, len(held) - len(last))

    def _replace(self, path: Path, data: bytes) -> None:
        aside = path.with_name(f"{path.name}.tmp")
        aside.write_bytes(data)
        flush(aside)
        os.replace(aside, path)
