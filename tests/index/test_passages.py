import dataclasses
from pathlib import Path
from typing import Any

import pytest

from corpus.documents import Source, Span, write_lines
from index.passages import Passage, digest, read

SOURCE = Source("ANCT", "Les communes", None, "2020", nature="presse")
PASSAGE = Passage(
    id="ort#1",
    document_id="ort",
    headings=("L'ORT", "Communes"),
    text="Un. Deux. Trois.",
    page=3,
    anchor="communes",
    scope="national",
    confidence=0.9,
    form="prose",
    spans=(Span(0, 3, ("2", "1"), (SOURCE,)), Span(4, 9, ("1",), ()), Span(10, 16, (), (SOURCE,))),
    digest=digest(("L'ORT", "Communes"), "Un. Deux. Trois."),
)


def test_passages_come_back_from_their_lines(tmp_path: Path) -> None:
    write_lines(tmp_path / "passages.jsonl", [PASSAGE, PASSAGE])
    assert read(tmp_path / "passages.jsonl") == [PASSAGE, PASSAGE]


@pytest.mark.parametrize("wrong", [{"text": None}, {"page": "iv"}, {"spans": [{"start": 0}]}])
def test_a_line_that_is_no_passage_is_refused(wrong: dict[str, Any], tmp_path: Path) -> None:
    write_lines(tmp_path / "passages.jsonl", [dataclasses.asdict(PASSAGE) | wrong])
    with pytest.raises(ValueError, match=next(iter(wrong))):
        read(tmp_path / "passages.jsonl")


def test_a_passage_names_each_fact_once() -> None:
    assert PASSAGE.facts == ("2", "1")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 3, [0]),
        (3, 4, []),  # the space between two sentences belongs to neither
        (2, 5, [0, 1]),
        (9, 10, []),
        (0, 16, [0, 1, 2]),
        (15, 99, [2]),
    ],
)
def test_the_spans_behind_a_quotation(start: int, end: int, expected: list[int]) -> None:
    assert PASSAGE.spans_of(start, end) == tuple(PASSAGE.spans[n] for n in expected)


def test_headings_are_searched_too() -> None:
    assert PASSAGE.searched() == "L'ORT \nCommunes \nUn. Deux. Trois."


def test_the_digest_changes_with_headings_and_text_only() -> None:
    assert PASSAGE.digest == digest(("L'ORT", "Communes"), "Un. Deux. Trois.")
    assert PASSAGE.digest != digest(("L'ORT",), "Un. Deux. Trois.")
    assert PASSAGE.digest != digest(("L'ORT", "Communes"), "Un. Deux. Trois")
    assert len(PASSAGE.digest) == 32
