"""What a file repeats on its pages: running headers and footers dropped, page numbers kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from corpus.reading.layout.lines import Row, rows, spaced
from corpus.reading.layout.paragraphs import KEYWORD
from corpus.reading.layout.sheets import Sheet, Word

_ZONE = 0.15  # of the page's height, at the top and at the bottom
_ROWS = 5  # looked at on each side
_SAME_PLACE = 15.0  # points, from the edge: scans are not laid straight
_ALIKE = 88  # of 100: OCR does not misread a header twice the same way
_APART = 1.5  # in letters' sizes: what stands left and right of a header is two things
_NUMBER = re.compile(r"(?<![\w.,])(\d{1,4})(?![\w]|[.,]\d)")
_ROMAN = re.compile(r"[ivxlc]{1,7}")
_ALONE = re.compile(
    r"(?:page|p\.?)?\s*[-–—|•]?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*(?:(?:/|sur|de|of)\s*\d{1,4})?"
    r"\s*[-–—|•]?",
    re.IGNORECASE,
)
_OF = re.compile(r"\bpage\s*(\d{1,4})\s*(?:/|sur|de)\s*(\d{1,4})\b", re.IGNORECASE)
# « Page 2 / 5 », « p. 2 », or « 2 / 5 » at the end: whatever else stands there.
_PAGED = re.compile(
    r"\b(?:page|p\.)\s*(\d{1,4})(?:\s*(?:/|sur|de|of)\s*\d{1,4})?|(\d{1,4})\s*(?:/|sur)\s*\d{1,4}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A run of words near the top or the bottom of a page; `away` is how far from that edge.

    `known` is its text with « # » for the page's number, by which it is known on another page.
    """

    sheet: int  # place in the list
    top: bool
    row: int  # from the edge, 0 first
    away: float
    words: tuple[Word, ...]
    text: str
    known: str


def strip(sheets: Sequence[Sheet]) -> tuple[list[Sheet], list[str | None]]:
    """The sheets without what runs on them, and the number printed on each, None for none."""
    edges = [edge for place, sheet in enumerate(sheets) for edge in _edges(place, sheet)]
    numbers = _labels(edges, sheets) | _numbers(edges, len(sheets))
    running = _running(_numbered(edges, numbers), numbers, len(sheets))
    dropped: dict[int, set[int]] = {}
    for edge in running:
        dropped.setdefault(edge.sheet, set()).update(map(id, edge.words))
    kept = [
        replace(sheet, words=tuple(w for w in sheet.words if id(w) not in dropped[place]))
        if place in dropped
        else sheet
        for place, sheet in enumerate(sheets)
    ]
    if not any(sheet.words for sheet in kept):  # the same page over and over: it is the text
        kept = list(sheets[:1])
    _fill(numbers, sheets)
    trivial = all(sheet.label == str(sheet.number) for sheet in sheets)
    labels = [None if trivial else sheet.label for sheet in sheets]
    return kept, [numbers.get(place, labels[place]) for place in range(len(sheets))]


def _edges(place: int, sheet: Sheet) -> Iterator[_Edge]:
    near = [
        w
        for w in sheet.words
        if w.base < _ZONE * sheet.height or w.base > (1 - _ZONE) * sheet.height
    ]
    found = rows(near)
    half = sheet.height / 2
    for top in (True, False):
        side = [row for row in found if (row[0].base < half) == top]
        for number, row in enumerate((side if top else side[::-1])[:_ROWS]):
            for words in _apart(row):
                away = words[0].base if top else sheet.height - words[0].base
                text = spaced(words)
                yield _Edge(place, top, number, away, tuple(words), text, text.casefold())


def _apart(row: Row) -> Iterator[Row]:
    run: Row = []
    for word in row:
        if run and word.x0 - run[-1].x1 > _APART * word.size:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


# --- Page numbers


def _numbers(edges: Sequence[_Edge], count: int) -> dict[int, str]:
    """The number printed on each sheet: those that all grow with the sheets, and no others."""
    votes: Counter[int] = Counter()
    for place in range(count):
        for edge in (edge for edge in edges if edge.sheet == place):
            sure = _ALONE.fullmatch(_bare(edge.text)) or _PAGED.search(edge.text)
            for number in _told(edge):
                votes[number - place] += 3 if sure else 1
    found: dict[int, str] = {}
    if votes:
        shift, _ = votes.most_common(1)[0]
        told = {edge.sheet for edge in edges if edge.sheet + shift in _told(edge)}
        if len(told) >= max(2, min(count, 3)):
            found = {place: str(place + shift) for place in told}
    romans = [
        edge for edge in edges if edge.sheet not in found and _ROMAN.fullmatch(_bare(edge.text))
    ]
    shifts = Counter(_arabic(_bare(edge.text)) - edge.sheet for edge in romans)
    for edge in romans:
        text = _bare(edge.text)
        if shifts[_arabic(text) - edge.sheet] > 1:
            found[edge.sheet] = text
    return found


def _labels(edges: Sequence[_Edge], sheets: Sequence[Sheet]) -> dict[int, str]:
    """The numbers that the file's labels tell, where they stand alone on the page as well."""
    return {
        edge.sheet: label
        for edge in edges
        if (label := sheets[edge.sheet].label) and _bare(edge.text) == label
    }


def _fill(numbers: dict[int, str], sheets: Sequence[Sheet]) -> None:
    """Give a scanned page the number that OCR missed, where the pages around it agree."""
    for place, sheet in enumerate(sheets):
        scanned = any(word.confidence is not None for word in sheet.words[:1])
        before, after = numbers.get(place - 1, ""), numbers.get(place + 1, "")
        if scanned and place not in numbers and before.isdigit() and after.isdigit():
            if int(after) == int(before) + 2:
                numbers[place] = str(int(before) + 1)


def _told(edge: _Edge) -> set[int]:
    """The numbers that may be the page's: alone, or first or last in a header.

    Those of « Article 3 » and « Fiche action n° 3 » grow from page to page as well.
    """
    if KEYWORD.match(edge.text) or re.search(r"\bn\s?[°º]", edge.text):
        return set()
    alone = _ALONE.fullmatch(_bare(edge.text))
    numbers = [int(number) for number in _NUMBER.findall(edge.text)]
    if paged := _PAGED.search(edge.text):
        return {int(paged[1] or paged[2])}
    if alone:
        return set(numbers[:1])
    ends = (edge.text.split()[0], edge.text.split()[-1])
    return {number for number in numbers if any(str(number) == end.strip("|•-–—.") for end in ends)}


def _numbered(edges: Sequence[_Edge], numbers: dict[int, str]) -> list[_Edge]:
    """The edges with « # » for the page's number, where most pages have it: « Point 3 » at the
    head of page 3, whose number is at its foot, is a title."""
    marked = [(edge, _without(edge.known, numbers.get(edge.sheet))) for edge in edges]
    places = Counter(
        (edge.top, int(edge.away // _SAME_PLACE))
        for edge, text in marked
        if text != edge.known
        for _ in range(3 if _PAGED.search(edge.text) else 1)
    )
    if not places:
        return list(edges)
    (top, band), _ = places.most_common(1)[0]
    return [
        replace(edge, known=text)
        if edge.top == top and abs(edge.away // _SAME_PLACE - band) <= 1
        else edge
        for edge, text in marked
    ]


def _bare(text: str) -> str:
    """Without the dashes around a page number, nor the specks that OCR reads beside it."""
    return text.strip(" -–—|•.")


def _arabic(roman: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in roman]
    return sum(
        -value if any(after > value for after in values[n + 1 : n + 2]) else value
        for n, value in enumerate(values)
    )


# --- Running headers and footers


def _running(edges: Sequence[_Edge], numbers: dict[int, str], count: int) -> Iterator[_Edge]:
    """What stands at the same place on several pages, from the edge inwards.

    A title such as « Fiche action n° 3 » differs from page to page, and ends the header: only
    the page's own number may change in one.
    """
    repeated = _repeated(edges, count)
    for place in range(count):
        for top in (True, False):
            side = [edge for edge in edges if edge.sheet == place and edge.top == top]
            for row in sorted({edge.row for edge in side}):
                across = [edge for edge in side if edge.row == row]
                alone = [edge for edge in across if _is_number(edge, numbers)]
                if alone and row == 0 and _set_apart(side):
                    taken = across  # the title of a chapter, beside the page's number
                else:
                    taken = [
                        edge
                        for edge in across
                        if id(edge) in repeated or edge in alone or _tells(edge, count)
                    ]
                yield from taken
                if len(taken) < len(across):
                    break


def _tells(edge: _Edge, count: int) -> bool:
    """Does it say which page this is of how many? Of a single page nothing is repeated."""
    told = _OF.search(edge.text)
    return told is not None and [int(n) for n in told.groups()] == [edge.sheet + 1, count]


def _set_apart(side: Sequence[_Edge]) -> bool:
    """Is there white between the row at the edge and the next one?"""
    first = next(edge for edge in side if edge.row == 0)
    following = next((edge.away for edge in side if edge.row == 1), float("inf"))
    return following - first.away > 2.2 * first.words[0].size


def _is_number(edge: _Edge, numbers: dict[int, str]) -> bool:
    number = numbers.get(edge.sheet)
    return (
        number is not None
        and _ALONE.fullmatch(_bare(edge.text)) is not None
        and number in re.findall(r"\w+", edge.text)
    )


def _repeated(edges: Sequence[_Edge], count: int) -> set[int]:
    """The ids of the runs of words that stand on at least three pages (two, of two)."""
    groups: list[tuple[_Edge, list[_Edge]]] = []
    bands: dict[tuple[bool, int], list[tuple[_Edge, list[_Edge]]]] = {}
    for edge in edges:
        band = int(edge.away // _SAME_PLACE)
        near = [g for b in (band - 1, band, band + 1) for g in bands.get((edge.top, b), ())]
        group = next((g for g in near if _same(edge, g[0])), None)
        if group is None:
            group = (edge, [])
            groups.append(group)
            bands.setdefault((edge.top, band), []).append(group)
        group[1].append(edge)
    needed = min(3, max(count, 2))
    return {
        id(edge)
        for _, members in groups
        if len({edge.sheet for edge in members}) >= needed
        for edge in members
    }


def _without(text: str, number: str | None) -> str:
    if not number:
        return text
    paged = _PAGED.search(text)
    if paged and number in paged.groups():
        return f"{text[: paged.start()]}#{text[paged.end() :]}"
    return re.sub(rf"(?<!\w){re.escape(number)}(?!\w)", "#", text)


def _same(edge: _Edge, other: _Edge) -> bool:
    if abs(edge.away - other.away) > _SAME_PLACE:
        return False
    if edge.known == other.known:
        return True
    # Only what OCR read may differ, and never by its digits.
    return (
        any(word.confidence is not None for word in (*edge.words[:1], *other.words[:1]))
        and len(edge.known) > 8
        and _NUMBER.findall(edge.known) == _NUMBER.findall(other.known)
        and fuzz.ratio(edge.known, other.known) >= _ALIKE
    )
