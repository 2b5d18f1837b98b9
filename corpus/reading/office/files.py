"""DOCX and ODT files -> Document: headings, paragraphs, lists and tables, in the file's order."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from pathlib import Path
from typing import Any

from corpus.documents import Document
from corpus.errors import ParseError, State
from corpus.reading.office import docxs, odts
from corpus.reading.office.archives import opened
from corpus.reading.office.blocks import Block, paragraphs, sections

# Titles that a program gave, or that say nothing.
_NO_TITLE = re.compile(
    r"\.(?:docx?|odt|pdf|indd|pptx?|xlsx?)$|^microsoft|^untitled|anonymous|^sans (?:titre|nom)|"
    r"^(?:word|document)\b.{0,12}$|^présentation powerpoint|^\W*$",
    re.IGNORECASE,
)


def parse(path: Path, *, title: str | None, **about: Any) -> dict[str, Any]:
    """Read a DOCX or ODT file, whichever it is: {"document", "troubles"}, as JSON. A sandbox's
    task.

    title   None: the one that the file shows, or gives itself
    about   id, kind, url, publisher, licence, fetched, scope
    """
    with opened(path) as archive:
        reader = odts if "content.xml" in archive.names else docxs
        blocks, told, unread = reader.blocks(archive)
    title = title or _title(blocks, told["title"], path)
    found = sections(blocks, title)
    if not found:
        raise ParseError(
            path,
            None,
            "le fichier ne contient aucun texte",
            "Son texte est peut-être dans des images : enregistrez-le en PDF, que l'assistant sait "
            "lire même numérisé, ou recopiez-le dans une fiche.",
            State.EMPTY,
        )
    document = Document(
        title=title,
        # When a file was created is often when its model was: only its last change is told.
        published="",
        updated=_day(told["modified"]),
        language=told["language"].lower().partition("-")[0],
        sections=tuple(found),
        **about,
    )
    remedy = "Recopiez cette partie dans le document, ou donnez ce fichier à part."
    troubles = [(problem, remedy) for problem in dict.fromkeys(unread)]
    return {"document": dataclasses.asdict(document), "troubles": troubles}


def _title(blocks: list[Block], told: str, path: Path) -> str:
    """The title that stands at the head of the file, else the one of its properties, else its name.

    What is shown comes first: the properties often are those of the file that it was made from.
    """
    heads = list(paragraphs(blocks))[:30]
    shown = [p.text for p in heads if p.level == 0]
    for title in [*shown[:1], told]:
        if 5 <= len(title) <= 200 and not _NO_TITLE.search(title):
            return title
    return re.sub(r"[-_]+", " ", path.stem).strip()


def _day(told: str) -> str:
    """« 2024-03-12 » for « 2024-03-12T09:00:00Z », "" for what is no date."""
    try:
        return date.fromisoformat(told.strip()[:10]).isoformat()
    except ValueError:
        return ""
