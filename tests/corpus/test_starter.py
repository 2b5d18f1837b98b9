"""The corpus that ships: every word behind a fact, every fact said, every figure its facts' own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import STARTER
from corpus import catalogue as catalogues
from corpus.catalogue import Catalogue
from corpus.documents import Document, Fact, Span, read_facts
from corpus.reading import entries
from index.chunking import MAX_WORDS, MIN_WORDS, chunk
from index.french.analysis import fold
from index.generation import glossary

FACTS = STARTER.parent / "facts.jsonl"
DOSSIER = Path(__file__).parents[3] / "shared" / "dossier" / "dossier.md"
OFFICIAL = DOSSIER.with_name("official.jsonl")

# What may end a span of prose; a cell of a table needs nothing.
_ENDS = (".", "!", "?", "…", "»", ":", ";", ")")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return catalogues.load(STARTER)


@pytest.fixture(scope="module")
def fiches(catalogue: Catalogue) -> list[Document]:
    return entries.read(catalogue)


@pytest.fixture(scope="module")
def facts() -> dict[str, Fact]:
    return read_facts(FACTS)


def spans(document: Document) -> Iterator[tuple[str, Span, str]]:
    """Each span of a fiche: its words, itself, and the form of its section."""
    for section in document.sections:
        for span in section.spans:
            yield section.text[span.start : span.end], span, section.form


def figures(text: str) -> set[str]:
    """The numbers, percentages and years of a text, « 1 646 » whole: {"1646", "7,5"}."""
    text = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))", "", text)
    return set(re.findall(r"\d+(?:[.,]\d+)?", text))


def told(fact: Fact) -> str:
    """All that a fact says, where a figure of its sentence may come from."""
    named = (f"{source.publisher} {source.title} {source.date}" for source in fact.sources)
    return " ".join((fact.statement, fact.date, *named))


def test_figures_are_read_whole() -> None:
    assert figures("1 646 communes, 7,5 %, en 2020 (L. 303-2)") == {
        "1646",
        "7,5",
        "2020",
        "303",
        "2",
    }


def test_there_are_425_facts_and_what_was_not_found(facts: Mapping[str, Fact]) -> None:
    assert list(facts) == [str(n) for n in range(1, 426)] + [f"A{n}" for n in range(1, 16)]
    absent = {number for number, fact in facts.items() if fact.absence and number[0] == "A"}
    assert absent == {f"A{n}" for n in (*range(1, 10), *range(13, 16))}  # A10 to A12 were found


def test_every_fact_is_said(fiches: list[Document], facts: Mapping[str, Fact]) -> None:
    said = {fact for fiche in fiches for section in fiche.sections for fact in section.facts}
    assert [number for number in facts if number not in said] == []


def test_every_word_has_a_source_behind_it(fiches: list[Document]) -> None:
    bare = [
        (fiche.id, section.text[:60])
        for fiche in fiches
        for section in fiche.sections
        if not section.spans or not all(span.facts or span.sources for span in section.spans)
    ]
    assert bare == []


def test_every_figure_is_one_of_its_facts(
    fiches: list[Document], facts: Mapping[str, Fact]
) -> None:
    strange = [
        (fiche.id, span.facts, figure, words[:80])
        for fiche in fiches
        for words, span, _ in spans(fiche)
        if span.facts
        for figure in figures(words) - figures(" ".join(told(facts[n]) for n in span.facts))
    ]
    assert strange == []


def test_every_sentence_ends(fiches: list[Document]) -> None:
    endless = [
        (fiche.id, words[-60:])
        for fiche in fiches
        for words, _, form in spans(fiche)
        if form != "row" and not words.rstrip().endswith(_ENDS)
    ]
    assert endless == []


def test_national_fiches_name_no_town(fiches: list[Document], catalogue: Catalogue) -> None:
    community = catalogue.town.intercommunality
    acronyms = glossary([passage for fiche in fiches for passage in chunk(fiche)])
    names = [catalogue.town.name, community] + [
        acronym for acronym, meaning in acronyms.items() if meaning == fold(community)
    ]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, map(fold, names)))})\b")
    naming = [
        (fiche.id, section.headings[-1])
        for fiche in fiches
        if fiche.scope == "national"
        for section in fiche.sections
        if pattern.search(fold(" ".join((*section.headings, section.text))))
    ]
    assert len(names) == 3  # « VHBC » is among them
    assert naming == []


def test_scope_is_the_folder_of_the_fiche(fiches: list[Document]) -> None:
    scopes = {path.stem: path.parent.name for path in STARTER.parent.glob("*/*.md")}
    expected = {"national": "national", "guichen": "local"}
    assert {f.id: f.scope for f in fiches} == {id: expected[at] for id, at in scopes.items()}


def test_prose_makes_passages_of_a_readable_length(fiches: list[Document]) -> None:
    long_or_short = [
        (passage.id, len(passage.text.split()))
        for fiche in fiches
        for passage in chunk(fiche)
        if passage.form == "prose" and not MIN_WORDS <= len(passage.text.split()) <= MAX_WORDS
    ]
    assert long_or_short == []


def dossier() -> tuple[str, str]:
    """The facts of the dossier, and what it did not find; skips where it is not at hand."""
    if not DOSSIER.is_file():
        pytest.skip(f"{DOSSIER} is not here: the facts cannot be compared with their dossier")
    found, _, missing = DOSSIER.read_text(encoding="utf-8").partition(
        "## Ce qui n'a pas été trouvé"
    )
    return found, missing


_ENTRY = re.compile(
    r"^\*\*(?P<number>\d+)\.\*\* (?:\[(?P<tag>[^\]]+)\] )?(?P<statement>.+?)\s*\n"
    r"\s+\*Source\(s\) :\* (?P<sources>.+?) · \*Date :\* (?P<date>.+)$",
    re.MULTILINE,
)


def official() -> dict[str, dict[str, Any]]:
    """What was found of each fact in official publications, by its number in the dossier."""
    if not OFFICIAL.is_file():
        pytest.skip(f"{OFFICIAL} is not here: the facts cannot be compared with it")
    records = map(json.loads, OFFICIAL.read_text(encoding="utf-8").splitlines())
    return {record["fact"]: record for record in records if record["statement"]}


def written(record: Mapping[str, Any]) -> str:
    """All the words of what was found, where a figure of the fact may come from."""
    sources = " ".join(f"{s['publisher']} {s['title']} {s['seen_in']}" for s in record["sources"])
    return f"{record['statement']} {record.get('note', '')} {record['date']} {sources}"


def test_facts_are_those_of_the_dossier_as_official_publications_correct_it(
    facts: Mapping[str, Fact],
) -> None:
    entries = {entry["number"]: entry for entry in _ENTRY.finditer(dossier()[0])}
    found = official()
    assert set(entries) <= set(facts)
    for number, entry in entries.items():
        fact = facts[number]
        assert (fact.deduction, fact.absence) == (
            entry["tag"] == "déduction",
            entry["tag"] == "constat d'absence",
        )
        if number not in found:
            assert (fact.statement, fact.date) == (entry["statement"], entry["date"])
            continue
        told_before = f"{entry['statement']} {entry['sources']}"
        known = figures(f"{told_before} {written(found[number])}")
        assert figures(fact.statement) <= known, number


def test_new_facts_are_those_that_were_added(facts: Mapping[str, Fact]) -> None:
    added = [record for record in official().values() if record["verdict"] == "added"]
    for number in map(str, range(413, 426)):
        behind = [
            record
            for record in added
            if {source.title for source in facts[number].sources}
            == {source["title"] for source in record["sources"]}
            and figures(facts[number].statement) <= figures(written(record))
        ]
        assert behind, number


def test_sources_are_those_of_the_dossier_or_official(facts: Mapping[str, Fact]) -> None:
    entries = {entry["number"]: entry["sources"] for entry in _ENTRY.finditer(dossier()[0])}
    places = {s["url"] for record in official().values() for s in record["sources"] if s["url"]}
    for number, fact in facts.items():
        for source in fact.sources:
            url = source.url or ""
            assert url in entries.get(number, "") or url in places, (number, url)


def test_official_sources_come_first(facts: Mapping[str, Fact]) -> None:
    for number, fact in facts.items():
        natures = [source.nature != "officiel" for source in fact.sources]
        assert natures == sorted(natures), number


def test_absences_are_those_of_the_dossier(facts: Mapping[str, Fact]) -> None:
    missing = re.findall(r"^- (.+)$", dossier()[1], re.MULTILINE)
    assert [facts[f"A{n}"].statement for n in range(1, 10)] == missing[:9]
