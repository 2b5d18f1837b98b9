"""The demonstration page, on the real server and the real index, from a question to its passage."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .double import ROOT, lacking, violations

FIREFOX = Path("/usr/bin/firefox-esr")
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 375, "height": 812}, "is_mobile": True, "has_touch": True}


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_resident_asks_and_reads_the_proof(
    served: str, browser: Browser, device: dict[str, object], tmp_path: Path
) -> None:
    context = browser.new_context(locale="fr-FR", **device)  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    page = context.new_page()
    errors: list[str] = []  # of a script, of the content policy, of a missing file
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(f"{message.text} {message.location['url']}"))
    page.goto(served)
    _look(page, tmp_path / "closed.png")

    page.get_by_role("button", name="C'est quoi Petites villes de demain").click()
    page.get_by_role("button", name="Copier", exact=True).wait_for()
    _look(page, tmp_path / "answered.png")

    answer = page.locator("assistant-pvd .answer")
    assert answer.get_attribute("data-outcome") == "answered"
    first = page.get_by_role("button", name="Voir le passage 1")
    first.click()
    expect(first).to_have_attribute("aria-expanded", "true")
    sentence = answer.locator(".text").inner_text().replace("\u00a0", " ")
    mark = page.locator("assistant-pvd mark").first
    expect(mark).to_be_visible()
    assert mark.inner_text().replace("\u00a0", " ") in sentence
    _look(page, tmp_path / "cited.png")
    quoted = mark.inner_text()
    with context.expect_page() as opening:
        page.get_by_role("link", name="Voir le passage dans le document").first.click()
    expect(opening.value.locator(".here mark")).to_have_text(quoted)
    assert [error for error in errors if not error.endswith("/favicon.ico")] == []
    context.close()


def test_a_resident_asks_and_reads_the_proof_in_firefox(served: str, tmp_path: Path) -> None:
    if not FIREFOX.exists():
        lacking("Firefox", "firefox-esr")
    question = "C'est quoi Petites villes de demain ?"
    run = subprocess.run(
        ["node", ROOT / "tests/clients/firefox.mjs", served, question, tmp_path / "firefox.png"],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, f"{run.stderr}\nDo the packages miss? Run: npm ci"
    found = json.loads(run.stdout)
    assert found["version"].startswith("firefox/")
    assert (found["title"], found["outcome"]) == ("Assistant automatique (IA)", "answered")
    assert found["mark"] in found["text"]
    assert (found["open"], found["focus"], found["errors"]) == (False, "launcher", [])


def _look(page: Page, path: Path) -> None:
    page.screenshot(path=path)
    assert violations(page) == []
