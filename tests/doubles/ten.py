"""Ten towns of our own making, each with a document of its own kind: none of them exists.

Their texts are in tests/doubles/towns, as Markdown, HTML and CSV that anyone can read; `lay` makes
a town's folder of them, in the form that its documents have: PDF in one column or two, in boxes, as
a form or a scan; DOCX, ODT. `as_pdf` shows those that only Word and LibreOffice would.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import docx
import forms
import odfdo
from markdown_it import MarkdownIt
from markdown_it.token import Token
from reportlab.lib.colors import HexColor, grey, whitesmoke
from reportlab.lib.pagesizes import A4, landscape
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
from valbourg import Block

TEXTS = Path(__file__).with_name("towns")


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is printed."""

    font: str = "Times"
    size: float = 11
    color: str = "#000000"
    ruled: bool = True  # its tables have all their lines
    page: tuple[float, float] = A4
    footer: str = ""  # may hold « {page} »

    def style(self, scale: float = 1, *, bold: bool = False, **more: object) -> ParagraphStyle:
        size = self.size * scale
        given = {"fontSize": size, "leading": size * 1.3, "spaceAfter": size * 0.6, **more}
        if bold:
            given.setdefault("textColor", HexColor(self.color))
        return ParagraphStyle("", fontName=self.face(bold=bold), **given)

    def face(self, *, bold: bool) -> str:
        plain = {"Times": "Times-Roman"}.get(self.font, self.font)
        return f"{self.font}-Bold" if bold else plain


# --- The texts


def blocks(text: str) -> list[Block]:
    """Markdown as blocks; a paragraph of lines « ? label : = value » is that of a form's fields."""
    return list(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    tokens = iter(MarkdownIt().enable("table").parse(text))
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1])
                kind = "title" if level == 1 else "heading"
                yield Block(kind, next(tokens).content, level=level - 1)
            case "paragraph_open":
                said = next(tokens).content
                if said.startswith("? "):
                    lines = [line.removeprefix("? ").partition(" = ") for line in said.split("\n")]
                    yield Block("fields", rows=tuple((a.strip(), b) for a, _, b in lines))
                else:
                    yield Block("text", said)
            case "bullet_list_open":
                items = _inside(tokens, "bullet_list_close", ("paragraph_open",))
                yield Block("items", rows=tuple((item,) for item in items))
            case "table_open":
                cells = list(_inside(tokens, "table_close", ("th_open", "td_open", "tr_open")))
                split = groupby(cells, lambda cell: cell == "\0")
                head, *rows = [tuple(row) for ends, row in split if not ends]
                # Without headers its first column names the rest: a table of labels.
                yield (
                    Block("table", rows=(head, *rows))
                    if any(head)
                    else Block("labels", rows=tuple(rows))
                )
            case "hr":
                yield Block("page")


def _inside(tokens: Iterator[Token], end: str, opening: Sequence[str]) -> Iterator[str]:
    """The text under each token that opens one; a row of a table is told by « \\0 »."""
    for token in tokens:
        if token.type == end:
            return
        if token.type == "tr_open":
            yield "\0"
        elif token.type in opening:
            yield next(tokens).content


# --- PDF


def story(found: Sequence[Block], look: Look, width: float) -> list[Flowable]:
    return [flowable for block in found for flowable in _printed(block, look, width)]


def _printed(block: Block, look: Look, width: float) -> list[Flowable]:
    body = look.style()
    match block.kind:
        case "title":
            return [Paragraph(block.text, look.style(1.6, bold=True))]
        case "heading":
            scale = 1.25 if block.level == 1 else 1.08
            return [
                CondPageBreak(2 * cm),
                Paragraph(block.text, look.style(scale, bold=True, spaceBefore=6)),
            ]
        case "items":
            item = look.style(leftIndent=14, bulletIndent=4, spaceAfter=1)
            bullets = [Paragraph(row[0], item, bulletText="•") for row in block.rows]
            return [*bullets, Spacer(1, look.size / 2)]
        case "table" | "labels":
            return [_table(block, look, width), Spacer(1, look.size)]
        case "fields":
            return [_Field(label, value, look) for label, value in block.rows]
        case "page":
            return [PageBreak()]
        case _:
            return [Paragraph(block.text, body)]


def _table(block: Block, look: Look, width: float) -> Table:
    rows, labels = block.rows, block.kind == "labels"
    styles = {bold: look.style(0.9, bold=bold, spaceAfter=0) for bold in (True, False)}
    cells = [
        [Paragraph(cell, styles[not (n if labels else m)]) for n, cell in enumerate(row)]
        for m, row in enumerate(rows)
    ]
    lengths = [max(6, *(len(row[n]) for row in rows)) ** 0.6 for n in range(len(rows[0]))]
    widths = [width * 0.98 * length / sum(lengths) for length in lengths]
    lines = (
        [("GRID", (0, 0), (-1, -1), 0.5, grey)]
        if look.ruled
        else [("LINEBELOW", (0, 0), (-1, 0), 0.8, grey)]
    )
    return Table(cells, colWidths=widths, style=[*lines, ("VALIGN", (0, 0), (-1, -1), "TOP")])


class _Field(Flowable):  # type: ignore[misc]  # reportlab says no types
    """A field that is filled on screen, after its label."""

    def __init__(self, label: str, value: str, look: Look) -> None:
        super().__init__()
        self.label, self.value, self.look = label, value, look

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        return width, 24

    def draw(self) -> None:
        self.canv.setFont(self.look.face(bold=False), self.look.size)
        self.canv.drawString(0, 8, self.label)
        self.canv.acroForm.textfield(
            name=self.label, value=self.value, x=6.5 * cm, y=3, relative=True,
            width=self.width - 7 * cm, height=17, fontSize=10, borderWidth=0.5,
        )  # fmt: skip


def printed(path: Path, found: Sequence[Block], look: Look, *, columns: bool = False) -> Path:
    """A PDF; in two columns, its title and what precedes the first heading stand over both."""
    width, height = look.page
    inner = width - 4 * cm

    def decorate(canvas: Canvas, _: object) -> None:
        canvas.setFont(look.face(bold=False), 8)
        canvas.drawCentredString(width / 2, cm, look.footer.format(page=canvas.getPageNumber()))

    half = (inner - 0.8 * cm) / 2
    head = 3.2 * cm if columns else 0.0

    def frames(top: float) -> list[Frame]:
        lefts = (2 * cm, 2.8 * cm + half) if columns else (2 * cm,)
        size = half if columns else inner
        return [Frame(left, 1.8 * cm, size, height - 3.6 * cm - top) for left in lefts]

    over = [Frame(2 * cm, height - 1.8 * cm - head, inner, head)] if columns else []
    templates = [
        PageTemplate("première", [*over, *frames(head)], onPage=decorate),
        PageTemplate("suite", frames(0), onPage=decorate),
    ]
    file = BaseDocTemplate(str(path), pagesize=look.page, pageTemplates=templates, invariant=1)
    told = story(found, look, half - 12 if columns else inner)
    file.build([NextPageTemplate("suite"), *told])
    return path


def boxed(path: Path, found: Sequence[Block], look: Look) -> Path:
    """Two A5 pages on a landscape sheet, each of six boxes; the title is over the first."""
    width, height = landscape(A4)
    canvas = Canvas(str(path), pagesize=(width, height), invariant=1)
    first = next(n for n, block in enumerate(found) if block.kind == "heading")
    head = Frame(cm, height - 2.7 * cm, width / 2 - 2 * cm, 2.6 * cm)
    head.addFromList(story(found[:first], look, 0), canvas)
    starts = [n for n, block in enumerate(found) if block.kind == "heading"]
    size = (width / 2 - 2 * cm) / 2, (height - 3.6 * cm) / 3
    for n, (start, end) in enumerate(zip(starts, [*starts[1:], len(found)], strict=True)):
        leaf, place = divmod(n, 6)
        x = leaf * width / 2 + cm + (place % 2) * size[0]
        y = height - 2.8 * cm - (place // 2 + 1) * size[1]
        canvas.setFillColor(HexColor(("#FFF3D6", "#E3EEF7")[(n + leaf) % 2]))
        canvas.setStrokeColor(grey)
        canvas.rect(x + 3, y + 3, size[0] - 6, size[1] - 6, fill=1)
        canvas.setFillColor(whitesmoke)
        frame = Frame(x + 5, y + 3, size[0] - 10, size[1] - 6)
        frame.addFromList(left := story(found[start:end], look, 0), canvas)
        assert not left, f"la case {n} déborde"
    canvas.setFillColor(grey)
    canvas.setFont("Helvetica", 8)
    for middle, number in ((0.25, "2"), (0.75, "3")):
        canvas.drawCentredString(width * middle, 0.5 * cm, number)
    canvas.save()
    return path


# --- DOCX and ODT


def word(path: Path, found: Sequence[Block]) -> Path:
    file = docx.Document()
    file.core_properties.language = "fr-FR"
    for block in found:
        match block.kind:
            case "title" | "heading":
                file.add_heading(block.text, 0 if block.kind == "title" else block.level)
            case "items":
                for row in block.rows:
                    file.add_paragraph(row[0], style="List Bullet")
            case "table":
                table = file.add_table(0, len(block.rows[0]), style="Table Grid")
                for row in block.rows:
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        cell.text = text
                for cell in table.rows[0].cells:
                    cell.paragraphs[0].runs[0].bold = True
            case _:
                file.add_paragraph(block.text)
    file.save(str(path))
    return path


def odt(path: Path, found: Sequence[Block]) -> Path:
    file = odfdo.Document("text")
    file.body.clear()
    for block in found:
        match block.kind:
            case "title" | "heading":
                level = 1 if block.kind == "title" else block.level + 1
                file.body.append(odfdo.Header(level, block.text))
            case "items":
                file.body.append(odfdo.List([row[0] for row in block.rows]))
            case "table":
                table = odfdo.Table("Tableau")
                for row in block.rows:
                    table.append_row(odfdo.Row())
                    table.set_row_values(table.height - 1, list(row))
                file.body.append(table)
            case _:
                file.body.append(odfdo.Paragraph(block.text))
    file.save(path)
    return path


# --- The towns

_SERIF = Look(footer="Convention-cadre de Trévalon - Page {page}")
_SANS = Look("Helvetica", 9.5, "#1F4E79", footer="OPAH-RU de Fontgrive – Page {page} / 2")
_NEWS = Look("Helvetica", 9, "#8A1C3B", footer="Le Petit Merlevaudois, n° 47  -  {page}")
_TYPED = Look("Courier", 10.5, footer="{page}")
_BOXES = Look("Helvetica", 10, "#7A3B00")
_FORM = Look("Helvetica", 10.5, "#222222", ruled=False, footer="Formulaire T-3, page {page}")

Writer = Callable[[Path, list[Block]], object]


def _scan(path: Path, found: list[Block]) -> None:
    clean = printed(path.with_suffix(".net.pdf"), found, _TYPED)
    forms.scan(path, clean)
    clean.unlink()


# town, its text, the file that is made of it, how
MADE: tuple[tuple[str, str, str, Writer], ...] = (
    ("trevalon", "convention.md", "convention.pdf", lambda p, b: printed(p, b, _SERIF)),
    ("fontgrive", "opah.md", "opah.pdf", lambda p, b: printed(p, b, _SANS)),
    ("orvaille", "conseil.md", "conseil.docx", word),
    ("merlevaux", "bulletin.md", "bulletin.pdf", lambda p, b: printed(p, b, _NEWS, columns=True)),
    ("cassebourg", "acte.md", "acte.pdf", _scan),
    ("lussagnac", "guide.md", "guide.pdf", lambda p, b: boxed(p, b, _BOXES)),
    ("pontarlieu", "reglement.md", "reglement.odt", odt),
    ("beaurepas", "formulaire.md", "formulaire.pdf", lambda p, b: printed(p, b, _FORM)),
    ("beaurepas", "location.md", "location.docx", word),
)
TOWNS = tuple(sorted(path.name for path in TEXTS.iterdir()))


def lay(town: str, folder: Path) -> Path:
    """The town's folder; its catalogue's path is returned."""
    (folder / "documents").mkdir(parents=True)
    (folder / "pages").mkdir()
    for name, text, made, write in MADE:
        if name == town:
            write(folder / "documents" / made, _text(town, text))
    for path in (TEXTS / town).iterdir():
        if path.suffix == ".csv":
            shutil.copy(path, folder / "documents")
        elif path.suffix == ".html":
            shutil.copy(path, folder / "pages")
    return Path(shutil.copy(TEXTS / town / "catalogue.toml", folder))


def as_pdf(town: str, folder: Path) -> None:
    """The town's DOCX and ODT files as PDF, for who wants to see them without their program."""
    for name, text, made, _ in MADE:
        if name == town and not made.endswith(".pdf"):
            printed(folder / f"{made}.pdf", _text(town, text), Look("Helvetica", 10.5))


def _text(town: str, name: str) -> list[Block]:
    return blocks((TEXTS / town / name).read_text(encoding="utf-8"))
