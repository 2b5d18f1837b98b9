"""The pages of the validated answers, as each role sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from desk import Browser
from fastapi import FastAPI
from townsfolk import OPENING

from assistant.doors.guichet.answers import ANSWERS
from assistant.records.answers import Answers, State, Version
from assistant.records.store import Store

SOON = (date.today() + timedelta(days=90)).isoformat()


def written(browser: Browser, asked: str) -> int:
    """A new draft, by its number."""
    told = browser.post(
        f"{ANSWERS}/nouvelle", wordings=asked, text="Le 8 novembre 2027.", owner="Sports",
        expires=SOON,
    )  # fmt: skip
    assert told.status_code == 303
    return int(told.headers["location"].rpartition("/")[2])


def last(store: Store, id: int) -> Version:
    return Answers(store).versions(id)[0]


def cite(browser: Browser, store: Store, id: int) -> None:
    """Cite the opening, found by a search on the page."""
    page = browser.get(f"{ANSWERS}/{id}?passage=ouverture+de+la+piscine+au+public").text
    form = next(part for part in page.split("<li>") if OPENING in part and "citer" in part)
    passage = re.search(r'name="passage" value="([^"]+)"', form)
    order = re.search(r'name="order" value="(\d+)"', form)
    assert passage and order
    number = str(last(store, id).number)
    told = browser.post(f"{ANSWERS}/{id}/citer", passage=passage[1], order=order[1], number=number)
    assert told.status_code == 303


def test_an_agent_drafts_and_an_editor_validates(
    agent: Browser, editor: Browser, store: Store
) -> None:
    id = written(agent, "La piscine ouvre quand ?\r\nquand ouvre la piscine")
    cite(agent, store, id)
    assert [proof.quote for proof in last(store, id).content.proofs] == [OPENING]
    assert "Valider la réponse" not in agent.get(f"{ANSWERS}/{id}").text
    assert "Valider la réponse" in editor.get(f"{ANSWERS}/{id}").text
    assert editor.post(f"{ANSWERS}/{id}/valider", number="2").status_code == 303
    found = last(store, id)
    assert (found.state, found.author, found.actor) == (State.VALIDATED, "agent", "editor")
    assert "La piscine ouvre quand" in agent.get(f"{ANSWERS}?etat=validated").text
    # What is in service is not an agent's to change.
    for act in ("modifier", "oter"):
        told = agent.post(f"{ANSWERS}/{id}/{act}", number="3", text="Faux.", proof="0")
        assert told.status_code == 403 and "Seule la rédaction" in told.text
    told = editor.post(
        f"{ANSWERS}/{id}/modifier", number="3", text="Dès le 8 novembre 2027.",
        wordings="La piscine ouvre quand ?", owner="Sports", expires=SOON,
    )  # fmt: skip
    assert told.status_code == 303 and last(store, id).state is State.DRAFT
    assert editor.post(f"{ANSWERS}/{id}/retirer", number="4", why="fermée").status_code == 303
    page = agent.get(f"{ANSWERS}/{id}").text
    assert "fermée" in page and "Dès le 8 novembre 2027." in page and "Version 1" in page
    assert "réponse retirée" in page and "Décider" not in page


def test_what_is_missing_is_said_and_nothing_typed_is_lost(editor: Browser, store: Store) -> None:
    id = written(editor, "Combien de bassins ?")
    told = editor.post(f"{ANSWERS}/{id}/valider", number="1")
    assert told.status_code == 422 and "Il manque un passage cité" in told.text
    long = "a" * 1300
    told = editor.post(f"{ANSWERS}/{id}/modifier", number="1", text=long, wordings="Et là ?")
    assert told.status_code == 422 and long in told.text and "raccourcissez-la" in told.text
    told = editor.post(f"{ANSWERS}/nouvelle", wordings="Et là ?", expires="hier")
    assert told.status_code == 422 and "Et là ?" in told.text
    assert last(store, id).number == 1
    stale = editor.post(f"{ANSWERS}/{id}/modifier", number="9", text="Autre.")
    assert stale.status_code == 422 and "changée entre-temps" in stale.text


@pytest.fixture
def second(app: FastAPI) -> Iterator[None]:
    """The town wants a second approval."""
    usual = app.state.settings
    app.state.settings = usual.model_copy(update={"second_approval": True})
    yield
    app.state.settings = usual


@pytest.mark.usefixtures("second")
def test_a_second_person_approves_where_the_town_wants_it(
    editor: Browser, admin: Browser, store: Store
) -> None:
    id = written(editor, "Où est la piscine ?")
    cite(editor, store, id)
    assert "Une autre personne de la rédaction" in editor.get(f"{ANSWERS}/{id}").text
    told = editor.post(f"{ANSWERS}/{id}/valider", number="2")
    assert told.status_code == 422 and "seconde personne" in told.text
    assert admin.post(f"{ANSWERS}/{id}/valider", number="2").status_code == 303
    admin.post(f"{ANSWERS}/{id}/retirer", number="3")


def test_words_that_the_passages_do_not_say_are_pointed_at(editor: Browser, store: Store) -> None:
    id = written(editor, "La piscine ouvre-t-elle en 2029 ?")
    cite(editor, store, id)
    assert "À vérifier" not in editor.get(f"{ANSWERS}/{id}").text
    editor.post(
        f"{ANSWERS}/{id}/modifier", number="2", text="Le 9 mars 2029.", owner="Sports",
        wordings="La piscine ouvre-t-elle en 2029 ?", expires=SOON,
    )  # fmt: skip
    page = editor.get(f"{ANSWERS}/{id}").text
    assert "À vérifier" in page and "<li>Le 9 mars 2029.</li>" in page


def test_a_proof_may_be_taken_back_and_a_lost_one_is_refused(editor: Browser, store: Store) -> None:
    id = written(editor, "La piscine est où ?")
    cite(editor, store, id)
    assert editor.post(f"{ANSWERS}/{id}/oter", number="2", proof="0").status_code == 303
    assert last(store, id).content.proofs == ()
    for wrong in ({"passage": "rien#1", "order": "0"}, {"passage": "piscine#1", "order": "99"}):
        told = editor.post(f"{ANSWERS}/{id}/citer", number="3", **wrong)
        assert told.status_code == 409 and "cherchez-le" in told.text
    assert editor.get(f"{ANSWERS}/999").status_code == 409
