"""Ten towns that have their own documents and no fiche: what is answered of them, by quoting alone.

    python benchmarks/towns.py [--split fit|held] [--show]

The towns are those of tests/doubles/ten.py, the questions tests/quality/ten.jsonl: a hand that
saw the rendered pages only wrote them, with the words of the page that answer. `--show` tells each
question that failed, of the half that may be seen. Wants PYTHONPATH=.:tests/doubles.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ten

from assistant.answers import Answer, Outcome
from assistant.assembly import Assistant, assemble, build
from assistant.pipeline import Way
from assistant.routes import Searched
from assistant.settings import Settings
from index.french.analysis import fold

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "quality" / "ten.jsonl"
KINDS = {
    "trevalon": "ORT agreement, PDF",
    "fontgrive": "OPAH, tables, PDF",
    "orvaille": "council minutes, DOCX",
    "merlevaux": "bulletin, two columns, PDF",
    "cassebourg": "deed, scan",
    "lussagnac": "guide in boxes, PDF",
    "pontarlieu": "regulation, ODT",
    "beaurepas": "forms, PDF and DOCX",
    "vauclaron": "lists and tables, HTML",
    "sauvelande": "grants, CSV",
}
_SHOWN = (Outcome.ANSWERED, Outcome.PARTIAL)


def holds(text: str, answer: str) -> bool:
    """Whether a text says an answer: its words in a row, or those of each of its cells."""
    said = _bare(text)
    return all(_bare(cell) in said for cell in answer.split("|"))


def _bare(text: str) -> str:
    return " ".join(["", *re.findall(r"[^\W_]+", fold(text)), ""])


def became(record: dict[str, Any], answer: Answer, way: Way, assistant: Assistant) -> str:
    """right, wrong, or where a question with an answer was lost: « door » (never searched),
    « unread », « unfound », « unranked » (another sentence first), « undecided »."""
    answers: list[str] = record["answers"]
    if answer.outcome in _SHOWN:
        return "right" if any(holds(answer.text, each) for each in answers) else "wrong"
    if not answers:
        return "right"
    generation = assistant.retriever.generation
    passages = [*generation.passages, *generation.register.rows]
    if not any(holds(_whole(p.headings, p.text), each) for p in passages for each in answers):
        return "unread"
    if not isinstance(way.route, Searched):
        return "door"
    if way.route.ranked and any(holds(way.route.ranked[0].quote.text, each) for each in answers):
        return "undecided"
    hits = way.route.found.hits
    found = any(
        holds(_whole(h.passage.headings, h.passage.text), each) for h in hits for each in answers
    )
    return "unranked" if found else "unfound"


def _whole(headings: Iterable[str], text: str) -> str:
    return " ".join((*headings, text))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--split", choices=["fit", "held"])
    options.add_argument("--show", action="store_true")
    given = options.parse_args()
    records = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    table: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for town, kind in KINDS.items():
            root = Path(folder) / town
            settings = Settings(catalogue=ten.lay(town, root), var=root / "var")
            build(settings)
            assistant = assemble(settings)
            for record in records:
                if record["town"] != town or given.split not in (None, record["split"]):
                    continue
                answer, way = assistant.explained(record["question"])
                state = became(record, answer, way, assistant)
                table.setdefault(kind, Counter())[state] += 1
                if given.show and record["split"] == "fit" and state != "right":
                    print(f"{state} | {town} | {record['question']} | {record['answers']}")
                    print(f"    {answer.outcome} {' '.join(answer.text.split())[:300]}")
            assistant.close()
    _print(table)


def _print(table: dict[str, Counter[str]]) -> None:
    lost = ("door", "unread", "unfound", "unranked", "undecided")
    print("| kind | questions | right | wrong | refused | " + " | ".join(lost) + " |")
    print("|---|" + "---|" * (4 + len(lost)))
    for kind, found in [*table.items(), ("all", sum(table.values(), Counter()))]:
        refused = sum(found[state] for state in lost)
        told = (found.total(), found["right"], found["wrong"], refused, *(found[s] for s in lost))
        print(f"| {kind} | " + " | ".join(map(str, told)) + " |")


if __name__ == "__main__":
    main()
