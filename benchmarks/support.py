"""Fit the weights of answerability.py: `python benchmarks/support.py --far queries.jsonl …`.

Reads the practice questions and the `fit` half of tests/quality, asks the live generation of the
starter corpus, and prints the weights, and what they keep and refuse on parts left out of the fit.
The `held` half is never read. Needs scikit-learn, which sentence-transformers brings.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from tqdm import tqdm

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from assistant.assembly import assemble  # noqa: E402
from assistant.calibration import Calibration, own_questions, stated  # noqa: E402
from assistant.deciding import refusals  # noqa: E402
from assistant.deciding.answerability import Town, signs, town_of  # noqa: E402
from assistant.doors.http.schemas import messages  # noqa: E402
from assistant.measuring.evaluation import read_questions  # noqa: E402
from assistant.question.asking import STRICT  # noqa: E402
from assistant.routes import Searched  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from corpus.catalogue import load  # noqa: E402
from index.search.retriever import Retriever  # noqa: E402

WEIGHT = {"faq": 0.1, "far": 0.2}  # of one question, beside 1 for a practice question
FAR = 250  # questions drawn from each far set


@dataclass(frozen=True, slots=True)
class Row:
    """One question: where it comes from, whether it has an answer, and how its best one stands."""

    origin: str
    answerable: bool
    right: bool
    hopeless: bool
    signs: dict[str, float]


def row(
    origin: str,
    answerable: bool,
    facts: Collection[str],
    found: Searched | None,
    retriever: Retriever,
    town: Town,
) -> Row | None:
    """A searched question as a row; None when the decision is not the regression's to take."""
    if found is None or not found.ranked or found.absent:
        return None
    best, asking = found.ranked[0], found.question.asking
    return Row(
        origin,
        answerable,
        bool(set(facts) & stated(found)),
        asking.kind in STRICT and not best.bears,
        signs(asking, retriever, found.found, best, town),
    )


def rows(far: Sequence[Path]) -> Iterator[Row | None]:
    """Every question that reaches the decision, with its signs."""
    settings = Settings()
    retriever = assemble(settings).retriever
    catalogue = load(settings.catalogue)
    calibration = Calibration(catalogue)
    here = retriever, town_of(catalogue.town, retriever.generation)
    quality = HERE.parent / "tests" / "quality"
    for name in ("questions.jsonl", "practice.jsonl"):
        for q in tqdm(read_questions(quality / name), desc=name):
            usual = q.expect in ("answer", "refuse") and q.kind not in ("english", "breton")
            if q.split != "held" and usual and not refusals.refuse(q.question):
                found = calibration.searched(retriever, q.question, messages(q.history))
                yield row("practice", q.expect == "answer", q.facts, found, *here)
    for own in tqdm(own_questions(retriever.generation), desc="faq"):
        for answerable, hidden in ((True, own.itself), (False, own.answering)):
            found = calibration.searched(retriever, own.question, hidden=hidden)
            yield row("faq", answerable, own.facts, found, *here)
    for path in far:
        texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
        drawn = random.Random(1).sample(texts, min(FAR, len(texts)))
        for text in tqdm(drawn, desc=path.parent.name):
            if not refusals.refuse(text):
                found = calibration.searched(retriever, text)
                yield row(path.parent.name, False, (), found, *here)


@click.command()
@click.option("--far", type=click.Path(exists=True, path_type=Path), multiple=True)
def main(far: Sequence[Path]) -> None:
    """Fit, and print."""
    data = [found for found in rows(far) if found is not None]
    names = list(data[0].signs)
    x = np.array([[row.signs[name] for name in names] for row in data])
    y = np.array([row.answerable for row in data])
    origin = np.array([row.origin for row in data])
    right = np.array([row.right for row in data])
    hopeless = np.array([row.hopeless for row in data])
    weight = np.array([WEIGHT.get(o, 1.0 if o == "practice" else WEIGHT["far"]) for o in origin])
    teaching = ~hopeless & (right | ~y)  # a wrong best sentence teaches neither yes nor no
    mean, spread = x[teaching].mean(0), x[teaching].std(0)
    x = (x - mean) / spread

    def fit(part: np.ndarray) -> LogisticRegression:
        return LogisticRegression(C=0.2, max_iter=3000).fit(
            x[part], y[part], sample_weight=weight[part]
        )

    likely = np.zeros(len(y))
    folds = StratifiedKFold(8, shuffle=True, random_state=0)
    for train, test in folds.split(x, np.char.add(origin, y.astype(str))):
        likely[test] = fit(train[teaching[train]]).predict_proba(x[test])[:, 1]
    likely[hopeless] = 0
    for kept in (0.95, 0.9, 0.85):
        limit = np.quantile(likely[(origin == "practice") & y & right & ~hopeless], 1 - kept)
        refused = {
            o: round(float((likely < limit)[(origin == o) & ~y].mean()), 3)
            for o in sorted(set(origin))
        }
        click.echo(f"{kept:.0%} kept at {limit:.2f}: refused {refused}")
    model = fit(np.flatnonzero(teaching))
    raw = model.coef_[0] / spread
    bias = model.intercept_[0] - (model.coef_[0] * mean / spread).sum()
    click.echo(json.dumps(dict(zip(names, np.round(raw, 2).tolist(), strict=True))))
    click.echo(f"bias {bias:.2f}")


if __name__ == "__main__":
    main()
