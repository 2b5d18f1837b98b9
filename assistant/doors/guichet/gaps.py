"""/guichet/sans-reponse: what is asked in vain, and what one may do about it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.assembly import Assistant
from assistant.doors.guichet.access import HOME, Agent, Editor, Sent, Stored
from assistant.doors.guichet.answers import chosen, to
from assistant.doors.guichet.answers import said as sentences_of
from assistant.doors.guichet.desk import shown
from assistant.doors.guichet.names import OUTCOMES
from assistant.doors.http.ready import Ready
from assistant.errors import InputError
from assistant.proof.checking import supporting
from assistant.question.languages import language
from assistant.records import trail
from assistant.records.answers import LONGEST, Answers, Content
from assistant.records.people import Role
from assistant.records.standing import Proof
from assistant.records.vain import SAID, Mark
from assistant.validated.gaps import Group, Grouped
from corpus.catalogue import own_folder
from corpus.errors import CorpusError
from corpus.questions import Expanded, Written
from index.french.analysis import MASK

router = APIRouter()

GAPS = f"{HOME}/sans-reponse"
_SHOWN = 25  # groups a page
_WORDINGS = 10  # of a group, the most asked
_QUOTED = 2  # passages, in a draft
_YEAR = timedelta(days=365)
_BY = "guichet"  # who wrote a known question, in its file


def _grouped(assistant: Assistant) -> Grouped | None:
    if assistant.gaps is None:
        raise HTTPException(404, "Les questions ne sont pas gardées ici.")
    return assistant.gaps.now(assistant.retriever.generation)


def _group(assistant: Assistant, key: str) -> Group:
    found = _grouped(assistant)
    group = found.of(key) if found else None
    if group is None:
        raise HTTPException(404, "Ce groupe de questions n'est plus dans le journal.")
    return group


@router.get("/sans-reponse")
def page(
    request: Request, who: Agent, assistant: Ready, marque: str = "", page: int = 1
) -> HTMLResponse:
    """The groups, the most asked first; without a choice, those of which nothing was said."""
    found = _grouped(assistant) if assistant.gaps else None
    groups = found.groups if found else []
    wanted = [group for group in groups if (group.mark or "") == marque]
    counts = {mark: sum(group.mark is mark for group in groups) for mark in (None, *Mark)}
    page = max(page, 1)
    return shown(
        request,
        who,
        "sans-reponse.html",
        groups=wanted[(page - 1) * _SHOWN : page * _SHOWN],
        total=len(wanted),
        number=page,
        pages=-(-len(wanted) // _SHOWN),
        counts=counts,
        marks=SAID,
        chosen=marque,
        at=found.at if found else None,
        outcomes=OUTCOMES,
        titles=_titles(assistant),
    )


@router.get("/sans-reponse/{key}")
def one(request: Request, who: Agent, assistant: Ready, key: str) -> HTMLResponse:
    """A group: its questions, the passages near them, what one may do."""
    group = _group(assistant, key)
    return shown(
        request,
        who,
        "groupe.html",
        group=group,
        marks=SAID,
        outcomes=OUTCOMES,
        titles=_titles(assistant),
        near=[(passage, sentences_of(passage)) for passage in group.nearest],
        wordings=_wordings(group),
        editor=who.role.covers(Role.EDITOR),
    )


@router.post("/sans-reponse/{key}/marquer")
def mark(who: Editor, assistant: Ready, key: str, sent: Sent) -> Response:
    """Say something of a group, or nothing more."""
    group = _group(assistant, key)
    said = sent.get("mark", "")
    if said not in ("", *Mark):
        raise InputError("Cette marque n'existe pas : choisissez-la dans la page.")
    assert assistant.gaps is not None
    assistant.gaps.mark(group, Mark(said) if said else None, who.name)
    return RedirectResponse(f"{GAPS}/{group.key}", 303)


@router.post("/sans-reponse/{key}/rediger")
def draft(who: Agent, assistant: Ready, store: Stored, key: str) -> Response:
    """Draft an answer: these questions, and the words nearest to them."""
    group = _group(assistant, key)
    proofs = []
    for passage in group.nearest[:_QUOTED]:
        start, end = supporting(group.asked[0].text, passage.text)
        if start < end:
            quote = passage.text[start:end]
            proofs.append(Proof(passage.id, passage.digest, start, quote))
    text = "\n".join(proof.quote for proof in proofs)[:LONGEST]
    expires = (date.today() + _YEAR).isoformat()
    content = Content(tuple(_wordings(group)), text, tuple(proofs), "", expires)
    return to(Answers(store).draft(content, who.name))


@router.post("/sans-reponse/{key}/ajouter")
def teach(who: Editor, assistant: Ready, store: Stored, key: str, sent: Sent) -> Response:
    """Have a sentence of a passage answer these questions, from the next build on."""
    group, generation = _group(assistant, key), assistant.retriever.generation
    passage, start, end = chosen(sent, generation)
    try:
        expanded = Expanded(own_folder(assistant.catalogue.path))
    except CorpusError as error:
        raise InputError(str(error)) from error
    today = date.today().isoformat()
    known = expanded.texts
    fresh = [
        Written(
            True,
            wording,
            passage.text[start:end],
            "plain",
            passage.document_id,
            passage.digest,
            _BY,
            today,
        )
        for wording in _wordings(group)
        if wording not in known
    ]
    try:
        expanded.add((), fresh)
    except OSError as error:
        raise InputError(
            f"{expanded.path} ne peut pas être écrit ({error.strerror}) : rien n'a été ajouté."
        ) from error
    assert assistant.gaps is not None
    with store.writing() as connection:
        done = "questions connues ajoutées"
        trail.record(connection, who.name, done, f"passage {passage.id}", str(len(fresh)))
    assistant.gaps.mark(group, Mark.DONE, who.name)
    return RedirectResponse(f"{GAPS}/{group.key}?fait=ajoute", 303)


def _wordings(group: Group) -> list[str]:
    """Questions of a group that may be kept elsewhere: in French, nothing masked in them."""
    able = (t for t in group.texts if not MASK.search(t) and language(t, ()) == "fr")
    return list(islice(able, _WORDINGS))


def _titles(assistant: Assistant) -> dict[str, str]:
    documents = assistant.retriever.generation.documents
    return {id: document.title for id, document in documents.items()}
