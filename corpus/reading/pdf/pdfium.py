"""PDFium: a PDF file -> its sheets, its outline, the picture of a page. Only a sandbox runs it."""

from __future__ import annotations

import ctypes
import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from corpus.errors import ParseError
from corpus.reading.layout.sheets import Box, Sheet, Word

MAX_CHARACTERS = 60_000  # on a page: the densest of 181 public files has 9,000
MAX_OBJECTS = 20_000  # drawn on a page: a map has more, and no table
MAX_OUTLINE = 5_000
MAX_FIELDS = 2_000  # on a page: a tax form has 300
MAX_PIXELS = 20_000_000  # A3 at 300 dpi has 17.4 million
MAX_SIDE = 14_400.0  # points: 200 inches, the format's own limit

_SMALL = 2.0  # points: smaller than any print
_THIN = 3.0  # points: a thicker bar is an area
_BOLD = re.compile(r"bold|black|heavy|demi|(?:cm|sf|ec)bx|[-,]bd\b", re.IGNORECASE)
_FORCED_BOLD = 1 << 18
_INVISIBLE = 3  # text render mode
_STROKED = 2  # filled and stroked: how a bold that the font lacks is imitated
_SLANT = math.radians(5)  # more is a watermark across the page
# In parts of the letters' size: a wider gap parts two words; letters set further apart than that
# are spaced on purpose, as titles are, and words are then parted by so much more.
_GAP, _TRACKED, _MORE = 0.2, 0.08, 0.14
_RUN = 6  # letters, to tell
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_SIDE = 3.0  # points: a field's border is drawn so near its box
_PASSWORD = 1 << 13
_LETTERED = 0.5  # of its size, a letter's width in a field: its font is not looked up
# A bullet that is drawn, in parts of the letters' size: its sides, its distance from the words that
# it begins, and from those that may stand before it.
_BULLET, _AFTER, _BEFORE = (0.12, 0.65), 3.0, 1.5
_LETTER = 12.0  # points: a larger shape is no bullet
_MARKS = 500  # drawn on a page: a map has more, and no list
_END_HYPHENS = "\x02\ufffe"  # what PDFium makes of a hyphen that ends a line


@contextmanager
def opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    """The PDF file, open. Raises ParseError for a file that is none, is damaged, or is locked."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise ParseError(
                path,
                None,
                "le fichier est protégé par un mot de passe",
                "Demandez à son éditeur une version sans mot de passe.",
            ) from error
        raise ParseError(
            path,
            None,
            "ce n'est pas un PDF, ou il est trop abîmé pour être ouvert",
            "Ouvrez-le pour vérifier, puis enregistrez-le ou téléchargez-le à nouveau.",
        ) from error
    try:
        document.init_forms()  # or the fields of its forms have no values
        yield document
    finally:
        document.close()


def outline(document: pypdfium2.PdfDocument) -> list[tuple[int, str, int]]:
    """The bookmarks that lead to a page: (level from 0, title, page from 1), in order."""
    found = []
    for position, mark in enumerate(document.get_toc()):
        if position == MAX_OUTLINE:
            break
        target = mark.get_dest()
        page = target.get_index() if target is not None else None
        if page is not None:
            found.append((mark.level, mark.get_title(), page + 1))
    return found


def language(document: pypdfium2.PdfDocument) -> str:
    """« fr » for a file that says /Lang (fr-FR), "" for one that does not."""
    said = _told(pdfium.FPDFCatalog_GetLanguage, document)
    return said.strip().lower().partition("-")[0] if len(said) < 32 else ""


# --- Words


@dataclass(frozen=True, slots=True)
class _Style:
    """How the letters of one drawing operation look. `quarter`: counterclockwise turns, or None
    for slanted text."""

    size: float
    bold: bool
    hidden: bool
    quarter: int | None


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter in the file's own coordinates: its box, and where it stands."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    style: _Style


_SPACE, _MADE = (_Letter("", 0, 0, 0, 0, 0, 0, _Style(n, False, False, None)) for n in (0, 1))


def sheet(document: pypdfium2.PdfDocument, index: int) -> Sheet:
    """The page at `index`, from 0. Raises PdfiumError when it cannot be loaded."""
    page = document[index]
    try:
        return _sheet(page, index + 1, document.get_page_label(index) or None)
    finally:
        page.close()


def _sheet(page: pypdfium2.PdfPage, number: int, label: str | None) -> Sheet:
    drawings = _Drawings(page)
    letters, cut = _letters(page)
    turns = Counter(letter.style.quarter for letter in letters if letter.style.quarter is not None)
    quarter = turns.most_common(1)[0][0] if turns else page.get_rotation() // 90 % 4
    frame = _Frame(page.get_bbox(), quarter)
    pictured = drawings.pictured / max(frame.width * frame.height, 1.0)
    upright = [letter for letter in letters if not letter.text or letter.style.quarter == quarter]
    shown = sum(not letter.style.hidden for letter in upright if letter.text)
    hidden = 2 * shown < sum(bool(letter.text) for letter in upright)
    if not (hidden and pictured > 0.5):  # nobody sees those words: not even under a picture
        upright = [letter for letter in upright if not letter.style.hidden]
    fields = list(_fields(page, frame))
    words = tuple(_words(upright, frame))
    marks = [frame.box(*corners) for corners in drawings.marks]
    return Sheet(
        number=number,
        width=frame.width,
        height=frame.height,
        words=(*_bullets(marks, words), *words, *_filled(fields)),
        rules=tuple(_outside([frame.box(*corners) for corners in drawings.rules], fields)),
        shades=tuple(frame.box(*corners) for corners in drawings.shades),
        frames=tuple(frame.box(*corners) for corners in drawings.frames),
        label=label,
        pictures=tuple(frame.box(*corners) for corners in drawings.pictures),
        pictured=min(pictured, 1.0),
        drawn=drawings.count,
        hidden=hidden,
        cut=cut,
    )


class _Frame:
    """From the file's coordinates to the page turned upright."""

    def __init__(self, box: tuple[float, float, float, float], quarter: int) -> None:
        self.left, self.bottom, self.right, self.top = box
        self.quarter = quarter
        across, along = self.right - self.left, self.top - self.bottom
        self.width, self.height = (along, across) if quarter % 2 else (across, along)

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.quarter:
            case 0:
                return x - self.left, self.top - y
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case _:
                return self.top - y, self.right - x

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        xs, ys = zip(self.point(left, bottom), self.point(right, top), strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))


def _letters(page: pypdfium2.PdfPage) -> tuple[list[_Letter], bool]:
    """The letters of a page as it draws them, a blank between words; and whether some were left."""
    text = page.get_textpage()
    count = pdfium.FPDFText_CountChars(text)
    styles: dict[int, _Style] = {}
    letters: list[_Letter] = []
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for position in range(min(count, MAX_CHARACTERS)):
        character = _character(pdfium.FPDFText_GetUnicode(text, position))
        drawing = pdfium.FPDFText_GetTextObject(text, position)
        if not character or not drawing:  # a space, or one that PDFium made up
            if character == "" and letters and letters[-1] is not _SPACE:
                made = pdfium.FPDFText_IsGenerated(text, position) == 1
                if not made and letters[-1] is _MADE:
                    letters[-1] = _SPACE
                elif not made or letters[-1] is not _MADE:
                    letters.append(_MADE if made else _SPACE)
            continue
        key = ctypes.addressof(drawing.contents)
        if key not in styles:
            styles[key] = _style(text, position, drawing)
        style = styles[key]
        pdfium.FPDFText_GetLooseCharBox(text, position, box)
        pdfium.FPDFText_GetCharOrigin(text, position, x, y)
        if style.size < _SMALL:
            continue
        letters.append(
            _Letter(character, box.left, box.bottom, box.right, box.top, x.value, y.value, style)
        )
    text.close()
    return letters, count > MAX_CHARACTERS


def _character(code: int) -> str:
    """The character of a code, "" for a space, U+FFFD for what is none."""
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    character = chr(code)
    if character in _END_HYPHENS:
        return "\u00ad"
    return "" if character.isspace() or character == "\0" else character


def _style(text: pypdfium2.PdfTextPage, position: int, drawing: object) -> _Style:
    matrix, size = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0), ctypes.c_float()
    pdfium.FPDFText_GetMatrix(text, position, matrix)
    pdfium.FPDFTextObj_GetFontSize(drawing, size)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(drawing)
    angle = math.atan2(matrix.b, matrix.a)
    quarter = round(angle / (math.pi / 2))
    slanted = abs(angle - quarter * math.pi / 2) > _SLANT
    return _Style(
        size=abs(size.value) * math.hypot(matrix.c, matrix.d),
        bold=mode == _STROKED or _is_bold(pdfium.FPDFTextObj_GetFont(drawing)),
        hidden=mode == _INVISIBLE,
        quarter=None if slanted else quarter % 4,
    )


def _is_bold(font: object) -> bool:
    """By the font's name: the weight that PDFium tells is worked out of its stems, often wrong."""
    if not font:
        return False
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
    forced = pdfium.FPDFFont_GetFlags(font)
    return bool(_BOLD.search(name.value.decode("utf-8", errors="replace"))) or (
        forced > 0 and bool(forced & _FORCED_BOLD)
    )


_Placed = tuple[_Letter, Box, float]  # a letter, its box and its base on the upright page


def _words(letters: list[_Letter], frame: _Frame) -> Iterator[Word]:
    """Words in the file's order: a space, a gap, another style or another line ends one."""
    run: list[_Placed | None] = []  # of one style, on one line; None for the file's own spaces
    made: set[int] = set()  # places in it after which PDFium sees a space
    last: _Placed | None = None
    for letter in letters:
        if not letter.text:
            if run and letter is _SPACE and run[-1] is not None:
                run.append(None)
            elif run:
                made.add(len(run) - 1)
            continue
        box = frame.box(letter.left, letter.bottom, letter.right, letter.top)
        placed = letter, box, frame.point(letter.x, letter.y)[1]
        if last is not None and not _beside(last, placed):
            parted = run[-1] is None or len(run) - 1 in made
            yield from _parted(run, made, frame)
            run, made = ([None] if parted else []), set()
        run.append(placed)
        last = placed
    yield from _parted(run, made, frame)


def _beside(last: _Placed, placed: _Placed) -> bool:
    """Are two letters of one style, on one line?"""
    return (
        last[0].style == placed[0].style
        and abs(placed[2] - last[2]) < 0.2 * placed[0].style.size
        and placed[1].x0 - last[1].x1 > -0.6 * placed[0].style.size
    ) or (placed[0].style == last[0].style and placed[0].x == last[0].x)


def _parted(run: list[_Placed | None], made: set[int], frame: _Frame) -> Iterator[Word]:
    """The words of a run of letters.

    Where letters are spaced out, as in a title, neither PDFium's spaces nor an ordinary gap part
    words, but a gap wider than those between the letters.
    """
    gaps = [
        (b[1].x0 - a[1].x1) / b[0].style.size
        for a, b in zip(run, run[1:], strict=False)
        if a is not None and b is not None and a[0].text.isalpha() and b[0].text.isalpha()
    ]
    usual = statistics.median_low(gaps) if len(gaps) >= _RUN else 0.0
    tracked = _TRACKED < usual < 1
    limit = usual + _MORE if tracked else _GAP
    held: list[_Placed] = []
    parted = False
    for place, placed in enumerate(run):
        if placed is not None and held:
            wide = placed[1].x0 - held[-1][1].x1 >= limit * placed[0].style.size
            # PDFium gives the two letters of a ligature the same box.
            if (wide and placed[0].x != held[-1][0].x) or (place - 1 in made and not tracked):
                yield from _word(held, frame, parted)
                held, parted = [], place - 1 in made
        if placed is None:
            yield from _word(held, frame, parted)
            held, parted = [], True
        else:
            held.append(placed)
    yield from _word(held, frame, parted)


def _word(held: list[_Placed], frame: _Frame, parted: bool) -> Iterator[Word]:
    if not held:
        return
    boxes = [box for _, box, _ in held]
    x0, x1 = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    y0, y1 = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    if not (-1 < (x0 + x1) / 2 < frame.width + 1 and -1 < (y0 + y1) / 2 < frame.height + 1):
        return  # beside the page: printers' marks, or words that nobody is shown
    style = held[0][0].style
    text = "".join(letter.text for letter, _, _ in held)
    yield Word(text, x0, y0, x1, y1, held[0][2], style.size, style.bold, parted=parted)


# --- Forms


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that is shown: its box, the size of its letters (0: as its box is high), its text,
    and whether it is ticked, None for no box to tick."""

    box: Box
    size: float
    text: str
    ticked: bool | None


def _fields(page: pypdfium2.PdfPage, frame: _Frame) -> Iterator[_Field]:
    if page.formenv is None:
        return
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_FIELDS)):
        field = pdfium.FPDFPage_GetAnnot(page, index)
        widget = pdfium.FPDFAnnot_GetSubtype(field) == pdfium.FPDF_ANNOT_WIDGET
        if widget and not pdfium.FPDFAnnot_GetFlags(field) & _UNSEEN:
            yield _field(page.formenv, field, frame)
        pdfium.FPDFPage_CloseAnnot(field)


def _field(form: object, field: object, frame: _Frame) -> _Field:
    corners, size = pdfium.FS_RECTF(), ctypes.c_float()
    pdfium.FPDFAnnot_GetRect(field, corners)
    box = frame.box(corners.left, corners.bottom, corners.right, corners.top)
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, field)
    if kind in (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON):
        return _Field(box, box.height, "", bool(pdfium.FPDFAnnot_IsChecked(form, field)))
    pdfium.FPDFAnnot_GetFontSize(form, field, size)
    return _Field(box, float(size.value), _value(form, field, kind), None)


def _filled(fields: list[_Field]) -> Iterator[Word]:
    """What is written in the fields of a form; its boxes too, where one of them is ticked."""
    boxes = any(field.ticked for field in fields)
    for field in fields:
        mark = ("☒" if field.ticked else "☐") if boxes and field.ticked is not None else ""
        yield from _written(field.text or mark, field.box, field.size)


def _outside(rules: list[Box], fields: list[_Field]) -> list[Box]:
    """The lines that are not the sides of a field: those make no table."""
    boxes = [
        Box(b.x0 - _SIDE, b.y0 - _SIDE, b.x1 + _SIDE, b.y1 + _SIDE) for b in (f.box for f in fields)
    ]
    return [
        rule
        for rule in rules
        if not any(box.holds(rule.x0, rule.y0) and box.holds(rule.x1, rule.y1) for box in boxes)
    ]


def _value(form: object, field: object, kind: int) -> str:
    """What a field shows: its text, or the options chosen of its list."""
    if kind in (pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX):
        count = min(max(pdfium.FPDFAnnot_GetOptionCount(form, field), 0), MAX_FIELDS)
        chosen = [n for n in range(count) if pdfium.FPDFAnnot_IsOptionSelected(form, field, n)]
        if chosen:
            return "\n".join(_told(pdfium.FPDFAnnot_GetOptionLabel, form, field, n) for n in chosen)
    elif kind != pdfium.FPDF_FORMFIELD_TEXTFIELD:
        return ""
    if pdfium.FPDFAnnot_GetFormFieldFlags(form, field) & _PASSWORD:
        return ""
    return _told(pdfium.FPDFAnnot_GetFormFieldValue, form, field)


def _told(ask: Callable[..., int], *about: object) -> str:
    """The text that a function of PDFium puts in a buffer."""
    size = ask(*about, None, 0)
    if not 2 < size <= 2 * MAX_CHARACTERS:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(*about, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", errors="replace").rstrip("\0")


def _written(text: str, box: Box, size: float) -> Iterator[Word]:
    """The words of a field in its box, as wide as letters are at the mean, lines broken by it."""
    size = size or min(0.7 * box.height, 11.0)
    if not text.strip() or size < _SMALL:
        return
    lines: list[list[str]] = []
    for line in text.splitlines():
        lines.append([])
        for word in line.split():
            if lines[-1] and len(" ".join([*lines[-1], word])) * _LETTERED * size > box.width:
                lines.append([])
            lines[-1].append(word)
    one = len(lines) == 1
    for number, words in enumerate(lines):
        base = (box.y0 + box.y1) / 2 + 0.35 * size if one else box.y0 + (number + 1) * 1.15 * size
        x = box.x0 + 0.2 * size
        for word in words:
            wide = len(word) * _LETTERED * size
            yield Word(word, x, base - 0.8 * size, x + wide, base + 0.2 * size, base, size)
            x += wide + _LETTERED * size


# --- Drawings


def _bullets(marks: list[Box], words: Sequence[Word]) -> Iterator[Word]:
    """The small shapes that begin a line, as the bullets that anyone sees: browsers and Word draw
    those of a list."""
    for mark in marks if len(marks) <= _MARKS else ():
        middle = (mark.y0 + mark.y1) / 2
        line = [w for w in words if w.base - 0.8 * w.size < middle < w.base + 0.1 * w.size]
        after = min((w for w in line if w.x0 >= mark.x1), key=lambda w: w.x0, default=None)
        if after is None or after.x0 - mark.x1 > _AFTER * after.size:
            continue
        least, most = (part * after.size for part in _BULLET)
        square = least <= min(mark.width, mark.height) <= max(mark.width, mark.height) <= most
        if square and all(mark.x0 - w.x1 > _BEFORE * w.size for w in line if w.x0 < mark.x1):
            yield Word("•", mark.x0, mark.y0, mark.x1, mark.y1, after.base, after.size)


class _Drawings:
    """What a page draws beside its letters: thin lines, filled areas, images.

    Boxes are (left, bottom, right, top) in the file's coordinates.
    """

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.rules: list[tuple[float, float, float, float]] = []
        self.shades: list[tuple[float, float, float, float]] = []
        self.frames: list[tuple[float, float, float, float]] = []
        self.marks: list[tuple[float, float, float, float]] = []
        self.pictures: list[tuple[float, float, float, float]] = []
        self.pictured = 0.0
        self.count = 0
        self.page = page.get_bbox()
        for index in range(min(pdfium.FPDFPage_CountObjects(page), MAX_OBJECTS)):
            self._take(pdfium.FPDFPage_GetObject(page, index), np.eye(3), 0)

    def _take(self, drawing: object, above: NDArray[np.float64], depth: int) -> None:
        kind = pdfium.FPDFPageObj_GetType(drawing)
        self.count += kind == pdfium.FPDF_PAGEOBJ_PATH
        if self.count > MAX_OBJECTS or kind == pdfium.FPDF_PAGEOBJ_TEXT:
            return
        matrix = _matrix(drawing) @ above
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self._take_image(matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._take_path(drawing, matrix)
            self._take_mark(drawing, above)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 5:
            for index in range(min(pdfium.FPDFFormObj_CountObjects(drawing), MAX_OBJECTS)):
                self._take(pdfium.FPDFFormObj_GetObject(drawing, index), matrix, depth + 1)

    def _take_image(self, matrix: NDArray[np.float64]) -> None:
        corners = np.array([[0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 1, 1]]) @ matrix
        left, bottom = np.maximum(corners[:, :2].min(axis=0), self.page[:2])
        right, top = np.minimum(corners[:, :2].max(axis=0), self.page[2:])
        if right > left and top > bottom:
            self.pictures.append((left, bottom, right, top))
            self.pictured += (right - left) * (top - bottom)

    def _take_mark(self, path: object, above: NDArray[np.float64]) -> None:
        """A filled shape as small as a letter, whatever its outline."""
        fill, sides = ctypes.c_int(), [ctypes.c_float() for _ in range(4)]
        pdfium.FPDFPath_GetDrawMode(path, fill, ctypes.c_int())
        if not fill.value or _white(path) or not pdfium.FPDFPageObj_GetBounds(path, *sides):
            return
        left, bottom, right, top = (side.value for side in sides)
        corners = np.array([[left, bottom, 1], [right, top, 1]]) @ above
        (x0, y0), (x1, y1) = corners[:, :2].min(axis=0), corners[:, :2].max(axis=0)
        if max(x1 - x0, y1 - y0) < _LETTER:
            self.marks.append((float(x0), float(y0), float(x1), float(y1)))

    def _take_path(self, path: object, matrix: NDArray[np.float64]) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
        if not (fill.value or stroke.value) or (fill.value and not stroke.value and _white(path)):
            return
        for points, closed in _outlines(path, matrix):
            xs, ys = [x for x, _ in points], [y for _, y in points]
            box = min(xs), min(ys), max(xs), max(ys)
            thin = min(box[2] - box[0], box[3] - box[1]) <= _THIN
            if thin and max(box[2] - box[0], box[3] - box[1]) > _THIN:
                self.rules.append(box)
            elif not thin and _is_rectangle(points):
                if fill.value:
                    self.shades.append(box)
                if stroke.value and closed:
                    self.frames.append(box)
                    self.rules += _edges(*box)


def _matrix(drawing: object) -> NDArray[np.float64]:
    found = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
    pdfium.FPDFPageObj_GetMatrix(drawing, found)
    return np.array([[found.a, found.b, 0], [found.c, found.d, 0], [found.e, found.f, 1]])


def _white(path: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFPageObj_GetFillColor(path, red, green, blue, alpha)
    return min(red.value, green.value, blue.value) > 250 or alpha.value == 0


def _outlines(
    path: object, matrix: NDArray[np.float64]
) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The strokes of a path: their points, and whether each comes back to its start.

    None for a curve, or for a path too long to be a table's.
    """
    count = pdfium.FPDFPath_CountSegments(path)
    points: list[tuple[float, float]] = []
    closed = False
    if not 2 <= count <= 1000:
        return
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, closed
            points, closed = [], False
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        across, along, _ = np.array([x.value, y.value, 1.0]) @ matrix
        points.append((float(across), float(along)))
        closed = closed or bool(pdfium.FPDFPathSegment_GetClose(segment))
    if len(points) > 1:
        yield points, closed or (len(points) > 4 and points[0] == points[-1])


def _is_rectangle(points: list[tuple[float, float]]) -> bool:
    """Do four or five points go along the axes?"""
    if len(points) not in (4, 5):
        return False
    steps = zip(points, points[1:], strict=False)
    return all(min(abs(x - u), abs(y - v)) < 1.0 for (x, y), (u, v) in steps)


def _edges(
    left: float, bottom: float, right: float, top: float
) -> list[tuple[float, float, float, float]]:
    return [
        (left, bottom, right, bottom),
        (left, top, right, top),
        (left, bottom, left, top),
        (right, bottom, right, top),
    ]


# --- Pictures


def picture(
    document: pypdfium2.PdfDocument, index: int, dpi: float, degrees: float = 0.0
) -> tuple[NDArray[np.uint8], float]:
    """The page at `index` as (height, width, 3) pixels, red first, turned clockwise by `degrees`
    about its centre; and the dpi used, less than asked where MAX_PIXELS would be passed."""
    page = document[index]
    width, height = page.get_size()
    width, height = min(width, MAX_SIDE), min(height, MAX_SIDE)
    scale = min(dpi / 72, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
    across, along = max(round(width * scale), 1), max(round(height * scale), 1)
    bitmap = pypdfium2.PdfBitmap.new_native(across, along, pdfium.FPDFBitmap_BGR)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, across, along)
    # PDFium puts the page's points at y down already; we turn about the picture's centre.
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = across / 2, along / 2
    turn = pdfium.FS_MATRIX(
        scale * cos,
        scale * sin,
        -scale * sin,
        scale * cos,
        x - x * cos + y * sin,
        y - x * sin - y * cos,
    )
    clip = pdfium.FS_RECTF(0, 0, across, along)
    pdfium.FPDF_RenderPageBitmapWithMatrix(bitmap, page, turn, clip, pdfium.FPDF_ANNOT)
    pixels: NDArray[np.uint8] = bitmap.to_numpy()[:, :, ::-1].copy()
    bitmap.close()
    page.close()
    return pixels, scale * 72
