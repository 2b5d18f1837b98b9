"""What a line's end did to words is undone, and nothing else."""

from __future__ import annotations

import pytest

from corpus.reading.layout.paragraphs import KEYWORD, healed

KNOWN = frozenset({"revitalisation", "rez-de-chaussée"})


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["la revita-", "lisation du centre"], "la revitalisation du centre"),
        (["la recon\u00ad", "quête du centre"], "la reconquête du centre"),
        (["le rez-de-", "chaussée vide"], "le rez-de-chaussée vide"),
        (["Guipry-", "Messac"], "Guipry-Messac"),
        (["l'Ille-et-", "Vilaine"], "l'Ille-et-Vilaine"),
        (["Ille-", "et-Vilaine"], "Ille-et-Vilaine"),
        (["celui-", "ci répond"], "celui-ci répond"),
        (["peut-", "être"], "peut-être"),
        (["la période 2021-", "2026"], "la période 2021-2026"),
        (["une halle -", "ouverte"], "une halle - ouverte"),
        (["le projet d’", "aménagement"], "le projet d’aménagement"),
        (["la ﬁche et l’eﬀet"], "la fiche et l’effet"),
        (["10\u00a0000\u202f€"], "10\u00a0000\u202f€"),  # no-break spaces stay as published
        (["e\u0301te\u0301"], "été"),
    ],
)
def test_lines_are_healed(lines: list[str], expected: str) -> None:
    assert healed(lines, KNOWN) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Article 3",
        "ARTICLE 3 - OBJET",
        "Article premier : Objet",
        "Article 1er – Objet",
        "TITRE II",
        "Fiche action n° 4 : La halle",
        "Fiche-action n°4",
        "Annexe 1",
        "Annexe A : Périmètre",
        "Chapitre 2. Le commerce",
        "Axe 1 : Habiter",
    ],
)
def test_numbered_headings_are_known(text: str) -> None:
    assert KEYWORD.match(text)


@pytest.mark.parametrize(
    "text",
    [
        "article 3 de la convention",
        "Article L. 303-2 du code de la construction",
        "Article 3 de la loi du 23 novembre 2018",
        "Section de commune",
        "Titre de propriété",
        "Annexes et plans",
    ],
)
def test_sentences_that_begin_alike_are_not(text: str) -> None:
    assert KEYWORD.match(text) is None
