from __future__ import annotations

import re

import pytest
from desk import ADDRESS, COOKIE, PASSWORDS, Browser
from fastapi.testclient import TestClient

from assistant.doors.guichet.access import ENTRY, HOME
from assistant.doors.http.api import create
from assistant.records.people import People, Role
from assistant.records.store import Store
from assistant.settings import Settings

GOOD = "quatre mots sans rapport"


@pytest.fixture
def fresh(store: Store, request: pytest.FixtureRequest) -> str:
    """The name of an account of this test's own, whose password is GOOD."""
    name = "a" + re.sub(r"[^a-z0-9_]", "", request.node.name)[-40:]
    return People(store).add(name, Role.AGENT, "test", GOOD).name


def test_before_any_account_the_page_says_how_the_first_is_made(
    assistant_settings: Settings, tmp_path: object
) -> None:
    own = assistant_settings.model_copy(update={"journal": f"sqlite:///{tmp_path}/j.sqlite3"})
    with TestClient(create(own), base_url=ADDRESS) as client:
        page = client.get(HOME)
    assert page.url.path == ENTRY
    assert "assistant user add prenom.nom --role admin" in page.text
    assert "<form" not in page.text


def test_an_agent_who_logs_in_sees_the_guichet(stranger_at: Browser, fresh: str) -> None:
    told = stranger_at.enter(fresh, GOOD)
    assert (told.status_code, told.headers["location"]) == (303, HOME)
    page = stranger_at.get(HOME)
    assert page.status_code == 200
    assert fresh in page.text and "<h1>Chercher</h1>" in page.text


def test_the_cookie_is_for_the_server_alone_and_changes_at_log_in(
    stranger_at: Browser, fresh: str
) -> None:
    before = stranger_at.get(ENTRY)
    given = before.headers["set-cookie"]
    assert given.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert part in given
    assert "max-age" not in given.lower() and "expires" not in given.lower()
    first = stranger_at.secret
    stranger_at.enter(fresh, GOOD)
    assert stranger_at.secret != first


def test_on_the_machine_itself_the_cookie_needs_no_tls(store: Store, client: TestClient) -> None:
    given = client.get(f"http://127.0.0.1{ENTRY}", follow_redirects=False).headers["set-cookie"]
    assert given.startswith("guichet=") and "Secure" not in given
    # A proxy that ends TLS without saying so: the cookie is for TLS.
    given = client.get(f"http://ville.example{ENTRY}", follow_redirects=False).headers["set-cookie"]
    assert given.startswith(f"{COOKIE}=") and "Secure" in given


@pytest.mark.parametrize(("name", "password"), [("agent", "faux"), ("personne", "faux"), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    stranger_at: Browser, name: str, password: str
) -> None:
    told = stranger_at.enter(name, password)
    assert told.status_code == 401
    assert "ne vont pas ensemble" in told.text
    assert stranger_at.get(HOME).status_code == 303


def test_after_logging_in_one_comes_back_to_the_page_asked_for(
    stranger_at: Browser, fresh: str
) -> None:
    asked = stranger_at.get(f"{HOME}/compte?x=1").headers["location"]
    assert asked == f"{ENTRY}?suite=%2Fguichet%2Fcompte%3Fx%3D1"
    stranger_at.get(ENTRY)
    told = stranger_at.post(ENTRY, name=fresh, password=GOOD, suite="/guichet/compte?x=1")
    assert told.headers["location"] == "/guichet/compte?x=1"


@pytest.mark.parametrize(
    "suite", ["https://ailleurs.example/", "//ailleurs.example", "/guichet\\@x", "/guichetfaux"]
)
def test_one_is_never_sent_elsewhere(stranger_at: Browser, fresh: str, suite: str) -> None:
    stranger_at.get(ENTRY)
    told = stranger_at.post(ENTRY, name=fresh, password=GOOD, suite=suite)
    assert told.headers["location"] == HOME


def test_logging_out_ends_the_session_itself(stranger_at: Browser, fresh: str) -> None:
    stranger_at.enter(fresh, GOOD)
    stolen = stranger_at.secret
    assert stranger_at.post(f"{HOME}/deconnexion").headers["location"] == ENTRY
    stranger_at.secret = stolen
    assert stranger_at.get(HOME).status_code == 303


def test_a_password_is_changed_and_every_session_ends(
    stranger_at: Browser, client: TestClient, fresh: str
) -> None:
    other = Browser(client)
    stranger_at.enter(fresh, GOOD)
    other.enter(fresh, GOOD)
    change = {"old": GOOD, "password": "cinq autres mots bien loin", "again": ""}
    told = stranger_at.post(f"{HOME}/compte", **change)
    assert (told.status_code, "ne sont pas les mêmes" in told.text) == (422, True)
    change["again"] = change["password"]
    told = stranger_at.post(f"{HOME}/compte", **change | {"old": "faux"})
    assert (told.status_code, "celui-là" in told.text) == (422, True)
    assert stranger_at.post(f"{HOME}/compte", **change).status_code == 303
    assert (stranger_at.get(HOME).status_code, other.get(HOME).status_code) == (303, 303)
    assert other.enter(fresh, GOOD).status_code == 401
    assert other.enter(fresh, change["password"]).status_code == 303


def test_a_link_lets_choose_a_password_once(stranger_at: Browser, store: Store, fresh: str) -> None:
    people = People(store)
    code = people.invite(people.named(fresh).id, "test")
    link = f"{HOME}/bienvenue?code={code}"
    assert stranger_at.get(link).status_code == 303  # comes back with a cookie
    page = stranger_at.get(link)
    assert (page.status_code, fresh in page.text) == (200, True)
    chosen = {"code": code, "password": "un tout autre secret", "again": "un tout autre secret"}
    short = stranger_at.post(f"{HOME}/bienvenue", **chosen | {"password": "x", "again": "x"})
    assert (short.status_code, "de 12 à 200" in short.text) == (422, True)
    assert stranger_at.post(f"{HOME}/bienvenue", **chosen).status_code == 303
    again = stranger_at.post(f"{HOME}/bienvenue", **chosen)
    assert (again.status_code, "ne sert plus" in again.text) == (422, True)
    assert stranger_at.enter(fresh, chosen["password"]).status_code == 303


def test_too_many_tries_must_wait(stranger_at: Browser, fresh: str) -> None:
    for _ in range(5):
        assert stranger_at.enter(fresh, "faux").status_code == 401
    told = stranger_at.enter(fresh, GOOD)
    assert told.status_code == 429
    assert "Trop d’essais manqués" in told.text or "Trop d&#39;essais manqués" in told.text
    assert 0 < int(told.headers["retry-after"]) <= 31


def test_nothing_of_a_password_is_logged(
    stranger_at: Browser, fresh: str, caplog: pytest.LogCaptureFixture
) -> None:
    stranger_at.enter(fresh, GOOD)
    stranger_at.enter(fresh, PASSWORDS[Role.ADMIN])
    assert GOOD not in caplog.text and PASSWORDS[Role.ADMIN] not in caplog.text
