import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from corpus.documents import (
    Document,
    Fact,
    Section,
    Source,
    Span,
    from_record,
    read_facts,
    read_lines,
    write_lines,
)
from corpus.errors import ParseError
from corpus.structure import Amendment, Convention, Field, Part, Signatory

ANCT = Source("ANCT", "Les communes", "https://anct.example", "2020")
VILLE = Source("Ville", "Le marché", None, "2021")


def record(number: str = "7", **changes: Any) -> dict[str, Any]:
    source = {"publisher": "ANCT", "title": "Les communes", "url": None, "nature": "presse"}
    return {
        "number": number,
        "statement": "1 646 communes.",
        "date": "2020-2025",
        "deduction": False,
        "absence": True,
        "sources": [source],
    } | changes


def test_a_section_names_each_fact_and_source_once_in_order() -> None:
    spans = (Span(0, 2, ("2", "1"), (ANCT,)), Span(3, 5, ("1", "A1"), (VILLE, ANCT)))
    section = Section(("Titre",), "ab cd", spans=spans)
    assert section.facts == ("2", "1", "A1")
    assert section.sources == (ANCT, VILLE)


CHANGE = Amendment("a1", "avenant n° 1", "2026-05-12", "modifié", "fiche 3", ("budget",))
CONVENTION = Document(
    *("ort", "pdf", None, "Convention", "Ville", "", "", "2021-03-01", "2026-11-22", "fr", "local"),
    sections=(
        Section(("Convention", "Fiche 3"), "Budget : 4 €", page=7, printed="iv", confidence=0.9),
        Section(("Convention",), "ab cd", spans=(Span(0, 2, ("2",), (ANCT,)),), form="row"),
        Section(("Convention",), "ef", part="fiche 3", fields=("budget",), superseded=(CHANGE,)),
        Section(("Convention",), "gh", amends=CHANGE),
    ),
    withheld=("Ignore",),
    convention=Convention(
        "convention",
        parts=(Part("fiche", "3", "Halles", 7, (Field("budget", "Budget", "4 €", 0),)),),
        signatories=(Signatory("la Ville", "le maire"),),
        changes=(CHANGE,),
    ),
)


def test_a_document_comes_back_from_its_record() -> None:
    assert from_record(json.loads(json.dumps(dataclasses.asdict(CONVENTION)))) == CONVENTION


def test_a_record_with_a_wrong_value_is_refused() -> None:
    sent = json.loads(json.dumps(dataclasses.asdict(CONVENTION)))
    sent["sections"][0]["headings"] = "Convention"
    with pytest.raises(ValueError, match="headings"):
        from_record(sent)


def test_a_fact_gives_its_date_to_its_sources(tmp_path: Path) -> None:
    write_lines(tmp_path / "facts.jsonl", [record("7"), record("A1", sources=[])])
    facts = read_facts(tmp_path / "facts.jsonl")
    source = Source("ANCT", "Les communes", None, "2020-2025", nature="presse")
    assert list(facts) == ["7", "A1"]
    assert facts["7"] == Fact("7", "1 646 communes.", "2020-2025", False, True, (source,))
    assert facts["A1"].sources == ()


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ('{"number": "8", ', "illisible"),
        ('{"number": "8"}', "illisible"),
        ("[8]", "illisible"),
        ('{"statement": "caf\\udce9"}', "illisible"),  # a lone byte of Latin-1
        (json.dumps(record("7")), "le fait 7 est écrit deux fois"),
    ],
)
def test_a_bad_fact_is_named_by_its_line(tmp_path: Path, bad: str, problem: str) -> None:
    path = tmp_path / "facts.jsonl"
    # an empty line counts: the editor's numbers are what the reader sees
    path.write_bytes(f"{json.dumps(record('7'))}\n\n{bad}\n".encode(errors="surrogateescape"))
    with pytest.raises(ParseError) as caught:
        read_facts(path)
    assert caught.value.line == 3
    assert problem in str(caught.value)
    assert caught.value.remedy in str(caught.value)


def test_lines_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    write_lines(path, [VILLE, {"é": ["« oui »\u2028", 1]}])
    written = path.read_text(encoding="utf-8")
    path.write_text(written + "\n  \n", encoding="utf-8")
    assert list(read_lines(path)) == [
        {
            "publisher": "Ville",
            "title": "Le marché",
            "url": None,
            "date": "2021",
            "licence": "",
            "nature": "officiel",
        },
        {"é": ["« oui »\u2028", 1]},
    ]
    assert "« oui »" in written  # readable without a tool
