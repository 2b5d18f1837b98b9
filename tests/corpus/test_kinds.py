from pathlib import Path

import pytest

from corpus.errors import FetchError
from corpus.kinds import KINDS, recognise

PDF, ZIP, HTML = b"%PDF-1.7\n", b"PK\x03\x04\x14", b"<!doctype html><p>Halle"


@pytest.mark.parametrize(
    ("kind", "media", "content"),
    [
        ("page", "text/html", HTML),
        ("page", "application/xhtml+xml", b'<?xml version="1.0"?><html>'),
        ("page", "", HTML),
        ("pdf", "application/pdf", b"\n\n" + PDF),
        ("pdf", "application/octet-stream", PDF),
        ("docx", "application/zip", ZIP),
        ("odt", "application/vnd.oasis.opendocument.text", ZIP),
        ("csv", "text/csv", b"commune;insee\n"),
        ("csv", "text/plain", "commune;été\n".encode("cp1252")),
        ("csv", "application/vnd.ms-excel", b"commune;insee\n"),
    ],
)
def test_a_file_is_what_the_server_and_its_first_bytes_say(
    tmp_path: Path, kind: str, media: str, content: bytes
) -> None:
    (tmp_path / "a").write_bytes(content)
    assert recognise(tmp_path / "a", media, [KINDS[kind]]).name == kind


@pytest.mark.parametrize(
    ("kind", "media", "content"),
    [
        ("pdf", "text/html", HTML),  # an error page
        ("pdf", "application/pdf", HTML),
        ("pdf", "image/png", PDF),
        ("page", "application/pdf", PDF),
        ("page", "text/html", PDF),
        ("page", "text/html", b""),
        ("page", "image/png", b"\x89PNG"),
        ("csv", "text/html", HTML),
        ("csv", "text/plain", HTML),
        ("csv", "text/csv", b"PK\x03\x04\0\0"),
        ("csv", "", b""),
        ("docx", "application/pdf", PDF),
        ("odt", "application/octet-stream", PDF),
    ],
)
def test_another_thing_is_refused(tmp_path: Path, kind: str, media: str, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(FetchError, match="au lieu de") as caught:
        recognise(tmp_path / "a", media, [KINDS[kind]])
    assert not caught.value.passing


def test_a_section_takes_pages_and_pdfs(tmp_path: Path) -> None:
    wanted = [KINDS["page"], KINDS["pdf"]]
    for content, suffix in ((HTML, ".html"), (PDF, ".pdf")):
        (tmp_path / "a").write_bytes(content)
        assert recognise(tmp_path / "a", "", wanted).suffix == suffix
