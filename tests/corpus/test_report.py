"""What became of each source, as JSON and as a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus import report
from corpus.errors import State
from corpus.report import Line

LINES = [
    Line("fiches", "fiches", "Fiches", State.READ, ("ort", "marche"), sections=9),
    Line(
        "guide",
        "guide",
        "Guide",
        State.CUT,
        ("guide",),
        pages=12,
        scanned=3,
        sections=40,
        problem="page 4 : abîmée, impossible à ouvrir",
        remedy="Demandez-en une copie.",
    ),
    Line(
        "plan",
        "plan",
        "Plan",
        State.TIMED_OUT,
        problem="sa lecture a duré plus de 60 secondes",
        remedy="Découpez ce document.",
    ),
]
PASSAGES = {"ort": 3, "marche": 2, "guide": 17}


def test_the_table_has_a_line_a_source_then_what_to_do() -> None:
    assert report.table(LINES, PASSAGES).splitlines() == [
        "source  état          pages  numérisées  passages",
        "fiches  lu                                      5",
        "guide   lu en partie     12           3        17",
        "plan    trop long                               0",
        "guide (Guide) : page 4 : abîmée, impossible à ouvrir. Demandez-en une copie.",
        "plan (Plan) : sa lecture a duré plus de 60 secondes. Découpez ce document.",
    ]


def test_the_file_has_every_figure(tmp_path: Path) -> None:
    report.write(tmp_path / "report.json", LINES, PASSAGES)
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert written["states"] == {"read": 1, "cut": 1, "timed_out": 1}
    assert [source["passages"] for source in written["sources"]] == [5, 17, 0]
    assert written["sources"][1]["problem"] == "page 4 : abîmée, impossible à ouvrir"


@pytest.mark.parametrize("state", State)
def test_every_state_is_said_in_french(state: State) -> None:
    assert report.SAID[state]
