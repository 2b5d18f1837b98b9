"""Conversations, scored turn by turn on the corpus that ships, above floors.

talk.json gives each floor with its margin, and the digest of the conversations. No test here shows
a held turn: looking at one spends it (README.md).
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import CITING, Answer
from assistant.assembly import Assistant
from assistant.question.history import Message

HERE = Path(__file__).parent
FLOORS: dict[str, Any] = json.loads((HERE / "talk.json").read_text(encoding="utf-8"))


def test_conversations_are_those_the_floors_were_set_on() -> None:
    digest = hashlib.sha256((HERE / "talk.jsonl").read_bytes()).hexdigest()
    assert digest == FLOORS["digest"], "talk.jsonl changed: measure again, then pin talk.json"


@pytest.mark.parametrize("split", FLOORS["right"])
def test_each_turn_is_answered(starter: Assistant, split: str) -> None:
    lines = map(json.loads, (HERE / "talk.jsonl").read_text(encoding="utf-8").splitlines())
    right = [turn for talk in lines if talk["split"] == split for turn in _right(starter, talk)]
    assert sum(right) / len(right) >= FLOORS["right"][split]["floor"]


def _right(assistant: Assistant, talk: dict[str, Any]) -> list[bool]:
    """Whether each turn, after those before it and their answers, got what it asks for."""
    history: list[Message] = []
    found = []
    for turn in talk["turns"]:
        answer = assistant.answer(turn["question"], history)
        found.append(_is_right(turn, answer))
        history += [Message("user", turn["question"]), Message("assistant", answer.text)]
    return found


def _is_right(turn: dict[str, Any], answer: Answer) -> bool:
    if turn["outcome"]:
        return bool(answer.outcome.value == turn["outcome"])
    if not turn["must_contain"]:  # what it is for is told by the turns after it
        return True
    shown = " ".join([answer.text, *(f"{c.title} {c.quote}" for c in answer.citations)])
    plain = shown.replace("\u202f", " ").replace("\xa0", " ")
    return answer.outcome in CITING and all(
        re.search(pattern, plain, re.IGNORECASE) for pattern in turn["must_contain"]
    )
