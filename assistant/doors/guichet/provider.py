"""/guichet/oidc: logging in with an account of the town's own provider of identity (Authlib)."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assistant.doors.guichet.access import HOME, Accounts, Open, cookie, remember, secure
from assistant.doors.guichet.desk import shown
from assistant.doors.http.problems import Refused
from assistant.records.people import Role
from assistant.settings import Settings

if TYPE_CHECKING:
    from authlib.integrations.starlette_client import StarletteOAuth2App

router = APIRouter()

START, BACK = f"{HOME}/oidc", f"{HOME}/oidc/retour"
_DOWN = "Le compte de la mairie ne peut pas être vérifié en ce moment. Réessayez dans un instant."
_STALE = "Cette connexion a expiré, ou a été refusée : recommencez depuis la page de connexion."
_PATIENCE = 10  # seconds to wait for the provider

log = logging.getLogger(__name__)


def _cookie(request: Request) -> str:
    return cookie(request, "guichet-oidc")


def _client(request: Request) -> StarletteOAuth2App:
    """The provider of the settings, known once it has been asked."""
    settings: Settings = request.app.state.settings
    if not settings.oidc_issuer:
        raise HTTPException(404, "Aucun fournisseur d'identité n'est réglé ici.")
    found = getattr(request.app.state, "oidc", None)
    if found is None:
        from authlib.integrations.starlette_client import OAuth  # 0.3 s that few wait for

        found = OAuth().register(
            "oidc",
            client_id=settings.oidc_client,
            client_secret=settings.oidc_secret.get_secret_value(),
            server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile email",
                "code_challenge_method": "S256",
                "timeout": _PATIENCE,
            },
        )
        request.app.state.oidc = found
    return found


@router.get("/oidc")
async def start(request: Request) -> Response:
    """Send the browser to the provider. What it must bring back stays in a cookie of 10 minutes.

    Lax: the provider sends the browser back from another site, and a strict one would not come.
    """
    client = _client(request)
    kept: dict[str, Any] = {}
    request.scope["session"] = kept
    back = f"{str(request.base_url).rstrip('/')}{BACK}"
    response: Response
    try:
        response = await client.authorize_redirect(request, back)
    except Exception as error:
        raise _down(error) from error
    response.set_cookie(
        _cookie(request), json.dumps(kept), max_age=600, path="/", secure=secure(request),
        httponly=True, samesite="lax",
    )  # fmt: skip
    return response


@router.get("/oidc/retour")
async def back(request: Request, accounts: Accounts, sessions: Open) -> Response:
    """Take what the provider says of who comes back, give the role it says, and log in."""
    from authlib.integrations.starlette_client import OAuthError
    from joserfc.errors import JoseError

    client, settings = _client(request), request.app.state.settings
    try:
        kept = json.loads(request.cookies.get(_cookie(request), "{}"))
        request.scope["session"] = kept if isinstance(kept, dict) else {}
    except ValueError:
        request.scope["session"] = {}
    try:
        token = await client.authorize_access_token(request)
        claims = await _claims(client, token, settings)
    except (OAuthError, JoseError, KeyError, TypeError) as error:
        log.warning("a log-in by the provider was refused: %s", type(error).__name__)
        raise Refused(_STALE, status=403) from error
    except Exception as error:
        raise _down(error) from error
    role = role_of(claims, settings)
    if role is None:
        raise Refused("Votre compte ne donne pas accès au guichet.", status=403)
    subject = f"{settings.oidc_issuer} {claims['sub']}"
    name = str(claims.get("preferred_username") or claims.get("email") or claims["sub"]).lower()
    user = await anyio.to_thread.run_sync(accounts.provided, subject, name, role)
    opened = await anyio.to_thread.run_sync(sessions.begin, user.id)
    # A page, not a redirection: the strict cookie goes only to what a page of ours asks for.
    response = shown(request, None, "retour.html", headers={"refresh": f"0; url={HOME}"})
    remember(request, response, opened)
    response.delete_cookie(_cookie(request), path="/", secure=secure(request), httponly=True)
    return response


async def _claims(
    client: StarletteOAuth2App, token: Mapping[str, Any], settings: Settings
) -> Mapping[str, Any]:
    """What the signed token says, and, where it says no role, what the provider's page adds."""
    metadata = await client.load_server_metadata()
    claims: dict[str, Any] = dict(token["userinfo"])
    if metadata.get("issuer") != settings.oidc_issuer or claims["iss"] != settings.oidc_issuer:
        raise KeyError("issuer")
    if role_of(claims, settings) is None and "userinfo_endpoint" in metadata:
        more = await client.userinfo(token=token)
        if more.get("sub") == claims["sub"]:  # OpenID Connect Core 5.3.2
            claims = {**more, **claims}
    return claims


def role_of(claims: Mapping[str, Any], settings: Settings) -> Role | None:
    """The highest role that a claim gives; its name may say where it is (« a.b »)."""
    found: Any = claims
    for part in settings.oidc_claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    names = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    known = settings.oidc_roles or {role.value: role.value for role in Role}
    roles = [Role(known[name]) for name in names if isinstance(name, str) and name in known]
    return max(roles, key=list(Role).index, default=None)


def _down(error: Exception) -> Refused:
    """What is told when the provider cannot be spoken to; the operator learns the kind of error."""
    log.error("the provider of identity failed: %s", type(error).__name__)
    return Refused(_DOWN, status=503)


def host(settings: Settings) -> str:
    """The provider, as the log-in page names it; empty without one."""
    return urlsplit(settings.oidc_issuer).netloc
