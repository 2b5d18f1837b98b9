"""HTML pages, cut into sections: the main content only, in the page's own words.

trafilatura says what the main content is; headings, anchors, lists and tables are read from the
page itself, since trafilatura keeps no id and no position.
"""

from __future__ import annotations

import codecs
import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from corpus.documents import Document, Extent, Section
from corpus.errors import ParseError, State
from corpus.reading.html import markup
from corpus.safety import hidden
from corpus.text import clean, lead

MAX_BYTES = 20_000_000  # without the images, fonts and programs that it holds: those are skipped
_EMBEDDED = re.compile(
    rb"(?<=[\"'(])data:[\w/+.;=-]{1,100},[^\"')<>]*|<(script|style|svg)\b(?![^>]*ld\+json)[^>]*>.*?</\1>",
    re.IGNORECASE | re.DOTALL,
)
_WEIGHTY = 1_000_000  # bytes: under it nothing is taken out beforehand
MUCH_TEXT = 500  # characters: a page that shows more and yields nothing was misread

_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|main|article|section|div|p|h1|table|ul)\b", re.IGNORECASE
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LATIN = frozenset({"ascii", "iso8859-1", "cp1252"})

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "summary": 7}
_LISTS = frozenset({"ul", "ol", "dl"})
_ITEMS = frozenset({"li", "dt", "dd"})
_SECTIONING = frozenset({"section", "article", "aside", "details", "li", "td", "th", "blockquote"})
_BESIDE = frozenset({"nav", "aside", "footer", "form", "dialog"})
_UNREAD = frozenset(
    "script style svg math iframe object embed audio video canvas button select textarea "
    "datalist map".split()
)
_TEXTS = frozenset(("p", "ul", "ol", "dl", "table", "blockquote", "pre"))
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol "
    "p pre section summary table tbody td tfoot th thead tr ul".split()
)


def read(
    html: bytes,
    *,
    id: str,
    url: str | None,
    publisher: str,
    licence: str,
    fetched: str,
    scope: str = "local",
    path: Path | None = None,
) -> Document:
    """The page as a Document: a section for each paragraph, list and table row.

    Quotable as is: a section's text is the page's own, but for whitespace; a list has one item a
    line, after a dash, and a table row repeats its headers (« Durée : 6 ans ; Taux : 12 % »).
    `path`, or else `url`, only serves to name the page in errors.
    """
    where = path or url or id
    if len(html) > _WEIGHTY:
        html = _EMBEDDED.sub(b"", html)
    if len(html) > MAX_BYTES:
        raise ParseError(
            where,
            None,
            f"la page pèse {len(html) / 1e6:.1f} Mo, au-delà des {MAX_BYTES // 1_000_000} Mo admis",
            "Indiquez l'adresse d'une page plus courte, ou celle du document qu'elle présente.",
        )
    root = _parse(html)
    if root is None:
        raise ParseError(
            where,
            None,
            "ce n'est pas une page HTML",
            "Vérifiez l'adresse : elle mène peut-être à un fichier à télécharger ou à une erreur.",
        )
    published, updated = _dates(root)
    shown = _shown(root.find("body"))  # what is struck out stands between the words around it
    hidden.drop(root)
    markup.settle(root)
    title = _title(root) or str(where)
    sections = _Cutter(root, title).cut()
    if not sections:
        raise ParseError(where, None, *_nothing_found(root), State.EMPTY)
    return Document(
        id=id,
        kind="page",
        url=url,
        title=title,
        publisher=publisher,
        licence=licence,
        published=published,
        updated=updated,
        fetched=fetched,
        language=_language(root),
        scope=scope,
        sections=tuple(
            dataclasses.replace(section, composed=_composed(section, shown)) for section in sections
        ),
    )


def parse(path: Path, **about: Any) -> dict[str, Any]:
    """The Document of a saved page, as JSON. A sandbox's task; `about` as `read` has it."""
    return {"document": dataclasses.asdict(read(path.read_bytes(), path=path, **about))}


def _nothing_found(root: HtmlElement) -> tuple[str, str]:
    """The problem and the remedy, for a page without main content."""
    shown = len(_text(root.find("body")))
    if shown > MUCH_TEXT:
        return (
            f"la page affiche {shown} caractères, mais aucun texte principal n'y a été reconnu",
            "Indiquez une page d'article plutôt qu'un sommaire, ou recopiez-la dans une fiche.",
        )
    return (
        "la page ne contient presque pas de texte",
        "Son texte est sans doute affiché par un programme (JavaScript) ou dans une image : "
        "recopiez-le dans une fiche.",
    )


# --- From bytes to a tree


def _parse(html: bytes) -> HtmlElement | None:
    """The page as a tree without comments, None when it is not HTML."""
    text = _decode(html)
    if "\0" in text or not _MARKUP.search(text):
        return None
    root = trafilatura.load_html(text)
    return None if root is None or root.find("body") is None else root


def _decode(html: bytes) -> str:
    """The page's text. What is valid UTF-8 is UTF-8, whatever the page declares.

    Text in another encoding is practically never valid UTF-8, and pages that were converted often
    keep an old `<meta charset>`. Latin-1 is read as Windows-1252, as browsers do.
    """
    for bom, encoding in _BOMS:
        if html.startswith(bom):
            return html[len(bom) :].decode(encoding, errors="replace")
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(html[:4096])
    try:
        encoding = codecs.lookup(declared[1].decode("ascii")).name if declared else "cp1252"
        return html.decode("cp1252" if encoding in _LATIN else encoding, errors="replace")
    except LookupError:  # a name that does not exist, or that is no text encoding
        return html.decode("cp1252", errors="replace")


def _select(xpath: etree.XPath, root: HtmlElement) -> list[HtmlElement]:
    return cast(list[HtmlElement], xpath(root))


# --- What the page says of itself


def _metas(root: HtmlElement, name: str) -> list[str]:
    """The contents of `<meta property=name>` or `<meta name=name>`, in order."""
    metas = (m for m in root.iter("meta") if name in (m.get("property"), m.get("name")))
    return [clean(meta.get("content", "")) for meta in metas]


def _title(root: HtmlElement) -> str:
    """The page's title, without the site's name where the page tells them apart."""
    titles = [title for title in root.iter("title") if title.getparent().tag != "svg"]
    told = [*_metas(root, "og:title")[:1], *(_text(title) for title in titles[:1])]
    told = [title for title in told if title]
    shown = next((text for h1 in root.iter("h1") if (text := _text(h1))), "")
    # « Habitat - Ville de Guichen » above an h1 « Habitat »: the h1 is the title.
    if not told or (shown and any(_same(shown) in _same(title) for title in told)):
        return shown
    for site in filter(None, _metas(root, "og:site_name")):
        end = re.search(rf"\s+[-–—|:•·»]\s+{re.escape(site)}$", told[0], re.IGNORECASE)
        if end and end.start():
            return told[0][: end.start()]
    return told[0]


def _same(text: str) -> str:
    """What two writings of a heading have in common: case and punctuation are ignored."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _language(root: HtmlElement) -> str:
    """« fr » for `<html lang="fr-FR">`, "" when the page does not say."""
    return cast(str, root.get("lang", "")).strip().lower().partition("-")[0]


def _dates(root: HtmlElement) -> tuple[str, str]:
    """When the page says it was published and updated, ISO; "" unless marked up as such."""
    linked = list(_linked_data(root))
    return (
        _date(root, linked, "article:published_time", "datePublished"),
        _date(root, linked, "article:modified_time", "dateModified"),
    )


def _date(root: HtmlElement, linked: list[dict[str, Any]], meta: str, key: str) -> str:
    items = (e for e in root.iter("time", "meta") if key in e.get("itemprop", "").split())
    return (
        _one_day(_metas(root, meta))
        or _one_day(str(thing.get(key)) for thing in linked)
        or _one_day(item.get("datetime") or item.get("content", "") for item in items)
    )


def _one_day(marked: Iterable[str]) -> str:
    """The one day these dates agree on. Several days: some are of other pages, listed here."""
    days = set()
    for value in marked:
        try:
            days.add(date.fromisoformat(value.strip()[:10]).isoformat())
        except ValueError:  # empty, or not ISO: never guessed
            continue
    return days.pop() if len(days) == 1 else ""


def _linked_data(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """The schema.org objects that the page declares in JSON-LD, `@graph` unfolded."""
    for script in root.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):  # broken scripts are common, and cost only a date
            continue
        for thing in _listed(found):
            yield thing
            yield from _listed(thing.get("@graph"))


def _listed(found: Any) -> list[dict[str, Any]]:
    """The objects of a JSON value that is one, or a list of them."""
    return [item for item in (found if isinstance(found, list) else [found]) if type(item) is dict]


# --- The main content, by trafilatura

_CELLS = 255  # Braille patterns but the blank one


def _kept(root: HtmlElement) -> frozenset[int]:
    """The text nodes of the main content: 2n for the text of element n, 2n + 1 for its tail.

    A copy of the page goes to trafilatura with a number before each text; the numbers that come
    out are what it kept. Comparing texts instead mistakes a menu entry for the heading of the same
    words. Numbers are in Braille: a symbol, which trafilatura neither drops as a control character
    nor takes for the first letter of a word.
    """
    marked = deepcopy(root)
    elements = list(marked.iter())
    width = 2 if 2 * len(elements) < _CELLS**2 else 3
    for number, element in enumerate(elements):
        element.text = _mark(element.text, 2 * number, width)
        element.tail = _mark(element.tail, 2 * number + 1, width)
    found = trafilatura.bare_extraction(marked, favor_precision=True, include_comments=False)
    if not isinstance(found, trafilatura.settings.Document) or found.body is None:
        return frozenset()
    text = "".join(cast(Iterable[str], found.body.itertext()))
    marks = re.findall(f"[\u2801-\u28ff]{{{width}}}", text)
    return frozenset(_unmark(mark) for mark in marks)


def _mark(text: str | None, number: int, width: int) -> str | None:
    if not text or text.isspace():
        return text
    digits = (number // _CELLS**power % _CELLS for power in range(width))
    mark = "".join(chr(0x2801 + digit) for digit in digits)
    words = re.sub("[\u2800-\u28ff]", "", text)
    return words[: len(words) - len(words.lstrip())] + mark + words.lstrip()


def _unmark(mark: str) -> int:
    return sum((ord(cell) - 0x2801) * _CELLS**power for power, cell in enumerate(mark))


# --- From the tree to sections

_BREAK = "\u2028"  # what stands for <br> while a paragraph is read: no page's text is just that


def _pieces(
    element: HtmlElement, skipped: frozenset[str] = _UNREAD
) -> Iterator[tuple[HtmlElement, bool, str]]:
    """The texts inside an element, in order: (element, True for its tail, text).

    A block or a line break gives a space of its own, so that words do not stick together.
    """
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if inner is not element and (inner.tag in _BLOCKS or inner.tag == "br"):
            yield inner, event == "end", " "
        if event == "start":
            if inner is not element and inner.tag in skipped:
                walk.skip_subtree()
            elif inner.text:
                yield inner, False, inner.text
        elif inner is not element and inner.tail:
            yield inner, True, inner.tail


def _text(element: HtmlElement, skipped: frozenset[str] = _UNREAD) -> str:
    return clean("".join(text for _, _, text in _pieces(element, skipped)))


def _shown(body: HtmlElement) -> str:
    """What a browser shows, a block or a line of it a line: it finds no words across two."""
    lines = [""]
    for element, _, text in _pieces(body):
        if text == " " and (element.tag in _BLOCKS or element.tag == "br"):
            lines.append("")
        else:
            lines[-1] += text
    return "\n".join(map(clean, lines))


def _composed(section: Section, shown: str) -> tuple[str, ...]:
    lines = (line.removeprefix("- ") for line in section.text.split("\n"))
    return tuple(line for line in lines if line not in shown)


@dataclass(eq=False, slots=True)
class _Heading:
    """A heading that is open; `used` once it has text under it."""

    level: int
    text: str
    anchor: str | None
    used: bool = False
    shown: bool = False  # by its looks, not by its tag


_SHOWN = 8  # the level of headings that no tag marks, under those that one does
_ABOVE = 0  # theirs before any text: the title of all that follows
_TITLE_WORDS = 30


class _Cutter:
    """Goes down the page once, and keeps the sections of its main content."""

    def __init__(self, root: HtmlElement, title: str) -> None:
        self.body: HtmlElement = root.find("body")
        self.title = title
        self.kept = _kept(root)
        self.numbers = {element: number for number, element in enumerate(root.iter())}
        self.holders = self._holders()
        self.beginning = min(self.kept, default=0)
        self.beside = self._beside()
        if enclosed := frozenset(self._enclosed()):
            self.kept |= enclosed
            self.holders = self._holders()
            self.beside = self._beside()
        self.targets = Counter(
            name for element in root.iter() for name in {element.get("id"), _named(element)} if name
        )
        self.lead = ""  # the paragraph just before, until something else comes
        self.trail: list[_Heading] = []
        self.saved: list[list[_Heading]] = []
        self.run: list[tuple[HtmlElement, bool, str]] = []
        self.sections: dict[Section, None] = {}

    def cut(self) -> list[Section]:
        """The sections in order, each once: pages repeat blocks for narrow screens."""
        walk = etree.iterwalk(self.body, events=("start", "end"))
        for event, element in walk:
            if element.tag in _BLOCKS:
                self._end_run()
            if event == "start":
                if element.tag in _UNREAD or self._take_whole(element):
                    walk.skip_subtree()
                else:
                    self._enter(element)
            else:
                self._leave(element)
        self._end_run()
        self._close([])
        self._explain()
        return list(self.sections)

    def _take_whole(self, element: HtmlElement) -> bool:
        """Take a heading, a list or a table at once; False when its blocks are to be read."""
        if element.tag in _HEADINGS:
            self._open_heading(element, _HEADINGS[element.tag])
            return True
        if (
            element.tag == "p"
            and _is_title(element)
            and (self._kept_block(element) or self._begins(element))
        ):
            self._open_heading(element, _SHOWN)
            return True
        if element.tag in _LISTS:
            return self._take_list(element)
        return element.tag == "table" and self._take_table(element)

    def _enter(self, element: HtmlElement) -> None:
        if _is_apart(element):
            self.saved.append(self.trail.copy())
        if element.tag == "br":
            # Two line breaks in a row end a paragraph.
            words = (text for _, _, text in reversed(self.run) if text == _BREAK or text.strip())
            if next(words, None) == _BREAK:
                self._end_run()
            self.run.append((element, False, _BREAK))
        elif element.text:
            self.run.append((element, False, element.text))

    def _leave(self, element: HtmlElement) -> None:
        if _is_apart(element):
            # A heading ends with its section, unless the section held nothing else: page
            # builders put a heading alone in its section, and its text in the next.
            before = self.saved.pop()
            opened = [heading for heading in self.trail if heading not in before]
            if any(heading.used or element.tag == "details" for heading in opened):
                self._close(before)
        if element is not self.body and element.tail:
            self.run.append((element, True, element.tail))

    def _end_run(self) -> None:
        """Close the paragraph being read."""
        if self.run and not _is_menu(self.run):
            holder, tail, _ = self.run[0]
            if self._is_kept(self.run) or (not tail and self._stands_among(holder)):
                self._add(clean("".join(text for _, _, text in self.run)), "prose")
        self.run = []

    def _add(self, text: str, form: str, *below: str, size: int = 0) -> None:
        """`size`: how many points or rows the list or the table has; 0 where none can tell."""
        if not re.search(r"\w", text):
            return
        for heading in self.trail:
            heading.used = True
        shown = [heading.text for heading in self.trail if _same(heading.text) != _same(self.title)]
        anchors = [heading.anchor for heading in self.trail if heading.anchor]
        section = Section(
            headings=(self.title, *shown, *filter(None, below)),
            text=text,
            anchor=anchors[-1] if anchors else None,
            form=form,
            extents=() if form == "prose" else (Extent(0, len(text), size),),
        )
        self.sections.setdefault(section)
        if form != "row":
            self.lead = lead(text) if form == "prose" else ""

    def _close(self, kept: list[_Heading]) -> None:
        """Close the headings but these. Over no text, a title that no tag marks is text itself, and
        so is a small heading above the first words."""
        opened, first = self.trail, not self.sections
        for place, heading in enumerate(opened):
            alone = heading.shown or (first and heading.level > 3)
            bare = heading not in kept and not heading.used and alone
            if bare and _same(heading.text) != _same(self.title):
                self.trail = opened[:place]
                self._add(heading.text, "prose")
        self.trail = kept

    def _explain(self) -> None:
        """What the page says of its abbreviations, once each: no sentence holds those words."""
        said = " ".join(section.text for section in self.sections)
        for short, long in dict.fromkeys(
            (short, long)
            for element, short, long in markup.abbreviations(self.body)
            if element in self.holders and long.casefold() not in said.casefold()
        ):
            section = Section(headings=(self.title,), text=f"{short} : {long}", form="entry")
            self.sections.setdefault(section)

    def _is_kept(self, pieces: Iterable[tuple[HtmlElement, bool, str]]) -> bool:
        """Is half of it main content? A block is taken whole: a list without one of its items,
        or a sentence without its link, would say something else."""
        kept = total = 0
        for element, tail, text in pieces:
            length = len(text.strip())
            total += length
            if 2 * self.numbers[element] + tail in self.kept:
                kept += length
        return total > 0 and 2 * kept >= total

    def _kept_block(self, element: HtmlElement) -> bool:
        return self._is_kept(_pieces(element)) or self._stands_among(element)

    def _beside(self) -> set[HtmlElement]:
        """The elements of which a block, not a mere wrapper, is main content."""
        return {
            holder.getparent()
            for holder in self.holders
            if holder.tag in _TEXTS and holder is not self.body
        }

    def _stands_among(self, block: HtmlElement) -> bool:
        """Whether a block that trafilatura dropped has main content before it, at its side; a
        paragraph, after it too: what ends an article is about its author, or others.

        It drops short items and lone lines where a page has no `<main>`: a list of conditions
        would vanish, and the next sentence say that there are none.
        """
        if block.tag not in _TEXTS or block.getparent() not in self.beside:
            return False
        around = (ancestor.tag for ancestor in block.iterancestors())
        if not _BESIDE.isdisjoint(around) or _is_linked(block):
            return False
        if not self._has_content(block.itersiblings(*_TEXTS, preceding=True)):
            return False
        return block.tag != "p" or self._has_content(block.itersiblings(*_TEXTS))

    def _enclosed(self) -> Iterator[int]:
        """The texts of wrappers that trafilatura dropped whole between two blocks of main content:
        two short lists in a row of boxes, the paragraphs around them being kept."""
        for parent in self.beside:
            around = {parent.tag, *(ancestor.tag for ancestor in parent.iterancestors())}
            if not _BESIDE.isdisjoint(around):
                continue
            for block in parent:
                if (
                    block not in self.holders
                    and block.tag not in _BESIDE | _UNREAD
                    and next(block.iterdescendants(*_LISTS, "table"), None) is not None
                    and next(block.iterdescendants("figure", "img", *_BESIDE), None) is None
                    and not _is_linked(block)
                    and self._has_content(block.itersiblings(*_TEXTS, preceding=True))
                    and self._has_content(block.itersiblings(*_TEXTS))
                ):
                    numbers = (self.numbers[inner] for inner in block.iter())
                    yield from (2 * n + tail for n in numbers for tail in (False, True))

    def _has_content(self, blocks: Iterable[HtmlElement]) -> bool:
        return any(block in self.holders for block in blocks)

    def _holders(self) -> set[HtmlElement]:
        """The elements with main content somewhere inside."""
        holders: set[HtmlElement] = set()
        for element, number in self.numbers.items():
            for tail in (False, True):
                if 2 * number + tail in self.kept:
                    holder = element.getparent() if tail else element
                    while holder is not None and holder not in holders:
                        holders.add(holder)
                        holder = holder.getparent()
        return holders

    # Headings

    def _open_heading(self, element: HtmlElement, level: int) -> None:
        text = _text(element, _UNREAD - {"button"})  # accordions: a button in a heading
        if not text or not self._is_heading(element, text):
            return
        self.lead = ""
        shown = level == _SHOWN
        if shown and not self.sections and all(heading.level > 3 for heading in self.trail):
            level = _ABOVE
        if shown and self.trail and self.trail[-1].shown and not self.trail[-1].used:
            level = self.trail[-1].level + 1  # the next line of one title
        self._close([heading for heading in self.trail if heading.level < level])
        self.trail.append(_Heading(level, text, self._anchor(element), shown=shown))

    def _is_heading(self, element: HtmlElement, text: str) -> bool:
        """Is it a heading of the main content?

        trafilatura drops some (buttons, links): then it must stand beside main content, below
        its beginning, and not in a menu.
        """
        if element in self.holders or _same(text) == _same(self.title):
            return True
        begun = 2 * self.numbers[element] > self.beginning or self._begins(element)
        around = (ancestor.tag for ancestor in element.iterancestors())
        return begun and element.getparent() in self.holders and _BESIDE.isdisjoint(around)

    def _begins(self, element: HtmlElement) -> bool:
        """Whether nothing but titles stands between a heading and the main content."""
        if _is_linked(element):
            return False
        for after in element.itersiblings():
            if after in self.holders:
                return True
            if not (after.tag in _HEADINGS or _is_title(after)):
                return False
        return False

    def _anchor(self, heading: HtmlElement) -> str | None:
        """The id that leads to a heading: its own, one just before, or that of what it begins."""
        for inner in heading.iter():
            if name := self._target(inner):
                return name
        element = heading
        while element is not self.body:
            for before in element.itersiblings(preceding=True):
                if (before.tail or "").strip() or _text(before):
                    return None
                for inner in before.iter():
                    if name := self._target(inner):
                        return name
            element = element.getparent()
            if (element.text or "").strip():
                return None
            if name := self._target(element):
                return name
        return None

    def _target(self, element: HtmlElement) -> str | None:
        """The name by which a link reaches this element and no other."""
        for name in (element.get("id"), _named(element)):
            if name and self.targets[name] == 1 and not re.search(r"\s", name):
                return cast(str, name)
        return None

    # Lists and tables

    def _take_list(self, element: HtmlElement) -> bool:
        """Take a list, an item a line, those of inner lists after the item they detail."""
        if next(element.iter(*_HEADINGS, "table", "section", "article"), None) is not None:
            return False
        lines = _described(element) if element.tag == "dl" else []
        points = 0 if lines else len(element.findall("li"))  # inner lists' are none of it
        if not lines:
            items = (_text(item, _UNREAD | _LISTS) for item in element.iter(*_ITEMS))
            lines = [line for line in items if line]
        if lines and self._kept_block(element):
            size = len(lines) if len(lines) == points else 0
            self._add("\n".join(f"- {line}" for line in lines), "list", size=size)
        return bool(lines)

    def _take_table(self, element: HtmlElement) -> bool:
        """Take a table of data, a row a section; False for a table that only lays out."""
        rows = _rows(element)
        if rows and self._kept_block(element):
            captions = element.findall("caption")
            # Of two tables alike, the sentence before each says which is whose.
            caption = (_text(captions[0]) if captions else "") or self.lead
            for group, text in rows:
                self._add(text, "row", caption, group, size=len(rows))
        return bool(rows)


def _described(element: HtmlElement) -> list[str]:
    """The descriptions of a `<dl>`, each after its terms: apart, neither says anything."""
    lines: list[str] = []
    terms: list[str] = []
    told = True
    for item in element.iter("dt", "dd"):
        text = _text(item, _UNREAD | _LISTS)
        if item.tag == "dt":
            terms = [*([] if told else terms), *filter(None, [text.rstrip(" \u00a0\u202f:")])]
            told = False
        elif text:
            lines.append(f"{', '.join(terms)} : {text}" if terms else text)
            told = True
    return lines


def _is_apart(element: HtmlElement) -> bool:
    """Do headings inside stand over nothing outside? So in a row of boxes, each under its own."""
    if element.tag in _SECTIONING:
        return True
    heads = [_head(child) for child in element] if element.tag == "div" else []
    return len(heads) > 1 and len(set(heads)) == 1 and heads[0] in _HEADINGS


def _head(element: HtmlElement) -> str:
    """The tag of what a wrapper begins with."""
    inside = False
    while element.tag == "div" and len(element) and not (element.text or "").strip():
        element, inside = element[0], True
    return cast(str, element.tag) if inside else ""


def _is_title(element: HtmlElement) -> bool:
    """Is it a line all bold or underlined, as editors without headings write titles?"""
    text = _text(element) if element.tag == "p" else ""
    if not re.search(r"[^\W\d_]{2}", text) or len(text.split()) > _TITLE_WORDS:
        return False
    if text.endswith((".", ";", ",")) or next(element.iter("a", "br", "img"), None) is not None:
        return False
    return bool(text) and _marked(element) == text


def _marked(element: HtmlElement) -> str:
    outer = (
        mark
        for mark in element.iter("b", "strong", "u")
        if next(mark.iterancestors("b", "strong", "u"), None) is None
    )
    return clean(" ".join(_text(mark) for mark in outer))


def _is_linked(block: HtmlElement) -> bool:
    """Is a third of it links? Then it leads elsewhere."""
    linked = sum(len(_text(link)) for link in block.iter("a"))
    return 3 * linked > len(_text(block))


def _is_menu(pieces: Iterable[tuple[HtmlElement, bool, str]]) -> bool:
    """Are these words all links, two or more? Old sites set their menu in a table cell."""
    links = set()
    for element, tail, text in pieces:
        if text.strip():
            holder = element.getparent() if tail else element
            links.add(next(holder.iterancestors("a"), None) if holder.tag != "a" else holder)
    return None not in links and len(links) > 1


def _named(element: HtmlElement) -> str | None:
    return element.get("name") if element.tag == "a" else None


# --- Tables

LAYOUT = 400  # characters: without headers, a longer cell is a column of a page, not a datum


def _rows(table: HtmlElement) -> list[tuple[str, str]]:
    """(the group it stands under or "", « Header : value ; Header : value ») for each data row.

    Empty for a table that lays out: nested tables, headings inside, a single column, long cells
    without headers.
    """
    inside = next(table.iterdescendants("table", *_HEADINGS), None)
    if inside is not None or table.get("role") in ("presentation", "none"):
        return []
    grid = _grid(table)
    width = max(map(len, grid), default=0)
    texts = {cell: _text(cell) for row in grid for cell in row}
    headed = any(cell.tag == "th" for cell in texts)
    if width < 2 or (not headed and max(map(len, texts.values())) > LAYOUT):
        return []
    named = not headed and _names(grid, texts)
    headers, group = [""] * width, ""
    rows: list[tuple[str, str]] = []
    for row in grid:
        first = row is grid[0] and (named or (not headed and _is_bold(row, texts)))
        if _is_header(row, texts) or first:
            if len(row) == width and len(set(row)) == 1:
                group = texts[row[0]]
                continue
            if rows:  # headers again, for what follows
                headers = [""] * width
            for column, cell in enumerate(row):
                header = texts[cell].rstrip(" \u00a0\u202f:")
                known = headers[column]
                headers[column] = f"{known}, {header}" if known and header != known else header
        elif text := _row_text(row, texts, headers):
            rows.append((group, text))
    return rows


def _grid(table: HtmlElement) -> list[list[HtmlElement]]:
    """The rows of a table, a cell that spans several columns or rows standing in each."""
    grid = []
    spanning: dict[int, tuple[HtmlElement, int]] = {}  # column -> cell, rows it still covers
    for line in table.iter("tr"):
        row: list[HtmlElement] = []
        for cell in [*line.iterchildren("td", "th"), None]:
            while len(row) in spanning:
                above, left = spanning.pop(len(row))
                if left > 1:
                    spanning[len(row)] = (above, left - 1)
                row.append(above)
            if cell is None:
                continue
            for _ in range(_span(cell, "colspan")):
                if _span(cell, "rowspan") > 1:
                    spanning[len(row)] = (cell, _span(cell, "rowspan") - 1)
                row.append(cell)
        if row:
            grid.append(row)
    return grid


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "").strip()
    return max(1, min(int(value), 100)) if value.isascii() and value.isdigit() else 1


def _is_header(row: list[HtmlElement], texts: dict[HtmlElement, str]) -> bool:
    filled = [cell for cell in row if texts[cell]]
    return bool(filled) and all(
        cell.tag == "th" or cell.getparent().getparent().tag == "thead" for cell in filled
    )


def _is_bold(row: list[HtmlElement], texts: dict[HtmlElement, str]) -> bool:
    """Are all its words bold? That is how editors without headers make a first row."""
    bold = [clean(" ".join(_text(b) for b in cell.iter("b", "strong"))) for cell in row]
    return any(bold) and bold == [texts[cell] for cell in row]


def _names(grid: list[list[HtmlElement]], texts: dict[HtmlElement, str]) -> bool:
    """Does the first row, which nothing marks, name columns? It has no figure, the others do."""
    first, *rows = grid
    said = [texts[cell] for cell in first]
    if len(rows) < 2 or len(set(said)) < len(said) or not all(said[1:]):
        return False
    figured = (any(re.search(r"\d", texts[cell]) for cell in row[1:]) for row in rows)
    return not any(re.search(r"\d", text) for text in said) and all(figured)


def _row_text(row: list[HtmlElement], texts: dict[HtmlElement, str], headers: list[str]) -> str:
    parts = []
    for cell in dict.fromkeys(cell for cell in row if texts[cell]):
        over = dict.fromkeys(headers[i] for i, other in enumerate(row) if other is cell)
        header = ", ".join(filter(None, over))
        parts.append(f"{header} : {texts[cell]}" if header else texts[cell])
    if row[0].tag == "th" and not any(headers) and len(parts) > 1:
        return f"{parts[0].rstrip(' :')} : {' ; '.join(parts[1:])}"
    return " ; ".join(parts)
