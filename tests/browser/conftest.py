"""A browser, a town's page with the real widget, and the scripted server behind it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.applications import Starlette

from .double import (
    CHROMIUM,
    FLAGS,
    Double,
    Widget,
    about,
    answer,
    routes,
)

PATIENCE = 30_000  # ms: a machine busy with other tests is slow
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def port() -> int:
    return _free()


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def served_double(port: int) -> Iterator[Double]:
    double = Double(f"http://127.0.0.1:{port}")
    app = Starlette(routes=routes(double))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield double
    double.holds = False
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def site_port() -> int:
    """Where another listed site may be served: a test's own."""
    return _free()


@pytest.fixture(scope="session")
def served(port: int, site_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server, on an index built for the occasion."""
    environment = os.environ | {
        "ASSISTANT_VAR": str(tmp_path_factory.mktemp("var")),
        # The double's pages, and those of another site.
        "ASSISTANT_ORIGINS": f'["http://127.0.0.1:{port}", "http://127.0.0.1:{site_port}"]',
    }
    command = [sys.executable, "-m", "assistant"]
    subprocess.run([*command, "build"], check=True, env=environment, timeout=300)
    own = _free()
    address = f"http://127.0.0.1:{own}"
    with subprocess.Popen([*command, "serve", "--port", str(own)], env=environment) as server:
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


@pytest.fixture
def double(served_double: Double) -> Iterator[Double]:
    served_double.asked.clear()
    served_double.judged.clear()
    served_double.about = about()
    served_double.left.clear()
    served_double.says(answer())
    yield served_double
    served_double.holds = False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install -y chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


WATCH = """
window.violations = []
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(event.violatedDirective + ' ' + event.blockedURI))
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A French visitor's page; a script error or a refusal of the content policy fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(WATCH)
    yield page
    refused = page.evaluate("window.violations ?? []")
    context.close()
    assert (errors, refused) == ([], [])


@pytest.fixture
def widget(page: Page, double: Double) -> Widget:
    return Widget(page, double)
