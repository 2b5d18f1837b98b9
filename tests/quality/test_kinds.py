"""Questions of six kinds, on the corpus that ships and on two towns of ours, above floors.

Today, lists and counts, who may not, several at once, numbers as people write them, what sources
tell in two versions. kinds.json gives each floor, and the digest of the questions. No test here
shows a held question: looking at one spends it (README.md).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import dated
import pytest
import rolls
from shared import once

from assistant import assembly
from assistant.answers import CITING, Answer, Outcome
from assistant.assembly import Assistant
from assistant.settings import Settings

HERE = Path(__file__).parent
FLOORS: dict[str, Any] = json.loads((HERE / "kinds.json").read_text(encoding="utf-8"))
TOWNS: Mapping[str, Callable[[Path], Path]] = {"trebrihan": rolls.write, "montfleuri": dated.lay}


def settings(folder: Path) -> Settings:
    return Settings(
        catalogue=folder / "town" / "catalogue.toml", var=folder / "var", journal_days=0
    )


@pytest.fixture(scope="module")
def towns(
    starter: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Assistant]]:
    found = {"starter": starter}
    for name, write in TOWNS.items():

        def make(folder: Path, write: Callable[[Path], Path] = write) -> None:
            write(folder / "town")
            assembly.build(settings(folder))

        found[name] = assembly.assemble(settings(once(tmp_path_factory, f"kinds-{name}", make)))
    yield found
    for name in TOWNS:
        found[name].close()


def test_questions_are_those_the_floors_were_set_on() -> None:
    digest = hashlib.sha256((HERE / "kinds.jsonl").read_bytes()).hexdigest()
    assert digest == FLOORS["digest"], "kinds.jsonl changed: measure again, then pin kinds.json"


@pytest.mark.parametrize("split", ["fit", "held"])
@pytest.mark.parametrize("kind", FLOORS["kinds"])
def test_each_kind_is_answered(
    kind: str, split: str, towns: dict[str, Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = map(json.loads, (HERE / "kinds.jsonl").read_text(encoding="utf-8").splitlines())
    ended: Counter[str] = Counter()
    for record in lines:
        if (record["kind"], record["split"]) == (kind, split):
            ended[ask(record, towns, monkeypatch)] += 1
    floors = FLOORS["kinds"][kind][split]
    assert ended["right"] >= floors["right"]
    assert ended["wrong"] <= floors["wrong"]


def ask(
    record: dict[str, Any], towns: Mapping[str, Assistant], monkeypatch: pytest.MonkeyPatch
) -> str:
    """« right », « wrong » or « refused »: how a question ended, on its day."""
    if record["day"]:
        day = date.fromisoformat(record["day"])

        class Clock(date):
            @classmethod
            def today(cls) -> date:  # type: ignore[override]
                return day

        monkeypatch.setattr(assembly, "date", Clock)
    else:
        monkeypatch.setattr(assembly, "date", date)
    return ending(record, towns[record["town"]].answer(record["question"]))


def ending(record: dict[str, Any], answer: Answer) -> str:
    said = " ".join([answer.text, *(f"{c.title} {c.quote}" for c in answer.citations)])
    text = said.replace("\u202f", " ").replace("\xa0", " ")
    holds = all(re.search(p, text, re.IGNORECASE) for p in record["must_contain"])
    holds &= not any(re.search(p, text, re.IGNORECASE) for p in record["must_not_contain"])
    shown = answer.outcome in CITING
    if record["expect"] == "refused":
        told = answer.outcome is Outcome.NOT_PUBLISHED or (holds and record["must_contain"])
        return "right" if told or not shown else "wrong"
    return "refused" if not shown else "right" if holds else "wrong"
