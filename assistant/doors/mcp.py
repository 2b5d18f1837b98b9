"""The MCP door: the search and the answers, as two tools that language models call.

Loading the SDK costs 1.3 s: only `assistant mcp` and the server import this module.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any
from weakref import proxy

from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from assistant import answers, messages
from assistant.answers import Citation
from assistant.assembly import VERSION, Assistant
from assistant.doors.http.crowd.line import Busy, Line
from assistant.doors.http.crowd.rates import Rates, TooMany, address
from assistant.doors.http.problems import BROKEN, problem, said, said_back
from assistant.doors.http.schemas import AnswerOut, CitationOut, Question, answer_json
from assistant.doors.http.watching import Metrics
from assistant.doors.transcript import whole
from assistant.question.typed import MAX_QUESTION
from assistant.quoting.citations import cite
from assistant.settings import Settings

_MOST = 20  # passages a call: about 20,000 characters for a model to read

log = logging.getLogger(__name__)


class Search(BaseModel):
    """What to look for."""

    model_config = ConfigDict(extra="forbid")
    question: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)
    ] = Field(description="Ce que l'on cherche, en français, comme un habitant le dirait.")
    limit: Annotated[int, Field(ge=1, le=_MOST, description="Combien de passages, au plus.")] = 5


class PassagesOut(BaseModel):
    """The passages found, best first, each as the citation of all its words."""

    passages: list[CitationOut]
    generation: str


# A tool's work: its checked arguments -> (text for a model that reads, JSON for one that parses).
Work = Callable[[Assistant, Mapping[str, Any]], tuple[str, dict[str, Any]]]


def search_passages(assistant: Assistant, arguments: Mapping[str, Any]) -> tuple[str, Any]:
    """The best passages for a question, each as the citation of all its words."""
    asked = Search.model_validate(arguments)
    retriever = assistant.retriever
    documents = retriever.generation.documents
    found = [
        cite(number, hit.passage, documents[hit.passage.document_id], 0, len(hit.passage.text))
        for number, hit in enumerate(retriever.search(asked.question, asked.limit).hits, 1)
    ]
    text = "\n\n".join(map(_told, found)) or "Aucun passage."
    return text, {
        "passages": [dataclasses.asdict(citation) for citation in found],
        "generation": retriever.generation.number,
    }


def _told(citation: Citation) -> str:
    """A passage as a model reads it: who says it, its words, its addresses."""
    lines = [f"[{citation.number}] {messages.place(citation)}", citation.passage]
    return "\n".join(lines + messages.links(citation))


def answer_question(assistant: Assistant, arguments: Mapping[str, Any]) -> tuple[str, Any]:
    """The answer of a question with its proofs, or why there is none."""
    asked = Question.model_validate(arguments)
    answer = assistant.answer(
        asked.question, asked.turns(), style=asked.style, door=answers.Door.MCP
    )
    return whole(answer), answer_json(answer)


_WORK: dict[str, Work] = {
    "search_passages": search_passages,
    "answer_question": answer_question,
}


def _tools(town: str) -> list[Tool]:
    about = f"les documents publics de {town} sur Petites villes de demain, l'ANCT et la "
    about += "convention ORT"
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    return [
        Tool(
            name="search_passages",
            title="Chercher des passages",
            description=f"Cherche dans {about}. Rend des passages mot pour mot, chacun avec son "
            "document, sa page et son adresse ; ne répond pas à la question.",
            input_schema=Search.model_json_schema(),
            output_schema=PassagesOut.model_json_schema(),
            annotations=reads,
        ),
        Tool(
            name="answer_question",
            title="Répondre à une question",
            description=f"Répond à une question d'habitant d'après {about}. Chaque phrase porte la "
            "citation exacte qui la prouve. « outcome » dit comment la question a fini : quand "
            "rien n'y répond, la réponse le dit et nomme à qui s'adresser. « history » : les "
            "échanges précédents, du plus ancien au plus récent. « style » : « plain » pour une "
            "réponse en langage simple.",
            input_schema=Question.model_json_schema(),
            output_schema=AnswerOut.model_json_schema(),
            annotations=reads,
        ),
    ]


def server(
    assistant: Assistant,
    line: Line,
    rates: Rates | None = None,
    metrics: Metrics | None = None,
) -> Server[Any]:
    """The MCP server of an assistant, whatever carries it.

    rates    how often one address may ask, where there are some
    metrics  where what is refused is counted
    """

    async def list_tools(_: Any, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=_tools(assistant.catalogue.town.name))

    async def call_tool(context: Any, call: CallToolRequestParams) -> CallToolResult:
        work = _WORK.get(call.name)
        if work is None:
            raise MCPError(INVALID_PARAMS, f"Outil inconnu : « {said_back(call.name)} ».")
        town = assistant.catalogue.town.insee
        try:
            if rates is not None and context.request is not None:
                await rates.count(address(context.request), town)
            with line.place() as place:
                text, found = await place.run(partial(work, assistant, call.arguments or {}))
        except (TooMany, Busy) as full:
            if metrics is not None:
                metrics.refused(town, full)
            return _failed(str(full))
        except ValidationError as error:
            wrong = error.errors(include_input=False)
            return _failed(said({**e, "loc": ("body", *e["loc"])} for e in wrong))
        except Exception:
            log.exception("tool %s failed", call.name)
            return _failed(BROKEN)
        return CallToolResult(
            content=[TextContent(type="text", text=text)], structured_content=found
        )

    return Server(
        "assistant-pvd",
        title="Assistant Petites villes de demain",
        version=VERSION,
        instructions="Réponses prouvées mot pour mot. Reprenez les citations telles quelles, avec "
        "leur source, et ne répondez pas à la place des documents quand ils ne disent rien.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _failed(why: str) -> CallToolResult:
    """A failure that the model can read and mend."""
    return CallToolResult(content=[TextContent(type="text", text=why)], is_error=True)


async def serve_stdio(assistant: Assistant) -> None:
    """Serve one program over stdin and stdout, until it closes them."""
    one = server(assistant, Line(1))
    async with stdio_server() as (read, write):
        await one.run(read, write, one.create_initialization_options())


class Door:
    """The streamable HTTP of the MCP server, as an ASGI application: one answer a request.

    No session is kept, so that any worker can answer. A page of a site that is not listed, and a
    name that is not ours (DNS rebinding), are refused.
    """

    def __init__(self, assistant: Assistant, line: Line, settings: Settings, *limits: Any) -> None:
        # The SDK's server holds itself, and would hold the index of a town that is closed.
        self._server = server(proxy(assistant), line, *limits)
        self._check = TransportSecurityMiddleware(_trusted(settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        refused = await self._check.validate_request(request, is_post=True)
        if refused is None:
            manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True)
            async with manager.run():  # one a request: nothing is open with a town that is closed
                await manager.handle_request(scope, receive, send)
        else:
            await _told_why(request, refused.status_code)(scope, receive, send)


def _trusted(settings: Settings) -> TransportSecuritySettings:
    """This machine's own names and the settings', with any port; pages of the listed sites."""
    hosts = ["127.0.0.1", "localhost", "[::1]", *settings.hosts]
    return TransportSecuritySettings(
        allowed_hosts=[form for host in hosts for form in (host, f"{host}:*")],
        allowed_origins=settings.origins,
    )


def _told_why(request: Request, status: int) -> Response:
    """The SDK's refusal, in French and with its remedy."""
    detail = {
        403: "Le site de cette page n'est pas admis : ajoutez-le à ASSISTANT_ORIGINS.",
        421: "Le nom sous lequel ce serveur est appelé n'est pas le sien : ajoutez-le à "
        "ASSISTANT_HOSTS.",
    }
    said = detail.get(status, "Envoyez du JSON, avec « content-type: application/json ».")
    return problem(request, status, said)
