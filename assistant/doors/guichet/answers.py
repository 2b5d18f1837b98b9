"""/guichet/reponses: the town's own answers, from the draft to the day they are retired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.assembly import Assistant
from assistant.doors.guichet.access import HOME, Agent, Editor, Sent, Stored
from assistant.doors.guichet.desk import shown
from assistant.doors.guichet.names import STATES
from assistant.doors.http.problems import Refused
from assistant.doors.http.ready import Ready
from assistant.errors import InputError
from assistant.proof.checking import unsupported
from assistant.records import trail
from assistant.records.answers import LONGEST, Answers, Content, State, Version
from assistant.records.people import Role, User
from assistant.records.standing import Proof, fallen, quotes
from index.french.analysis import sentences
from index.generation import Generation
from index.passages import Passage

router = APIRouter()

ANSWERS = f"{HOME}/reponses"
_FOUND = 5  # passages that a search shows
_LINES = 50  # of the trail
_EMPTY = Content((), "", (), "", "")


def _answers(store: Stored) -> Answers:
    return Answers(store)


Kept = Annotated[Answers, Depends(_answers)]


@router.get("/reponses")
def page(request: Request, who: Agent, kept: Kept, etat: str = "") -> HTMLResponse:
    """All of them, or those of a state."""
    versions = kept.all()
    counts = {state: sum(v.state is state for v in versions) for state in State}
    found = [version for version in versions if etat in ("", version.state)]
    return shown(
        request, who, "reponses.html", found=found, counts=counts, chosen=etat, states=STATES
    )


@router.get("/reponses/nouvelle")
def blank(request: Request, who: Agent) -> HTMLResponse:
    """The form of a new one."""
    return shown(request, who, "nouvelle.html", content=_EMPTY, longest=LONGEST, wrong="")


@router.post("/reponses/nouvelle")
def draft(request: Request, who: Agent, kept: Kept, sent: Sent) -> Response:
    """Keep a new draft."""
    content = _content(sent, ())
    try:
        made = kept.draft(content, who.name)
    except InputError as error:
        wrong = str(error)
        return shown(
            request, who, "nouvelle.html", 422, content=content, longest=LONGEST, wrong=wrong
        )
    return to(made)


@router.get("/reponses/{id}")
def one(
    request: Request, who: Agent, kept: Kept, store: Stored, assistant: Ready, id: int,
    passage: str = "",
) -> HTMLResponse:  # fmt: skip
    """An answer, its history, and the passages that a search finds for it."""
    return _one(request, who, kept, store, assistant, id, passage)


def _one(
    request: Request,
    who: User,
    kept: Answers,
    store: Stored,
    assistant: Assistant,
    id: int,
    passage: str = "",
    wrong: str = "",
    content: Content | None = None,
) -> HTMLResponse:
    versions = kept.versions(id)
    last, generation = versions[0], assistant.retriever.generation
    content = content or last.content
    hits = assistant.retriever.search(passage[:300], _FOUND).hits if passage.strip() else ()
    return shown(
        request,
        who,
        "redaction.html",
        422 if wrong else 200,
        last=last,
        content=content,
        versions=versions,
        states=STATES,
        why=fallen(content.proofs, content.expires, generation, kept.today())
        if content.proofs
        else None,
        doubts=_doubts(last.content, assistant),
        titles={id: each.title for id, each in generation.documents.items()},
        cited={proof: _place(proof, assistant) for proof in content.proofs},
        found=[(hit.passage, said(hit.passage)) for hit in hits],
        searched=passage,
        editor=who.role.covers(Role.EDITOR),
        mine=_second(request) and last.author == who.name,
        lines=trail.lines(store, _LINES, f"réponse {id}"),
        longest=LONGEST,
        wrong=wrong,
    )


def _place(proof: Proof, assistant: Assistant) -> str:
    """Where the words of a proof stand today, « titre > titre »; empty where they do not."""
    found = quotes([proof], assistant.retriever.generation)
    return " › ".join(found[0].passage.headings) if found else ""


def said(passage: Passage) -> list[str]:
    """The sentences of a passage, in order."""
    return [passage.text[start:end] for start, end in sentences(passage.text)]


def chosen(sent: Mapping[str, str], generation: Generation) -> tuple[Passage, int, int]:
    """The sentence that a form names by its passage and its order. Raises InputError."""
    passage, order = generation.by_id.get(sent.get("passage", "")), sent.get("order", "")
    spans = sentences(passage.text) if passage is not None else []
    if passage is None or not order.isdecimal() or int(order) >= len(spans):
        raise InputError(
            "Ce passage n'est plus dans les documents : rouvrez la page, puis cherchez-le de "
            "nouveau."
        )
    return (passage, *spans[int(order)])


def _doubts(content: Content, assistant: Assistant) -> list[str]:
    """The lines of an answer that what it cites does not say, as a model's words are checked."""
    generation = assistant.retriever.generation
    said = [q.passage.searched() for q in quotes(content.proofs, generation)]
    return [
        line
        for line in filter(None, content.text.split("\n"))
        if said and unsupported(line, said, generation.acronyms) is not None
    ]


@router.post("/reponses/{id}/modifier")
def revise(
    request: Request, who: Agent, kept: Kept, store: Stored, assistant: Ready, id: int, sent: Sent
) -> Response:
    """Keep other words."""
    last = kept.versions(id)[0]
    content = _content(sent, last.content.proofs)
    try:
        return to(_revised(who, kept, last, sent, content))
    except InputError as error:
        return _one(request, who, kept, store, assistant, id, "", str(error), content)


@router.post("/reponses/{id}/citer")
def cite(who: Agent, kept: Kept, assistant: Ready, id: int, sent: Sent) -> Response:
    """Cite a sentence of a passage too."""
    passage, start, end = chosen(sent, assistant.retriever.generation)
    last = kept.versions(id)[0]
    fresh = Proof(passage.id, passage.digest, start, passage.text[start:end])
    proofs = tuple(dict.fromkeys((*last.content.proofs, fresh)))
    return to(_revised(who, kept, last, sent, replace(last.content, proofs=proofs)))


@router.post("/reponses/{id}/oter")
def uncite(who: Agent, kept: Kept, id: int, sent: Sent) -> Response:
    """Cite some words no longer."""
    last, at = kept.versions(id)[0], sent.get("proof", "")
    proofs = tuple(p for n, p in enumerate(last.content.proofs) if str(n) != at)
    return to(_revised(who, kept, last, sent, replace(last.content, proofs=proofs)))


def _revised(
    who: User, kept: Answers, last: Version, sent: dict[str, str], content: Content
) -> Version:
    """Raises Refused where it would take out of service what only an editor puts there."""
    if last.state is State.VALIDATED and not who.role.covers(Role.EDITOR):
        raise Refused("Seule la rédaction modifie une réponse validée.", status=403)
    return kept.revise(last.id, _number(sent), content, who.name)


@router.post("/reponses/{id}/valider")
def validate(
    request: Request, who: Editor, kept: Kept, store: Stored, assistant: Ready, id: int, sent: Sent
) -> Response:
    """Put it in service."""
    generation = assistant.retriever.generation
    try:
        second = _second(request)
        return to(kept.validate(id, _number(sent), who.name, generation, second=second))
    except InputError as error:
        return _one(request, who, kept, store, assistant, id, "", str(error))


@router.post("/reponses/{id}/retirer")
def retire(who: Editor, kept: Kept, id: int, sent: Sent) -> Response:
    """Take it out of service."""
    return to(kept.retire(id, _number(sent), who.name, sent.get("why", "")[:300]))


def _second(request: Request) -> bool:
    return bool(request.app.state.settings.second_approval)


def to(version: Version) -> Response:
    """Send to the page of an answer."""
    return RedirectResponse(f"{ANSWERS}/{version.id}", 303)


def _number(sent: dict[str, str]) -> int:
    number = sent.get("number", "")
    return int(number) if number.isdecimal() else 0


def _content(sent: dict[str, str], proofs: tuple[Proof, ...]) -> Content:
    return Content(
        tuple(sent.get("wordings", "").split("\n")),
        sent.get("text", ""),
        proofs,
        sent.get("owner", "")[:120],
        sent.get("expires", ""),
    )
