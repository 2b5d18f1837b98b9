"""PDF files of our own making, for tests: a convention of a town that does not exist, and worse.

Helvetica and Times are fonts that every reader has: nothing is embedded, files are a few KB.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from reportlab.lib.colors import grey, lightgrey
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

WIDTH, HEIGHT = A4
BODY = ParagraphStyle("texte", fontName="Times-Roman", fontSize=11, leading=14, spaceAfter=8)
JUSTIFIED = ParagraphStyle("justifié", BODY, alignment=TA_JUSTIFY)
TITLE = ParagraphStyle("titre", BODY, fontName="Times-Bold", fontSize=16, leading=20)
HEADING = ParagraphStyle("article", BODY, fontName="Times-Bold", fontSize=11, leading=14)
ITEM = ParagraphStyle("puce", BODY, leftIndent=18, bulletIndent=6, spaceAfter=2)


def write(
    path: Path,
    story: Sequence[Flowable],
    *,
    header: str = "",
    footer: str = "",
    columns: bool = False,
    before: Callable[[Canvas], None] | None = None,
) -> Path:
    """A file of the story. `footer` may hold « {page} »; `columns` sets it in two."""

    def decorate(canvas: Canvas, _: object) -> None:
        if before is not None:
            before(canvas)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(2 * cm, HEIGHT - 1.2 * cm, header)
        canvas.drawCentredString(WIDTH / 2, 1.2 * cm, footer.format(page=canvas.getPageNumber()))

    one = [Frame(2 * cm, 2 * cm, WIDTH - 4 * cm, HEIGHT - 4 * cm, id="une")]
    half = (WIDTH - 5 * cm) / 2
    two = [
        Frame(left, 2 * cm, half, HEIGHT - 4 * cm, id=name)
        for name, left in (("gauche", 2 * cm), ("droite", 3 * cm + half))
    ]
    template = PageTemplate("page", two if columns else one, onPage=decorate)
    document = BaseDocTemplate(str(path), pagesize=A4, pageTemplates=[template], invariant=1)
    document.build(list(story))
    return path


def ruled(rows: Sequence[Sequence[str]], *more: tuple[object, ...], header: bool = True) -> Table:
    """A table with all its lines, its first row in bold on grey."""
    style = [("GRID", (0, 0), (-1, -1), 0.5, grey), ("FONTSIZE", (0, 0), (-1, -1), 10)]
    if header:
        style += [
            ("FONTNAME", (0, 0), (-1, 0), "Times-Bold"),
            ("BACKGROUND", (0, 0), (-1, 0), lightgrey),
        ]
    cells = [[Paragraph(text, BODY) if len(text) > 40 else text for text in row] for row in rows]
    return Table(cells, style=TableStyle([*style, *more]), hAlign="LEFT")


def convention() -> list[Flowable]:
    """Five pages of a convention, as they are signed."""
    fill = (
        "La commune de Valbourg, qui n'existe pas, et la communauté de communes décident ensemble "
        "de revitaliser le centre-ville, d'y rénover les logements vacants et d'y soutenir le "
        "commerce, avec l'appui de l'État et de ses opérateurs."
    )
    return [
        Paragraph("Convention-cadre de Valbourg", TITLE),
        Paragraph("Article 1 : Objet", HEADING),
        Paragraph(fill, JUSTIFIED),
        Paragraph("Les parties s'engagent à :", BODY),
        Paragraph("rénover quarante logements en cinq ans ;", ITEM, bulletText="•"),
        Paragraph("ouvrir une halle couverte place du Puits.", ITEM, bulletText="•"),
        Paragraph("Article 2 : Durée", HEADING),
        Paragraph("La convention est conclue pour cinq ans à compter de sa signature.", BODY),
        PageBreak(),
        Paragraph("Article 3 : Financement", HEADING),
        *[Paragraph(fill, JUSTIFIED) for _ in range(2)],
        ruled(
            [
                ("Action", "Montant", "Année"),
                ("Halle couverte", "420 000 €", "2027"),
                ("Logements", "1 200 000 €", "2028"),
            ]
        ),
        PageBreak(),
        Paragraph("Fiche action n° 1 : La halle couverte", HEADING),
        ruled(
            [
                ("Intitulé", "La halle couverte de la place du Puits"),
                ("Pilote", "Commune de Valbourg"),
                ("Partenaires", "Département, Banque des Territoires"),
                ("Calendrier", "Études en 2026, travaux en 2027"),
            ],
            ("FONTNAME", (0, 0), (0, -1), "Times-Bold"),
            header=False,
        ),
        PageBreak(),
        Paragraph("Annexe 1 : Périmètre", HEADING),
        Paragraph(fill, JUSTIFIED),
        NextPageTemplate("page"),
    ]


# --- Scans


def picture_of(path: Path, page: int = 1, dpi: int = 200) -> Image.Image:
    """A page as an image."""
    with pypdfium2.PdfDocument(path) as document:
        image: Image.Image = document[page - 1].render(scale=dpi / 72).to_pil().convert("RGB")
    return image


def text_of(path: Path, page: int = 1) -> str:
    """The text of a page as PDFium gives it, in the file's order."""
    with pypdfium2.PdfDocument(path) as document:
        text: str = document[page - 1].get_textpage().get_text_range()
    return text


def scanned(path: Path, images: Sequence[Image.Image], dpi: int = 200) -> Path:
    """A file of nothing but pictures, as a copier makes it."""
    images[0].save(
        path, "PDF", resolution=dpi, save_all=True, append_images=list(images[1:]), quality=75
    )
    return path


def worn(image: Image.Image, seed: int = 0, *, grey: bool = False) -> Image.Image:
    """A page as it comes back from a signing: turned by 1.5°, noisy, stamped and signed."""
    chance = np.random.default_rng(seed)
    image = image.copy()
    draw = ImageDraw.Draw(image, "RGBA")
    x, y = (int(side * chance.uniform(0.3, 0.7)) for side in image.size)
    for radius in (150, 140, 95):
        box = (x - radius, y - radius, x + radius, y + radius)
        draw.ellipse(box, outline=(40, 50, 170, 200), width=5)
    draw.text((x - 90, y - 20), "MAIRIE", fill=(40, 50, 170, 200), font_size=40)
    left, top = image.width * 0.25, image.height * chance.uniform(0.2, 0.8)
    stroke = [(left + 6 * n, top + 40 * np.sin(n / 3) + chance.normal(0, 8)) for n in range(60)]
    draw.line(stroke, fill=(20, 20, 60, 255), width=4)
    turned = image.rotate(
        1.5 if seed % 2 else -1.5, resample=Image.Resampling.BICUBIC, fillcolor="white"
    )
    return Image.fromarray(_noisy(np.asarray(turned.convert("L" if grey else "RGB")), chance))


def _noisy(pixels: NDArray[np.uint8], chance: np.random.Generator) -> NDArray[np.uint8]:
    flat = pixels.reshape(*pixels.shape[:2], -1).astype(np.float32)
    flat += chance.normal(0, 18, flat.shape[:2])[..., None]
    specks = chance.random(flat.shape[:2])
    flat[specks < 0.002], flat[specks > 0.998] = 0, 255
    noisy: NDArray[np.uint8] = (flat * 0.9 + 15).clip(0, 255).astype(np.uint8)
    return noisy.reshape(pixels.shape)


def joined(path: Path, *pages: tuple[Path, int]) -> Path:
    """A file of pages of others, each named by its file and number."""
    with pypdfium2.PdfDocument.new() as whole:
        for source, number in pages:
            with pypdfium2.PdfDocument(source) as file:
                whole.import_pages(file, [number - 1])
        whole.save(path)
    return path


# --- Files that attack


def raw(path: Path, *objects: bytes, trailer: bytes = b"/Root 1 0 R") -> Path:
    """A PDF file of these objects, numbered from 1."""
    file = io.BytesIO()
    file.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.writelines(b"%010d 00000 n \n" % place for place in places)
    file.write(
        b"trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start)
    )
    path.write_bytes(file.getvalue())
    return path


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def packed(content: bytes, *, repeat: int = 1, times: int = 1, entries: bytes = b"") -> bytes:
    """A stream of `repeat` contents, compressed `times` over."""
    packer = zlib.compressobj(9)
    pieces = [packer.compress(content) for _ in range(repeat)]
    whole = b"".join([*pieces, packer.flush()])
    for _ in range(times - 1):
        whole = zlib.compress(whole, 9)
    return stream(whole, b"/Filter[%s]%s" % (b"/FlateDecode" * times, entries))
