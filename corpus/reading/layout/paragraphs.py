"""Lines -> paragraphs and list items: line breaks and hyphenation healed, in French.

Nothing of the page's words is changed but what a line's end did to them.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from corpus.documents import Seen
from corpus.reading.layout.grids import Grid
from corpus.reading.layout.labels import is_labelled
from corpus.reading.layout.lines import BULLET, ENDS, Line, goes_on, spaced
from corpus.reading.layout.sheets import Word
from corpus.text import LIGATURES, clean

_SYMBOL_BULLETS = frozenset("o§ØüvÞà")  # what Wingdings' bullets are when their font is lost
_NUMBERED = re.compile(r"(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)|\d{1,2}[.°]|[a-z]\.)(?=\s)")
# « Article 3 », « TITRE II », « Fiche action n° 4 », « Annexe 1 » at the head of a line.
KEYWORD = re.compile(
    r"(?=(?-i:[A-ZÉ]))(?:(?P<part>partie|titre|livre|volet)|"
    r"(?P<annex>annexe|fiche[ -](?:action|projet)s?|fiche)|"
    r"(?P<chapter>chapitre)|(?P<section>section|axe|orientation)|"
    r"(?P<article>article|art\.))\s*(?:n\s?[°ºo]\s*)?"
    r"(?!(?-i:[LRD]\b))"  # « Article L. 303-2 » is the law's, not this file's
    r"(?P<number>\d+(?:[.-]\d+)*(?:er|ère)?|(?-i:[IVXL]+|[A-Z])|premi(?:er|ère)|unique)\b"
    r"(?:\s+(?:bis|ter|quater))?(?=\s*(?:[:.–—|-]|$)|\s+(?-i:[A-ZÀÂÉÈÊÎÔŒÇ«]))",
    re.IGNORECASE,
)
# After a hyphen at a line's end, words that keep it.
_ENCLITICS = frozenset(
    "ci là je tu il elle on nous vous ils elles ce t en y le la les lui leur moi toi même mêmes "
    "dessus dessous être".split()
)
_COMPOUNDS = frozenset(
    "rez peut non vice ex sous sur demi mi semi avant après arrière contre entre inter porte lieu "
    "quasi celui celle ceux celles c'est saint sainte centre petit petite grand grande haut haute "
    "bas basse chef chefs cheffe savoir compte plus moins dix vingt soixante quatre".split()
)
_LINKS = frozenset("et sur sous en de du des la le les lès d l à aux".split())

_ALONE = re.compile(r"\d(?!er\b)|…\]")  # what a sentence may bear of any value: figures, holes


@dataclass(slots=True)
class Paragraph:
    """Lines that are one paragraph, heading or list item; `page` is where the first one is.

    `note` is small print at the foot of a page.
    """

    lines: list[Line]
    page: int
    item: bool = False
    note: bool = False
    after: float = 0.0  # white above it, in lines
    text: str = ""

    @property
    def words(self) -> list[Word]:
        return [word for line in self.lines for word in line.words]

    @property
    def size(self) -> float:
        return max(self.lines, key=lambda line: len(line.text)).size

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)

    @property
    def confidence(self) -> float | None:
        return confidence(self.words)


@dataclass(frozen=True, slots=True)
class Table:
    """A table in its place."""

    grid: Grid
    page: int


@dataclass(frozen=True, slots=True)
class Print:
    """How a file is printed: the size of its text, its line spacing in parts of that, its words."""

    body: float
    lead: float
    known: frozenset[str] = field(default_factory=frozenset)


def confidence(words: Iterable[Word]) -> float | None:
    """That of words read by OCR, weighed by their length; None when none was."""
    read = [(len(w.text), w.confidence) for w in words if w.confidence is not None]
    total = sum(length for length, _ in read)
    return round(sum(n * c for n, c in read) / total, 3) if total else None


def surely(words: Sequence[Word]) -> float | None:
    """How surely words were read: no more than the least sure of their figures, for nothing beside
    one tells it (« 1,80 » was read as « 1.80 » in a line of .94), and not at all over a hole."""
    read = [w.confidence for w in words if w.confidence is not None and _ALONE.search(w.text)]
    whole = confidence(words)
    return whole if whole is None else min([whole, *read])


def seen(words: Iterable[Word]) -> tuple[Seen, ...]:
    """How surely OCR read each line of these words; nothing where none was."""
    lines = [tuple(line) for _, line in groupby(words, key=lambda word: word.base)]
    sure = [(line, surely(line)) for line in lines]
    return tuple(Seen(spaced(line).rstrip("-"), found) for line, found in sure if found is not None)


def printed_as(lines: Sequence[Line]) -> Print:
    """The print of a file, from all its lines."""
    sizes: dict[float, int] = {}
    for line in lines:
        for word in line.words:
            size = round(word.size * 2) / 2
            sizes[size] = sizes.get(size, 0) + len(word.text)
    body = max(sizes, key=lambda size: sizes[size], default=10.0)
    gaps = [
        ((after.base - before.base) / before.size, goes_on(before.text, after.text))
        for before, after in zip(lines, lines[1:], strict=False)
        if 0 < after.base - before.base < 3 * before.size and abs(before.size - body) < 1
    ]
    # Where every paragraph is a line, most of the white is that between paragraphs.
    inside = [gap for gap, same in gaps if same] or [gap for gap, _ in gaps]
    known = {word for line in lines for word in re.findall(r"[\w'’-]+", line.text.casefold())}
    return Print(body, statistics.median(inside) if inside else 1.2, frozenset(known))


def gather(
    pages: Iterable[tuple[int, Sequence[Line | Grid]]], print_: Print
) -> list[Paragraph | Table]:
    """The paragraphs and tables of a file in reading order, those that go on over a page joined."""
    found: list[Paragraph | Table] = []
    running: Paragraph | None = None  # what the next page may go on with
    for page, items in pages:
        turned = True
        last: Line | None = None
        for item in items:
            if isinstance(item, Grid):
                found.append(Table(item, page))
                running, last, turned = None, None, False
                continue
            note = item.size < 0.88 * print_.body and _low(item, items)
            if turned and not note and running is not None and _goes_on(running, item):
                running.lines.append(item)
            elif (
                last is not None
                and isinstance(found[-1], Paragraph)
                and note == found[-1].note
                and not _starts(found[-1], last, item, print_)
            ):
                found[-1].lines.append(item)
            else:
                white = (item.base - last.base) / item.size if last is not None else 3.0
                found.append(Paragraph([item], page, _marker(item) != "", note, white))
            if not note:
                turned = False
                running = found[-1] if isinstance(found[-1], Paragraph) else running
            last = item
    for block in found:
        if isinstance(block, Paragraph):
            block.text = healed([line_text(line) for line in block.lines], print_.known)
    return [block for block in found if isinstance(block, Table) or block.text]


def _low(line: Line, items: Sequence[Line | Grid]) -> bool:
    """Is it in the lower half of what the page holds?"""
    bases = [item.base for item in items if isinstance(item, Line)]
    return line.base > (min(bases) + max(bases)) / 2


def _goes_on(running: Paragraph, line: Line) -> bool:
    """Does a page begin with the rest of the paragraph that the one before left open?"""
    last = running.lines[-1]
    return (
        _alike(last, line)
        and last.bold == line.bold
        and not _marker(line)
        and goes_on(last.text, line.text)
    )


def _alike(a: Line, b: Line) -> bool:
    # The sizes that OCR gives are those of the letters seen: « aucun » is lower than « hôpital ».
    scanned = a.words[0].confidence is not None
    return max(a.size, b.size) < (1.35 if scanned else 1.12) * min(a.size, b.size)


def _starts(paragraph: Paragraph, last: Line, line: Line, print_: Print) -> bool:
    """Does this line start another paragraph than the one that `last` belongs to?"""
    if _marker(line) or not _alike(last, line):
        return True
    gap = line.base - last.base
    ended = bool(ENDS.search(last.text))
    lower = line.text[:1].islower()
    if KEYWORD.match(line.text) and (ended or not lower) and not line.text[:1].islower():
        return True
    if not lower and is_labelled(last.text) and is_labelled(line.text):
        return True
    if gap <= 0:  # the top of the next column
        return not (goes_on(last.text, line.text) or _names(last.text, line.text))
    if gap > 1.3 * print_.lead * max(line.size, last.size):
        return True
    fits = last.x1 + 0.3 * line.size + _first(line) < last.right
    if last.text.endswith(";") and not lower:  # an item whose bullet is a drawing
        return True
    if last.bold != line.bold and (fits or not lower or gap > 1.15 * print_.lead * line.size):
        return True
    if fits and not lower and (ended or not last.text.endswith((",", "-", "\u00ad"))):
        return True
    return ended and not lower and line.x0 > last.x0 + 0.9 * line.size and not paragraph.item


def _names(text: str, following: str) -> bool:
    """Does a line end on « par la résidence des », and the next begin with a name for it?"""
    last, first = text.split()[-1], following.split()[0].casefold()
    return last in _LINKS - {"et"} and first not in _LINKS


def _first(line: Line) -> float:
    return line.words[0].x1 - line.words[0].x0


def _marker(line: Line) -> str:
    """The bullet or number that a line begins with, "" for none."""
    words = line.words
    # Of a scan, letters are what they look like.
    if words[0].text in _SYMBOL_BULLETS and len(words) > 1 and words[0].confidence is None:
        if words[1].x0 - words[0].x1 > 0.3 * words[0].size:
            return words[0].text
    found = BULLET.match(line.text) or _NUMBERED.match(line.text)
    if found is None or KEYWORD.match(line.text):
        return ""
    return found[0]


def unmarked(paragraph: Paragraph) -> str:
    """A list item without its bullet; a number or a letter stays, for it is quoted as such."""
    first = paragraph.lines[0].words[0]
    if first.text in _SYMBOL_BULLETS and first.confidence is None:
        return paragraph.text[len(first.text) :].lstrip()
    bullet = BULLET.match(paragraph.text)
    return paragraph.text[bullet.end() :].lstrip() if bullet else paragraph.text


def line_text(line: Line) -> str:
    """The words of a line; letters set wide apart (« C O N V E N T I O N ») joined again."""
    words = line.words
    letters = [word.text for word in words if word.text.isalpha()]
    if len(letters) < 6 or len(letters) < 0.9 * len(words) or max(map(len, letters)) > 1:
        return line.text
    gaps = [b.x0 - a.x1 for a, b in zip(words, words[1:], strict=False)]
    wide = 1.7 * statistics.median(gaps)
    text = words[0].text
    for gap, word in zip(gaps, words[1:], strict=True):
        text += (" " if gap > wide else "") + word.text
    return text


def healed(lines: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """Lines as one text: words cut at a line's end whole again, ligatures as their letters.

    `known`: words of the same file, by which « rez-de- / chaussée » keeps its hyphen and
    « revita- / lisation » loses its own.
    """
    text = ""
    for line in lines:
        line = line.translate(LIGATURES).strip()
        if not text:
            text = line
        elif cut := re.search(r"(?<=\w)[-\u00ad‐]$", text):
            text = text[: cut.start()] + ("-" if _keeps(text, line, known) else "") + line
        elif text.endswith(("'", "’")) or text.endswith("/"):
            text += line
        else:
            text += " " + line
    return clean(text)


def _keeps(text: str, line: str, known: frozenset[str]) -> bool:
    """Does the hyphen that ends `text` belong to the word?"""
    before = re.findall(r"[\w'’-]+", text[:-1])
    after = re.match(r"[\w'’]+", line)
    if not before or after is None or not line[0].islower():
        return True  # « Guipry- / Messac », « 2021- / 2026 »
    first, second = before[-1], after[0].casefold()
    part = re.split(r"[-'’]", first.casefold())[-1]
    if (first + second).casefold() in known:
        return False
    if f"{first}-{second}".casefold() in known:
        return True
    if "-" in first and second in _LINKS | _ENCLITICS:
        return True
    return second in _ENCLITICS or part in _COMPOUNDS or (first[0].isupper() and second in _LINKS)
