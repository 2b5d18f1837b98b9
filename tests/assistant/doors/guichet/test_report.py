"""The weekly report, as a page and as the files that the command writes."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from desk import ADDRESS, PASSWORDS, Browser
from fastapi.testclient import TestClient
from townsfolk import approved, asked, content

from assistant.answers import Outcome
from assistant.assembly import REPORT as BUILT
from assistant.assembly import assemble
from assistant.doors.cli.commands import commands
from assistant.doors.guichet.report import REPORT
from assistant.doors.http.api import create
from assistant.measuring import golden
from assistant.measuring.golden import Run, Verdict
from assistant.records.answers import Answers
from assistant.records.people import People, Role
from assistant.records.store import Store
from assistant.records.vain import Mark, digest, mark
from assistant.settings import Settings
from corpus.snapshots import Record, Snapshots, Status

TODAY = date.today()
PARKING = "Où se garer le jour du marché ?"
SKATING = "Qui vend des chevaux de course ?"
POOL = "La piscine est-elle chauffée <b>l'hiver</b> ?"
OLD = "Une question d'il y a trois semaines ?"


def fill(store: Store) -> None:
    """A month of questions of every sort."""
    for question, outcome, days, useful, reasons, subject in [
        (PARKING, Outcome.NO_PASSAGE, 1, None, [], ""),
        ("ou se garer le jour du marche", Outcome.NO_PASSAGE, 2, None, [], ""),
        (PARKING, Outcome.NO_PASSAGE, 9, None, [], ""),
        (SKATING, Outcome.REFUSED_OFF_TOPIC, 3, None, [], ""),
        (POOL, Outcome.ANSWERED, 0, False, ["incomplete"], "marche"),
        ("Quel jour a lieu le marché ?", Outcome.ANSWERED, 6, True, [], "marche"),
        ("Bonjour", Outcome.GREETING, 0, None, [], ""),
        (OLD, Outcome.NO_PASSAGE, 21, None, [], ""),
    ]:
        asked(store, question, outcome, days, useful, reasons, subject)


@pytest.fixture
def town(own: Settings) -> Settings:
    """The town in a folder of the test's own; the index is looked at once."""
    return own.model_copy(update={"poll": 3600.0})


@pytest.fixture
def store(town: Settings) -> Iterator[Store]:
    with closing(Store(town.journal_url)) as opened:
        yield opened


def run(
    town: Settings, monkeypatch: pytest.MonkeyPatch, *words: str, status: int = 0
) -> tuple[str, str]:
    """What the command says, on both outputs."""
    monkeypatch.setattr("assistant.doors.cli.commands._settings", lambda: town)
    found = CliRunner().invoke(commands, ["report", *words], catch_exceptions=False)
    assert found.exit_code == status, found.output
    return found.stdout, found.stderr


def written(town: Settings, monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """The file that the command writes."""
    path = town.var / "rapport.html"
    assert str(path) in run(town, monkeypatch, "--out", str(path), *words)[0]
    return path.read_text(encoding="utf-8")


def visit(town: Settings, path: str = REPORT) -> Any:
    """The page, as an agent sees it."""
    with TestClient(create(town), base_url=ADDRESS) as client:
        with closing(Store(town.journal_url)) as store:
            People(store).add("agent", Role.AGENT, "test", PASSWORDS[Role.AGENT])
        browser = Browser(client)
        browser.enter("agent", PASSWORDS[Role.AGENT])
        return browser.get(path)


def part(page: str, title: str) -> str:
    """A section of a page, by its title."""
    found = re.search(rf"<h2[^>]*>{title}</h2>(.*?)(?=<h2|</main>)", page, re.DOTALL)
    assert found, title
    return found[1].replace("\u00a0", " ")


def test_a_week_is_counted_and_compared(
    town: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    page = written(town, monkeypatch)
    said = part(page, "Ce que les gens ont demandé")
    assert "<dt>Questions</dt><dd>6</dd>" in said
    assert "<dt>Autant de jours avant</dt><dd>1</dd>" in said
    assert "<dt>Avec une réponse</dt><dd>2</dd>" in said
    assert said.count('<rect class="whole"') == 7
    assert "Le marché de Valbourg" in said and "widget d’un site" in said
    vain = part(page, "Ce qui est resté sans réponse")
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in vain.split("<tr>")[2:]]
    assert rows[0] == ["2", "1", "+1", ""] and "garer" in vain.split("<tr>")[2]
    assert rows[1:] == [["1", "0", "nouveau", ""]] * 2
    assert "4 questions" in vain and OLD not in vain
    useless = part(page, "Ce qui a été jugé inutile")
    assert "elle est incomplète" in useless and "La piscine est-elle chauffée" in useless
    assert "<b>" not in useless
    longer = written(town, monkeypatch, "--since", (TODAY - timedelta(days=22)).isoformat())
    assert "<dt>Questions</dt><dd>8</dd>" in longer and OLD[:20] in html.unescape(longer)
    assert "Autant de jours avant" not in longer  # the journal keeps 30 days
    month = written(town, monkeypatch, "--since", "2020-01-01")
    assert "Le journal garde 30 jours" in month


def test_what_to_write_next_is_in_order(
    town: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    mark(store, "g", [digest(OLD)], Mark.TO_WRITE, "marie")
    mark(store, "g", [digest(SKATING)], Mark.OFF_TOPIC, "marie")
    said = part(written(town, monkeypatch), "À écrire ensuite")
    firsts = [re.sub(r"<[^>]+>", "", each).split("?")[0].strip() for each in said.split("<li><p>")]
    assert [each[:12] for each in firsts[1:]] == [OLD[:12], PARKING[:12], POOL[:12]]
    assert "« à documenter »" in said
    assert "Le marché de Valbourg › " in said.split("<li><p>")[2]


def test_the_file_asks_for_nothing_else_and_names_nobody(
    town: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(assemble(town, recording=True)) as assistant:
        assistant.answer("Mon numéro est le 06 12 34 56 78, où est la patinoire olympique ?")
    page = written(town, monkeypatch)
    assert "patinoire" in page and "12 34 56" not in page
    assert not re.search(r'(?:src|href|action)="|url\(|@import|<script|<form', page)
    assert "effacez ce fichier" in page


def test_an_empty_journal_and_one_that_is_not_kept_are_told(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = written(town, monkeypatch)
    assert "Aucune question." in part(page, "Ce que les gens ont demandé")
    assert "Rien de demandé en vain." in part(page, "À écrire ensuite")
    assert "golden.jsonl" in part(page, "Qualité sur les questions de référence")
    silent = town.model_copy(update={"journal_days": 0})
    for said in (written(silent, monkeypatch), run(silent, monkeypatch)[0], visit(silent).text):
        assert "ASSISTANT_JOURNAL_DAYS" in said and "ne sont pas gardées" in said
        assert "Ce qui est resté sans réponse" not in said


def test_golden_questions_are_asked_and_compared(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    market, price = "Quand le marché de Valbourg a-t-il lieu ?", "Combien coûte une patinoire ?"
    lines = [
        {"question": market, "expect": "answer", "must_contain": ["samedi"]},
        {"question": price, "expect": "answer"},
        {"question": "Combien de communes ont signé une ORT ?", "expect": "refuse"},
    ]
    path = town.catalogue.with_name(golden.QUESTIONS)
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    golden.keep(town.var, Run("2026-01-05", "000000", {market: Verdict.RIGHT, price: "right"}))  # type: ignore[dict-item]
    for _ in range(2):  # twice on a day is once
        said = part(written(town, monkeypatch), "Qualité sur les questions de référence")
    assert re.findall(r"<td>(\d)</td>", said) == ["1", "2", "1", "0", "1", "0"]
    assert "5 janvier 2026" in said
    lost, failed = said.split("Qui ne sont pas justes")
    assert price in lost and "signé" not in lost and "signé" in failed and market not in said
    assert [each.day for each in golden.runs(town.var)] == ["2026-01-05", TODAY.isoformat()]
    with closing(Store(town.journal_url)) as store, store.reading() as connection:
        count = connection.exec_driver_sql("select count(*) from answers").scalar()
    assert count == 0  # they are nobody's questions
    assert price in part(visit(town).text, "Qualité sur les questions de référence")
    path.write_text('{"question": "Quoi ?"}', encoding="utf-8")
    error = run(town, monkeypatch, status=1)[1]
    assert "golden.jsonl:1" in error and "'expect'" in error
    (town.var / golden.RUNS).write_text("[3", encoding="utf-8")
    assert golden.runs(town.var) == []


def test_sources_and_validated_answers_are_told(
    town: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = Snapshots(town.catalogue)
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    seen = Record(source="fiches", address="https://a.example/1", path="", sha256="", first=at,
                  checked=at)  # fmt: skip
    before = "2026-01-01T00:00:00.000000+00:00"
    copies.put(seen)
    copies.put(replace(seen, address="https://a.example/2", first=before, changed=at))
    copies.put(replace(seen, address="https://a.example/3", first=before, changed=before))
    copies.judge("fiches", Status(failures=3, problem="Le site ne répond pas"))
    line = {"title": "Budget", "problem": "Ce PDF est vide", "remedy": "Remplacez-le."}
    (town.var / BUILT).write_text(json.dumps({"sources": [line]}), encoding="utf-8")
    with closing(assemble(town)) as assistant:
        generation = assistant.retriever.generation
        past = Answers(store, lambda: datetime.now(UTC) - timedelta(days=9))
        yesterday = (TODAY - timedelta(days=1)).isoformat()
        approved(past, generation, expires=yesterday, wordings=("Nager, quand ?",))
        approved(Answers(store), generation, expires=TODAY.isoformat())
        Answers(store).draft(content(generation), "marie")
    page = written(town, monkeypatch)
    said = part(page, "Ce qui a changé dans les sources")
    assert re.findall(r"a\.example/(\d)", said) == ["1", "2"]
    assert "<td>nouveau</td>" in said and "<td>modifié</td>" in said
    assert "Le site ne répond pas (3 fois de suite)." in said
    assert "Ce PDF est vide. Remplacez-le." in said
    assert "Mairie de Valbourg : ni site" in said
    review, soon = part(page, "Réponses validées à revoir").split("À relire d’ici un mois")
    assert "n° 1, « Nager, quand ? » : elle valait jusqu'au" in html.unescape(review)
    assert "n° 2, «" in soon and "1 brouillon à valider" in soon


def test_the_page_is_that_of_the_command(town: Settings, store: Store) -> None:
    fill(store)
    page = visit(town)
    assert page.status_code == 200 and 'aria-current="page">Rapport' in page.text
    assert f"/guichet/sans-reponse/{digest(PARKING)}" in page.text
    assert "<dt>Questions</dt><dd>6</dd>" in page.text and "data-print" in page.text


@pytest.mark.parametrize(("since", "said"), [("hier", "2026-11-30"), ("2999-01-01", "après")])
def test_a_day_that_cannot_be_is_told(town: Settings, since: str, said: str) -> None:
    page = visit(town, f"{REPORT}?since={since}")
    assert page.status_code == 409 and said in page.text


def test_a_file_that_cannot_be_written_is_told(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = run(town, monkeypatch, "--out", str(town.var / "rien" / "x.html"), status=1)[1]
    assert "rien" in error and "Traceback" not in error


def test_the_text_holds_the_main_lines(
    town: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    said = run(town, monkeypatch)[0]
    assert "Questions : 6 (1 autant de jours avant), dont 2 avec une réponse." in said
    assert f"- {PARKING} : 2 fois (1 avant)\n" in said and "<b>l'hiver</b>" in said
    assert "&" not in said and not re.search(r"\n\n\n", said)
    path = Path(town.var) / "x.html"
    both = run(town, monkeypatch, "--text", "--out", str(path))[0]
    assert "À ÉCRIRE ENSUITE" in both and path.exists()
