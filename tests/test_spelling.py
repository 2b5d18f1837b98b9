import pytest

from index.spelling import Speller, vocabulary

VOCABULARY = {
    "guichen": 40,
    "guichet": 60,
    "mediation": 3,
    "carte": 50,
    "porte": 9,
    "forte": 2,
    "sorte": 30,
    "revitalisation": 12,
    "ort": 90,
    "2026": 5,
}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gichen", "guichen"),  # a letter lost
        ("guihcen", "guichen"),  # two letters swapped are one change
        ("guichen", "guichen"),  # held by the corpus, though guichet is commoner
        ("guiche", "guichet"),  # one change from both: the commoner
        ("mediasion", "mediation"),
        ("revitalizasion", "revitalisation"),  # two changes, from 8 letters on
        ("gichin", "gichin"),  # two changes in 6 letters
        ("forta", "forte"),
        ("dorte", "sorte"),  # sorte 30, porte 9, forte 2
        ("porto", "porte"),
        ("prote", "porte"),
        ("fort", "forte"),
        ("ors", "ors"),  # three letters are left alone
        ("2025", "2025"),  # a number is never a slip
        ("l303-3", "l303-3"),
        ("crte", "crte"),  # an acronym that no passage holds, a letter from « carte »
        ("avec", "avec"),  # a word that carries no subject
        ("xyzzy", "xyzzy"),
    ],
)
def test_correct(typed: str, expected: str) -> None:
    assert Speller(VOCABULARY).correct(typed) == expected


def test_the_first_letter_decides_before_the_commoner() -> None:
    assert Speller({"borte": 99, "ports": 1}).correct("porte") == "ports"


def test_the_commoner_wins_among_many_as_near() -> None:
    # six words as near and shorter come first; the commonest is the longest
    near = {f"mairi{letter}": 1 for letter in "abcdfg"} | {"mairiexs": 9}
    assert Speller(near).correct("mairiex") == "mairiexs"


def test_an_empty_vocabulary_corrects_nothing() -> None:
    assert Speller({}).correct("guichen") == "guichen"


def test_vocabulary_counts_folded_words() -> None:
    assert vocabulary(["L’État, l'etat", "1 646 états"]) == {"etat": 2, "1646": 1, "etats": 1}
