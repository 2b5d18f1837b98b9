from __future__ import annotations

import pytest

from assistant.proof.entailment import LABELS, likelihood, model

AID = (
    "La commune aide les propriétaires qui refont leur façade. L'aide est de 30 % des travaux, "
    "dans la limite de 4 000 euros. Le dossier est déposé en mairie avant le début des travaux. "
    "Les logements loués à l'année n'y ont pas droit."
)


def is_said(passages: list[str], sentence: str) -> bool:
    return likelihood(passages, sentence) >= model().threshold


def test_the_model_says_what_it_was_taught_to_say() -> None:
    assert model().labels == LABELS
    assert 0 < model().threshold < 1


def test_what_is_said_in_other_words_is_shown() -> None:
    assert is_said([AID], "Il faut déposer son dossier en mairie avant de commencer les travaux.")


def test_what_is_said_is_likelier_than_its_contrary() -> None:
    said = "Un propriétaire qui refait sa façade peut être aidé par la commune."
    contrary = "Un propriétaire qui refait sa façade ne peut pas être aidé par la commune."
    assert likelihood([AID], said) > likelihood([AID], contrary)


@pytest.mark.parametrize(
    "sentence",
    [
        "Le dossier est déposé en mairie après le début des travaux.",
        "La commune n'aide pas les propriétaires qui refont leur façade.",
        "Les logements loués à l'année y ont droit.",
        "La Région complète cette aide.",
        "L'aide est versée parce que les façades du bourg sont classées.",
    ],
)
def test_what_is_not_said_is_not_shown(sentence: str) -> None:
    assert not is_said([AID], sentence)


def test_more_evidence_is_read_where_it_is_said() -> None:
    far = ["Le marché a lieu le samedi. " * 30, AID, "La piscine ouvre en mai. " * 30]
    assert likelihood(far, "Le dossier est déposé en mairie avant le début des travaux.") > 0.5
