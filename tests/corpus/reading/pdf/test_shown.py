from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from paper import BODY, picture_of, ruled, scanned, write
from PIL import Image
from reportlab.platypus import PageBreak, Paragraph

from corpus.errors import ParseError
from corpus.reading.pdf import ocr
from corpus.reading.pdf.shown import _DPI, _FRAME, draw
from corpus.sandbox.parent import Done, Sandbox

SAID = "La convention est conclue pour cinq ans à compter de sa signature par le préfet."
OTHER = "Le marché se tient le samedi sous les halles, sauf en août et les jours fériés."


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages; on the second, OTHER stands above SAID."""
    story = [Paragraph("Une page d'avant.", BODY), PageBreak(), Paragraph(OTHER, BODY)]
    return write(tmp_path_factory.mktemp("paper") / "c.pdf", [*story, Paragraph(SAID, BODY)])


def seen(drawn: dict[str, Any]) -> NDArray[np.uint8]:
    image = Image.open(io.BytesIO(base64.b64decode(drawn["png"])))
    assert image.format == "PNG"
    return np.asarray(image.convert("RGB"))


def framed(pixels: NDArray[np.uint8]) -> tuple[int, int] | None:
    """The first and last rows of the frames."""
    rows = np.flatnonzero((pixels == np.array(_FRAME, np.uint8)).all(axis=2).sum(axis=1) > 50)
    return (int(rows[0]), int(rows[-1])) if rows.size else None


def words(path: Path, page: int, text: str) -> tuple[float, float]:
    """The top and bottom of a text, in pixels, as PDFium's own search finds it."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        found = document[page - 1].get_textpage()
        index, count = found.search(text[:30]).get_next()
        found.count_rects(index, count)
        _, bottom, _, top = found.get_rect(0)
        height = document[page - 1].get_height()
    return (height - top) * _DPI / 72, (height - bottom) * _DPI / 72


def test_the_lines_quoted_are_framed_and_no_other(paper: Path) -> None:
    drawn = draw(paper, 2, SAID)
    top, bottom = words(paper, 2, SAID)
    rows = framed(seen(drawn))
    assert drawn["lines"] == 1 and rows is not None
    assert rows == pytest.approx((top, bottom), abs=8)


@pytest.mark.parametrize(
    ("quote", "lines"),
    [
        ("LA CONVENTION  est con-\nclue pour cinq ans", 1),  # as another reading spaces it
        (f"{OTHER} {SAID}", 2),
        (f"{SAID} La suite est sur la page d'après, que l'on ne voit pas.", 1),
        ("Rien de cela n'est écrit ici.", 0),
        ("Le marché des quatre saisons", 0),  # three words alike are not the quotation
        ("", 0),
    ],
)
def test_what_counts_is_letters_and_as_much_as_stands_there(
    paper: Path, quote: str, lines: int
) -> None:
    drawn = draw(paper, 2, quote)
    assert drawn["lines"] == lines
    assert (framed(seen(drawn)) is not None) == bool(lines)


def test_a_row_is_framed_though_its_headers_are_said_between_its_cells(tmp_path: Path) -> None:
    rows = [
        ("Action", "Montant", "Année"),
        ("Halle couverte du Puits", "420 000 €", "2027"),
        ("Logements du centre", "1 200 000 €", "2028"),
    ]
    path = write(tmp_path / "a.pdf", [Paragraph(OTHER, BODY), ruled(rows)])
    drawn = draw(path, 1, "Action : Logements du centre ; Montant : 1 200 000 € ; Année : 2028.")
    top, bottom = words(path, 1, "Logements du centre")
    assert framed(seen(drawn)) == pytest.approx((top, bottom), abs=8)


def test_the_sign_of_an_amount_is_framed_with_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", [Paragraph("L'aide est de 1 800 €. Elle est unique.", BODY)])

    def right(quote: str) -> int:
        frame = (seen(draw(path, 1, quote)) == np.array(_FRAME, np.uint8)).all(axis=2)
        return int(np.flatnonzero(frame.any(axis=0))[-1])

    bare, signed = right("L'aide est de 1 800"), right("L'aide est de 1 800 €.")
    assert bare + 5 < signed < right("L'aide est de 1 800 €. Elle")


def test_a_note_s_mark_inside_a_quotation_does_not_end_its_frame(tmp_path: Path) -> None:
    text = f"{SAID[:-1]}<super>3</super>. {OTHER}"
    path = write(tmp_path / "a.pdf", [Paragraph(text, BODY)])
    whole, last = (framed(seen(draw(path, 1, quote))) for quote in (f"{SAID} {OTHER}", OTHER))
    assert whole is not None and last is not None and whole[1] == last[1]


def test_a_page_that_is_not_there_is_refused(paper: Path) -> None:
    with pytest.raises(ParseError, match="pas de page 3"):
        draw(paper, 3, SAID)


def test_the_sandbox_draws_it(paper: Path) -> None:
    with Sandbox() as sandbox:
        done = sandbox.run("corpus.reading.pdf.shown:draw", paper, page=2, quote=SAID, scans=None)
    assert isinstance(done, Done) and done.value["lines"] == 1


def test_a_scan_is_framed_where_its_words_were_read(paper: Path, tmp_path: Path) -> None:
    scan = scanned(tmp_path / "scan.pdf", [picture_of(paper, 2)])
    # What OCR read, given: this test is of the frame. The word stands 72 points down and across.
    word = {"text": "cinq", "x0": 72, "y0": 72, "x1": 144, "y1": 84, "base": 84, "size": 11}
    read = {"page": 1, "width": 595, "height": 842, "degrees": 0.0, "words": [word], "rules": []}
    assert ocr.from_record(read).words[0].text == "cinq"
    (tmp_path / "1.json").write_text(json.dumps(read), encoding="utf-8")
    drawn = draw(scan, 1, "cinq", str(tmp_path))
    assert framed(seen(drawn)) == pytest.approx((72 * _DPI / 72, 84 * _DPI / 72), abs=5)
