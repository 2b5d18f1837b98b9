from __future__ import annotations

import pytest

from assistant.proof.alignment import keys_of, kin, misplaced, overlap, votes
from assistant.proof.statements import Spot, statement


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("oblig", "obligatoir", True),
        ("appliqu", "applic", True),  # s'applique, applicable: five letters of six
        ("ort", "orth", False),  # too short to tell
        ("pay", "paysag", False),
    ],
)
def test_kin_roots_share_a_long_beginning(one: str, other: str, expected: bool) -> None:
    assert kin(one, other) is expected


def test_overlap_is_the_share_of_the_keys_that_a_sentence_holds() -> None:
    evidence = statement("Le taux est bas. Le loyer monte.")
    # taux 1 of taux 1 + loyer 1, and .3 for doubt
    assert overlap({"taux": 1.0, "loi": 0.0, "bail": 1.0}, 0, evidence) == pytest.approx(1 / 2.3)


def _place_of(text: str, value: int) -> Spot:
    said = statement(text)
    return next(
        spot for claim, spot in zip(said.claims, said.spots, strict=True) if claim.value == value
    )


def test_a_neighbour_votes_for_the_nearer_place() -> None:
    text = "Le taux est de 12 % pour Bruz, de 18 % pour Goven."
    evidence = statement(text)
    twelve, eighteen = _place_of(text, 12), _place_of(text, 18)
    assert votes({"goven": 1.0}, twelve, eighteen, evidence) == (0.0, 1.0)
    assert votes({"bruz": 1.0}, twelve, eighteen, evidence) == (1.0, 0.0)
    assert votes({"taux": 1.0}, twelve, eighteen, evidence) == (0.0, 0.0)  # before both: of both


def test_a_place_is_wrong_when_the_neighbours_are_around_another() -> None:
    text = "Le taux est de 12 % pour Bruz, de 18 % pour Goven."
    evidence = statement(text)
    twelve, eighteen = _place_of(text, 12), _place_of(text, 18)
    said = statement("Le taux de Goven est de 12 %.")
    keys = keys_of(said, said.spots[-1])
    assert misplaced(keys, [twelve], [eighteen], evidence)
    assert not misplaced(keys, [eighteen], [twelve], evidence)
