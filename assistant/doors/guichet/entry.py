"""/guichet/connexion and what goes with it: logging in and out, choosing a password."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.doors.guichet import provider
from assistant.doors.guichet.access import (
    ENTRY,
    HOME,
    Accounts,
    Agent,
    Open,
    Sent,
    remember,
    secret,
)
from assistant.doors.guichet.desk import shown
from assistant.errors import InputError
from assistant.records.people import SHORTEST
from assistant.records.sessions import Refusal

router = APIRouter()

_OURS = re.compile(r"/guichet([/?][^\\\s]*)?")  # where one may be sent after logging in
_SPENT = (
    "Ce lien ne sert plus : il a déjà servi, ou il a plus de deux jours. Demandez-en un autre à "
    "la personne qui gère les comptes."
)
_TWICE = "Les deux mots de passe ne sont pas les mêmes."


@router.get("/connexion")
def form(request: Request, accounts: Accounts, suite: str = "", fait: str = "") -> Response:
    """The form to log in; without any account, how the first one is made."""
    if accounts.none() and not provider.host(request.app.state.settings):
        return shown(request, None, "premier.html")
    if not secret(request):  # the form needs one: come back with it
        again = RedirectResponse(request.url.path + f"?{request.url.query}", 303)
        remember(request, again)
        return again
    return _entry(request, suite=suite, done=fait == "choisi")


@router.post("/connexion")
def enter(request: Request, sessions: Open, sent: Sent) -> Response:
    """Log in."""
    name, suite = sent.get("name", "").lower(), sent.get("suite", "")
    address = request.client.host if request.client else ""
    response: Response
    try:
        opened = sessions.enter(name, sent.get("password", ""), address)
    except Refusal as refusal:
        response = _entry(request, 429 if refusal.wait else 401, str(refusal), name, suite)
        if refusal.wait:
            response.headers["retry-after"] = str(int(refusal.wait.total_seconds()) + 1)
        return response
    response = RedirectResponse(suite if _OURS.fullmatch(suite) else HOME, 303)
    remember(request, response, opened)
    return response


def _entry(
    request: Request,
    status: int = 200,
    wrong: str = "",
    name: str = "",
    suite: str = "",
    done: bool = False,
) -> HTMLResponse:
    host = provider.host(request.app.state.settings)
    values: dict[str, Any] = {
        "wrong": wrong,
        "typed": name,
        "suite": suite,
        "done": done,
        "provider": host,
    }
    return shown(request, None, "connexion.html", status, **values)


@router.post("/deconnexion")
def leave(request: Request, who: Agent, sessions: Open) -> Response:
    """Log out."""
    sessions.leave(secret(request))
    response = RedirectResponse(ENTRY, 303)
    remember(request, response)
    return response


@router.get("/bienvenue")
def welcome(request: Request, accounts: Accounts, code: str = "") -> Response:
    """The form to choose a password, for who has a link."""
    if not secret(request):
        again = RedirectResponse(request.url.path + f"?{request.url.query}", 303)
        remember(request, again)
        return again
    return _welcome(request, accounts, code)


@router.post("/bienvenue")
def choose(request: Request, accounts: Accounts, sent: Sent) -> Response:
    """Choose a password; the link is then spent."""
    code, password = sent.get("code", ""), sent.get("password", "")
    try:
        if password != sent.get("again", ""):
            raise InputError(_TWICE)
        if accounts.accept(code, password) is None:
            return _welcome(request, accounts, code)
    except InputError as error:
        return _welcome(request, accounts, code, str(error))
    return RedirectResponse(f"{ENTRY}?fait=choisi", 303)


def _welcome(request: Request, accounts: Accounts, code: str, wrong: str = "") -> HTMLResponse:
    user = accounts.invited(code)
    values: dict[str, Any] = {
        "user": user,
        "code": code,
        "wrong": wrong if user else _SPENT,
        "least": SHORTEST,
    }
    return shown(request, None, "bienvenue.html", 422 if values["wrong"] else 200, **values)


@router.get("/compte")
def account(request: Request, who: Agent) -> HTMLResponse:
    """One's own account."""
    return shown(request, who, "compte.html", wrong="", least=SHORTEST)


@router.post("/compte")
def renew(request: Request, who: Agent, accounts: Accounts, sent: Sent) -> Response:
    """Change one's password; one then logs in again, everywhere."""
    try:
        if sent.get("password", "") != sent.get("again", ""):
            raise InputError(_TWICE)
        accounts.renew(who.id, sent.get("old", ""), sent.get("password", ""))
    except InputError as error:
        return shown(request, who, "compte.html", 422, wrong=str(error), least=SHORTEST)
    return RedirectResponse(f"{ENTRY}?fait=choisi", 303)
