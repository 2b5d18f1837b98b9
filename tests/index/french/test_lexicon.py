import pytest

from index.french.lexicon import Families, Lexicon, french


def test_a_lexicon_holds_its_words_and_no_other() -> None:
    words = {f"mot{n}": n for n in range(1000)}
    lexicon = Lexicon(words)
    assert all(word in lexicon for word in words)
    assert not any(f"mot{n}" in lexicon for n in range(1000, 3000))
    assert "" not in lexicon


def test_the_common_ones_are_those_counted_often() -> None:
    assert Lexicon({"le": 5000, "velo": 200, "abaissa": 199}).common == ("le", "velo")


def test_an_empty_lexicon_holds_nothing() -> None:
    assert "velo" not in Lexicon({})
    assert Lexicon({}).common == ()


@pytest.mark.parametrize("word", ["velo", "canicule", "guichet", "friche", "fisc", "coeur", "cafe"])
def test_french_words_are_known_without_accents(word: str) -> None:
    assert word in french()


@pytest.mark.parametrize("word", ["guichen", "mediasion", "vélo", "prosedure", "anct"])
def test_what_is_not_french_is_not_known(word: str) -> None:
    assert word not in french()


def test_french_is_read_once() -> None:
    assert french() is french()


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
