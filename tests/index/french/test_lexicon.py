import pytest

from index.french.lexicon import Families

WORDS = [
    "rouvriront",
    "rouvrir",
    "amenager",
    "amenagement",
    "notes",
    "compte",
    "verifier",
    "normand",
]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("rouvrent", ["rouvrir", "rouvriront"]),
        ("amenageur", ["amenagement", "amenager"]),
        ("verifie", ["verifier"]),
        ("comptes", ["compte"]),
        ("amenager", ["amenagement"]),  # itself left out
        ("normal", []),  # -al is no ending of normand
        ("notaire", []),  # shares four letters
        ("note", []),  # too short to have a root
        ("zebre", []),
    ],
)
def test_kin(word: str, expected: list[str]) -> None:
    assert Families(WORDS).kin(word) == expected


def test_the_longest_root_comes_first() -> None:
    # « demande » of « demandee » shares more than « demandons »
    assert Families(["demandons", "demandees"]).kin("demandee") == ["demandees", "demandons"]
