from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from assistant.doors.http.api import create
from assistant.doors.http.assets import assets
from assistant.doors.pages.guide import contrast, element
from assistant.settings import Settings

WIDGET = Path(__file__).parents[4] / "assistant" / "doors" / "widget"
DOCS = Path(__file__).parents[4] / "docs" / "embedding.md"
CHOSEN = {
    "site": "https://www.valbourg.example/page",
    "privacy": "https://www.valbourg.example/donnees",
    "accent": "#17527d",
    "words": "#ffffff",
    "mode": "inline",
}


@pytest.fixture(scope="module")
def client(assistant_settings: Settings) -> Iterator[TestClient]:
    with TestClient(create(assistant_settings)) as started:
        yield started


def asked(client: TestClient, **changed: str) -> tuple[int, Any]:
    response = client.get("/integration", params=CHOSEN | changed)
    return response.status_code, html.fromstring(response.text)


def code(page: Any, name: str) -> str:
    return str(page.xpath(f"string(//code[@id='{name}'])"))


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)  # the known limit
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_the_lines_hold_what_was_chosen(client: TestClient) -> None:
    status, page = asked(client)
    assert status == 200
    tag = code(page, "balise")
    assert 'mode="inline"' in tag
    assert 'privacy-url="https://www.valbourg.example/donnees"' in tag
    assert assets()["assistant-pvd.js"].integrity in tag
    assert "ASSISTANT_ORIGINS" not in page.xpath("string(//*[@class='note'])")


def test_a_site_that_is_not_listed_is_told_what_to_add(client: TestClient) -> None:
    _, page = asked(client, site="https://ailleurs.example/x")
    assert "https://ailleurs.example" in page.xpath("string(//*[@class='note'])")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"privacy": ""}, "privacy"),
        ({"privacy": "/donnees"}, "privacy"),
        ({"privacy": "javascript:alert(1)"}, "privacy"),
        ({"site": "valbourg"}, "site"),
        ({"contact": "moi"}, "contact"),
        ({"accent": "#999999"}, "accent"),
        ({"accent": "red"}, "accent"),
        ({"words": "#fff;}body{"}, "accent"),
    ],
)
def test_what_cannot_be_gives_no_line_to_paste(
    client: TestClient, changed: dict[str, str], field: str
) -> None:
    status, page = asked(client, **changed)
    assert status == 422
    assert page.xpath(f"//*[@id='faux-{field}']") and page.xpath("//pre") == []


def test_an_address_cannot_leave_its_attribute(client: TestClient) -> None:
    _, page = asked(client, privacy='https://a.example/"onload="x')
    (made,) = html.fragment_fromstring(f"<div>{code(page, 'balise')}</div>").xpath(
        "//assistant-pvd"
    )
    assert set(made.attrib) == {"mode", "privacy-url"}


# custom-elements.json, against what it describes


def source() -> str:
    files = (WIDGET / name for name in ("assistant-pvd.js", "assistant-pvd-more.js"))
    return "".join(file.read_text(encoding="utf-8") for file in files)


def test_every_event_and_variable_is_listed() -> None:
    events = {f"pvd-{name}" for name in re.findall(r"tell\('(\w+)'", source())}
    assert {event["name"] for event in element()["events"]} == events
    variables = set(re.findall(r"--pvd-[a-z-]+", source()))
    assert {each["name"] for each in element()["cssProperties"]} == variables


def test_every_part_listed_is_made() -> None:
    made = set(re.findall(r"(?:'\w+\.|button\(')(\w+)'", source()))
    assert {part["name"] for part in element()["cssParts"]} <= made


def test_every_name_is_documented() -> None:
    told = DOCS.read_text(encoding="utf-8")
    kinds = ("attributes", "members", "events", "cssProperties")
    names = [each["name"] for kind in kinds for each in element()[kind]]
    assert [name for name in names if name not in told] == []
