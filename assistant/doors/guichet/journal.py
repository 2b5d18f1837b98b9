"""/guichet/journal: what was asked, how it ended, how many, and the proof of what was deleted."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.answers import Outcome
from assistant.doors.guichet.access import HOME, Agent, Sent, Stored
from assistant.doors.guichet.charts import lengths, through_time
from assistant.doors.guichet.desk import shown
from assistant.doors.guichet.names import DOORS, OPINIONS, OUTCOMES, REASONS
from assistant.doors.http.ready import Ready
from assistant.errors import InputError
from assistant.records import journal, trail
from assistant.records.questions import SHOWN, Asked, Filter, counts, listed, oldest
from assistant.records.receipts import reference as as_kept

router = APIRouter()

JOURNAL = f"{HOME}/journal"
_PROOFS = 20  # lines of the trail that are shown
_SUBJECTS = 15
_COLUMNS = (
    *("référence", "jour et heure (UTC)", "question", "issue", "porte", "langue", "sujet"),
    *("secondes", "avis", "raisons"),
)
_UNKNOWN = (
    "Aucune réponse n'est gardée sous cette référence. Vérifiez-la ; une réponse est effacée "
    "d'elle-même à la fin du délai, ou dès qu'on le demande."
)
_CHOICES: dict[str, Mapping[Any, str]] = {"outcome": OUTCOMES, "door": DOORS, "opinion": OPINIONS}


def _filter(request: Request, assistant: Ready) -> Filter:
    """What the address asks for, of what has not expired. Raises InputError."""
    sent = {
        each.name: request.query_params.get(each.name, "").strip()[:200] for each in fields(Filter)
    }
    for name in ("since", "until"):
        try:
            sent[name] = sent[name] and date.fromisoformat(sent[name]).isoformat()
        except ValueError as error:
            raise InputError("Une date s'écrit comme 2026-11-30.") from error
    for name, known in _CHOICES.items():
        if sent[name] and sent[name] not in known:
            raise InputError("Ce filtre n'existe pas : choisissez-le dans la page.")
    if assistant.journal is not None:
        sent["since"] = max(sent["since"], oldest(date.today(), assistant.journal.days))
    return Filter(**sent)


Wanted = Annotated[Filter, Depends(_filter)]


@router.get("/journal")
def page(
    request: Request,
    who: Agent,
    store: Stored,
    assistant: Ready,
    wanted: Wanted,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """The charts and the questions, filtered."""
    with store.reading() as connection:
        counted = counts(connection, wanted)
        found = list(listed(connection, wanted, number))
    titles = {id: each.title for id, each in assistant.retriever.generation.documents.items()}
    since = min((wanted.since, *counted.days)) if counted.days else wanted.since
    until = wanted.until or date.today().isoformat()
    days = through_time(counted.days, date.fromisoformat(since or until), date.fromisoformat(until))
    cited = {name: count for name, count in counted.subjects.items() if name}
    query = {name: value for name, value in asdict(wanted).items() if value}
    return shown(
        request,
        who,
        "journal.html",
        wanted=wanted,
        counted=counted,
        median=counted.within(0.5),
        slow=counted.within(0.95),
        days=days,
        outcomes=lengths(counted.outcomes),
        by_door=lengths(counted.doors),
        subjects=lengths(cited, _SUBJECTS),
        titles=titles,
        found=found,
        number=number,
        pages=-(-counted.total // SHOWN),
        query=urlencode(query),
        proofs=trail.lines(store, _PROOFS, journal.OBJECT),
        **_names(),
    )


def _names() -> dict[str, Any]:
    return {"named": OUTCOMES, "doors": DOORS, "reasons": REASONS, "opinions": OPINIONS}


@router.get("/journal.csv")
def export(store: Stored, who: Agent, wanted: Wanted) -> Response:
    """The questions of the page, all of them, for a spreadsheet."""
    with store.reading() as connection:
        text = _csv(listed(connection, wanted))
    name = f"journal-{date.today().isoformat()}.csv"
    return Response(
        text.encode("utf-8-sig"),  # without its mark, Excel reads another encoding
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _csv(found: Iterable[Asked]) -> str:
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    for asked in found:
        opinion = {None: "", True: "utile", False: "pas utile"}[asked.useful]
        reasons = ", ".join(REASONS[each] for each in json.loads(asked.reasons or "[]"))
        seconds = "" if asked.seconds is None else f"{asked.seconds:.3f}".replace(".", ",")
        cells = (
            *(
                asked.id,
                asked.at,
                asked.question,
                OUTCOMES[Outcome(asked.outcome)],
                DOORS[asked.door],
            ),
            *(asked.language, asked.subject, seconds, opinion, reasons),
        )
        rows.writerow([inert(cell) for cell in cells])
    return written.getvalue()


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, whatever a resident wrote in it."""
    return f"'{cell}" if cell.lstrip()[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


@router.get("/journal/reponse")
def one(request: Request, who: Agent, assistant: Ready, reference: str = "") -> HTMLResponse:
    """An answer that was given, by the reference that the resident has."""
    known = as_kept(reference)
    receipt = assistant.journal.recall(known) if assistant.journal and known else None
    feedback = assistant.journal.feedback(known) if assistant.journal and receipt else None
    return shown(
        request,
        who,
        "reponse.html",
        200 if receipt else 404,
        reference=known,
        receipt=receipt,
        feedback=feedback,
        wrong="" if receipt else _UNKNOWN,
        **_names(),
    )


@router.post("/journal/effacer")
def erase(who: Agent, assistant: Ready, sent: Sent) -> Response:
    """Delete an answer for a resident who asks for it; who did it stays in the trail."""
    if assistant.journal is None or not assistant.journal.remove(
        sent.get("reference", ""), who.name
    ):
        raise InputError(_UNKNOWN)
    return RedirectResponse(f"{JOURNAL}?fait=efface#effacements", 303)
