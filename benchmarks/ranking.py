"""Fit the weights of assistant/quoting/ranking.py: `python benchmarks/ranking.py`.

Of each practice and `fit` question, the sentences that answer it must score above those that do
not (a pairwise logistic regression). Prints the weights, and on parts left out of the fit how often
the best sentence states an answering fact. `held` is never read. Needs scikit-learn.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from assistant.assembly import assemble  # noqa: E402
from assistant.calibration import Calibration  # noqa: E402
from assistant.deciding import refusals  # noqa: E402
from assistant.doors.http.schemas import messages  # noqa: E402
from assistant.measuring.evaluation import Question, read_questions  # noqa: E402
from assistant.quoting.ranking import SCORE, Candidate  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from corpus.catalogue import load  # noqa: E402

# Absences answer other questions than these: their weight is not fitted.
NAMES = [name for name in SCORE if name != "absence"]
WRONG = 15  # wrong sentences of a question, the best ones: the others teach nothing
RIGHT = 4
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A question's sentences: their signs, whether they state its facts, whether its words too."""

    signs: np.ndarray  # (sentences, signs)
    states: np.ndarray
    says: np.ndarray


def case(question: Question, ranked: list[Candidate]) -> Case:
    """The sentences of a searched question, best first."""
    facts = [c.quote.facts for c in ranked]
    texts = [c.quote.text for c in ranked]
    return Case(
        np.array([[float(getattr(c, name)) for name in NAMES] for c in ranked]),
        np.array([bool(stated & set(question.facts)) for stated in facts]),
        np.array([all(re.search(p, t, re.I) for p in question.must_contain) for t in texts]),
    )


def cases() -> list[Case]:
    """Every question of ours that has an answer."""
    settings = Settings()
    retriever = assemble(settings).retriever
    calibration = Calibration(load(settings.catalogue))
    quality = HERE.parent / "tests" / "quality"
    found = []
    for name in ("practice.jsonl", "questions.jsonl"):
        for q in read_questions(quality / name):
            usual = q.expect == "answer" and q.kind not in ("english", "breton")
            if q.split != "held" and usual and not refusals.refuse(q.question):
                given = calibration.searched(retriever, q.question, messages(q.history))
                found += [case(q, given.ranked)] if given and given.ranked else []
    return found


def fit(cases: list[Case]) -> np.ndarray:
    """(signs,): what each sign is worth."""
    pairs, weights = [], []
    for each in cases:
        good = each.states & each.says
        right = each.signs[good if good.any() else each.states | each.says][:RIGHT]
        wrong = each.signs[~(each.states | each.says)][:WRONG]
        if not len(right) or not len(wrong):
            continue
        pairs += [a - b for a in right for b in wrong]
        weights += [1 / (len(right) * len(wrong))] * (len(right) * len(wrong))
    x, w = np.array(pairs), np.array(weights)
    y = np.repeat([True, False], len(x))
    model = LogisticRegression(C=1, fit_intercept=False, max_iter=3000)
    return model.fit(np.vstack([x, -x]), y, sample_weight=np.concatenate([w, w])).coef_[0]


def main() -> None:
    """Fit, and print."""
    data = cases()
    folds = np.random.default_rng(1).permutation(len(data)) % FOLDS
    states = says = 0
    for fold in range(FOLDS):
        worth = fit([c for c, f in zip(data, folds, strict=True) if f != fold])
        for each in (c for c, f in zip(data, folds, strict=True) if f == fold):
            best = int(np.argmax(each.signs @ worth))
            states += bool(each.states[best])
            says += bool(each.says[best])
    print(f"{len(data)} questions. The best sentence states a fact of the answer: ", end="")
    print(f"{states / len(data):.3f}; all that it must say: {says / len(data):.3f}")
    print(json.dumps(dict(zip(NAMES, np.round(fit(data), 2).tolist(), strict=True))))


if __name__ == "__main__":
    main()
