"""/recu: by its reference, a resident reads the answer that was kept, or deletes it.

The reference is the only key: 122 bits of chance, which no one guesses. It travels in forms, never
in an address that a browser would remember, and nothing here tells a reference that never was from
one that is no longer kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.doors.http.crowd.guesses import looked_up
from assistant.doors.http.ready import Ready
from assistant.doors.pages.site import form, page, same_site
from assistant.errors import JournalError
from assistant.records.receipts import reference as as_kept

router = APIRouter(include_in_schema=False)

_UNKNOWN = (
    "Aucune réponse n'est gardée sous cette référence. Vérifiez-la, chiffre par chiffre ; une "
    "réponse est effacée d'elle-même à la fin du délai, ou dès qu'on le demande."
)
_DOWN = (
    "Les réponses gardées ne peuvent pas être lues en ce moment. Réessayez dans quelques minutes."
)


@router.get("/recu")
def empty(assistant: Ready) -> HTMLResponse:
    """The form that asks for a reference."""
    return page(assistant, "recu.html", reference="", receipt=None, wrong="", done=False)


@router.post("/recu")
async def kept(request: Request, assistant: Ready) -> HTMLResponse:
    """A kept answer; « supprimer » asks to confirm, « confirmer » deletes."""
    same_site(request)
    fields = {name: values[0] for name, values in (await form(request)).items()}
    reference = as_kept(fields.get("reference", ""))
    step = fields.get("step", "")
    if assistant.journal is None or not reference:
        wrong = "Écrivez la référence de la réponse." if assistant.journal else ""
        return _told(assistant, 422 if wrong else 404, wrong, reference)
    try:
        if step == "confirmer":
            done = await looked_up(request, reference, assistant.journal.remove)
            return _told(assistant, 200 if done else 404, "" if done else _UNKNOWN, reference, done)
        receipt = await looked_up(request, reference, assistant.journal.recall)
    except JournalError:  # the journal has logged why
        return _told(assistant, 503, _DOWN, reference)
    if receipt is None:
        return _told(assistant, 404, _UNKNOWN, reference)
    until = datetime.fromisoformat(receipt.at) + timedelta(days=assistant.journal.days)
    return page(
        assistant,
        "recu.html",
        reference=reference,
        receipt=receipt,
        until=until.date().isoformat(),
        confirming=step == "supprimer",
        wrong="",
        done=False,
    )


def _told(
    assistant: Ready, status: int, wrong: str, reference: str, done: bool = False
) -> HTMLResponse:
    return page(
        assistant, "recu.html", status, reference=reference, receipt=None, wrong=wrong, done=done
    )
