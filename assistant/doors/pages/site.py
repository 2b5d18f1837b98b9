"""What every page shares: its templates, its policy, and how French is set in it."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    select_autoescape,
)

from assistant import messages
from assistant.assembly import VERSION, Assistant
from assistant.doors.http.problems import Refused
from corpus.days import MONTHS
from corpus.documents import Source

# Nothing but what this server sends; a page may be framed where `frame_ancestors` says.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors {frame_ancestors}; "
    "require-trusted-types-for 'script'"
)
_GUICHET = Path(__file__).resolve().parents[1] / "guichet" / "templates"
Handler = Callable[[Request, Exception], Awaitable[Response]]

_MAX_FIELDS = 40  # of a form: twenty turns and what is asked, with room


def page(
    assistant: Assistant,
    name: str,
    status: int = 200,
    frame_ancestors: str = "'none'",
    **values: Any,
) -> HTMLResponse:
    """The page that a template makes of these values."""
    html = written(assistant, name, **values)
    headers = {
        "content-security-policy": _POLICY.format(frame_ancestors=frame_ancestors),
        # A form of ours says where it comes from; other sites are told nothing.
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
    }
    return HTMLResponse(html, status, headers)


def written(assistant: Assistant, name: str, **values: Any) -> str:
    """What a template makes of these values and of what all of them know."""
    return (
        _templates()
        .get_template(name)
        .render(
            assistant=assistant,
            town=assistant.catalogue.town,
            kept=assistant.journal.days if assistant.journal else 0,
            version=VERSION,
            **values,
        )
    )


def wanted(request: Request) -> bool:
    """Whether a person asks, with a browser, rather than a program."""
    programs = request.url.path.startswith(("/api/", "/v1/", "/mcp", "/widget/"))
    return not programs and "text/html" in request.headers.get("accept", "")


def shown(request: Request, problem: Response) -> Response:
    """A problem as a page, for who reads it with a browser."""
    assistant = getattr(request.app.state, "assistant", None)
    if not isinstance(assistant, Assistant) or not wanted(request):
        return problem
    told = json.loads(bytes(problem.body))
    found = page(assistant, "error.html", problem.status_code, told=told)
    found.headers.update(
        {k: v for k, v in problem.headers.items() if k in ("allow", "retry-after")}
    )
    return found


def readable(handler: Handler) -> Handler:
    """What answers an error, as a page where a person asks."""

    async def handle(request: Request, error: Exception) -> Response:
        return shown(request, await handler(request, error))

    return handle


async def form(request: Request) -> dict[str, list[str]]:
    """The fields of a form that was sent, in order, each with its values. Raises Refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind != "application/x-www-form-urlencoded":
            raise ValueError(kind)
        body = (await request.body()).decode()
        sent = parse_qs(body, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise Refused("Ce formulaire ne peut pas être lu : revenez à la page d'avant.") from error
    # A browser sends « \r\n » for the ends of lines that it was given as « \n ».
    return {name: [v.replace("\r\n", "\n").strip() for v in sent[name]] for name in sent}


def same_site(request: Request) -> None:
    """Refuse a form that another site sent. Raises Refused."""
    origin = request.headers.get("origin")
    if origin is None or urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused("Ce formulaire ne s'envoie que depuis cette page.", status=403)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(Path(__file__).with_name("templates")),
                PrefixLoader({"guichet": FileSystemLoader(_GUICHET)}),
            ]
        ),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"typed": typed, "day": day, "named": named}
    found.globals |= {"doubtful": messages.doubtful}
    return found


def typed(text: str) -> str:
    """A French text with the spaces that no line may be cut at."""
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", text)


def day(text: str) -> str:
    """A text with its ISO dates in words: « 1er mars 2026 », « mars 2026 »."""
    return re.sub(r"\b(\d{4})-(\d\d)(?:-(\d\d))?(?:T\S+)?(?![\d-])", _day, text)


def _day(found: re.Match[str]) -> str:
    year, rank, number = found.groups()
    if not 1 <= int(rank) <= 12:
        return found[0]
    first = {None: "", "01": "1er "}.get(number, f"{int(number or 0)} ")
    return f"{first}{MONTHS[int(rank) - 1]} {year}"


def named(source: Source) -> str:
    """A source as a reader is told of it, its dates in words."""
    return day(messages.named(source))
