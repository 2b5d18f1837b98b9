from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier

from assistant.deciding import answerability
from assistant.learning.export import write, write_trees
from assistant.question import hearing
from assistant.quoting import ranking
from index.encoder.heads import Head
from index.errors import ModelMissing


def test_signs_are_given_by_name_and_those_not_given_count_as_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tete.onnx"
    matrix, bias = np.array([[2.0], [-1.0]]), np.array([0.5])
    digest = write(path, ["near", "far"], ["score"], [(matrix, bias)], threshold=0.25)
    head = Head(path)
    # 2 x 3 - 1 x 1 + .5; then nothing but the bias
    assert head.of([{"far": 1.0, "near": 3.0, "other": 9.0}, {}])[:, 0].tolist() == [5.5, 0.5]
    assert (head.signs, head.labels) == (("near", "far"), ("score",))
    assert (head.digest, head.threshold) == (digest, 0.25)
    assert head.of([]).shape == (0, 1)


def test_layers_are_joined_by_a_relu(tmp_path: Path) -> None:
    path = tmp_path / "tete.onnx"
    one = np.ones((1, 1)), np.array([-1.0])
    write(path, ["x"], ["y"], [one, one], end="Sigmoid")
    # relu(2 - 1) - 1 = 0 -> .5; relu(0 - 1) - 1 = -1 -> .2689
    assert np.allclose(Head(path).of([{"x": 2.0}, {"x": 0.0}])[:, 0], [0.5, 0.2689], atol=1e-4)


def test_trees_say_what_they_said_when_they_were_grown(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    x = draw.normal(size=(400, 3)).astype(np.float32).round(1)  # many at a threshold exactly
    y = x[:, 0] * x[:, 1] > x[:, 2]
    trees = GradientBoostingClassifier(n_estimators=40, random_state=1).fit(x, y)
    path = tmp_path / "arbres.onnx"
    digest = write_trees(path, ["a", "b", "c"], "answers", trees, threshold=0.4)
    head = Head(path)
    assert np.allclose(head(x)[:, 0], trees.predict_proba(x)[:, 1], atol=1e-5)
    assert (head.labels, head.digest, head.threshold) == (("answers",), digest, 0.4)


@pytest.mark.parametrize("content", [None, b"", b"pas un modele"])
def test_a_missing_or_damaged_head_is_named_with_its_remedy(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "tete.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelMissing, match=r"tete\.onnx.*git checkout"):
        Head(path)


def test_the_heads_that_ship_read_signs_that_exist() -> None:
    assert set(ranking.ranker().signs) >= {"near", "known", "own"}
    assert set(answerability.model().signs) >= {"near", "misses", "margin"}
    assert set(hearing.head().labels) >= {"in_scope", "abuse", "opinion", "off_topic"}
    assert 0.05 < answerability.threshold() < 0.9
