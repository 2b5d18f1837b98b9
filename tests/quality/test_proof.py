"""The check of a written sentence on 400 of a hand that had seen neither it nor what taught it.

proof.json gives the floors, and the digest of the sentences. No test here shows one: looking at
one spends it (README.md).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from assistant.proof.checking import unsupported

HERE = Path(__file__).parent
SENTENCES = HERE / "proof.jsonl"
FLOORS: dict[str, Any] = json.loads((HERE / "proof.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shown() -> dict[str, float]:
    """The share shown of the sentences of each label."""
    found: dict[str, list[bool]] = defaultdict(list)
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        found[told["label"]].append(unsupported(told["sentence"], told["passages"]) is None)
    return {label: sum(each) / len(each) for label, each in found.items()}


def test_sentences_are_those_the_floors_were_set_on() -> None:
    digest = hashlib.sha256(SENTENCES.read_bytes()).hexdigest()
    assert digest == FLOORS["digest"], "the sentences changed: measure again, then pin proof.json"


def test_what_is_said_is_kept(shown: dict[str, float]) -> None:
    assert shown["entailed"] >= FLOORS["kept"]["floor"]


@pytest.mark.parametrize("label", ["contradicted", "not_said"])
def test_what_is_not_said_is_not_shown(shown: dict[str, float], label: str) -> None:
    assert shown[label] <= FLOORS["shown"][label]["ceiling"]
