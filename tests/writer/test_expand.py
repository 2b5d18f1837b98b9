"""`assistant expand`, as its operator runs it, against a server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assistant.doors.cli.commands import commands
from assistant.settings import Settings

from .double import Endpoint, Reply
from .faults import status

POOL = "Quand la piscine de Valbourg ouvre-t-elle au public, rue des Halles ?"


def environment(own: Settings, endpoint: Endpoint | None) -> dict[str, str]:
    return {
        "ASSISTANT_CATALOGUE": str(own.catalogue),
        "ASSISTANT_VAR": str(own.var),
        "ASSISTANT_MODEL": own.model,
        "ASSISTANT_WRITER_URL": endpoint.url if endpoint else "",
        "ASSISTANT_WRITER_MODEL": "essai",
    }


def run(own: Settings, endpoint: Endpoint | None, *words: str) -> Result:
    found = CliRunner().invoke(commands, words, env=environment(own, endpoint))
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found


def ask_of_the_pool(endpoint: Endpoint, *more: str) -> None:
    """Write POOL of the sentence that answers it, nothing of the others."""

    def script(reply: Reply) -> None:
        lines = endpoint.asked[-1].body["messages"][1]["content"].splitlines()
        numbers = [line[1:].split("]")[0] for line in lines if "8 novembre 2027" in line]
        said = [f"{number} | plain | {text}" for number in numbers for text in (POOL, *more)]
        reply.write("\n".join(said) or "Aucune question.")

    endpoint.script = script


def lines(own: Settings) -> list[dict[str, Any]]:
    text = (own.catalogue.parent / "questions" / "expanded.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without .env."""
    monkeypatch.chdir(tmp_path)


def test_what_a_run_would_cost_is_said_and_nothing_leaves(
    own: Settings, endpoint: Endpoint
) -> None:
    found = run(own, endpoint, "expand", "--dry-run", "--document", "piscine", "--limit", "1")
    assert found.output.startswith("1 passage(s) sans question, de 1 document(s) : 1 demande(s)")
    assert (found.exit_code, endpoint.asked) == (0, [])
    assert not (own.catalogue.parent / "questions").exists()


def test_without_a_model_nothing_changes_and_it_is_said(own: Settings) -> None:
    found = run(own, None, "expand")
    assert found.exit_code == 1
    assert "Aucun modèle de langage n'est réglé : donnez ASSISTANT_WRITER_URL" in found.output
    assert not (own.catalogue.parent / "questions").exists()


@pytest.mark.usefixtures("checked_here")
def test_the_next_build_knows_the_questions_and_no_answer_shows_them(
    own: Settings, endpoint: Endpoint
) -> None:
    ask_of_the_pool(endpoint, "Combien coûte l'entrée de la piscine ?")
    found = run(own, endpoint, "expand")
    assert found.exit_code == 0
    assert "« La piscine de Valbourg » : 2 passage(s), 1 question(s) gardée(s), 1 laissée(s)" in (
        found.output
    )
    assert [(line["kept"], line["question"]) for line in lines(own)] == [
        (True, POOL),
        (False, "Combien coûte l'entrée de la piscine ?"),
    ]
    assert "1 passage" not in run(own, endpoint, "expand", "--dry-run").output[:9]
    assert "construit et mis en service" in run(own, None, "build").output
    live = own.index / "generations" / (own.index / "current").read_text().strip()
    known = [json.loads(line) for line in (live / "questions.jsonl").read_text().splitlines()]
    assert [question["text"] for question in known] == [POOL]
    shown = run(own, None, "ask", "--json", "La piscine ouvre quand au public à Valbourg ?").output
    answer = json.loads(shown)
    assert answer["citations"][0]["quote"].startswith("La piscine de Valbourg ouvre au public le 8")
    assert POOL not in shown


def test_an_endpoint_that_fails_ends_in_a_message_and_what_was_kept(
    own: Settings, endpoint: Endpoint
) -> None:
    endpoint.script = status(500)
    found = run(own, endpoint, "expand")
    assert found.exit_code == 1
    assert ": il répond par une erreur. 0 passage(s) sur" in found.output
    assert len(endpoint.asked) == 3
    ask_of_the_pool(endpoint)
    assert run(own, endpoint, "expand").exit_code == 0


def test_questions_of_a_passage_that_changed_are_dropped(own: Settings, endpoint: Endpoint) -> None:
    ask_of_the_pool(endpoint)
    run(own, endpoint, "expand")
    path = own.catalogue.parent / "questions" / "expanded.jsonl"
    line = path.read_text(encoding="utf-8")
    path.write_text(line.replace(lines(own)[0]["passage"], "0" * 32), encoding="utf-8")
    found = run(own, endpoint, "expand")
    assert "a changé : 1 question(s) de passages disparus sont retirées" in found.output
    assert lines(own) == []


@pytest.mark.killed
def test_a_run_that_is_killed_goes_on_from_there(own: Settings, endpoint: Endpoint) -> None:
    def script(reply: Reply) -> None:
        if len(endpoint.asked) == 2:
            os.kill(started.pid, signal.SIGKILL)
        reply.write("Aucune question.")

    endpoint.script = script
    started = subprocess.Popen(
        [sys.executable, "-m", "assistant", "expand"],
        env=os.environ | environment(own, endpoint),
    )
    assert started.wait(120) == -signal.SIGKILL
    first, second = (asked.body["messages"][1]["content"] for asked in endpoint.asked)
    run(own, endpoint, "expand")
    again = [asked.body["messages"][1]["content"] for asked in endpoint.asked[2:]]
    assert second in again and first not in again
