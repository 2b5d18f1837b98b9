from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.question.asking import asking
from assistant.quoting.ranking import Candidate, candidates
from corpus.documents import Span, Under
from index.french.analysis import ACRONYMS, sentences, tokens
from index.passages import Hit, Passage
from index.questions.known import NOTHING
from index.search.retriever import Found, Nearness, Query


def passage(name: str, heading: str, text: str, spans: tuple[Span, ...] = ()) -> Passage:
    return Passage(
        id=f"{name}#1",
        document_id=name,
        headings=("Titre", heading),
        text=text,
        scope="local",
        spans=spans,
        digest="0",
    )


def found(question: str, *passages: Passage) -> Found:
    """The passages as found for a question, the first twice as good as the second, and so on."""
    query = Query(question, (), tuple(dict.fromkeys(tokens(question))), (), ACRONYMS)
    hits = tuple(Hit(p, 1.0 / (rank + 1)) for rank, p in enumerate(passages))
    return Found(query, hits, tuple(1 for _ in hits))


def even(passage: Passage) -> Nearness:
    """Every sentence as near."""
    return Nearness(np.zeros(len(sentences(passage.text)), np.float32), 0.0)


def ranked(question: str, *passages: Passage, absences: str = "") -> list[Candidate]:
    """Their sentences, every word as rare as another, every vector as near."""
    return candidates(
        asking(question),
        found(question, *passages),
        lambda _: 1.0,
        even,
        frozenset([absences]),
    )


@pytest.mark.parametrize(
    ("question", "text", "bears"),
    [
        ("Combien d'actions ?", "La convention prévoit 52 actions.", 1.0),
        ("Combien de communes ?", "Trois communes ont signé.", 1.0),
        ("Combien coûte le poste ?", "Le poste est aidé jusqu'à 75 %.", 0.0),  # a rate is no cost
        ("Combien coûte le poste ?", "Le poste coûte 60 000 euros.", 1.0),
        ("Combien d'actions ?", "La convention prévoit des actions.", 0.0),
        ("Quand a-t-elle été signée ?", "La signature date du 8 novembre 2021.", 1.0),
        ("Combien de temps dure une ORT ?", "Une ORT dure au moins cinq ans.", 1.0),
        ("Quand a-t-elle été signée ?", "La convention compte 52 actions.", 0.0),
        ("Qui a signé ?", "La convention est signée par Jean Dupont.", 1.0),
        ("Qui a signé ?", "La signature est celle du préfet.", 1.0),
        ("Qui a signé ?", "La signature est connue de tous.", 0.0),
        ("Où est le siège ?", "Le siège est rue Blaise-Pascal.", 1.0),
        ("C'est quoi une ORT ?", "Une ORT est un contrat.", 1.0),
        ("C'est quoi une ORT ?", "Guichen compte 9 000 habitants.", 0.0),
        (
            "Comment marche une ORT ?",
            "Une ORT aide le centre.",
            1.0,
        ),  # nothing to bear
    ],
)
def test_a_sentence_bears_what_is_asked(question: str, text: str, bears: float) -> None:
    assert [c.bears for c in ranked(question, passage("a", "Convention", text))] == [bears]


def test_a_sentence_answers_under_its_own_heading_not_the_first_of_its_passage() -> None:
    # Two short parts of one page make one passage: « 2 € » is the bus's, « 9 € » the pool's.
    text = "L'entrée est à 2 €.\nLa piscine en 2031\nElle est à 9 €."
    both = passage("a", "Le bus", text)
    pool = text.index("La piscine")
    headings = (("Titre", "Le bus"), ("Titre", "La piscine en 2031"))
    both = replace(both, under=(Under(0, headings[0]), Under(pool, headings[1])))
    cosines = np.array([0.2, 0.7, 0.3], np.float32)
    found_ = found("Combien coûte la piscine en 2031 ?", both)
    listed = candidates(
        asking(found_.query.text), found_, lambda _: 1.0, lambda _: Nearness(cosines, 0.4)
    )
    bus, its = sorted(listed, key=lambda c: c.order)
    # tokens of the question: cout, piscin, 2031; the second heading says two of them
    assert [bus.told, its.told] == pytest.approx([0, 2 / 3])
    assert [bus.heading, its.heading] == pytest.approx([0.4, 0.7])
    assert (bus.elsewhen, its.elsewhen) == (True, False)  # 2031 stands over the second alone


def test_shares_of_the_question_are_weighed() -> None:
    # tokens of the question: sign, convent, ort; the sentence holds two, its heading the third
    [only] = ranked(
        "signée convention ORT ?", passage("a", "L'ORT", "La convention est signée en 2021.")
    )
    assert only.own == pytest.approx(2 / 3)
    assert only.told == 1.0
    assert only.named == 1.0  # ORT, the one acronym, by the heading
    assert only.begins == pytest.approx(2 / 3)
    assert (only.rank, only.order, only.absence, only.elsewhen) == (0, 0, False, False)


def test_questions_headings_and_lead_ins_are_never_quoted() -> None:
    text = (
        "Signature de la convention ORT\nQui signe la convention ORT ?\n"
        "La convention ORT est signée par :\nLa convention ORT est signée par le préfet.\n"
        "Voici qui signe la convention ORT."
    )
    listed = ranked("Qui signe la convention ORT ?", passage("a", "ORT", text))
    assert [c.quote.text for c in listed] == ["La convention ORT est signée par le préfet."]


def test_a_heading_after_a_list_is_not_quoted() -> None:
    text = "La convention prévoit :\n- des logements.\nLes signataires\nLe préfet signe."
    listed = ranked("Que prévoit la convention ?", passage("a", "ORT", text))
    assert "Les signataires" not in {c.quote.text for c in listed}


def test_items_of_a_list_are_quoted_without_their_dash() -> None:
    text = "La convention prévoit :\n- des logements rénovés\n- des commerces aidés"
    listed = ranked("Que prévoit la convention ?", passage("a", "ORT", text))
    assert [c.quote.text for c in listed] == ["des logements rénovés", "des commerces aidés"]


def test_a_table_row_with_its_headers_is_a_sentence() -> None:
    row = replace(passage("a", "Aides", "Commune : Guichen ; Aide : 12 %"), form="row")
    layout = replace(row, text="Guichen ; 12 %")
    told, said_nothing = (ranked("Quelle aide à Guichen ?", each) for each in (row, layout))
    assert [c.quote.text for c in told] == ["Commune : Guichen ; Aide : 12 %"]
    assert said_nothing == []


def test_an_absence_is_told_from_what_is_found() -> None:
    text = "Nous n'avons pas trouvé le budget du marché. Le budget du marché de 2021 est public."
    told = passage("a", "Budget du marché", text, (Span(0, 44, ("A1",), ()),))
    listed = ranked("Quel est le budget du marché ?", told, absences="A1")
    assert {c.quote.text: c.absence for c in listed} == {
        "Nous n'avons pas trouvé le budget du marché.": True,
        "Le budget du marché de 2021 est public.": False,
    }


def test_an_absence_needs_its_words_and_its_fact() -> None:
    text = "Nous n'avons pas trouvé le budget. Le budget est dans la fiche."
    both = passage("a", "Budget", text, (Span(0, 34, ("3",), ()), Span(35, 63, ("A1",), ())))
    listed = ranked("Quel budget ?", both, absences="A1")
    assert [c.absence for c in listed] == [False, False]


def test_nothing_found_says_nothing() -> None:
    assert ranked("Quel budget ?") == []


def test_the_nearest_sentence_is_first_of_two_as_good() -> None:
    text = "La convention aide le centre. La convention aide le bourg."

    def second(passage: Passage) -> Nearness:
        return Nearness(np.array([0.2, 0.8], np.float32), 0.0)

    listed = candidates(
        asking("Que fait la convention ?"),
        found("Que fait la convention ?", passage("a", "Titre", text)),
        lambda _: 1.0,
        second,
    )
    assert [c.quote.text for c in listed][0] == "La convention aide le bourg."
    assert listed[0].score > listed[1].score


def test_a_known_question_may_ask_for_a_sentence_of_a_passage() -> None:
    halls = passage("halles", "Les halles", "Elles ouvrent en mai. Elles ferment en juin.")
    heard = replace(
        found("Quand ouvrent les halles ?", halls),
        likeness=replace(NOTHING, facts={halls.sentence(1): 0.8}, asked={halls.sentence(0): 1}),
    )
    listed = candidates(asking("Quand ?"), heard, lambda _: 1.0, even)
    assert {c.order: c.known for c in listed} == {0: 0.0, 1: 0.8}
    assert {c.order: c.asked > 0 for c in listed} == {0: True, 1: False}


def test_a_bare_term_is_defined_unless_a_sentence_says_more_of_it() -> None:
    meaning = passage("a", "Sigle", "Une ORT est un contrat.")
    number = passage("b", "Numéros", "L'ORT porte le numéro SIREN 200 043 990.")
    texts = {c.quote.text for c in ranked("siren ort", meaning, number)}
    assert texts == {"Une ORT est un contrat.", "L'ORT porte le numéro SIREN 200 043 990."}
    assert {c.quote.text for c in ranked("une ort", meaning, number)} == {"Une ORT est un contrat."}


@pytest.mark.parametrize(
    ("question", "exact"),
    [
        ("75 %, c'est pour qui ?", [1.0, 0.0]),
        ("soixante-quinze pour cent, c'est pour qui ?", [1.0, 0.0]),
        ("qui paie le poste en 2021 ?", [0.0, 0.0]),  # a year is no figure of its own
        ("l'article R. 752-29-5 dit quoi du poste ?", [0.0, 1.0]),
    ],
)
def test_a_sentence_says_the_figure_or_the_article_that_is_asked(
    question: str, exact: list[float]
) -> None:
    rate = passage("a", "Poste", "En 2021, le poste est aidé à 75 %.")
    law = passage("b", "Poste", "L'article R. 752-29-5 fixe les délais du poste.")
    found = {c.quote.passage.id: c.exact for c in ranked(question, rate, law)}
    assert [found["a#1"], found["b#1"]] == exact
