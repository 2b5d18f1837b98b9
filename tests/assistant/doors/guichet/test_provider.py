"""Logging in with accounts of a real OpenID provider, on loopback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from desk import ADDRESS
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from serving import serving

from assistant.doors.guichet.access import ENTRY, HOME
from assistant.doors.guichet.provider import role_of
from assistant.doors.http.api import create
from assistant.records.people import People, Role
from assistant.records.store import Store
from assistant.settings import Settings

# The provider runs in this process, and uses what Authlib is about to change.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PEOPLE = {
    "marie": {"preferred_username": "Marie.Durand", "email": "m@v.example", "groups": ["chefs"]},
    "paul": {"email": "paul@v.example", "groups": ["accueil", "autre"]},
    "ana": {"email": "ana@v.example", "groups": ["autre"]},
    "taken": {"preferred_username": "local", "groups": ["chefs"]},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Where the provider is; it gives its users their groups."""
    users = [
        oidc_provider_mock.User(sub=sub, claims=dict(claims)) for sub, claims in PEOPLE.items()
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=users, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def settings(assistant_settings: Settings, provider: str, tmp_path_factory: Any) -> Settings:
    path = tmp_path_factory.mktemp("guichet") / "journal.sqlite3"
    return assistant_settings.model_copy(
        update={
            "journal": f"sqlite:///{path}",
            "oidc_issuer": provider,
            "oidc_client": "assistant",
            "oidc_secret": SecretStr("secret du client"),
            "oidc_claim": "groups",
            "oidc_roles": {"chefs": "admin", "accueil": "agent"},
        }
    )


@pytest.fixture(scope="module")
def app_client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create(settings), base_url=ADDRESS, follow_redirects=False) as started:
        yield started


@pytest.fixture
def client(app_client: TestClient) -> TestClient:
    app_client.cookies.clear()
    return app_client


def agreed(client: TestClient, sub: str) -> str:
    """Start here, agree at the provider: the address that it sends the browser back to."""
    started = client.get(f"{HOME}/oidc")
    assert started.status_code == 302
    there = started.headers["location"]
    sent = httpx.post(there, data={"sub": sub})
    assert sent.status_code == 302
    return str(sent.headers["location"])


def enter(client: TestClient, sub: str) -> Any:
    return client.get(agreed(client, sub), headers={"accept": "text/html"})


def test_the_log_in_page_names_the_provider(client: TestClient, provider: str) -> None:
    page = client.get(ENTRY, follow_redirects=True)
    assert f"Se connecter par {urlsplit(provider).netloc}" in page.text


def test_what_is_asked_is_bound_to_this_browser(client: TestClient, provider: str) -> None:
    started = client.get(f"{HOME}/oidc")
    address = urlsplit(started.headers["location"])
    asked = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}" == provider
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["redirect_uri"] == [f"{ADDRESS}{HOME}/oidc/retour"]
    cookie = started.headers["set-cookie"]
    assert cookie.startswith("__Host-guichet-oidc=")
    assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=lax", "Max-Age=600"))


def test_who_the_provider_knows_gets_the_role_it_says(
    client: TestClient, settings: Settings
) -> None:
    page = enter(client, "marie")
    assert (page.status_code, page.headers["refresh"]) == (200, "0; url=/guichet")
    own = client.get(f"{HOME}/compte", headers={"accept": "text/html"})
    assert "marie.durand" in own.text and "administration" in own.text
    client.cookies.clear()
    enter(client, "paul")
    assert client.get(f"{HOME}/personnes").status_code == 403
    assert "paul@v.example" in client.get(f"{HOME}/compte").text
    client.cookies.clear()
    enter(client, "marie")  # the same account
    store = Store(settings.journal_url)
    names = [account.user.name for account in People(store).accounts()]
    store.close()
    assert names.count("marie.durand") == 1


def test_a_role_that_changes_there_changes_here(
    client: TestClient, settings: Settings, provider: str
) -> None:
    enter(client, "paul")
    enter(client, "marie")
    more = {"email": "paul@v.example", "groups": ["chefs"]}
    assert httpx.put(f"{provider}/users/paul", json=more).is_success
    client.cookies.clear()
    enter(client, "paul")
    assert client.get(f"{HOME}/personnes").status_code == 200
    httpx.put(f"{provider}/users/paul", json=PEOPLE["paul"])
    client.cookies.clear()
    enter(client, "paul")
    assert client.get(f"{HOME}/personnes").status_code == 403


def test_who_has_no_role_there_stays_outside(client: TestClient) -> None:
    page = enter(client, "ana")
    assert (page.status_code, "ne donne pas accès" in page.text) == (403, True)
    assert client.get(HOME).status_code == 303


def test_an_account_of_the_guichet_is_never_taken_over(
    client: TestClient, settings: Settings
) -> None:
    store = Store(settings.journal_url)
    People(store).add("local", Role.AGENT, "test", "quatre mots sans rapport")
    page = enter(client, "taken")
    assert (page.status_code, "existe déjà" in page.text) == (409, True)
    assert People(store).named("local").role is Role.AGENT
    store.close()


def test_a_closed_account_stays_outside(client: TestClient, settings: Settings) -> None:
    enter(client, "marie")
    enter(client, "paul")
    store = Store(settings.journal_url)
    people = People(store)
    paul = people.named("paul@v.example")
    people.change(paul.id, "test", disabled=True)
    page = enter(client, "paul")
    assert (page.status_code, "est fermé" in page.text) == (409, True)
    people.change(paul.id, "test", disabled=False)
    store.close()


@pytest.mark.parametrize("change", ["state", "code", "cookie", "error"])
def test_what_is_not_what_this_browser_asked_for_is_refused(
    client: TestClient, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    back = agreed(client, "marie")
    if change == "cookie":
        client.cookies.clear()
    elif change == "error":
        back = f"{HOME}/oidc/retour?error=access_denied&state=x"
    else:
        back = back.replace(f"{change}=", f"{change}=x")
    with caplog.at_level(logging.WARNING):
        page = client.get(back, headers={"accept": "text/html"})
    assert (page.status_code, "recommencez" in page.text) == (403, True)
    assert client.get(HOME).status_code == 303


def test_what_the_provider_sent_serves_once(client: TestClient) -> None:
    back = agreed(client, "marie")
    cookies = dict(client.cookies)
    assert client.get(back).status_code == 200
    client.cookies.clear()
    client.cookies.update(cookies)  # a browser that kept its cookie
    assert client.get(back).status_code == 403


def test_a_provider_that_is_down_is_told(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    down = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    with TestClient(create(down), base_url=ADDRESS) as client:
        page = client.get(f"{HOME}/oidc", headers={"accept": "text/html"})
    assert (page.status_code, "Réessayez dans un instant" in page.text) == (503, True)


def test_a_provider_that_calls_itself_otherwise_is_refused(
    settings: Settings, provider: str
) -> None:
    known = "/.well-known/openid-configuration"
    lookalike = FastAPI()
    lookalike.get(known)(lambda: httpx.get(provider + known).json())  # says the issuer it copies
    with serving(lookalike) as address:
        other = settings.model_copy(update={"oidc_issuer": address})
        with TestClient(create(other), base_url=ADDRESS, follow_redirects=False) as client:
            assert enter(client, "marie").status_code == 403


def test_without_a_provider_there_is_none(assistant_settings: Settings, tmp_path: Any) -> None:
    own = assistant_settings.model_copy(update={"journal": f"sqlite:///{tmp_path}/j.sqlite3"})
    with TestClient(create(own), base_url=ADDRESS) as client:
        assert client.get(f"{HOME}/oidc").status_code == 404
        assert client.get(f"{HOME}/oidc/retour").status_code == 404


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"a": {"b": ["x", "chefs"]}}, Role.ADMIN), ({"a": {"b": "accueil"}}, Role.AGENT),
        ({"a": {"b": ["accueil", "chefs"]}}, Role.ADMIN), ({"a": {"b": 3}}, None),
        ({"a": "chefs"}, None), ({"a.b": "chefs"}, None), ({}, None), ({"a": {"b": [[]]}}, None),
    ],
)  # fmt: skip
def test_the_role_is_the_highest_that_the_claim_gives(
    claims: dict[str, Any], role: Role | None, settings: Settings
) -> None:
    nested = settings.model_copy(update={"oidc_claim": "a.b"})
    assert role_of(claims, nested) is role


def test_without_a_table_the_roles_go_by_their_names(assistant_settings: Settings) -> None:
    assert role_of({"roles": ["editor", "chefs"]}, assistant_settings) is Role.EDITOR
