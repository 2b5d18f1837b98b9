from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from fastapi.testclient import TestClient
from townsfolk import ASKED, OPENING, approved, content, soon

from assistant import assembly
from assistant.answers import Answer, Outcome
from assistant.assembly import Assistant, assemble
from assistant.doors.cli import commands
from assistant.doors.http.api import create
from assistant.records import journal
from assistant.records.answers import Answers, State
from assistant.records.store import Store
from assistant.settings import Settings
from assistant.validated import serving


def given(assistant: Assistant, question: str = ASKED) -> Answer:
    return assistant.answer(question)


def test_a_running_server_serves_what_another_process_validates(own: Settings) -> None:
    with closing(assemble(own, recording=True)) as here:
        assert given(here).validated is None
        with closing(Store(own.journal_url)) as store:  # as another process has its own
            answers = Answers(store)
            made = approved(answers, here.retriever.generation)
            assert soon(lambda: given(here).validated is not None)
            answer = given(here)
            assert answer.outcome is Outcome.ANSWERED and answer.validated is not None
            assert (answer.validated.id, answer.validated.version) == (made.id, 2)
            assert answer.text.startswith("Réponse validée par la mairie (Service des sports, le ")
            assert answer.text.endswith("\nVous pourrez nager à partir du 8 novembre 2027.")
            (citation,) = answer.citations
            assert citation.quote == OPENING
            assert citation.passage[citation.start : citation.end] == citation.quote
            assert answer.rewritten == {1} and answer.writer is None and answer.contact is None
            answers.retire(made.id, 2, "paul", "")
            assert soon(lambda: given(here).validated is None)


def test_every_door_says_that_the_town_answers(own: Settings) -> None:
    with closing(assemble(own, recording=True)) as here, TestClient(create(own, here)) as client:
        assert here.store is not None
        made = approved(Answers(here.store), here.retriever.generation)
        api = client.post("/api/v1/answers", json={"question": ASKED}).json()
        given = {"id": made.id, "version": 2, "owner": "Service des sports", "date": made.at[:10]}
        assert api["validated"] == given
        assert api["sentences"] == [
            {
                "text": "Vous pourrez nager à partir du 8 novembre 2027.",
                "citations": [1],
                **{"written": False, "language": "fr", "before": " ", "remark": ""},
            }
        ]
        chat = client.post(
            "/v1/chat/completions",
            json={"model": "assistant-pvd", "messages": [{"role": "user", "content": ASKED}]},
        ).json()
        assert chat["validated"] == given
        said = chat["choices"][0]["message"]["content"]
        assert said.startswith("Réponse validée par la mairie (Service des sports, le ")
        assert "8 novembre 2027. [1]" in said
        told = " ".join(commands.told(here.answer(ASKED)).split())
        assert told.startswith("Réponse validée par la mairie") and f"« {OPENING} »" in told
        page = client.post(
            "/poser", data={"question": ASKED}, headers={"origin": "http://testserver"}
        ).text
        assert "Réponse validée par la mairie" in page and "Vous pourrez nager" in page


def test_an_answer_keeps_which_words_of_the_town_it_gave(own: Settings) -> None:
    with closing(assemble(own, recording=True)) as here:
        assert here.store is not None and here.journal is not None
        answers = Answers(here.store)
        made = approved(answers, here.retriever.generation)
        answer = given(here)
        kept = here.journal.recall(answer.id)
        assert kept is not None and kept.validated == answer.validated and not kept.written
        assert here.replay(kept).same
        answers.revise(
            made.id, 2, content(here.retriever.generation, text="Le 8 novembre."), "marie"
        )
        answers.validate(made.id, 3, "paul", here.retriever.generation, second=True)
        assert soon(lambda: given(here).text.endswith("Le 8 novembre."))
        again = here.replay(kept)
        assert again.changed["validated"] == ("1, version 2", "1, version 4")
        assert again.same_text is False


@pytest.mark.usefixtures("checked_here")
def test_a_build_that_changes_what_is_cited_puts_the_answer_to_review(own: Settings) -> None:
    with closing(assemble(own, recording=True)) as here:
        assert here.store is not None
        answers = Answers(here.store)
        made = approved(answers, here.retriever.generation)
        assert given(here).validated is not None
        fiche = own.catalogue.parent / "fiches" / "piscine.md"
        text = fiche.read_text(encoding="utf-8").replace("8 novembre 2027", "9 janvier 2028")
        fiche.write_text(text, encoding="utf-8")
        done = assembly.build(own)
        assert any(
            f"réponse validée n° {made.id} (« {ASKED} ») est à revoir" in told
            for told in done.warnings
        )
        assert answers.versions(made.id)[0].state is State.REVIEW
        # Even before the server has looked at the database again.
        assert given(here).validated is None
        # A build that changes nothing still tells.
        assert any("à revoir" in told for told in assembly.build(own).warnings)


@pytest.mark.usefixtures("checked_here")
def test_a_server_sets_aside_what_falls_while_it_runs(own: Settings) -> None:
    """As when the index comes from another machine: its build knew nothing of the answers."""
    with closing(assemble(own, recording=True)) as here:
        assert here.store is not None
        answers = Answers(here.store)
        made = approved(answers, here.retriever.generation)
        assert given(here).validated is not None
        (own.catalogue.parent / "fiches" / "piscine.md").unlink()
        assembly.build(own.model_copy(update={"journal": "sqlite:///" + str(own.var / "none")}))
        assert given(here).validated is None
        assert soon(lambda: answers.versions(made.id)[0].state is State.REVIEW)


def test_a_database_that_cannot_be_read_costs_no_answer(
    own: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    own.var.mkdir(exist_ok=True)
    (own.var / "journal.sqlite3").write_bytes(b"this is no database at all" * 100)
    with closing(assemble(own, recording=True)) as here:
        assert (
            given(here, "Quand la piscine de Valbourg ouvre-t-elle au public ?").outcome
            is Outcome.ANSWERED
        )
    assert "validated answers cannot be read" in caplog.text
    assert ASKED not in caplog.text


def test_a_database_that_is_locked_is_not_waited_for(
    own: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(journal, "_OPENING", 0.1)
    monkeypatch.setattr(serving, "_PATIENCE", 0.1)
    own.var.mkdir(exist_ok=True)
    file = own.var / "journal.sqlite3"
    waiting = own.model_copy(update={"journal": f"sqlite:///{file}?timeout=60"})
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        here = assemble(waiting, recording=True)
        answer = given(here)
        assert "journal" not in caplog.text  # it has not given up yet
        other.execute("ROLLBACK")
    with closing(here):
        assert here.journal is not None and here.journal.recall(answer.id) is not None
