"""/a-propos: what the assistant reads, what it leaves out, how right it is, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.assembly import EVALUATION, REPORT
from assistant.doors.http.ready import Ready
from assistant.doors.pages.site import page
from corpus import report
from corpus.catalogue import Catalogue
from corpus.disk import record
from corpus.documents import FICHES, NATURES, Source
from index.generation import Generation

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Left:
    """A publication that is not read, and why, in French."""

    title: str
    publisher: str
    why: str


@router.get("/a-propos")
def about(request: Request, assistant: Ready) -> HTMLResponse:
    """Everything that a resident, an elected official or a journalist may want to know of it."""
    generation, settings = assistant.retriever.generation, request.app.state.settings
    found, lines = sources(generation), report.read(settings.var / REPORT).get("sources", [])
    return page(
        assistant,
        "a-propos.html",
        natures=[(nature, [s for s in found if s.nature == nature]) for nature in NATURES],
        counted=len(found),
        fiches=sum(document.kind in FICHES for document in generation.documents.values()),
        publications=[d for d in generation.documents.values() if d.kind not in FICHES],
        left=left_out(assistant.catalogue, lines),
        withheld=sum(len(line.get("orders", ())) for line in lines),
        built=generation.about["created"],
        number=generation.number,
        measured=record(settings.var / EVALUATION),
        writer=assistant.writer.name if assistant.writer else None,
    )


def sources(generation: Generation) -> list[Source]:
    """Every publication that a sentence shown may rest on, once, with all its dates."""
    dates: dict[Source, set[str]] = {}
    for passage in generation.by_id.values():
        for source in passage.sources:
            dates.setdefault(replace(source, date=""), set()).add(source.date)
    merged = [
        replace(source, date=", ".join(sorted(filter(None, when))))
        for source, when in dates.items()
    ]
    return sorted(merged, key=lambda source: (source.publisher.casefold(), source.title))


def left_out(catalogue: Catalogue, lines: Iterable[Mapping[str, Any]]) -> list[Left]:
    """What the catalogue names and nothing is said from, or not all."""
    publishers = {entry.id: entry.publisher for entry in catalogue.entries}
    not_asked = [
        Left(entry.title, entry.publisher, "La commune ne la fait pas lire, ou pas encore.")
        for entry in catalogue.entries
        if not entry.enabled
    ]
    not_read = [
        Left(
            line["title"], publishers.get(line["source"], ""), f"À la lecture : {line['problem']}."
        )
        for line in lines
        if line["problem"]
    ]
    return not_read + not_asked
