"""`python -m assistant.learning`: makes hearing, ranker, answerable and unasked .onnx, prints their
cards.

Asks the live index of the settings (`assistant build` first): the starter corpus, its known
questions, and the labelled questions of assistant/learning/data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant.assembly import assemble
from assistant.deciding import answerability
from assistant.learning import examples, fitting, towns
from assistant.learning.export import write, write_trees
from assistant.question import hearing
from assistant.quoting import ranking
from assistant.settings import Settings
from index.training.lessons import asked_by, documents

HERE = Path(__file__).parent
KNOWN = examples.ROOT / "corpus" / "starter" / "questions"
_AWAY = 4  # of the questions about something else, one in so many: they are told with ease
QUALITY = examples.ROOT / "tests" / "quality"
TOWNS = tuple(HERE / "data" / name for name in ("towns", "towns-2", "towns-3"))


def _begin() -> None:
    """Something to search with where nothing was made yet: the nearest sentence first."""
    one = [(np.ones((1, 1)), np.zeros(1))]
    if not ranking.RANKER.is_file():
        write(ranking.RANKER, ["near"], ["score"], one)
    for model in (answerability.MODEL, answerability.UNASKED):
        if not model.is_file():
            write(model, ["near"], ["answers"], one, end="Sigmoid")


def hear() -> None:
    """What a message sounds like: of labelled ones, and of known questions and headings."""
    door = examples.questions(sorted((HERE / "data").glob("door-*.jsonl")))
    known = [q for q in examples.questions(sorted(KNOWN.glob("*.jsonl"))) if q.unseen]
    headings = [examples.Asked(q.text, q.facts, "headings") for q in asked_by(documents())]
    labels = {"": hearing.OF_THE_SUBJECT, "unanswerable": hearing.OF_THE_SUBJECT}
    taught = [replace(q, label=labels.get(q.label, q.label)) for q in (*door, *known, *headings)]
    fitted = fitting.heard(taught)
    signs = [f"sign {n}" for n in range(len(fitted.weights))]
    write(hearing.MODEL, signs, fitted.labels, [(fitted.weights, fitted.bias)], end="Softmax")
    _tell({"hearing": _rounded(fitted.measured)})


def main() -> None:
    """Search, fit, write, print."""
    hear()
    _begin()
    with TemporaryDirectory() as var:
        taught = _searched(Path(var))
        _fit(taught)


def _searched(var: Path) -> list[examples.Example]:
    """Questions of the starter corpus, of which many were asked before, and of towns of which none
    was; those that nothing answers among both."""
    context = assemble(Settings()).context()
    known = [q for q in examples.questions(sorted(KNOWN.glob("*.jsonl"))) if q.unseen]
    practice = examples.questions([QUALITY / "practice.jsonl"])
    door = examples.questions(sorted((HERE / "data").glob("door-*.jsonl")))
    away = [q for q in door if q.label != "in_scope"]  # nobody said which facts answer the others
    # What a town does for its people may be in one of these documents.
    strange = [q for q in away if q.label != "municipal"]
    found = [
        *examples.searched([*known, *practice], context),
        *examples.searched(away[::_AWAY], context, (examples.Hidden.ITSELF, examples.Hidden.ALL)),
    ]
    for at, folder in enumerate(TOWNS, 1):
        elsewhere = towns.opened(folder, var / folder.name).context()
        found += towns.searched(folder, elsewhere)
        found += towns.strange(folder, strange[at::_AWAY], elsewhere)
    return found


def _fit(taught: Sequence[examples.Example]) -> None:
    best = fitting.ranker(taught)
    write(ranking.RANKER, best.signs, ["score"], [(best.weights[:, None], np.zeros(1))])
    weights = dict(zip(best.signs, np.round(best.weights, 3).tolist(), strict=True))
    _tell({"ranker": _rounded(best.measured), "weights": weights})
    ranked = [fitting.ranked(one, best) for one in taught if one.searched.ranked]
    for model, asked in ((answerability.MODEL, True), (answerability.UNASKED, False)):
        part = [e for e in ranked if answerability.is_asked(e.searched.ranked[0]) is asked]
        decision = fitting.answerable(part)
        write_trees(model, decision.signs, "answers", decision.trees, threshold=decision.threshold)
        _tell({model.stem: _rounded(decision.measured), "threshold": round(decision.threshold, 3)})


def _tell(card: Mapping[str, object]) -> None:
    print(json.dumps(card, indent=1))


def _rounded(measured: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in measured.items()}


if __name__ == "__main__":
    main()
