"""Every route of the guichet, whoever adds it, is closed to who may not open it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from desk import ADDRESS, Browser
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from assistant.doors.guichet.access import ENTRY, HOME, TOKEN, Allowed, token
from assistant.doors.http.api import create
from assistant.records.people import Role
from assistant.settings import Settings

# What is open before log-in; a form sent to it needs its token and its origin all the same.
OPEN = {ENTRY, f"{HOME}/bienvenue", f"{HOME}/oidc", f"{HOME}/oidc/retour"}


def roles(dependant: Dependant) -> Iterator[Role]:
    """The roles that a route asks for."""
    if isinstance(dependant.call, Allowed):
        yield dependant.call.role
    for each in dependant.dependencies:
        yield from roles(each)


def walk(app: FastAPI) -> list[tuple[str, str, list[Role]]]:
    """(method, address, roles asked for) of every route under /guichet."""
    return [
        (method, route.path.replace("{", "").replace("}", ""), list(roles(route.dependant)))
        for route in iter_route_contexts(app.routes)
        if route.path and route.path.startswith(HOME)
        for method in sorted(route.methods or ())
        if isinstance(route.original_route, APIRoute) or pytest.fail(f"{route} is not an APIRoute")
    ]


Logged = Callable[[Role], Browser]


def test_every_route_asks_for_a_role(app: FastAPI) -> None:
    routes = walk(app)
    assert len(routes) >= 8
    assert [(m, path) for m, path, asked in routes if not asked and path not in OPEN] == []
    assert {m for m, _, _ in routes} == {"GET", "POST"}


def test_every_page_sends_a_stranger_to_the_log_in(app: FastAPI, stranger_at: Browser) -> None:
    for method, path, _ in walk(app):
        if method == "GET" and path not in OPEN:
            told = stranger_at.get(path)
            assert (told.status_code, told.headers["location"].split("?")[0]) == (303, ENTRY), path


def test_every_form_refuses_no_token_and_a_token_of_another_session(
    app: FastAPI, logged: Logged
) -> None:
    for method, path, asked in walk(app):
        if method == "POST":
            browser = logged(max(asked, key=list(Role).index, default=Role.ADMIN))
            for fields in ({"rien": ""}, {TOKEN: token("autre")}, {TOKEN: ""}):
                told = browser.send("POST", path, fields, {"origin": ADDRESS})
                assert (told.status_code, "plus valable" in told.text) == (403, True), path


@pytest.mark.parametrize(
    "origin", [{"origin": "https://ailleurs.example"}, {"origin": "null"}, {}], ids=str
)
def test_every_form_refuses_another_site(
    app: FastAPI, logged: Logged, origin: dict[str, str]
) -> None:
    for method, path, asked in walk(app):
        if method == "POST":
            browser = logged(max(asked, key=list(Role).index, default=Role.ADMIN))
            told = browser.send("POST", path, {TOKEN: token(browser.secret)}, origin)
            assert (told.status_code, "que depuis cette page" in told.text) == (403, True), path


def test_every_route_refuses_a_lesser_role(app: FastAPI, logged: Logged) -> None:
    for method, path, asked in walk(app):
        most = max(asked, key=list(Role).index, default=Role.AGENT)
        for role in Role:
            if not role.covers(most):
                browser = logged(role)
                told = browser.get(path) if method == "GET" else browser.post(path)
                assert (told.status_code, "ne permet pas" in told.text) == (403, True), path


def test_every_response_is_closed_to_frames_caches_and_scripts(
    app: FastAPI, logged: Logged
) -> None:
    for _, path, _ in walk(app):
        headers = logged(Role.ADMIN).get(path).headers
        assert headers["cache-control"] == "no-store", path
        assert headers["x-frame-options"] == "DENY", path
        assert headers["x-content-type-options"] == "nosniff", path
        if "text/html" in headers.get("content-type", ""):
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
            assert "unsafe" not in policy, path


def test_a_guichet_without_a_database_says_so(
    assistant_settings: Settings, assistant_open: object
) -> None:
    from fastapi.testclient import TestClient

    with TestClient(create(assistant_settings, assistant_open)) as started:  # type: ignore[arg-type]
        assert started.get(ENTRY).status_code == 503
