"""`python -m assistant.learning.itself`: makes itself.onnx, and prints its card.

It tells what is asked about the assistant itself from all else, by the vector of the question.
"""

from __future__ import annotations

import json

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.deciding.itself import MODEL, OTHER
from assistant.learning.examples import FOLDS, ROOT, questions
from assistant.learning.export import write
from assistant.question.subject import names_subject
from index.encoder.embedding import load

_WRONG = 0.005  # of the other questions, the share that may be taken for one of these


def main() -> None:
    """Embed, fit, find the threshold on folds that were not fitted on, write, print."""
    data = ROOT / "assistant" / "learning" / "data"
    known = ROOT / "corpus" / "starter" / "questions"
    asked = questions([*sorted(data.glob("door-*.jsonl")), *sorted(known.glob("*.jsonl"))])
    # « Qui es-tu ? » of the other files may be any of these; the rest is none.
    taught = [q for q in asked if q.label != "identity" and not names_subject(q.text)]
    labels = np.array([q.label if q.label.startswith("about_") else OTHER for q in taught])
    vectors = load("").questions([q.text for q in taught])
    model = LogisticRegression(C=100.0, max_iter=3000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    given = cross_val_predict(model, vectors, labels, cv=folds, method="predict_proba")
    names = sorted(set(labels))
    ours = [at for at, name in enumerate(names) if name != OTHER]
    best, likely = given[:, ours].argmax(1), given[:, ours].sum(1)
    threshold = float(np.quantile(likely[labels == OTHER], 1 - _WRONG))
    right = np.array([names[ours[at]] for at in best]) == labels
    told = {
        name: round(float((right & (likely >= threshold))[labels == name].mean()), 3)
        for name in names
        if name != OTHER
    }
    model.fit(vectors, labels)
    write(
        MODEL,
        [f"v{at}" for at in range(vectors.shape[1])],
        names,
        [(model.coef_.T, model.intercept_)],
        end="Softmax",
        threshold=threshold,
    )
    print(json.dumps({"threshold": round(threshold, 3), "recognised": told}, indent=1))


if __name__ == "__main__":
    main()
