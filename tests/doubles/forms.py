"""Blocks (tests/doubles/valbourg.py) as DOCX, as PDF with text, and as a scan of that PDF."""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Sequence
from pathlib import Path

import docx
import numpy as np
import paper
import pypdfium2
import pytest
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from PIL import Image
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from shared import once
from valbourg import INVENTED, Block, avenant_1, avenant_2, convention

from corpus.documents import Document, Section, from_record
from corpus.reading.pdf import pdfs

ABOUT = {
    "url": None,
    "title": "Convention de Valbourg",
    "publisher": "Ville de Valbourg",
    "licence": "non précisée",
    "fetched": "2026-11-22",
    "scope": "local",
}
_GRAIN = 6  # shades of 256: a grey scan at 200 dpi has 3 to 8 (corpus.reading.pdf.ocr)
_UNNUMBERED = 2  # the cover and the contents bear no number
_COVER = ParagraphStyle("couverture", paper.TITLE, alignment=TA_CENTER, fontSize=20, leading=26)
_LEADERS = " ".join("." * 30)
_PAGE = ParagraphStyle("corps", paper.JUSTIFIED, fontSize=11.5, leading=17, spaceAfter=11)


def pdf(path: Path, blocks: Sequence[Block], name: str) -> Path:
    """A PDF with text; the number printed on a sheet is two less than the sheet's own."""

    def decorate(canvas: Canvas, _: object) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(2 * cm, paper.HEIGHT - 1.2 * cm, f"{name}. {INVENTED}")
        if canvas.getPageNumber() > _UNNUMBERED:
            number = f"- {canvas.getPageNumber() - _UNNUMBERED} -"
            canvas.drawCentredString(paper.WIDTH / 2, 1.2 * cm, number)

    width, height = paper.WIDTH - 4 * cm, paper.HEIGHT - 4 * cm
    half = (width - cm) / 2
    one = [Frame(2 * cm, 2 * cm, width, height)]
    two = [Frame(left, 2 * cm, half, height) for left in (2 * cm, 3 * cm + half)]
    templates = [
        PageTemplate("une", one, onPage=decorate),
        PageTemplate("deux", two, onPage=decorate),
    ]
    file = BaseDocTemplate(
        str(path), pagesize=A4, pageTemplates=templates, invariant=1, pageCompression=1
    )
    file.build([flowable for block in blocks for flowable in _flowables(block)])
    return path


def _flowables(block: Block) -> list[Flowable]:
    match block.kind:
        case "title":
            return [Spacer(1, 40), Paragraph(block.text, _COVER)]
        case "heading":
            return [CondPageBreak(3 * cm), Paragraph(block.text, paper.HEADING)]
        case "fiche":
            return [Paragraph(block.text, paper.TITLE), Spacer(1, 6)]
        case "text":
            return [Paragraph(block.text, _PAGE)]
        case "items":
            return [Paragraph(f"{row[0]} ;", paper.ITEM, bulletText="•") for row in block.rows]
        case "labels":
            bold = ("FONTNAME", (0, 0), (0, -1), "Times-Bold")
            return [paper.ruled(block.rows, bold, header=False), Spacer(1, 14)]
        case "table":
            return [paper.ruled(block.rows), Spacer(1, 14)]
        case "contents":
            lines = [f"{title} {_LEADERS} {page}" for title, page in block.rows]
            heading = Paragraph(block.text, paper.TITLE)
            return [heading, *(Paragraph(line, paper.BODY) for line in lines)]
        case "signatures":
            cells = [[Paragraph("<br/>".join(row), paper.BODY)] for row in block.rows]
            pairs = [sum(cells[n : n + 2], []) for n in range(0, len(cells), 2)]
            pairs[-1] += [""] * (2 - len(pairs[-1]))
            return [Table(pairs, colWidths=[8 * cm, 8 * cm], rowHeights=[3 * cm] * len(pairs))]
        case "columns":
            return [NextPageTemplate("deux"), PageBreak()]
        case "column":
            return [NextPageTemplate("une"), PageBreak()]
        case _:
            return [PageBreak()]


def scan(path: Path, source: Path, dpi: int = 200) -> Path:
    """A scan of a PDF: each page turned by 1.5°, noisy, in grey, nothing but pictures."""
    chance = np.random.default_rng(0)
    images = []
    for page in range(1, pages(source) + 1):
        image = paper.picture_of(source, page, dpi).convert("L")
        turned = image.rotate(1.5, resample=Image.Resampling.BICUBIC, fillcolor=255)
        grain = np.asarray(turned).astype(np.float32) + chance.normal(0, _GRAIN, turned.size[::-1])
        images.append(Image.fromarray(grain.clip(0, 255).astype(np.uint8)))
    return paper.scanned(path, images, dpi)


def pages(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as file:
        return len(file)


def word(path: Path, blocks: Sequence[Block], name: str) -> Path:
    """A DOCX file, with Word's own styles for headings, lists and tables."""
    file = docx.Document()
    file.sections[0].page_width, file.sections[0].page_height = Cm(21), Cm(29.7)
    file.sections[0].header.paragraphs[0].text = f"{name}. {INVENTED}"
    for block in blocks:
        _written(file, block)
    buffer = io.BytesIO()
    file.save(buffer)
    path.write_bytes(buffer.getvalue())
    return path


def _written(file: docx.document.Document, block: Block) -> None:
    match block.kind:
        case "title":
            file.add_paragraph(block.text, style="Title")
        case "heading":
            file.add_heading(block.text, block.level)
        case "fiche":
            file.add_heading(block.text, 1)
        case "text":
            file.add_paragraph(block.text)
        case "items":
            for row in block.rows:
                file.add_paragraph(f"{row[0]} ;", style="List Bullet")
        case "contents":
            file.add_heading(block.text, 1)
            for title, page in block.rows:
                file.add_paragraph(f"{title}\t{page}")
        case "labels" | "table":
            table = file.add_table(0, len(block.rows[0]), style="Table Grid")
            for row in block.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
            if block.kind == "table":
                _header(table.rows[0])
        case "signatures":
            table = file.add_table(0, 2)
            for first in range(0, len(block.rows), 2):
                cells = table.add_row().cells
                for cell, row in zip(cells, block.rows[first : first + 2], strict=False):
                    cell.text = "\n".join(row)
        case "columns" | "column":
            section = file.add_section(WD_SECTION.NEW_PAGE)
            columns = section._sectPr.xpath("./w:cols")[0]
            columns.set(qn("w:num"), "2" if block.kind == "columns" else "1")
        case _:
            file.add_paragraph().paragraph_format.page_break_before = True


def _header(row: docx.table._Row) -> None:
    """Mark a row as the header of its table; Word repeats it on each page."""
    mark = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(mark)
    for cell in row.cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True


# --- What is read of them

SCANNED = Path(__file__).parents[1] / "data" / "conventions"
# The reader of DOCX files comes with corpus.reading.office.files.
FORMS = (
    "texte",
    "scan",
    *(["docx"] if importlib.util.find_spec("corpus.reading.office.files") else []),
)
BLOCKS = {"convention": convention, "avenant-1": avenant_1, "avenant-2": avenant_2}


def in_text(name: str, form: str, folders: pytest.TempPathFactory) -> Document:
    """A document of Valbourg as its file's reader gives it, without its structure.

    "texte" is read from its PDF, "docx" from its DOCX file, once a run; "scan" is what OCR read,
    kept in tests/data: it takes three minutes.
    """
    if form == "scan":
        record = json.loads((SCANNED / f"{name}.json").read_text(encoding="utf-8"))
        return from_record(record)

    def make(folder: Path) -> None:
        if form == "docx":
            file = word(folder / f"{name}.docx", BLOCKS[name](), name)
            parse = importlib.import_module("corpus.reading.office.files").parse
            read = parse(file, **ABOUT, id=name, kind="docx")
        else:
            file = pdf(folder / f"{name}.pdf", BLOCKS[name](), name)
            read = pdfs.parse(file, seconds=60.0, **ABOUT, id=name)
        (folder / "read.json").write_text(json.dumps(read["document"]), encoding="utf-8")

    kept = once(folders, f"{name}-{form}", make) / "read.json"
    return from_record(json.loads(kept.read_text(encoding="utf-8")))


def made(*sections: Section, title: str = "Convention ORT de Valbourg") -> Document:
    """A convention of these sections, as a reader would give it."""
    return Document(
        id="essai", kind="pdf", url=None, title=title, publisher="Ville", licence="",
        published="", updated="", fetched="2026-11-22", language="", scope="local",
        sections=sections,
    )  # fmt: skip
