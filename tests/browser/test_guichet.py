"""The guichet in a browser: every page for everyone, and an administrator's way by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from serving import serving

from assistant.assembly import assemble
from assistant.doors.guichet.report import as_file
from assistant.doors.http.api import create
from assistant.measuring.week import week
from assistant.records.people import People, Role
from assistant.records.store import Store
from assistant.settings import Settings

from .double import violations

GOOD = "quatre mots sans rapport"
MARKET = "Quand le marché de Valbourg a-t-il lieu ?"
LOOKS: list[tuple[str, int, dict[str, Any]]] = [
    ("1280", 1280, {"color_scheme": "light"}),
    ("320", 320, {"color_scheme": "light"}),
    ("320-dark", 320, {"color_scheme": "dark"}),
    ("320-forced", 320, {"color_scheme": "light", "forced_colors": "active"}),
]


@pytest.fixture(scope="module")
def settings(assistant_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    path = tmp_path_factory.mktemp("guichet") / "journal.sqlite3"
    return assistant_settings.model_copy(update={"journal": f"sqlite:///{path}"})


@pytest.fixture(scope="module")
def desk(settings: Settings) -> Iterator[str]:
    """A server with an administrator, and three answers."""
    with serving(create(settings)) as address:
        store = Store(settings.journal_url)
        People(store).add("marie", Role.ADMIN, "terminal", GOOD)
        store.close()
        for question in (MARKET, "Quel temps fera-t-il ?", "Bonjour"):
            asked = httpx.post(f"{address}/api/v1/answers", json={"question": question})
            judged = {"useful": False, "reasons": ["wrong"]}
            httpx.post(f"{address}/api/v1/answers/{asked.json()['id']}/feedback", json=judged)
        yield address


def enter(page: Page, desk: str) -> None:
    page.goto(f"{desk}/guichet")
    page.get_by_label("Identifiant").fill("marie")
    page.get_by_label("Mot de passe").fill(GOOD)
    page.get_by_label("Mot de passe").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chercher")


def journal(page: Page, desk: str) -> None:
    page.goto(f"{desk}/guichet/journal")
    page.locator("summary").click()


def answer(page: Page, desk: str) -> None:
    page.goto(f"{desk}/guichet/journal")
    page.get_by_role("link", name="Quand le marché").click()
    page.locator("summary").click()


def linked(page: Page, desk: str) -> None:
    page.goto(f"{desk}/guichet/personnes")
    page.get_by_role("button", name="Créer un lien pour marie").click()
    expect(page.get_by_role("status")).to_contain_text("bienvenue?code=")


def welcome(page: Page, desk: str) -> None:
    linked(page, desk)
    page.goto(str(page.get_by_role("status").locator("code").text_content()))
    expect(page.get_by_role("heading", level=1)).to_have_text("Choisir votre mot de passe")


def wrong(page: Page, desk: str) -> None:
    page.goto(f"{desk}/guichet/personnes")
    page.locator("#name").fill("É")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_role("alert")).to_contain_text("ne peut pas être un identifiant")


def outside(page: Page, desk: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{desk}/guichet")
    page.get_by_label("Identifiant").fill("personne")
    page.get_by_label("Mot de passe").fill("faux")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")


def report(page: Page, desk: str) -> None:
    page.goto(f"{desk}/guichet/rapport")
    page.get_by_role("heading", name="À écrire ensuite").wait_for()


STATES = {
    "chercher": lambda page, desk: None,
    "journal": journal,
    "reponse": answer,
    "rapport": report,
    "personnes": lambda page, desk: page.goto(f"{desk}/guichet/personnes"),
    "lien": linked,
    "bienvenue": welcome,
    "erreur": wrong,
    "compte": lambda page, desk: page.goto(f"{desk}/guichet/compte"),
    "connexion": outside,
}


@pytest.mark.parametrize("name", STATES)
def test_a_page_of_the_guichet_is_for_everyone(
    page: Page, desk: str, name: str, pytestconfig: pytest.Config
) -> None:
    kept = Path(pytestconfig.rootpath) / "var" / "screens"
    enter(page, desk)
    STATES[name](page, desk)
    for look, width, media in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(**{"forced_colors": "none"} | media)
        page.screenshot(path=kept / f"guichet-{name}-{look}.png", full_page=True)
        assert violations(page) == [], look
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look


@pytest.mark.usefixtures("desk")
def test_a_report_saved_is_for_everyone_and_prints(
    page: Page, settings: Settings, tmp_path: Path
) -> None:
    with closing(assemble(settings, recording=True)) as assistant:
        assert assistant.store is not None
        told = week(assistant, assistant.store, settings.var, wait=30.0)
        (tmp_path / "rapport.html").write_text(as_file(assistant, told), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "rapport.html").as_uri())
    for _, width, media in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(**{"forced_colors": "none"} | media)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    page.emulate_media(media="print", color_scheme="light", forced_colors="none")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("region", name="Questions par jour")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF-")
    assert len(asked) == 1


def test_without_an_account_the_page_is_for_everyone_too(
    page: Page, assistant_settings: Settings, tmp_path: Path
) -> None:
    path = f"sqlite:///{tmp_path / 'journal.sqlite3'}"
    with serving(create(assistant_settings.model_copy(update={"journal": path}))) as address:
        page.goto(f"{address}/guichet")
        expect(page.get_by_role("heading", level=1)).to_contain_text("n’est pas encore ouvert")
        assert violations(page) == []


def test_an_administrator_without_javascript_filters_and_logs_out(
    browser: Browser, desk: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, desk)
    page.get_by_role("link", name="Journal", exact=True).click()
    page.get_by_label("Mots de la question").fill("marché")
    page.get_by_role("button", name="Filtrer").click()
    rows = page.get_by_role("region", name="Questions", exact=True).get_by_role("row")
    expect(rows).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Les télécharger").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 2 and MARKET in text
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto(f"{desk}/guichet/journal")
    expect(page.get_by_role("heading", level=1)).to_have_text("Se connecter au guichet")
    context.close()
