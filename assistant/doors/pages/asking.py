"""A question asked in a form and answered in the page: /poser, and /embed for a frame.

Nothing is remembered between two requests: what was said before travels in the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from assistant.answers import Answer, Door, Outcome, Sentence, Style
from assistant.doors.http.crowd.admission import InLine
from assistant.doors.http.problems import said
from assistant.doors.http.ready import Ready
from assistant.doors.http.schemas import Question
from assistant.doors.pages.site import form, page
from assistant.doors.transcript import spoken
from assistant.question.history import MAX_CHARACTERS, MAX_TURNS
from assistant.question.typed import MAX_QUESTION
from assistant.quoting.citations import BULLET

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a list of an answer: what stands before each sentence, and the sentence."""

    listed: bool
    parts: list[tuple[str, Sentence | None]]


def blocks(answer: Answer) -> list[Block]:
    """All that the reader is shown of an answer, in paragraphs and lists."""
    found = [Block(False, [])]
    for before, sentence in spoken(answer):
        item = before.endswith(BULLET)
        before = before.removesuffix(BULLET)
        if item:
            if before.strip():
                found[-1].parts.append((before, None))
            if not found[-1].listed or before.strip():
                found.append(Block(True, []))
            found[-1].parts.append(("", sentence))
        elif before.strip() or sentence is not None:
            if found[-1].listed:
                found.append(Block(False, []))
            found[-1].parts.append((before, sentence))
    return [block for block in found if block.parts]


@router.get("/poser")
@router.get("/embed")
def empty(request: Request, assistant: Ready) -> HTMLResponse:
    """The form, before a first question."""
    return _shown(request, assistant)


@router.post("/poser")
@router.post("/embed")
async def asked(request: Request, assistant: Ready, place: InLine) -> HTMLResponse:
    """The answer, above the form for the next question."""
    fields = await form(request)
    typed, style = fields.get("question", [""])[0], fields.get("style", [Style.STANDARD])[0]
    history = fields.get("history", [])[-MAX_TURNS:]
    known: dict[str, Any] = {"typed": typed, "style": style, "history": history}
    try:
        question = Question(question=typed, history=[*history], style=Style(style))
    except ValidationError as error:
        told = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        return _shown(request, assistant, 422, wrong=said(told), **known)
    except ValueError:
        wrong = "Cette façon de répondre n'existe pas : choisissez-la dans la page."
        return _shown(request, assistant, 422, wrong=wrong, **known | {"style": Style.STANDARD})
    how: dict[str, Any] = {"style": question.style, "door": Door.PAGE}
    asking = partial(assistant.answer, question.question, question.turns(), **how)
    answer = await place.run(asking)
    # As the widget does: no personal data goes twice.
    turns = [] if answer.outcome is Outcome.REFUSED_PERSONAL_DATA else [
        answer.question if answer.notice else question.question,
        answer.text.strip()[:MAX_CHARACTERS],
    ]  # fmt: skip
    known |= {"typed": "", "asked": answer.question if answer.notice else question.question}
    return _shown(
        request, assistant, answer=answer, **known | {"next": [*history, *turns][-MAX_TURNS:]}
    )


def _shown(
    request: Request, assistant: Ready, status: int = 200, answer: Answer | None = None, **more: Any
) -> HTMLResponse:
    framed = request.url.path == "/embed"
    origins = " ".join(("'self'", *request.app.state.settings.origins))
    values = {"typed": "", "style": Style.STANDARD, "history": [], "asked": "", "wrong": ""} | more
    return page(
        assistant,
        "poser.html",
        status,
        frame_ancestors=origins if framed else "'none'",
        framed=framed,
        answer=answer,
        blocks=blocks(answer) if answer else [],
        next=more.get("next", values["history"]),
        longest=MAX_QUESTION,
        today=date.today().isoformat(),
        **{name: value for name, value in values.items() if name != "next"},
    )
