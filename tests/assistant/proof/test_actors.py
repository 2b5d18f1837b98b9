from __future__ import annotations

import pytest

from assistant.proof.actors import actor, person, role
from assistant.proof.statements import statement

COUNCIL = (
    "Maire : Nathalie Riou. Premier adjoint, chargé des finances : Jean-Marc Tréhour. "
    "Deuxième adjointe, chargée de la culture : Leïla Benamar."
)
SIGNED = "Ont signé Hervé Tanguy, président, et Paul-Henri Kerbrat, sous-préfet."


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Le maire suspend le projet.", True),
        ("Le préfet suspend le projet.", False),
        ("Le projet est suspendu.", False),
    ],
)
def test_who_acts_is_in_the_passages(sentence: str, expected: bool) -> None:
    evidence = statement("Un arrêté préfectoral suspend le projet.")
    assert actor(statement(sentence), evidence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Hervé Tanguy, sous-préfet, a signé.", True),
        ("Hervé Tanguy, président, a signé.", False),
        ("Le président, Hervé Tanguy, a signé.", False),
        ("Le président, Paul-Henri Kerbrat, a signé.", True),
    ],
)
def test_an_office_stays_with_its_holder(sentence: str, expected: bool) -> None:
    assert role(statement(sentence), statement(SIGNED)) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Leïla Benamar est chargée des finances.", True),
        ("Leïla Benamar est chargée de la culture.", False),
    ],
)
def test_a_person_stays_in_her_place(sentence: str, expected: bool) -> None:
    assert person(statement(sentence), statement(COUNCIL)) is expected
