"""The writer and `expand` through a server and a model that we did not write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import real
from asking import ask
from click.testing import CliRunner
from pydantic import SecretStr

from assistant.answers import Outcome
from assistant.assembly import Assistant
from assistant.doors.cli.commands import commands
from assistant.proof.checking import supporting, unsupported
from assistant.settings import Settings
from assistant.writing.endpoint import Limits, Upstream
from assistant.writing.writer import Writer

pytestmark = pytest.mark.skipif(
    not real.MODEL.exists(), reason="no small model is here: make writer fetches it (1.1 GB)"
)

PATIENT = Limits(first=300.0, gap=60.0, shown=300.0, total=600.0)  # two busy cores


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real.served(tmp_path_factory.mktemp("real") / "server.log") as url:
        yield url


def test_what_it_writes_is_shown_with_its_proof_or_not_at_all(
    address: str, starter: Assistant
) -> None:
    upstream = Upstream(address, real.NAME, SecretStr(""), PATIENT)
    writer = Writer(upstream, unsupported, supporting)
    answer = ask(starter.retriever, "Qui a signé la convention ORT de Guichen ?", writer=writer)
    upstream.close()
    assert answer.outcome is Outcome.ANSWERED
    assert not upstream.resting
    assert all(c.passage[c.start : c.end] == c.quote for c in answer.citations)
    proofs = {c.number: f"{' '.join(c.headings)}\n{c.passage}" for c in answer.citations}
    for sentence in answer.sentences:
        if sentence.written:
            assert unsupported(sentence.text, [proofs[n] for n in sentence.citations]) is None


def test_expand_asks_it_for_questions(
    address: str, own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {
        "ASSISTANT_CATALOGUE": str(own.catalogue),
        "ASSISTANT_VAR": str(own.var),
        "ASSISTANT_MODEL": own.model,
        "ASSISTANT_WRITER_URL": address,
        "ASSISTANT_WRITER_MODEL": real.NAME,
        "ASSISTANT_WRITER_FIRST": "300",
        "ASSISTANT_WRITER_TOTAL": "600",
    }
    found = CliRunner().invoke(commands, ["expand", "--document", "piscine"], env=given)
    assert found.exit_code == 0, found.output
    written = (own.catalogue.parent / "questions" / "expanded.jsonl").read_text(encoding="utf-8")
    said = [json.loads(line) for line in written.splitlines()]
    asked = [line for line in said if line.get("question")]
    assert asked and {line["model"] for line in asked} == {real.NAME}
    assert all(line["kept"] or line["why"] for line in asked)
