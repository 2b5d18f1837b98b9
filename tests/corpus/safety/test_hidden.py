from __future__ import annotations

import pytest
from lxml.html import HtmlElement, document_fromstring

from corpus.safety import hidden, styles


def shown(body: str, head: str = "") -> str:
    """The words left of a page; those of its head and scripts are read by nobody."""
    root: HtmlElement = document_fromstring(
        f"<html><head>{head}</head><body class='home bg-white'>{body}</body></html>"
    )
    hidden.drop(root)
    return " ".join(" ".join(root.find("body").itertext()).split())


@pytest.mark.parametrize(
    "body",
    [
        # what the page opens when asked to: accordions, tabs
        '<button aria-controls="a">Aides</button><div id="a" hidden>VU</div>',
        '<a data-bs-target="#a">Aides</a><div id="a" style="display:none">VU</div>',
        "<details><summary>Aides</summary>VU</details>",
        "<dialog open>VU</dialog>",
        # letters that have a background, said or not
        '<div style="background:#036"><p style="color:#fff">VU</p></div>',
        '<table><tr><td bgcolor="navy"><font color="white">VU</font></td></tr></table>',
        '<div class="hero-banner"><p style="color:white">VU</p></div>',
        '<div style="background:url(place.jpg)"><p style="color:white">VU</p></div>',
        '<div style="color:white"><p style="color:#222">VU</p></div>',
        '<p style="color:#767676">VU</p>',
        # layouts
        '<p style="margin-left:-20px;text-indent:-1em;position:relative;left:-5px">VU</p>',
        '<p style="font-size:10px;opacity:.6;overflow:hidden;height:40px">VU</p>',
        '<p style="width:0">VU</p>',
        '<p style="transform:translateX(-50%) scale(0.9)">VU</p>',
        '<p aria-hidden="false" style="display:block;visibility:visible">VU</p>',
        '<p style="display: none; display: block">VU</p>',
        '<p style="nonsense">VU</p>',
    ],
)
def test_what_a_reader_can_see_stays(body: str) -> None:
    assert "VU" in shown(body)


@pytest.mark.parametrize(
    "rules",
    [
        "@media print { .x { display: none } }",
        "@media (max-width: 600px) { .x { display: none } }",
        ".x:hover { display: none } .x::after { display: none } .y { display: none }",
        ".x { display: none } p.x { display: block }",
        ".x { display: none } .x { display: flex }",
        "#x { display: block !important } .x { display: none }",
        "} broken { .x",
        ".x { color: white; background: #036 }",
    ],
)
def test_a_rule_that_hides_nothing_hides_nothing(rules: str) -> None:
    assert shown('<p id="x" class="x">VU</p>', f"<style>{rules}</style>") == "VU"


@pytest.mark.parametrize(
    "rules",
    [
        ".x { display: none }",
        "@media screen { .x { visibility: hidden } }",
        "p { display: block } .x { display: none } p { display: block }",
        "div .x, nav { position: absolute; left: -10000px }",
        ".x { display: none !important } #x { display: block }",
        ".x { color: #fefefe }",
    ],
)
def test_a_rule_that_hides_hides(rules: str) -> None:
    head = f"<style>{rules}</style>"
    assert shown('VU<div><p id="x" class="x">CACHÉ</p></div>', head) == "VU"


def test_words_around_a_blank_one_stay() -> None:
    assert shown('<p>La prime <span style="color:#fff">CACHÉ</span> est votée.</p>') == (
        "La prime est votée."
    )


def test_an_element_wins_over_the_rules() -> None:
    root: HtmlElement = document_fromstring(
        "<style>p { left: 1px; top: 2px } p { top: 3px !important }</style>"
        '<p style="left: 4px; top: 5px">x</p>'
    )
    found = styles.read(root, frozenset(("left", "top")))
    assert list(found.values()) == [{"left": "4px", "top": "3px"}]
