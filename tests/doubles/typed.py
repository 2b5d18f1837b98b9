"""DOCX and ODT files of our own making, written by other programs than those that read them.

python-docx and odfdo write the ordinary parts; what they have no word for is added as XML.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
import odfdo
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

ABOUT: dict[str, Any] = {
    "title": None,
    "id": "essai",
    "kind": "docx",
    "url": None,
    "publisher": "Ville d'essai",
    "licence": "",
    "fetched": "2026-11-22",
    "scope": "local",
}
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_V = "urn:schemas-microsoft-com:vml"


def word(path: Path, write: Callable[[Any], None]) -> Path:
    """A DOCX file that `write` fills in."""
    document = docx.Document()
    write(document)
    document.save(str(path))
    return path


def xml(text: str) -> Any:
    """A Word element, « w: » and the drawings' namespaces known."""
    spaces = f'{nsdecls("w")} xmlns:wp="{_WP}" xmlns:wps="{_WPS}" xmlns:mc="{_MC}" xmlns:v="{_V}"'
    return parse_xml(re.sub(r"^<[\w:]+", lambda tag: f"{tag[0]} {spaces}", text))


def add(document: Any, text: str) -> None:
    """Add a paragraph or a table, written as XML, at the end of a Word document."""
    document.element.body.insert_element_before(xml(text), "w:sectPr")


def table(document: Any, rows: Sequence[Sequence[str]], style: str = "Table Grid") -> Any:
    """Add a table of these texts."""
    made = document.add_table(len(rows), len(rows[0]))
    made.style = style
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return made


def writer(path: Path, body: str, *, automatic: str = "", styles: str = "") -> Path:
    """An ODT file with this content (OpenDocument XML), its own styles and the shared ones."""
    document = odfdo.Document("text")
    document.body.clear()
    for element in odfdo.Element.from_tag(f"<text:section>{body}</text:section>").children:
        document.body.append(element)
    own: Any = document.get_part("content.xml")
    shared: Any = document.get_part("styles.xml")
    for text, holder in (
        (automatic, own.get_element("//office:automatic-styles")),
        (styles, shared.get_element("//office:styles")),
    ):
        for element in odfdo.Element.from_tag(f"<text:section>{text}</text:section>").children:
            holder.append(element)
    document.save(str(path))
    return path


def rezip(path: Path, changed: dict[str, bytes | None], to: Path | None = None) -> Path:
    """The same file with some parts changed, added, or (None) left out."""
    with zipfile.ZipFile(path) as file:
        parts: dict[str, bytes | None] = {name: file.read(name) for name in file.namelist()}
    to = to or path
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {**parts, **changed}.items():
            if data is not None:
                file.writestr(name, data)
    return to


def part(path: Path, name: str) -> bytes:
    """A part of a file."""
    with zipfile.ZipFile(path) as file:
        return file.read(name)
