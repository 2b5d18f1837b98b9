"""The chart says in text what the table says, and is written where it is asked."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.errors import InputError
from assistant.measuring.charts import check, draw
from assistant.measuring.retrieval import Measured
from index.measuring.evaluation import Result
from index.measuring.judged import Asked, Judged


def measured(name: str, ndcg: dict[str, float]) -> Measured:
    judged = Judged(name, (Asked("a", "?"),), {"a": {"x": 1}}, whole=False)
    results = [
        Result(name, variant, "a", "", "?", ("x",), (), {
            "hit@1": 0.2, "hit@5": 0.9, "recall@5": 0.8, "mrr@10": 0.3, "ndcg@10": value,
        }, 1.0)
        for variant, value in ndcg.items()
    ]  # fmt: skip
    return Measured(judged, {}, results, ())


def test_an_svg_holds_its_words_and_figures_as_text(tmp_path: Path) -> None:
    sets = [measured("spf", {"clean": 0.871, "sms": 0.839}), measured("nous", {"clean": 0.5})]
    draw(tmp_path / "c.svg", sets)
    said = list(ElementTree.parse(tmp_path / "c.svg").getroot().itertext())
    said = [" ".join(text.split()) for text in said if text.strip()]
    for text in ("telle quelle", "en SMS", "0,871", "0,839", "0,500", "rappel@5", "nDCG@10"):
        assert text in said
    assert any(text.startswith("nous : 1 questions") for text in said)


def test_the_same_measures_make_the_same_file(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        draw(tmp_path / name, [measured("spf", {"clean": 0.5})])
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize(("name", "start"), [("c.png", b"\x89PNG"), ("c.PDF", b"%PDF")])
def test_the_name_says_the_format(tmp_path: Path, name: str, start: bytes) -> None:
    check(tmp_path / name)
    draw(tmp_path / name, [measured("spf", {"clean": 0.5})])
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["c.xls", "c", "nulle-part/c.svg"])
def test_what_cannot_be_written_is_said_first(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        check(tmp_path / name)
