"""Publications as read: who says it, what it says, and where in it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from corpus.errors import ParseError
from corpus.structure import Amendment, Convention

if TYPE_CHECKING:
    from pydantic import TypeAdapter

# By authority: of two that disagree the first prevails, and is named first; those that are not
# official say what they are (assistant.messages). « officiel » is a town's, or an agency's.
NATURES = (
    "loi",
    "État",
    "officiel",
    "association",
    "presse",
    "reprise",
    "encyclopédie",
    "commercial",
    "recherche",
)

KINDS = ("fiche", "faq", "glossaire", "page", "pdf", "docx", "odt", "csv")
FICHES = ("fiche", "faq", "glossaire")  # kinds we wrote: cited as summaries, never as quotations

SHOWN = ("page", "pdf")  # kinds that a browser shows at the very place; the others it downloads


@dataclass(frozen=True, slots=True)
class Source:
    """Who says it.

    `url` is None when the publication has no address, or only its site's: it is named, never
    linked. `date` is the date of the information as the source gives it, "" when it gives none.
    `nature` is one of NATURES.
    """

    publisher: str
    title: str
    url: str | None
    date: str
    licence: str = ""
    nature: str = "officiel"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch `text[start:end]` of a section or passage, with the facts it states."""

    start: int
    end: int
    facts: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """A stretch `text[start:end]` that is of a list or a table, and how many points or rows that
    has whole, as its reader counted them: 0 where none can tell."""

    start: int
    end: int
    size: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A line that OCR read, as it stands in a text, and how surely (0..1)."""

    words: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Under:
    """From `start` on, a text stands under these headings."""

    start: int
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One paragraph, list, table row, question or glossary entry, under its headings.

    `headings` goes from the document's title down. `page` is the sheet of the file, from 1, None
    outside a PDF; `printed` the number that stands on it, "iv" or "12", None for none or unknown.
    `confidence` is that of a scan read by OCR (0..1), None for text that was never scanned, and
    `seen` that of each of its lines. `composed`: its lines that stand in none of the page as they
    are here, as that of a table's row: a browser would not find them.
    `extents` say which words are of a list or a table, and how long it is. `spans` say which facts
    and sources stand behind which words; empty for a publication, which is its own source, but for
    what the catalogue has us say of a row. `form` is "prose", "list", "row", "question", "entry",
    or "named": a row that answers those who name it.

    Of a convention (corpus.conventions): `part` is where it stands (« article 5 », « fiche 3 »),
    `fields` what it gives of it (parts.FIELDS), `amends` what these words of an avenant
    change, `superseded` the avenants that changed them, the first signed first.
    """

    headings: tuple[str, ...]
    text: str
    anchor: str | None = None
    page: int | None = None
    confidence: float | None = None
    spans: tuple[Span, ...] = ()
    form: str = "prose"
    printed: str | None = None
    part: str = ""
    fields: tuple[str, ...] = ()
    amends: Amendment | None = None
    superseded: tuple[Amendment, ...] = ()
    extents: tuple[Extent, ...] = ()
    seen: tuple[Seen, ...] = ()
    composed: tuple[str, ...] = ()
    under: tuple[Under, ...] = ()

    def headings_at(self, place: int) -> tuple[str, ...]:
        """The headings that stand over the word at this place of the text."""
        return next((u.headings for u in reversed(self.under) if u.start <= place), self.headings)

    @property
    def facts(self) -> tuple[str, ...]:
        """The numbers of the facts this section states, each once, in order."""
        return tuple(dict.fromkeys(fact for span in self.spans for fact in span.facts))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The publications behind this section, each once, in order."""
        return tuple(dict.fromkeys(source for span in self.spans for source in span.sources))


@dataclass(frozen=True, slots=True)
class Document:
    """One publication as read, or one fiche of ours. Dates are ISO, "" when unknown.

    `withheld` says how the paragraphs begin that spoke to the assistant: `sections` has none.
    `convention` is what it is made of when it is a convention or an avenant, and `amends` the id of
    the convention that an avenant changes. `nature` is one of NATURES; `replaces` the id of the
    document that this one replaces whole, as the catalogue says. `file` is the SHA-256 of the PDF
    that was read: its pages are shown beside the index only while it is this very file.
    """

    id: str
    kind: str
    url: str | None
    title: str
    publisher: str
    licence: str
    published: str
    updated: str
    fetched: str
    language: str
    scope: str
    sections: tuple[Section, ...]
    review: str = ""
    withheld: tuple[str, ...] = ()
    convention: Convention | None = None
    amends: str = ""
    nature: str = "officiel"
    replaces: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One sourced statement of the dossier. An absence is what was looked for and not found.

    Its date is that of its sources, but for a source that has its own.
    """

    number: str
    statement: str
    date: str
    deduction: bool
    absence: bool
    sources: tuple[Source, ...]


def from_record(record: Mapping[str, Any]) -> Document:
    """A document out of what dataclasses.asdict made of it.

    A child that parses strangers' files sends such records: each value is checked. Raises
    ValueError.
    """
    return _reader().validate_python(record)


@cache
def _reader() -> TypeAdapter[Document]:
    from pydantic import TypeAdapter  # 0.1 s that a child of the sandbox need not wait for

    return TypeAdapter(Document)


def read_facts(path: Path) -> dict[str, Fact]:
    """The facts by number ("1", "A1"…), in the order of the file.

    Raises ParseError, with the line, for a fact that cannot be read or a number given twice.
    """
    facts: dict[str, Fact] = {}
    for line, record in enumerate(path.read_bytes().split(b"\n"), 1):
        if not record.strip():
            continue
        try:
            fact = _fact(json.loads(record))
        except (ValueError, KeyError, TypeError) as error:
            raise ParseError(
                path,
                line,
                "ce fait est illisible",
                "Écrivez-le sur une seule ligne, avec les mêmes clés que ses voisins.",
            ) from error
        if fact.number in facts:
            raise ParseError(
                path, line, f"le fait {fact.number} est écrit deux fois", "Changez son numéro."
            )
        facts[fact.number] = fact
    return facts


def _fact(record: Mapping[str, Any]) -> Fact:
    return Fact(
        number=record["number"],
        statement=record["statement"],
        date=record["date"],
        deduction=record["deduction"],
        absence=record["absence"],
        sources=tuple(
            Source(
                publisher=source["publisher"],
                title=source["title"],
                url=page_address(source["url"]),
                date=source.get("date", record["date"]),
                nature=source["nature"],
            )
            for source in record["sources"]
        ),
    )


def page_address(url: str | None) -> str | None:
    """The address of a page; None for that of a whole site, which shows nothing of what is said."""
    parts = urlsplit(url or "")
    return url if parts.path.strip("/") or parts.query or parts.fragment else None


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def write_lines(path: Path, records: Iterable[Any]) -> None:
    """Write dataclasses or mappings as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            if dataclasses.is_dataclass(record) and not isinstance(record, type):
                record = dataclasses.asdict(record)
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
