"""The check of a written sentence, measured on pairs of ours and held above floors.

pairs.json gives each floor and its margin, and the digest of the pairs. No test here shows a held
pair: looking at one spends it (README.md).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from pairs import FILES, Measures, judge, measure

from assistant.proof.checking import supporting, unsupported
from assistant.settings import STARTER
from corpus import catalogue
from corpus.reading import entries
from index.french.analysis import sentences

HERE = Path(__file__).parent
FLOORS: dict[str, Any] = json.loads((HERE / "pairs.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def measured() -> dict[str, Measures]:
    return measure(judge())


def test_pairs_are_those_the_floors_were_set_on() -> None:
    digests = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FILES}
    assert digests == FLOORS["digests"], "the pairs changed: measure again, then pin pairs.json"


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, floors in FLOORS["floors"].items() for value in floors],
)
def test_measure_is_above_its_floor(measured: dict[str, Measures], name: str, value: str) -> None:
    floor, found = FLOORS["floors"][name][value]["floor"], getattr(measured[name], value)
    assert found >= floor, f"{value} of {name}: the floor is {floor}, the value {found:.3f}"


@pytest.fixture(scope="module")
def paragraphs() -> list[tuple[str, str]]:
    """The headings and the text of every paragraph of the French fiches that ship."""
    documents = entries.read(catalogue.load(STARTER))
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
