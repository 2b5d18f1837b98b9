"""A page of a PDF as a picture, with the words of a quotation framed. Only a sandbox runs it."""

from __future__ import annotations

import base64
import json
import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Sequence
from ctypes import byref, c_int
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import ScoreAlignment

from corpus.errors import ParseError
from corpus.reading.layout import extents
from corpus.reading.pdf import ocr
from corpus.reading.pdf.pdfium import opened, picture

_DPI = 120.0  # an A4 page is 992 pixels wide: read on a phone, and under 200 kB of text
_MARGIN, _LINE = 3, 2  # pixels around the words, and of the frame
_FRAME = (23, 82, 125)
_MARKER = (255, 240, 170)
_LEAST = 24  # letters and digits: a shorter beginning of a quotation stands in many places
_ALIKE = 85.0  # of 100: how like a quotation what is framed must be, where it is not the same

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom, in pixels


def draw(path: Path, page: int, quote: str, scans: str | None = None) -> dict[str, Any]:
    """The page, from 1, as {"png": base64, "lines": how many are framed}. A sandbox's task.

    quote   the words to frame; of a quotation that goes on overleaf, its beginning is
    scans   the folder of the pages that OCR read, <page>.json each
    """
    with opened(path) as document:
        if not 1 <= page <= len(document):
            remedy = "Relancez « assistant build » : le fichier a changé."
            raise ParseError(path, None, f"il n'a pas de page {page}", remedy)
        record = Path(scans) / f"{page}.json" if scans else None
        if record is not None and record.is_file():
            pixels, lines = _scanned(document, page, quote, json.loads(record.read_bytes()))
        else:
            pixels, _ = picture(document, page - 1, _DPI)
            lines = _lines(document, page - 1, quote, pixels.shape[1], pixels.shape[0])
    for line in lines:
        _frame(pixels, line)
    return {"png": base64.b64encode(_png(pixels)).decode(), "lines": len(lines)}


def _lines(
    document: pypdfium2.PdfDocument, index: int, quote: str, width: int, height: int
) -> list[Rectangle]:
    """Where a quotation stands on a page that was drawn so wide and so high."""
    page = document[index]
    text = page.get_textpage()
    raw = (chr(pdfium.FPDFText_GetUnicode(text, at)) for at in range(text.count_chars()))
    found = _stretch(raw, quote)
    lines: list[Rectangle] = []
    if found is not None:
        for number in range(text.count_rects(found[0], found[1] - found[0])):
            left, bottom, right, top = text.get_rect(number)
            corners = [_on(page, width, height, x, y) for x, y in ((left, bottom), (right, top))]
            (xs, ys) = zip(*corners, strict=True)
            lines.append((min(xs), min(ys), max(xs), max(ys)))
    text.close()
    page.close()
    return _merged(lines)


def _on(page: pypdfium2.PdfPage, width: int, height: int, x: float, y: float) -> tuple[int, int]:
    """A point of the file's, in pixels of the page's picture."""
    across, down = c_int(), c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, byref(across), byref(down))
    return across.value, down.value


def _scanned(
    document: pypdfium2.PdfDocument, page: int, quote: str, record: dict[str, Any]
) -> tuple[NDArray[np.uint8], list[Rectangle]]:
    """A page that OCR read, turned as it read it, and where the quotation stands."""
    scan = ocr.from_record(record)
    quarters = round(scan.degrees / 90)
    pixels, dpi = picture(document, page - 1, _DPI, scan.degrees - 90 * quarters)
    pixels = np.ascontiguousarray(np.rot90(pixels, -quarters))
    owners = [word for word in scan.words for _ in word.text]
    found = _stretch((letter for word in scan.words for letter in word.text), quote)
    words = dict.fromkeys(owners[slice(*found)] if found else ())
    scale = dpi / 72
    return pixels, _merged(
        [(w.x0 * scale, w.y0 * scale, w.x1 * scale, w.y1 * scale) for w in words]
    )


def _stretch(letters: Iterable[str], quote: str) -> tuple[int, int] | None:
    """Where the quotation is among letters; else what is most like it, or else as much of its
    beginning as stands there.

    Only letters and digits count: spaces, hyphens and ligatures are not read as they are drawn.
    The row of a table is said with its headers, which stand elsewhere; and a note's mark, or a
    word that was cut at the end of a line, is drawn and not said.
    """
    drawn = list(letters)
    folded = [(one, at) for at, letter in enumerate(drawn) for one in _folded(letter)]
    text, wanted = "".join(one for one, _ in folded), "".join(map(_folded, quote))
    if not wanted:
        return None
    start = end = 0
    values = "".join(_folded(letter) for value in extents.values(quote) for letter in value)
    if not (len(values) >= _LEAST or text.count(values) == 1):
        values = ""
    if whole := next((each for each in (wanted, values) if each and each in text), None):
        start = text.index(whole)
        end = start + len(whole)
    elif near := max(
        filter(None, (_near(text, each) for each in (wanted, values))),
        key=lambda one: one.score,
        default=None,
    ):
        start, end = near.dest_start, near.dest_end
    else:
        end = _longest(len(wanted), lambda length: wanted[:length] in text)
        if end < _LEAST:
            return None
        start = text.index(wanted[:end])
        end += start
    last = folded[end - 1][1] + 1
    for sign in re.sub(r"\s", "", re.split(r"\w", quote)[-1]):  # « 1 800 €. »
        place = next((n for n in range(last, len(drawn)) if not drawn[n].isspace()), last)
        if drawn[place : place + 1] != [sign]:
            break
        last = place + 1
    return folded[start][1], last


def _near(text: str, wanted: str) -> ScoreAlignment | None:
    """The stretch of a text that is most like those letters; None where it is not like enough."""
    if len(wanted) < _LEAST or len(text) < len(wanted):
        return None
    return fuzz.partial_ratio_alignment(wanted, text, score_cutoff=_ALIKE)


def _folded(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(one for one in plain if one.isalnum())


def _longest(most: int, stands: Callable[[int], bool]) -> int:
    """The greatest length, up to `most`, that stands there, when every shorter one does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if stands(middle) else (low, middle - 1)
    return low


def _merged(boxes: Sequence[Rectangle]) -> list[Rectangle]:
    """The boxes of one line, as one: a change of font makes several."""
    lines: list[Rectangle] = []
    for left, top, right, bottom in boxes:
        if lines:
            x0, y0, x1, y1 = lines[-1]
            if min(bottom, y1) - max(top, y0) > 0.5 * min(bottom - top, y1 - y0):
                lines[-1] = (min(left, x0), min(top, y0), max(right, x1), max(bottom, y1))
                continue
        lines.append((left, top, right, bottom))
    return lines


def _frame(pixels: NDArray[np.uint8], line: Rectangle) -> None:
    """A line of a marker, and a frame around it: who sees no yellow sees the frame."""
    height, width = pixels.shape[:2]
    left, top = (max(round(side) - _MARGIN, 0) for side in line[:2])
    right = min(round(line[2]) + _MARGIN, width)
    bottom = min(round(line[3]) + _MARGIN, height)
    inside = pixels[top:bottom, left:right]
    np.minimum(inside, np.array(_MARKER, np.uint8), out=inside)
    for edge in (inside[:_LINE], inside[-_LINE:], inside[:, :_LINE], inside[:, -_LINE:]):
        edge[...] = _FRAME


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """A picture of (height, width, 3) as a PNG file; each row is stored as it is (filter 0)."""
    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    rows[:, 1:] = pixels.reshape(height, 3 * width)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
