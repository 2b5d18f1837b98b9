"""The answers of the corpus that ships, measured and held above floors.

floors.json gives each floor and its margin, and the digest of each file of questions: changing
either is a decision. No test here shows a question: looking at one spends it (README.md).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import CITING
from assistant.assembly import Assistant
from assistant.measuring.evaluation import generate, read_questions, score
from assistant.question.history import Message

HERE = Path(__file__).parent
FLOORS: dict[str, Any] = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def measured(starter: Assistant) -> dict[str, dict[str, Any]]:
    """The measures of each set that floors.json names."""
    asked = {
        "held": [q for q in read_questions(HERE / "questions.jsonl") if q.split == "held"],
        "open": read_questions(HERE / "open.jsonl"),
        "blind": read_questions(HERE / "blind.jsonl"),
        "english": [q for q in read_questions(HERE / "english.jsonl") if q.split == "held"],
    }
    facts = {passage.id: passage.facts for passage in starter.retriever.generation.passages}
    return {name: score(list(generate(starter, qs)), facts) for name, qs in asked.items()}


@pytest.mark.parametrize("name", FLOORS["digests"])
def test_questions_are_those_the_floors_were_set_on(name: str) -> None:
    digest = hashlib.sha256((HERE / name).read_bytes()).hexdigest()
    assert digest == FLOORS["digests"][name], (
        f"{name} changed: measure again, then pin its digest and floors in floors.json"
    )


@pytest.mark.parametrize(
    ("name", "measure"),
    [(name, measure) for name, floors in FLOORS["floors"].items() for measure in floors],
)
def test_measure_is_above_its_floor(
    measured: dict[str, dict[str, Any]], name: str, measure: str
) -> None:
    floor, value = FLOORS["floors"][name][measure]["floor"], measured[name][measure]
    assert value is not None and value >= floor, (
        f"{measure} of {name}: the floor is {floor}, the value {value}"
    )


# What the demo page, the replies and the CLI offer as examples, and the plainest questions of all.
@pytest.mark.parametrize(
    "question",
    [
        "C'est quoi Petites villes de demain ?",
        "Qui a signé la convention ORT de Guichen ?",
        "Qui a signé la convention ORT ?",
        "Quel est le taux du Denormandie pour 9 ans ?",
        "C'est quoi une ORT ?",
        "C'est quoi l'OPAH ?",
        "Que veut dire ANCT ?",
        "PVD ?",
    ],
)
def test_the_plainest_questions_are_answered(starter: Assistant, question: str) -> None:
    assert starter.answer(question).outcome in CITING


def test_a_follow_up_asks_for_its_own_kind_of_thing(starter: Assistant) -> None:
    # A definition before must not make a definition of « combien ».
    history = (Message("user", "C'est quoi le Denormandie ?"), Message("assistant", "Une aide."))
    answer = starter.answer("Et pour 12 ans, c'est combien ?", history)
    assert "21 %" in answer.text
