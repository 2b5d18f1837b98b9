"""/passages: a passage in its document, and the page that it stands on, as it was published."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from assistant.assembly import Assistant
from assistant.doors.http.ready import Ready
from assistant.doors.pages.pictures import Pictures
from assistant.doors.pages.site import page
from assistant.quoting.citations import cite
from corpus.documents import Document
from index.passages import Passage

router = APIRouter(include_in_schema=False)

_AROUND = 2  # passages shown before it, and after it
_GONE = (
    "Ce passage n'est plus dans les documents en service : ils ont été relus depuis. Posez la "
    "question à nouveau."
)
_NO_PICTURE = "L'image de cette page ne peut pas être montrée : ouvrez la publication elle-même."

Place = Annotated[int, Query(ge=0)]


@router.get("/passages/{passage_id}")
def passage(passage_id: str, assistant: Ready, debut: Place = 0, fin: Place = 0) -> HTMLResponse:
    """A passage between its neighbours; `debut` and `fin` are where the words quoted stand."""
    found, document = _found(assistant, passage_id)
    start, end = _span(found, debut, fin)
    source = Pictures.source(assistant.catalogue, document)
    before, after = (neighbours(assistant, found, step) for step in (-1, 1))
    return page(
        assistant,
        "passage.html",
        document=document,
        found=found,
        start=start,
        end=end,
        # Of the whole passage when no words are quoted: where it is, and what stands behind it.
        citation=cite(0, found, document, *((start, end) if end else (0, len(found.text)))),
        before=before[::-1],
        after=after,
        pictured=source is not None and found.page is not None,
        changed=source is None and document.kind == "pdf",
    )


@router.get("/api/v1/documents/{document_id}/pages/{number}.png")
def picture(
    document_id: str,
    number: int,
    passage: str,
    request: Request,
    assistant: Ready,
    start: Place = 0,
    end: Place = 0,
) -> Response:
    """The page of a PDF that a passage stands on, the passage framed, or these words of it."""
    found, document = _found(assistant, passage)
    if (document.id, found.page) != (document_id, number):
        raise HTTPException(404, "Ce passage n'est pas sur cette page.")
    start, end = _span(found, start, end)
    source = Pictures.source(assistant.catalogue, document)
    words = found.text[start:end] if end else found.text
    drawn = source and request.app.state.pictures.draw(source, document, found, words)
    if not drawn:
        raise HTTPException(404, _NO_PICTURE)
    return Response(drawn, media_type="image/png", headers={"cache-control": "private, max-age=60"})


def _found(assistant: Assistant, passage_id: str) -> tuple[Passage, Document]:
    generation = assistant.retriever.generation
    found = generation.by_id.get(passage_id)
    if found is None:
        raise HTTPException(404, _GONE)
    return found, generation.documents[found.document_id]


def _span(found: Passage, start: int, end: int) -> tuple[int, int]:
    """The words quoted, (0, 0) for none."""
    return (start, end) if start < end <= len(found.text) else (0, 0)


def neighbours(assistant: Assistant, found: Passage, step: int) -> list[Passage]:
    """The passages next to one in its document, the nearest first: after it, or before (-1)."""
    document, _, number = found.id.rpartition("#")
    ids = (f"{document}#{int(number) + step * away}" for away in range(1, _AROUND + 1))
    by_id = assistant.retriever.generation.by_id
    return [by_id[id] for id in ids if id in by_id]
