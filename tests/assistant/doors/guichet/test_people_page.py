from __future__ import annotations

import re

from desk import PASSWORDS, Browser
from fastapi.testclient import TestClient

from assistant.records.people import People, Role
from assistant.records.store import Store

PAGE = "/guichet/personnes"
GOOD = "quatre mots sans rapport"


def link(text: str) -> str:
    found = re.search(r"<code>(https://testserver(/guichet/bienvenue\?code=[\w-]+))</code>", text)
    assert found
    return found[2]


def test_an_administrator_adds_someone_who_chooses_a_password(
    admin: Browser, client: TestClient
) -> None:
    told = admin.post(PAGE, name="Lea.Petit", role="editor")
    assert told.status_code == 200
    code = link(told.text).partition("code=")[2]
    assert code not in admin.get(PAGE).text  # shown once
    new = Browser(client)
    new.get(link(told.text))
    new.post("/guichet/bienvenue", code=code, password=GOOD, again=GOOD)
    assert new.enter("lea.petit", GOOD).status_code == 303
    assert "rédaction" in new.get("/guichet/compte").text
    assert "lea.petit" in admin.get(PAGE).text


def test_what_cannot_be_an_account_is_told_in_the_form(admin: Browser) -> None:
    for name, said in (("É", "ne peut pas être un identifiant"), ("agent", "existe déjà")):
        told = admin.post(PAGE, name=name, role="agent")
        assert (told.status_code, said in told.text) == (422, True)
    assert "existe pas" in admin.post(PAGE, name="x.y", role="chef").text


def test_a_role_is_changed_and_a_session_ends(
    admin: Browser, client: TestClient, store: Store
) -> None:
    People(store).add("ana", Role.AGENT, "test", GOOD)
    ana = Browser(client)
    ana.enter("ana", GOOD)
    assert admin.post(f"{PAGE}/role", name="ana", role="admin").status_code == 303
    assert ana.get("/guichet").status_code == 303
    ana.enter("ana", GOOD)
    assert ana.get(PAGE).status_code == 200
    assert admin.post(f"{PAGE}/sessions", name="ana").status_code == 303
    assert ana.get(PAGE).status_code == 303


def test_an_account_is_closed_and_opened_again(
    admin: Browser, client: TestClient, store: Store
) -> None:
    People(store).add("luc", Role.AGENT, "test", GOOD)
    luc = Browser(client)
    luc.enter("luc", GOOD)
    admin.post(f"{PAGE}/etat", name="luc", disabled="oui")
    assert luc.get("/guichet").status_code == 303
    assert luc.enter("luc", GOOD).status_code == 401
    admin.post(f"{PAGE}/etat", name="luc", disabled="non")
    assert luc.enter("luc", GOOD).status_code == 303


def test_a_forgotten_password_is_replaced_by_a_link(
    admin: Browser, client: TestClient, store: Store
) -> None:
    People(store).add("zoe", Role.AGENT, "test", GOOD)
    told = admin.post(f"{PAGE}/lien", name="zoe")
    page = Browser(client)
    page.get(link(told.text))
    assert "zoe" in page.get(link(told.text)).text


def test_the_last_administrator_cannot_be_closed(admin: Browser, store: Store) -> None:
    people = People(store)
    for account in people.accounts():  # those of the other tests
        if account.user.role is Role.ADMIN and account.user.name != "admin":
            people.change(account.user.id, "test", role=Role.AGENT)
    told = admin.post(f"{PAGE}/etat", name="admin", disabled="oui")
    assert told.status_code == 409
    assert "dernier compte d" in told.text
    assert admin.get(PAGE).status_code == 200


def test_what_is_done_is_shown_and_never_a_password(admin: Browser) -> None:
    page = admin.get(PAGE).text
    assert "compte créé" in page and "cette liste ne peut être" in page.lower()
    assert "argon2" not in page and not any(word in page for word in PASSWORDS.values())


def test_an_account_that_is_not_there_is_told(admin: Browser) -> None:
    for path in ("role", "etat", "sessions", "lien"):
        told = admin.post(f"{PAGE}/{path}", name="personne", role="agent")
        assert (told.status_code, "pas de compte" in told.text) == (409, True)
