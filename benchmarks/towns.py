"""Ten towns that have their own documents and no fiche: what is answered of them, by quoting alone.

    python benchmarks/towns.py [--split fit|held] [--show] [--expand]

The towns are those of tests/doubles/ten.py, the questions tests/quality/ten.jsonl: a hand that
saw the rendered pages only wrote them, with the words of the page that answer. `--show` tells each
question that failed, of the half that may be seen. `--expand` asks them again once `assistant
expand` has had questions written: those that people wrote as the model would, from its rules and
the passages alone (tests/quality/written.jsonl), served on loopback. Wants
PYTHONPATH=.:tests/doubles.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import ten

from assistant.answers import Answer, Outcome
from assistant.assembly import Assistant, assemble, build
from assistant.pipeline import Way
from assistant.routes import Searched
from assistant.settings import Settings
from index.french.analysis import fold
from tests.writer.double import Endpoint, Reply

QUALITY = Path(__file__).resolve().parents[1] / "tests" / "quality"
QUESTIONS, WRITTEN = QUALITY / "ten.jsonl", QUALITY / "written.jsonl"
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


@contextmanager
def model() -> Iterator[str]:
    """The address of a model that answers what people wrote of these very passages."""
    records = map(json.loads, WRITTEN.read_text(encoding="utf-8").splitlines())
    written = {record["passages"]: record["written"] for record in records}

    def script(reply: Reply) -> None:
        passages = endpoint.asked[-1].body["messages"][-1]["content"]
        reply.write(written[passages.strip()])

    endpoint = Endpoint()
    endpoint.script = script
    try:
        yield endpoint.url
    finally:
        endpoint.stop()


def expand(settings: Settings, address: str) -> None:
    """Have questions written of a town's passages, as its operator does, and build it again."""
    told = {"CATALOGUE": settings.catalogue, "VAR": settings.var, "WRITER_URL": address}
    environment = {f"ASSISTANT_{name}": str(value) for name, value in told.items()}
    subprocess.run(
        [sys.executable, "-m", "assistant", "expand"],
        env={**os.environ, **environment, "ASSISTANT_WRITER_MODEL": "people"},
        check=True,
    )
    build(settings)


def ask(
    town: str, settings: Settings, records: Iterable[dict[str, Any]], *, show: bool
) -> Iterator[str]:
    """What became of each question of a town."""
    with closing(assemble(settings)) as assistant:
        for record in records:
            answer, way = assistant.explained(record["question"])
            state = became(record, answer, way, assistant)
            yield state
            if show and record["split"] == "fit" and state != "right":
                print(f"{state} | {town} | {record['question']} | {record['answers']}")
                print(f"    {answer.outcome} {' '.join(answer.text.split())[:300]}")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--split", choices=["fit", "held"])
    options.add_argument("--show", action="store_true")
    options.add_argument("--expand", action="store_true")
    given = options.parse_args()
    records = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    tables: list[dict[str, Counter[str]]] = [{}, {}]
    with tempfile.TemporaryDirectory() as folder, model() as address:
        for town, kind in KINDS.items():
            root = Path(folder) / town
            settings = Settings(catalogue=ten.lay(town, root), var=root / "var")
            asked = [r for r in records if r["town"] == town]
            asked = [r for r in asked if given.split in (None, r["split"])]
            build(settings)
            tables[0][kind] = Counter(ask(town, settings, asked, show=given.show))
            if given.expand:
                expand(settings, address)
                tables[1][kind] = Counter(ask(town, settings, asked, show=given.show))
    for table in filter(None, tables):
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
