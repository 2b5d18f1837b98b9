"""Documents of six invented towns, of which nothing learned and nobody asked before, above floors.

towns.json gives each floor with its margin, and the digest of the questions. What is asked of them
is not to be looked at: what was read of these would measure nothing any more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.learning import towns

TOWNS = Path(__file__).parent / "towns"
FLOORS: dict[str, Any] = json.loads(TOWNS.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, float]]:
    assistant = towns.opened(TOWNS, tmp_path_factory.mktemp("towns"))
    yield towns.measured(towns.questions(TOWNS), assistant.context())
    assistant.close()


@pytest.mark.parametrize("name", FLOORS["floors"])
def test_towns_that_nothing_learned_are_answered(measured: Mapping[str, float], name: str) -> None:
    assert measured[name] >= FLOORS["floors"][name]["floor"]


def test_an_answer_beside_the_point_stays_rare(measured: Mapping[str, float]) -> None:
    assert measured["wrong"] <= FLOORS["wrong"]["most"]


def test_questions_are_those_the_floors_were_set_on() -> None:
    digest = hashlib.sha256((TOWNS / "asked.jsonl").read_bytes()).hexdigest()
    assert digest == FLOORS["digest"], "asked.jsonl changed: measure again, then pin towns.json"


def test_the_towns_kept_apart_are_not_learned_from() -> None:
    learned = towns.questions(Path(towns.__file__).parent / "data" / "towns")
    apart = towns.questions(TOWNS)
    assert {one.document for one in learned}.isdisjoint(one.document for one in apart)
    assert {one.text for one in learned}.isdisjoint(one.text for one in apart)
