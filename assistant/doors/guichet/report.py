"""/guichet/rapport: the week on a page to print; the same as a file, or as an e-mail."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.assembly import Assistant
from assistant.doors.guichet.access import HOME, Agent, Stored
from assistant.doors.guichet.charts import lengths, through_time
from assistant.doors.guichet.desk import shown
from assistant.doors.guichet.names import DOORS, OUTCOMES, REASONS, VERDICTS
from assistant.doors.http.assets import FOLDER
from assistant.doors.http.ready import Ready
from assistant.doors.pages.site import written
from assistant.errors import InputError
from assistant.measuring.week import Questions, Week, excerpt, place, week
from assistant.records.vain import SAID
from corpus.snapshots import SAID as BECAME

router = APIRouter()

REPORT = f"{HOME}/rapport"
_SUBJECTS = 10  # that are shown


@router.get("/rapport")
def page(
    request: Request, who: Agent, assistant: Ready, store: Stored, since: str = ""
) -> HTMLResponse:
    """The report from a day to today; of the last seven days without one."""
    try:
        first = date.fromisoformat(since) if since else None
    except ValueError as error:
        raise InputError("Une date s'écrit comme 2026-11-30.") from error
    told = week(assistant, store, request.app.state.settings.var, first)
    return shown(request, who, "rapport.html", live=True, **_values(assistant, told))


def as_file(assistant: Assistant, told: Week) -> str:
    """The page as one file that asks for nothing else."""
    style = "".join(
        (FOLDER / name).read_text(encoding="utf-8") for name in ("pages.css", "guichet.css")
    )
    values = _values(assistant, told)
    return written(assistant, "guichet/rapport-fichier.html", live=False, style=style, **values)


def as_text(assistant: Assistant, told: Week) -> str:
    """Its main lines, as the words of an e-mail."""
    return written(assistant, "guichet/rapport.txt", **_values(assistant, told))


def _values(assistant: Assistant, told: Week) -> dict[str, Any]:
    asked = told.questions
    return {
        "week": told,
        **({} if asked is None else _bars(asked, told.until)),
        "number": assistant.retriever.generation.number,
        "outcomes": OUTCOMES,
        "doors": DOORS,
        "marks": SAID,
        "became": BECAME,
        "verdicts": VERDICTS,
        "excerpt": excerpt,
        "place": place,
    }


def _bars(asked: Questions, until: date) -> dict[str, Any]:
    counted = asked.counted
    cited = {name: count for name, count in counted.subjects.items() if name}
    return {
        "days": through_time(counted.days, asked.since, until),
        "by_outcome": lengths(counted.outcomes),
        "by_door": lengths(counted.doors),
        "subjects": lengths(cited, _SUBJECTS),
        "reasons": lengths(asked.reasons),
        "why": REASONS,
    }
