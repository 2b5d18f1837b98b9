"""What is asked in vain, from the journal to a draft, or to the known questions of a town."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from desk import Browser
from fastapi.testclient import TestClient
from townsfolk import OPENING

from assistant import assembly
from assistant.doors.guichet.gaps import GAPS
from assistant.records.answers import Answers
from assistant.records.store import Store
from assistant.records.vain import digest
from assistant.settings import Settings
from corpus import questions as known

POOL = "La piscine de Valbourg ouvre-t-elle au public la nuit, le dimanche soir ?"


@pytest.fixture(scope="module")
def desk_settings(
    assistant_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The town in a folder of this file's own: its questions are written."""
    folder = tmp_path_factory.mktemp("guichet")
    shutil.copytree(assistant_settings.catalogue.parent, folder / "valbourg")
    shutil.copytree(assistant_settings.index, folder / "var" / "index")
    return assistant_settings.model_copy(
        update={"catalogue": folder / "valbourg" / "catalogue.toml", "var": folder / "var"}
    )


def ask(client: TestClient, question: str, useful: bool | None = None) -> Any:
    answer = client.post("/api/v1/answers", json={"question": question}).json()
    if useful is not None:
        judged = {"useful": useful}
        client.post(f"/api/v1/answers/{answer['id']}/feedback", json=judged)
    return answer


def group(browser: Browser, question: str) -> str:
    """The address of the group of a question."""
    page = browser.get(GAPS).text
    address = f"{GAPS}/{digest(question)}"
    assert address in page
    return address


def test_a_question_in_vain_becomes_a_draft(
    client: TestClient, agent: Browser, editor: Browser, store: Store
) -> None:
    ask(client, POOL, useful=False)
    ask(client, "Ma fille a le 06 11 22 33 44, où est la patinoire olympique ?")
    at = group(agent, POOL)
    page = agent.get(at).text
    assert "1 fois jugé « pas utile »" in page and "Marquer" not in page
    told = agent.post(f"{at}/rediger")
    assert told.status_code == 303
    drafted = Answers(store).all()[0]
    assert drafted.content.wordings == (POOL,) and drafted.author == "agent"
    assert any(OPENING in proof.quote for proof in drafted.content.proofs)
    assert OPENING in drafted.content.text
    page = editor.get(told.headers["location"]).text
    assert POOL in page and "Brouillon" in page
    assert "06 11 22" not in agent.get(GAPS).text


def test_a_mark_takes_a_group_out_of_sight_and_may_be_taken_back(
    client: TestClient, editor: Browser
) -> None:
    question = "Où louer des skis nautiques à Valbourg ?"
    ask(client, question)
    at = group(editor, question)
    assert editor.post(f"{at}/marquer", mark="off_topic").status_code == 303
    assert at not in editor.get(GAPS).text
    assert at in editor.get(f"{GAPS}?marque=off_topic").text
    assert editor.post(f"{at}/marquer", mark="autre").status_code == 409
    editor.post(f"{at}/marquer", mark="")
    assert at in editor.get(GAPS).text
    assert editor.get(f"{GAPS}/inconnu").status_code == 404


@pytest.mark.usefixtures("checked_here")
def test_its_wordings_become_known_questions_of_a_passage(
    client: TestClient, editor: Browser, desk_settings: Settings
) -> None:
    ask(client, POOL, useful=False)
    at = group(editor, POOL)
    page = editor.get(at).text
    form = next(part for part in page.split("<li>") if OPENING in part and "ajouter" in part)
    passage = re.search(r'name="passage" value="([^"]+)"', form)
    order = re.search(r'name="order" value="(\d+)"', form)
    assert passage and order
    for _ in range(2):  # twice is once
        told = editor.post(f"{at}/ajouter", passage=passage[1], order=order[1])
        assert told.status_code == 303
    town = desk_settings.catalogue.parent
    (line,) = known.read([town / known.FOLDER])
    assert (line.text, line.sentence) == (POOL, OPENING)
    assert "traité" in editor.get(at).text
    done = assembly.build(desk_settings)
    kept = Path(done.built.folder, "questions.jsonl").read_text(encoding="utf-8")
    assert POOL in kept
    wrong = editor.post(f"{at}/ajouter", passage="rien#1", order="0")
    assert wrong.status_code == 409 and "rouvrez la page" in wrong.text
