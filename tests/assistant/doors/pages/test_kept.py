from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.doors.http.api import create
from assistant.doors.http.crowd.guesses import Guesses
from assistant.settings import Settings

QUESTION = "Quand le marché de Valbourg a-t-il lieu ?"
OURS = {"origin": "http://testserver"}


@pytest.fixture(scope="module")
def client(assistant_settings: Settings) -> Iterator[TestClient]:
    app = create(assistant_settings)
    app.state.guesses = Guesses(pace=0.0)
    with TestClient(app) as started:
        yield started


@pytest.fixture
def reference(client: TestClient) -> str:
    return str(client.post("/api/v1/answers", json={"question": QUESTION}).json()["id"])


def send(client: TestClient, **fields: str) -> Any:
    return client.post("/recu", data=fields, headers=OURS)


def test_a_reference_shows_the_answer_that_was_kept(client: TestClient, reference: str) -> None:
    spaced = f" {reference[:8].upper()} {reference[8:]} "  # as it is read out on the phone
    page = send(client, reference=spaced)
    assert page.status_code == 200
    assert "Le marché a lieu le samedi matin." in page.text
    assert "valbourg.example/marche" in page.text


def test_it_is_deleted_once_confirmed_and_not_before(client: TestClient, reference: str) -> None:
    asked = send(client, reference=reference, step="supprimer")
    assert "Supprimer cette réponse pour de bon" in asked.text
    assert send(client, reference=reference).status_code == 200
    done = send(client, reference=reference, step="confirmer")
    assert (done.status_code, "ont été effacés" in done.text) == (200, True)
    assert send(client, reference=reference).status_code == 404
    judged = client.post(f"/api/v1/answers/{reference}/feedback", json={"useful": True})
    assert judged.status_code == 404


@pytest.mark.parametrize("step", ["", "supprimer", "confirmer"])
def test_nothing_tells_a_reference_that_never_was_from_one_that_is_gone(
    client: TestClient, reference: str, step: str
) -> None:
    send(client, reference=reference, step="confirmer")
    gone = send(client, reference=reference, step=step)
    never = send(client, reference="0" * 32, step=step)
    assert gone.status_code == never.status_code == 404
    assert gone.text.replace(reference, "0" * 32) == never.text


@pytest.mark.parametrize(
    "origin", [None, "null", "https://ailleurs.example", "http://testserver.x"]
)
@pytest.mark.parametrize("step", ["", "confirmer"])
def test_another_site_sends_no_form(
    client: TestClient, reference: str, origin: str | None, step: str
) -> None:
    headers = {"origin": origin} if origin else {}
    refused = client.post("/recu", data={"reference": reference, "step": step}, headers=headers)
    assert refused.status_code == 403
    assert send(client, reference=reference).status_code == 200


def test_a_missing_reference_is_asked_for(client: TestClient) -> None:
    page = send(client, reference=" ")
    assert (page.status_code, "Écrivez la référence" in page.text) == (422, True)


def test_where_nothing_is_kept_it_says_so(assistant_settings: Settings) -> None:
    nothing = assistant_settings.model_copy(update={"journal_days": 0})
    with TestClient(create(nothing)) as client:
        assert "ne sont pas gardées" in client.get("/recu").text
        assert send(client, reference="0" * 32).status_code == 404
