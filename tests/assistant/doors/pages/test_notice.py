from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from assistant.assembly import EVALUATION, build
from assistant.doors.http.api import create
from assistant.settings import Settings

LEFT = """
[[entries]]
id = "site"
kind = "page"
publisher = "Ville de Valbourg"
title = "La page du programme"
address = "https://valbourg.example/pvd"
licence = "non précisée"
scope = "local"
{more}
"""


@pytest.fixture
def client(own: Settings) -> Iterator[TestClient]:
    with TestClient(create(own)) as started:
        yield started


def test_every_source_is_named_once_with_its_dates(client: TestClient) -> None:
    page = client.get("/a-propos").text
    assert page.count('href="https://anct.example/ort"') == 1
    assert "ANCT (2026)" in page and "Banque (2026)" in page


def test_who_answers_and_what_is_kept_are_said(client: TestClient) -> None:
    page = client.get("/a-propos").text
    assert "Mairie de Valbourg" in page and "22 novembre 2026" in page
    assert "Pendant 30 jours" in page


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ('enabled = false\nnote = "Relire la licence."', "La commune ne la fait pas lire"),
        ("", "À la lecture\u00a0: sa copie manque"),
    ],
)
def test_what_was_left_out_says_why_and_not_what_is_for_the_town_alone(
    own: Settings, more: str, why: str
) -> None:
    told = own.catalogue.read_text(encoding="utf-8") + LEFT.format(more=more)
    own.catalogue.write_text(told, encoding="utf-8")
    build(own)
    with TestClient(create(own)) as client:
        page = client.get("/a-propos").text
    assert "La page du programme, Ville de Valbourg" in page and why in page
    assert "Relire la licence" not in page


def test_the_last_measures_are_shown_with_their_day(own: Settings, client: TestClient) -> None:
    assert "Aucune mesure" in client.get("/a-propos").text
    measured = {"questions": 40, "answer": 30, "refuse": 10, "correct": 0.829, "wrong": 0.1}
    told = measured | {"refused": None, "exact": 1.0, "day": "2026-11-30", "generation": "000009"}
    (own.var / EVALUATION).write_text(json.dumps(told), encoding="utf-8")
    page = client.get("/a-propos").text
    assert "30 novembre 2026" in page and "83 %" in page and "non mesuré" in page
    assert "l’index en service est le 000001" in page
