"""An address that a quoted sentence holds is read, and is no link: links are those of sources."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html
from paper import BODY, HEADING, write
from reportlab.platypus import Paragraph

from assistant import assembly
from assistant.doors.http.api import create
from assistant.doors.openai import MODEL
from assistant.settings import Settings

ELSEWHERE = "https://inscriptions.example/nuit"
SAID = f"L'inscription des exposants au marché de nuit de Valbourg se fait sur {ELSEWHERE}"
ENTRY = """
[[entries]]
id = "nuit"
kind = "pdf"
publisher = "Ville de Valbourg"
title = "Le marché de nuit"
address = "nuit.pdf"
licence = "Licence Ouverte 2.0"
scope = "local"
"""
QUESTION = "Où se fait l'inscription des exposants au marché de nuit de Valbourg ?"


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, assistant_settings: Settings
) -> Iterator[TestClient]:
    town = tmp_path_factory.mktemp("nuit") / "valbourg"
    shutil.copytree(assistant_settings.catalogue.parent, town)
    catalogue = town / "catalogue.toml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + ENTRY, encoding="utf-8")
    text = f"{SAID} avant le 3 mai. Les places sont quarante, sous les halles et sur la place."
    story = [Paragraph("Le marché de nuit de Valbourg", HEADING), Paragraph(text, BODY)]
    write(town / "nuit.pdf", story)
    var = town.parent / "var"
    settings = assistant_settings.model_copy(update={"catalogue": catalogue, "var": var})
    assembly.build(settings)
    with TestClient(create(settings)) as opened:
        yield opened


def test_a_page_quotes_the_address_and_links_it_nowhere(client: TestClient) -> None:
    page: Any = html.fromstring(client.post("/poser", data={"question": QUESTION}).text)
    assert ELSEWHERE in page.text_content()
    assert [link for *_, link, _ in page.iterlinks() if "inscriptions.example" in link] == []


def test_a_program_is_given_the_links_of_sources_only(client: TestClient) -> None:
    answer = client.post("/api/v1/answers", json={"question": QUESTION}).json()
    assert ELSEWHERE in answer["text"]
    given = [c["url"] for c in answer["citations"]]
    given += [source["url"] for c in answer["citations"] for source in c["sources"]]
    assert ELSEWHERE not in given
    chat = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}]}
    message = client.post("/v1/chat/completions", json=chat).json()["choices"][0]["message"]
    assert f"`{ELSEWHERE}`" in message["content"]
    assert [a for a in message["annotations"] if ELSEWHERE in str(a)] == []
