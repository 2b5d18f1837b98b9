"""Questions about a convention and its avenants, asked among the national fiches that ship."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asking import ask
from building import checked_here
from forms import BLOCKS, FORMS, in_text
from valbourg import QUESTIONS, UNKNOWN

from assistant.answers import CITING, Outcome
from assistant.doors.http.schemas import AnswerOut, answer_json
from assistant.settings import STARTER
from corpus import catalogue
from corpus.conventions import avenants, convention
from corpus.documents import Document
from corpus.reading import entries
from index.build import build
from index.encoder.embedding import load
from index.generation import Generation, live
from index.search.retriever import Retriever


@pytest.fixture(scope="module")
def national() -> list[Document]:
    town = catalogue.load(STARTER)
    return [document for document in entries.read(town) if document.scope == "national"]


@pytest.fixture(scope="module", params=FORMS)
def retriever(
    request: pytest.FixtureRequest,
    national: list[Document],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Retriever]:
    signed = [
        avenants.read(convention.read(in_text(name, request.param, tmp_path_factory)))
        for name in BLOCKS
    ]
    linked, _ = avenants.link(signed)
    root = tmp_path_factory.mktemp("index") / "root"
    with checked_here():
        build([*national, *linked], root, load(""))
    generation = Generation(live(root), load(""))
    yield Retriever(generation)
    generation.close()


@pytest.mark.parametrize(("question", "said", "of_avenants"), QUESTIONS)
def test_a_convention_answers_word_for_word(
    retriever: Retriever, question: str, said: str, of_avenants: str
) -> None:
    found = ask(retriever, question)
    assert found.outcome is Outcome.ANSWERED
    quotes = " ".join(citation.quote for citation in found.citations)
    assert said.replace("\u00a0", " ") in quotes.replace("\u00a0", " ")
    assert of_avenants.casefold() in found.text.casefold()
    passages = retriever.generation.by_id
    for citation in found.citations:
        assert passages[citation.passage_id].text[citation.start : citation.end] == citation.quote
        if citation.superseded:
            assert "par l'avenant n°" in citation.headings[-1] and "À savoir" in found.text


@pytest.mark.parametrize("question", UNKNOWN)
def test_what_a_convention_does_not_hold_is_not_answered(
    retriever: Retriever, question: str
) -> None:
    assert ask(retriever, question).outcome not in CITING


def test_no_answer_mixes_old_words_with_those_in_force(retriever: Retriever) -> None:
    found = ask(retriever, "Quel est le budget de la fiche action 3 ?")
    assert "936 000" not in found.text and "1 058 000" not in found.text


def test_the_json_tells_which_avenant_and_where(retriever: Retriever) -> None:
    found = ask(retriever, "Quel était le budget de la fiche action 3 avant l'avenant ?")
    sent = AnswerOut.model_validate(answer_json(found))
    first, second = sent.citations[0].superseded
    assert (first.document_id, first.title, first.date) == (
        "avenant-1",
        "avenant n° 1",
        "2026-05-12",
    )
    assert (second.effect, second.part) == ("modifié", "fiche 3")
    text = retriever.generation.by_id[second.passages[0]].text
    assert "1 112 000 €" in text.replace("\u00a0", " ")
    now = AnswerOut.model_validate(answer_json(ask(retriever, "Quel budget pour l'action 3 ?")))
    amends = now.citations[0].amends
    assert amends is not None and (amends.document_id, amends.part) == ("avenant-2", "fiche 3")
