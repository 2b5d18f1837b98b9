"""Rows found by the name they bear."""

from __future__ import annotations

import pytest

from index.passages import Passage, digest
from index.stores.register import Register, name_words

NAMES = (
    "Redon (Ille-et-Vilaine)",
    "Janzé (Ille-et-Vilaine)",
    "La Guerche-de-Bretagne (Ille-et-Vilaine)",
    "L'Isle-Jourdain (Gers)",
    "L'Isle-Jourdain (Vienne)",
    "Saint-Méen-le-Grand (Ille-et-Vilaine)",
    "Château-Chinon (Ville) (Nièvre)",
    "Châteaurenard (Bouches-du-Rhône)",
    "Lamentin (Guadeloupe)",
    "Brassac (Tarn)",
    "Saint-Georges (Guyane)",
)


def row(number: int, name: str) -> Passage:
    headings, text = ("Communes du programme", name), f"{name} est dans le programme."
    return Passage(
        id=f"liste#{number}",
        document_id="liste",
        headings=headings,
        text=text,
        page=None,
        anchor=None,
        scope="national",
        confidence=None,
        form="named",
        spans=(),
        digest=digest(headings, text),
    )


@pytest.fixture(scope="module")
def register() -> Register:
    return Register([row(n, name) for n, name in enumerate(NAMES, 1)])


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Redon et Janzé sont-elles dans PVD ?", ["Redon (Ille-et-Vilaine)", NAMES[1]]),
        ("st meen le grand", [NAMES[5]]),
        ("la Guerche de Bretagne", [NAMES[2]]),
        ("l’isle jourdain", ["L'Isle-Jourdain (Gers)", "L'Isle-Jourdain (Vienne)"]),
        ("Château-Chinon", [NAMES[6]]),
        ("SAINT-GEORGES", [NAMES[10]]),
        ("Rennes", []),
    ],
)
def test_names_are_found_however_they_are_typed(
    register: Register, question: str, names: list[str]
) -> None:
    found = [r.headings[-1] for named in register.named(name_words(question)) for r in named.rows]
    assert found == names


@pytest.mark.parametrize(
    ("typed", "name", "sure"),
    [
        ("jansé", "Janzé", True),  # it sounds the same
        ("la guerche de bretange", "La Guerche-de-Bretagne", True),  # long, and one slip
        ("Brossac", "Brassac", False),  # a commune of its own
        ("Château-Renard", "Châteaurenard", False),  # another, in the Loiret
        ("Le Lamentin", None, False),  # another, in Martinique
        ("Saint-Georgis", "Saint-Georges", False),
        ("Ganzé", None, False),
        ("Rennes", None, False),
    ],
)
def test_a_slip_is_told_from_another_place(
    register: Register, typed: str, name: str | None, sure: bool
) -> None:
    rows, certain = register.near(name_words(typed))
    assert [row.headings[-1].partition(" (")[0] for row in rows] == ([name] if name else [])
    assert certain is sure


def test_what_all_rows_say_is_their_subject(register: Register) -> None:
    assert {"commun", "programm"} <= register.subject
    assert "redon" not in register.subject
    assert Register([]).subject == frozenset() and not Register([])
