"""/guichet/sources: what the assistant reads, how that went, and what may be changed of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant import messages
from assistant.assembly import REPORT, Assistant
from assistant.doors.guichet import editing
from assistant.doors.guichet.access import HOME, Admin, Agent, Editor, Sent, SentFile, Stored
from assistant.doors.guichet.desk import shown
from assistant.doors.http.ready import Ready
from assistant.errors import InputError
from assistant.records import trail
from assistant.records.people import Role, User
from corpus import report
from corpus.catalogue import FILES, Catalogue, Entry
from corpus.errors import CorpusError, ParseError
from corpus.report import SAID
from corpus.snapshots import Snapshots
from index import build as building
from index.errors import SearchError

router = APIRouter()

SOURCES = f"{HOME}/sources"
_LINES = 12
_READ = {"read", "cut"}
_BEGINS = {"pdf": b"%PDF-", "docx": b"PK", "odt": b"PK", "csv": b""}
_BUSY = "Une lecture des sources est en cours : attendez qu'elle finisse."
# The fields of a contact, as the page names them, in its order.
CONTACT = {
    "name": "Nom",
    "phone": "Téléphone",
    "email": "Courriel",
    "url": "Page",
    "address": "Adresse",
    "hours": "Horaires",
    "checked": "Vérifié le (2026-11-30)",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A source of the catalogue, and how it did at the last build and the last fetch.

    `state` is in French. `doubted` counts its pages read by OCR with doubt; `orders` is
    how the paragraphs begin that are left out because they speak to the assistant.
    """

    entry: Entry
    state: str
    well: bool
    documents: int
    passages: int
    read: str
    changed: str
    doubted: int
    orders: tuple[str, ...]
    problems: tuple[str, ...]


@router.get("/sources")
def overview(request: Request, who: Agent, assistant: Ready, store: Stored) -> HTMLResponse:
    """Every source, the indexes that are kept, who to ask, and the switch."""
    return _page(request, who, assistant, store)


def _page(
    request: Request, who: User, assistant: Assistant, store: Stored, status: int = 200, **more: Any
) -> HTMLResponse:
    settings, generation = request.app.state.settings, assistant.retriever.generation
    contacts = [(-1, assistant.catalogue.town.contact), *enumerate(assistant.catalogue.contacts)]
    return shown(
        request,
        who,
        "sources.html",
        status,
        rows=rows(
            assistant,
            *(report.read(place / REPORT) for place in (settings.commons, settings.var) if place),
        ),
        live=generation.number,
        about=generation.about,
        degraded=generation.degraded,
        kept_indexes=building.generations(settings.index),
        contacts=[(rank, contact, contact.is_old(date.today())) for rank, contact in contacts],
        labels=CONTACT,
        stop=request.app.state.switch.read(),
        run=request.app.state.rebuilding.run,
        lines=trail.lines(store, _LINES, "sources"),
        edits=who.role.covers(Role.EDITOR),
        decides=who.role.covers(Role.ADMIN),
        **({"wrong": "", "sent": {}} | more),
    )


def rows(assistant: Assistant, *built: Mapping[str, Any]) -> list[Row]:
    """A row for each entry of the catalogue, in its order; `built`: what the builds told."""
    catalogue, generation = assistant.catalogue, assistant.retriever.generation
    by_source: dict[str, list[Mapping[str, Any]]] = {}
    for line in chain.from_iterable(told.get("sources", []) for told in built):
        by_source.setdefault(line["source"], []).append(line)
    doubted = Counter(
        document
        for document, _ in {
            (p.document_id, p.page) for p in generation.passages if messages.doubtful(p.confidence)
        }
    )
    try:
        copies = Snapshots(catalogue.path, keep=False)
    except ParseError:
        copies = None
    return [_row(e, by_source.get(e.id, []), doubted, copies) for e in catalogue.entries]


def _row(
    entry: Entry,
    lines: list[Mapping[str, Any]],
    doubted: Mapping[str, int],
    copies: Snapshots | None,
) -> Row:
    documents = [id for line in lines for id in line["documents"]]
    problems = [f"{line['problem']}. {line['remedy']}" for line in lines if line["problem"]]
    read = changed = ""
    if copies is not None and "://" in entry.address:
        status, records = copies.statuses.get(entry.id), list(copies.of(entry.id))
        read = max((record.checked for record in records), default="")
        changed = max((record.changed for record in records), default="")
        if status is not None and status.problem:
            problems.append(f"{status.problem} ({status.failures} fois de suite).")
    states = Counter(line["state"] for line in lines)
    state = ", ".join(
        SAID[state] if len(lines) == 1 else f"{count} {SAID[state]}"
        for state, count in states.items()
    )
    if not entry.enabled:
        state = "laissée de côté"
    return Row(
        entry,
        state or "pas encore lue",
        not entry.enabled or (bool(lines) and states.keys() <= _READ and not problems),
        len(documents),
        sum(line["passages"] for line in lines),
        read,
        changed,
        sum(doubted.get(id, 0) for id in documents),
        tuple(start for line in lines for start in line.get("orders", ())),
        tuple(problems),
    )


@router.post("/sources/etat")
def switch(request: Request, who: Editor, sent: Sent, store: Stored, assistant: Ready) -> Response:
    """Leave a source out of the next build, or take it in again."""
    on, id = sent.get("on") == "oui", sent.get("source", "")
    if id not in {entry.id for entry in assistant.catalogue.entries}:
        raise InputError("Cette source n'est pas dans le catalogue : rechargez la page.")
    return _edited(
        *(request, who, store, assistant),
        lambda path: editing.switched(path, id, on=on),
        "source reprise" if on else "source laissée de côté",
        id,
    )


@router.post("/sources/page")
def add_page(
    request: Request, who: Editor, sent: Sent, store: Stored, assistant: Ready
) -> Response:
    """Add a page, or a document of a site, by its address."""
    address = sent.get("address", "")
    suffix = os.path.splitext(address.partition("?")[0].partition("#")[0])[1].lower().lstrip(".")
    kind = suffix if suffix in ("pdf", "docx", "odt") else "page"
    values = _described(sent) | {"kind": kind, "address": address, "refresh": "monthly"}
    return _edited(
        *(request, who, store, assistant),
        lambda path: editing.added(path, values),
        "source ajoutée",
        values["title"],
        fetches=True,
        sent=sent,
    )


@router.post("/sources/fichier")
def upload(
    request: Request, who: Editor, sent: Sent, file: SentFile, store: Stored, assistant: Ready
) -> Response:
    """Put a document sent from this page in the town's folder, and have it read."""
    if file is None or not file.filename:
        raise InputError("Choisissez un fichier PDF, DOCX ou ODT.")
    kind = os.path.splitext(file.filename)[1].lower().lstrip(".")
    content = file.file.read()
    if kind not in FILES or kind == "csv" or not content.startswith(_BEGINS[kind]):
        raise InputError(
            "Ce fichier n'est pas un PDF, un DOCX ou un ODT : enregistrez-le sous l'un de ces "
            "formats."
        )
    values = _described(sent)

    def change(path: Any) -> Catalogue:
        address = editing.kept(path, file.filename or kind, content)
        try:
            return editing.added(path, values | {"kind": kind, "address": address})
        except BaseException:
            (path.resolve().parent / address).unlink(missing_ok=True)
            raise

    return _edited(
        *(request, who, store, assistant), change, "document envoyé", values["title"], sent=sent
    )


def _described(sent: Mapping[str, str]) -> dict[str, str]:
    """What a form says of a new source. Raises InputError."""
    missing = [
        name
        for key, name in (("title", "le titre"), ("publisher", "qui le publie"))
        if not sent.get(key)
    ]
    if missing:
        raise InputError(f"Il manque {' et '.join(missing)} : écrivez ce que les habitants liront.")
    return {
        "title": sent["title"],
        "publisher": sent["publisher"],
        "licence": sent.get("licence") or "non précisée",
        "scope": sent.get("scope") or "local",
    }


@router.post("/sources/contact")
def contact(request: Request, who: Editor, sent: Sent, store: Stored, assistant: Ready) -> Response:
    """Change who to ask."""
    ranks = {str(rank): rank for rank in range(-1, len(assistant.catalogue.contacts))}
    if sent.get("rang", "") not in ranks:
        raise InputError("Ce contact n'est plus dans le catalogue : rechargez la page.")
    values = {name: sent.get(name, "") for name in CONTACT}
    return _edited(
        *(request, who, store, assistant),
        lambda path: editing.reached(path, ranks[sent["rang"]], values),
        "contact modifié",
        values["name"],
        builds=False,
    )


@router.post("/sources/lecture")
def read(request: Request, who: Editor, sent: Sent, store: Stored, assistant: Ready) -> Response:
    """Fetch a source again, or all of them, then build; or build only."""
    id = sent.get("source", "")
    known = {entry.id for entry in assistant.catalogue.entries}
    if id and id not in known:
        raise InputError("Cette source n'est pas dans le catalogue : rechargez la page.")
    commands = [["build", "--progress"]]
    if sent.get("quoi") == "copier":
        commands.insert(0, ["fetch", *([id] if id else [])])
    if not request.app.state.rebuilding.start(who.name, *commands):
        raise InputError(_BUSY)
    with store.writing() as connection:
        trail.record(connection, who.name, "lecture demandée", "sources", id)
    return RedirectResponse(f"{SOURCES}#lecture", 303)


@router.post("/sources/retour")
def roll_back(
    request: Request, who: Admin, sent: Sent, store: Stored, assistant: Ready
) -> Response:
    """Put an index of before back in service."""
    number = sent.get("index", "")
    try:
        embedder = assistant.retriever.generation.embedder
        folder = building.restore(
            request.app.state.settings.index, number, embedder, assistant.bases
        )
        if assistant.published is not None:
            assistant.published.publish(folder)
    except SearchError as error:
        raise InputError(str(error)) from error
    with store.writing() as connection:
        trail.record(connection, who.name, "index remis en service", "sources", number)
    assistant.follow()
    return RedirectResponse(f"{SOURCES}#index", 303)


@router.post("/sources/arret")
def stop(request: Request, who: Editor, sent: Sent, store: Stored) -> Response:
    """Stop all answers, or answer again."""
    on = sent.get("arret") == "oui"
    said = " ".join(sent.get("dit", "").split())[:300]
    if on:
        request.app.state.switch.stop(who.name, said)
    else:
        request.app.state.switch.lift()
    with store.writing() as connection:
        action = "assistant arrêté" if on else "assistant remis en route"
        trail.record(connection, who.name, action, "sources", said)
    return RedirectResponse(f"{SOURCES}#arret", 303)


def _edited(
    request: Request,
    who: User,
    store: Stored,
    assistant: Assistant,
    change: Any,
    action: str,
    detail: str,
    *,
    builds: bool = True,
    fetches: bool = False,
    sent: Mapping[str, str] | None = None,
) -> Response:
    """Change the catalogue, keep who did, and read the sources again where it matters.

    What the catalogue refuses is said above the form, which keeps what was typed.
    """
    run = request.app.state.rebuilding.run
    if run is not None and run.ended is None:
        raise InputError(_BUSY)
    try:
        change(assistant.catalogue.path)
    except CorpusError as error:
        return _page(request, who, assistant, store, 422, wrong=str(error), sent=sent or {})
    with store.writing() as connection:
        trail.record(connection, who.name, action, "sources", detail)
    assistant.follow()
    if builds:
        commands = [["build", "--progress"]]
        if fetches:
            added = assistant.catalogue.entries[-1].id
            commands.insert(0, ["fetch", added])
        request.app.state.rebuilding.start(who.name, *commands)
    return RedirectResponse(SOURCES, 303)
