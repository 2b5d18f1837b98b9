"""Judged questions: what is asked, and which passages or documents are right.

A BEIR-style folder is corpus.jsonl (`_id`, `title`, `text`), queries.jsonl (`_id`, `text`) and
qrels.tsv, or qrels/test.tsv. Where a passage's id is <document>#<n>, relevance is by document: its
rank is that of its best passage. Ids without « # » are judged as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.documents import Document
from index.errors import JudgedError
from index.passages import Passage, digest

# The first line of a qrels.tsv is a header when its first cell says so; a wrong line never is.
_HEADER = re.compile(r"(query|question|q)([-_ ]?id)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `kind` is "" when the set does not say what makes it hard."""

    id: str
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A set: its questions, and for each the grade of what is relevant (over 0 is relevant).

    `whole`: relevance is by document. `notes` say, in French, what was left out and why.
    """

    name: str
    questions: tuple[Asked, ...]
    relevant: Mapping[str, Mapping[str, int]]
    whole: bool
    notes: tuple[str, ...] = ()

    def unit(self, passage_id: str) -> str:
        """What is judged of a passage: its document, or itself."""
        return document(passage_id) if self.whole else passage_id


@dataclass(frozen=True, slots=True)
class Folder:
    """A BEIR-style folder as read. Each row of its corpus is one passage, under its own id."""

    judged: Judged
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]


def document(passage_id: str) -> str:
    """The part of <document>#<n> before the last « # »; the id itself when it has none."""
    return passage_id.rpartition("#")[0] or passage_id


def read(folder: Path) -> Folder:
    """Read a BEIR-style folder. Raises JudgedError naming the file and the line that is wrong."""
    qrels = _qrels_file(folder)
    passages = tuple(_passages(folder / "corpus.jsonl"))
    asked = read_queries(folder / "queries.jsonl")
    whole = any(document(p.id) != p.id for p in passages)
    known = {p.document_id if whole else p.id for p in passages}
    relevant = _qrels(qrels, {question.id for question in asked}, whole)
    judged = tuple(q for q in asked if any(grade > 0 for grade in relevant.get(q.id, {}).values()))
    if not judged:
        raise JudgedError(
            qrels, None, "aucune question n'a de document pertinent", "Vérifiez les identifiants."
        )
    kept = {question.id: relevant[question.id] for question in judged}
    return Folder(
        Judged(folder.name, judged, kept, whole, tuple(_notes(asked, kept, known))),
        tuple(blank(id) for id in dict.fromkeys(p.document_id for p in passages)),
        passages,
    )


def read_passages(path: Path) -> tuple[tuple[Document, ...], tuple[Passage, ...]]:
    """Passages to learn from, and their documents: the rows of a corpus.jsonl, which may lack an
    `_id`, and give `headings` in the place of `title`. Raises JudgedError naming the wrong line.
    """
    passages = tuple(_passages(path, named=False))
    return tuple(blank(id) for id in dict.fromkeys(p.document_id for p in passages)), passages


def read_queries(path: Path) -> list[Asked]:
    """The questions of a queries.jsonl. Raises JudgedError naming the line that is wrong."""
    asked = [
        Asked(_field(path, number, record, "_id"), _field(path, number, record, "text"))
        for number, record in _records(path)
    ]
    _refuse_twice(path, [question.id for question in asked])
    return asked


def _notes(
    asked: Sequence[Asked], relevant: Mapping[str, Mapping[str, int]], known: set[str]
) -> Iterator[str]:
    if left := len(asked) - len(relevant):
        yield f"{left} question(s) sans document pertinent : laissées de côté."
    absent = {id for grades in relevant.values() for id in grades if id not in known}
    if absent:
        yield (
            f"{len(absent)} document(s) jugés sont absents de corpus.jsonl (dont "
            f"{min(absent)}) : comptés comme non trouvés."
        )


def _passages(path: Path, *, named: bool = True) -> Iterator[Passage]:
    seen = []
    for number, record in _records(path):
        if named or "_id" in record:
            id = _field(path, number, record, "_id")
        else:
            id = str(number)
        text = _field(path, number, record, "text")
        headings = _headings(path, number, record)
        seen.append(id)
        yield Passage(
            id=id,
            document_id=document(id),
            headings=headings,
            text=text,
            scope="",
            digest=digest(headings, text),
        )
    if not seen:
        raise JudgedError(path, None, "aucun passage", "Donnez-lui une ligne JSON par passage.")
    _refuse_twice(path, seen)


def _headings(path: Path, number: int, record: Mapping[str, Any]) -> tuple[str, ...]:
    """`headings`, else `title`; never empty, as in a passage of ours."""
    headings = record.get("headings") or [record.get("title") or ""]
    if not isinstance(headings, list) or not all(isinstance(h, str) for h in headings):
        raise JudgedError(
            path,
            number,
            "« title » n'est pas du texte, ou « headings » une liste de textes",
            "Corrigez cette ligne.",
        )
    return tuple(headings)


def blank(id: str) -> Document:
    """The document of an id: the set says nothing else of it, and is in French as far as known."""
    return Document(
        id=id,
        kind="page",
        url=None,
        title=id,
        publisher="",
        licence="",
        published="",
        updated="",
        fetched="",
        language="fr",
        scope="",
        sections=(),
    )


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The numbered records of a JSON Lines file; blank lines are skipped."""
    for number, line in _lines(path):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise JudgedError(
                path, number, "cette ligne n'est pas du JSON", "Corrigez-la ou retirez-la."
            ) from error
        if not isinstance(record, dict):
            raise JudgedError(
                path, number, "cette ligne n'est pas un objet JSON", "Corrigez-la ou retirez-la."
            )
        yield number, record


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise JudgedError(path, None, "ce fichier manque", _SHAPE) from error
    except (OSError, UnicodeDecodeError) as error:
        raise JudgedError(
            path, None, "ce fichier n'est pas un texte UTF-8 lisible", "Réenregistrez-le en UTF-8."
        ) from error
    # Not splitlines(): a text may hold U+2028, which JSON leaves as it is.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


_SHAPE = "Un dossier BEIR tient corpus.jsonl, queries.jsonl et qrels.tsv (ou qrels/test.tsv)."


def _field(path: Path, number: int, record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value.strip():
        raise JudgedError(
            path, number, f"le champ « {name} » manque ou n'est pas du texte", "Ajoutez-le."
        )
    return value


def _refuse_twice(path: Path, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise JudgedError(path, None, f"« {id} » y est deux fois", "Gardez une seule ligne.")
        seen.add(id)


def _qrels_file(folder: Path) -> Path:
    found = [
        path for path in (folder / "qrels.tsv", folder / "qrels" / "test.tsv") if path.exists()
    ]
    if not found:
        raise JudgedError(folder, None, "qrels.tsv manque", _SHAPE)
    return found[0]


def _qrels(path: Path, questions: set[str], whole: bool) -> dict[str, dict[str, int]]:
    """question id -> unit -> grade; the best grade of a document judged by its passages."""
    relevant: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        cells = [cell.strip() for cell in (line.split("\t") if "\t" in line else line.split())]
        if number == 1 and cells[0] not in questions and _HEADER.fullmatch(cells[0]):
            continue
        question, judged, grade = _qrel(path, number, cells)
        if question not in questions:
            raise JudgedError(
                path,
                number,
                f"la question « {question} » n'est pas dans queries.jsonl",
                "Ajoutez-la, ou retirez cette ligne.",
            )
        unit = document(judged) if whole else judged
        grades = relevant.setdefault(question, {})
        grades[unit] = max(grade, grades.get(unit, grade))
    return relevant


def _qrel(path: Path, number: int, cells: Sequence[str]) -> tuple[str, str, int]:
    """(question, document, grade) of a line: the grade is 1 when it has two columns."""
    # Four columns are TREC's: the second, an iteration, says nothing.
    if len(cells) == 2:
        return cells[0], cells[1], 1
    if len(cells) in (3, 4) and re.fullmatch(r"-?\d+", cells[-1]):
        return cells[0], cells[-2], int(cells[-1])
    raise JudgedError(
        path,
        number,
        "cette ligne n'est pas « question, document, note entière »",
        "Séparez deux à quatre colonnes par une tabulation.",
    )
