from pathlib import Path

import pytest

from corpus import fiches
from corpus.documents import Document, Fact, Source
from corpus.errors import ParseError

ANCT = Source("ANCT", "Les communes", "https://anct.example", "2020")
VILLE = Source("Ville", "Le marché", None, "2021")
FACTS = {
    number: Fact(number, "", "2020", False, False, sources)
    for number, sources in {"12": (ANCT,), "13": (VILLE,), "A1": (VILLE, ANCT)}.items()
}

# Seven lines: the text of a fiche starts on the eighth.
FRONT = """\
---
title: "Le marché"
publisher: Assistant PVD
date: 2026-11-22
licence: Licence Ouverte 2.0
scope: local
---
"""
FAQ = FRONT.replace("scope:", "kind: faq\nscope:")
SOURCED = FRONT.replace(
    "scope:", "sources:\n  - publisher: Ville\n    title: Le marché\n    date: 2021\nscope:"
)


def read(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "marche.md"
    path.write_text(text, encoding="utf-8")
    return fiches.read(path, FACTS)


def marked(document: Document) -> list[list[tuple[str, tuple[str, ...]]]]:
    """The words and the facts of each span, a list a section."""
    return [
        [(section.text[span.start : span.end], span.facts) for span in section.spans]
        for section in document.sections
    ]


def test_the_front_matter_makes_the_document(tmp_path: Path) -> None:
    front = FRONT.replace("scope:", "id: halles\nlanguage: br\nreview: 2027-01-31\nscope:")
    document = read(tmp_path, front + "# Le marché\n\nIl est le samedi. {12}\n")
    assert (document.id, document.kind, document.title) == ("halles", "fiche", "Le marché")
    assert (document.publisher, document.licence) == ("Assistant PVD", "Licence Ouverte 2.0")
    assert (document.updated, document.review) == ("2026-11-22", "2027-01-31")
    assert (document.language, document.scope, document.url) == ("br", "local", None)


def test_a_fiche_is_called_by_its_file_and_is_french_unless_it_says_otherwise(
    tmp_path: Path,
) -> None:
    document = read(tmp_path, FRONT + "Il est le samedi. {12}\n")
    assert (document.id, document.language, document.review) == ("marche", "fr", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un. {12}", [("Un.", ("12",))]),
        ("Un. {12} Deux. {13, A1}", [("Un.", ("12",)), ("Deux.", ("13", "A1"))]),
        ("Un, {12} puis deux. {13}", [("Un,", ("12",)), ("puis deux.", ("13",))]),
        ("Un. { 12 ,A1 }\nDeux. {13}", [("Un.", ("12", "A1")), ("Deux.", ("13",))]),
        ("Un {12}. Deux {13}.", [("Un.", ("12",)), ("Deux.", ("13",))]),  # stop after the marker
        ("« Un {12}\u00a0» ; deux {13} !", [("« Un\u00a0» ;", ("12",)), ("deux !", ("13",))]),
        ("Un{12}", [("Un", ("12",))]),
        ("**Un** [deux](https://x.example) `3`. {12}", [("Un deux 3.", ("12",))]),
        ("« Un\u00a0» : 1\u202f646. {12}", [("« Un\u00a0» : 1\u202f646.", ("12",))]),
    ],
)
def test_a_marker_covers_exactly_the_words_before_it(
    tmp_path: Path, text: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    document = read(tmp_path, FRONT + text + "\n")
    assert marked(document) == [expected]
    assert document.sections[0].text == " ".join(words for words, _ in expected)


def test_a_span_names_the_sources_of_its_facts_once(tmp_path: Path) -> None:
    document = read(tmp_path, FRONT + "Un. {12, A1}\n")
    assert document.sections[0].spans[0].sources == (ANCT, VILLE)


def test_words_without_a_marker_have_the_sources_of_the_front_matter(tmp_path: Path) -> None:
    document = read(tmp_path, SOURCED + "Un. {12} Deux.\n")
    assert marked(document) == [[("Un.", ("12",)), ("Deux.", ())]]
    assert document.sections[0].spans[1].sources == (VILLE,)


def test_a_list_is_one_section_and_its_spans_leave_the_dashes_out(tmp_path: Path) -> None:
    document = read(tmp_path, FRONT + "On vend : {12}\n\n- des œufs ; {12}\n- du miel. {13}\n")
    assert [section.form for section in document.sections] == ["prose", "list"]
    assert document.sections[1].text == "- des œufs ;\n- du miel."
    assert marked(document)[1] == [("des œufs ;", ("12",)), ("du miel.", ("13",))]


def test_two_lists_are_two_sections(tmp_path: Path) -> None:
    document = read(tmp_path, FRONT + "- a {12}\n\nPuis {12}\n\n1. b {12}\n   - c {12}\n")
    assert [section.text for section in document.sections] == ["- a", "Puis", "- b\n- c"]


def test_a_table_row_is_said_with_its_headers(tmp_path: Path) -> None:
    table = "| Année | Communes | Note |\n|--|--|--|\n"
    rows = "| 2020 {12} | 881 {13} | |\n| 2026 | | Oui. {12} |\n"
    document = read(tmp_path, FRONT + table + rows)
    assert [section.form for section in document.sections] == ["row", "row"]
    assert marked(document) == [
        [("Année : 2020 ; Communes : 881.", ("12", "13"))],
        [("Année : 2026 ; Note : Oui.", ("12",))],
    ]


def test_the_headings_go_from_the_title_down(tmp_path: Path) -> None:
    body = (
        "# Le marché\n\nIntro {12}\n\n## Jours\n\nA {12}\n\n### Hiver\n\nB {12}\n\n"
        "## Prix\n\nC {12}\n\n#### Bio\n\nD {12}\n\n#### Miel\n\nE {12}\n"
    )
    document = read(tmp_path, FRONT + body)
    assert [(section.text, section.headings[1:]) for section in document.sections] == [
        ("Intro", ()),
        ("A", ("Jours",)),
        ("B", ("Jours", "Hiver")),
        ("C", ("Prix",)),
        ("D", ("Prix", "Bio")),  # a level skipped is no parent
        ("E", ("Prix", "Miel")),
    ]
    assert {section.headings[0] for section in document.sections} == {"Le marché"}


def test_a_question_keeps_all_of_its_answer(tmp_path: Path) -> None:
    body = "## Quand ?\n\nLe samedi. {12}\n\n- sous la halle {13}\n\n## Où ?\n\nIci. {A1}\n"
    document = read(tmp_path, FAQ + body)
    assert [(section.form, section.text) for section in document.sections] == [
        ("question", "Le samedi.\n- sous la halle"),
        ("question", "Ici."),
    ]
    assert marked(document)[0] == [("Le samedi.", ("12",)), ("sous la halle", ("13",))]


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "marche.md"
    text = "\ufeff" + (FRONT + "Un. {12}\n").replace("\n", "\r\n")
    path.write_bytes(text.encode())
    assert marked(fiches.read(path, FACTS)) == [[("Un.", ("12",))]]


@pytest.mark.parametrize(
    ("text", "line", "problem", "remedy"),
    [
        ("Un. {12}\n", 1, "l'en-tête", "Commencez la fiche"),
        ("---\ntitle: Le marché\n\nUn. {12}\n", 1, "l'en-tête", "Commencez la fiche"),
        (FRONT.replace("date: 2026-11-22", "date: [2026"), 5, "illisible", "clé: valeur"),
        (FRONT.replace('"Le marché"', "Le marché : jours"), 2, "illisible", "entre guillemets"),
        (FRONT.replace("2026-11-22", "2026-13-22"), 1, "illisible", "clé: valeur"),
        ("---\nun mot\n---\nUn. {12}\n", 1, "aucune clé", "title"),
        (
            FRONT.replace("licence: Licence Ouverte 2.0\n", ""),
            1,
            "« licence » manque",
            "licence: …",
        ),
        (FRONT.replace("scope: local", "scope:"), 1, "« scope » manque", "scope: …"),
        (FRONT.replace("scope", "langue: fr\nscope"), 6, "« langue » est inconnue", "language"),
        (FRONT.replace("scope", "tre : x\nscope"), 6, "« tre » est inconnue", "title"),
        (FRONT.replace("scope", "kind: page\nscope"), 1, "kind: page", "fiche, faq, glossaire"),
        (FRONT.replace("scope", "sources: Ville\nscope"), 1, "n'est pas une liste", "publisher"),
        (SOURCED.replace("    title: Le marché\n", ""), 1, "ou de titre", "publisher"),
        (SOURCED.replace("date: 2021", "nature: privé"), 1, "nature: privé", "officiel"),
        (FRONT + "\nUn. {99, 12}\n", 9, "le fait 99 n'existe pas", "facts.jsonl"),
        (FRONT + "| A |\n|---|\n| x {12} |\n| y {98} |\n", 11, "le fait 98", "facts.jsonl"),
        (FRONT + "Un. {12}\n\nDeux. {12, B3}\n", 10, "accolade est mal placée", "{12, A3}"),
        (FRONT + "Un {deux}. {12}\n", 8, "accolade est mal placée", "{12, A3}"),
        (FRONT + "Un. {12\n", 8, "accolade est mal placée", "{12, A3}"),
        (FRONT + "## Jours {12}\n\nUn. {12}\n", 8, "un titre contient une accolade", "Retirez"),
        (FRONT + "{12} Un. {12}\n", 8, "ne suit aucun mot", "après la phrase"),
        (FRONT + "Un. {12} {13}\n", 8, "ne suit aucun mot", "après la phrase"),
        (FRONT + "Un. {12}\n\nDeux.\n", 10, "« Deux. » n'est appuyé sur aucun fait", "{12}"),
        (FRONT + "Un. {12} Deux.\n", 8, "« Deux. » n'est appuyé sur aucun fait", "{12}"),
        (FRONT + "Un. {12}\n\n<div>Deux</div>\n", 10, "du HTML", "titres, paragraphes"),
        (FRONT + "Un. {12}\n\n```\ncode\n```\n", 10, "du HTML ou du code", "titres, paragraphes"),
        (FRONT + "Un <b>deux</b>. {12}\n", 8, "du HTML ou une image", "Retirez-le"),
        (FRONT + "![Un](un.png) {12}\n", 8, "du HTML ou une image", "Retirez-le"),
        (FRONT + "\n# Les halles\n\nUn. {12}\n", 9, "titre « # »", "le même titre"),
        (FRONT, None, "aucun paragraphe", "Écrivez son texte"),
        (FRONT + "# Le marché\n\n## Jours\n", None, "aucun paragraphe", "Écrivez son texte"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(
    tmp_path: Path, text: str, line: int | None, problem: str, remedy: str
) -> None:
    with pytest.raises(ParseError, match=problem) as caught:
        read(tmp_path, text)
    assert caught.value.line == line
    assert remedy in caught.value.remedy
    where = tmp_path / "marche.md"
    assert str(caught.value).startswith(f"{where}:{line} : " if line else f"{where} : ")
    assert str(caught.value).endswith(caught.value.remedy)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "marche.md"
    path.write_bytes((FRONT + "Un été. {12}\n").encode("latin-1"))
    with pytest.raises(ParseError, match="n'est pas du texte UTF-8") as caught:
        fiches.read(path, FACTS)
    assert (caught.value.line, caught.value.remedy) == (None, "Enregistrez-le en UTF-8.")
