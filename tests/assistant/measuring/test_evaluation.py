"""Figures worked out by hand on records made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.assembly import Assistant
from assistant.errors import InputError
from assistant.measuring.evaluation import Question, correct, exact, generate, read_questions, score

PASSAGES = {"ort#1": ["1", "2"], "ort#2": ["3"], "marche#1": ["4"]}


def citation(**changes: Any) -> dict[str, Any]:
    right = {"quote": "52", "passage": "Les 52 actions", "start": 4, "end": 6, "sources": ["VHBC"]}
    return {**right, **changes}


def record(
    outcome: str = "answered",
    text: str = "Les 52 actions",
    *,
    expect: str = "answer",
    kind: str = "fact",
    facts: tuple[str, ...] = ("1",),
    must: tuple[str, ...] = ("52",),
    must_not: tuple[str, ...] = (),
    cited: tuple[dict[str, Any], ...] | None = None,
    hits: tuple[str, ...] = ("ort#1",),
    seconds: float = 0.01,
    id: str = "q",
    stated: tuple[tuple[str, ...], ...] = (),
) -> dict[str, Any]:
    """A right answer to a fact, but for what is given."""
    shown = outcome in ("answered", "partial", "not_published")
    return {
        "question": {
            "id": id,
            "question": "Combien ?",
            "kind": kind,
            "history": (),
            "facts": facts,
            "must_contain": must,
            "must_not_contain": must_not,
            "expect": expect,
            "subject": id,
            "split": "fit",
        },
        "answer": {
            "outcome": outcome,
            "text": text,
            "citations": (citation(),) if cited is None and shown else cited or (),
        },
        "stated": stated,
        "hits": [[passage, 1.0 - rank / 10] for rank, passage in enumerate(hits)],
        "seconds": seconds,
    }


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (record(), True),
        (record("partial"), True),
        (record("not_published"), True),  # that it is not published may be the answer
        (record(text="Les 53 actions"), False),
        (record(text="LES 52 ACTIONS", must=("actions",)), True),  # case is ignored
        (record(must_not=("actions",)), False),
        (record(cited=()), False),  # no proof
        (record(cited=(citation(start=5),)), False),
        (record("no_passage"), False),
        (record("no_passage", expect="refuse", must=()), True),
        (record("not_published", expect="refuse", must=()), True),
        (record("refused_opinion", expect="refuse", must=()), True),
        (record("clarify", expect="refuse", must=()), True),
        (record("answered", expect="refuse", must=()), False),
        (record("greeting", expect="refuse", must=()), False),
        (record("greeting", expect="greet", must=()), True),
        (record("identity", expect="greet", must=()), True),
        (record("no_passage", expect="greet", must=()), False),
        (record("clarify", expect="clarify", must=()), True),
        (record("no_passage", expect="clarify", must=()), False),
    ],
)
def test_an_answer_is_right_by_its_ending_its_words_and_its_proof(
    given: dict[str, Any], right: bool
) -> None:
    assert correct(given) is right


@pytest.mark.parametrize(
    ("cited", "whole"),
    [
        ((), True),
        ((citation(),), True),
        ((citation(), citation(end=7)), False),
        ((citation(quote="", end=4),), False),
        ((citation(sources=[]),), False),
    ],
)
def test_a_quotation_is_exact_or_not(cited: tuple[dict[str, Any], ...], whole: bool) -> None:
    assert exact({"citations": cited}) is whole


def test_measures_of_answers() -> None:
    records = [
        record(id="a", seconds=0.010),
        record(id="b", text="Les 53 actions", seconds=0.020),  # shown and wrong
        record("no_passage", id="c", seconds=0.030),
        record("not_published", id="d", seconds=0.040),  # right, and not « answered »
        record("no_passage", id="e", expect="refuse", must=(), facts=()),
        record("answered", id="f", expect="refuse", must=(), facts=()),
        record("greeting", id="g", expect="greet", must=(), facts=(), kind="chitchat"),
    ]
    found = score(records, PASSAGES)
    assert (found["questions"], found["answer"], found["refuse"]) == (7, 4, 2)
    assert found["correct"] == 0.5  # a and d of 4
    assert found["answered"] == 0.5  # a and b
    assert found["wrong"] == 0.25  # b
    assert (found["refused"], found["refused_rightly"], found["greeted"]) == (0.5, 0.5, 1.0)
    assert found["exact"] == 1.0
    assert found["by_kind"] == {"chitchat": "1/1", "fact": "3/6"}
    assert found["outcomes"] == {"answered": 3, "no_passage": 2, "not_published": 1, "greeting": 1}


def test_measures_of_the_sentences_shown() -> None:
    records = [
        record(id="a", text="un deux trois", stated=(("1",), ("9",))),
        record(id="b", text="un", stated=(("9",), ("1", "2"), ("9",))),  # the second answers
        record("no_passage", id="c", text="un deux"),
    ]
    found = score(records, PASSAGES)
    assert found["first"] == 0.5  # of the two that show something
    assert found["dense"] == 0.4  # 2 sentences of 5
    assert found["words"] == 2


def test_measures_of_the_search() -> None:
    # fact 1 stands in ort#1 alone. First at rank 1, then at rank 2, then not found.
    records = [
        record(id="a", hits=("ort#1", "ort#2")),
        record(id="b", hits=("ort#2", "ort#1")),
        record(id="c", hits=("ort#2",)),
    ]
    found = score(records, PASSAGES)
    assert found["hit@5"] == round(2 / 3, 4)
    assert found["mrr@10"] == 0.5  # (1 + 1/2 + 0) / 3
    assert found["ndcg@10"] == 0.5436  # (1 + 1 / log2(3) + 0) / 3


def test_what_is_not_promised_is_reported_and_not_counted() -> None:
    found = score([record(id="a"), record("no_passage", id="b", kind="breton")], PASSAGES)
    assert (found["correct"], found["by_kind"]) == (1.0, {"breton": "0/1", "fact": "1/1"})


def test_a_question_of_a_fact_that_the_corpus_lacks_is_left_out() -> None:
    found = score([record(id="a"), record("no_passage", id="b", facts=("99",))], PASSAGES)
    assert (found["questions"], found["answer"], found["correct"]) == (2, 1, 1.0)


def test_a_measure_of_nothing_is_none_and_never_zero() -> None:
    found = score([], PASSAGES)
    assert found["questions"] == 0
    for name in ("correct", "refused", "exact", "greeted", "hit@5", "ndcg@10", "p50_ms"):
        assert found[name] is None


def test_likelihoods_are_held_against_what_was_true() -> None:
    believed = [(0.9, ["1"], "answer"), (0.7, ["2"], "answer"), (0.8, ["2"], "refuse")]
    records = [
        {**record(expect=expect, id=str(n)), "likelihood": likelihood, "best": best}
        for n, (likelihood, best, expect) in enumerate(believed)
    ]
    told = score([*records, record(id="row")], {"ort#1": ("1",), "ort#2": ("2",)})
    # one of .7 that is wrong; two of .9 and .8, one of them right
    assert told["reliability"] == [[1, 0.7, 0.0], [2, 0.85, 0.5]]
    assert told["ece"] == pytest.approx((1 * 0.7 + 2 * 0.35) / 3, abs=1e-4)
    half, *_, all_ = told["risk_coverage"]
    assert (half, all_) == ([0.5, 0.0, 0.0], [0.95, 0.5, 1.0])


def test_percentiles_are_of_all_records() -> None:
    # ten records, 10 to 100 ms: the sixth is the median, the tenth the 95th percentile
    found = score([record(id=str(n), seconds=n / 100) for n in range(1, 11)], PASSAGES)
    assert (found["p50_ms"], found["p95_ms"]) == (60.0, 100.0)


LINE = {
    "id": "g1",
    "question": "Combien ?",
    "kind": "fact",
    "history": ["Bonjour"],
    "answer_facts": [1, "A3"],
    "must_contain": ["52"],
    "must_not_contain": [],
    "expect": "answer",
}


def test_questions_are_read_with_facts_as_text(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps(LINE) + "\n")
    assert read_questions(tmp_path / "q.jsonl") == [
        Question("g1", "Combien ?", "fact", ("Bonjour",), ("1", "A3"), ("52",), (), "answer",
                 "g1", "")
    ]  # fmt: skip


def test_a_question_without_a_field_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(
        json.dumps(LINE) + "\n" + json.dumps({**LINE, "kind": None, "id": 2}) + "\n{}\n"
    )
    with pytest.raises(InputError, match=r"q\.jsonl:3 : le champ 'question' manque"):
        read_questions(path)


def test_a_town_writes_no_more_than_a_question_and_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "golden.jsonl"
    path.write_text('{"question": "Combien ?", "expect": "refuse"}\n')
    assert read_questions(path) == [
        Question("golden-1", "Combien ?", "", (), (), (), (), "refuse", "golden-1", "")
    ]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("expect", "réponse", "« expect » vaut"),
        ("must_contain", "52", "« must_contain » est une liste"),
        ("must_not_contain", ["("], "une expression de « must_not_contain »"),
    ],
)
def test_what_could_not_be_scored_is_named(
    tmp_path: Path, field: str, value: object, said: str
) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps({**LINE, field: value}))
    with pytest.raises(InputError, match=rf"q\.jsonl:1 : {said}"):
        read_questions(tmp_path / "q.jsonl")


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text("{\n")
    with pytest.raises(InputError, match=r"q\.jsonl:1"):
        read_questions(tmp_path / "q.jsonl")


@pytest.mark.parametrize("content", [b"[]\n", b"3\n", b"\xe9\n"])
def test_a_file_of_something_else_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "q.jsonl").write_bytes(content)
    with pytest.raises(InputError, match=r"q\.jsonl"):
        read_questions(tmp_path / "q.jsonl")


def test_generated_records_can_be_scored(assistant_open: Assistant) -> None:
    question = Question("t1", "Combien de communes ont signé une ORT ?", "fact", (), ("3",),
                        ("1 646",), (), "answer", "t1", "fit")  # fmt: skip
    [made] = generate(assistant_open, [question])
    assert json.loads(json.dumps(made))["question"]["id"] == "t1"
    facts = {p.id: p.facts for p in assistant_open.retriever.generation.passages}
    assert made["hits"][0][0] in [passage for passage, stated in facts.items() if "3" in stated]
    assert score([made], facts)["hit@5"] == 1.0
