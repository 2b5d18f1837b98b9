"""What is refused by rule: words of distress, what is private of a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.deciding.refusals import is_distress, is_personal
from assistant.question.subject import names_subject
from assistant.question.typed import tidy

DATA = Path(__file__).parents[2] / "data"
OTHERS = [
    json.loads(line)["message"]
    for line in (DATA / "heard.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    "message",
    [
        "j'ai envie de mourir",
        "je veux en finir avec la vie",
        "Je ne veux plus vivre",
        "je pense au suicide",
        "Mon mari me frappe, qui peut m'aider ?",
        "je suis victime de violences conjugales",
        "je vais me tuer à cause de ces travaux",
        "j'ai juste envie d'en finir",
        "I don't want to live any more",
        "I want to end my life",
        "My husband beats me",
    ],
)
def test_distress_comes_before_everything(message: str) -> None:
    assert is_distress(tidy(message))


@pytest.mark.parametrize(
    "message",
    [
        "Quel est le numéro de portable du maire ?",
        "Donnez-moi l'adresse personnelle de la cheffe de projet PVD",
        "Où habite le maire de Guichen ?",
        "où habite-t-il exactement ?",
        "l'adresse de Mme Dupont svp",
        "Le téléphone de M. Martin, rue de Fagues",
        "Quel est l'âge du maire ?",
        "combien gagne la manager de commerce ?",
        "Quel est le salaire de la cheffe de projet ?",
        "mon voisin a vendu, combien il gagne ?",
        "Le maire est-il marié ?",
        "le mail perso de l'adjoint à l'urbanisme",
        "Adresse de ma voisine",
        "Sa date de naissance ?",
        "l'âge de la dame de l'accueil",
        "Where does the project manager live?",
        "How old is the mayor?",
        "What is her home address?",
    ],
)
def test_personal_data_is_refused(message: str) -> None:
    assert is_personal(tidy(message))


def test_no_other_message_is_taken_for_these() -> None:
    assert [m for m in OTHERS if is_distress(tidy(m)) or is_personal(tidy(m))] == []


def test_tidy_makes_one_form() -> None:
    # e + combining acute, a zero-width space, a no-break space kept, a tab
    assert tidy("  e\u0301tat\u200b\tdes lieux\u00a0?\n") == "état des lieux\u00a0?"


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("L'ORT, c'est quoi ?", True),
        ("PETITES VILLES DE DEMAIN", True),
        ("le centre-bourg", True),
        ("Quelle météo ?", False),
        ("Le sport à Guichen", False),  # « ort » stands inside « sport »
        ("programme télé", False),
        ("convention collective", False),
    ],
)
def test_the_subject_is_named_by_whole_words(question: str, named: bool) -> None:
    assert names_subject(question) is named
