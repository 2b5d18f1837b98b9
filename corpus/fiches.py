"""Markdown fiche -> Document: our own words, each sentence naming the facts it states.

A marker such as `{12}` or `{12, A3}` names the facts stated by the words before it, from the
previous marker of the paragraph on. A fiche whose front matter lists `sources` may leave a
paragraph without markers: those sources stand behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.documents import FICHES, NATURES, Document, Extent, Fact, Section, Source, Span
from corpus.errors import ParseError
from corpus.text import clean

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_MARKER = re.compile(r"\s*\{\s*(A?\d+(?:\s*,\s*A?\d+)*)\s*\}")
# « … en 2020 {12}. » is read as « … en 2020. {12} »: the full stop belongs to the sentence.
_BEFORE_STOP = re.compile(rf"({_MARKER.pattern})((?:\s*[.,;:!?…»)])+)")
# What looks like a marker and is none: a letter, an empty pair, a stray brace.
_BRACE = re.compile(r"[{}]")

_REQUIRED = ("title", "publisher", "date", "licence", "scope")
_OPTIONAL = ("id", "kind", "language", "sources", "review")
_FORMS = {"faq": "question", "glossaire": "entry"}  # one section a heading


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, list item or table row as it stands in the file."""

    headings: tuple[str, ...]
    text: str
    line: int
    form: str
    group: int  # items of one list share theirs, and the rows of one table
    item: int = 0  # of those opened so far, which this one is; 0 for one inside another


def read(path: Path, facts: Mapping[str, Fact]) -> Document:
    """Read one fiche.

    Raises ParseError, with the line and the remedy, when the front matter or a marker is wrong,
    or a paragraph has nothing behind it.
    """
    try:
        raw = path.read_text(encoding="utf-8-sig")  # Windows editors put a mark first
    except UnicodeDecodeError as error:
        raise ParseError(
            path, None, "ce fichier n'est pas du texte UTF-8", "Enregistrez-le en UTF-8."
        ) from error
    front, body, offset = _front_matter(path, raw)
    kind = str(front.get("kind", "fiche"))
    if kind not in FICHES:
        raise ParseError(
            path, 1, f"« kind: {kind} » est inconnu", f"Écrivez l'un de : {', '.join(FICHES)}."
        )
    title = clean(str(front["title"]))
    sources = _front_sources(path, front)
    sections = tuple(
        _sections(path, list(_blocks(path, body, offset, title)), kind, facts, sources)
    )
    if not sections:
        raise ParseError(
            path, None, "cette fiche n'a aucun paragraphe", "Écrivez son texte ou retirez-la."
        )
    return Document(
        id=str(front.get("id", path.stem)),
        kind=kind,
        url=None,
        title=title,
        publisher=str(front["publisher"]),
        licence=str(front["licence"]),
        published="",
        updated=str(front["date"]),
        fetched="",
        language=str(front.get("language", "fr")),
        scope=str(front["scope"]),
        sections=sections,
        review=str(front.get("review", "")),
    )


def _front_matter(path: Path, raw: str) -> tuple[dict[str, Any], str, int]:
    """The front matter, the text under it, and how many lines it takes."""
    found = _FRONT.match(raw)
    if found is None:
        raise ParseError(
            path, 1, "l'en-tête entre deux lignes « --- » manque", "Commencez la fiche par lui."
        )
    try:
        front = yaml.safe_load(found.group(1))
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2026-13-01
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 1
        raise ParseError(
            path,
            line,
            "cette ligne de l'en-tête est illisible",
            "Écrivez « clé: valeur », et entre guillemets une valeur qui contient « : ».",
        ) from error
    if not isinstance(front, dict):
        raise ParseError(
            path, 1, "l'en-tête ne contient aucune clé", f"Il lui faut {', '.join(_REQUIRED)}."
        )
    for key in _REQUIRED:
        if not front.get(key):
            raise ParseError(
                path, 1, f"la clé « {key} » manque dans l'en-tête", f"Ajoutez « {key}: … »."
            )
    for key in front:
        if key not in _REQUIRED + _OPTIONAL:
            written = re.search(rf"^[\"']?{re.escape(str(key))}[\"']?\s*:", raw, re.MULTILINE)
            raise ParseError(
                path,
                1 + raw[: written.start()].count("\n") if written else 1,
                f"la clé « {key} » est inconnue",
                f"Clés admises : {', '.join(_REQUIRED + _OPTIONAL)}.",
            )
    return front, raw[found.end() :], raw[: found.end()].count("\n")


def _front_sources(path: Path, front: Mapping[str, Any]) -> tuple[Source, ...]:
    """The publications that the front matter lists, for paragraphs without markers."""
    listed = front.get("sources") or []
    remedy = (
        "Écrivez « sources: » puis, pour chacune, « - publisher: … », « title: … », « url: … »."
    )
    if not isinstance(listed, list):
        raise ParseError(path, 1, "« sources » n'est pas une liste", remedy)
    sources = []
    for entry in listed:
        if not isinstance(entry, dict) or not entry.get("publisher") or not entry.get("title"):
            raise ParseError(path, 1, "une source n'a pas d'éditeur ou de titre", remedy)
        nature = str(entry.get("nature", "officiel"))
        if nature not in NATURES:
            raise ParseError(
                path,
                1,
                f"« nature: {nature} » est inconnu",
                f"Écrivez l'un de : {', '.join(NATURES)}.",
            )
        url = entry.get("url")
        sources.append(
            Source(
                publisher=str(entry["publisher"]),
                title=str(entry["title"]),
                url=str(url) if url else None,
                date=str(entry.get("date") or front["date"]),
                licence=str(entry.get("licence", "")),
                nature=nature,
            )
        )
    return tuple(sources)


def _blocks(path: Path, body: str, offset: int, title: str) -> Iterator[_Block]:
    """Paragraphs, list items and table rows in reading order, under their headings."""
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    outline = [(1, title)]  # the levels and texts of the headings one is under
    header: list[str] = []
    row: list[str] = []
    group = table = opened = 0
    depth = 0  # of lists
    cell = heading = level = row_line = 0
    for position, token in enumerate(tokens):
        line = offset + (token.map[0] + 1 if token.map else 0)
        match token.type:
            case "heading_open":
                heading, level = 1, int(token.tag[1:])
            case "heading_close":
                heading = 0
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
                group = position if depth == 1 else group
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                opened += 1
            case "thead_open":
                header, table = [], position
            case "tr_open":
                row, row_line = [], line
            case "td_open" | "th_open":
                cell = 1
            case "td_close" | "th_close":
                cell = 0
            case "thead_close":
                header = row
            case "tr_close":
                if header:
                    yield _Block(_texts(outline), _row(header, row), row_line, "row", table)
            case "inline":
                text = clean(_plain(path, token, line))
                if heading:
                    if level == 1 and text != title:
                        raise ParseError(
                            path,
                            line,
                            "le titre « # » n'est pas celui de l'en-tête",
                            "Écrivez deux fois le même titre.",
                        )
                    if _BRACE.search(text):
                        raise ParseError(
                            path, line, "un titre contient une accolade", "Retirez-la du titre."
                        )
                    outline = [*(above for above in outline if above[0] < level), (level, text)]
                elif cell:
                    row.append(text)
                elif depth:
                    item = opened if depth == 1 else 0
                    yield _Block(_texts(outline), text, line, "list", group, item)
                else:
                    yield _Block(_texts(outline), text, line, "prose", position)
            case "table_close":
                header = []
            case "html_block" | "fence" | "code_block":
                raise ParseError(
                    path,
                    line,
                    "du HTML ou du code se trouve dans la fiche",
                    "Une fiche n'a que titres, paragraphes, listes et tableaux.",
                )
            case _:
                pass


def _texts(outline: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(text for _, text in outline)


def _plain(path: Path, token: Token, line: int) -> str:
    """The words of an inline token, without the signs of emphasis and links."""
    words = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type in ("html_inline", "image"):
            raise ParseError(
                path, line, "du HTML ou une image se trouve dans la fiche", "Retirez-le."
            )
    return "".join(words)


def _row(header: list[str], cells: list[str]) -> str:
    """A table row said with its headers; the markers of its cells gathered at the end."""
    said, markers = [], []
    for name, cell in zip(header, cells, strict=False):
        markers += _MARKER.findall(cell)
        cell = _MARKER.sub("", cell)
        if cell:
            said.append(f"{name} : {cell}")
    text = " ; ".join(said)
    text += "" if text.endswith((".", "!", "?", "…")) else "."
    return text + (f" {{{', '.join(markers)}}}" if markers else "")


def _sections(
    path: Path,
    blocks: list[_Block],
    kind: str,
    facts: Mapping[str, Fact],
    sources: tuple[Source, ...],
) -> Iterator[Section]:
    """Sections out of blocks: a paragraph each, a list together, a question with its answer."""
    gathered: list[list[_Block]] = []
    for block in blocks:
        last = gathered[-1][-1] if gathered else None
        together = last is not None and (
            block.headings == last.headings
            if kind in _FORMS
            else block.form != "row" and (block.form, block.group) == (last.form, last.group)
        )
        if together:
            gathered[-1].append(block)
        else:
            gathered.append([block])
    sizes = _sizes(blocks)
    for members in gathered:
        text = ""
        spans: list[Span] = []
        extents: dict[tuple[str, int], Extent] = {}
        for block in members:
            words, marked = _marked(path, block, facts, sources)
            prefix = ("\n" if text else "") + ("- " if block.form == "list" else "")
            start = len(text) + len(prefix)
            text += prefix + words
            if block.form != "prose":
                key = (block.form, block.group)
                first = extents.pop(key).start if key in extents and key[0] == "list" else start
                extents[key] = Extent(first, len(text), sizes[key])
            spans += [Span(s.start + start, s.end + start, s.facts, s.sources) for s in marked]
        form = _FORMS.get(kind, members[0].form)
        told = tuple(extents.values())
        yield Section(members[0].headings, text, spans=tuple(spans), form=form, extents=told)


def _sizes(blocks: list[_Block]) -> dict[tuple[str, int], int]:
    """How many points each list has, and rows each table; 0 for points inside points."""
    found: dict[tuple[str, int], list[_Block]] = {}
    for block in blocks:
        found.setdefault((block.form, block.group), []).append(block)
    return {
        (form, group): len(members)
        if form == "row" or len({block.item for block in members} - {0}) == len(members)
        else 0
        for (form, group), members in found.items()
    }


def _marked(
    path: Path, block: _Block, facts: Mapping[str, Fact], sources: tuple[Source, ...]
) -> tuple[str, list[Span]]:
    """The words of a block without its markers, and the spans these cover."""
    if _BRACE.search(_MARKER.sub("", block.text)):
        raise ParseError(
            path, block.line, "une accolade est mal placée", "Un repère s'écrit {12} ou {12, A3}."
        )
    source = _BEFORE_STOP.sub(r"\3\1", block.text)
    text = ""
    spans = []
    position = 0
    for marker in _MARKER.finditer(source):
        words = source[position : marker.start()]
        position = marker.end()
        numbers = tuple(number.strip() for number in marker.group(1).split(","))
        unknown = [number for number in numbers if number not in facts]
        if unknown:
            raise ParseError(
                path,
                block.line,
                f"le fait {', '.join(unknown)} n'existe pas",
                "Corrigez le numéro, ou ajoutez le fait à facts.jsonl.",
            )
        start = len(text) + (len(words) - len(words.lstrip()))
        text += words
        if not text[start:].strip():
            raise ParseError(
                path, block.line, "un repère ne suit aucun mot", "Placez-le après la phrase."
            )
        behind = tuple(dict.fromkeys(s for number in numbers for s in facts[number].sources))
        spans.append(Span(start, len(text), numbers, behind))
    rest = source[position:]
    if rest.strip():
        if not sources:
            raise ParseError(
                path,
                block.line,
                f"« {rest.strip()[:60]} » n'est appuyé sur aucun fait ni aucune source",
                "Ajoutez le numéro du fait entre accolades, comme {12}, ou des « sources » "
                "dans l'en-tête.",
            )
        start = len(text) + (len(rest) - len(rest.lstrip()))
        text += rest
        spans.append(Span(start, len(text), (), sources))
    return text, spans
