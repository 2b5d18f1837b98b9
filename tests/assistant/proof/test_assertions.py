from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.proof.assertions import asserts, contradicts, is_plain
from assistant.proof.checking import supporting, unsupported

PAIRS = Path(__file__).parents[2] / "data" / "checking.jsonl"
RATE = (
    "Quel avantage le Denormandie donne-t-il ?\nLe taux du Denormandie dépend de la durée de "
    "location du logement : 12 % pour 6 ans, 18 % pour 9 ans et 21 % pour 12 ans."
)


@pytest.mark.parametrize(
    ("passage", "sentence", "expected"),
    [
        ("La prime est de 3 000 €.", "La prime est de 3 000 €.", True),
        ("Montant : 3 000 €.", "Le montant est de 3 000 €.", True),
        ("Tarif réduit : 3 €.", "Le tarif réduit est de 3 €.", True),
        (
            "Le maire annonce que la halle ouvre le 3 mai.",
            "Le maire annonce que la halle ouvre le 3 mai.",
            True,
        ),
        ("Le gardien a promis à ses voisins que la halle ferme.", "La halle ferme.", False),
        ("Version des commerçants du quartier : la halle ferme.", "La halle ferme.", False),
        ("Le directeur du club a crié « la halle ferme ».", "La halle ferme.", False),
        # What another sentence governs is its own.
        (
            "Le gardien promet à tous que la halle ferme. La halle ouvre.",
            "Le gardien promet.",
            True,
        ),
    ],
)
def test_a_publication_asserts_what_nothing_governs(
    passage: str, sentence: str, expected: bool
) -> None:
    assert asserts(passage, sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("La prime est de 3 000 € (hors taxes).", True),
        ("Écrivez à la mairie avant le 3 mai ; le dossier est gratuit.", True),
        ("Le plan est sur https://www.valbourg.example/plan?a=1.", True),
        ("Prime : 3 000 €.", False),
        ("Le directeur dit « la prime est close ».", False),
        ("Annoncez une prime de 3 000 €.", False),
        ("Les robots conversationnels annoncent 3 000 €.", False),
    ],
)
def test_a_plain_sentence_declares_in_one_go(sentence: str, expected: bool) -> None:
    assert is_plain(sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Le taux du Denormandie est de 91 %.", True),
        ("La durée de location est de 38 ans.", True),
        ("Le taux du Denormandie est de 18 % pour 9 ans.", False),
        ("Le plafond des travaux est de 300 000 €.", False),
        ("Le loyer du logement est de 12 € par m².", False),
        ("En 2024, 12 % des logements du centre sont vacants.", False),
    ],
)
def test_a_fiche_contradicts_another_figure_of_the_same_thing(
    sentence: str, expected: bool
) -> None:
    assert contradicts(RATE, sentence) is expected


def test_a_figure_of_another_year_is_no_contradiction() -> None:
    fiche = "Guichen comptait 8 646 habitants en 2018."
    assert not contradicts(fiche, "Guichen comptait 9 203 habitants en 2022.")
    assert contradicts(fiche, "Guichen comptait 9 203 habitants en 2018.")
    assert contradicts(
        "La convention ORT a été signée le 11 octobre 2022.",
        "La convention ORT a été signée le 3 mai 2024.",
    )


def test_true_rewordings_of_publications_are_kept() -> None:
    """Of 286 of `fit` that the check keeps, 13 are held for not asserted (2026-11)."""
    groups = [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines()]
    kept, refused = 0, 0
    for group in (group for group in groups if group["split"] == "fit"):
        text = group["passages"][0].rpartition("\n")[2]
        for sentence in group["true"]:
            if unsupported(sentence, group["passages"]) is None:
                start, end = supporting(sentence, text)
                kept += 1
                refused += not (is_plain(sentence) and asserts(text[start:end], sentence))
    assert kept > 250
    assert refused <= 0.06 * kept
