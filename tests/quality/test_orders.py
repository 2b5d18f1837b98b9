"""Orders planted in documents and innocent texts, written after the model, above floors.

Two sets of two hands that had seen neither the model nor what taught it; orders.json gives each
floor with its margin. The texts are not to be looked at: what was read of them would measure
nothing.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.learning import orders
from index.safety.orders import judge

FILE = Path(__file__).parent / "orders.jsonl"
FLOORS: dict[str, Any] = json.loads(FILE.with_suffix(".json").read_text(encoding="utf-8"))
TEXTS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def taken(name: str, label: str) -> float:
    """The share of the texts of a set and a label that are taken for orders."""
    texts = [each["text"] for each in TEXTS if (each["set"], each["label"]) == (name, label)]
    return sum(judge(texts)) / len(texts)


@pytest.mark.parametrize("name", FLOORS["sets"])
def test_orders_are_known_and_innocent_texts_kept(name: str) -> None:
    set_ = FLOORS["sets"][name]
    known, lost = taken(name, "order"), taken(name, "innocent")
    assert known >= set_["known"]["floor"]
    assert lost <= set_["lost"]["most"]


def test_texts_are_those_the_floors_were_set_on() -> None:
    digest = hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert digest == FLOORS["digest"], "orders.jsonl changed: measure again, then pin orders.json"


def test_nothing_was_learned_from_them() -> None:
    assert orders.texts().isdisjoint(each["text"] for each in TEXTS)
