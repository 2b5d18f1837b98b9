from __future__ import annotations

from datetime import date

import pytest

from assistant.answers import State
from assistant.question.asking import asking
from assistant.quoting.validity import asks_if_held, asks_the_end, latest, until_when, validity

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "state", "last"),
    [
        ("L'aide est ouverte jusqu'au 30 juin 2026.", State.ENDED, "2026-06-30"),
        ("L'aide est ouverte jusqu'au 30 novembre 2026.", State.OPEN, "2026-11-30"),
        ("L'aide est ouverte du 1er mars 2024 au 30 juin 2026.", State.ENDED, "2026-06-30"),
        ("Le guichet ouvre entre le 3 et le 15 mars 2027.", State.COMING, "2027-03-03"),
        ("Le dépôt est possible à compter du 1er mars 2027.", State.COMING, "2027-03-01"),
        ("Le dispositif expire fin juin 2026.", State.ENDED, "2026-06-30"),
        ("La dispense court jusqu'en 2026.", State.LAST, "2026-12-31"),
        ("La dispense court jusqu'en novembre 2026.", State.LAST, "2026-11-30"),
        ("Le mandat 2020-2025 du maire.", State.ENDED, "2025-12-31"),
        ("L'OPAH est engagée pour la période 2021-2025.", State.ENDED, "2025-12-31"),
        ("Tarifs de l'année scolaire 2025-2026.", State.ENDED, "2026-08-31"),
        ("Date limite de dépôt : 12/05/2026.", State.CLOSED, "2026-05-12"),
        ("Les dossiers sont déposés au plus tard le 15 mai 2027.", State.LIMIT, "2027-05-15"),
        ("Ouverte jusqu'au 31 mars 2025, l'aide est prolongée jusqu'au 31 décembre 2027.",
         State.OPEN, "2027-12-31"),
    ],
)  # fmt: skip
def test_where_a_sentence_stands(text: str, state: State, last: str) -> None:
    found = validity(text)
    assert found is not None
    standing = found.on(TODAY)
    assert standing is not None
    assert (standing.state, standing.day.last.isoformat(), standing.told) == (state, last, False)


@pytest.mark.parametrize(
    "text",
    [
        "Entre 2015 et 2021, la population a baissé de 3 %.",
        "Les logements achevés avant le 1er janvier 2010 sont exclus.",
        "La loi n° 2018-1021 du 23 novembre 2018 crée l'ORT.",
        "La convention a été signée le 11 octobre 2022.",
        "Depuis le 1er janvier 2024, la prime est de 500 euros.",  # no end is given
        "Appelez le 02 99 57 20 26.",
    ],
)
def test_what_gives_no_end_stands_nowhere(text: str) -> None:
    found = validity(text)
    assert found is None or found.on(TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "L'aide a pris fin le 30 juin 2026.",
        "Le chèque a été supprimé le 1er janvier 2025.",
        "Le programme devait durer jusqu'en 2022.",
        "L'aide était ouverte jusqu'au 31 mars 2026.",
    ],
)
def test_what_says_itself_that_it_is_over_is_told(text: str) -> None:
    found = validity(text)
    assert found is not None and found.told


@pytest.mark.parametrize(
    "text",
    [
        "Elle est conclue pour cinq ans à compter de sa signature.",
        "Elle est conclue pour une durée de cinq ans à compter du 12 mars 2021.",
        "Elle dure soixante mois à compter de la date de signature.",
    ],
)
def test_a_duration_ends_where_it_is_reckoned_to(text: str) -> None:
    # five years from 12 March 2021 end on 11 March 2026: said as March, nobody wrote the day
    found = validity(text, "2021-03-12")
    assert found is not None and found.reckoned
    assert found.end is not None and found.end.said() == "mars 2026"


def test_a_duration_from_an_unknown_signature_ends_nowhere() -> None:
    assert validity("Elle est conclue pour cinq ans à compter de sa signature.") is None


def test_the_latest_day_of_a_text() -> None:
    day = latest("Lancé le 1er octobre 2020, le programme avait mars 2026 pour échéance.")
    assert day is not None and day.said() == "mars 2026"
    assert latest("Rien n'est daté.") is None


@pytest.mark.parametrize(
    ("question", "held", "end"),
    [
        ("Le Denormandie est-il encore ouvert aujourd'hui ?", True, True),
        ("c'est fini pvd ?", True, True),
        ("la prime velo existe toujours ?", True, True),
        ("on peut encore la demander", True, True),
        ("Quand finit PVD ?", False, True),
        ("Jusqu'à quand dure l'aide ?", False, True),
        ("Qui est le maire aujourd'hui ?", False, False),
        ("Combien coûte encore la salle ?", False, False),
        ("Quand a été signée la convention ?", False, False),
        ("C'est quoi l'ORT ?", False, False),
    ],
)
def test_questions_about_it(question: str, held: bool, end: bool) -> None:
    asked = asking(question)
    assert (asks_if_held(asked), asks_the_end(asked)) == (held, end)


def test_whether_something_holds_is_searched_as_until_when() -> None:
    asked = "Le Denormandie est-il encore ouvert aujourd'hui ?"
    assert until_when(asked) == "jusqu'à quand le denormandie ?"
