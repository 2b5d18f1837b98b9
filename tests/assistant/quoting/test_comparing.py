from __future__ import annotations

import pytest

from assistant import messages
from assistant.question.logic import compared
from assistant.quoting.citations import Quote
from assistant.quoting.comparing import asked, compare
from assistant.quoting.ranking import Candidate
from index.passages import Passage

QUESTION = "Quelle commune est la plus peuplée entre Guichen et Val d'Anast ?"


def said(text: str) -> Candidate:
    passage = Passage(
        id=f"a#{len(text)}",
        document_id="a",
        headings=("Titre",),
        text=text,
        scope="local",
        digest="0",
    )
    return Candidate(
        quote=Quote(passage, 0, len(text)),
        rank=0,
        order=0,
        own=1.0,
        said=1.0,
        told=1.0,
        named=1.0,
        bears=1.0,
        counted=1.0,
        begins=1.0,
        near=1.0,
        heading=1.0,
        known=0.0,
        grams=0.0,
        elsewhen=False,
        absence=False,
    )


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "Guichen ou Val d'Anast, laquelle est la plus peuplée ?",
        "Guichen est-elle plus peuplée que Val d'Anast ?",
    ],
)
def test_the_two_things_compared_are_asked_for_apart(question: str) -> None:
    wanted = compared(question)
    assert wanted is not None
    names = [name for name, _ in asked(question, wanted)]
    assert names == ["Guichen", "Val d'Anast"]


def told(*texts: str) -> list[str]:
    wanted = compared(QUESTION)
    assert wanted is not None
    quotes = compare(["Guichen", "Val d'Anast"], [[said(text)] for text in texts], wanted)
    return "".join(quote.before + quote.text for quote in quotes).strip().splitlines()


def test_values_of_one_date_are_compared_and_both_quoted() -> None:
    small, large = (
        "Guichen compte 9 412 habitants en 2023.",
        "Val d'Anast a 9 930 habitants en 2023.",
    )
    assert told(small, large) == [messages.larger("Val d'Anast", "2023", most=True), large, small]


def test_areas_have_no_date_and_are_compared_without() -> None:
    wanted = compared("Quelle commune est la plus grande entre Guichen et Val d'Anast ?")
    assert wanted is not None
    texts = "Guichen a une superficie de 42,99 km².", "Val d'Anast s'étend sur 77,86 km²."
    quotes = compare(["Guichen", "Val d'Anast"], [[said(text)] for text in texts], wanted)
    note = "Des deux valeurs, celle de « Val d'Anast » est la plus élevée :"
    assert [quotes[0].before.strip(), quotes[0].text, quotes[1].text] == [note, *texts[::-1]]


def test_values_of_two_dates_are_quoted_and_not_compared() -> None:
    old, new = "Guichen compte 8 000 habitants en 2017.", "Val d'Anast a 3 930 habitants en 2023."
    assert told(old, new) == [*messages.UNCOMPARED.splitlines(), old, new]


def test_a_value_of_another_place_is_none() -> None:
    assert (
        told("Redon compte 9 000 habitants en 2023.", "Val d'Anast a 3 930 habitants en 2023.")
        == []
    )
