"""ODT files, read as LibreOffice shows them once every change is accepted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import odfdo
import pytest
from typed import ABOUT, writer

from corpus.documents import from_record
from corpus.reading.office import files

Read = Callable[..., list[tuple[tuple[str, ...], str]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """What a document gives: the headings under its title, and the text, of each section."""

    def inner(body: str, **styles: str) -> list[tuple[tuple[str, ...], str]]:
        path = writer(tmp_path / "convention.odt", body, **styles)
        document = from_record(files.parse(path, **{**ABOUT, "kind": "odt"})["document"])
        return [(section.headings[1:], section.text) for section in document.sections]

    return inner


def text_style(name: str, properties: str, family: str = "text") -> str:
    told = f"<style:text-properties {properties}/>"
    return f'<style:style style:name="{name}" style:family="{family}">{told}</style:style>'


LISTS = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix=".">'
    "</text:list-level-style-number>"
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")">'
    "</text:list-level-style-number></text:list-style>"
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1" '
    'text:bullet-char="•"/></text:list-style>'
)


def test_headings_and_their_numbers_are_read(read: Read) -> None:
    outline = (
        '<text:outline-style style:name="Plan">'
        '<text:outline-level-style text:level="1" style:num-prefix="Article " '
        'style:num-format="1" style:num-suffix=" –"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
        "</text:outline-style>"
    )
    body = (
        '<text:p text:style-name="Title">Convention d\'Exempleville</text:p>'
        '<text:h text:outline-level="1">Objet</text:h><text:p>Elle dit tout.</text:p>'
        '<text:h text:outline-level="1">Actions</text:h>'
        '<text:h text:outline-level="2">Halles</text:h><text:p>Elles seront rénovées.</text:p>'
        '<text:h text:outline-level="1" text:is-list-header="true">Annexe</text:h>'
        "<text:p>Le plan.</text:p>"
    )
    assert read(body, styles=outline) == [
        (("Article 1 – Objet",), "Elle dit tout."),
        (("Article 2 – Actions", "2.1 Halles"), "Elles seront rénovées."),
        (("Annexe",), "Le plan."),
    ]


def test_lists_keep_the_numbers_they_show(read: Read) -> None:
    body = (
        '<text:list xml:id="a" text:style-name="L1"><text:list-item><text:p>halles</text:p>'
        "<text:list><text:list-item><text:p>toit</text:p></text:list-item>"
        "<text:list-item><text:p>sol</text:p></text:list-item></text:list></text:list-item>"
        "<text:list-item><text:p>place</text:p></text:list-item></text:list>"
        "<text:p>Puis :</text:p>"
        '<text:list text:style-name="L1" text:continue-numbering="true"><text:list-item>'
        "<text:p>quai</text:p></text:list-item>"
        '<text:list-item text:start-value="7"><text:p>pont</text:p></text:list-item></text:list>'
        '<text:list text:style-name="L2"><text:list-item><text:p>parc</text:p></text:list-item>'
        "</text:list>"
    )
    assert [text for _, text in read(body, automatic=LISTS)] == [
        "- 1. halles\n- a) toit\n- b) sol\n- 2. place",
        "Puis :",
        "- 3. quai\n- 7. pont\n- parc",
    ]


def test_a_table_says_its_rows_with_their_headers(read: Read) -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    covered = "<table:covered-table-cell/>"
    wide, high = 'table:number-columns-spanned="2"', 'table:number-rows-spanned="2"'
    first = row(cell("Action", high), cell("Coût", wide), covered, cell("Pilote", high))
    second = row(covered, cell("2025"), cell("2026"), covered)
    body = (
        f"<table:table><table:table-header-rows>{first}{second}</table:table-header-rows>"
        f"{row(cell('Halles'), cell('12 €'), cell('8 €'), cell('Ville', high))}"
        f"{row(cell('Place'), cell('3 €'), cell('0 €'), covered)}</table:table>"
    )
    assert [text for _, text in read(body)] == [
        "Action : Halles ; Coût, 2025 : 12 € ; Coût, 2026 : 8 € ; Pilote : Ville.",
        "Action : Place ; Coût, 2025 : 3 € ; Coût, 2026 : 0 € ; Pilote : Ville.",
    ]


def test_changes_are_accepted_and_notes_for_the_authors_left_out(read: Read) -> None:
    body = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        "<office:change-info/><text:p>cinq</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes>"
        '<text:p>La durée est de <text:change text:change-id="c1"/>'
        '<text:change-start text:change-id="c2"/>six<text:change-end text:change-id="c2"/> ans'
        "<office:annotation><text:p>À revoir</text:p></office:annotation>.</text:p>"
    )
    assert read(body) == [((), "La durée est de six ans.")]


def test_what_is_hidden_is_not_read(read: Read) -> None:
    styles = (
        text_style("Caché", 'text:display="none"')
        + text_style("Blanc", 'fo:color="#ffffff"')
        + text_style("Clair", 'fo:color="#ffffff" fo:background-color="#1f3864"')
        + text_style("Petit", 'fo:font-size="1pt"')
    )
    body = (
        '<text:p>Ce que<text:span text:style-name="Caché"> caché</text:span>'
        '<text:span text:style-name="Blanc"> blanc</text:span>'
        '<text:span text:style-name="Petit"> petit</text:span> chacun'
        '<text:span text:style-name="Clair"> voit</text:span>'
        '<text:hidden-text text:condition="vrai" text:string-value="x">x</text:hidden-text>.'
        "</text:p>"
        '<text:section text:name="s" text:display="none"><text:p>Brouillon</text:p></text:section>'
        '<text:p><text:hidden-paragraph text:is-hidden="true"/>Autre brouillon</text:p>'
    )
    assert read(body, automatic=styles) == [((), "Ce que chacun voit.")]


def test_notes_and_text_boxes_follow_their_paragraph(read: Read) -> None:
    body = (
        '<text:p>Le taux est de 12 %<text:note text:note-class="footnote">'
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>Sous plafond.</text:p>"
        "</text:note-body></text:note>.<draw:frame><draw:text-box><text:p>Dans la marge.</text:p>"
        "</draw:text-box></draw:frame></text:p><text:p>La <text:s/>suite<text:tab/>vient.</text:p>"
    )
    assert [text for _, text in read(body)] == [
        "Le taux est de 12 %.",
        "Sous plafond.",
        "Dans la marge.",
        "La suite vient.",
    ]


def test_headings_that_no_style_marks_are_seen_by_their_look(read: Read) -> None:
    styles = text_style("Gras", 'fo:font-weight="bold"', "paragraph")
    body = (
        '<text:p text:style-name="Gras">Article 1 : objet</text:p>'
        f"<text:p>{'La convention engage la commune. ' * 4}</text:p>"
        '<text:p text:style-name="Gras">Article 2 : suivi</text:p>'
        f"<text:p>{'Un comité se réunit. ' * 4}</text:p>"
    )
    found = read(body, automatic=styles)
    assert [headings for headings, _ in found] == [("Article 1 : objet",), ("Article 2 : suivi",)]


def test_a_table_of_contents_is_no_text(read: Read) -> None:
    body = (
        '<text:table-of-content text:name="t"><text:index-body><text:p>Objet 4</text:p>'
        "</text:index-body></text:table-of-content><text:p>Le texte.</text:p>"
    )
    assert read(body) == [((), "Le texte.")]


def test_the_file_says_its_title_language_and_last_change(tmp_path: Path) -> None:
    path = tmp_path / "reglement.odt"
    document = odfdo.Document("text")
    document.body.append(odfdo.Paragraph("Le règlement."))
    document.meta.title = "Règlement du dispositif d'aide"
    document.meta.language = "fr-FR"
    document.meta.date = datetime(2024, 3, 12, 9, 0)
    document.save(str(path))
    read = files.parse(path, **{**ABOUT, "kind": "odt"})["document"]
    assert read["title"] == "Règlement du dispositif d'aide"
    assert (read["language"], read["updated"], read["kind"]) == ("fr", "2024-03-12", "odt")
