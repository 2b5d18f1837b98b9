"""A question of one tap ends as it did, while nothing that an answer depends on has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from townsfolk import ASKED, approved, soon

from assistant import assembly
from assistant.answers import Answer, Outcome, Style
from assistant.assembly import Assistant, assemble
from assistant.context import Context
from assistant.deciding.answerability import Town
from assistant.question.history import Message
from assistant.records.answers import Answers
from assistant.settings import Settings
from index.search.retriever import Retriever

POOL = "Quand la piscine de Valbourg ouvre-t-elle au public, rue des Halles ?"
OTHER = "Quand la piscine ouvre-t-elle, à Valbourg ?"
RECALLED = ["mask", "recall"]  # the steps of what was answered already


@pytest.fixture
def offering(own: Settings) -> Settings:
    """The town, with what its widget offers to ask."""
    text = own.catalogue.read_text("utf-8")
    offered = f'[town]\nsuggestions = ["{POOL}", "{ASKED}", "Quelle météo ?"]'
    own.catalogue.write_text(text.replace("[town]", offered), "utf-8")
    return own


@pytest.fixture
def here(offering: Settings) -> Iterator[Assistant]:
    with closing(assemble(offering, recording=True)) as opened:
        yield opened


def bare(answer: Answer) -> Answer:
    """What a resident is told."""
    return replace(answer, id="", seconds={})


@pytest.mark.parametrize("question", [POOL, "Quelle météo ?"])
def test_a_tap_is_answered_once_and_each_has_its_receipt(here: Assistant, question: str) -> None:
    told: list[list[tuple[str, Any]]] = [[], []]
    first, second = (
        here.answer(question, show=lambda *event, kept=kept: kept.append(event)) for kept in told
    )
    assert bare(second) == bare(first) and second.id != first.id
    assert list(second.seconds) == RECALLED and "read" in first.seconds
    shown = [[e for e in each if e[0] not in ("status", "done")] for each in told]
    assert shown[0] == shown[1]
    assert here.journal is not None
    kept = [here.journal.recall(answer.id) for answer in (first, second)]
    assert kept[0] is not None and kept[1] is not None and here.replay(kept[1]).same
    assert replace(kept[0], id="", at="", seconds=0) == replace(kept[1], id="", at="", seconds=0)


def test_only_what_is_published_is_kept_and_only_first(here: Assistant) -> None:
    before = [Message("user", "Quel jour a lieu le marché ?"), Message("assistant", "Samedi.")]
    for _ in range(2):
        assert "read" in here.answer(OTHER).seconds
        assert "read" in here.answer(POOL, before).seconds
    here.answer(POOL)
    assert "read" in here.answer(POOL, before).seconds
    assert "read" in here.answer(POOL, style=Style.PLAIN).seconds
    assert "search" in here.explained(POOL)[0].seconds  # how it came to it is shown whole


OTHERS: dict[str, Any] = {
    "contacts": (),
    "home": ("Ailleurs",),
    "town": Town(frozenset({"ailleurs"})),
    "absences": frozenset({"F999"}),
    "contested": frozenset({"F999"}),
    "kept_days": 7,
    "today": date(2031, 1, 1),
    "hidden": frozenset({0}),
    "validated": object(),
}


@pytest.mark.parametrize("name", [f.name for f in fields(Context) if f.name != "writer"])
def test_all_that_an_answer_depends_on_has_it_made_again(here: Assistant, name: str) -> None:
    context = here.context()
    other: Any = Retriever(context.generation) if name == "retriever" else OTHERS[name]
    held = here._ends_in(context)
    assert held is not None and here._ends_in(here.context()) is held
    assert here._ends_in(replace(context, **{name: other})) is not held


def test_a_writer_never_writes_twice_the_same(here: Assistant) -> None:
    writer: Any = object()
    assert here._ends_in(replace(here.context(), writer=writer)) is None


@pytest.mark.usefixtures("checked_here")
def test_a_new_index_answers_anew(offering: Settings, here: Assistant) -> None:
    here.answer(POOL)
    assert list(here.answer(POOL).seconds) == RECALLED
    fiche = offering.catalogue.parent / "fiches" / "piscine.md"
    fiche.write_text(fiche.read_text("utf-8").replace("8 novembre", "9 novembre"), "utf-8")
    assembly.build(offering)
    answer = here.answer(POOL)
    assert answer.generation == "000002" and "9 novembre 2027" in answer.text


def test_a_catalogue_that_changes_says_who_to_ask_now(offering: Settings, here: Assistant) -> None:
    for _ in range(2):
        contact = here.answer("Quelle météo ?").contact
        assert contact is not None and contact.name == "Mairie de Valbourg"
    text = offering.catalogue.read_text("utf-8").replace("Mairie de Valbourg", "Mairie annexe")
    offering.catalogue.write_text(text, "utf-8")
    contact = here.answer("Quelle météo ?").contact
    assert contact is not None and contact.name == "Mairie annexe"


def test_another_day_is_another_answer(here: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    class Tomorrow(date):
        @classmethod
        def today(cls) -> Tomorrow:
            return cls(2031, 1, 1)

    here.answer(POOL)
    monkeypatch.setattr(assembly, "date", Tomorrow)
    assert "read" in here.answer(POOL).seconds


def test_what_the_town_validates_and_retires_is_heard(here: Assistant) -> None:
    assert here.store is not None
    answers = Answers(here.store)
    assert here.answer(ASKED).validated is None
    made = approved(answers, here.retriever.generation)
    assert soon(lambda: here.answer(ASKED).validated is not None)
    assert list(here.answer(ASKED).seconds) == RECALLED
    answers.retire(made.id, 2, "paul", "")
    assert soon(lambda: here.answer(ASKED).validated is None)


def test_what_failed_is_tried_again(here: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(Retriever, "search", breaks)
        assert here.answer(POOL).outcome is Outcome.FAILED_SEARCH
    assert here.answer(POOL).outcome is Outcome.ANSWERED
