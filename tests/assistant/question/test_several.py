from __future__ import annotations

import pytest

from assistant.question.history import Message
from assistant.question.several import after, askings


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Qui a signé la convention et combien ça a coûté ?",
            ("Qui a signé la convention", "combien ça a coûté"),
        ),
        ("C'est quoi l'ORT et quand finit-elle ?", ("C'est quoi l'ORT", "quand finit-elle")),
        ("qui pilote pvd ? combien d'actions", ("qui pilote pvd", "combien d'actions")),
        (
            "Combien d'habitants à Guichen ? Et à Val d'Anast ?",
            ("Combien d'habitants à Guichen", "Et à Val d'Anast"),
        ),
        (
            "Quel est le budget et le calendrier de l'ORT ?",
            ("Quel est le budget de l'ORT ?", "Quel est le calendrier de l'ORT ?"),
        ),
        (
            "J'ouvre un magasin. Faut-il un permis, comment le demander ?",
            ("J'ouvre un magasin. Faut-il un permis", "comment le demander"),
        ),
    ],
)
def test_questions_asked_together(question: str, parts: tuple[str, ...]) -> None:
    assert askings(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Qui a signé la convention ORT ?",
        "Où et quand déposer le dossier ?",  # one predicate
        "Qui pilote et qui finance Petites villes de demain ?",  # the first has no subject
        "Le Denormandie, combien ?",
        "Qui s'en occupe à la mairie, quelle agence ?",  # the same thing, twice
        "Quand le préfet suspend un projet, comment le sait-on ?",
        "Quelles communes ont signé ? Vous savez ?",
        "La Région et le Département ont-ils signé ?",
    ],
)
def test_one_thing_is_asked(question: str) -> None:
    assert askings(question) == (question,)


def test_a_later_question_keeps_the_subject_of_the_first() -> None:
    words, said, alone = after("Combien d'actions prévoit la convention ORT", "quel est son budget")
    assert words == "quel est son budget"
    assert said == (Message("user", "prévoit la convention ORT"),)
    assert alone == "quel est le budget"


def test_the_same_is_asked_of_another_place() -> None:
    assert after("Combien d'habitants à Guichen en 2023", "Et à Val d'Anast")[2] == (
        "Combien d'habitants à Val d'Anast en 2023"
    )
