from __future__ import annotations

from collections import Counter

from assistant.learning.altered import made

FIRST = (
    "L'aide est de 30 % des travaux, dans la limite de 4 000 euros. Le dossier est déposé en "
    "mairie avant le début des travaux. Les propriétaires peuvent demander une avance."
)
SECOND = (
    "La commune de Valbourg a signé la convention le 12 mai 2021. Elle dure cinq ans, et peut être "
    "prolongée une fois. Le préfet et le maire la signent ensemble."
)


def test_as_many_are_said_as_not() -> None:
    found = made([[FIRST, SECOND]], 400)
    share = sum(one.said for one in found) / len(found)
    assert 0.4 < share < 0.7
    assert len(Counter(one.how for one in found)) >= 10


def test_a_sentence_copied_is_said_and_one_of_elsewhere_is_not() -> None:
    for one in made([[FIRST, SECOND]], 400):
        if one.how == "same":
            assert one.said and any(one.sentence in held for held in one.passages)
        if not one.said:
            assert not any(one.sentence in held for held in one.passages)


def test_the_same_seed_makes_the_same() -> None:
    assert made([[FIRST, SECOND]], 50, seed=3) == made([[FIRST, SECOND]], 50, seed=3)
