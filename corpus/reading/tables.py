"""A CSV file -> Document, a row a section: « Column : value » and, if the catalogue has one, a
sentence of the town's own.

The values are the file's words, cited as a quotation; a sentence, or a column said by another
name, is a summary of ours with the file behind it.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpus.days import written
from corpus.documents import Document, Section, Source, Span
from corpus.errors import ParseError, State
from corpus.reading.layout import extents
from corpus.text import clean

MAX_BYTES = 50_000_000
MAX_ROWS = 50_000  # a list of all the communes of France has 35,000
_LOOKED = 20  # records before which the names of the columns must stand
_TRIED = 300  # records by which the separator is chosen
_CELL = 20_000  # characters: longer, a quotation mark was never closed
_NAMED_LINES = 8  # lines that a report names one by one
# How files write that they have no value.
_NONE = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "nd", "n.d.", "-", "—"})
_FIELD = re.compile(r"\{([^{}:]+)(?::(\d{1,3}))?\}")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ][\d:.Z+-]*)?|(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_SAVE = "Ouvrez-le dans un tableur et enregistrez-le au format CSV (UTF-8)."
_MEND = "Corrigez ces lignes dans le fichier, ou signalez-les à son éditeur."


@dataclass(frozen=True, slots=True)
class _Row:
    """A record under the names of its columns; `line` is where it begins, from 1."""

    line: int
    values: Mapping[str, str]


def parse(path: Path, *, rows: Mapping[str, Any], **about: Any) -> dict[str, Any]:
    """Read a CSV file: {"document", "troubles"}, as JSON. A sandbox's task.

    rows    the catalogue's Rows, as a mapping
    about   id, title, url, publisher, licence, fetched, scope
    """
    text, troubles = _text(path)
    found, more = _rows(path, text, rows)
    troubles += more
    about["title"] = about["title"] or path.stem
    source = Source(
        about["publisher"], about["title"], about["url"], rows["date"], about["licence"]
    )
    sections: dict[Section, int] = {}
    unsaid = []
    for row in found:
        section = _section(row, rows, str(about["title"]), source)
        if section is None:
            unsaid.append(row.line)
        else:
            sections.setdefault(section, row.line)
    if unsaid:
        troubles.append((f"{_lines(unsaid)} : rien à dire, les colonnes sont vides", _MEND))
    if not sections:
        raise ParseError(
            path,
            None,
            "aucune ligne ne répond à ce que demande le catalogue",
            "Vérifiez « where » et « columns » dans [entries.rows].",
            State.EMPTY,
        )
    troubles += _alike(list(sections))
    document = Document(
        kind="csv",
        published="",
        updated=rows["date"],
        language="fr",
        sections=tuple(_counted(sections, len(found))),
        **about,
    )
    return {"document": dataclasses.asdict(document), "troubles": troubles}


# --- From bytes to records


def _text(path: Path) -> tuple[str, list[tuple[str, str]]]:
    """The file's text, and what could not be read of it."""
    if path.stat().st_size > MAX_BYTES:
        problem = f"le fichier dépasse {MAX_BYTES // 1_000_000} Mo"
        raise ParseError(path, None, problem, "Gardez-en les lignes et les colonnes utiles.")
    data = path.read_bytes()
    if not data.strip(b"\0\r\n\t ;,\xef\xbb\xbf"):
        problem = "le fichier est vide"
        raise ParseError(path, None, problem, "Demandez-en une autre copie.", State.EMPTY)
    wrong = {b"PK": "un classeur ou une archive", b"\xd0\xcf\x11\xe0": "un ancien classeur (.xls)"}
    wrong |= {b"%PDF": "un PDF", b"<": "une page HTML ou un fichier XML", b"{": "du JSON"}
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, what in wrong.items():
        if head.startswith(mark):
            raise ParseError(path, None, f"c'est {what}, pas un CSV", _SAVE)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace"), []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Text in another encoding is practically never valid UTF-8; Excel writes Windows-1252.
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise ParseError(path, None, "ce n'est pas du texte", _SAVE)
    lost = [n for n, line in enumerate(text.split("\n"), 1) if "\ufffd" in line]
    if not lost:
        return text, []
    return text, [(f"{_lines(lost)} : des caractères sont illisibles", _MEND)]


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The records and the line each begins on, from 1."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    for record in reader:
        if any(cell.strip() for cell in record):
            yield line, record
        line = reader.line_num + 1


def _separator(text: str) -> str:
    """The one of , ; tab | that parts the most records into as many cells as the first.

    csv.Sniffer mistakes the comma of « 12,5 » or a letter for one.
    """

    def regular(separator: str) -> tuple[float, int]:
        widths = []
        for _, record in _records(text, separator):
            widths.append(len(record))
            if len(widths) == _TRIED:
                break
        width = Counter(widths).most_common(1)[0][0]
        share = widths.count(width) / len(widths)
        return (round(share, 1) if width > 1 else 0.0, width)

    return max(";,\t|", key=regular)


def _rows(
    path: Path, text: str, rows: Mapping[str, Any]
) -> tuple[list[_Row], list[tuple[str, str]]]:
    """The rows that the catalogue wants, and what is wrong with the others."""
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own first line
    start = text.count("\n", 0, told.end()) if told else 0
    text = text[told.end() :] if told else text
    try:
        separator = told[1] if told else _separator(text)
        records = iter(list(_records(text, separator)))
    except (csv.Error, TypeError) as error:
        problem = "une cellule n'en finit pas : un guillemet n'est sans doute pas refermé"
        raise ParseError(path, None, problem, _SAVE) from error
    names = _names(path, records, rows)
    kept: list[_Row] = []
    ragged, nameless = [], []
    cut = False
    for line, record in records:
        line += start
        if max(map(len, record)) > _CELL:
            problem = f"ligne {line} : une cellule n'en finit pas"
            raise ParseError(path, line, problem, "Refermez le guillemet qui y est ouvert.")
        extra = record[len(names) :]
        if len(record) < len(names) or any(cell.strip() for cell in extra):
            ragged.append(line)
            continue
        values = {name: _value(cell) for name, cell in zip(names, record, strict=False) if name}
        if not _wanted(values, rows["where"]):
            continue
        if not _filled(_model(rows["title"]), values):
            nameless.append(line)
        elif len(kept) == MAX_ROWS:
            cut = True
            break
        else:
            kept.append(_Row(line, values))
    troubles = []
    if ragged:
        problem = f"{_lines(ragged)} : pas autant de cellules que de colonnes ({len(names)})"
        troubles.append((problem, _MEND))
    if nameless:
        troubles.append((f"{_lines(nameless)} : la colonne du titre est vide", _MEND))
    if cut:
        remedy = "Gardez-en les lignes utiles, avec « where » ou dans un tableur."
        troubles.append((f"seules les {MAX_ROWS} premières lignes ont été lues", remedy))
    return kept, troubles


def _names(
    path: Path, records: Iterator[tuple[int, list[str]]], rows: Mapping[str, Any]
) -> list[str]:
    """The names of the columns: the first record, near the top, that has all those wanted."""
    wanted = _columns(rows)
    first: list[str] = []
    for (_, record), _ in zip(records, range(_LOOKED), strict=False):
        names = [clean(cell) for cell in record]
        first = first or names
        if wanted <= set(names):
            twice = sorted(name for name in wanted if names.count(name) > 1)
            if twice:
                problem = f"la colonne « {twice[0]} » est écrite deux fois"
                remedy = "Donnez à chaque colonne son nom dans le fichier."
                raise ParseError(path, None, problem, remedy)
            return names
    missing = ", ".join(f"« {name} »" for name in sorted(wanted - set(first)))
    there = ", ".join(f"« {name} »" for name in first if name)[:600]
    raise ParseError(
        path,
        None,
        f"le fichier n'a pas de colonne {missing}",
        f"Corrigez [entries.rows] du catalogue. Ses colonnes : {there}.",
    )


def _columns(rows: Mapping[str, Any]) -> set[str]:
    """All the columns that the catalogue names."""
    models = f"{_model(rows['title'])} {rows['sentence']}"
    pairs = [*rows["columns"], *rows["where"]]
    return {*_fields(models), *(name for name, _ in pairs)}


def _model(title: str) -> str:
    """« lib_com » and « {lib_com} ({lib_dep}) » are both ways to name a row."""
    return title if "{" in title else f"{{{title}}}"


def _value(cell: str) -> str:
    value = clean(cell)
    return "" if value.casefold() in _NONE else value


def _wanted(values: Mapping[str, str], where: Sequence[tuple[str, str]]) -> bool:
    """Whether a row has the values asked for; « * » is any value."""
    return all(
        bool(values[name]) if value == "*" else values[name].casefold() == value.casefold()
        for name, value in where
    )


# --- From records to sections


def _section(row: _Row, rows: Mapping[str, Any], title: str, source: Source) -> Section | None:
    """What a row says; None when all its columns are empty."""
    said = []
    spans = []
    if rows["sentence"] and _filled(rows["sentence"], row.values):
        sentence = clean(_fill(rows["sentence"], row.values))
        said.append(sentence)
        spans.append(Span(0, len(sentence), (), (source,)))
    cells = [(label or name, row.values[name]) for name, label in rows["columns"]]
    if any(value for _, value in cells) and not said:
        # What names a row is said with it, or nobody would know whose « 4 500 € » they are.
        told = {name for name, _ in rows["columns"]}
        naming = [name for name in _fields(_model(rows["title"])) if name not in told]
        cells = [*((name, row.values[name]) for name in naming), *cells]
    if line := " ; ".join(f"{label} : {value}" for label, value in cells if value):
        line += "" if line.endswith((".", "!", "?", "…")) else "."
        start = sum(len(text) + 1 for text in said)
        said.append(line)
        if any(label and label != name for name, label in rows["columns"]):
            spans.append(Span(start, start + len(line), (), (source,)))  # our words, its values
    if not said:
        return None
    return Section(
        headings=(title, clean(_fill(_model(rows["title"]), row.values))),
        text="\n".join(said),
        spans=tuple(spans),
        form="named" if rows["named"] else "row",
    )


def _fields(model: str) -> list[str]:
    """The columns that a model names, in order, each once."""
    return list(dict.fromkeys(found[1].strip() for found in _FIELD.finditer(model)))


def _counted(sections: Mapping[Section, int], rows: int) -> Iterator[Section]:
    """The rows, each knowing how many there are; not where two of them say the same."""
    size = len(sections) if len(sections) == rows else 0
    for section in sections:
        yield dataclasses.replace(section, extents=extents.extent(section.text, size))


def _filled(model: str, values: Mapping[str, str]) -> bool:
    """Whether every column of a model has a value."""
    return all(values[name] for name in _fields(model))


def _fill(model: str, values: Mapping[str, str]) -> str:
    """A model with its columns' values: {name}, or {name:2} for its first two characters."""

    def told(found: re.Match[str]) -> str:
        value = values[found[1].strip()]
        return value[: int(found[2])] if found[2] else _said(value)

    return _FIELD.sub(told, model)


def _said(value: str) -> str:
    """A value as a sentence says it: « 2021-03-01 » and « 01/03/2021 » are « 1er mars 2021 »."""
    found = _DAY.fullmatch(value)
    if found is None:
        return value
    year, month, day = (
        (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    )
    try:
        told = date(int(year), int(month), int(day))
    except ValueError:
        return value
    return written(told.isoformat())


def _alike(sections: Sequence[Section]) -> list[tuple[str, str]]:
    """What to do about rows of one name: nobody could tell them apart."""
    times = Counter(section.headings[-1] for section in sections)
    names = [name for name, count in times.items() if count > 1]
    if not names:
        return []
    some = ", ".join(f"« {name} »" for name in names[:5])
    remedy = "Distinguez-les dans « title », par exemple « {commune} ({département}) »."
    return [(f"{len(names)} titres sont ceux de plusieurs lignes, dont {some}", remedy)]


def _lines(numbers: Sequence[int]) -> str:
    """« ligne 3 », « lignes 3, 5 et 8 », « 40 lignes, dont 3, 5 et 8 »."""
    if len(numbers) == 1:
        return f"ligne {numbers[0]}"
    shown = numbers[:_NAMED_LINES]
    told = f"{', '.join(map(str, shown[:-1]))} et {shown[-1]}"
    return f"lignes {told}" if shown == numbers else f"{len(numbers)} lignes, dont {told}"
