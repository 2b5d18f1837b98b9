"""What every page of the guichet shares: its menu, who is there, the token of its forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from assistant.doors.guichet.access import HOME, secret, token
from assistant.doors.pages.site import page
from assistant.records.people import Role, User

# The pages of the menu, in order: the address, its name, and who sees it.
MENU = (
    (HOME, "Chercher", Role.AGENT),
    (f"{HOME}/journal", "Journal", Role.AGENT),
    (f"{HOME}/sans-reponse", "Sans réponse", Role.AGENT),
    (f"{HOME}/reponses", "Réponses validées", Role.AGENT),
    (f"{HOME}/rapport", "Rapport", Role.AGENT),
    (f"{HOME}/sources", "Sources", Role.AGENT),
    (f"{HOME}/personnes", "Personnes", Role.ADMIN),
)
# What each role is called.
ROLES = {
    Role.AGENT: "agent d’accueil",
    Role.EDITOR: "rédaction",
    Role.ADMIN: "administration",
}


def shown(
    request: Request,
    who: User | None,
    name: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """The page that a template of this folder makes, for `who` is logged in."""
    found = page(
        request.app.state.assistant,
        f"guichet/{name}",
        status,
        who=who,
        menu=[(path, said) for path, said, role in MENU if who and who.role.covers(role)],
        here=request.url.path,
        roles=ROLES,
        csrf=token(secret(request)),
        **values,
    )
    found.headers.update(headers or {})
    return found
