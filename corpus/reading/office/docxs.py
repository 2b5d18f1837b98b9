"""A DOCX file's XML -> blocks, as Word shows them once every change is accepted.

lxml and no library of the format: python-docx 1.2 leaves out tracked insertions, footnotes, text
boxes and the numbers of lists (its issues 340 and 1123), and no other tells what is hidden.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from corpus.errors import ParseError
from corpus.reading.office.archives import Archive
from corpus.reading.office.blocks import Block, Cell, Run, headed, merged, paragraph, shown_text
from corpus.reading.office.elements import find, local_name
from corpus.reading.office.looks import UNKNOWN, WHITE, Look, alike
from corpus.reading.office.numbering import Counter, Level
from corpus.text import clean

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_SPANS = 63  # Word has no wider table
_HEADING = re.compile(r"(?:heading|titre) ?([1-9])", re.IGNORECASE)
_TITLES = frozenset({"title", "titre"})
_CONTENTS = re.compile(r"(?:toc|tm|table of figures|index) ?\d*|toc heading", re.IGNORECASE)
# What holds runs or blocks, and shows them as they are.
_THROUGH = frozenset(
    "ins moveTo hyperlink smartTag sdtContent fldSimple customXml dir bdo oMath oMathPara".split()
)
_FORMS = {
    "decimal": "1",
    "decimalZero": "01",
    "lowerLetter": "a",
    "upperLetter": "A",
    "lowerRoman": "i",
    "upperRoman": "I",
    "ordinal": "1",
    "cardinalText": "1",
}


@dataclass(frozen=True, slots=True)
class _Style:
    name: str = ""
    look: Look = field(default_factory=Look)
    level: int | None = None
    list: tuple[str, int] | None = None  # the list it numbers its paragraphs in, and the depth


@dataclass(slots=True)
class _Told:
    """The paragraph being read: its words and how each is shown, and what stands beside it."""

    runs: list[Run] = field(default_factory=list)
    aside: list[Block] = field(default_factory=list)  # text boxes, then notes


def blocks(archive: Archive) -> tuple[list[Block], dict[str, str], list[str]]:
    """The blocks of a file; its title, language and dates as it gives them; what was not read."""
    reader = _Reader(archive)
    return list(reader.blocks()), reader.about(), reader.unread


class _Reader:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.package = _related(archive, "")
        self.main = self.package.get("officeDocument", "word/document.xml")
        self.parts = _related(archive, self.main)
        root = archive.xml(self.main)
        if root is None or local_name(root) != "document" or _body(root) is None:
            raise ParseError(
                archive.path,
                None,
                "ce n'est pas un texte Word",
                "Enregistrez-le au format DOCX, ODT ou PDF, et indiquez ce fichier-là.",
            )
        self.root = root
        self.unread: list[str] = []
        self.language = ""
        self.base, self.styles, self.default = self._styles()
        self.lists = _Lists(self._part("numbering"), self.styles)
        self.notes = {kind: self._notes(kind) for kind in ("footnotes", "endnotes")}
        self.carried: _Told | None = None  # a paragraph whose end was deleted goes on in the next

    def _part(self, kind: str) -> etree._Element | None:
        name = self.parts.get(kind)
        return self.archive.xml(name) if name else None

    def _notes(self, kind: str) -> dict[str, etree._Element]:
        root = self._part(kind)
        return {_value(note, "id"): note for note in (root if root is not None else ())}

    def about(self) -> dict[str, str]:
        core = self.package.get("core-properties")
        root = self.archive.xml(core) if core else None
        told = {local_name(e): clean(e.text or "") for e in root} if root is not None else {}
        return {
            "title": told.get("title", ""),
            "language": told.get("language") or self.language,
            "modified": told.get("modified", ""),
        }

    # Styles

    def _styles(self) -> tuple[Look, dict[str, _Style], str]:
        """What every paragraph is shown with, the styles by id, and the id of the default one."""
        root = self._part("styles")
        if root is None:
            return Look(), {}, ""
        base = Look()
        for properties in find(root, "docDefaults", "rPrDefault", "rPr"):
            base = _look(properties)
            for language in find(properties, "lang"):
                self.language = _value(language, "val")
        raw = {_value(e, "styleId"): e for e in root if local_name(e) == "style"}
        default = next(
            (
                id
                for id, e in raw.items()
                if _value(e, "type") == "paragraph" and _value(e, "default") in ("1", "true", "on")
            ),
            "",
        )
        return base, {id: _style(id, raw) for id in raw}, default

    # Blocks

    def blocks(self) -> Iterator[Block]:
        body = _body(self.root)
        assert body is not None
        yield from self._flow(body, Look())
        if self.carried is not None:
            yield from self._close(self.carried, _Style(), None)

    def _flow(self, holder: etree._Element, around: Look) -> Iterator[Block]:
        """The blocks in an element. `around`: how its cell is shown."""
        for element in holder:
            match local_name(element):
                case "p":
                    yield from self._paragraph(element, around)
                case "tbl":
                    yield from self._table(element, around)
                case "sdt":
                    if not _is_placeholder(element):
                        for content in find(element, "sdtContent"):
                            yield from self._flow(content, around)
                case "altChunk":
                    self.unread.append("un autre fichier y est inséré")
                case "AlternateContent":
                    yield from self._flow(_chosen(element), around)
                case name if name in _THROUGH:
                    yield from self._flow(element, around)
                case _:
                    pass

    def _paragraph(self, element: etree._Element, around: Look) -> Iterator[Block]:
        properties = _first(element, "pPr")
        style = self.styles.get(self._style_of(properties), _Style())
        if _CONTENTS.fullmatch(style.name):
            return
        shown = _shade(properties).over(style.look.over(around.over(self.base)))
        told, self.carried = self.carried or _Told(), None
        self._runs(element, shown, told)
        mark = _first(properties, "rPr")
        if mark is not None and _first(mark, "del") is not None:
            self.carried = told
            return
        yield from self._close(told, style, properties)

    def _style_of(self, properties: etree._Element | None) -> str:
        named = _first(properties, "pStyle")
        return self.default if named is None else _value(named, "val")

    def _close(
        self, told: _Told, style: _Style, properties: etree._Element | None
    ) -> Iterator[Block]:
        text = shown_text(told.runs)
        if text:
            level = _outline(properties)
            level = style.level if level is None else level
            number = self.lists.number(properties, style)
            yield paragraph(
                told.runs,
                label=number.label if number is not None else "",
                tight=number is not None and number.tight,
                level=None if level is not None and level > 9 else level,
                item=number is not None,
                depth=number.depth if number is not None else 0,
            )
        yield from told.aside

    # Runs

    def _runs(self, holder: etree._Element, around: Look, told: _Told) -> None:
        for element in holder:
            match local_name(element):
                case "r":
                    self._run(element, around, told)
                case "sdt":
                    if not _is_placeholder(element):
                        for content in find(element, "sdtContent"):
                            self._runs(content, around, told)
                case "ruby":
                    for content in find(element, "rubyBase"):
                        self._runs(content, around, told)
                case "AlternateContent":
                    self._runs(_chosen(element), around, told)
                case name if name in _THROUGH:
                    self._runs(element, around, told)
                case _:
                    pass

    def _run(self, element: etree._Element, around: Look, told: _Told) -> None:
        properties = _first(element, "rPr")
        named = _first(properties, "rStyle")
        style = self.styles.get(_value(named, "val")) if named is not None else None
        shown = _look(properties).over(style.look.over(around) if style else around)
        for inner in element:
            match local_name(inner):
                case "t":
                    told.runs.append((inner.text or "", shown))
                case "tab" | "br" | "cr" | "ptab" | "sym":
                    told.runs.append((" ", shown))
                case "noBreakHyphen":
                    told.runs.append(("\u2011", shown))
                case "drawing" | "pict" | "object":
                    self._boxes(inner, told)
                case "AlternateContent":
                    self._boxes(_chosen(inner), told)
                case "ruby":
                    for content in find(inner, "rubyBase"):
                        self._runs(content, around, told)
                case "footnoteReference" | "endnoteReference" as kind if not shown.unseen:
                    note = self.notes[kind.replace("Reference", "s")].get(_value(inner, "id"))
                    if note is not None:
                        told.aside += self._apart(note, Look())
                case _:
                    pass

    def _boxes(self, holder: etree._Element, told: _Told) -> None:
        """The text boxes of a drawing that is not hidden."""
        for element in holder.iter():
            if not isinstance(element.tag, str):
                continue
            if local_name(element) == "docPr" and element.get("hidden") in ("1", "true"):
                return
            if local_name(element) == "txbxContent" and not _inside_box(element, holder):
                # A box may have any background: white words stay, as hidden keeps them.
                told.aside += self._apart(element, Look(behind=UNKNOWN))

    def _apart(self, holder: etree._Element, around: Look) -> list[Block]:
        carried, self.carried = self.carried, None
        found = list(self._flow(holder, around))
        self.carried = carried
        return found

    # Tables

    def _table(self, element: etree._Element, around: Look) -> Iterator[Block]:
        properties = _first(element, "tblPr")
        named = _first(properties, "tblStyle")
        style = _value(named, "val") if named is not None else ""
        plain = style.lower() in ("", "tablegrid", "grilledutableau", "normaltable")
        behind = around if plain else Look(behind=UNKNOWN).over(around)
        rows: list[list[tuple[Cell, int, bool]]] = []
        headers = 0
        for line in _rows(element):
            about = _first(line, "trPr")
            if _first(about, "del") is not None:
                continue
            if headers == len(rows) and _is_on(_first(about, "tblHeader")):
                headers += 1
            rows.append(self._row(line, about, behind))
        yield headed(merged(rows), headers or None)

    def _row(
        self, line: etree._Element, about: etree._Element | None, behind: Look
    ) -> list[tuple[Cell, int, bool]]:
        row: list[tuple[Cell, int, bool]] = []
        if skipped := _number(_first(about, "gridBefore"), 0):
            row.append((Cell(), min(skipped, _SPANS), False))
        for cell in _cells(line):
            properties = _first(cell, "tcPr")
            if _first(properties, "cellDel") is not None:
                continue
            span = max(1, min(_number(_first(properties, "gridSpan"), 1), _SPANS))
            merge = _first(properties, "vMerge")
            continued = merge is not None and _value(merge, "val") in ("", "continue")
            shade = _shade(properties)
            shaded = shade.behind is not None and not alike(shade.behind, WHITE)
            content = tuple(self._apart(cell, shade.over(behind)))
            row.append((Cell(content, shaded), span, continued))
        return row


# --- Numbers of lists and headings


@dataclass(frozen=True, slots=True)
class _Number:
    label: str
    tight: bool
    depth: int


class _Lists:
    """Counts the items of every list, as Word does: lists of one model go on from each other."""

    def __init__(self, root: etree._Element | None, styles: Mapping[str, _Style]) -> None:
        self.models: dict[str, dict[int, Level]] = {}
        self.lists: dict[str, str] = {}  # a list -> its model
        self.starts: dict[tuple[str, int], int] = {}
        self.counters: dict[str, Counter] = {}
        self.begun: set[tuple[str, int]] = set()
        linked: dict[str, str] = {}
        for element in root if root is not None else ():
            if local_name(element) == "abstractNum":
                id = _value(element, "abstractNumId")
                self.models[id] = dict(map(_level, find(element, "lvl")))
                for link in find(element, "numStyleLink"):
                    linked[id] = _value(link, "val")
            elif local_name(element) == "num":
                self._add(element)
        for model, style in linked.items():
            own = styles.get(style, _Style()).list
            self.models[model] = self.models.get(self.lists.get(own[0], ""), {}) if own else {}

    def _add(self, element: etree._Element) -> None:
        id = _value(element, "numId")
        model = _first(element, "abstractNumId")
        self.lists[id] = _value(model, "val") if model is not None else ""
        for change in find(element, "lvlOverride"):
            depth = _int(_value(change, "ilvl"), 0)
            for start in find(change, "startOverride"):
                self.starts[id, depth] = _int(_value(start, "val"), 1)
            for level in find(change, "lvl"):  # this list's own model
                own = self.models.get(self.lists[id], {}) | dict([_level(level)])
                self.models[f"{id} "] = own
                self.lists[id] = f"{id} "

    def number(self, properties: etree._Element | None, style: _Style) -> _Number | None:
        """What stands before the next item, counted; None for a paragraph in no list."""
        told = _first(properties, "numPr")
        id, depth = style.list or ("", 0)
        if told is not None:
            id = _value(e, "val") if (e := _first(told, "numId")) is not None else id
            depth = _number(_first(told, "ilvl"), depth)
        levels = self.models.get(self.lists.get(id, ""))
        if not levels or depth not in levels:
            return None
        counter = self.counters.setdefault(self.lists[id], Counter())
        first = (id, depth) not in self.begun
        self.begun.add((id, depth))
        counter.next(depth, levels[depth], self.starts.get((id, depth)) if first else None)
        level = levels[depth]
        label = "" if level.bullet else counter.label(depth, levels)
        return _Number(label, level.tight, depth)


def _level(element: etree._Element) -> tuple[int, Level]:
    form = _first(element, "numFmt")
    text = _first(element, "lvlText")
    start = _number(_first(element, "start"), 1)
    suffix = _first(element, "suff")
    kind = _value(form, "val") if form is not None else "decimal"
    parts: list[str | int] = []
    if kind not in ("bullet", "none"):
        for piece in re.split(r"(%[1-9])", _value(text, "val") if text is not None else ""):
            parts += [int(piece[1]) - 1] if re.fullmatch("%[1-9]", piece) else [piece]
    return _int(_value(element, "ilvl"), 0), Level(
        parts=tuple(part for part in parts if part != ""),
        form=_FORMS.get(kind, "1"),
        start=start,
        plain=_is_on(_first(element, "isLgl")),
        tight=suffix is not None and _value(suffix, "val") == "nothing",
    )


# --- Styles


def _style(id: str, raw: Mapping[str, etree._Element]) -> _Style:
    """A style with all that it has from those it is based on."""
    element = raw[id]
    named = _first(element, "name")
    style = _Style(clean(_value(named, "val")) if named is not None else "")
    seen: set[str] = set()
    while id in raw and id not in seen:
        seen.add(id)
        element = raw[id]
        properties = _first(element, "pPr")
        shown = _look(_first(element, "rPr")).over(_shade(properties))
        own = _first(properties, "numPr")
        if own is not None and style.list is None:
            number, depth = _first(own, "numId"), _number(_first(own, "ilvl"), 0)
            if number is not None:
                style = replace(style, list=(_value(number, "val"), depth))
        level = _outline(properties)
        level = _named_level(element) if level is None else level
        style = replace(
            style,
            look=style.look.over(shown),
            level=level if style.level is None else style.level,
        )
        based = _first(element, "basedOn")
        id = _value(based, "val") if based is not None else ""
    return style


def _named_level(element: etree._Element) -> int | None:
    named = _first(element, "name")
    name = clean(_value(named, "val")) if named is not None else ""
    if name.lower() in _TITLES:
        return 0
    found = _HEADING.fullmatch(name)
    return int(found[1]) if found else None


def _outline(properties: etree._Element | None) -> int | None:
    """The outline level, from 1; 10 for the text that a style of headings is made to be."""
    told = _first(properties, "outlineLvl")
    return None if told is None else _number(told, 9) + 1


def _look(properties: etree._Element | None) -> Look:
    if properties is None:
        return Look()
    size, colour = _first(properties, "sz"), _first(properties, "color")
    told = None
    if colour is not None:
        told = _value(colour, "val")
        if _value(colour, "themeColor") in ("background1", "light1"):
            told = WHITE
    vanish = _first(properties, "vanish")
    struck = any(_is_on(_first(properties, name)) for name in ("strike", "dstrike"))
    aligned = _first(properties, "vertAlign")
    bold = _first(properties, "b")
    return Look(
        bold=None if bold is None else _is_on(bold),
        size=None if size is None else _int(_value(size, "val"), 22) / 2,
        hidden=True if struck else None if vanish is None else _is_on(vanish),
        colour=told,
        behind=_shade(properties).behind or _highlight(properties),
        raised=None if aligned is None else _value(aligned, "val") == "superscript",
    )


def _shade(properties: etree._Element | None) -> Look:
    """What a paragraph, a cell or a run has behind it."""
    told = _first(properties, "shd")
    if told is None:
        return Look()
    fill = _value(told, "fill")
    if _value(told, "themeFill") not in ("", "background1", "light1"):
        fill = fill if fill not in ("", "auto") else UNKNOWN
    return Look(behind=None if fill in ("", "auto") else fill)


def _highlight(properties: etree._Element) -> str | None:
    told = _first(properties, "highlight")
    return None if told is None or _value(told, "val") in ("none", "white") else UNKNOWN


# --- The file's XML


def _related(archive: Archive, part: str) -> dict[str, str]:
    """The parts that a part names, by the last word of the kind of their relation. Inside only."""
    folder, name = posixpath.split(part)
    root = archive.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, str] = {}
    for relation in root if root is not None else ():
        if relation.get("TargetMode") == "External":
            continue
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        found.setdefault(kind, target.lstrip("/"))
    return found


def _value(element: etree._Element, name: str) -> str:
    """An attribute of Word's, "" when it is not there."""
    for space in (_WORD, _STRICT):
        if (found := element.get(f"{{{space}}}{name}")) is not None:
            return str(found)
    return ""


def _first(element: etree._Element | None, name: str) -> etree._Element | None:
    return next(find(element, name), None) if element is not None else None


def _body(root: etree._Element) -> etree._Element | None:
    return _first(root, "body")


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and _value(element, "val") not in ("0", "false", "off", "none")


def _int(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else otherwise


def _number(element: etree._Element | None, otherwise: int) -> int:
    return otherwise if element is None else _int(_value(element, "val"), otherwise)


def _is_placeholder(element: etree._Element) -> bool:
    """Whether a field still shows « Cliquez ici », or is a table of contents."""
    properties = _first(element, "sdtPr")
    if properties is None:
        return False
    gallery = next(find(properties, "docPartObj", "docPartGallery"), None)
    contents = gallery is not None and _value(gallery, "val") == "Table of Contents"
    return contents or _is_on(_first(properties, "showingPlcHdr"))


def _chosen(element: etree._Element) -> etree._Element:
    """Of the several writings of one thing, the first: the others say the same."""
    return next((e for e in element if local_name(e) in ("Choice", "Fallback")), element)


def _inside_box(element: etree._Element, holder: etree._Element) -> bool:
    """Whether a text box stands in another, or in the second writing of a drawing."""
    for above in element.iterancestors():
        if above is holder:
            return False
        if local_name(above) in ("txbxContent", "Fallback"):
            return True
    return False


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        if local_name(element) == "tr":
            yield element
        elif local_name(element) in ("sdt", *_THROUGH):
            yield from _rows(element)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        if local_name(element) == "tc":
            yield element
        elif local_name(element) in ("sdt", *_THROUGH):
            yield from _cells(element)
