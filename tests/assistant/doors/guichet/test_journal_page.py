from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from desk import Browser
from fastapi.testclient import TestClient

from assistant.answers import Door, Outcome
from assistant.doors.guichet.charts import lengths, through_time
from assistant.doors.guichet.journal import inert
from assistant.doors.guichet.names import DOORS, OUTCOMES, REASONS
from assistant.doors.http.schemas import FeedbackIn

JOURNAL = "/guichet/journal"
MARKET = "Quand le marché de Valbourg a-t-il lieu ?"
PHONE = "06 12 34 56 78"


@pytest.fixture(scope="module", autouse=True)
def asked(client: TestClient, store: object) -> Iterator[dict[str, str]]:
    """Questions that residents asked, by a word of theirs; one was judged, one holds a formula."""
    found = {}
    for word, question, headers in (
        ("marché", MARKET, {"origin": "https://www.valbourg.example"}),
        ("téléphone", f"Mon numéro est le {PHONE}, où est la piscine de Valbourg ?", {}),
        ("formule", '=HYPERLINK("http://x.example";"marché de Valbourg ?")', {}),
        ("temps", "Quel temps fera-t-il demain ?", {}),
    ):
        told = client.post("/api/v1/answers", json={"question": question}, headers=headers)
        found[word] = told.json()["id"]
    judged = {"useful": False, "reasons": ["outdated"]}
    client.post(f"/api/v1/answers/{found['marché']}/feedback", json=judged)
    yield found


def test_the_page_shows_masked_questions_and_their_figures(agent: Browser) -> None:
    page = agent.get(JOURNAL)
    assert page.status_code == 200
    assert MARKET.replace(" ?", "\u00a0?") in page.text
    assert "la piscine de Valbourg" in page.text and PHONE not in page.text
    assert re.search(r"<dt>Questions</dt><dd>4</dd>", page.text)
    assert "Par jour" in page.text and "Par issue" in page.text and "Par sujet" in page.text
    assert "widget d’un site" in page.text and "pas utile" in page.text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("door=widget", 1), ("door=api", 3), ("door=mcp", 0), ("opinion=inutile", 1),
        ("words=piscine", 1), ("words=%25", 0), ("since=2020-01-01", 4), ("until=2020-01-01", 0),
        ("subject=marche&outcome=answered&door=widget", 1),
    ],
)  # fmt: skip
def test_filters_count_what_they_leave(agent: Browser, query: str, count: int) -> None:
    page = agent.get(f"{JOURNAL}?{query}")
    assert page.status_code == 200
    assert f"<dt>Questions</dt><dd>{count}</dd>" in page.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=hier", 409), ("outcome=rien", 409), ("door=x", 409), ("opinion=x", 409),
        ("page=0", 422), ("page=x", 422),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_told(agent: Browser, query: str, status: int) -> None:
    assert agent.get(f"{JOURNAL}?{query}").status_code == status


def test_the_export_is_read_by_a_spreadsheet_and_runs_nothing(agent: Browser) -> None:
    told = agent.get(f"{JOURNAL}.csv")
    assert told.headers["content-type"] == "text/csv; charset=utf-8"
    assert told.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(told.content.decode("utf-8-sig")), delimiter=";"))
    by_question: dict[str, Any] = {row["question"]: row for row in rows}
    assert len(rows) == 4
    assert by_question[MARKET]["avis"] == "pas utile"
    assert by_question[MARKET]["raisons"] == "elle n’est plus à jour"
    assert by_question[MARKET]["porte"] == "widget d’un site"
    assert [q for q in by_question if q.startswith(("=", "+", "-", "@"))] == []
    assert [q for q in by_question if q.startswith("'=HYPERLINK")] != []
    assert PHONE not in told.text


@pytest.mark.parametrize(
    ("cell", "said"),
    [("=1+1", "'=1+1"), ("+33", "'+33"), ("-2", "'-2"), ("@x", "'@x"), (" =1", "' =1"),
     ("\t=1", "'\t=1"), ("\r\n=1", "'\r\n=1"), ("oui", "oui"), ("", ""), ("1-2", "1-2")],
)  # fmt: skip
def test_a_cell_is_never_a_formula(cell: str, said: str) -> None:
    assert inert(cell) == said


def test_an_answer_is_found_by_its_reference(agent: Browser, asked: dict[str, str]) -> None:
    spaced = f" {asked['marché'][:8].upper()}%20{asked['marché'][8:]}"
    page = agent.get(f"{JOURNAL}/reponse?reference={spaced}")
    assert page.status_code == 200
    assert "Le marché a lieu le samedi matin." in page.text
    assert "elle n’est plus à jour" in page.text
    assert agent.get(f"{JOURNAL}/reponse?reference={'0' * 32}").status_code == 404
    assert agent.get(f"{JOURNAL}/reponse").status_code == 404


def test_an_agent_deletes_an_answer_and_the_page_proves_it(
    agent: Browser, client: TestClient
) -> None:
    reference = client.post("/api/v1/answers", json={"question": MARKET}).json()["id"]
    told = agent.post(f"{JOURNAL}/effacer", reference=reference)
    assert told.status_code == 303
    assert agent.get(f"{JOURNAL}/reponse?reference={reference}").status_code == 404
    page = agent.get(JOURNAL).text
    assert "1 réponse, par sa référence" in page and ">agent</td>" in page
    assert agent.post(f"{JOURNAL}/effacer", reference=reference).status_code == 409


def test_nothing_on_any_page_says_who_asked(agent: Browser, asked: dict[str, str]) -> None:
    for path in (JOURNAL, f"{JOURNAL}.csv", f"{JOURNAL}/reponse?reference={asked['marché']}"):
        assert "testclient" not in agent.get(path).text  # the address of whoever asked


def test_every_ending_door_and_reason_has_its_french() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert set(DOORS) == {*Door, ""}
    reasons = FeedbackIn.model_json_schema()["properties"]["reasons"]["items"]["enum"]
    assert set(REASONS) == set(reasons)


def test_the_longest_bar_is_whole_and_the_others_are_in_proportion() -> None:
    bars = lengths({"a": 1, "b": 4, "c": 2}, 2)
    assert [(bar.name, bar.count, bar.share) for bar in bars] == [("b", 4, 100), ("c", 2, 50)]
    assert lengths({}) == []


def test_days_without_a_question_have_their_place() -> None:
    days = {"2026-11-01": {"answered": 1, "no_passage": 3}, "2026-11-03": {"partial": 2}}
    bars = through_time(days, date(2026, 11, 1), date(2026, 11, 4))
    assert [(bar.name[8:], bar.count, bar.answered, bar.share, bar.part) for bar in bars] == [
        ("01", 4, 1, 100, 25), ("02", 0, 0, 0, 0), ("03", 2, 2, 50, 50), ("04", 0, 0, 0, 0)
    ]  # fmt: skip
    assert bars[0].left < bars[1].left and bars[-1].left + bars[-1].wide < 100
    months = through_time(days, date(2026, 1, 1), date(2026, 12, 31))
    assert (len(months), months[10].name, months[10].count) == (12, "2026-11", 6)
