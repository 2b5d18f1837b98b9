"""The measures of the search, worked out by hand on a corpus one can read at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2
from pathlib import Path

import pytest

from index.encoder.embedding import Embedder
from index.errors import IndexMissing
from index.generation import Generation
from index.measuring.evaluation import Result, interval, measure, opened, run, summarise, worst
from index.measuring.judged import Asked, Folder, Judged, document, read
from index.search.retriever import Retriever

# Four documents, two of them in two pieces. Each word of a question stands in one piece, or two.
CORPUS = """\
{"_id": "chat#0", "title": "", "text": "Le chat miaule."}
{"_id": "chat#1", "title": "", "text": "Le chat ronronne et griffe."}
{"_id": "chien#0", "title": "", "text": "Le chien aboie et griffe, griffe, griffe."}
{"_id": "chien#1", "title": "", "text": "Le chien garde la maison."}
{"_id": "poule#0", "title": "", "text": "La poule caquette."}
{"_id": "vache#0", "title": "", "text": "La vache meugle."}
"""
QUERIES = """\
{"_id": "a", "text": "Qui miaule ?"}
{"_id": "b", "text": "Qui griffe ?"}
{"_id": "c", "text": "Qui meugle ?"}
"""
QRELS = "a\tchat\t1\nb\tchat\t2\nb\tchien\t1\nb\tpoule\t1\nc\tvache\t1\n"


@pytest.fixture
def animals(tmp_path: Path) -> Folder:
    (tmp_path / "corpus.jsonl").write_text(CORPUS, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(QUERIES, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    return read(tmp_path)


@pytest.fixture
def zoo(animals: Folder, stranger: Embedder) -> Iterator[Retriever]:
    with opened(animals, stranger) as searched:
        yield searched


def result(id: str, ndcg: float, variant: str = "clean", ms: float = 1.0) -> Result:
    measures = {"hit@1": 0.0, "hit@5": 1.0, "recall@5": 0.5, "mrr@10": 0.25, "ndcg@10": ndcg}
    return Result("set", variant, id, "", "?", (), (), measures, ms)


def test_measures_of_graded_rankings() -> None:
    relevant = {"a": {"x": 1}, "b": {"x": 2, "y": 1, "z": 1}, "c": {"x": 1}}
    found = measure(relevant, {"a": ["w", "x"], "b": ["y", "x", "w"], "c": []})
    # a: relevant at rank 2, alone. nDCG = (1 / log2 3) / 1
    assert found["a"] == {
        "hit@1": 0.0,
        "hit@5": 1.0,
        "recall@5": 1.0,
        "mrr@10": 0.5,
        "ndcg@10": pytest.approx(1 / log2(3)),
    }
    # b: grade 1 at rank 1, grade 2 at rank 2, a third missing; the ideal is 2, 1, 1
    ideal = 2 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert found["b"] == {
        "hit@1": 1.0,
        "hit@5": 1.0,
        "recall@5": pytest.approx(2 / 3),
        "mrr@10": 1.0,
        "ndcg@10": pytest.approx((1 / log2(2) + 2 / log2(3)) / ideal),
    }
    assert set(found["c"].values()) == {0.0}  # nothing found is 0, and counts


def test_the_order_given_is_the_order_measured_whatever_the_ids() -> None:
    ranked = [f"d{n}" for n in range(20)]
    found = measure({"q": {"d9": 1, "d15": 1}}, {"q": ranked})
    # d9 at rank 10, d15 at rank 16, out of the ten
    assert found["q"]["mrr@10"] == pytest.approx(0.1)
    assert found["q"]["ndcg@10"] == pytest.approx((1 / log2(11)) / (1 + 1 / log2(3)))


def test_a_document_stands_where_its_best_passage_does(animals: Folder, zoo: Retriever) -> None:
    first, second, _ = run(animals.judged, zoo, ["clean"])
    assert (first.found[0], first.measures["ndcg@10"]) == ("chat#0", 1.0)
    # « griffe » three times is before « griffe » once; each document once, by its best passage
    assert second.found[:2] == ("chien#0", "chat#1")
    assert sorted(map(document, second.found)) == ["chat", "chien", "poule", "vache"]
    assert second.relevant == ("chat", "chien", "poule")  # best grade first
    # grades found 1, 2, then 1 at rank 3 or 4 (only vectors found it); the ideal is 2, 1, 1
    last = [document(passage) for passage in second.found].index("poule") + 1
    assert second.measures["ndcg@10"] == pytest.approx(
        (1 + 2 / log2(3) + 1 / log2(last + 1)) / (2 + 1 / log2(3) + 1 / log2(4))
    )


def test_passages_of_one_document_do_not_hide_the_next(stranger: Embedder, tmp_path: Path) -> None:
    # twelve pieces of one document before the one that is right, and nine others to find
    rows = [f'{{"_id": "long#{n}", "text": "griffe griffe"}}' for n in range(12)]
    rows += [f'{{"_id": "d{n}#0", "text": "griffe et autre chose encore"}}' for n in range(9)]
    (tmp_path / "corpus.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "griffe"}', encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("q\td0\n", encoding="utf-8")
    folder = read(tmp_path)
    with opened(folder, stranger) as searched:
        [found] = run(folder.judged, searched, ["clean"])
    units = [folder.judged.unit(passage) for passage in found.found]
    assert units[0] == "long"
    assert sorted(units[1:]) == [f"d{n}" for n in range(9)]


def test_every_variant_is_searched_as_it_is_typed(animals: Folder, zoo: Retriever) -> None:
    found = run(animals.judged, zoo, ["clean", "capitals", "typo1"])
    typed = [(result.variant, result.question) for result in found if result.id == "a"]
    assert typed[:2] == [("clean", "Qui miaule ?"), ("capitals", "QUI MIAULE ?")]
    assert typed[2][1] not in ("Qui miaule ?", "QUI MIAULE ?")
    assert [r.measures for r in found if r.variant == "clean"] == [
        r.measures for r in found if r.variant == "capitals"
    ]
    assert all(result.ms > 0 for result in found)


def test_a_set_without_documents_is_judged_by_passage(zoo: Retriever) -> None:
    judged = Judged("nous", (Asked("b", "griffe", "fact"),), {"b": {"chat#1": 1}}, whole=False)
    [found] = run(judged, zoo, ["clean"])
    assert (found.found[:2], found.kind) == (("chien#0", "chat#1"), "fact")
    assert len(found.found) == 6
    assert found.measures["mrr@10"] == 0.5


def test_the_generation_is_thrown_away(animals: Folder, stranger: Embedder) -> None:
    with opened(animals, stranger) as searched:
        folder = searched.generation.folder
        assert {p.id for p in searched.generation.passages} == {p.id for p in animals.passages}
    assert not folder.exists()
    with pytest.raises(IndexMissing):
        Generation(folder, stranger)


def test_a_summary_is_of_means_and_percentiles() -> None:
    # 1 to 101 ms: the median is 51, the 95th percentile 96
    results = [result(str(n), n / 100, ms=n + 1.0) for n in range(101)]
    told = summarise(results)
    assert (told.questions, told.p50_ms, told.p95_ms) == (101, 51.0, 96.0)
    assert told.measures["recall@5"] == 0.5
    assert told.measures["ndcg@10"] == pytest.approx(0.5)
    # the deviation of the mean of 0..1 over 101 questions is .29 / sqrt(101) = .029
    assert told.low == pytest.approx(0.5 - 1.96 * 0.029, abs=0.01)
    assert told.high == pytest.approx(0.5 + 1.96 * 0.029, abs=0.01)


def test_an_interval_is_the_same_each_time_and_holds_what_never_varies() -> None:
    values = [0.1, 0.9, 0.4, 0.3]
    assert interval(values) == interval(values)
    assert interval([0.25] * 30) == (0.25, 0.25)


def test_the_worst_come_first_and_equals_in_the_order_of_their_questions() -> None:
    results = [result("a", 0.5), result("b", 0.0), result("c", 1.0), result("d", 0.0)]
    assert [found.id for found in worst(results, 3)] == ["b", "d", "a"]
