from __future__ import annotations

import html
import re
from urllib.parse import unquote

import pytest
from desk import Browser
from fastapi import FastAPI

from assistant.assembly import Assistant
from assistant.doors.guichet.access import HOME
from corpus.documents import FICHES

ASKED = "Quand le marché de Valbourg a-t-il lieu ?"


@pytest.fixture(scope="module")
def assistant(app: FastAPI, client: object) -> Assistant:
    found = app.state.assistant
    assert isinstance(found, Assistant)
    return found


def shown(agent: Browser, question: str = ASKED, **fields: str) -> str:
    page = agent.post(HOME, question=question, **fields)
    assert page.status_code == 200
    return str(page.text)


def test_the_answer_comes_with_its_quotations_and_who_to_ask(
    agent: Browser, assistant: Assistant
) -> None:
    answer = assistant.answer(ASKED)
    page = html.unescape(shown(agent))
    assert answer.citations
    for citation in answer.citations:
        assert citation.quote in page
        assert f"/passages/{citation.passage_id.replace('#', '%23')}?debut={citation.start}" in page
    assert assistant.catalogue.town.contact.name in page


def test_each_passage_found_says_whether_it_was_cited_or_why_not(agent: Browser) -> None:
    page = shown(agent)
    found = page[page.index('id="trouves"') :].split("<li>")[1:]
    assert len(found) > 1
    reasons = ("Cité", "répond mieux", "n’a pas été lu", "n’a pas été trouvée")
    assert all(any(reason in one for reason in reasons) for one in found), found
    assert "<strong>Cité : preuve 1" in page


def test_what_is_not_answered_says_how_far_it_was(agent: Browser) -> None:
    page = shown(agent, "Quel est le prix du pain à la boulangerie du bourg ?")
    assert "il en faut" in page or "avant toute recherche" in page
    assert "Cité : preuve" not in page


def test_the_passages_listed_are_of_the_documents_chosen(
    agent: Browser, assistant: Assistant
) -> None:
    documents = assistant.retriever.generation.documents

    def listed(**fields: str) -> set[str]:
        page = shown(agent, **fields)
        found = page[page.index('id="trouves"') :]
        return set(re.findall(r'<a href="/passages/([^"?%]+)%23\d+">', found))

    kinds = {documents[id].kind for id in listed()}
    assert len(kinds) > 1
    assert {documents[id].kind for id in listed(kind="fiche")} == kinds & set(FICHES)
    assert not {documents[id].kind for id in listed(kind="publication")} & set(FICHES)
    assert {documents[id].scope for id in listed(scope="local")} == {"local"}
    assert not listed(scope="national")
    assert "Aucun passage ne correspond" in shown(agent, kind="convention")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"question": ""}, "La question est vide"),
        ({"question": "x" * 2000}, "caractères"),
        ({"question": ASKED, "kind": "autre"}, "choisissez-le dans la page"),
        ({"question": ASKED, "since": "an 2"}, "quatre chiffres"),
    ],
)
def test_what_cannot_be_searched_says_what_to_do(
    agent: Browser, fields: dict[str, str], said: str
) -> None:
    page = agent.post(HOME, **fields)
    assert page.status_code == 422
    assert said in page.text and 'aria-invalid="true"' in page.text


def test_personal_data_is_neither_shown_nor_sent(agent: Browser) -> None:
    page = shown(agent, "Je suis au 06 12 34 56 78, quand le marché de Valbourg a-t-il lieu ?")
    assert "06 12 34" not in page and "06%2012" not in page


def test_an_answer_given_to_a_resident_is_found_by_its_reference(
    agent: Browser, assistant: Assistant
) -> None:
    given = assistant.answer(ASKED)
    page = html.unescape(shown(agent, f" {given.id[:8]}-{given.id[8:]} ".upper()))
    assert "Réponse donnée le" in page and given.id in page
    assert all(citation.quote in page for citation in given.citations)
    unknown = agent.post(HOME, question="0" * 32)
    assert unknown.status_code == 404 and "Aucune réponse n’est gardée" in unknown.text


def test_the_letter_holds_the_answer_and_its_sources_and_is_not_too_long(
    agent: Browser, assistant: Assistant
) -> None:
    answer = assistant.answer(ASKED)
    found = re.search(r'href="(mailto:[^"]+)"', shown(agent))
    assert found is not None
    letter = html.unescape(found[1])
    body = unquote(letter.partition("&body=")[2])
    assert answer.text.strip() in body and ASKED in body
    assert all(c.publisher in body for c in answer.citations if not c.sources)


def test_a_stranger_finds_nothing(stranger_at: Browser) -> None:
    assert stranger_at.get(HOME).status_code == 303
    assert stranger_at.post(HOME, question=ASKED).status_code in (303, 403)
