"""Scanned pages: a picture -> words with their boxes and confidence, by Tesseract.

Tesseract is run as a program (Debian's `tesseract-ocr` and `tesseract-ocr-fra`): its Python
packages bring Pillow and, for one of them, a second copy of Tesseract without its French.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.days import MONTHS
from corpus.reading.layout.sheets import Box, Word
from corpus.text import bare, clean
from corpus.vocabulary import lexicon

LANGUAGE = "fra"
VERSION = 2  # raised when pages would be read otherwise: what was kept of them is read again
DPI = 300.0
_SKEW_DPI = 75.0
_MOST_SKEW = 5.0  # degrees
_POOR = 0.6  # mean confidence: the page may lie on its side
_FEW = 300  # letters: on its side, a page gives the few words that make sense that way too
_BLANK = 1e-5  # of the page dark: 90 pixels, less than one word
_SURE_TURN = 2.0  # Tesseract's confidence in a page's orientation
_STAIN = 0.25  # confidence: under it, what was seen is a stain more often than a word
_DOUBT = 0.5  # the same, for a figure or what is no French word: « BE » for a word under a stamp
HOLE = "[…]"  # a word that was seen and could not be read
_WHOLE = 0.6  # of the width of such a word: what is read over less of it is a piece of it
_SPACE = 1.0  # in parts of the letters' size: what is further than that is on no same line
_SMALL = 0.35  # in parts of that too: a comma or a speck is smaller, a figure is not
_ALONE = frozenset(":;?!«»–-")  # signs that French sets apart from the words around them
_AFTER = 1.5  # in parts of the letters' size, a typewriter's space before a sign
_FILLED = 0.6  # of a dot's box is black: 0.79 of a disc, less of any letter
_TALL = 4.0  # in parts of that too: a signature is higher, a word under a stamp is not
_LINE = 0.6  # confidence of a line: stamps and signatures have 0.2 to 0.5, worn print over 0.8
_FIRST = frozenset({"ler", "Ier", "|er"})  # « 1er » as it is read: before a month, nothing else
_WORDS = 0.4  # that of a line of French words
_SURE = 0.8  # confidence that a word in colour must have: a stamp's ring gives many letters
_NOISY = 1.0  # shades of 256: print has 0.0 to 0.3, scans 1.7 at 150 dpi and 3 to 8 at 200
_ACROSS, _DOWN = 36.0, 20.0  # points: no letter of a text is as wide, or as high
_FAINT = 18  # shades of 256 under what is beside it: a grey hairline, once the noise is out
_UNBROKEN = 0.8  # of a line's pixels are dark: 0.3 to 0.6 of a row of letters
_MEAN = 15  # pixels at half the scale: 7 points
_THICK = 5  # pixels at half the scale: 2.4 points, thicker than a table's lines
_MOST_LINES = 4_000  # each way: a photograph or a plan has more, and no table
_SPECK = 50  # shades: a pixel so far from its neighbours is dust
_AROUND = 30  # pixels, at 300 dpi the height of a line
_LIGHT = (77, 150, 29)  # of 256: how much red, green and blue make of a grey (ITU-R BT.601)
_MEDIAN_OF_NINE = (
    *((1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3)),
    *((5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2)),
)

_FALLS = re.compile(r"[gjpqyçQ,;()\[\]{}|/]")
_RISES = re.compile(r"[A-ZÀ-Þbdfhijklt0-9!?()\[\]{}|/éèêëàâîïôùûü'’\"%€&]")


@dataclass(frozen=True, slots=True)
class Scan:
    """What was read on one page, whose picture was turned clockwise by `degrees` beforehand.

    Boxes are in points from the top left corner of the turned page. `rules` are the lines drawn.
    """

    page: int
    width: float
    height: float
    degrees: float
    words: tuple[Word, ...]
    rules: tuple[Box, ...] = ()


def available() -> bool:
    """Is Tesseract here, with its French?"""
    if shutil.which("tesseract") is None:
        return False
    told = subprocess.run(
        ["tesseract", "--list-langs"], capture_output=True, text=True, check=False
    )
    return LANGUAGE in told.stdout.split()


def parse(path: Path, page: int) -> dict[str, Any]:
    """Read the page, from 1, of a PDF file: a Scan, as JSON. A sandbox's task."""
    from corpus.reading.pdf import pdfium  # loaded in the child that reads the page, only

    with pdfium.opened(path) as document:
        degrees = skew(pdfium.picture(document, page - 1, _SKEW_DPI)[0].max(axis=2))
        pixels, dpi = pdfium.picture(document, page - 1, DPI, degrees)
    return asdict(read(pixels, dpi, page, degrees))


def from_record(record: dict[str, Any]) -> Scan:
    """A Scan out of what `parse` returned."""
    words = tuple(Word(**word) for word in record["words"])
    return Scan(**{**record, "words": words, "rules": tuple(Box(**b) for b in record["rules"])})


def read(pixels: NDArray[np.uint8], dpi: float, page: int, degrees: float = 0.0) -> Scan:
    """The words on a picture; turned upright by quarters when it makes no sense as it lies."""
    if (pixels.max(axis=2) < 160).mean() < _BLANK:
        height, width = pixels.shape[:2]
        return Scan(page, width * 72 / dpi, height * 72 / dpi, degrees, ())
    words = _seen(pixels, dpi)
    if _sense(words) < _POOR or sum(len(word.text) for word in words) < _FEW:
        quarters = _quarters(_tesseract(_black(pixels), dpi, "--psm", "0", language="osd"))
        if quarters:
            turned = np.ascontiguousarray(np.rot90(pixels, -quarters))
            again = _seen(turned, dpi)
            if len(again) * _sense(again) > len(words) * _sense(words):
                words, pixels, degrees = again, turned, degrees + 90 * quarters
    height, width = pixels.shape[:2]
    scale = 72 / dpi
    rules = tuple(
        Box(*(round(side * scale, 1) for side in (left, top, right, bottom)))
        for top, bottom, left, right in _drawn(_grey(pixels), dpi)
    )
    return Scan(page, width * scale, height * scale, degrees, tuple(words), rules)


def _seen(pixels: NDArray[np.uint8], dpi: float) -> list[Word]:
    """The words in black ink, then those in colour that stand where no black one does.

    A stamp or a signature over the text is mostly in coloured ink: in the first picture it is
    pale or gone. Tesseract looks for scattered text (--psm 11) since our own layout puts it in
    order; looking for columns itself, it takes a stamp for a picture and drops the lines under it.
    """
    grey = _grey(pixels)
    rules = _drawn(grey, dpi)
    black = _without(rules, _black(pixels))
    table = _tesseract(black, dpi, "--psm", "11", "tsv")
    words = _words(table, 72 / dpi)
    sighted = [Box(*(side * 72 / dpi for side in box[:4])) for _, _, box in _cells(table)]
    words = _bulleted([*words, *_lined(black, dpi, words)], sighted, black, dpi)
    coloured = _coloured(pixels, grey)
    if coloured is not None:
        coloured = _without(rules, coloured)
        further = _words(_tesseract(coloured, dpi, "--psm", "11", "tsv"), 72 / dpi)
        words += [
            word
            for word in further
            if (word.confidence or 0.0) >= _SURE
            and not any(over(word, w) for w in words)
            # The end of a word that a stamp covers is no word.
            and not any(over(word, hole) and not _covers(word, hole) for hole in sighted)
        ]
    return [*words, *_holes(sighted, words)]


def _lined(black: NDArray[np.uint8], dpi: float, words: Sequence[Word]) -> list[Word]:
    """What Tesseract sees when it reads whole lines, where it saw no word of scattered text: the
    signs that stand alone (« : », « ; »), without which the items of a list are one sentence, and
    what it is sure of (« 10 h », a figure alone in its cell)."""
    return [
        word
        for word in _words(_tesseract(black, dpi, "--psm", "6", "tsv"), 72 / dpi)
        if not any(over(word, other) for other in words)
        and (
            (word.confidence or 0.0) >= _DOUBT and any(_follows(word, w, _AFTER) for w in words)
            if word.text in _ALONE
            else (word.confidence or 0.0) >= _SURE and any(map(str.isalnum, word.text))
        )
    ]


def _bulleted(
    words: Sequence[Word], sighted: Sequence[Box], black: NDArray[np.uint8], dpi: float
) -> list[Word]:
    """The words with the bullets of their lines: black dots before the first word, in which
    Tesseract sees « + », « e » or nothing that it is sure of."""
    whole = [word for word in words if len(word.text) > 1]
    dots: list[Word] = []
    for box in sighted:
        level = [word for word in whole if word.y0 - 1 < (box.y0 + box.y1) / 2 < word.y1 + 1]
        after = (word for word in level if 0 < word.x0 - box.x1 < 2 * word.size)
        first = min(after, key=lambda word: word.x0, default=None)
        if first is None or any(0 < box.x0 - w.x1 < 2 * w.size or over(w, box) for w in level):
            continue
        small, large = sorted(side / first.size for side in (box.width, box.height))
        left, top, right, bottom = (round(s * dpi / 72) for s in (box.x0, box.y0, box.x1, box.y1))
        filled = (black[top:bottom, left:right] < 128).mean() > _FILLED
        if filled and 0.15 < small and large < 0.5:
            dot = replace(first, text="•", confidence=_SURE, parted=False)
            dots.append(replace(dot, x0=round(box.x0, 1), x1=round(box.x1, 1)))
    return [*(w for w in words if len(w.text) > 1 or not any(over(w, dot) for dot in dots)), *dots]


def _covers(word: Word, hole: Box) -> bool:
    return min(word.x1, hole.x1) - max(word.x0, hole.x0) > _WHOLE * hole.width


def _holes(sighted: Sequence[Box], words: Sequence[Word]) -> list[Word]:
    """A mark for each word seen and not read, where it follows another on its line: without
    it, what stands on both sides would be quoted as one sentence that nobody wrote."""
    found: list[Word] = []
    for box in sorted(sighted, key=lambda box: box.x0):
        if any(over(word, box) for word in words):
            continue
        last = next((word for word in (*words, *found) if _follows(box, word, _SPACE)), None)
        if last is None:
            continue
        if _SMALL * last.size < min(box.width, box.height) and box.height < _TALL * last.size:
            left, right = round(box.x0, 1), round(box.x1, 1)
            top = round(last.base - 0.7 * last.size, 1)
            hole = replace(last, text=HOLE, confidence=0.0, x0=left, x1=right)
            found.append(replace(hole, y0=top, y1=last.base))
    return found


def _follows(box: Box | Word, word: Word, space: float) -> bool:
    """Is it on a word's line, and no further after it than a space, in parts of its size?"""
    middle = word.base - 0.3 * word.size
    return box.y0 < middle < box.y1 and -0.3 < (box.x0 - word.x1) / word.size < space


def over(a: Word, b: Word | Box) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1


# --- Pictures


def _black(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What is in black: the brightest of the three colours, without the noise of a bad scan."""
    bright: NDArray[np.uint8] = np.ascontiguousarray(pixels.max(axis=2))
    calm = _median(bright)
    if _noise(bright, calm) < _NOISY:
        return bright
    if _inked(pixels).any():
        return _stretched(calm, 0.1, 0.6)  # over .6, the pale remains of a coloured stamp
    # Without colours a stamp cannot be told from print, and print must keep all its shades: the
    # tails of commas went with the median (word errors 9.3 %, against 7.3 % this way).
    specks = np.maximum(bright, calm) - np.minimum(bright, calm) > _SPECK
    return _stretched(_blurred(np.where(specks, calm, bright)), 0.0, 0.85)


def _stretched(grey: NDArray[np.uint8], low: float, high: float) -> NDArray[np.uint8]:
    """Ink brought to black and paper to white: at `low` and `high` of the way between them."""
    shades = np.bincount(grey.ravel(), minlength=256)
    paper = 100 + int(shades[100:].argmax())
    ink = int(np.searchsorted(shades.cumsum(), 0.01 * grey.size))
    start, end = ink + low * (paper - ink), ink + high * (paper - ink)
    levels = np.clip((np.arange(256) - start) / max(end - start, 1.0), 0, 1) * 255
    stretched: NDArray[np.uint8] = levels.astype(np.uint8)[grey]
    return stretched


def _blurred(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each pixel with its neighbours: 1 2 1 down and across."""
    height, width = grey.shape
    wide = np.pad(grey, 1, mode="edge").astype(np.uint16)
    down = wide[:height] + 2 * wide[1 : height + 1] + wide[2:]
    both = down[:, :width] + 2 * down[:, 1 : width + 1] + down[:, 2:]
    blurred: NDArray[np.uint8] = (both // 16).astype(np.uint8)
    return blurred


def _inked(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The rows of a picture that hold coloured ink."""
    coloured: NDArray[np.bool_] = pixels.max(axis=2) - pixels.min(axis=2) > 60
    rows: NDArray[np.bool_] = coloured.mean(axis=1) > 0.003
    return rows


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    total = np.zeros(pixels.shape[:2], dtype=np.uint16)
    for colour, part in enumerate(_LIGHT):
        total += pixels[:, :, colour].astype(np.uint16) * np.uint16(part)
    return (total >> 8).astype(np.uint8)


def _coloured(pixels: NDArray[np.uint8], grey: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """The rows of a picture that hold coloured ink, in grey, the rest white; None for no colour."""
    rows = _inked(pixels)
    if not rows.any():
        return None
    near = np.convolve(rows, np.ones(2 * _AROUND + 1), mode="same") > 0
    kept = _median(grey)
    kept[~near] = 255
    return kept


_Rule = tuple[int, int, int, int]  # top, bottom, left, right, in pixels


def _drawn(grey: NDArray[np.uint8], dpi: float) -> list[_Rule]:
    """The straight lines of a picture, across and down: those of its tables.

    Thin stretches of dark pixels, longer than any letter; looked for at half the picture's scale.
    """
    height, width = grey.shape[0] // 2 * 2, grey.shape[1] // 2 * 2
    four = [grey[y:height:2, x:width:2].astype(np.uint16) for y in (0, 1) for x in (0, 1)]
    half = (sum(four[1:], start=four[0]) // 4).astype(np.int32)
    across = _stretches(half, round(_ACROSS * dpi / 144))
    down = _stretches(half.T, round(_DOWN * dpi / 144))
    return [(2 * y, 2 * y + 2, 2 * a, 2 * b) for y, a, b in across] + [
        (2 * a, 2 * b, 2 * x, 2 * x + 2) for x, a, b in down
    ]


def _stretches(half: NDArray[np.int32], least: int) -> list[tuple[int, int, int]]:
    """(row, start, end) of each stretch of a row, of at least so many pixels, that is darker than
    what is above and below it: on paper, or along a grey cell."""
    # The mean along the row takes the noise out, and leaves a faint line.
    sums = np.cumsum(np.pad(half, ((0, 0), (_MEAN // 2 + 1, _MEAN // 2)), mode="edge"), axis=1)
    means = (sums[:, _MEAN:] - sums[:, :-_MEAN]) // _MEAN
    beside = np.full_like(means, 0)
    beside[_THICK:-_THICK] = np.minimum(means[: -2 * _THICK], means[2 * _THICK :])
    edge = np.zeros((len(half), 1), dtype=np.int8)
    steps = np.diff(np.hstack([edge, (means < beside - _FAINT).astype(np.int8), edge]), axis=1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    long = ends - starts >= least
    if np.count_nonzero(long) > _MOST_LINES:
        return []
    found = zip(rows[long].tolist(), starts[long].tolist(), ends[long].tolist(), strict=True)
    return [
        (row, start, end)
        for row, start, end in found
        # Small print is dark between two light rows as well, but not from one end to the other.
        if np.mean(half[row, start:end] < beside[row, start:end] - _FAINT // 2) > _UNBROKEN
    ]


def _without(rules: list[_Rule], picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture without its lines: beside one, Tesseract reads « | » and loses the cell."""
    bare = picture.copy()
    for top, bottom, left, right in rules:
        bare[max(top - 2, 0) : bottom + 2, max(left - 2, 0) : right + 2] = 255
    return bare


def _median(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each pixel as the median of its neighbourhood of nine, by a sorting network."""
    padded = np.pad(grey, 1, mode="edge")
    height, width = grey.shape
    nine = [padded[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    for a, b in _MEDIAN_OF_NINE:
        nine[a], nine[b] = np.minimum(nine[a], nine[b]), np.maximum(nine[a], nine[b])
    return nine[4]


def _noise(grey: NDArray[np.uint8], calm: NDArray[np.uint8]) -> float:
    """By how much, in shades of 256, the paper differs from its own median."""
    paper = calm > 160
    if not paper.any():
        return 0.0
    apart = np.maximum(grey, calm) - np.minimum(grey, calm)
    return float(apart[paper].mean())


def skew(grey: NDArray[np.uint8]) -> float:
    """By how many degrees, clockwise, to turn a picture for its lines to be level.

    Lines are level when the ink gathers in the fewest rows of pixels.
    """
    dark = grey < min(128, int(grey.mean()) - 20)
    ys, xs = np.nonzero(dark)
    if not 500 <= len(xs) <= 0.4 * grey.size:  # a blank page, or a photograph
        return 0.0

    def gathered(degrees: float) -> float:
        rows = np.round(ys + (xs - grey.shape[1] / 2) * np.tan(np.radians(degrees)))
        counts = np.bincount((rows - rows.min()).astype(np.int64))
        return float(np.square(counts, dtype=np.float64).sum())

    best = max(np.arange(-_MOST_SKEW, _MOST_SKEW + 0.1, 0.5), key=gathered)
    finer = max(np.arange(best - 0.5, best + 0.55, 0.1), key=gathered)
    # Not worth redrawing, nor sure, under a fifth of a degree.
    return (
        float(round(finer, 1))
        if abs(finer) >= 0.2 and gathered(finer) > 1.05 * gathered(0.0)
        else 0.0
    )


def _tesseract(grey: NDArray[np.uint8], dpi: float, *options: str, language: str = LANGUAGE) -> str:
    height, width = grey.shape
    picture = b"P5 %d %d 255\n" % (width, height) + grey.tobytes()
    return subprocess.run(
        ["tesseract", "stdin", "stdout", "-l", language, "--dpi", str(round(dpi)), *options],
        input=picture,
        capture_output=True,
        check=False,  # a picture without text ends in an error
    ).stdout.decode("utf-8", errors="replace")


def _quarters(told: str) -> int:
    """By how many quarter turns, clockwise, a page must be turned; 0 when it is not sure."""
    turn = re.search(r"^Rotate: (\d+)", told, re.MULTILINE)
    sure = re.search(r"^Orientation confidence: ([\d.]+)", told, re.MULTILINE)
    if turn is None or sure is None or float(sure[1]) < _SURE_TURN:
        return 0
    return int(turn[1]) // 90 % 4


def _sense(words: list[Word]) -> float:
    """Mean confidence by letter, 0 for a page without words."""
    letters = sum(len(word.text) for word in words)
    return sum(len(w.text) * (w.confidence or 0.0) for w in words) / letters if letters else 0.0


def _cells(table: str) -> Iterator[tuple[tuple[str, ...], str, list[float]]]:
    """The line, the letters, and the sides and confidence of each word of Tesseract's table."""
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and (text := clean(cells[11])):
            left, top, width, height, sure = map(float, cells[6:11])
            yield tuple(cells[1:5]), text, [left, top, left + width, top + height, sure]


def _words(table: str, scale: float) -> list[Word]:
    """The words of Tesseract's table, on one base and of one size a line."""
    found: list[Word] = []
    lines: dict[tuple[str, ...], list[tuple[str, list[float]]]] = {}
    for place, text, box in _cells(table):
        known = _is_word(text) or not any(map(str.isalnum, text))
        if box[4] / 100 >= (_STAIN if known else _DOUBT):
            lines.setdefault(place, []).append((text, box))
    for line in lines.values():
        letters = sum(len(text) for text, _ in line)
        least = _WORDS if all(_is_word(text) for text, _ in line) else _LINE
        if sum(len(text) * box[4] for text, box in line) < 100 * least * letters:
            continue  # a stamp's ring, a signature
        following = [*(text for text, _ in line[1:]), ""]
        line = [
            ("1er" if text in _FIRST and after.rstrip(".,;") in MONTHS else text, box)
            for (text, box), after in zip(line, following, strict=True)
        ]
        if not any(map(str.isalnum, "".join(text for text, _ in line))) and letters > 1:
            continue  # specks; a bullet may stand alone
        size = statistics.median(_size(text, box[3] - box[1]) for text, box in line)
        middle = statistics.median((box[0] + box[2]) / 2 for _, box in line)
        foot = [
            ((box[0] + box[2]) / 2 - middle, box[3] - (0.22 * size if _FALLS.search(text) else 0.0))
            for text, box in line
        ]
        base = statistics.median(y for _, y in foot)
        found += [
            Word(
                text=text,
                x0=round(x0 * scale, 1),
                y0=round(y0 * scale, 1),
                x1=round(x1 * scale, 1),
                y1=round(y1 * scale, 1),
                base=round(base * scale, 1),
                size=round(size * scale, 1),
                confidence=round(sure / 100, 2),
                parted=place > 0,
            )
            for place, (text, (x0, y0, x1, y1, sure)) in enumerate(line)
        ]
    return [word for word in found if not _is_accent(word, found)]


def _is_word(text: str) -> bool:
    """Is it a word in small letters that French has? Scattered text is read word by word, and one
    that a stamp or noise makes unsure would leave a hole in its sentence."""
    return re.fullmatch(r"[a-zà-ÿœ]{2,}[.,;:]?", text) is not None and (
        bare(text.rstrip(".,;:")) in lexicon()
    )


def _is_accent(word: Word, words: list[Word]) -> bool:
    """Is it a sign at the top of a word: the accent of an « à », read apart as « = »?"""
    if len(word.text) > 1 or word.text.isalnum():
        return False
    return any(
        other.text[0].isalnum()
        and other.x0 - 1 < word.x0
        and word.x1 < other.x1 + 1
        and -1 < word.y1 - other.y0 + 1 < 0.5 * (other.y1 - other.y0)
        for other in words
    )


def _size(text: str, height: float) -> float:
    """The size of the font, from how high a word stands: letters rise and fall, or do not."""
    rises, falls = bool(_RISES.search(text)), bool(_FALLS.search(text))
    return height / (0.48 + 0.24 * rises + 0.22 * falls)
