from __future__ import annotations

import pytest

from assistant.question.logic import compared, denied, denies, excludes, own_right
from index.french.analysis import stem


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("Qui n'a pas droit au Denormandie ?", "droit"),
        ("qui a pas droit au denormandie", "droit"),
        ("Quelles communes n'ont pas été retenues ?", "retenues"),
        ("quels logements sont exclus de l'aide ?", "exclus"),
        ("Quels projets ont été refusés ?", "refusés"),
        ("Qu'est-ce qui n'est jamais financé ?", "financé"),
        ("tout le monde sauf qui ?", "sauf"),
    ],
)
def test_what_a_question_denies(question: str, what: str) -> None:
    assert denied(question) == (stem(what.replace("é", "e")),)


@pytest.mark.parametrize(
    "question",
    [
        "Qui a droit au Denormandie ?",
        "Qui signe l'ORT, n'est-ce pas le maire ?",
        "Quelles aides, et pourquoi pas le vélo ?",
        "Pourquoi Guichen n'est pas en ZRCV ?",
        "Quelles aides pour ceux qui n'ont pas de voiture ?",
        "Quelle aide si je n'ai pas de devis ?",
        "Quelles aides pas chères ?",
        "Qui ne finance que les communes ?",
        "Rien n'est jamais terminé. Combien d'actions sont livrées ?",
        "Quel recours quand l'aide est refusée ?",
        "Quelle est l'exclusivité ?",
    ],
)
def test_what_is_no_denial_of_what_is_asked(question: str) -> None:
    assert denied(question) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Les banques n'ont pas droit à l'aide.", True),
        ("Les enseignes sont exclues de l'aide.", True),
        ("L'aide est ouverte à tous, sauf aux banques.", True),
        ("L'aide ne s'applique pas aux garages.", True),
        ("Le prix est donné hors taxes.", False),
        ("Les banques ont droit à l'aide.", False),
        ("La mairie n'ouvre que le matin.", False),
    ],
)
def test_a_sentence_that_excludes(text: str, told: bool) -> None:
    assert excludes(text) is told


def test_a_sentence_excludes_by_the_very_word_denied() -> None:
    assert excludes("Le jury n'a pas primé ce projet.", (stem("prime"),))
    assert denies("Il ne profite pas de la dispense.", (stem("profitent"),))
    assert not denies("La dispense vaut, sauf clause contraire.", (stem("profitent"),))
    assert not excludes("Le jury n'a pas dormi.", (stem("prime"),))


@pytest.mark.parametrize(
    ("question", "sign", "unit"),
    [
        ("Quelle commune est la plus peuplée ?", 1, "habit"),
        ("laquelle est la moins peuplée ?", -1, "habit"),
        ("Quelle est la plus petite commune ?", -1, "m2"),
        ("Guichen est plus peuplée que Redon ?", 1, "habit"),
        ("Quelle rue a coûté le plus cher ?", 1, "€"),
    ],
)
def test_what_a_question_compares(question: str, sign: int, unit: str) -> None:
    found = compared(question)
    assert found is not None and (found.sign, found.unit) == (sign, unit)


@pytest.mark.parametrize(
    "question",
    [
        "Qui a plus de 10 ans ?",
        "Quelle aide n'existe plus ?",
        "La mairie peut m'en dire plus ?",
        "Quelles communes ?",
        "Où avoir plus d'informations ?",
    ],
)
def test_what_compares_nothing(question: str) -> None:
    assert compared(question) is None


@pytest.mark.parametrize(
    ("question", "own"),
    [
        ("Ai-je droit à l'aide ?", True),
        ("Je suis artisan, j'ai droit à quoi ?", True),
        ("est ce que je peux avoir l'aide", True),
        ("Le préfet a-t-il le droit de suspendre un projet ?", False),
        ("Qui a droit à l'aide ?", False),
    ],
)
def test_who_asks_of_a_right_of_their_own(question: str, own: bool) -> None:
    assert own_right(question) is own
