"""Errors over HTTP, told in French with what to do: as RFC 9457 has them, or as OpenAI does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from assistant.doors.http.schemas import Problem
from assistant.errors import InputError, JournalError
from assistant.privacy.masking import mask
from assistant.question.typed import MAX_QUESTION

JSON_PROBLEM = "application/problem+json"

PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {
        # A reference, for a generated client to have one form of error: create() describes it.
        "content": {JSON_PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        "description": what,
    }
    for code, what in {
        400: "Le corps n'est pas du JSON en UTF-8.",
        404: "Inconnu.",
        413: "Le corps est trop long.",
        422: "La question manque, est vide, trop longue, ou un champ est inconnu.",
        408: "Le corps n'est pas arrivé en entier à temps.",
        429: "Trop de demandes depuis cette adresse ; « Retry-After » dit quand réessayer.",
        503: "L'assistant n'est pas prêt, ou trop de personnes attendent : « Retry-After » dit "
        "alors quand réessayer.",
    }.items()
}


class OpenAIError(BaseModel):
    """What went wrong, in French."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIErrorOut(BaseModel):
    error: OpenAIError


# Every error of an OpenAI-compatible route: their shape, our words.
OPENAI_ERROR: dict[int | str, dict[str, Any]] = {
    "default": {"model": OpenAIErrorOut, "description": "L'erreur, à la forme d'OpenAI."}
}

# Said when something broke; the operator finds the traceback in the log.
BROKEN = "Une erreur interne est survenue. Réessayez dans quelques minutes."

_DOWN = "Ce qui est gardé ne peut pas être lu en ce moment. Réessayez dans quelques minutes."

_TITLES = {
    400: "Requête illisible",
    403: "Envoi refusé",
    404: "Introuvable",
    405: "Méthode refusée",
    408: "Envoi interrompu",
    409: "Demande refusée",
    413: "Corps trop long",
    422: "Question refusée",
    429: "Trop de tentatives",
    500: "Erreur interne",
    503: "Pas de réponse pour le moment",
}


class Refused(Exception):
    """A request that cannot be taken; the message says why.

    seconds    after which to try again; None where that would not help
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        seconds: int | None = None,
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.seconds = seconds
        self.param = param
        self.code = code


def problem(
    request: Request, status: int, detail: str, param: str | None = None, code: str | None = None
) -> JSONResponse:
    """An error's response, in the form of the door it happened at; `detail` is for who asked."""
    # The name of an unknown field, or an address, may hold anything.
    return _problem(request, status, mask(detail).text, param, code)


def _problem(
    request: Request, status: int, detail: str, param: str | None = None, code: str | None = None
) -> JSONResponse:
    if request.url.path.startswith("/v1/"):
        kind = "invalid_request_error" if status < 500 else "server_error"
        error = {"message": detail, "type": kind, "param": param, "code": code}
        return JSONResponse({"error": error}, status_code=status)
    found = Problem(title=_TITLES.get(status, "Erreur"), status=status, detail=detail)
    return JSONResponse(found.model_dump(), status_code=status, media_type=JSON_PROBLEM)


_LONGEST = 60  # characters of what is said back
_MOST, _READ = 5, 100  # troubles told of one request, and looked at


def said_back(text: str) -> str:
    """What a stranger sent, as an error may say it: never long, and never half a number."""
    return text if len(text) <= _LONGEST else f"({len(text)} caractères)"


def _field(error: Mapping[str, Any]) -> str:
    """« question », « history.0 », or « corps » for the body itself."""
    return ".".join(said_back(str(part)) for part in error["loc"][1:3]) or "corps"


def _shape(error: Mapping[str, Any]) -> str:
    if _field(error) == "corps":
        return "Le corps n'est pas un objet JSON envoyé avec « content-type: application/json »."
    return f"Le champ « {_field(error)} » n'a pas la forme attendue."


# pydantic's error type -> what to tell the resident or the developer, in French.
_SAID: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda e: f"Le champ « {_field(e)} » manque.",
    "extra_forbidden": lambda e: f"Le champ « {_field(e)} » est inconnu : retirez-le.",
    "string_too_short": lambda e: "La question est vide : écrivez-la en quelques mots.",
    "string_too_long": lambda e: (
        f"La question dépasse {MAX_QUESTION} caractères : raccourcissez-la."
    ),
    "value_error": lambda e: "La question ne contient aucun mot : écrivez-la en quelques mots.",
    "json_invalid": lambda e: "Le corps n'est pas du JSON valide.",
    "enum": lambda e: f"Le champ « {_field(e)} » ne prend pas cette valeur : voyez /openapi.json.",
    "too_long": lambda e: f"« {_field(e)} » est trop long.",
    "string_unicode": lambda e: "Le texte n'est pas de l'Unicode valide.",
}


def said(errors: Iterable[Mapping[str, Any]]) -> str:
    """What is wrong with a request, in French; `loc` starts with "body", "query" or "path"."""
    # Inside a turn of the history, pydantic says one trouble for each form that a turn may have.
    told = (_shape(e) if len(e["loc"]) > 2 else _SAID.get(e["type"], _shape)(e) for e in errors)
    found: dict[str, None] = {}
    for one in islice(told, _READ):
        found[one] = None
        if len(found) == _MOST:
            break
    return " ".join(found)


async def invalid(request: Request, error: Exception) -> Response:
    """Answer a request whose form is wrong."""
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    unreadable = any(e["type"] == "json_invalid" for e in errors)
    openai = request.url.path.startswith("/v1/")  # whose clients know 400 only
    param = None
    if errors and not unreadable:
        param = ".".join(said_back(str(part)) for part in errors[0]["loc"][1:]) or None
    return problem(request, 400 if unreadable or openai else 422, said(errors), param)


async def refused(request: Request, error: Exception) -> Response:
    """Answer a request that the framework, or an endpoint, refused."""
    if isinstance(error, Refused):
        if error.seconds is None:
            return problem(request, error.status, str(error), error.param, error.code)
        # Our own words: reading them again would cost a crowd 1 ms each.
        later = _problem(request, error.status, str(error))
        later.headers["retry-after"] = str(error.seconds)
        return later
    if isinstance(error, InputError):
        return problem(request, 409, str(error))
    if isinstance(error, JournalError):  # the operator is told at the start, or in the log
        return problem(request, 503, _DOWN)
    status = getattr(error, "status_code", 500)
    detail = getattr(error, "detail", "")
    if status == 405:
        detail = "Cette adresse n'accepte pas cette méthode."
    elif status == 404 and detail == "Not Found":
        detail = "Cette adresse n'existe pas."
    elif status == 400:  # the framework's own: JSON nested too deep to be parsed
        detail = "Le corps n'est pas du JSON valide."
    response = problem(request, status, str(detail))
    response.headers.update(getattr(error, "headers", None) or {})  # Allow, for 405
    return response
