"""Double questions and yes or no questions, measured on the corpus that ships, above floors.

asked.json gives each floor with its margin, and the digest of each file of questions. No test here
shows a held question: looking at one spends it (README.md).
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Answer, Outcome
from assistant.assembly import Assistant

HERE = Path(__file__).parent
FLOORS: dict[str, Any] = json.loads((HERE / "asked.json").read_text(encoding="utf-8"))


def _questions(name: str, split: str) -> list[dict[str, Any]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [record for record in map(json.loads, lines) if record["split"] == split]


@pytest.mark.parametrize("name", FLOORS["digests"])
def test_questions_are_those_the_floors_were_set_on(name: str) -> None:
    digest = hashlib.sha256((HERE / name).read_bytes()).hexdigest()
    assert digest == FLOORS["digests"][name], f"{name} changed: measure again, then pin asked.json"


@pytest.mark.parametrize("split", ["fit", "held"])
def test_double_questions(starter: Assistant, split: str) -> None:
    asked = _questions("double.jsonl", split)
    ended = [(record, starter.answer(record["question"])) for record in asked]
    right = sum(_is_right(record, answer) for record, answer in ended)
    floors = FLOORS["double"][split]
    assert right / len(ended) >= floors["right"]["floor"]
    refused = [answer for record, answer in ended if record["expect"] == "refused"]
    shown = [a for a in refused if a.outcome in (Outcome.ANSWERED, Outcome.PARTIAL)]
    assert len(shown) <= floors["refused_shown"]["most"]


def _is_right(record: dict[str, Any], answer: Answer) -> bool:
    """Whether it ended as it should, holds what it should and names what is missing."""
    shown = answer.outcome.value if answer.outcome in _SHOWN else "refused"
    head = answer.text.partition(answer.sentences[0].text)[0] if answer.sentences else ""
    return (
        shown == record["expect"]
        and all(re.search(p, answer.text, re.IGNORECASE) for p in record["must_contain"])
        and re.search(record["missing"], head) is not None
    )


_SHOWN = (Outcome.ANSWERED, Outcome.PARTIAL)


@pytest.mark.parametrize("split", ["fit", "held"])
def test_yes_or_no_questions(starter: Assistant, split: str) -> None:
    """The first sentence decides; a « Oui » or « Non » that is shown is true."""
    asked = _questions("closed.jsonl", split)
    decided, words = [], []
    for record in asked:
        sentences = starter.answer(record["question"]).sentences
        first = sentences[0].text if sentences else ""
        decided.append(re.search(record["decides"], first) is not None)
        if word := re.match(r"(oui|non),", first, re.IGNORECASE):
            words.append(word[1].lower() == record["verdict"])
    floors = FLOORS["closed"][split]
    assert sum(decided) / len(asked) >= floors["decided"]["floor"]
    assert sum(words) / len(words) >= floors["true"]["floor"]
