"""Questions whose answers are known: who asks them so is shown what states these facts.

A line of a file: {"question", "facts", "register", "language", "answered"}. A near miss
(`answered` false) is on the subject, in its words, and no fact answers it: `facts` are those that
it brushes past.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ParseError

FOLDER = "questions"  # beside facts.jsonl


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question as people type it, and the numbers of the facts that answer it."""

    text: str
    facts: tuple[str, ...]
    answered: bool = True
    register: str = "plain"
    language: str = "fr"


def read(folders: Iterable[Path]) -> tuple[KnownQuestion, ...]:
    """The questions of the files of some folders, each wording once, in the order of the files.

    Raises ParseError, with the line, for a question that cannot be read. A folder that is not
    there has none.
    """
    found: dict[str, KnownQuestion] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.jsonl")):
            for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
                if line.strip():
                    question = _read(path, number, line)
                    found.setdefault(question.text, question)
    return tuple(found.values())


def _read(path: Path, number: int, line: bytes) -> KnownQuestion:
    try:
        record = json.loads(line)
        text = " ".join(record["question"].split())
        facts = tuple(map(str, record["facts"]))
        if not text or not facts:
            raise ValueError
        return KnownQuestion(
            text,
            facts,
            bool(record.get("answered", True)),
            str(record.get("register", "plain")),
            str(record.get("language", "fr")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParseError(
            path,
            number,
            "cette question est illisible",
            'Écrivez-la sur une seule ligne : {"question": "…", "facts": ["12"]}.',
        ) from error
