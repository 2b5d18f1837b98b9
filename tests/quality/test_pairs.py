"""The check of a written sentence, measured on pairs of ours and held above floors.

pairs.json gives each floor and its margin, and the digest of the pairs. No test here shows a held
pair: looking at one spends it (README.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.checking import supporting, unsupported
from assistant.settings import STARTER
from corpus import catalogue, reading
from index.french import sentences

HERE = Path(__file__).parent
PAIRS = HERE.parent / "data" / "checking.jsonl"
FLOORS: dict[str, Any] = json.loads((HERE / "pairs.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, float]]:
    """By split: the share of true sentences kept, of the others caught, precision and recall."""
    found: dict[str, dict[str, list[bool]]] = {}
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        group = json.loads(line)
        kinds = found.setdefault(group["split"], {"true": [], "altered": [], "unsupported": []})
        for kind, refused in _refused(group):
            kinds[kind].append(refused)
    return {split: _measures(kinds) for split, kinds in found.items()}


def _refused(group: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    written = [("true", sentence) for sentence in group["true"]]
    written += [("altered", sentence) for _, sentence in group["altered"]]
    written += [("unsupported", sentence) for sentence in group["unsupported"]]
    for kind, sentence in written:
        yield kind, unsupported(sentence, group["passages"]) is not None


def _measures(kinds: dict[str, list[bool]]) -> dict[str, float]:
    wrong, right = kinds["altered"] + kinds["unsupported"], kinds["true"]
    return {
        "true": 1 - sum(right) / len(right),
        "altered": sum(kinds["altered"]) / len(kinds["altered"]),
        "unsupported": sum(kinds["unsupported"]) / len(kinds["unsupported"]),
        "precision": sum(wrong) / (sum(wrong) + sum(right)),
        "recall": sum(wrong) / len(wrong),
    }


def test_pairs_are_those_the_floors_were_set_on() -> None:
    digest = hashlib.sha256(PAIRS.read_bytes()).hexdigest()
    assert digest == FLOORS["digest"], "the pairs changed: measure again, then pin pairs.json"


@pytest.mark.parametrize(
    ("split", "measure"),
    [(split, measure) for split, floors in FLOORS["floors"].items() for measure in floors],
)
def test_measure_is_above_its_floor(
    measured: dict[str, dict[str, float]], split: str, measure: str
) -> None:
    floor, value = FLOORS["floors"][split][measure]["floor"], measured[split][measure]
    assert value >= floor, f"{measure} of {split}: the floor is {floor}, the value {value:.3f}"


@pytest.fixture(scope="module")
def paragraphs() -> list[tuple[str, str]]:
    """The headings and the text of every paragraph of the French fiches that ship."""
    documents = reading.read(catalogue.load(STARTER))
    return [
        ("\n".join(section.headings), section.text)
        for document in documents
        if document.language == "fr"
        for section in document.sections
    ]


def test_the_corpus_supports_its_own_sentences(paragraphs: list[tuple[str, str]]) -> None:
    refused = [
        text[start:end]
        for headings, text in paragraphs
        for start, end in sentences(text)
        if unsupported(text[start:end], [f"{headings}\n{text}"])
    ]
    assert refused == []


def test_a_sentence_of_the_corpus_is_quoted_as_it_stands(
    paragraphs: list[tuple[str, str]],
) -> None:
    moved = [
        text[start:end]
        for _, text in paragraphs
        for start, end in sentences(text)
        if supporting(text[start:end], text) != (start, end)
    ]
    assert moved == []
