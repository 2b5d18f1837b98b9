"""A question's life: in vain through the widget, answered by the town, then to review."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from building import checked_here
from playwright.sync_api import Page, expect
from serving import serving

from assistant import assembly
from assistant.doors.http.api import create
from assistant.records.people import People, Role
from assistant.records.store import Store
from assistant.settings import Settings

from .double import violations

GOOD = "quatre mots sans rapport"
ASKED = "Peut-on nager à Valbourg la nuit ?"
ANSWER = "Pas avant le 8 novembre 2027, jour de son ouverture au public."
LABEL = "Réponse validée par la mairie (Service des sports, le "
LOOKS = ((1280, "light"), (320, "light"), (320, "dark"))


@dataclass(frozen=True)
class Desk:
    """A server, and the settings of its town, whose files are the test's own."""

    address: str
    settings: Settings


@pytest.fixture
def desk(own: Settings) -> Iterator[Desk]:
    settings = own.model_copy(update={"poll": 0.2})
    with serving(create(settings)) as address:
        store = Store(settings.journal_url)
        People(store).add("marie", Role.EDITOR, "terminal", GOOD)
        store.close()
        yield Desk(address, settings)


def asks(page: Page, desk: Desk) -> str:
    """What the widget answers to the question, as a resident reads it."""
    page.goto(f"{desk.address}/")
    page.locator("assistant-pvd").get_by_role("button").first.click()
    box = page.get_by_role("textbox")
    box.fill(ASKED)
    box.press("Enter")
    told = page.locator("assistant-pvd .answer").last
    expect(told).to_contain_text("Référence", timeout=30_000)
    return told.inner_text()


def until(wanted: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not (found := wanted()) and time.monotonic() < end:
        time.sleep(0.3)
    return found


def looks_right(page: Page, name: str, pytestconfig: pytest.Config) -> None:
    """At every width and theme: nothing for axe, nothing that scrolls sideways."""
    kept = Path(pytestconfig.rootpath) / "var" / "screens"
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.screenshot(path=kept / f"guichet-{name}-{width}-{scheme}.png", full_page=True)
        assert violations(page) == [], (name, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")


def test_a_question_in_vain_becomes_an_answer_of_the_town_until_its_source_changes(
    page: Page, desk: Desk, pytestconfig: pytest.Config
) -> None:
    before = asks(page, desk)
    assert LABEL not in before and ANSWER not in before

    page.goto(f"{desk.address}/guichet")
    page.get_by_label("Identifiant").fill("marie")
    page.get_by_label("Mot de passe").fill(GOOD)
    page.get_by_label("Mot de passe").press("Enter")
    page.get_by_role("link", name="Sans réponse").click()
    expect(page.get_by_role("region", name="Les groupes de questions")).to_contain_text("nager")
    looks_right(page, "sans-reponse", pytestconfig)
    page.get_by_role("link", name="Peut-on nager").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Peut-on nager")
    looks_right(page, "groupe", pytestconfig)
    page.get_by_role("button", name="Rédiger une réponse").click()

    # The draft has the question and the words of the nearest passages; one proves the answer.
    expect(page.get_by_label("Questions")).to_have_value(ASKED)
    page.get_by_label("Réponse (").fill(ANSWER)
    page.get_by_label("Service").fill("Service des sports")
    page.get_by_label("À relire").fill((date.today() + timedelta(days=90)).isoformat())
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer").click()
    cited = page.get_by_role("button", name="Ne plus citer")
    for left in reversed(range(cited.count())):
        cited.first.click()
        expect(cited).to_have_count(left)
    page.get_by_label("Chercher un passage à citer").fill("ouverture de la piscine au public")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_role("button", name="Citer : La piscine de Valbourg ouvre").click()
    expect(page.locator(".proofs blockquote")).to_contain_text("8 novembre 2027")
    looks_right(page, "redaction", pytestconfig)
    page.get_by_role("button", name="Valider la réponse").click()
    expect(page.locator(".note").first).to_contain_text("Validée")
    looks_right(page, "validee", pytestconfig)
    page.get_by_role("link", name="Réponses validées").click()
    looks_right(page, "reponses", pytestconfig)

    # Within seconds, residents get it, with its label and its proof.
    assert until(lambda: ANSWER in asks(page, desk))
    assert LABEL in asks(page, desk)
    page.locator("assistant-pvd .answer").last.get_by_role("button", name="1").first.click()
    proof = page.locator("assistant-pvd .proof mark").first
    expect(proof).to_contain_text("La piscine de Valbourg ouvre au public le 8 novembre 2027")
    assert violations(page) == []

    # The source changes at a build: the answer is to review, and no longer given.
    fiche = desk.settings.catalogue.parent / "fiches" / "piscine.md"
    text = fiche.read_text(encoding="utf-8").replace("8 novembre 2027", "9 janvier 2028")
    fiche.write_text(text, encoding="utf-8")
    with checked_here():
        done = assembly.build(desk.settings)
    assert any(f"(« {ASKED} ») est à revoir" in told for told in done.warnings)
    assert until(lambda: ANSWER not in asks(page, desk))
    page.goto(f"{desk.address}/guichet/reponses?etat=review")
    table = page.get_by_role("region", name="Les réponses")
    expect(table).to_contain_text("à revoir : le passage")
    looks_right(page, "a-revoir", pytestconfig)
