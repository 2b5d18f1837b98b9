"""Hostile, damaged and misnamed DOCX and ODT files: refused in French, and nothing happens."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typed import ABOUT, part, rezip, word, writer, xml

from corpus.errors import State
from corpus.sandbox.parent import Done, Failed, Limits, Sandbox

MAIN = "word/document.xml"
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(seconds=20.0)) as opened:
        yield opened


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return word(tmp_path / "bon.docx", lambda document: document.add_paragraph("Un texte."))


@pytest.fixture
def good_odt(tmp_path: Path) -> Path:
    return writer(tmp_path / "bon.odt", "<text:p>Un texte.</text:p>")


def read(sandbox: Sandbox, path: Path) -> Done | Failed:
    return sandbox.run("corpus.reading.office.files:parse", path, **ABOUT)


def refused(sandbox: Sandbox, path: Path) -> Failed:
    done = read(sandbox, path)
    assert isinstance(done, Failed), done
    assert done.remedy.endswith(".")
    return done


def texts(sandbox: Sandbox, path: Path) -> list[str]:
    done = read(sandbox, path)
    assert isinstance(done, Done), done
    return [section["text"] for section in done.value["document"]["sections"]]


def zipped(entries: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "state", "problem"),
    [
        (b"", State.EMPTY, "le fichier est vide"),
        (b"\0" * 4096, State.EMPTY, "le fichier est vide"),
        (b"<!DOCTYPE html><html><body>Bonjour</body></html>", State.REFUSED, "une page HTML"),
        (b"%PDF-1.7\n", State.REFUSED, "c'est un PDF"),
        (b"{\\rtf1 Bonjour}", State.REFUSED, "un fichier RTF"),
        (b"Bonjour", State.REFUSED, "ce n'est ni un DOCX ni un ODT"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, State.REFUSED, "Word (.doc)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 2,
            State.REFUSED,
            "mot de passe",
        ),
        (b"PK\x03\x04" + b"abc" * 50, State.REFUSED, "incomplet ou abîmé"),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), State.REFUSED, "pas un texte Word"),
        (zipped({"lisezmoi.txt": b"Bonjour"}), State.REFUSED, "pas un texte Word"),
        (
            zipped(
                {
                    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                    "content.xml": b"<a/>",
                }
            ),
            State.REFUSED,
            "pas un texte (ODT)",
        ),
    ],
)
def test_what_is_no_such_file_is_refused_by_its_name(
    sandbox: Sandbox, tmp_path: Path, content: bytes, state: State, problem: str
) -> None:
    path = tmp_path / "convention.docx"
    path.write_bytes(content)
    said = refused(sandbox, path)
    assert said.state is state and problem in said.problem


def test_a_file_cut_short_is_refused(sandbox: Sandbox, good: Path) -> None:
    good.write_bytes(good.read_bytes()[:-500])
    assert "incomplet ou abîmé" in refused(sandbox, good).problem


def test_a_damaged_part_is_refused(sandbox: Sandbox, good: Path, good_odt: Path) -> None:
    rezip(good, {MAIN: b"<w:document>"})
    assert f"« {MAIN} » est abîmée" in refused(sandbox, good).problem
    data = bytearray(good_odt.read_bytes())
    with zipfile.ZipFile(good_odt) as file:
        at = file.getinfo("content.xml").header_offset
    data[at + 60 : at + 90] = b"\xff" * 30
    good_odt.write_bytes(data)
    assert "« content.xml » est abîmée" in refused(sandbox, good_odt).problem


def test_a_file_without_text_is_said_empty(sandbox: Sandbox, tmp_path: Path) -> None:
    said = refused(sandbox, word(tmp_path / "image.docx", lambda document: None))
    assert said.state is State.EMPTY and "recopiez-le dans une fiche" in said.remedy


def test_a_bomb_is_refused_before_it_is_inflated(sandbox: Sandbox, good: Path) -> None:
    bomb = part(good, MAIN).replace(b"Un texte.", b"a" * 30_000_000)
    rezip(good, {MAIN: bomb})
    assert good.stat().st_size < 100_000
    assert "est comprimée" in refused(sandbox, good).problem


def test_a_bomb_that_lies_about_its_size_is_cut_off(sandbox: Sandbox, good: Path) -> None:
    rezip(good, {MAIN: b"<a>" + b" " * 60_000_000 + b"</a>"})
    data = good.read_bytes()
    true, false = struct.pack("<I", 60_000_007), struct.pack("<I", 1_000)
    assert data.count(true) == 2
    good.write_bytes(data.replace(true, false))
    assert "abîmée" in refused(sandbox, good).problem


def test_a_part_over_the_cap_is_refused(sandbox: Sandbox, good: Path) -> None:
    with zipfile.ZipFile(good, "a", zipfile.ZIP_STORED) as file:
        file.writestr("word/theme/theme9.xml", b" " * 40_000_001)
    assert "dépasse 40 Mo" in refused(sandbox, good).problem


def test_many_files_in_one_are_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "foule.docx"
    path.write_bytes(zipped({f"{n}.xml": b"" for n in range(10_000)}))
    assert "plus de 5000 fichiers" in refused(sandbox, path).problem


def test_what_lies_in_a_file_is_never_opened(sandbox: Sandbox, good: Path) -> None:
    nested = zipped({"a.zip": zipped({"b": b"\0" * 50_000_000})})
    rezip(good, {"word/embeddings/a.docx": good.read_bytes(), "word/media/a.zip": nested})
    assert texts(sandbox, good) == ["Un texte."]


def test_a_lying_total_is_refused(sandbox: Sandbox, good: Path) -> None:
    rezip(good, {f"word/media/{n}.bin": b"\0" * 9_999_999 for n in range(2)})
    true, false = struct.pack("<I", 9_999_999), struct.pack("<I", 3_000_000_000)
    good.write_bytes(good.read_bytes().replace(true, false))
    assert "dépasserait 1000 Mo" in refused(sandbox, good).problem


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "trap", [LAUGHS, '<!DOCTYPE a [<!ENTITY d SYSTEM "file:///etc/hostname">]>']
)
def test_entities_are_refused_unread(
    sandbox: Sandbox, good: Path, good_odt: Path, trap: str, encoding: str
) -> None:
    for path, name in ((good, MAIN), (good_odt, "content.xml")):
        text = part(path, name).decode()
        _, _, bare = text.partition("?>")
        told = f'<?xml version="1.0" encoding="{encoding}"?>{trap}'
        changed = told + bare.replace("Un texte.", "Un texte &d;.")
        rezip(path, {name: changed.encode(encoding)})
        assert "un type de document" in refused(sandbox, path).problem


def test_nothing_outside_is_fetched(sandbox: Sandbox, good: Path) -> None:
    name = "word/_rels/document.xml.rels"
    outside = "".join(
        f'<Relationship Id="x{n}" Type="{_TYPE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        for n, (kind, target, mode) in enumerate(
            [
                ("footnotes", "http://127.0.0.1:9/notes.xml", "External"),
                ("endnotes", "../../../../etc/hostname", "Internal"),
                ("attachedTemplate", "file:///etc/hostname", "External"),
            ]
        )
    )
    relations = part(good, name).replace(b"</Relationships>", f"{outside}</Relationships>".encode())
    rezip(good, {name: relations})
    assert texts(sandbox, good) == ["Un texte."]


def test_macros_are_neither_run_nor_read(sandbox: Sandbox, good: Path) -> None:
    kind = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = part(good, "[Content_Types].xml").replace(plain, kind)
    rezip(good, {"[Content_Types].xml": types, "word/vbaProject.bin": b"Sub AutoOpen()"})
    assert texts(sandbox, good) == ["Un texte."]


def test_a_file_under_a_password_is_refused(sandbox: Sandbox, good: Path, good_odt: Path) -> None:
    manifest = part(good_odt, "META-INF/manifest.xml").replace(
        b"</manifest:manifest>",
        b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
        b"</manifest:file-entry></manifest:manifest>",
    )
    rezip(good_odt, {"META-INF/manifest.xml": manifest})
    assert "mot de passe" in refused(sandbox, good_odt).problem
    data = bytearray(good.read_bytes())
    at = data.index(b"PK\x01\x02")
    while at >= 0:  # the flag of every entry in the list at the end of the file
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    good.write_bytes(data)
    assert "mot de passe" in refused(sandbox, good).problem


def test_a_style_that_stands_on_itself_and_a_list_that_is_not_there_do_no_harm(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    def write(document: Any) -> None:
        one, other = document.styles["Quote"], document.styles["Caption"]
        one.base_style, other.base_style = other, one
        line = document.add_paragraph("Un texte.", style="Quote")
        told = '<w:numPr><w:ilvl w:val="99999999999"/><w:numId w:val="77"/></w:numPr>'
        line._p.get_or_add_pPr().append(xml(told))

    assert texts(sandbox, word(tmp_path / "boucle.docx", write)) == ["Un texte."]


def test_a_cell_as_wide_as_the_sea_takes_no_room(sandbox: Sandbox, good_odt: Path) -> None:
    body = (
        "<table:table><table:table-row>"
        '<table:table-cell table:number-columns-repeated="999999"><text:p>a</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-spanned="999999"><text:p>Un texte large.</text:p>'
        "</table:table-cell></table:table-row></table:table>"
        '<text:p>Un<text:s text:c="999999999"/>texte.</text:p>'
    )
    writer(good_odt, body)
    assert "Un texte." in texts(sandbox, good_odt)


def test_tables_in_tables_without_end_cost_one_file_only(
    sandbox: Sandbox, good_odt: Path, good: Path
) -> None:
    open_, close = (
        "<table:table><table:table-row><table:table-cell>",
        ("</table:table-cell></table:table-row></table:table>"),
    )
    writer(good_odt, f"{open_ * 60}<text:p>Au fond.</text:p>{close * 60}")
    read(sandbox, good_odt)
    assert texts(sandbox, good) == ["Un texte."]
