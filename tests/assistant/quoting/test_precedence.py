from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.question.asking import asking
from assistant.quoting.citations import Quote
from assistant.quoting.conflicts import Sources
from assistant.quoting.precedence import ordered
from assistant.quoting.ranking import Candidate
from corpus.conventions.avenants import REPLACED
from corpus.conventions.replacements import PART
from corpus.documents import Document, Span
from corpus.structure import Amendment
from index.passages import Passage

DAY = date(2026, 11, 30)
SPAN = Span(0, 30, ("12",), ())


def candidate(id: str, text: str, score: float, *, told: float = 1.0, by: str = "") -> Candidate:
    """A sentence of a document of its own; `by`: the document that replaces it."""
    change = Amendment(by, f"« {by} »", "2026-01-01", REPLACED, PART)
    passage = Passage(
        id=f"{id}#1",
        document_id=id,
        headings=("T",),
        text=text,
        scope="local",
        digest="0",
        superseded=(change,) if by else (),
    )
    return Candidate(
        *(Quote(passage, 0, len(text)), 0, 0, told, told, told),
        *(1.0, 1.0, 1.0, told, 0.9, 0.9, 0.0, 1.0),
        elsewhen=False,
        absence=False,
        passed=bool(by),
        score=score,
    )


def led(*found: Candidate, question: str = "Quand finit l'aide ?", **natures: str) -> str:
    """The first sentence, once ordered."""
    documents = {
        c.quote.passage.document_id: Document(
            *(
                c.quote.passage.document_id,
                "pdf",
                None,
                "T",
                "P",
                "",
                "",
                "2026",
                "",
                "fr",
                "local",
            ),
            sections=(),
            nature=natures.get(c.quote.passage.document_id, "officiel"),
        )
        for c in found
    }
    given = ordered(found, asking(question), Sources(documents, frozenset()), DAY)
    assert given[0].score == max(c.score for c in found)  # as good as the best, for what follows
    return given[0].quote.passage.document_id


PAST = candidate("past", "L'aide finit le 31 mars 2026.", 9.0)
OPEN = candidate("open", "L'aide est prolongée jusqu'au 31 décembre 2027.", 8.0)
AMOUNT = candidate("amount", "L'aide est de 500 euros par logement.", 9.5)


@pytest.mark.parametrize("question", ["Quand finit l'aide ?", "L'aide est-elle encore ouverte ?"])
def test_a_past_end_does_not_lead_where_a_later_one_answers(question: str) -> None:
    assert led(PAST, OPEN, question=question) == "open"


def test_another_question_keeps_its_best_sentence() -> None:
    assert led(PAST, OPEN, question="Combien vaut l'aide ?") == "past"


def test_who_asks_whether_it_holds_gets_until_when() -> None:
    assert led(AMOUNT, PAST, question="L'aide est-elle encore ouverte ?") == "past"


@pytest.mark.parametrize(
    "other",
    [
        candidate("open", "L'aide est prolongée jusqu'au 31 décembre 2027.", 4.0),
        candidate("open", "Le plan court jusqu'au 31 décembre 2027.", 8.0, told=0.5),
    ],
)
def test_what_answers_less_well_does_not_lead(other: Candidate) -> None:
    assert led(PAST, other) == "past"


def test_the_official_publication_leads_where_it_says_the_same() -> None:
    press = candidate("press", "L'aide est de 500 euros pour un logement.", 10.0)
    asked = "Combien vaut l'aide ?"
    assert led(press, AMOUNT, question=asked, press="presse") == "amount"
    assert led(press, AMOUNT, question=asked) == "press"


def test_a_newspaper_that_says_something_else_may_lead() -> None:
    press = candidate("press", "L'aide est de 700 euros par logement.", 10.0)
    assert led(press, AMOUNT, question="Combien vaut l'aide ?", press="presse") == "press"


def test_the_words_that_replace_lead() -> None:
    old = candidate("old", "L'aide est de 400 euros par logement.", 10.0, by="amount")
    assert led(old, AMOUNT, question="Combien vaut l'aide ?") == "amount"
    assert led(old, OPEN, question="Combien vaut l'aide ?") == "old"


def test_the_words_that_replace_lead_where_the_old_figure_was_asked() -> None:
    old = candidate("old", "L'aide est de 400 euros par logement.", 10.0, by="new")
    new = candidate("new", "L'aide est de 500 euros par logement.", 8.0, told=0.5)
    other = candidate("new", "La mairie reçoit les dossiers.", 8.0, told=0.5)
    assert led(old, new, question="Ma voisine a eu 400 euros, combien vaut l'aide ?") == "new"
    assert led(old, other, question="Ma voisine a eu 400 euros, combien vaut l'aide ?") == "old"


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Combien d'habitants à Goven ?", "new"),
        ("Combien d'habitants à Goven en 2022 ?", "old"),
        ("Pourquoi compter les habitants de Goven ?", "old"),
    ],
)
def test_the_figure_of_the_last_year_leads(question: str, first: str) -> None:
    old = candidate("old", "Goven comptait 4 326 habitants en 2022.", 9.0)
    new = candidate("new", "Goven compte 4 410 habitants en 2023.", 8.0)
    stated = [
        replace(c, quote=replace(c.quote, passage=replace(c.quote.passage, spans=(SPAN,))))
        for c in (old, new)
    ]
    assert led(*stated, question=question) == first
    assert led(old, new, question=question) == "old"  # of one fact: nothing says so
