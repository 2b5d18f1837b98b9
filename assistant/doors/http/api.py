"""The HTTP doors: thin endpoints that parse, call and return."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import anyio
import anyio.to_thread
from fastapi import APIRouter, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.base import RequestResponseEndpoint
from starlette.routing import Route
from starlette.types import Lifespan, Receive, Scope, Send

from assistant.answers import Door
from assistant.assembly import VERSION, Assistant, assemble
from assistant.doors import chat as ui
from assistant.doors import openai
from assistant.doors.guichet import access
from assistant.doors.guichet import routes as guichet
from assistant.doors.http import assets, watching
from assistant.doors.http.crowd.admission import Admission, InLine
from assistant.doors.http.crowd.guesses import Guesses, looked_up
from assistant.doors.http.crowd.line import Line
from assistant.doors.http.crowd.rates import Rates
from assistant.doors.http.ending import Ending, Over
from assistant.doors.http.following import Following
from assistant.doors.http.heads import Heads
from assistant.doors.http.problems import (
    BROKEN,
    OPENAI_ERROR,
    PROBLEMS,
    Refused,
    invalid,
    problem,
    refused,
    said_back,
)
from assistant.doors.http.ready import NOT_READY, Ready
from assistant.doors.http.schemas import (
    AboutOut,
    AnswerOut,
    ContactOut,
    FeedbackIn,
    Health,
    HitOut,
    HitsOut,
    NeighboursOut,
    PassageOut,
    Problem,
    Question,
    ReceiptOut,
    answer_json,
)
from assistant.doors.http.streaming import HEADERS, MEDIA_TYPE, Event, emitted
from assistant.doors.pages import asking, guide, home, kept, notice, proofs, site
from assistant.doors.pages.pictures import Pictures
from assistant.errors import InputError, JournalError
from assistant.offered import suggestions
from assistant.question.typed import MAX_QUESTION
from assistant.rebuilding import Rebuilding
from assistant.records.journal import Feedback, Journal
from assistant.settings import Settings
from assistant.stopping import Switch
from corpus.catalogue import Town
from index.passages import Passage
from index.search.retriever import Retriever

_AT_ONCE = 2  # questions answered at the same time: the cores of the machine we plan for
# With a writer, most of an answer's seconds are spent waiting for it: a slow one must not make
# other residents queue. Twice what it writes at once, so that those beyond are quoted to.
_AT_ONCE_WRITING = 16

# What a page of a listed site may send: the openai package says who it is in each request, an MCP
# client what it asks.
_ALLOWED_HEADERS = [
    "authorization",
    "content-type",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
    *(
        f"x-stainless-{name}"
        for name in (
            "arch", "lang", "os", "package-version", "retry-count", "runtime", "runtime-version",
            "timeout",
        )
    ),
]  # fmt: skip

if TYPE_CHECKING:
    from assistant.doors.http.tracing import Traces

log = logging.getLogger(__name__)

router = APIRouter()


@router.post(
    "/api/v1/answers",
    response_model=AnswerOut,
    responses={
        **{code: PROBLEMS[code] for code in (400, 408, 413, 422, 429, 503)},
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "La réponse, en JSON, ou en événements (status, citations, sentence, "
            "replace, done, error) quand Accept demande text/event-stream.",
        },
    },
    summary="Répondre à une question",
)
async def answers(asked: Question, request: Request, assistant: Ready, place: InLine) -> Any:
    """Answer a question, as JSON or as events."""
    history = asked.turns()
    # A browser says where a page's request comes from; a program has nothing to say.
    door = Door.WIDGET if "origin" in request.headers else Door.API
    if "text/event-stream" in request.headers.get("accept", "").lower():
        return StreamingResponse(
            _events(
                emitted(assistant, asked.question, history, place, style=asked.style, door=door)
            ),
            media_type=MEDIA_TYPE,
            headers=HEADERS,
        )
    asking = partial(assistant.answer, asked.question, history, style=asked.style, door=door)
    return JSONResponse(answer_json(await place.run(asking)))


async def _events(events: AsyncIterator[Event | None]) -> AsyncIterator[bytes]:
    """An answer's events as server-sent ones; a comment when it takes long."""
    async for event in events:
        if event is None:
            yield b": ping\n\n"
            continue
        name, data = event
        yield _event(name, answer_json(data["answer"]) if name == "done" else data)


def _event(name: str, data: Mapping[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, default=_plain)
    return f"event: {name}\ndata: {text}\n\n".encode()


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


@router.get(
    "/api/v1/answers/{answer_id}",
    response_model=ReceiptOut,
    responses={code: PROBLEMS[code] for code in (404, 422, 429, 503)},
    summary="Relire une réponse gardée",
)
async def receipt(answer_id: str, request: Request, assistant: Ready) -> Any:
    """An answer that is still kept, by its reference."""
    return await _kept(request, assistant, answer_id, Journal.recall)


@router.delete(
    "/api/v1/answers/{answer_id}",
    status_code=204,
    responses={code: PROBLEMS[code] for code in (404, 422, 429, 503)},
    summary="Supprimer une réponse gardée",
)
async def delete(answer_id: str, request: Request, assistant: Ready) -> None:
    """Delete an answer, its question, and what was thought of it."""
    await _kept(request, assistant, answer_id, Journal.remove)


@router.post(
    "/api/v1/answers/{answer_id}/feedback",
    status_code=204,
    responses={code: PROBLEMS[code] for code in (400, 404, 413, 422, 429, 503)},
    summary="Dire si une réponse a été utile, et pourquoi",
)
async def feedback(answer_id: str, given: FeedbackIn, request: Request, assistant: Ready) -> None:
    """Keep what a resident thought of an answer, beside its receipt; the last time counts."""
    said = Feedback(given.useful, tuple(dict.fromkeys(given.reasons)))
    await _kept(request, assistant, answer_id, lambda journal, id: journal.note(id, said))


async def _kept(
    request: Request, assistant: Assistant, answer_id: str, work: Callable[[Journal, str], Any]
) -> Any:
    """What work gives of an answer that is kept. Raises HTTPException when none is."""
    journal = assistant.journal
    if journal is None:
        raise HTTPException(404, "Les réponses ne sont pas gardées ici.")
    try:
        found = await looked_up(request, answer_id, partial(work, journal))
    except JournalError as error:  # the journal has logged why
        raise HTTPException(
            503, "Les réponses gardées sont hors d'atteinte. Réessayez dans quelques minutes."
        ) from error
    if not found:
        raise HTTPException(404, "Cette réponse est inconnue, ou n'est plus gardée.")
    return found


@router.post(
    "/v1/chat/completions",
    response_model=openai.ChatCompletion,
    responses={
        **OPENAI_ERROR,
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "La réponse, entière, ou par morceaux quand « stream » est vrai ; le "
            "dernier porte « sources », « outcome » et « answer_id ».",
        },
    },
    summary="Répondre à la manière d'OpenAI",
)
async def chat_completions(chat: openai.ChatRequest, assistant: Ready, place: InLine) -> Any:
    """Answer the last message of a conversation, whole or in chunks."""
    asked = openai.asked(chat)
    history = asked.turns()
    how: Any = {"style": asked.style, "door": Door.OPENAI}
    if chat.stream:
        options = chat.stream_options or openai.StreamOptions()
        return StreamingResponse(
            openai.chunks(
                emitted(assistant, asked.question, history, place, **how),
                asked.question,
                include_usage=bool(options.include_usage),
            ),
            media_type=MEDIA_TYPE,
            headers=HEADERS,
        )
    asking = partial(assistant.answer, asked.question, history, **how)
    return JSONResponse(openai.completion(await place.run(asking), asked.question))


@router.post(
    "/api/v1/chat",
    responses={
        **{code: PROBLEMS[code] for code in (400, 408, 413, 422, 429, 503)},
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "La réponse, par morceaux, comme « useChat » les lit.",
        },
    },
    summary="Répondre à « useChat » (AI SDK de Vercel)",
    response_class=StreamingResponse,
)
async def chat(chat: ui.Chat, assistant: Ready, place: InLine) -> StreamingResponse:
    """Answer the last message of a chat, with its sources as parts."""
    asked = ui.asked(chat)
    how: Any = {"style": asked.style, "door": Door.CHAT}
    events = emitted(assistant, asked.question, asked.turns(), place, **how)
    return StreamingResponse(
        ui.parts(events), media_type=MEDIA_TYPE, headers={**HEADERS, **ui.PROTOCOL}
    )


@router.get(
    "/v1/models",
    response_model=openai.Models,
    responses=OPENAI_ERROR,
    summary="Le modèle que nomme « /v1/chat/completions »",
)
def models(assistant: Ready) -> openai.Models:
    """The one model, as old as the index it answers from."""
    built = datetime.fromisoformat(assistant.retriever.generation.about["created"])
    return openai.models(assistant.catalogue.town.name, int(built.timestamp()))


@router.get(
    "/api/v1/passages",
    response_model=HitsOut,
    responses={code: PROBLEMS[code] for code in (422, 429, 503)},
    summary="Chercher sans répondre",
)
async def passages(
    assistant: Ready,
    place: InLine,
    q: Annotated[
        str, Query(min_length=1, max_length=MAX_QUESTION, description="Ce que l'on cherche.")
    ],
    limit: Annotated[int, Query(ge=1, le=50, description="Combien de passages, au plus.")] = 10,
) -> HitsOut:
    """The best passages for a few words, with what each search said of them."""
    retriever = assistant.retriever
    found = await place.run(partial(retriever.search, q, limit))
    return HitsOut(
        hits=[
            HitOut(passage=_passage(retriever, h.passage), score=h.score, parts=dict(h.parts))
            for h in found.hits
        ],
        generation=retriever.generation.number,
    )


@router.get(
    "/api/v1/passages/{passage_id}",
    response_model=NeighboursOut,
    responses={code: PROBLEMS[code] for code in (404, 422, 503)},
    summary="Lire un passage et ses voisins",
)
def passage(passage_id: str, assistant: Ready) -> NeighboursOut:
    """One passage, with those before and after it in its document."""
    retriever = assistant.retriever
    by_id = retriever.generation.by_id
    found = by_id.get(passage_id)
    if found is None:
        raise HTTPException(
            404, f"Il n'y a pas de passage « {said_back(passage_id)} » dans l'index en service."
        )
    document, _, number = passage_id.rpartition("#")
    neighbours = [by_id.get(f"{document}#{int(number) + step}") for step in (-1, 1)]
    before, after = (_passage(retriever, n) if n is not None else None for n in neighbours)
    return NeighboursOut(passage=_passage(retriever, found), before=before, after=after)


def _passage(retriever: Retriever, found: Passage) -> PassageOut:
    """A passage of that very search: a generation swapped in meanwhile may not hold it."""
    document = retriever.generation.documents[found.document_id]
    return PassageOut(
        id=found.id,
        document_id=found.document_id,
        title=document.title,
        publisher=document.publisher,
        headings=list(found.headings),
        text=found.text,
        page=found.page,
        printed=found.printed,
        confidence=found.confidence,
        url=document.url,
        scope=found.scope,
        facts=list(found.facts),
    )


@router.get("/healthz", response_model=Health, summary="Le processus vit")
async def healthz(response: Response) -> Health:
    """Any site may read it: a widget then knows a server that is down from one that refuses it."""
    response.headers["access-control-allow-origin"] = "*"
    return Health(status="ok")


@router.get(
    "/readyz", response_model=Health, responses={503: PROBLEMS[503]}, summary="Prêt à répondre"
)
def readyz(assistant: Ready, request: Request) -> Health:
    """Ready, and what is not at its best when something is not."""
    state = request.app.state
    found = watching.degraded(assistant, state.line, state.rates, state.settings)
    reason = " ".join(found) or None
    return Health(
        status="degraded" if reason else "ok",
        generation=assistant.retriever.generation.number,
        reason=reason,
    )


@router.get(
    "/api/v1/about",
    response_model=AboutOut,
    responses={503: PROBLEMS[503]},
    summary="Qui répond, et ce qui est gardé",
)
def about(assistant: Ready) -> AboutOut:
    """What a page says of the assistant before any question."""
    town, generation = assistant.catalogue.town, assistant.retriever.generation
    contact = dataclasses.asdict(town.contact)
    del contact["subjects"]  # for the town's own use
    return AboutOut(
        town=town.name,
        site=town.site,
        contact=ContactOut(**contact),
        suggestions=suggestions(town),
        kept_days=assistant.journal.days if assistant.journal else 0,
        generation=generation.number,
        built=generation.about["created"],
        version=VERSION,
    )


# What is served, but for MCP.
ROUTERS = (
    router,
    *(
        door.router
        for door in (assets, watching, home, asking, kept, proofs, guide, notice, guichet)
    ),
)


class _Mcp:
    """The MCP door, once it is open; a class, for Starlette takes a function for an endpoint."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = getattr(scope["app"].state, "tools", None)
        if door is None:
            door = problem(Request(scope), 503, NOT_READY)
        await door(scope, receive, send)


class _Described(FastAPI):
    """Described with the form of its errors, to which each route refers."""

    def openapi(self) -> dict[str, Any]:
        found = super().openapi()
        found["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        return found


def create(settings: Settings, assistant: Assistant | None = None) -> FastAPI:
    """The application; opens the index at start-up unless an assistant is given."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opened = assistant
        if opened is None:
            opening = partial(assemble, settings, recording=True)
            opened = await anyio.to_thread.run_sync(opening)
        traces = traced(settings)
        await anyio.to_thread.run_sync(answered_by, app, opened, traces)
        following = Following(lambda: [opened], settings.poll)
        yield
        following.close()
        await app.state.rates.close()
        if traces is not None:
            await anyio.to_thread.run_sync(traces.close)
        await anyio.to_thread.run_sync(app.state.rebuilding.close)
        await anyio.to_thread.run_sync(opened.close)

    if assistant is not None:
        settings = listing(settings, assistant.catalogue.town)
    app = application(lifespan)
    shared(app, settings)
    furnished(app, settings)
    # Last added, outermost: even a refusal must be readable by the page that asked. A JSON POST
    # from another site is preflighted; cookies are never allowed.
    app.add_middleware(CORSMiddleware, **cors(settings.origins))
    app.add_middleware(Heads)
    return app


def application(lifespan: Lifespan[FastAPI]) -> FastAPI:
    """All that is served, without a town to serve it for."""
    app = _Described(
        title="Assistant Petites villes de demain",
        version=VERSION,
        description="Des réponses courtes en français, chaque phrase prouvée par un passage.",
        lifespan=lifespan,
        docs_url=None,  # its page loads a script from another host
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,  # what generated clients call it
    )
    for served in ROUTERS:
        app.include_router(served)
    app.router.routes.append(Route("/mcp", _Mcp(), methods=["POST"]))
    app.add_exception_handler(RequestValidationError, site.readable(invalid))
    app.add_exception_handler(StarletteHTTPException, site.readable(refused))
    for each in (Refused, InputError, JournalError):
        app.add_exception_handler(each, site.readable(refused))
    app.add_exception_handler(access.Unknown, access.to_entry)
    app.middleware("http")(_guard)
    app.add_middleware(Ending)
    app.add_middleware(Admission)  # who is not let in costs nothing further in
    return app


def shared(app: FastAPI, settings: Settings) -> None:
    """Give an application what it counts, whatever the town."""
    app.state.guesses = Guesses()
    app.state.rates = Rates(settings.rate, settings.town_rate, settings.limits)
    app.state.metrics = watching.Metrics()
    app.state.over = Over()  # set when a server that stops can wait no longer


def furnished(app: FastAPI, settings: Settings) -> None:
    """Give an application what it holds of a town before its assistant is open."""
    app.state.settings = settings
    app.state.pictures = Pictures(settings.var)
    app.state.switch = Switch(settings.var)
    app.state.rebuilding = Rebuilding(settings)


def traced(settings: Settings) -> Traces | None:
    """Where the steps of answers are told; None where the settings name no such place."""
    if not settings.traces:
        return None
    from assistant.doors.http.tracing import Traces  # its client costs 0.5 s to import

    return Traces(settings.traces)


def answered_by(
    app: FastAPI,
    assistant: Assistant,
    traces: Traces | None = None,
    every: anyio.Semaphore | None = None,
) -> watching.Watched:
    """Have an application answer; `every` are the places of all towns together."""
    from assistant.doors import mcp  # 1.3 s that no other command should wait

    state = app.state
    state.line = Line(at_once(assistant.writer is not None), every=every)
    watched = watching.Watched(assistant, state.line, state.settings)
    state.metrics.towns.append(watched)
    assistant.told = watching.listener(watched, state.metrics, traces)
    state.assistant = assistant
    state.tools = mcp.Door(assistant, state.line, state.settings, state.rates, state.metrics)
    return watched


def at_once(writing: bool) -> int:
    """How many questions of a town are answered at the same time."""
    return _AT_ONCE_WRITING if writing else _AT_ONCE


def listing(settings: Settings, town: Town) -> Settings:
    """The settings, with the sites that the catalogue lists among those that may ask."""
    every = dict.fromkeys((*settings.origins, *town.origins))
    return settings.model_copy(update={"origins": [*every]})


def cors(origins: Sequence[str]) -> dict[str, Any]:
    """What pages of these sites may ask."""
    return {
        "allow_origins": list(origins),
        "allow_methods": ["GET", "HEAD", "POST"],
        "allow_headers": _ALLOWED_HEADERS,
        "allow_credentials": False,
        "max_age": 86400,
    }


async def _guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """What breaks further in is answered here, inside CORS: the page that asked can read it."""
    try:
        response = await call_next(request)
    except Exception:
        log.exception("%s %s failed", request.method, request.url.path)
        response = site.shown(request, problem(request, 500, BROKEN))
    if request.url.path.startswith(access.HOME):
        response.headers.update(access.HEADERS)
    response.headers.setdefault("x-content-type-options", "nosniff")
    response.headers.setdefault("referrer-policy", "no-referrer")
    return response
