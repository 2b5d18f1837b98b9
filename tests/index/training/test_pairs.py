"""A model over two texts, taught by a BERT of two layers and run as it ships."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.encoder.pairs import LONGEST_EVIDENCE, LONGEST_SAID, SAID_FROM, Pairs, row
from index.errors import ModelMissing

pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("transformers")

from index.training import pairs

TAUGHT = [
    ("qui pilote", "qui pilote", 0),
    ("qui lance", "qui pilote", 1),
    ("quand siège", "quand siège", 0),
    ("quand siège", "quand lance", 1),
    ("où pilote le maire", "où pilote le maire", 0),
    ("où pilote le maire", "où siège le maire", 1),
]


def test_a_model_learns_and_ships_as_it_was_taught(start: Path, tmp_path: Path) -> None:
    tokenizer = pairs.tokenizer(start)
    rows = [row(tokenizer, [evidence], said) for evidence, said, _ in TAUGHT]
    labels = [label for *_, label in TAUGHT]
    plan = pairs.Plan(layers=2, epochs=60, rate=2e-3)
    made = pairs.train(start, rows, labels, plan, lambda _: None)
    floats = pairs.likelihoods(made, rows)
    assert floats.argmax(1).tolist() == labels

    about = {"labels": json.dumps(["same", "other"]), "threshold": "0.5", "digest": "d"}
    pairs.write(made, tmp_path / "made.onnx", rows, about, heads=2)
    shipped = Pairs(tmp_path / "made.onnx", start / "tokenizer.json")
    assert (shipped.labels, shipped.threshold) == (("same", "other"), 0.5)
    given = np.array([shipped.of([evidence], said) for evidence, said, _ in TAUGHT])
    assert np.abs(given - floats).max() < 0.1
    assert given.argmax(1).tolist() == labels


def test_words_of_both_texts_are_told_apart(start: Path) -> None:
    _, kinds = row(pairs.tokenizer(start), ["qui pilote"], "qui lance")
    assert kinds == [0, 1, 0, 0, SAID_FROM + 1, SAID_FROM, SAID_FROM]


def test_of_long_evidence_the_nearest_is_read(start: Path) -> None:
    evidence = "Le maire siège. " * 60 + "Qui pilote, quand ? " + "Le maire siège. " * 60
    tokenizer = pairs.tokenizer(start)
    ids, kinds = row(tokenizer, [evidence], "quand pilote " * 60)
    assert len(ids) <= 3 + LONGEST_EVIDENCE + LONGEST_SAID
    assert set(kinds) == {0, 1, SAID_FROM, SAID_FROM + 1}
    assert tokenizer.token_to_id("▁pilote") in ids[:LONGEST_EVIDENCE]


def test_a_damaged_model_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "made.onnx").write_bytes(b"no model")
    with pytest.raises(ModelMissing, match="git checkout"):
        Pairs(tmp_path / "made.onnx")
