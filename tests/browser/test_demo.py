"""The demonstration page, on the real server and the real index, from a question to its passage."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .double import violations


@pytest.fixture(scope="module")
def served(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server, on an index built for the occasion."""
    environment = os.environ | {"ASSISTANT_VAR": str(tmp_path_factory.mktemp("var"))}
    command = [sys.executable, "-m", "assistant"]
    subprocess.run([*command, "build"], check=True, env=environment, timeout=300)
    address = f"http://127.0.0.1:{port + 1}"
    with subprocess.Popen([*command, "serve", "--port", str(port + 1)], env=environment) as server:
        try:
            _wait(server, f"{address}/readyz")
            yield address
        finally:
            server.terminate()


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(600):
        if server.poll() is not None:
            pytest.fail(f"`assistant serve` stopped with {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"{address} did not answer")


DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 375, "height": 812}, "is_mobile": True, "has_touch": True}


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_resident_asks_and_reads_the_proof(
    served: str, browser: Browser, device: dict[str, object], tmp_path: Path
) -> None:
    context = browser.new_context(locale="fr-FR", **device)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
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
    assert [error for error in errors if not error.endswith("/favicon.ico")] == []
    context.close()


def _look(page: Page, path: Path) -> None:
    page.screenshot(path=path)
    assert violations(page) == []
