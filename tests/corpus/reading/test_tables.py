"""CSV files: a row a section, nothing lost in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.documents import Document, from_record
from corpus.errors import ParseError, State
from corpus.reading import tables

ABOUT: dict[str, Any] = {
    "id": "liste",
    "title": "Communes du programme",
    "url": None,
    "publisher": "Agence d'essai",
    "licence": "Licence Ouverte 2.0",
    "fetched": "2026-11-22",
    "scope": "national",
}
ROWS: dict[str, Any] = {
    "title": "commune",
    "columns": [["habitants", ""]],
    "sentence": "",
    "where": [],
    "date": "",
    "named": True,
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "liste.csv"


def read(file: Path, content: str | bytes, **rows: Any) -> tuple[Document, list[tuple[str, str]]]:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    parsed = tables.parse(file, rows={**ROWS, **rows}, **ABOUT)
    return from_record(parsed["document"]), parsed["troubles"]


def texts(file: Path, content: str | bytes, **rows: Any) -> list[str]:
    return [section.text for section in read(file, content, **rows)[0].sections]


def test_a_row_is_a_section_under_its_name(file: Path) -> None:
    document, troubles = read(file, "commune,habitants\nValbourg,3 200\nMonteval,1 100\n")
    assert [(s.headings, s.text) for s in document.sections] == [
        (("Communes du programme", "Valbourg"), "commune : Valbourg ; habitants : 3 200."),
        (("Communes du programme", "Monteval"), "commune : Monteval ; habitants : 1 100."),
    ]
    assert {s.form for s in document.sections} == {"named"}
    assert troubles == []


def test_a_row_knows_how_many_there_are_unless_some_say_the_same(file: Path) -> None:
    document, _ = read(file, "commune,habitants\nA,1\nB,2\n")
    assert [section.extents[0].size for section in document.sections] == [2, 2]
    document, _ = read(file, "commune,habitants\nA,1\nB,2\nA,1\n")
    assert [section.extents[0].size for section in document.sections] == [0, 0]


def test_the_file_s_words_are_quoted_and_ours_have_it_behind_them(file: Path) -> None:
    content = "commune,dep,habitants\nValbourg,35,3200\n"
    (section,) = read(file, content)[0].sections
    assert section.spans == ()  # the file's own words
    (section,) = read(
        file,
        content,
        sentence="{commune} ({dep}) est dans le programme.",
        columns=[["habitants", "Population"]],
        date="2021-01-22",
    )[0].sections
    assert section.text == "Valbourg (35) est dans le programme.\nPopulation : 3200."
    said, columns = section.spans
    assert section.text[said.start : said.end] == "Valbourg (35) est dans le programme."
    assert section.text[columns.start : columns.end] == "Population : 3200."
    (source,) = said.sources
    assert (source.publisher, source.title, source.date) == (
        "Agence d'essai",
        "Communes du programme",
        "2021-01-22",
    )


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separators_and_encodings_are_found(file: Path, separator: str, encoding: str) -> None:
    cells = (["commune", "coût"], ["L'Haÿ", "12,5 € ; à peu près"], ["Nœux", "3,5"])
    lines = [separator.join(f'"{cell}"' for cell in row) for row in cells]
    content = "\r\n".join(lines).encode(encoding)
    document, troubles = read(file, content, columns=[["coût", ""]])
    assert [(s.headings[-1], s.text) for s in document.sections] == [
        ("L'Haÿ", "commune : L'Haÿ ; coût : 12,5 € ; à peu près."),
        ("Nœux", "commune : Nœux ; coût : 3,5."),
    ]
    assert troubles == []


def test_decimal_commas_do_not_pass_for_separators(file: Path) -> None:
    content = "commune;habitants\nValbourg;3,2\nMonteval;1,1\nPuy;0,4\n"
    assert texts(file, content) == [
        "commune : Valbourg ; habitants : 3,2.",
        "commune : Monteval ; habitants : 1,1.",
        "commune : Puy ; habitants : 0,4.",
    ]


def test_excel_s_first_line_and_a_title_above_the_columns_are_passed(file: Path) -> None:
    content = "sep=;\nListe au 1er mars;\n;\ncommune;habitants\nValbourg;3200\nX;1;trop\n"
    document, troubles = read(file, content)
    assert [section.text for section in document.sections] == [
        "commune : Valbourg ; habitants : 3200."
    ]
    assert troubles[0][0].startswith("ligne 6 : ")


def test_a_line_break_in_quotes_stays_in_its_cell(file: Path) -> None:
    content = 'commune,habitants\n"Val\nbourg","3200\nenviron"\nX,1,2\n'
    document, troubles = read(file, content)
    assert [(s.headings[-1], s.text) for s in document.sections] == [
        ("Val bourg", "commune : Val bourg ; habitants : 3200 environ.")
    ]
    assert troubles[0][0].startswith("ligne 5 : pas autant de cellules")


def test_uneven_and_nameless_rows_are_said_with_their_lines(file: Path) -> None:
    content = "commune,habitants\nValbourg,3200\nMonteval\n,12\nPuy,1,2\nRoc,5,\nSel,NA\n"
    document, troubles = read(file, content)
    assert [section.headings[-1] for section in document.sections] == ["Valbourg", "Roc"]
    assert [problem for problem, _ in troubles] == [
        "lignes 3 et 5 : pas autant de cellules que de colonnes (2)",
        "ligne 4 : la colonne du titre est vide",
        "ligne 7 : rien à dire, les colonnes sont vides",
    ]


def test_only_the_rows_asked_for_are_read(file: Path) -> None:
    content = "commune,pvd,id\nA,TRUE,1\nB,false,2\nC,true,\n"
    rows: dict[str, Any] = {"columns": [["commune", ""]]}
    where = [["pvd", "true"], ["id", "*"]]
    assert texts(file, content, where=where, **rows) == ["commune : A."]
    with pytest.raises(ParseError) as refused:
        read(file, content, where=[["pvd", "oui"]], **rows)
    assert refused.value.state is State.EMPTY


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2021-03-01", "1er mars 2021"),
        ("2021-03-12 00:00:00", "12 mars 2021"),
        ("02/08/2023", "2 août 2023"),
        ("16-11-2023", "16 novembre 2023"),
        ("2021-13-40", "2021-13-40"),
        ("4e trimestre 2023", "4e trimestre 2023"),
    ],
)
def test_a_sentence_says_dates_in_french(file: Path, written: str, said: str) -> None:
    sentence = "{commune} a signé le {signée le}, code {code:2}."
    content = f"commune,signée le,code\nValbourg,{written},35126\n"
    (text,) = texts(file, content, sentence=sentence, columns=[["signée le", ""]])
    assert text == f"Valbourg a signé le {said}, code 35.\nsignée le : {written}."


def test_a_missing_column_is_refused_with_those_that_are_there(file: Path) -> None:
    with pytest.raises(ParseError) as refused:
        read(file, "lib_com,pop\nA,1\n", sentence="{commune} : {lib_dep}")
    assert "« commune », « habitants », « lib_dep »" in refused.value.problem
    assert "Ses colonnes : « lib_com », « pop »." in refused.value.remedy


def test_a_column_written_twice_is_refused_when_it_is_wanted(file: Path) -> None:
    assert texts(file, "commune,habitants,x,x\nA,1,2,3\n") == ["commune : A ; habitants : 1."]
    with pytest.raises(ParseError, match="écrite deux fois"):
        read(file, "commune,habitants,habitants\nA,1,2\n")


def test_rows_of_one_name_are_said(file: Path) -> None:
    content = "commune,dep,habitants\nSaint-Martin,35,1\nSaint-Martin,56,2\n"
    (problem, remedy) = read(file, content)[1][0]
    assert "« Saint-Martin »" in problem and "{commune} ({département})" in remedy
    document, troubles = read(file, content, title="{commune} ({dep})")
    assert [s.headings[-1] for s in document.sections] == ["Saint-Martin (35)", "Saint-Martin (56)"]
    assert troubles == []


def test_a_row_written_twice_is_one(file: Path) -> None:
    assert texts(file, "commune,habitants\nA,1\nA,1\n") == ["commune : A ; habitants : 1."]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "le fichier est vide"),
        (b"\n;;;\n", "le fichier est vide"),
        (b"PK\x03\x04xl/workbook.xml", "un classeur"),
        (b"%PDF-1.4", "un PDF"),
        (b"<!doctype html><p>Connexion", "une page HTML"),
        (b'{"error": 404}', "du JSON"),
        (b"commune,habitants\nA\0,1\n", "pas du texte"),
        (b'commune,habitants\nA,"1\n' + b"B,2\n" * 60_000, "une cellule n'en finit pas"),
    ],
)
def test_what_is_no_csv_is_refused(file: Path, content: bytes, problem: str) -> None:
    with pytest.raises(ParseError) as refused:
        read(file, content)
    assert problem in refused.value.problem


def test_a_list_over_the_cap_is_cut_and_said(file: Path) -> None:
    lines = "".join(f"v{n},{n}\n" for n in range(tables.MAX_ROWS + 5))
    document, troubles = read(file, f"commune,habitants\n{lines}")
    assert len(document.sections) == tables.MAX_ROWS
    assert troubles[0][0] == "seules les 50000 premières lignes ont été lues"
