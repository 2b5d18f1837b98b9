"""The town's golden questions: asked by quoting alone, and compared with the time before.

They stand in a file beside the catalogue, in the form that `assistant evaluate` reads. What became
of each is kept a day at a time in the folder of ASSISTANT_VAR.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from tqdm import tqdm

from assistant.answers import CITING
from assistant.assembly import Assistant
from assistant.measuring.evaluation import Question, correct, read_questions
from assistant.pipeline import Request, Stage, run
from assistant.question.history import messages

QUESTIONS = "golden.jsonl"  # beside catalogue.toml
RUNS = "golden.json"  # in the folder of ASSISTANT_VAR
_KEPT = 60  # days of which what became of each question is kept


class Verdict(StrEnum):
    """What became of a question. One is refused when an answer was wanted, and none was given."""

    RIGHT = "right"
    WRONG = "wrong"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Run:
    """What became of each question, by its words, on a day and an index."""

    day: str
    generation: str
    verdicts: Mapping[str, Verdict]

    @property
    def counts(self) -> Mapping[Verdict, int]:
        return Counter(self.verdicts.values())


def asked(assistant: Assistant, *, progress: bool = False) -> Run | None:
    """Ask them all, by quoting, keeping nothing in the journal; None when the town wrote none.

    Raises InputError naming the line that is wrong.
    """
    path = assistant.catalogue.path.resolve().with_name(QUESTIONS)
    if not path.exists():
        return None
    questions = tqdm(
        read_questions(path), desc="Questions de référence", unit="question", disable=not progress
    )
    number = assistant.retriever.generation.number
    verdicts = {each.question: _verdict(assistant, each) for each in questions}
    return Run(date.today().isoformat(), number, verdicts)


def _verdict(assistant: Assistant, question: Question) -> Verdict:
    request = Request(question.question, messages(question.history))
    answer, _ = run(request, Stage(assistant.context()))
    if correct({"question": asdict(question), "answer": asdict(answer)}):
        return Verdict.RIGHT
    wanted = question.expect == "answer" and answer.outcome not in CITING
    return Verdict.REFUSED if wanted else Verdict.WRONG


def runs(var: Path) -> Sequence[Run]:
    """Those that are kept, the last at the end; none where the file is not there, or is damaged."""
    try:
        return [
            Run(
                each["day"],
                each["generation"],
                {asked: Verdict(became) for asked, became in each["verdicts"].items()},
            )
            for each in json.loads((var / RUNS).read_text(encoding="utf-8"))
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def keep(var: Path, made: Run) -> None:
    """Keep what was found, in the place of what was on the same day."""
    others = [each for each in runs(var) if each.day != made.day]
    text = json.dumps(
        [dataclasses.asdict(each) for each in [*others, made][-_KEPT:]], ensure_ascii=False
    )
    aside = var / f"{RUNS}.partial"
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, var / RUNS)
