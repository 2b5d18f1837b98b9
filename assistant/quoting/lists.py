"""Lists and tables as documents have them: what announces one, its points or rows, how many.

A list cut in several passages is one; so is a table, whose rows are a passage each. Its reader
counted it (corpus.documents.Extent): a list is whole when as many points are here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import messages
from assistant.quoting.citations import BULLET, Quote
from corpus.reading.layout.extents import columns
from index.french.analysis import fold, sentences, words
from index.passages import Passage

MAX_ITEMS = 12  # of a list that was not asked for: 18 communes are two screens of a phone
_MAX_WORDS = 220
MOST = 200  # of one that was, which opens; a list of 1,646 communes is no answer

# The passage before another, or after it, in its document; None at its ends.
Beside = Callable[[Passage, int], Passage | None]

_SAMPLE = 200  # rows by which what all of a file say is known
_DASH = "- "
# What says that a list is not whole.
_PARTIAL = re.compile(
    r"\b(?:notamment|par exemple|p\. ?ex|entre autres|tels? que|telles? que|comme|dont|etc|"
    r"quelques(?:[ -]un\w*)?|certain\w*|principa\w+|non exhaustif|non exhaustive|extraits?|"
    r"selection|exemples?|premie\w+|parmi)\b|…|\.\.\."
)
_TOTAL = re.compile(r"(?:sous[ -])?tota(?:l|ux)\b.*|ensemble|moyenne|cumul")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: the name of its column, "" for none, and its value."""

    column: str
    value: str


@dataclass(frozen=True, slots=True)
class List:
    """A list or a table of a document: what announces it, None for nothing, and its items.

    An item holds all the sentences of its line. `size` is what its reader counted, 0 where it
    could not. `frame` is all that is said of it: headings, what announces it, names of columns;
    `names` what says which things it lists. A `table` has rows.
    """

    lead: Quote | None
    items: tuple[Quote, ...]
    size: int = 0
    names: str = ""
    frame: str = ""
    table: bool = False

    @classmethod
    def of(cls, quote: Quote, beside: Beside) -> List | None:
        """The list that a quotation is an item of; None when it is none."""
        if quote.passage.form == "row":
            return _table(quote.passage, beside)
        lines = _lines(quote.passage)
        at = next(n for n, line in enumerate(lines) if line.start <= quote.start < line.end)
        if not is_item(lines[at]):
            return None
        first, last = at, at
        while first > 0 and is_item(lines[first - 1]) and _alike(lines[first - 1], lines[first]):
            first -= 1
        while last + 1 < len(lines) and is_item(lines[last + 1]):
            if not _alike(lines[last], lines[last + 1]):
                break
            last += 1
        items = lines[first : last + 1]
        above = lines[:first]
        while not above and (earlier := _same(items[0].passage, beside, -1)):
            before = _lines(earlier)
            inside = len(before)
            while inside and is_item(before[inside - 1]):
                inside -= 1
            items = [*before[inside:], *items]
            above = before[:inside]
            if not before[inside:]:
                break
        while items[-1].end == len(items[-1].passage.text.rstrip()) and (
            later := _same(items[-1].passage, beside, 1)
        ):
            more = _lines(later)
            more = more[: next((n for n, line in enumerate(more) if not is_item(line)), len(more))]
            if not more:
                break
            items += more
        lead = _announcing(above[-1]) if above and above[-1].text.endswith(":") else None
        names, frame = _said_of(items[0], lead)
        return cls(lead, tuple(items), _size(items), names, frame)

    @classmethod
    def of_rows(cls, rows: Sequence[Passage], names: str, frame: str) -> List:
        """The table of these rows, all of them; a total is none of its rows."""
        items = [Quote(row, 0, len(row.text)) for row in rows]
        kept = tuple(item for item in items if not _is_total(item))
        size = rows[0].extents[0].size if rows[0].extents else 0
        size -= len(items) - len(kept) if size else 0
        return cls(None, kept, size, names, frame, table=True)

    @classmethod
    def of_file(cls, rows: Sequence[Passage]) -> List:
        """The table of a file whose rows are all here, each under its own title."""
        every = rows[:: max(len(rows) // _SAMPLE, 1)]
        common = frozenset.intersection(*(frozenset(words(row.text)) for row in every))
        said = " \n".join((rows[0].headings[0], *sorted(common)))
        return cls.of_rows(rows, said, said)

    @property
    def is_whole(self) -> bool:
        """Whether all its points are here, and nothing around says that there are others."""
        said = fold(f"{self.names} {self.lead.text if self.lead else ''} {self.items[-1].text}")
        sure = all(item.passage.confidence is None for item in self.items)
        return sure and self.size == len(self.items) and _PARTIAL.search(said) is None

    def answers(self, quote: Quote, chosen: Sequence[Quote], listing: bool) -> bool:
        """Whether the list answers, rather than one item that is a sentence of its own."""
        if self.table:
            return False
        several = sum(self.has(other) for other in chosen) > 1
        alone = quote.text[:1].isupper() and quote.text.endswith((".", "!", "…"))
        return len(self.items) > 1 and (listing or several or not alone)

    def has(self, quote: Quote) -> bool:
        return any(
            item.passage.id == quote.passage.id and item.start <= quote.start < item.end
            for item in self.items
        )

    def quotes(
        self, chosen: Sequence[Quote], listing: bool = False, *, cut: bool = False
    ) -> list[Quote]:
        """What announces the list and its items; of a long one that was not asked for, or where
        it is to be cut, those chosen, and how many it has."""
        words = sum(len(item.text.split()) for item in self.items)
        shown, note = self.items, ""
        if cut or (not listing and (len(self.items) > MAX_ITEMS or words > _MAX_WORDS)):
            shown = tuple(
                i for i in self.items if any(replace(self, items=(i,)).has(q) for q in chosen)
            )
            if len(shown) < len(self.items):
                note = messages.part_of_list(len(shown), len(self.items))
        said = " ".join(filter(None, (self._headed(), note)))
        return [*([self.lead] if self.lead else []), *bulleted(shown, said)]

    def _headed(self) -> str:
        """The heading over items that no sentence announces: without it, what is forbidden and
        what is asked for look the same."""
        above = self.items[0].headings
        return "" if self.lead or len(above) < 2 else f"« {above[-1].rstrip(' :')} » :"


def bulleted(items: Sequence[Quote], note: str = "") -> list[Quote]:
    """Items as a list, after words of ours."""
    said = [replace(item, before=BULLET) for item in items]
    if note and said:
        said[0] = replace(said[0], before=f"\n{note}{BULLET}")
    return said


def is_item(quote: Quote) -> bool:
    """Whether a quotation is an item of a list."""
    return quote.passage.text.startswith(_DASH, max(quote.start - len(_DASH), 0)) and (
        quote.start == len(_DASH) or quote.passage.text[quote.start - len(_DASH) - 1] == "\n"
    )


def is_listed(quote: Quote) -> bool:
    """Whether a quotation is shown as an item."""
    return quote.before.endswith(BULLET)


def cells(item: Quote) -> list[Cell]:
    """The cells of a row, in order; a sentence that the catalogue has us say is none."""
    row = item.text.rpartition("\n")[2].rstrip(" .")
    told = (cell.partition(" : ") for cell in row.split(" ; "))
    return [Cell(name, value) if colon else Cell("", name) for name, colon, value in told]


def title(item: Quote) -> str:
    """What a row is called: its own heading, else its first cell."""
    own = item.passage.headings[-1]
    first = cells(item)[0].value
    return own if own in item.text else first


def _said_of(first: Quote, lead: Quote | None) -> tuple[str, str]:
    """What names the things listed, and all that is said of them."""
    announced = lead.text if lead else ""
    return f"{first.headings[-1]} \n{announced}", " \n".join((*first.headings, announced))


def _size(items: Sequence[Quote]) -> int:
    """What the reader counted of the list that items are of; 0 where they are of several."""
    sizes = {
        extent.size
        for item in items
        for extent in item.passage.extents
        if extent.start <= item.start < extent.end
    }
    return sizes.pop() if len(sizes) == 1 else 0


def _alike(one: Quote, other: Quote) -> bool:
    """Whether two items of a passage are of one list of the document, where that is known."""
    extents = one.passage.extents
    return not extents or any(e.start <= one.start and other.end <= e.end for e in extents)


def _table(passage: Passage, beside: Beside) -> List:
    rows = [*reversed(list(_rows(passage, beside, -1))), passage, *_rows(passage, beside, 1)]
    before = beside(rows[0], -1)
    about = ""
    if before is not None and before.headings == passage.headings and before.form == "prose":
        about = before.text
    headings = passage.headings
    named = columns(passage.text)
    names = f"{headings[-1]} \n{named[0]} \n{_last(about)}"
    return List.of_rows(rows, names, " \n".join((*headings, about, *named)))


def _rows(passage: Passage, beside: Beside, step: int) -> Iterator[Passage]:
    """The rows of the same table before one, or after it, the nearest first."""
    row = _same(passage, beside, step)
    while row is not None and row.form == "row" and _first_column(row) == _first_column(passage):
        yield row
        row = _same(row, beside, step)


def _first_column(row: Passage) -> str:
    return columns(row.text)[0]


def _last(text: str) -> str:
    """The last sentence of a text, which announces what follows."""
    spans = sentences(text)
    return text[slice(*spans[-1])] if spans else ""


def _is_total(item: Quote) -> bool:
    first = cells(item)[0]
    return _TOTAL.fullmatch(fold(first.value)) is not None


def _announcing(line: Quote) -> Quote:
    """The sentence of a line that ends it: « … Les quatre aides sont : »."""
    return replace(line, start=line.start + sentences(line.text)[-1][0])


def _same(passage: Passage, beside: Beside, step: int) -> Passage | None:
    """The passage beside, under the same headings; the rows of a file have each their own."""
    found = beside(passage, step)
    if found is None or found.headings[:-1] != passage.headings[:-1]:
        return None
    titled = all(p.form == "row" and p.headings[-1] in p.text for p in (found, passage))
    return found if titled or found.headings == passage.headings else None


def _lines(passage: Passage) -> list[Quote]:
    """The lines of a passage, as quotations without their dash."""
    lines, at = [], 0
    for line in passage.text.split("\n"):
        start = at + (len(_DASH) if line.startswith(_DASH) else 0)
        if line.strip():
            lines.append(Quote(passage, start, at + len(line.rstrip())))
        at += len(line) + 1
    return lines


def found(quotes: Sequence[Quote], beside: Beside) -> Iterator[List]:
    """The lists that quotations are items of, each once, in order."""
    seen: set[tuple[str, int]] = set()
    for quote in quotes:
        if (quote.passage.id, quote.start) in seen:
            continue
        told = List.of(quote, beside)
        if told is not None and len(told.items) > 1:
            seen |= {(item.passage.id, item.start) for item in told.items}
            yield told
