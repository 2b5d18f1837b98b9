from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from assistant.doors.http.api import create
from assistant.doors.http.crowd import guesses
from assistant.doors.http.crowd.guesses import Guesses
from assistant.settings import Settings

ANSWERS = "/api/v1/answers"
NEVER = "0" * 32
OURS = {"origin": "http://testserver"}


@pytest.fixture
def client(assistant_settings: Settings) -> Iterator[TestClient]:
    app = create(assistant_settings)
    app.state.guesses = Guesses(pace=0.0, clock=lambda: 0.0)
    with TestClient(app) as started:
        yield started


def ask(client: TestClient) -> str:
    question = {"question": "Quand le marché de Valbourg a-t-il lieu ?"}
    return str(client.post(ANSWERS, json=question).json()["id"])


def test_ten_unknown_references_are_enough(client: TestClient) -> None:
    reference = ask(client)
    for _ in range(20):  # those that are known do not count
        assert client.get(f"{ANSWERS}/{reference}").status_code == 200
    for _ in range(10):
        assert client.get(f"{ANSWERS}/{NEVER}").status_code == 404
    for refused in (
        client.get(f"{ANSWERS}/{reference}"),
        client.delete(f"{ANSWERS}/{reference}"),
        client.post(f"{ANSWERS}/{reference}/feedback", json={"useful": True}),
    ):
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "600"
        assert refused.json()["detail"] == (
            "Trop de références inconnues ont été essayées depuis votre connexion. Réessayez dans "
            "10 minutes."
        )


def test_the_page_says_when_to_try_again(client: TestClient) -> None:
    for _ in range(10):
        assert client.post("/recu", data={"reference": NEVER}, headers=OURS).status_code == 404
    headers = {**OURS, "accept": "text/html"}
    page = client.post("/recu", data={"reference": NEVER}, headers=headers)
    assert (page.status_code, page.headers["retry-after"]) == (429, "600")
    assert "Réessayez dans 10 minutes." in page.text


def test_a_known_and_an_unknown_reference_take_the_same_time(
    assistant_settings: Settings,
) -> None:
    app = create(assistant_settings)
    app.state.guesses = Guesses(pace=0.4)
    with TestClient(app) as client:
        reference = ask(client)
        client.get(f"{ANSWERS}/{reference}")  # written by now
        for known in (reference, NEVER):
            began = time.perf_counter()
            client.get(f"{ANSWERS}/{known}")
            assert 0.4 <= time.perf_counter() - began


def test_a_try_is_forgotten_after_ten_minutes() -> None:
    now = [0.0]
    tried = Guesses(clock=lambda: now[0])
    for second in range(10):
        now[0] = float(second)
        assert tried.begin("a") == 0
    assert tried.begin("a") == 591
    assert tried.begin("b") == 0  # another address
    now[0] = 600.0
    assert tried.begin("a") == 0
    assert tried.begin("a") == 1  # the second of them was at 1 s


def test_no_address_is_held_that_knew_its_reference_or_that_left() -> None:
    now = [0.0]
    tried = Guesses(clock=lambda: now[0])
    for address in "abc":
        tried.begin(address)
    tried.take_back("b")
    assert list(tried._tried) == ["a", "c"]
    now[0] = 600.0
    tried.begin("d")
    assert list(tried._tried) == ["d"]


def test_only_the_last_addresses_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses, "_ADDRESSES", 2)
    tried = Guesses(clock=lambda: 0.0)
    for address in [*["a"] * 10, *["b"] * 10, "c"]:
        tried.begin(address)
    assert (tried.begin("b"), tried.begin("a")) == (600, 0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::2", True),  # of one home
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_a_home_is_one_address(
    assistant_settings: Settings, one: str, other: str, same: bool
) -> None:
    app = create(assistant_settings)
    app.state.guesses = Guesses(pace=0.0)
    with TestClient(app, client=(one, 1)) as first:
        for _ in range(10):
            first.get(f"{ANSWERS}/{NEVER}")
        second = TestClient(app, client=(other, 2))
        assert second.get(f"{ANSWERS}/{NEVER}").status_code == (429 if same else 404)
