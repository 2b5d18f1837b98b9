"""A client that a developer generates from /openapi.json, against the running server."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from serving import serving

from assistant.doors.http.api import create
from assistant.settings import Settings

QUESTION = "Quand la piscine de Valbourg ouvre-t-elle au public, rue des Halles ?"
SAID = "La piscine de Valbourg ouvre au public le 8 novembre 2027, rue des Halles."


@pytest.fixture(scope="module")
def address(assistant_settings: Settings) -> Iterator[str]:
    """Where a server that keeps its answers listens."""
    with serving(create(assistant_settings)) as address:
        yield address


@pytest.fixture(scope="module")
def generated(address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the package `generated_client`; a schema left out in part fails."""
    folder = tmp_path_factory.mktemp("generated")
    described = httpx2.get(f"{address}/openapi.json", trust_env=False).text
    (folder / "openapi.json").write_text(described, encoding="utf-8")
    (folder / "config.yaml").write_text("post_hooks: []\n")  # no formatting
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    command += ["--path", "openapi.json", "--config", "config.yaml", "--fail-on-warning"]
    done = subprocess.run(
        [*command, "--output-path", "generated_client"],
        cwd=folder, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_a_generated_client_asks_reads_judges_and_deletes(
    address: str, generated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(generated)

    def calls(name: str) -> Any:
        return importlib.import_module(f"generated_client.api.default.{name}")

    models = importlib.import_module("generated_client.models")
    client = importlib.import_module("generated_client").Client(
        address, httpx_args={"trust_env": False}, raise_on_unexpected_status=True
    )
    with client:
        answer = calls("answers").sync(client=client, body=models.Question(question=QUESTION))
        assert (answer.outcome, answer.text) == (models.Outcome.ANSWERED, SAID)
        [citation] = answer.citations
        assert citation.passage[citation.start : citation.end] == citation.quote == SAID

        around = calls("passage").sync(citation.passage_id, client=client)
        assert around.passage.text == citation.passage
        assert around.after.headings[-1] == "Combien coûte la piscine de Valbourg, et qui la paie ?"

        kept = calls("receipt").sync(answer.id, client=client)
        assert (kept.question, kept.text, kept.cited[0].quote) == (QUESTION, SAID, SAID)

        opinion = models.FeedbackIn(useful=False, reasons=[models.FeedbackInReasonsItem.OUTDATED])
        judged = calls("feedback").sync_detailed(answer.id, client=client, body=opinion)
        assert judged.status_code == 204

        assert calls("delete").sync_detailed(answer.id, client=client).status_code == 204
        gone = calls("receipt").sync(answer.id, client=client)
        assert (gone.status, gone.detail) == (
            404,
            "Cette réponse est inconnue, ou n'est plus gardée.",
        )

        wrong = calls("answers").sync(client=client, body=models.Question(question="???"))
        assert isinstance(wrong, models.Problem)
        assert wrong.detail.startswith("La question ne contient aucun mot")
