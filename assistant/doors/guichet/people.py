"""/guichet/personnes: who has an account, what each may do, and whose sessions are open."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.doors.guichet.access import HOME, Accounts, Admin, Open, Sent, Stored
from assistant.doors.guichet.desk import shown
from assistant.errors import InputError
from assistant.records import trail
from assistant.records.people import Role, User
from assistant.records.store import Store

router = APIRouter()

PEOPLE = f"{HOME}/personnes"
_LINES = 50  # of the trail


@router.get("/personnes")
def page(request: Request, who: Admin, accounts: Accounts, store: Stored) -> HTMLResponse:
    """The accounts, and what was done lately at the guichet."""
    return _shown(request, who, accounts, store)


@router.post("/personnes")
def add(
    request: Request, who: Admin, accounts: Accounts, store: Stored, sent: Sent
) -> HTMLResponse:
    """A new account, and the link by which its owner chooses a password."""
    try:
        made = accounts.add(sent.get("name", "").lower(), _role(sent), who.name)
    except InputError as error:
        return _shown(request, who, accounts, store, 422, str(error), sent.get("name", ""))
    return _linked(request, who, accounts, store, made)


@router.post("/personnes/lien")
def invite(
    request: Request, who: Admin, accounts: Accounts, store: Stored, sent: Sent
) -> HTMLResponse:
    """A link for who has forgotten a password."""
    return _linked(request, who, accounts, store, _one(accounts, sent))


@router.post("/personnes/role")
def role(who: Admin, accounts: Accounts, sent: Sent) -> Response:
    """Another role."""
    accounts.change(_one(accounts, sent).id, who.name, role=_role(sent))
    return RedirectResponse(PEOPLE, 303)


@router.post("/personnes/etat")
def state(who: Admin, accounts: Accounts, sent: Sent) -> Response:
    """Close an account, or open it again."""
    disabled = sent.get("disabled") == "oui"
    accounts.change(_one(accounts, sent).id, who.name, disabled=disabled)
    return RedirectResponse(PEOPLE, 303)


@router.post("/personnes/sessions")
def end(who: Admin, accounts: Accounts, sessions: Open, sent: Sent) -> Response:
    """Close the sessions of an account."""
    sessions.end(_one(accounts, sent), who.name)
    return RedirectResponse(PEOPLE, 303)


def _one(accounts: Accounts, sent: Sent) -> User:
    return accounts.named(sent.get("name", ""))


def _role(sent: Sent) -> Role:
    try:
        return Role(sent.get("role", ""))
    except ValueError as error:
        raise InputError("Ce rôle n'existe pas : choisissez-le dans la page.") from error


def _linked(
    request: Request, who: User, accounts: Accounts, store: Store, whose: User
) -> HTMLResponse:
    """The page, with a link that is shown this once."""
    code = accounts.invite(whose.id, who.name)
    link = f"{str(request.base_url).rstrip('/')}{HOME}/bienvenue?code={code}"
    return _shown(request, who, accounts, store, link=link, whose=whose.name)


def _shown(
    request: Request,
    who: User,
    accounts: Accounts,
    store: Store,
    status: int = 200,
    wrong: str = "",
    typed: str = "",
    link: str = "",
    whose: str = "",
) -> HTMLResponse:
    return shown(
        request,
        who,
        "personnes.html",
        status,
        accounts=accounts.accounts(),
        lines=trail.lines(store, _LINES),
        wrong=wrong,
        typed=typed,
        link=link,
        whose=whose,
    )
