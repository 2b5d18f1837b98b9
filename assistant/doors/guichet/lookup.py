"""/guichet: look an answer up, with someone waiting; then its sheet, printed, copied or sent."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from assistant import messages
from assistant.answers import Answer, Door
from assistant.assembly import Assistant
from assistant.doors.guichet.access import Agent, Sent
from assistant.doors.guichet.desk import shown
from assistant.doors.guichet.passed import (
    KINDS,
    SCOPES,
    Filter,
    chosen,
    judged,
    matched,
    passed,
)
from assistant.doors.http.problems import said
from assistant.doors.http.ready import Ready
from assistant.doors.http.schemas import Question
from assistant.doors.pages.asking import blocks
from assistant.doors.pages.pictures import Pictures
from assistant.doors.pages.proofs import neighbours
from assistant.doors.pages.site import day
from assistant.question.typed import MAX_QUESTION
from assistant.records.receipts import Receipt
from assistant.records.receipts import reference as as_kept
from corpus.catalogue import Contact

router = APIRouter()

_REFERENCE = re.compile(r"[0-9a-f]{32}")
_DEEP = 60  # passages found, before the filter
_LISTED = 10  # of them, after it
_LETTER = 1800  # characters of a letter by « mailto: »: longer ones are refused by mail programs
_UNKNOWN = (
    "Aucune réponse n’est gardée sous cette référence. Vérifiez-la, chiffre par chiffre ; une "
    "réponse s’efface d’elle-même à la fin du délai, ou à la demande de l’habitant."
)


@router.get("")
def empty(request: Request, who: Agent) -> HTMLResponse:
    """The field, before a first search."""
    return _page(request, who)


@router.post("")
def lookup(request: Request, who: Agent, sent: Sent, assistant: Ready) -> HTMLResponse:
    """The answer to a question and the passages behind it, or the kept answer of a reference."""
    words = sent.get("question", "")
    reference = as_kept(words)
    if _REFERENCE.fullmatch(reference):
        return _kept(request, who, assistant, reference)
    try:
        filter = chosen(sent)
        question = Question(question=words).question
    except ValidationError as error:
        wrong = said([{**each, "loc": ("body", *each["loc"])} for each in error.errors()])
        return _page(request, who, 422, words=words, wrong=wrong)
    except ValueError as error:
        return _page(request, who, 422, words=words, wrong=str(error))
    answer, way = assistant.explained(question, door=Door.GUICHET)
    context = assistant.context()
    generation = context.generation
    hits = context.retriever.search(
        way.found.query if way.found else way.words, _DEEP, language=None
    ).hits
    hits = tuple(h for h in hits if filter.keeps(generation.documents[h.passage.document_id]))
    found = passed(answer, way, hits[:_LISTED], generation)
    asked = answer.asked or answer.question or way.words
    contact = answer.contact or assistant.catalogue.town.contact
    return _page(
        request,
        who,
        words=asked,
        filter=filter,
        answer=answer,
        blocks=blocks(answer),
        found=found,
        known=matched(way),
        judged=None if answer.citations else judged(way, context.threshold),
        contact=contact,
        letter=_letter(assistant, asked, answer, contact),
        pictured=_pictured(
            assistant,
            {each.passage.id for each in found} | {c.passage_id for c in answer.citations},
        ),
        beside={
            citation.passage_id: _around(assistant, citation.passage_id)
            for citation in answer.citations
        },
        seconds=sum(answer.seconds.values()),
    )


def _pictured(assistant: Assistant, ids: Collection[str]) -> set[str]:
    """Those of these passages whose page can be shown as it was published."""
    generation = assistant.retriever.generation
    passages = [generation.by_id[id] for id in ids if id in generation.by_id]
    return {
        passage.id
        for passage in passages
        if passage.page is not None
        and Pictures.source(assistant.catalogue, generation.documents[passage.document_id])
    }


def _around(assistant: Assistant, passage_id: str) -> dict[str, Any]:
    """The passages before and after one, in the order of their document."""
    passage = assistant.retriever.generation.by_id.get(passage_id)
    if passage is None:
        return {"before": [], "after": []}
    before, after = (neighbours(assistant, passage, step) for step in (-1, 1))
    return {"before": before[::-1], "after": after}


def _kept(request: Request, who: Agent, assistant: Assistant, reference: str) -> HTMLResponse:
    """The answer that a resident was given, found by the reference that they bring."""
    if assistant.journal is None:
        return _page(request, who, 404, words=reference, wrong=_UNKNOWN)
    receipt: Receipt | None = assistant.journal.recall(reference)
    if receipt is None:
        return _page(request, who, 404, words=reference, wrong=_UNKNOWN)
    return _page(
        request,
        who,
        words=reference,
        receipt=receipt,
        at=datetime.fromisoformat(receipt.at).astimezone(),
        contact=assistant.catalogue.town.contact,
    )


def _letter(assistant: Assistant, asked: str, answer: Answer, contact: Contact | None) -> str:
    """The address of a letter that holds the answer and its sources, for the agent's own mail.

    Quotations go first when it would be too long, sources never.
    """
    town = assistant.catalogue.town.name
    head = [f"Vous demandiez : {asked}", "", answer.text.strip(), ""]
    links = [
        f"[{c.number}] {messages.named(s)}{f' : {s.url}' if s.url else ''}"
        for c in answer.citations
        for s in c.sources
    ] + [
        f"[{c.number}] {c.publisher}, {c.title}{f' : {c.url}' if c.url else ''}"
        for c in answer.citations
        if not c.sources
    ]
    quotes = [f"[{c.number}] « {c.quote} »" for c in answer.citations]
    tail = [f"Réponse de l’assistant de {town}, {day(date.today().isoformat())}."]
    if contact is not None:
        tail.append("Contact : " + ", ".join(filter(None, (contact.name, contact.phone))))
    for middle in ([*quotes, "", *links], links):
        body = "\n".join([*head, *(["Sources :", *middle, ""] if middle else []), *tail])
        if len(quote(body)) <= _LETTER:
            break
    return f"mailto:?subject={quote(f'Votre question à la mairie de {town}')}&body={quote(body)}"


def _page(request: Request, who: Any, status: int = 200, **values: Any) -> HTMLResponse:
    known: dict[str, Any] = {
        "words": "",
        "wrong": "",
        "filter": Filter(),
        "answer": None,
        "receipt": None,
        "longest": MAX_QUESTION,
        "scopes": SCOPES,
        "kinds": KINDS,
        "today": date.today().isoformat(),
    }
    return shown(request, who, "chercher.html", status, **known | values)
