from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import assembly
from assistant.answers import Outcome
from assistant.assembly import Assistant, assemble
from assistant.proof import entailment
from assistant.settings import Settings
from index.errors import IndexMismatch, IndexMissing

POOL = "Quand la piscine de Valbourg ouvre-t-elle au public, rue des Halles ?"


@pytest.fixture
def following(own: Settings) -> Iterator[Assistant]:
    opened = assemble(own)
    yield opened
    for timer in timers():
        timer.cancel()
    opened.retriever.generation.close()


def timers() -> list[threading.Timer]:
    return [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


def test_an_answer_names_the_generation_it_comes_from(assistant_open: Assistant) -> None:
    answer = assistant_open.answer(POOL)
    assert (answer.outcome, answer.generation) == (Outcome.ANSWERED, "000001")


def test_who_asks_first_waits_for_no_model(assistant_open: Assistant) -> None:
    entailment.model.cache_clear()
    assistant_open.warm()
    assert entailment.model.cache_info().currsize == 1


def test_absences_come_from_the_facts(assistant_open: Assistant) -> None:
    answer = assistant_open.answer("Combien coûte la piscine de Valbourg, et qui la paie ?")
    assert answer.outcome is Outcome.NOT_PUBLISHED


def test_the_town_is_who_to_ask(assistant_open: Assistant) -> None:
    contact = assistant_open.answer("Quelle météo ?").contact
    assert contact is not None and contact.name == "Mairie de Valbourg"


@pytest.mark.usefixtures("checked_here")
def test_a_newer_generation_is_followed(own: Settings, following: Assistant) -> None:
    fiche = own.catalogue.parent / "fiches" / "piscine.md"
    fiche.write_text(fiche.read_text("utf-8").replace("8 novembre", "9 novembre"), "utf-8")
    assert following.answer(POOL).generation == "000001"
    assembly.build(own)
    answer = following.answer(POOL)
    assert answer.generation == "000002" and "9 novembre 2027" in answer.text


def test_the_old_generation_does_not_hold_the_process(own: Settings, following: Assistant) -> None:
    shutil.copytree(own.index / "generations" / "000001", own.index / "generations" / "000002")
    (own.index / "current").write_text("000002\n")
    following.answer(POOL)
    assert [timer.daemon for timer in timers()] == [True]


def test_a_pointer_to_nothing_is_logged_and_the_old_one_serves(
    own: Settings, following: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    (own.index / "current").write_text("000009\n")
    assert following.answer(POOL).generation == "000001"
    assert "000009" in caplog.text and "assistant build" in caplog.text


def test_the_pointer_is_left_alone_between_two_looks(own: Settings) -> None:
    opened = assemble(own.model_copy(update={"poll": 3600.0}))
    (own.index / "current").write_text("000009\n")
    assert opened.answer(POOL).generation == "000001"
    opened.retriever.generation.close()


def test_without_an_index_nothing_opens(own: Settings, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="assistant build"):
        assemble(own.model_copy(update={"var": tmp_path / "vide"}))


def test_the_index_of_another_model_is_refused(own: Settings) -> None:
    with pytest.raises(IndexMismatch):
        assemble(own.model_copy(update={"model": ""}))
