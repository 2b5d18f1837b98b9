"""An ODT file's XML -> blocks, as LibreOffice shows them once every change is accepted.

lxml and no library of the format: odfdo 3.27 has the elements and not what they show (numbers of
lists and headings, merged cells in place, what a style hides). What was deleted lies apart from the
text, in the list of changes: that list is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpus.errors import ParseError
from corpus.reading.office.archives import AGAIN, LOCKED, Archive
from corpus.reading.office.blocks import Block, Cell, Run, headed, merged, paragraph, shown_text
from corpus.reading.office.elements import find, local_name
from corpus.reading.office.looks import UNKNOWN, WHITE, Look, alike
from corpus.reading.office.numbering import Counter, Level
from corpus.text import clean

_TEXTS = b"application/vnd.oasis.opendocument.text"
_REPEATS = 64  # columns or spaces that one element may stand for
# What LibreOffice makes of the rest of the file, and what is not shown.
_UNREAD = frozenset(
    """
    tracked-changes annotation annotation-end forms sequence-decls variable-decls user-field-decls
    table-of-content illustration-index table-index object-index user-index alphabetical-index
    bibliography hidden-text hidden-paragraph ruby-text title desc script event-listeners
    note-citation soft-page-break
    """.split()
)
_SHAPES = frozenset(("custom-shape", "rect", "ellipse", "text-box", "g", "frame", "a"))
_BOLD = frozenset({"bold", "600", "700", "800", "900"})


@dataclass(frozen=True, slots=True)
class _Style:
    """`names` are its own and those of the styles it comes from."""

    names: tuple[str, ...] = ()
    look: Look = field(default_factory=Look)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one is in a list. `fresh`: no paragraph of the item has taken its number yet."""

    style: str
    depth: int
    counter: Counter
    start: int | None = None
    numbered: bool = True


def blocks(archive: Archive) -> tuple[list[Block], dict[str, str], list[str]]:
    """The blocks of a file; its title, language and dates as it gives them; what was not read."""
    reader = _Reader(archive)
    return list(reader.blocks()), reader.about(), []


class _Reader:
    def __init__(self, archive: Archive) -> None:
        kind = archive.bytes("mimetype") or _TEXTS
        if not kind.strip().startswith(_TEXTS):
            raise ParseError(archive.path, None, "ce n'est pas un texte (ODT)", AGAIN)
        manifest = archive.xml("META-INF/manifest.xml")
        if manifest is not None and any(
            local_name(e) == "encryption-data" for e in manifest.iter()
        ):
            raise ParseError(archive.path, None, *LOCKED)
        content, styles = archive.xml("content.xml"), archive.xml("styles.xml")
        body = next(find(content, "body", "text"), None) if content is not None else None
        if content is None or body is None:
            raise ParseError(archive.path, None, "ce n'est pas un texte (ODT)", AGAIN)
        self.archive = archive
        self.body = body
        self.raw: dict[tuple[str, str], etree._Element] = {}
        self.lists: dict[str, dict[int, Level]] = {}
        self.outline: dict[int, Level] = {}
        for root in (styles, content):  # a name of the text's own is read last, and wins
            for holder in root if root is not None else ():
                if local_name(holder) in ("styles", "automatic-styles"):
                    self._gather(holder)
        self.known: dict[tuple[str, str], _Style] = {}
        self.headings = Counter()
        self.counters: dict[str, Counter] = {}  # of each list, by its id and by its style
        self.waiting: _Place | None = None  # the item whose first paragraph is to come

    def about(self) -> dict[str, str]:
        meta = self.archive.xml("meta.xml")
        told: dict[str, str] = {}
        for element in find(meta, "meta") if meta is not None else ():
            told = {local_name(e): clean(e.text or "") for e in element}
        spoken = ""
        if (default := self.raw.get(("paragraph", ""))) is not None:
            for properties in find(default, "text-properties"):
                spoken = _value(properties, "language")
        return {
            "title": told.get("title", ""),
            "language": told.get("language") or ("" if spoken == "none" else spoken),
            "modified": told.get("date", "") or told.get("creation-date", ""),
        }

    # Styles

    def _gather(self, holder: etree._Element) -> None:
        for element in holder:
            match local_name(element):
                case "style":
                    self.raw[_value(element, "family"), _value(element, "name")] = element
                case "default-style":
                    self.raw[_value(element, "family"), ""] = element
                case "list-style":
                    self.lists[_value(element, "name")] = _levels(element)
                case "outline-style":
                    self.outline = _levels(element)
                case _:
                    pass

    def _style(self, family: str, name: str) -> _Style:
        """A style with all that it has from those it comes from, the family's default last."""
        key = (family, name)
        if key not in self.known:
            names: list[str] = []
            look = Look()
            while name and name not in names:
                names.append(name)
                element = self.raw.get((family, name))
                if element is None:
                    break
                look = look.over(_look(element, self._parent_size(element, family)))
                name = _value(element, "parent-style-name")
            default = self.raw.get((family, ""))
            look = look.over(_look(default, None)) if default is not None else look
            self.known[key] = _Style(tuple(names), look)
        return self.known[key]

    def _parent_size(self, element: etree._Element, family: str) -> float | None:
        """The size that a percentage is of: only looked for where one is written."""
        if not any("%" in _value(e, "font-size") for e in find(element, "text-properties")):
            return None
        parent = _value(element, "parent-style-name")
        own = _value(element, "name")
        return self._style(family, parent).look.size if parent != own else None

    # Blocks

    def blocks(self) -> Iterator[Block]:
        yield from self._flow(self.body, Look(), None)

    def _flow(self, holder: etree._Element, around: Look, place: _Place | None) -> Iterator[Block]:
        """The blocks in an element. `around`: how its cell is shown; `place`: its list."""
        for element in holder:
            yield from self._block(element, around, place)

    def _block(
        self, element: etree._Element, around: Look, place: _Place | None
    ) -> Iterator[Block]:
        match local_name(element):
            case "p" | "h":
                yield from self._paragraph(element, around)
            case "list":
                yield from self._list(element, around, place)
            case "table":
                yield from self._table(element, around)
            case "section" | "numbered-paragraph" if not _is_hidden(element):
                yield from self._flow(element, around, place)
            case name if name in _SHAPES and not _is_hidden(element):
                # It may have any background: white words stay, as corpus.safety.hidden keeps them.
                yield from self._apart(self._flow(element, Look(behind=UNKNOWN), None))
            case _:
                pass

    def _list(self, element: etree._Element, around: Look, above: _Place | None) -> Iterator[Block]:
        style = _value(element, "style-name") or (above.style if above else "")
        if above is not None:
            counter = above.counter
        else:
            before = _value(element, "continue-list") or (
                style if _value(element, "continue-numbering") == "true" else ""
            )
            counter = self.counters.get(before) or Counter()
            self.counters[style] = self.counters[_value(element, "id")] = counter
        depth = above.depth + 1 if above else 0
        for item in element:
            if local_name(item) in ("list-item", "list-header"):
                start = _value(item, "start-value")
                place = _Place(
                    style,
                    depth,
                    counter,
                    int(start) if re.fullmatch(r"\d{1,6}", start) else None,
                    local_name(item) == "list-item",
                )
                self.waiting = place
                yield from self._flow(item, around, place)
                self.waiting = None

    def _paragraph(self, element: etree._Element, around: Look) -> Iterator[Block]:
        style = self._style("paragraph", _value(element, "style-name"))
        runs: list[Run] = []
        aside: list[Block] = []
        place, self.waiting = self.waiting, None
        if any(_is_hidden(e) for e in find(element, "hidden-paragraph")):
            return
        self._runs(element, style.look.over(around), runs, aside)
        if shown_text(runs):
            level = None
            if local_name(element) == "h":
                told = _value(element, "outline-level")
                level = int(told) if re.fullmatch("[0-9]{1,2}", told) else 1
            elif "Title" in style.names:
                level = 0
            label = self._label(element, level, place)
            depth = place.depth if place is not None else 0
            yield paragraph(runs, label=label, level=level, item=place is not None, depth=depth)
        yield from aside

    def _label(self, element: etree._Element, level: int | None, place: _Place | None) -> str:
        """The number that is shown before a paragraph, counted; "" for none."""
        if place is not None:
            levels = self.lists.get(place.style, {})
            own = levels.get(place.depth)
            if own is None or not place.numbered:
                return ""
            place.counter.next(place.depth, own, place.start)
            return "" if own.bullet else place.counter.label(place.depth, levels)
        outline = self.outline.get(level - 1) if level else None
        if level is None or outline is None or _value(element, "is-list-header") == "true":
            return ""
        self.headings.next(level - 1, outline)
        return "" if outline.bullet else self.headings.label(level - 1, self.outline)

    # Words

    def _runs(
        self, holder: etree._Element, look: Look, runs: list[Run], aside: list[Block]
    ) -> None:
        runs.append((holder.text or "", look))
        for element in holder:
            match local_name(element):
                case "span":
                    own = self._style("text", _value(element, "style-name")).look
                    self._runs(element, own.over(look), runs, aside)
                case "s":
                    count = _value(element, "c")
                    times = int(count) if re.fullmatch(r"\d{1,3}", count) else 1
                    runs.append((" " * min(times, _REPEATS), look))
                case "tab" | "line-break":
                    runs.append((" ", look))
                case "note":
                    for body in find(element, "note-body") if not look.unseen else ():
                        aside += self._apart(self._flow(body, Look(), None))
                case name if name in _SHAPES and name != "a":
                    aside += self._block(element, Look(), None)
                case name if name and name not in _UNREAD:
                    self._runs(element, look, runs, aside)
                case _:
                    pass
            runs.append((element.tail or "", look))

    def _apart(self, blocks: Iterator[Block]) -> list[Block]:
        """The blocks of a note, a cell or a box, which stand in no list."""
        waiting, self.waiting = self.waiting, None
        found = list(blocks)
        self.waiting = waiting
        return found

    # Tables

    def _table(self, element: etree._Element, around: Look) -> Iterator[Block]:
        rows: list[list[tuple[Cell, int, bool]]] = []
        headers = 0
        for row, header in _rows(element, False):
            headers += header and headers == len(rows)
            rows.append(self._row(row, around))
        yield headed(merged(rows), headers or None)

    def _row(self, line: etree._Element, around: Look) -> list[tuple[Cell, int, bool]]:
        row: list[tuple[Cell, int, bool]] = []
        covered = 0
        for cell in line:
            times = max(1, min(_count(cell, "number-columns-repeated"), _REPEATS - len(row)))
            if local_name(cell) == "covered-table-cell":
                left = max(times - covered, 0)
                covered = max(covered - times, 0)
                row += [(Cell(), 1, True)] * left
            elif local_name(cell) == "table-cell":
                look = self._style("table-cell", _value(cell, "style-name")).look
                shaded = look.behind is not None and not alike(look.behind, WHITE)
                behind = Look(behind=look.behind).over(around)
                content = tuple(self._apart(self._flow(cell, behind, None)))
                span = max(1, min(_count(cell, "number-columns-spanned"), _REPEATS))
                row += [(Cell(content, shaded), span, False)] * times
                covered = span - 1
        return row


def _rows(table: etree._Element, header: bool) -> Iterator[tuple[etree._Element, bool]]:
    """The rows, and whether each is a header. A row repeated is one: it says the same again."""
    for element in table:
        match local_name(element):
            case "table-row":
                yield element, header
            case "table-header-rows":
                yield from _rows(element, True)
            case "table-rows" | "table-row-group":
                yield from _rows(element, header)
            case _:
                pass


# --- Styles


def _look(element: etree._Element, parent_size: float | None) -> Look:
    look = Look()
    for properties in element:
        match local_name(properties):
            case "text-properties":
                weight, display = _value(properties, "font-weight"), _value(properties, "display")
                line = _value(properties, "text-line-through-style")
                struck = (line or _value(properties, "text-line-through-type")) not in ("", "none")
                place = _value(properties, "text-position")
                auto = _value(properties, "use-window-font-color") == "true"
                look = look.over(
                    Look(
                        bold=weight in _BOLD if weight else None,
                        size=_size(_value(properties, "font-size"), parent_size),
                        hidden=True if struck else display == "none" if display else None,
                        colour="auto" if auto else _value(properties, "color") or None,
                        behind=_behind(properties),
                        raised=place.startswith("super") if place else None,
                    )
                )
            case "paragraph-properties" | "table-cell-properties":
                look = look.over(Look(behind=_behind(properties)))
            case _:
                pass
    return look


def _behind(properties: etree._Element) -> str | None:
    told = _value(properties, "background-color")
    return None if told in ("", "transparent") else told


def _size(told: str, parent: float | None) -> float | None:
    """« 12pt » in points; « 80% » of the parent's size."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(pt|cm|in|mm|%)", told)
    if found is None:
        return None
    number = float(found[1])
    if found[2] == "%":
        return number * parent / 100 if parent else None
    return round(number * {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0}[found[2]], 1)


def _levels(style: etree._Element) -> dict[int, Level]:
    """How each depth of a list, or of headings, is numbered."""
    told = {_count(e, "level") - 1: e for e in style if _count(e, "level") > 0}
    forms = {depth: _value(element, "num-format") for depth, element in told.items()}
    levels: dict[int, Level] = {}
    for depth, element in told.items():
        parts: list[str | int] = []
        if forms[depth]:
            first = depth + 1 - max(1, _count(element, "display-levels"))
            shown = [outer for outer in range(max(first, 0), depth + 1) if forms.get(outer)]
            parts = [part for outer in shown for part in (".", outer)][1:]
            parts = [_value(element, "num-prefix"), *parts, _value(element, "num-suffix")]
        start = max(1, _count(element, "start-value"))
        kept = tuple(part for part in parts if part != "")
        levels[depth] = Level(kept, forms[depth], start)
    return levels


# --- The file's XML


def _value(element: etree._Element, name: str) -> str:
    """An attribute whatever its namespace, "" when it is not there."""
    ending = f"}}{name}"
    return next((str(v) for key, v in element.attrib.items() if str(key).endswith(ending)), "")


def _count(element: etree._Element, name: str) -> int:
    """A number, 0 when it is not there."""
    told = _value(element, name)
    return int(told) if re.fullmatch(r"\d{1,6}", told) else 0


def _is_hidden(element: etree._Element) -> bool:
    return _value(element, "display") == "none" or _value(element, "is-hidden") == "true"
