"""Who asks, and whether it is truly they: sessions, tokens of forms, roles, strict headers.

Every route of the guichet is under `router` (routes.py), whose dependency `unforged` refuses a form
that another site made; each of them also asks for an `Agent`, an `Editor` or an `Admin`.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from assistant.doors.http.problems import Refused
from assistant.doors.http.ready import Ready
from assistant.doors.pages.site import form, same_site
from assistant.errors import JournalError
from assistant.records.people import People, Role, User, digest
from assistant.records.sessions import Sessions
from assistant.records.store import Store

HOME, ENTRY = "/guichet", "/guichet/connexion"
UPLOAD = "/guichet/sources/fichier"  # the only form that holds a file, and may be large
TOKEN = "csrf"  # the name of the field that proves where a form comes from
_SAFE = ("GET", "HEAD")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

# Added to every response under /guichet, a refusal's too.
HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-frame-options": "DENY",
}


class Unknown(Exception):
    """Nobody is logged in, or no longer."""


async def to_entry(request: Request, _: Exception) -> Response:
    """Send who is not logged in to the form, and back to the page asked for."""
    address = ENTRY
    if request.method in _SAFE and request.url.path != HOME:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        address += "?suite=" + quote(asked, safe="")
    return RedirectResponse(address, 303)


def _store(assistant: Ready) -> Store:
    if assistant.store is None:
        raise HTTPException(503, "Le guichet n'est pas ouvert ici : rien n'y est gardé.")
    return assistant.store


Stored = Annotated[Store, Depends(_store)]


def _people(store: Stored) -> People:
    return People(store)


def _sessions(store: Stored) -> Sessions:
    return Sessions(store)


Accounts = Annotated[People, Depends(_people)]
Open = Annotated[Sessions, Depends(_sessions)]


def secure(request: Request) -> bool:
    """Whether a cookie may require TLS: everywhere but on the machine itself."""
    return request.url.scheme == "https" or request.url.hostname not in _LOOPBACK


def cookie(request: Request, name: str) -> str:
    """A cookie of ours by its name: each town of a server has its own, for all paths as browsers
    want of « __Host- »."""
    town = str(request.scope.get("root_path", "")).replace("/", "-")
    return f"{'__Host-' if secure(request) else ''}{name}{town}"


def _cookie(request: Request) -> str:
    return cookie(request, "guichet")


def secret(request: Request) -> str:
    """The secret of the cookie: a session's, or one of chance before log-in; empty without."""
    return request.cookies.get(_cookie(request), "")


def remember(request: Request, response: Response, token: str = "") -> None:
    """Give the browser the secret of a session; without one, one of chance."""
    response.set_cookie(
        _cookie(request),
        token or secrets.token_urlsafe(32),
        path="/",
        secure=secure(request),
        httponly=True,
        samesite="strict",
    )


def token(secret: str) -> str:
    """What a form carries to show that a page of ours made it for this very browser."""
    return digest(f"{TOKEN} {secret}")


async def _fields(request: Request) -> dict[str, str]:
    if request.url.path == UPLOAD and (await _parts(request)) is not None:
        return {name: v for name, v in (await request.form()).items() if isinstance(v, str)}
    return {name: values[0] for name, values in (await form(request)).items()}


async def _parts(request: Request) -> FormData | None:
    """A form that holds files; None for another one. Raises Refused."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return None
    try:
        return await request.form(max_files=1, max_fields=10)
    except HTTPException as error:  # of Starlette: not the parts that it says to be
        raise Refused("Ce formulaire ne peut pas être lu : revenez à la page d'avant.") from error


async def _file(request: Request) -> UploadFile | None:
    parts = await _parts(request)
    found = None if parts is None else parts.get("fichier")
    return found if isinstance(found, UploadFile) and found.filename else None


# The file of a form; None when none was chosen.
SentFile = Annotated[UploadFile | None, Depends(_file)]


def logged_in(request: Request) -> bool:
    """Whether someone of the guichet sends a request: read before its body is."""
    assistant, known = getattr(request.app.state, "assistant", None), secret(request)
    if not known or assistant is None or assistant.store is None:
        return False
    try:
        return Sessions(assistant.store).user(known) is not None
    except JournalError:
        return False


# The fields of the form that was sent, each with its first value.
Sent = Annotated[dict[str, str], Depends(_fields)]


async def unforged(request: Request) -> AsyncIterator[None]:
    """Refuse what changes anything and was not sent by a page of ours; close the file it brought.

    Raises Refused.
    """
    try:
        if request.method not in _SAFE:
            same_site(request)
            known, sent = secret(request), (await _fields(request)).get(TOKEN, "")
            if not known or not secrets.compare_digest(sent.encode(), token(known).encode()):
                raise Refused(
                    "Ce formulaire n'est plus valable : rouvrez la page, puis recommencez.",
                    status=403,
                )
        yield
    finally:
        await request.close()


@dataclass(frozen=True)
class Allowed:
    """Gives the account that asks, or refuses: whoever is not logged in, or has a lesser role."""

    role: Role

    def __call__(self, request: Request, sessions: Open) -> User:
        """Raises Unknown or Refused."""
        known = secret(request)
        user = sessions.user(known) if known else None
        if user is None:
            raise Unknown
        if not user.role.covers(self.role):
            raise Refused("Votre compte ne permet pas d'ouvrir cette page.", status=403)
        return user


Agent = Annotated[User, Depends(Allowed(Role.AGENT))]
Editor = Annotated[User, Depends(Allowed(Role.EDITOR))]
Admin = Annotated[User, Depends(Allowed(Role.ADMIN))]
