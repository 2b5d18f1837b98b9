"""The pages, on the real server and the real index: their states, and a resident's ways through."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .double import Double, violations

QUESTION = "Qui a signé la convention ORT de Guichen ?"
CHOSEN = (
    "?site=https://www.exemple.fr&privacy=https://www.exemple.fr/donnees&accent=%23aa4400"
    "&words=%23ffffff&mode=launcher&contact="
)
LOOKS: list[tuple[str, int, dict[str, Any]]] = [
    ("1280", 1280, {"color_scheme": "light"}),
    ("390", 390, {"color_scheme": "light"}),
    ("390-dark", 390, {"color_scheme": "dark"}),
    ("320-dark", 320, {"color_scheme": "dark"}),
    ("320-forced", 320, {"color_scheme": "light", "forced_colors": "active"}),
]


def ask(page: Page, address: str, path: str = "/poser", question: str = QUESTION) -> None:
    page.goto(address + path)
    page.get_by_label("Votre question").fill(question)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", name="Réponse de l’assistant")).to_be_visible()


def followed(page: Page, address: str) -> None:
    ask(page, address)
    page.get_by_label("Votre question").fill("et quand ?")
    page.get_by_label("En mots simples").check()
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("Ce qui a été dit avant").click()
    expect(page.get_by_text(f"Vous : {QUESTION}".replace(" :", "\u00a0:"))).to_be_visible()


def wrong(page: Page, address: str) -> None:
    page.goto(f"{address}/poser")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("La question est vide")


def refused(page: Page, address: str) -> None:
    ask(page, address, question="Quelle est la météo à Guichen demain ?")
    expect(page.get_by_role("heading", name="À qui s’adresser")).to_be_visible()


def deleting(page: Page, address: str) -> None:
    ask(page, address)
    page.get_by_role("button", name="La relire ou la supprimer").click()
    page.get_by_role("button", name="Supprimer cette réponse").click()
    expect(page.get_by_text("Supprimer cette réponse pour de bon")).to_be_visible()


def deleted(page: Page, address: str) -> None:
    deleting(page, address)
    page.get_by_role("button", name="Supprimer", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("ont été effacés")


def unknown(page: Page, address: str) -> None:
    page.goto(f"{address}/recu")
    page.get_by_label("Référence").fill("0" * 32)
    page.get_by_role("button", name="Relire la réponse").click()
    expect(page.get_by_role("alert")).to_contain_text("Aucune réponse")


def poor(page: Page, address: str) -> None:
    """Colours that nobody can read: told as they are chosen, and refused when sent."""
    page.goto(f"{address}/integration")
    page.locator("#words").fill("#6699cc")
    expect(page.locator("#contraste")).to_contain_text("trop peu")
    page.get_by_label("Adresse du site").fill("https://www.exemple.fr")
    page.get_by_label("Page « données personnelles »").fill("https://www.exemple.fr/donnees")
    page.get_by_role("button", name="Préparer").click()
    expect(page.get_by_role("alert")).to_contain_text("2,75 pour 1")


def all_open(page: Page, address: str) -> None:
    page.goto(f"{address}/a-propos")
    for summary in page.locator("summary").all():
        summary.click()


STATES: dict[str, Callable[[Page, str], object]] = {
    "poser": lambda page, address: page.goto(f"{address}/poser"),
    "answered": ask,
    "framed": lambda page, address: ask(page, address, "/embed"),
    "followed": followed,
    "wrong": wrong,
    "refused": refused,
    "recu": lambda page, address: page.goto(f"{address}/recu"),
    "deleting": deleting,
    "deleted": deleted,
    "unknown": unknown,
    "passage": lambda page, address: page.goto(f"{address}/passages/ort%231?debut=0&fin=66"),
    "integration": lambda page, address: page.goto(f"{address}/integration{CHOSEN}"),
    "poor": poor,
    "a-propos": all_open,
    "error": lambda page, address: page.goto(f"{address}/rien"),
}


@pytest.mark.parametrize("name", STATES)
def test_a_page_is_for_everyone(
    page: Page, served: str, name: str, pytestconfig: pytest.Config
) -> None:
    kept = Path(pytestconfig.rootpath) / "var" / "screens"
    STATES[name](page, served)
    for look, width, media in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(**{"forced_colors": "none"} | media)
        page.screenshot(path=kept / f"{name}-{look}.png", full_page=True)
        assert violations(page) == [], look
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look


def test_a_resident_without_javascript_asks_proves_and_deletes(
    browser: Browser, served: str
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(30_000)
    ask(page, served)
    taps = 0
    page.get_by_role("link", name="Preuve 1").first.click()
    taps += 1
    assert page.url.endswith("#preuve-1")
    mark = page.locator("#preuve-1 mark")
    expect(mark).to_be_in_viewport()
    assert mark.inner_text() in page.locator("article .said").first.inner_text()
    page.locator("#preuve-1").get_by_role("link", name="Revenir à la réponse").click()
    taps += 1
    expect(page.locator("#reponse")).to_be_in_viewport()
    assert taps == 2  # to a proof, and back
    page.get_by_role("button", name="La relire ou la supprimer").click()
    page.get_by_role("button", name="Supprimer cette réponse").click()
    page.get_by_role("button", name="Supprimer", exact=True).click()
    expect(page.get_by_role("heading", name="Réponse supprimée")).to_be_visible()
    context.close()


def test_a_printed_answer_is_its_words_and_its_sources(page: Page, served: str) -> None:
    ask(page, served)
    page.emulate_media(media="print")
    expect(page.locator(".ask")).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.locator("article mark").first).to_be_visible()
    address = page.locator(".proofs a[href^='http']").first.evaluate(
        "(link) => getComputedStyle(link, '::after').content"
    )
    assert "http" in address


def pasted(page: Page, served: str, double: Double, name: str, policy: str = "") -> None:
    """Visit a page of a listed site that holds one of the examples of /integration."""
    page.goto(f"{served}/integration{CHOSEN}")
    code = page.locator(f"#{name}").inner_text()
    told = page.locator("#csp").inner_text()
    body = f"<!doctype html><html lang=fr><title>Ville</title><body><main>{code}</main>"
    double.pasted = (body, policy.format(told))
    page.goto(f"{double.url}/pasted")


STRICT = "default-src 'none'; style-src 'self'; {}"


@pytest.mark.parametrize(
    ("name", "policy"),
    [("balise", STRICT), ("script", STRICT + "; trusted-types assistant-pvd")],
)
def test_the_lines_to_paste_run_under_the_policy_given(
    page: Page, served: str, double: Double, name: str, policy: str
) -> None:
    pasted(page, served, double, name, policy)
    page.get_by_role("button", name="Poser une question (IA)").click()
    page.get_by_label("Votre question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Voir le passage 1")).to_be_visible(timeout=30_000)
    link = page.get_by_role("link", name="Données personnelles")
    expect(link).to_have_attribute("href", "https://www.exemple.fr/donnees")


def test_a_frame_is_as_high_as_what_it_shows(page: Page, served: str, double: Double) -> None:
    pasted(page, served, double, "cadre")
    frame = page.frame_locator("#assistant")
    before = int(page.locator("#assistant").get_attribute("height") or 0)
    frame.get_by_label("Votre question").fill(QUESTION)
    frame.get_by_role("button", name="Envoyer").click()
    expect(frame.get_by_role("heading", name="Réponse de l’assistant")).to_be_visible()
    expect(page.locator("#assistant")).not_to_have_attribute("height", str(before))
    high = frame.locator("html").evaluate("(html) => html.getBoundingClientRect().height")
    expect(page.locator("#assistant")).to_have_attribute("height", str(math.ceil(high)))


def test_a_site_that_is_not_listed_frames_nothing(page: Page, served: str, double: Double) -> None:
    double.pasted = (f'<!doctype html><iframe id="assistant" src="{served}/embed"></iframe>', "")
    # The same page, under a name that is not in ASSISTANT_ORIGINS.
    page.goto(f"{double.url.replace('127.0.0.1', 'localhost')}/pasted")
    page.wait_for_timeout(2000)
    assert page.frame_locator("#assistant").locator("textarea").count() == 0
