"""The double: a town's page with the real widget, and a server that says what a test scripts."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

ROOT = Path(__file__).parents[2]
WIDGET = ROOT / "assistant/doors/widget/assistant-pvd.js"
SECOND = WIDGET.with_name("assistant-pvd-more.js")
CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "node_modules/axe-core/axe.min.js"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
# What the widget promises to work under: its server, and nothing inline.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'"
)

HOST = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>Ma commune</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/host.css">{more}
<script type="module" src="/widget/assistant-pvd.js"></script>{again}</head>
<body><main><h1>Ma commune</h1>
<p>La mairie est ouverte du lundi au vendredi. <a href="#contact">Nous écrire</a></p>
<p><button type="button" data-pvd-open>Une question ?</button></p>
<assistant-pvd {attributes}><a href="/poser">Poser une question</a></assistant-pvd>
</main></body></html>"""
HOST_STYLE = """
:root { color-scheme: light dark; font-family: sans-serif; }
body { background: #fff; color: #111; }
a { color: inherit; }
button { min-height: 24px; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } }
"""


def citation(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A quotation whose passage has a character outside the BMP before the quote."""
    quote = "La convention d’adhésion a été signée le 12 mai 2021."
    passage = f"𝟏. Le programme. {quote} Elle engage la commune."
    start = passage.index(quote)
    return {
        "number": number,
        "kind": "quotation",
        "passage_id": f"convention#{number}",
        "title": "Convention d’adhésion au programme Petites villes de demain",
        "publisher": "Ville de Guichen Pont-Réan",
        "sources": [],
        "url": "https://www.exemple.fr/convention.pdf#page=12",
        "page": 12,
        "headings": ["Convention", "Article 1"],
        "date": "2021-05-12",
        "quote": quote,
        "passage": passage,
        "start": start,
        "end": start + len(quote),
        "confidence": None,
        "printed": None,
        "language": "fr",
        **changes,
    }


def summary(number: int = 2) -> dict[str, Any]:
    """Words of a fiche of ours, with a linked official source and an unlinked one of the press."""
    passage = "Le programme a été lancé le 1er octobre 2020. Il aide les petites communes."
    official = {
        "publisher": "ANCT",
        "title": "lancement du programme",
        "url": "https://agence.exemple.fr/pvd",
        "date": "2020-10-01",
        "licence": "Licence Ouverte 2.0",
        "nature": "officiel",
    }
    press = official | {
        "publisher": "La Gazette",
        "title": "Guichen retenue",
        "url": None,
        "date": "2020-12",
        "nature": "presse",
    }
    return citation(
        number,
        kind="summary",
        title="Quelle aide le programme Petites villes de demain apporte-t-il aux communes ?",
        publisher="Assistant PVD",
        sources=[official, press],
        url=official["url"],
        page=None,
        headings=[],
        date="2026-11",
        quote=passage[:45],
        passage=passage,
        start=0,
        end=45,
    )


def about(**changes: Any) -> dict[str, Any]:
    """What the server says of itself."""
    return {
        "town": "Guichen",
        "contact": refusal()["contact"] | {"name": "Mairie de Guichen"},
        "suggestions": ["C’est quoi l’ORT ?", "Qui pilote le programme ?"],
        "kept_days": 30,
        **changes,
    }


def answer(*sentences: tuple[str, list[int]], **changes: Any) -> dict[str, Any]:
    """An answer of these sentences, citing a quotation (1) and a summary (2)."""
    told = sentences or (
        ("La convention d’adhésion a été signée le 12 mai 2021.", [1]),
        ("Le programme a été lancé le 1er octobre 2020.", [2]),
    )
    return {
        "id": "a1",
        "outcome": "answered",
        "text": " ".join(text for text, _ in told),
        "sentences": [{"text": text, "citations": numbers} for text, numbers in told],
        "citations": [citation(1), summary(2)],
        "nearest": [],
        "contact": None,
        "language": "fr",
        "generation": "000001",
        "seconds": {},
        **changes,
    }


def refusal(**changes: Any) -> dict[str, Any]:
    """An answer that refuses: it cites nothing, names who to ask and what is near."""
    return (
        answer(
            outcome="refused_personal_data",
            text="Je ne peux pas traiter de données personnelles. Écrivez à la mairie.",
            sentences=[],
            citations=[],
            nearest=[citation(1)],
            contact={
                "name": "Accueil de la mairie",
                "url": "https://www.exemple.fr/contact",
                "phone": "02 99 00 00 00",
                "email": "accueil@exemple.fr",
                "address": None,
                "hours": "du lundi au vendredi, 9 h à 12 h",
                "checked": "2026-11-01",
            },
        )
        | changes
    )


def events(reply: dict[str, Any]) -> bytes:
    """The server's events for this answer, a ping included."""
    told: list[tuple[str, Any]] = [("status", {"step": "search"})]
    told += [("citations", {"citations": reply["citations"]})]
    told += [("sentence", sentence) for sentence in reply["sentences"]]
    told += [("done", reply)]
    return b": ping\n\n" + b"".join(
        f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
        for name, data in told
    )


@dataclass
class Double:
    """The scripted server: what it was asked, what it says next."""

    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    judged: list[dict[str, Any]] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=about)
    status: int = 200
    content_type: str = "text/event-stream"
    pasted: tuple[str, str] = ("", "")  # a page of a listed site, and its content policy
    holds: bool = False  # keeps the stream open: chunks may be added
    breaks: bool = False  # cuts the connection, without its end
    left: threading.Event = field(default_factory=threading.Event)  # a client went away

    def says(self, reply: dict[str, Any], every: int | None = None, holds: bool = False) -> None:
        """Stream this answer, cut every so many bytes."""
        self.streams(events(reply), every, holds)

    def streams(self, body: bytes, every: int | None = None, holds: bool = False) -> None:
        """Stream these bytes, cut every so many."""
        step = every or len(body)
        self.chunks = [body[at : at + step] for at in range(0, len(body), step)]
        self.breaks = False
        self.status, self.content_type, self.holds = 200, "text/event-stream", holds

    def sends(self, status: int, content_type: str, body: object) -> None:
        """Answer at once, with JSON, or with text as it is."""
        text = body if isinstance(body, str) else json.dumps(body)
        self.chunks = [text.encode()]
        self.status, self.content_type, self.holds = status, content_type, False

    async def stream(self) -> AsyncIterator[bytes]:
        sent = 0
        try:
            while sent < len(self.chunks) or self.holds:
                for chunk in self.chunks[sent:]:
                    sent += 1
                    yield chunk
                await asyncio.sleep(0.01)
                if self.breaks:
                    raise ConnectionError("cut")
        finally:
            self.left.set()

    async def feedback(self, request: Request) -> Response:
        self.judged.append(await request.json() | {"id": request.path_params["id"]})
        return Response(status_code=204)

    async def held(self, _: Request) -> Response:
        body, policy = self.pasted
        headers = {"content-security-policy": policy} if policy else {}
        return HTMLResponse(body, headers=headers)

    async def describe(self, _: Request) -> Response:
        return JSONResponse(self.about)

    async def answers(self, request: Request) -> Response:
        self.asked.append(await request.json() | {"headers": dict(request.headers)})
        return StreamingResponse(
            self.stream(), status_code=self.status, headers={"content-type": self.content_type}
        )


def page_of_the_town(request: Request) -> Response:
    query = request.query_params
    meta = query.get("meta")
    again = '<script type="module" src="/widget/assistant-pvd.js?again"></script>'
    return HTMLResponse(
        HOST.format(
            lang=query.get("lang", "fr"),
            attributes=query.get("attributes", ""),
            more=f'<meta name="color-scheme" content="{meta}">' if meta else "",
            again=again if "twice" in query else "",
        ),
        headers={"content-security-policy": POLICY},
    )


def frame_of_the_town(request: Request) -> Response:
    """The page in a frame that may run scripts, and nothing else."""
    allowed = "allow-scripts allow-same-origin"
    return HTMLResponse(
        f'<!doctype html><iframe sandbox="{allowed}" src="/" width="900" height="600">'
    )


def routes(double: Double) -> list[Route]:
    """All that the double answers."""
    return [
        Route("/", page_of_the_town),
        Route("/frame", frame_of_the_town),
        Route("/pasted", double.held),
        Route("/host.css", lambda _: Response(HOST_STYLE, media_type="text/css")),
        Route("/widget/assistant-pvd.js", lambda _: FileResponse(WIDGET)),
        Route("/widget/assistant-pvd-more.js", lambda _: FileResponse(SECOND)),
        Route("/healthz", lambda _: Response(headers={"access-control-allow-origin": "*"})),
        Route("/api/v1/about", double.describe),
        Route("/api/v1/answers/{id}/feedback", double.feedback, methods=["POST"]),
        Route("/api/v1/answers", double.answers, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Widget:
    """The widget on a page, as a visitor handles it."""

    page: Page
    double: Double

    def visit(self, attributes: str = "", **query: str) -> Widget:
        query["attributes"] = attributes
        pairs = "&".join(f"{key}={value}" for key, value in query.items())
        self.page.goto(f"{self.double.url}/?{pairs}")
        self.page.wait_for_function("document.querySelector('assistant-pvd').shadowRoot")
        return self

    def open(self) -> Widget:
        self.page.get_by_role("button", name="Poser une question (IA)").click()
        return self

    def equipped(self) -> Widget:
        """Wait for the second file: without it, fewer causes of a failure are told apart."""
        self.page.locator("assistant-pvd .again").wait_for(state="attached")
        return self

    def send(self, question: str = "Quand la convention a-t-elle été signée ?") -> Widget:
        self.page.get_by_label("Votre question").fill(question)
        self.page.keyboard.press("Enter")
        return self

    def ask(self, question: str = "Quand la convention a-t-elle été signée ?") -> Widget:
        """Send, and wait for the end of the answer."""
        ended = self.page.get_by_role("button", name="Copier", exact=True)
        before = ended.count()
        self.send(question)
        expect(ended).to_have_count(before + 1)
        return self

    def text(self, selector: str) -> str:
        return self.page.locator(f"assistant-pvd {selector}").last.inner_text()

    def focused(self) -> str:
        """What has the focus, down to the shadow root: its tag and its class."""
        told: str = self.page.evaluate(
            """() => {
              let one = document.activeElement
              while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement
              return one.localName + (one.className ? '.' + one.className : '')
            }"""
        )
        return told


def violations(page: Page) -> list[str]:
    """What axe finds in the page as it stands: rule, and the elements that break it."""
    if not AXE.exists():
        pytest.fail(f"{AXE} is missing: npm ci")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async () => (await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',
          'wcag22aa', 'best-practice'] })).violations.map((violation) =>
          violation.id + ': ' + violation.nodes.map((node) => node.target.flat().join(' ')))"""
    )
    return list(found)


def lacking(what: str, *packages: str) -> None:
    """End a test for what Debian would bring: on the machine that checks all, it fails."""
    told = f"{what} is missing: apt-get install -y --no-install-recommends {' '.join(packages)}"
    (pytest.fail if os.environ.get("CI") else pytest.skip)(told)
