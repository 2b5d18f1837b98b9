"""What a publication of each kind is on the wire: its media types, its first bytes, its suffix."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.errors import FetchError

# Servers that do not know a file call it so: its first bytes then say what it is.
_UNKNOWN = frozenset(
    "application/octet-stream binary/octet-stream application/force-download application/zip "
    "application/x-zip-compressed application/x-download application/download".split()
) | {""}
_HEAD = 1024  # bytes: a PDF may start with a few of another program


@dataclass(frozen=True, slots=True)
class Kind:
    """`most` is the bytes that a copy may weigh; `mark` stands in its first bytes, b"" for none."""

    name: str
    said: str
    suffix: str
    media: frozenset[str]
    mark: bytes
    most: int


_ZIP = b"PK\x03\x04"
_OPEN = "application/vnd.o"
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "page",
            "une page",
            ".html",
            frozenset({"text/html", "application/xhtml+xml"}),
            b"",
            5_000_000,  # corpus.reading.html.pages reads no more
        ),
        Kind(
            "pdf",
            "un PDF",
            ".pdf",
            frozenset({"application/pdf", "application/x-pdf"}),
            b"%PDF-",
            100_000_000,
        ),
        Kind(
            "docx",
            "un document Word (.docx)",
            ".docx",
            frozenset({f"{_OPEN}penxmlformats-officedocument.wordprocessingml.document"}),
            _ZIP,
            100_000_000,
        ),
        Kind(
            "odt",
            "un document OpenDocument (.odt)",
            ".odt",
            frozenset({f"{_OPEN}asis.opendocument.text"}),
            _ZIP,
            100_000_000,
        ),
        Kind(
            "csv",
            "un tableau CSV",
            ".csv",
            frozenset(
                {
                    "text/csv",
                    "application/csv",
                    "text/plain",
                    "text/tab-separated-values",
                    "application/vnd.ms-excel",
                }
            ),
            b"",
            100_000_000,
        ),
    )
}


def recognise(file: Path, media: str, wanted: list[Kind]) -> Kind:
    """Which of the kinds wanted a file is, by what the server says and by its first bytes.

    Raises FetchError for another: often an error page, or one that asks who you are.
    """
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    for kind in wanted:
        if media not in kind.media and (media not in _UNKNOWN):
            continue
        if kind.mark in head and (kind.mark or _fits(kind, head)):
            return kind
    said = " ou ".join(kind.said for kind in wanted)
    sent = f"« {media} »" if media else "autre chose"
    if not head:
        sent = "un fichier vide"
    elif any(media in kind.media for kind in wanted):
        sent += ", et son contenu est autre chose"
    raise FetchError(
        f"le site envoie {sent} au lieu de : {said}",
        "Ouvrez l'adresse dans un navigateur : elle mène peut-être à une erreur, à un formulaire, "
        "ou à un autre genre de document (« kind »).",
    )


def _fits(kind: Kind, head: bytes) -> bool:
    """Whether text looks like the kind, for those without a mark of their own."""
    if kind.name == "page":
        return b"<" in head and not head.startswith(b"%PDF-")
    return bool(head) and b"\0" not in head and not head.lstrip().startswith(b"<")
