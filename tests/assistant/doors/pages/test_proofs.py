from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from lxml import html
from paper import BODY, HEADING, write
from reportlab.platypus import PageBreak, Paragraph

from assistant import assembly
from assistant.doors.http.api import create
from assistant.doors.pages.pictures import Pictures
from assistant.settings import Settings

SAID = "La halle couverte de la place du Puits est rouverte par la commune en septembre 2027."
ENTRY = """
[[entries]]
id = "convention"
kind = "pdf"
publisher = "Ville de Valbourg"
title = "Convention de Valbourg"
address = "convention.pdf"
licence = "Licence Ouverte 2.0"
scope = "local"
"""


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory, assistant_settings: Settings
) -> Iterator[tuple[TestClient, Settings]]:
    """A town that also reads a PDF of two pages, SAID being on the second."""
    folder = tmp_path_factory.mktemp("town")
    shutil.copytree(assistant_settings.catalogue.parent, folder / "valbourg")
    catalogue = folder / "valbourg" / "catalogue.toml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + ENTRY, encoding="utf-8")
    filling = "Le conseil municipal a délibéré sur le projet de la commune et sur ses moyens. " * 9
    story = [Paragraph("Article 1 : Objet", HEADING), Paragraph(filling, BODY), PageBreak()]
    story += [Paragraph("Article 2 : Halle", HEADING), Paragraph(f"{SAID} {filling}", BODY)]
    write(folder / "valbourg" / "convention.pdf", story)
    settings = assistant_settings.model_copy(update={"catalogue": catalogue, "var": folder / "var"})
    assembly.build(settings)
    with TestClient(create(settings)) as client:
        yield client, settings


def read(text: str) -> Any:
    return html.fromstring(text)


def place(client: TestClient) -> str:
    """The address of the passage that says SAID, its words marked."""
    found = client.get("/api/v1/passages", params={"q": SAID}).json()["hits"][0]["passage"]
    start = found["text"].index(SAID)
    assert (found["document_id"], found["page"]) == ("convention", 2)
    return f"/passages/{quote(found['id'], safe='')}?debut={start}&fin={start + len(SAID)}"


def test_a_passage_stands_in_its_document(town: tuple[TestClient, Settings]) -> None:
    client, _ = town
    page = read(client.get(place(client)).text)
    assert [mark.text_content() for mark in page.xpath("//mark")] == [SAID]
    assert page.xpath("string(//h1)") == "Convention de Valbourg"
    assert "Article 1" in page.xpath("string(//*[@class='beside'][1])")


def test_its_page_is_shown_with_the_words_framed(town: tuple[TestClient, Settings]) -> None:
    client, settings = town
    (address,) = read(client.get(place(client)).text).xpath("//img/@src")
    first = client.get(address)
    assert first.headers["content-type"] == "image/png"
    assert first.content.startswith(b"\x89PNG")
    whole = client.get(address.partition("&")[0])  # the whole passage framed: another picture
    assert whole.status_code == 200 and whole.content != first.content
    kept = list((settings.var / "pictures").glob("*.png"))
    assert first.content in {path.read_bytes() for path in kept}
    for path in kept:
        path.write_bytes(b"kept")
    assert client.get(address).content == b"kept"  # not drawn again


def test_another_file_is_not_shown_in_its_place(town: tuple[TestClient, Settings]) -> None:
    client, settings = town
    file = settings.catalogue.with_name("convention.pdf")
    address = place(client)
    (picture,) = read(client.get(address).text).xpath("//img/@src")
    before = file.read_bytes()
    try:
        file.write_bytes(before + b"\n% other")
        page = client.get(address)
        assert "Le fichier a changé" in page.text and "<img" not in page.text
        assert client.get(picture).status_code == 404
        file.unlink()
        assert "Le fichier a changé" in client.get(address).text
    finally:
        file.write_bytes(before)


@pytest.mark.parametrize(
    "path",
    [
        "/passages/rien%231",
        "/api/v1/documents/convention/pages/1.png?passage=rien%231",
        "/api/v1/documents/ort/pages/2.png?passage=convention%231",
        "/api/v1/documents/convention/pages/9.png?passage=convention%231",
    ],
)
def test_what_is_not_there_is_said_so(town: tuple[TestClient, Settings], path: str) -> None:
    assert town[0].get(path).status_code == 404


@pytest.mark.parametrize("span", ["debut=5&fin=2", "debut=0&fin=99999", ""])
def test_words_out_of_place_are_not_marked(town: tuple[TestClient, Settings], span: str) -> None:
    client, _ = town
    response = client.get(f"{place(client).partition('?')[0]}?{span}")
    assert response.status_code == 200 and "<mark>" not in response.text


def test_a_summary_names_what_stands_behind_it(town: tuple[TestClient, Settings]) -> None:
    page = read(town[0].get("/passages/marche%231").text)
    assert page.xpath("//section[@class='here']//a/@href") == ["https://valbourg.example/marche"]
    assert page.xpath("//img") == []


def test_only_the_latest_pictures_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.doors.pages.pictures._MOST", 2)
    pictures = Pictures(tmp_path)
    for number in range(4):
        pictures._keep(tmp_path / "pictures" / f"{number}.png", b"x")
    assert len(list((tmp_path / "pictures").iterdir())) == 2
