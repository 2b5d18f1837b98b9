"""Which paragraphs are headings, and which stands under which."""

from __future__ import annotations

import pytest

from corpus.reading.layout.headings import Heading, Judge
from corpus.reading.layout.lines import Line
from corpus.reading.layout.paragraphs import Paragraph, Print
from corpus.reading.layout.sheets import Word

PRINT = Print(body=10.0, lead=1.2)


def paragraph(
    text: str, size: float = 10.0, *, bold: bool = False, scan: float | None = None, page: int = 1
) -> Paragraph:
    words = tuple(
        Word(part, 60 + 50 * n, 92, 100 + 50 * n, 102, 100, size, bold, scan)
        for n, part in enumerate(text.split())
    )
    return Paragraph([Line(words, 60, 540)], page, text=text, after=3.0)


PROSE = paragraph("La commune rénove la place et les rues voisines, avec l'aide de l'État, " * 5)
SCANNED = paragraph(PROSE.text, scan=0.9)


def judged(*paragraphs: Paragraph) -> list[Heading | None]:
    judge = Judge([*paragraphs, PROSE], PRINT)
    return [judge.heading(found, PROSE) for found in paragraphs]


def ranks(*paragraphs: Paragraph) -> list[int]:
    """The order of the ranks, 0 for the highest."""
    found = [heading.rank for heading in judged(*paragraphs) if heading is not None]
    assert len(found) == len(paragraphs)
    return [sorted(set(found)).index(rank) for rank in found]


@pytest.mark.parametrize(
    "found",
    [
        paragraph("Le contexte", 14),
        paragraph("Le contexte", bold=True),
        paragraph("LE CONTEXTE LOCAL"),
        paragraph("Article 3 : Objet"),
        paragraph("Fiche action n° 4 – La halle"),
    ],
)
def test_what_stands_out_is_a_heading(found: Paragraph) -> None:
    (heading,) = judged(found)
    assert heading is not None and heading.text == found.text


@pytest.mark.parametrize(
    "found",
    [
        PROSE,
        paragraph("La commune rénove la place."),
        paragraph("Fait en deux exemplaires,", bold=True),
        paragraph("1. Rénover la place"),
        paragraph("12", 14),
        paragraph("Article 3 .................. 12"),
        paragraph("TVA"),
    ],
)
def test_text_is_none(found: Paragraph) -> None:
    assert judged(found) == [None]


def test_larger_stands_over_smaller() -> None:
    assert ranks(
        paragraph("Le cadre", 18),
        paragraph("Le contexte", 14),
        paragraph("Les habitants", bold=True),
    ) == [0, 1, 2]


def test_at_one_size_the_numbering_tells() -> None:
    bold = [
        paragraph(text, bold=True)
        for text in (
            "TITRE I : Le cadre",
            "Chapitre 1 : Le contexte",
            "Article 1 : Objet",
            "1. La place",
            "1.1. Le pavage",
            "Les arbres",
        )
    ]
    assert ranks(*bold) == [0, 1, 2, 3, 4, 5]


def test_an_article_that_begins_at_once_is_heading_and_text() -> None:
    (heading,) = judged(paragraph("Article 3 : " + PROSE.text))
    assert heading is not None
    assert (heading.text, heading.inside) == ("Article 3", True)


def test_bookmarks_win_over_looks() -> None:
    plain, bold = paragraph("Le contexte"), paragraph("Important", bold=True)
    other, third = paragraph("Les habitants"), paragraph("Le budget")
    outline = [(0, "Le contexte", 1), (1, "Les habitants", 1), (0, "Le budget", 1)]
    judge = Judge([plain, bold, other, third, PROSE], PRINT, outline)
    found = [judge.heading(p, PROSE) for p in (plain, other, third, bold)]
    order = [heading.rank for heading in found if heading is not None]
    assert order[0] == order[2] < order[1] < order[3]


def test_bookmarks_that_point_nowhere_are_ignored() -> None:
    outline = [(0, "Page 1", 1), (0, "Page 2", 2), (0, "Page 3", 3)]
    assert Judge([paragraph("Le contexte")], PRINT, outline).marks == {}


def test_on_a_scan_numbers_stand_alone() -> None:
    scanned = paragraph("2.1 Les habitants", scan=0.9)
    judge = Judge([scanned, SCANNED], PRINT)
    assert judge.heading(scanned, SCANNED) is not None
    assert judge.heading(scanned, None) is None
