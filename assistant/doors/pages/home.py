"""/: what the assistant looks like on a town's page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.doors.http.ready import Ready
from assistant.doors.pages.site import page
from assistant.offered import suggestions

router = APIRouter(include_in_schema=False)


@router.get("/")
def demo(request: Request, assistant: Ready) -> HTMLResponse:
    """The demonstration page, with the widget."""
    examples, base = suggestions(assistant.catalogue.town), str(request.base_url)
    return page(assistant, "demo.html", examples=examples, base=base)
