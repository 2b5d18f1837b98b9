"""The search of the corpus that ships, with our questions typed in several ways, above floors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.assembly import Assistant
from assistant.measuring.evaluation import read_questions
from assistant.measuring.retrieval import of_questions
from index.measuring.evaluation import run, summarise

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))["typing"]


def test_what_a_known_question_asks_for_is_found_and_answers(starter: Assistant) -> None:
    answer = starter.answer("une aide pr mon restaurant")  # no passage has a word of restaurants
    assert "Pass Commerce" in answer.sentences[0].text


@pytest.mark.parametrize("variant", FLOORS)
def test_a_question_is_found_however_it_is_typed(starter: Assistant, variant: str) -> None:
    held = [q for q in read_questions(HERE / "questions.jsonl") if q.split == "held"]
    judged = of_questions("held", held, starter.retriever.generation.passages)
    found = summarise(run(judged, starter.retriever, [variant])).measures
    for measure, floor in FLOORS[variant].items():
        assert found[measure] >= floor, f"{measure} of held typed {variant}: {found[measure]:.3f}"
