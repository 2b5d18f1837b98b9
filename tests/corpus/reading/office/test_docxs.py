"""DOCX files, read as Word shows them once every change is accepted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Pt, RGBColor
from typed import ABOUT, add, part, rezip, table, word, xml

from corpus.documents import Section, from_record
from corpus.reading.office import files

Read = Callable[[Callable[[Any], None]], list[tuple[tuple[str, ...], str]]]


def sections(path: Path, **about: Any) -> tuple[Section, ...]:
    return from_record(files.parse(path, **{**ABOUT, **about})["document"]).sections


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """What a document gives: the headings under its title, and the text, of each section."""

    def inner(write: Callable[[Any], None]) -> list[tuple[tuple[str, ...], str]]:
        path = word(tmp_path / "convention.docx", write)
        return [(section.headings[1:], section.text) for section in sections(path)]

    return inner


def test_headings_are_a_path_and_no_page_is_given(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        document.add_heading("Convention d'Exempleville", 0)
        document.add_heading("Le projet", 1)
        document.add_heading("Les halles", 2)
        document.add_paragraph("Les halles seront rénovées.")
        document.add_heading("La durée", 1)
        document.add_paragraph("La convention dure six ans.")

    first, second = sections(word(tmp_path / "convention.docx", write))
    assert first.headings == ("Convention d'Exempleville", "Le projet", "Les halles")
    assert second.headings == ("Convention d'Exempleville", "La durée")
    assert (first.text, first.page, first.form) == ("Les halles seront rénovées.", None, "prose")


def test_a_style_made_from_a_heading_and_an_outline_level_make_headings(read: Read) -> None:
    def write(document: Any) -> None:
        style = document.styles.add_style("Article de la Ville", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Heading 1"]
        document.add_paragraph("Objet", style="Article de la Ville")
        direct = document.add_paragraph("Pilotage")
        direct._p.get_or_add_pPr().append(xml('<w:outlineLvl w:val="1"/>'))
        document.add_paragraph("La Ville pilote.")

    assert read(write) == [(("Objet", "Pilotage"), "La Ville pilote.")]


def test_headings_that_no_style_marks_are_seen_by_their_look(read: Read) -> None:
    def write(document: Any) -> None:
        title = document.add_paragraph().add_run("Le centre-bourg demain")
        title.font.size = Pt(18)
        document.add_paragraph().add_run("Article 1 : objet").bold = True
        document.add_paragraph("La convention engage la commune pour six ans. " * 3)
        document.add_paragraph().add_run("1.1 Le périmètre").bold = True
        document.add_paragraph("Il suit les remparts. " * 4)
        document.add_paragraph().add_run("Article 2 : suivi").bold = True
        document.add_paragraph("Un comité se réunit. " * 4)

    assert [headings for headings, _ in read(write)] == [
        ("Le centre-bourg demain", "Article 1 : objet"),
        ("Le centre-bourg demain", "Article 1 : objet", "1.1 Le périmètre"),
        ("Le centre-bourg demain", "Article 2 : suivi"),
    ]


def test_numbers_are_read_as_they_are_shown(read: Read) -> None:
    def write(document: Any) -> None:
        numbering = document.part.numbering_part.element
        levels = "".join(
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
            for n, form, text in (
                (0, "upperRoman", "Titre %1 –"),
                (1, "decimal", "%1.%2"),
                (2, "lowerLetter", "%3)"),
            )
        )
        numbering.insert(0, xml(f'<w:abstractNum w:abstractNumId="90">{levels}</w:abstractNum>'))
        for number, more in (
            (90, ""),
            (91, '<w:lvlOverride w:ilvl="2"><w:startOverride w:val="4"/></w:lvlOverride>'),
        ):
            model = '<w:abstractNumId w:val="90"/>'
            numbering.append(xml(f'<w:num w:numId="{number}">{model}{more}</w:num>'))

        def numbered(text: str, depth: int, style: str = "Normal", list: int = 90) -> None:
            properties = document.add_paragraph(text, style=style)._p.get_or_add_pPr()
            told = f'<w:ilvl w:val="{depth}"/><w:numId w:val="{list}"/>'
            properties.append(xml(f"<w:numPr>{told}</w:numPr>"))

        numbered("L'objet", 0, "Heading 1")
        numbered("Les actions", 1, "Heading 2")
        numbered("les halles", 2)
        numbered("la place", 2)
        numbered("Le suivi", 1, "Heading 2")
        numbered("un comité", 2)
        numbered("Les annexes", 0, "Heading 1")
        numbered("le plan", 2, list=91)

    assert read(write) == [
        (("Titre I – L'objet", "I.1 Les actions"), "- a) les halles\n- b) la place"),
        (("Titre I – L'objet", "I.2 Le suivi"), "- a) un comité"),
        (("Titre II – Les annexes",), "- d) le plan"),
    ]


def test_bullets_are_items_without_a_number(read: Read) -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Sont présents :")
        document.add_paragraph("la Ville", style="List Bullet")
        document.add_paragraph("le Département", style="List Bullet")

    assert read(write) == [((), "Sont présents :"), ((), "- la Ville\n- le Département")]


def test_a_table_says_its_rows_with_their_headers(read: Read) -> None:
    def write(document: Any) -> None:
        made = table(
            document,
            [
                ["Action", "Coût", "", "Pilote"],
                ["", "en 2025", "en 2026", ""],
                ["Halles", "12 000 €", "8 000 €", "Ville"],
                ["Place", "3 000 €", "0 €", "Ville"],
            ],
        )
        made.cell(0, 1).merge(made.cell(0, 2))
        made.cell(0, 0).merge(made.cell(1, 0))
        made.cell(0, 3).merge(made.cell(1, 3))
        made.cell(2, 3).merge(made.cell(3, 3)).text = "Ville"
        for row in made.rows[:2]:
            row._tr.get_or_add_trPr().append(xml("<w:tblHeader/>"))

    assert [text for _, text in read(write)] == [
        "Action : Halles ; Coût, en 2025 : 12 000 € ; Coût, en 2026 : 8 000 € ; Pilote : Ville.",
        "Action : Place ; Coût, en 2025 : 3 000 € ; Coût, en 2026 : 0 € ; Pilote : Ville.",
    ]


def test_a_table_in_a_cell_is_read_under_its_row(read: Read) -> None:
    def write(document: Any) -> None:
        made = table(document, [["Fiche", "Les halles"], ["Budget", ""], ["Pilote", "Ville"]])
        inner = made.cell(1, 1).add_table(3, 2)
        texts = [["Année", "Montant"], ["2025", "12 000 €"], ["2026", "8 000 €"]]
        for row, values in zip(inner.rows, texts, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
        inner.rows[0]._tr.get_or_add_trPr().append(xml("<w:tblHeader/>"))

    assert read(write) == [
        ((), "Fiche : Les halles."),
        (("Budget",), "Année : 2025 ; Montant : 12 000 €."),
        (("Budget",), "Année : 2026 ; Montant : 8 000 €."),
        ((), "Pilote : Ville."),
    ]


def test_a_frame_around_text_is_no_table(read: Read) -> None:
    def write(document: Any) -> None:
        cell = document.add_table(1, 1).cell(0, 0)
        cell.paragraphs[0].style = "Heading 1"
        cell.paragraphs[0].add_run("À retenir")
        cell.add_paragraph("La Ville aide les commerces.")

    assert read(write) == [(("À retenir",), "La Ville aide les commerces.")]


def test_changes_are_accepted(read: Read) -> None:
    def write(document: Any) -> None:
        ins, gone = 'w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"', 'w:id="2" w:author="A"'
        add(
            document,
            "<w:p><w:r><w:t xml:space='preserve'>La durée est de </w:t></w:r>"
            f"<w:del {gone}><w:r><w:delText>cinq</w:delText></w:r></w:del>"
            f"<w:ins {ins}><w:r><w:t>six</w:t></w:r></w:ins>"
            f"<w:moveFrom {gone}><w:r><w:t> mois</w:t></w:r></w:moveFrom>"
            f"<w:moveTo {ins}><w:r><w:t xml:space='preserve'> ans</w:t></w:r></w:moveTo></w:p>",
        )
        add(
            document,
            f"<w:p><w:pPr><w:rPr><w:del {gone}/></w:rPr></w:pPr>"
            "<w:r><w:t xml:space='preserve'>Elle prend </w:t></w:r></w:p>",
        )
        add(document, "<w:p><w:r><w:t>effet demain.</w:t></w:r></w:p>")
        made = table(document, [["Action", "Coût"], ["Halles", "12 €"], ["Place", "3 €"]])
        made.rows[0]._tr.get_or_add_trPr().append(xml("<w:tblHeader/>"))
        made.rows[2]._tr.get_or_add_trPr().append(xml(f"<w:del {gone}/>"))

    assert [text for _, text in read(write)] == [
        "La durée est de six ans",
        "Elle prend effet demain.",
        "Action : Halles ; Coût : 12 €.",
    ]


def test_what_is_hidden_is_not_read(read: Read) -> None:
    def write(document: Any) -> None:
        secret = document.styles.add_style("Secret", WD_STYLE_TYPE.CHARACTER)
        secret.font.hidden = True
        line = document.add_paragraph("Ce que chacun voit")
        line.add_run(" caché").font.hidden = True
        line.add_run(" par un style", style="Secret")
        line.add_run(" blanc").font.color.rgb = RGBColor(255, 255, 255)
        line.add_run(" minuscule").font.size = Pt(1)
        same = line.add_run(" rouge sur rouge")
        same.font.color.rgb = RGBColor(0xC0, 0, 0)
        same._r.get_or_add_rPr().append(xml('<w:shd w:val="clear" w:fill="C00000"/>'))
        line.add_run(".")

    assert read(write) == [((), "Ce que chacun voit.")]


def test_white_on_a_dark_cell_is_read(read: Read) -> None:
    def write(document: Any) -> None:
        made = table(document, [["", ""], ["Halles", "12 €"], ["Place", "3 €"]])
        for cell, text in zip(made.rows[0].cells, ("Action", "Coût"), strict=True):
            cell.paragraphs[0].add_run(text).font.color.rgb = RGBColor(255, 255, 255)
            cell._tc.get_or_add_tcPr().append(xml('<w:shd w:val="clear" w:fill="1F3864"/>'))

    assert read(write)[0] == ((), "Action : Halles ; Coût : 12 €.")


def test_text_boxes_are_read_once_after_their_paragraph(read: Read) -> None:
    def write(document: Any) -> None:
        box = "<w:txbxContent><w:p><w:r><w:t>Dans la marge.</w:t></w:r></w:p></w:txbxContent>"
        add(
            document,
            "<w:p><w:r><w:t>Au fil du texte.</w:t></w:r><w:r><mc:AlternateContent>"
            f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>"
            f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape>"
            "</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        )

    assert [text for _, text in read(write)] == ["Au fil du texte.", "Dans la marge."]


def test_a_note_is_read_after_the_paragraph_that_calls_it(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        add(
            document,
            "<w:p><w:r><w:t>Le taux est de 12 %</w:t></w:r>"
            '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>.</w:t></w:r></w:p>',
        )
        document.add_paragraph("La suite.")

    path = word(tmp_path / "notes.docx", write)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    note = f"<w:footnotes {space}><w:footnote w:id='2'><w:p><w:r><w:t>Sous plafond.</w:t></w:r>"
    relation = (
        '<Relationship Id="rIdNotes" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/footnotes" Target="footnotes.xml"/></Relationships>'
    )
    name = "word/_rels/document.xml.rels"
    rezip(
        path,
        {
            "word/footnotes.xml": f"{note}</w:p></w:footnote></w:footnotes>".encode(),
            name: part(path, name).replace(b"</Relationships>", relation.encode()),
        },
    )
    assert [s.text for s in sections(path)] == [
        "Le taux est de 12 %.",
        "Sous plafond.",
        "La suite.",
    ]


def test_a_table_of_contents_and_a_field_left_empty_are_no_text(read: Read) -> None:
    def write(document: Any) -> None:
        document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph("Le projet	4", style="toc 1")
        add(
            document,
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r>"
            "<w:t>Cliquez ici</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        )
        document.add_paragraph("Le texte.")

    assert read(write) == [((), "Le texte.")]


def test_comments_headers_and_footers_are_not_read(read: Read) -> None:
    def write(document: Any) -> None:
        line = document.add_paragraph("La règle.")
        document.add_comment(line.runs, text="À revoir avec le maire", author="A")
        document.sections[0].header.paragraphs[0].text = "En-tête"
        document.sections[0].footer.paragraphs[0].text = "Pied"

    assert read(write) == [((), "La règle.")]


def test_the_file_says_its_title_language_and_last_change(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        document.core_properties.title = "Règlement du dispositif d'aide"
        document.core_properties.modified = datetime(2024, 3, 12, 9, 0)
        document.core_properties.language = "fr-FR"
        document.add_paragraph("Le règlement.")

    path = word(tmp_path / "reglement_v3.docx", write)
    document = files.parse(path, **ABOUT)["document"]
    assert document["title"] == "Règlement du dispositif d'aide"
    assert (document["language"], document["updated"]) == ("fr", "2024-03-12")
    assert document["published"] == ""  # often the day its model was made
    assert files.parse(path, **{**ABOUT, "title": "Aide"})["document"]["title"] == "Aide"


def test_a_title_that_says_nothing_gives_way_to_the_file_s_name(tmp_path: Path) -> None:
    def write(document: Any) -> None:
        document.core_properties.title = "Word Document"
        document.add_paragraph("Le règlement.")

    path = word(tmp_path / "reglement_des-aides.docx", write)
    assert files.parse(path, **ABOUT)["document"]["title"] == "reglement des aides"


def test_what_is_struck_no_longer_stands_and_a_note_mark_is_no_figure(read: Read) -> None:
    def write(document: Any) -> None:
        prices = document.add_paragraph("L'aide est de ")
        prices.add_run("500 €").font.strike = True
        prices.add_run(" 700 €")
        prices.add_run("1").font.superscript = True
        prices.add_run(" pour 40 m")
        prices.add_run("2").font.superscript = True
        prices.add_run(" de logement.")

    assert read(write) == [((), "L'aide est de 700 € pour 40 m² de logement.")]


def test_twin_tables_keep_the_sentence_before_each(read: Read) -> None:
    def write(document: Any) -> None:
        for whose, price in (("d'ici", "1 €"), ("d'ailleurs", "2 €")):
            document.add_paragraph(f"Tarifs des enfants {whose} :")
            table(document, [["Quotient", "Prix"], ["moins de 500", price]])

    rows = [(above, text) for above, text in read(write) if "Prix" in text]
    assert [above for above, _ in rows] == [
        ("Tarifs des enfants d'ici",),
        ("Tarifs des enfants d'ailleurs",),
    ]
