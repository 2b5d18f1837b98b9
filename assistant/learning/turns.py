"""`python -m assistant.learning.turns`: makes turns.onnx, and prints how well it did.

Taught by the messages of data/turns.jsonl, and by questions of ours that stand alone.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.learning import examples
from assistant.learning.export import write
from assistant.question.turns import MODEL, Turn, signs

_DATA = Path(__file__).parent / "data" / "turns.jsonl"
_KNOWN = examples.ROOT / "corpus" / "starter" / "questions"
_ALONE = ("kinds.jsonl", "law.jsonl", "english.jsonl", "rights.jsonl", "variants.jsonl")
_SEEN = 3  # times that training has a sign: a rarer one tells of that message only
_STAND = 0.99  # of the questions that stand alone, those that must be read so
_SHARE = 4  # of the questions that stand alone, one in so many is taught


def main() -> None:
    """Read, fit, write, print."""
    lines = [json.loads(line) for line in _DATA.read_text(encoding="utf-8").splitlines()]
    alone = [q.text for q in examples.questions([_KNOWN / name for name in _ALONE])][::_SHARE]
    alone += [q.text for q in examples.questions([examples.ROOT / "tests/quality/practice.jsonl"])]
    texts = [line["text"] for line in lines] + alone
    labels = np.array([line["turn"] for line in lines] + [Turn.NEW.value] * len(alone))
    given = [signs(text) for text in texts]
    seen = Counter(name for each in given for name in each)
    given = [{name: value for name, value in each.items() if seen[name] >= _SEEN} for each in given]
    vectors = DictVectorizer(sparse=False)
    x = vectors.fit_transform(given)
    model = LogisticRegression(C=3.0, max_iter=2000)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    guessed = cross_val_predict(model, x, labels, cv=folds, method="predict_proba")
    names = sorted(set(labels))
    new = names.index(Turn.NEW)
    line = float(np.quantile(guessed[labels == Turn.NEW, new], 1 - _STAND))
    rest = np.delete(np.arange(len(names)), new)
    chosen = np.where(guessed[:, new] >= line, new, rest[np.argmax(guessed[:, rest], axis=1)])
    for at, name in enumerate(names):
        of = labels == name
        print(f"{name}: {np.mean(chosen[of] == at):.3f} of {of.sum()}")
    for at in np.flatnonzero(np.array(names)[chosen] != labels).tolist():
        print(labels[at], names[chosen[at]], texts[at])
    model.fit(x, labels)
    digest = write(
        MODEL,
        list(vectors.get_feature_names_out()),
        list(model.classes_),
        [(model.coef_.T, model.intercept_)],
        end="Softmax",
        threshold=line,
    )
    print(f"line {line:.3f}, {x.shape[1]} signs, {MODEL.stat().st_size} bytes, digest {digest}")


if __name__ == "__main__":
    main()
