"""A guichet with an account of each role, and someone of each logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from desk import ADDRESS, PASSWORDS, Browser
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.doors.http.api import create
from assistant.records.people import People, Role
from assistant.records.store import Store
from assistant.settings import Settings


@pytest.fixture(scope="module")
def desk_settings(
    assistant_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The town's settings, with a database of this file's own."""
    path = tmp_path_factory.mktemp("guichet") / "journal.sqlite3"
    return assistant_settings.model_copy(update={"journal": f"sqlite:///{path}"})


@pytest.fixture(scope="module")
def app(desk_settings: Settings) -> FastAPI:
    return create(desk_settings)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=ADDRESS) as started:
        yield started


@pytest.fixture(scope="module")
def store(client: TestClient, desk_settings: Settings) -> Iterator[Store]:
    """The database of the guichet, with its three accounts."""
    opened = Store(desk_settings.journal_url)
    people = People(opened)
    for role, password in PASSWORDS.items():
        people.add(role.value, role, "test", password)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def logged(client: TestClient, store: Store) -> Callable[[Role], Browser]:
    """Gives the browser of someone of a role, logged in."""
    found: dict[Role, Browser] = {}

    def one(role: Role) -> Browser:
        if role not in found:
            found[role] = Browser(client)
            assert found[role].enter(role.value, PASSWORDS[role]).status_code == 303
        return found[role]

    return one


@pytest.fixture
def agent(logged: Callable[[Role], Browser]) -> Browser:
    return logged(Role.AGENT)


@pytest.fixture
def editor(logged: Callable[[Role], Browser]) -> Browser:
    return logged(Role.EDITOR)


@pytest.fixture
def admin(logged: Callable[[Role], Browser]) -> Browser:
    return logged(Role.ADMIN)


@pytest.fixture
def stranger_at(client: TestClient, store: Store) -> Browser:
    """The browser of someone who is not logged in."""
    return Browser(client)
