"""What is learned from: questions and the sentences of our fiches that state what they ask.

A question and a sentence are joined by the numbers of the facts one asks for and the other states.
Facts left out of training leave with every question that asks for them and every sentence that
states them; an eighth of the questions, drawn by their digest, is kept apart to measure with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.documents import Document, read_facts, read_lines
from corpus.fiches import read

STARTER = Path(__file__).parents[2] / "corpus" / "starter"
KEPT = 8  # one question in eight is kept apart
OPEN = ("legi", "piaf")  # sources of pairs that weights may be trained on and ship


def is_kept(question: str) -> bool:
    """Whether a question is of the eighth that is kept apart, drawn by its digest."""
    return hashlib.blake2b(question.encode(), digest_size=8).digest()[0] % KEPT == 0


@dataclass(frozen=True, slots=True)
class Question:
    """As typed. Of a near miss (`answered` false), `facts` are those it brushes past."""

    text: str
    facts: frozenset[str]
    answered: bool = True
    register: str = ""
    language: str = "fr"

    @property
    def kept(self) -> bool:
        """Whether it is of the eighth that is never trained on."""
        return is_kept(self.text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of a fiche that states facts, under its headings, in its paragraph."""

    text: str
    facts: frozenset[str]
    headings: tuple[str, ...]
    paragraph: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a text that answers it, of another source than ours."""

    question: str
    passage: str


@dataclass(frozen=True, slots=True)
class Lessons:
    """All that is learned from, or all that is measured with."""

    questions: tuple[Question, ...]
    sentences: tuple[Sentence, ...]

    def without(self, facts: frozenset[str]) -> Lessons:
        """These lessons less all that asks for, brushes past or states one of `facts`."""
        return Lessons(
            tuple(q for q in self.questions if not q.facts & facts),
            tuple(s for s in self.sentences if not s.facts & facts),
        )

    def apart(self) -> tuple[Lessons, Lessons]:
        """To train on, and the eighth to measure with, with the same sentences."""
        return (
            Lessons(tuple(q for q in self.questions if not q.kept), self.sentences),
            Lessons(tuple(q for q in self.questions if q.kept), self.sentences),
        )


def documents(starter: Path = STARTER) -> list[Document]:
    """The fiches that ship, in the order of their paths."""
    facts = read_facts(starter / "facts.jsonl")
    return [read(path, facts) for path in sorted(starter.glob("*/*.md"))]


def sentences(fiches: Iterable[Document]) -> list[Sentence]:
    """Each stretch of our fiches between two markers, once a wording."""
    found: dict[str, Sentence] = {}
    for fiche in fiches:
        for section in fiche.sections:
            for span in section.spans:
                text = " ".join(section.text[span.start : span.end].split())
                known = found.get(text)
                facts = frozenset(span.facts) | (known.facts if known else frozenset())
                found[text] = Sentence(text, facts, section.headings, section.text)
    return [sentence for sentence in found.values() if sentence.facts and sentence.text]


def asked_by(fiches: Iterable[Document]) -> list[Question]:
    """The headings of our fiches that are questions, asking for what stands under them."""
    found: dict[str, set[str]] = {}
    language: dict[str, str] = {}
    for fiche in fiches:
        for section in fiche.sections:
            heading = section.headings[-1] if section.headings else ""
            if heading.rstrip().endswith("?") and len(section.headings) > 1:
                found.setdefault(heading, set()).update(section.facts)
                language[heading] = fiche.language
    return [
        Question(heading, frozenset(facts), True, "heading", language[heading])
        for heading, facts in found.items()
        if facts
    ]


def questions(paths: Sequence[Path]) -> list[Question]:
    """Questions of files of variants or of practice, each wording once; those of a talk are left.

    A line of practice has `answer_facts` where one of variants has `facts`; a question that it
    wants refused has none, and nothing to teach an encoder.
    """
    found: dict[str, Question] = {}
    for path in paths:
        for record in read_lines(path):
            question = _question(record)
            if question is not None:
                found.setdefault(question.text, question)
    return list(found.values())


def _question(record: Mapping[str, Any]) -> Question | None:
    facts = frozenset(map(str, record.get("facts") or record.get("answer_facts") or ()))
    if not facts or record.get("history") or record.get("expect", "answer") != "answer":
        return None
    return Question(
        text=" ".join(record["question"].split()),
        facts=facts,
        answered=bool(record.get("answered", True)),
        register=str(record.get("register", record.get("kind", ""))),
        language=str(record.get("language", "fr")),
    )


def pairs(path: Path) -> list[Pair]:
    """Pairs of open licences; any other source is left out."""
    return [
        Pair(record["question"], record["passage"])
        for record in read_lines(path)
        if record["source"] in OPEN
    ]


def left_out(path: Path) -> frozenset[str]:
    """A JSON list of fact numbers."""
    return frozenset(map(str, json.loads(path.read_text(encoding="utf-8"))))


def texts(folder: Path) -> Iterator[str]:
    """All the text of a BEIR-style folder: titles, passages, questions."""
    for record in read_lines(folder / "corpus.jsonl"):
        yield f"{record.get('title', '')} {record['text']}"
    for record in read_lines(folder / "queries.jsonl"):
        yield record["text"]
