"""A DOCX or ODT file is a ZIP of XML: opened with care, nothing unpacked, nothing followed.

What a file claims is checked before any of it is inflated, and again while it is: a few bytes may
stand for gigabytes, and XML may ask for other files.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from lxml import etree

from corpus.errors import ParseError, State

MAX_BYTES = 100_000_000  # a convention full of photographs has 50 million
MAX_ENTRIES = 5_000  # a text with 1,000 pictures has 1,100
MAX_TOTAL = 1_000_000_000  # of all entries, pictures too, which are never inflated
MAX_PART = 40_000_000  # of one XML part: 3,000 pages; its tree takes eight times as much memory
MAX_RATIO = 200  # the XML of a table of 50,000 cells is compressed 60 times
_SMALL = 1_000_000  # under that, no ratio does harm

_REPAIR = "Ouvrez-le dans son logiciel et enregistrez-le à nouveau, ou demandez-en une autre copie."
AGAIN = "Enregistrez-le au format DOCX, ODT ou PDF, et indiquez ce fichier-là."
LOCKED = (
    "le fichier est protégé par un mot de passe",
    "Retirez le mot de passe, puis enregistrez-le à nouveau.",
)
_BOMB = "Ce n'est sans doute pas un document : vérifiez d'où il vient avant de l'ouvrir."

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# What stands at the head of files that are given a wrong name.
_HEADS = {
    b"%PDF": "un PDF",
    b"{\\rtf": "un fichier RTF",
    b"<": "une page HTML ou un fichier XML",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"7z\xbc\xaf": "une archive 7z",
    b"Rar!": "une archive RAR",
}


class Archive:
    """The parts of an opened file; they are inflated one by one, as they are asked for."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self.path = path
        self._file = file
        self.names = frozenset(file.namelist())

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part, None when the file has none of that name."""
        data = self.bytes(name)
        if data is None:
            return None
        # Neither format has a document type: only a trap has one. In UTF-16, seen after parsing.
        if b"<!DOCTYPE" in data:
            _refuse_type(self.path)
        parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            problem = f"sa partie « {name} » est abîmée"
            raise ParseError(self.path, None, problem, _REPAIR) from error
        if root.getroottree().docinfo.internalDTD is not None:
            _refuse_type(self.path)
        return root

    def bytes(self, name: str) -> bytes | None:
        """A part inflated, None when the file has none of that name."""
        try:
            info = self._file.getinfo(name)
        except KeyError:
            return None
        if info.flag_bits & 0x1:
            raise ParseError(self.path, None, *LOCKED)
        try:
            with self._file.open(info) as part:
                data = part.read(MAX_PART + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
            problem = f"sa partie « {name} » est abîmée"
            raise ParseError(self.path, None, problem, _REPAIR) from error
        if len(data) > MAX_PART:
            _refuse_size(self.path, name)
        return data


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A file that is a sound ZIP of a reasonable size. Raises ParseError for any other."""
    _check_head(path)
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, struct.error) as error:
        raise ParseError(path, None, "le fichier est incomplet ou abîmé", _REPAIR) from error
    with file:
        _check_entries(path, file)
        yield Archive(path, file)


def _check_head(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(512)
        if not head.strip(b"\0"):
            problem = "le fichier est vide"
            raise ParseError(path, None, problem, "Demandez-en une autre copie.", State.EMPTY)
        if size > MAX_BYTES:
            raise ParseError(
                path,
                None,
                f"le fichier pèse {size / 1e6:.0f} Mo, au-delà des {MAX_BYTES // 1_000_000} admis",
                "Allégez ses images, ou découpez-le.",
            )
        if head.startswith(_OLE):
            if _ENCRYPTED in head + file.read(4_000_000):
                raise ParseError(path, None, *LOCKED)
            raise ParseError(path, None, "c'est un ancien fichier Word (.doc)", AGAIN)
        if not head.startswith(b"PK"):
            bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
            what = next((said for mark, said in _HEADS.items() if bare.startswith(mark)), None)
            problem = f"c'est {what}" if what else "ce n'est ni un DOCX ni un ODT"
            raise ParseError(path, None, problem, AGAIN)
        file.seek(max(size - 65_557, 0))
        end = file.read()
    # The list of entries is read whole by zipfile: its length is looked at first.
    found = end.rfind(b"PK\x05\x06")
    if found >= 0 and len(end) >= found + 22:
        entries, length = struct.unpack_from("<HI", end, found + 10)
        if entries > MAX_ENTRIES or length > 1_000 * MAX_ENTRIES:
            _refuse_entries(path)


def _check_entries(path: Path, file: zipfile.ZipFile) -> None:
    entries = file.infolist()
    if len(entries) > MAX_ENTRIES:
        _refuse_entries(path)
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        problem = f"déplié, il dépasserait {MAX_TOTAL // 1_000_000} Mo"
        raise ParseError(path, None, problem, _BOMB)
    for entry in entries:
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        if entry.file_size > MAX_PART:
            _refuse_size(path, entry.filename)
        if entry.file_size > max(_SMALL, MAX_RATIO * entry.compress_size):
            times = entry.file_size // max(entry.compress_size, 1)
            problem = f"sa partie « {entry.filename} » est comprimée {times} fois"
            raise ParseError(path, None, problem, _BOMB)


def _refuse_entries(path: Path) -> NoReturn:
    raise ParseError(path, None, f"il contient plus de {MAX_ENTRIES} fichiers", _BOMB)


def _refuse_size(path: Path, name: str) -> NoReturn:
    problem = f"sa partie « {name} » dépasse {MAX_PART // 1_000_000} Mo"
    raise ParseError(path, None, problem, "Découpez ce document.")


def _refuse_type(path: Path) -> NoReturn:
    problem = "il déclare un type de document, ce qu'aucun traitement de texte n'écrit"
    raise ParseError(path, None, problem, _BOMB)
