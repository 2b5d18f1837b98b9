from __future__ import annotations

import pytest

from assistant.question.several import apart, askings, later, opening


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
        (
            "superficie de Guichen et nombre d'habitants de Goven",
            ("superficie de Guichen", "nombre d'habitants de Goven"),
        ),
        (
            "qui est le maire de Guichen et celui de Goven ?",
            ("qui est le maire de Guichen", "celui de Goven"),
        ),
        ("la superficie de Guichen et sa densité", ("la superficie de Guichen", "sa densité")),
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


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("1. C'est quoi l'ORT ? 2. Qui l'a signée ?", ("C'est quoi l'ORT", "Qui l'a signée")),
        ("- qui pilote PVD - quand finit PVD", ("qui pilote PVD", "quand finit PVD")),
        (
            "c'est quoi PVD, ORT et OPAH ?",
            tuple(f"c'est quoi {t} ?" for t in ("PVD", "ORT", "OPAH")),
        ),
        (
            "Combien d'habitants à Guichen et Val d'Anast ?",
            ("Combien d'habitants à Guichen ?", "Combien d'habitants à Val d'Anast ?"),
        ),
        ("What is the ORT? And who signed it?", ("What is the ORT", "who signed it")),
        ("C'est quoi le PLH ? Il coûte combien ?", ("C'est quoi le PLH", "Il coûte combien")),
        ("Définis CRTE et PVD", ("Définis CRTE", "Définis PVD")),
        ("le siren de Guichen et de Goven", ("le siren de Guichen", "le siren de Goven")),
    ],
)
def test_questions_that_signs_or_names_part(question: str, parts: tuple[str, ...]) -> None:
    assert askings(question) == parts
    assert apart(question)


@pytest.mark.parametrize(
    "question",
    [
        "Quelle différence entre l'ORT et l'OPAH ?",
        "Le maire de Guichen et celui de Goven ont-ils signé ?",
        "Guipry - Messac, combien d'habitants ?",
        "Commerces et services : que prévoit la convention ORT ?",
    ],
)
def test_names_together_are_one_question(question: str) -> None:
    assert askings(question) == (question,)


def test_a_later_question_keeps_the_subject_of_the_first() -> None:
    found = later("Combien d'actions prévoit la convention ORT", "quel est son budget")
    assert found.alone == "prévoit la convention ORT : quel est le budget"


def test_the_same_is_asked_of_another_place() -> None:
    headed = later("Denormandie : quel taux pour 6 ans", "combien de travaux au minimum").alone
    assert headed == "Denormandie : combien de travaux au minimum"
    assert later("Combien d'habitants à Guichen en 2023", "Et à Val d'Anast").alone == (
        "Combien d'habitants à Val d'Anast en 2023"
    )
    assert later("Combien de dossiers à Guichen en 2025", "combien à Guipry-Messac").alone == (
        "Combien de dossiers à Guipry-Messac en 2025"
    )


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (
            "Combien d'habitants et quelle superficie pour Guichen ?",
            "Combien d'habitants pour Guichen",
        ),
        (
            "Qui est le maire et quelle est l'adresse de la mairie à Val d'Anast ?",
            "Qui est le maire à Val d'Anast",
        ),
        ("Quand finit PVD et combien de communes à Guichen ?", "Quand finit PVD"),
    ],
)
def test_what_is_said_last_is_of_the_first_question_too(question: str, first: str) -> None:
    assert opening(askings(question)) == first
