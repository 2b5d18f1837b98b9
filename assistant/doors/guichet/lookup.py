"""/guichet: look an answer up, with someone waiting."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.doors.guichet.access import Agent
from assistant.doors.guichet.desk import shown

router = APIRouter()


@router.get("")
def lookup(request: Request, who: Agent) -> HTMLResponse:
    """The page that opens the guichet."""
    return shown(request, who, "chercher.html")
