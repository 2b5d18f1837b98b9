from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.question.asking import asking
from assistant.quoting.citations import BULLET, Quote
from assistant.quoting.composing import Worth, compose, conditions, joined, leans, limits
from assistant.quoting.lists import MAX_ITEMS
from assistant.quoting.ranking import MAX_SENTENCES, Candidate, candidates
from corpus.documents import Span
from index.french.analysis import ACRONYMS, sentences, tokens
from index.passages import Hit, Passage
from index.search.retriever import Found, Nearness, Query


def passages(heading: str, *texts: str) -> list[Passage]:
    """The passages of one document, « a#1 » first, under one heading."""
    return [
        Passage(
            id=f"a#{n}",
            document_id="a",
            headings=("Titre", heading),
            text=text,
            scope="local",
            digest="0",
        )
        for n, text in enumerate(texts, 1)
    ]


def query(question: str) -> Query:
    return Query(question, (), tuple(dict.fromkeys(tokens(question))), (), ACRONYMS)


def ranked(question: str, document: list[Passage], absences: str = "") -> list[Candidate]:
    hits = tuple(Hit(p, 1.0 / (rank + 1)) for rank, p in enumerate(document))
    found = Found(query(question), hits, tuple(1 for _ in hits))
    return candidates(
        asking(question),
        found,
        lambda _: 1.0,
        even,
        frozenset([absences]),
    )


def even(passage: Passage) -> Nearness:
    """Every sentence as near."""
    return Nearness(np.zeros(len(sentences(passage.text)), np.float32), 0.0)


def equal(listed: list[Candidate]) -> list[Candidate]:
    """The same sentences, one as good as another."""
    return [
        replace(c, own=1.0, told=1.0, named=1.0, bears=1.0, counted=1.0, begins=1.0, score=0.0)
        for c in listed
    ]


def shown(
    question: str,
    document: list[Passage],
    listed: list[Candidate] | None = None,
    worth: Worth = lambda listed: float(listed[0].own > 0),
) -> str:
    """All that is shown, where a sentence that says a word of the question may answer it."""
    by_id = {passage.id: passage for passage in document}
    quotes = compose(
        ranked(question, document) if listed is None else listed,
        asking(question),
        query(question),
        lambda passage, step: by_id.get(f"a#{int(passage.id[2:]) + step}"),
        worth,
    )
    assert all(quote.text in quote.passage.text for quote in quotes)
    return "".join(quote.before + quote.text for quote in quotes).strip()


def test_the_sentence_that_answers_is_shown_alone() -> None:
    text = "La convention ORT est signée le 8 novembre 2021. Le marché se tient sous les halles."
    said = shown("Quand la convention ORT est-elle signée ?", passages("ORT", text))
    assert said == "La convention ORT est signée le 8 novembre 2021."


def test_sentences_as_good_are_shown_in_reading_order() -> None:
    text = "La convention ORT vise le bourg. Guichen signe la convention ORT. La pluie tombe."
    document = passages("Convention ORT", text)
    question = "Comment Guichen signe la convention ORT ?"
    assert shown(question, document, equal(ranked(question, document))) == text


def test_a_further_sentence_answers_too_or_is_not_shown() -> None:
    text = "La convention ORT vise le bourg. Guichen signe la convention ORT."
    document = passages("Convention ORT", text)
    question = "Comment Guichen signe la convention ORT ?"
    listed = equal(ranked(question, document))

    def doubt(candidates: Sequence[Candidate]) -> float:
        return 0.9 if candidates[0] is listed[0] else 0.2

    assert shown(question, document, listed, doubt) == listed[0].quote.text
    known = [replace(candidate, known=0.5) for candidate in listed]
    assert shown(question, document, known, lambda c: 0.9 if c[0] is known[0] else 0.2) == text


def test_what_answers_is_not_said_twice() -> None:
    text = (
        "La convention ORT est signée par Jeanne Dupont à Rennes le 8 novembre 2021. "
        "Le 8 novembre 2021, le préfet et huit maires ont fêté la convention ORT sous les halles."
    )
    document = passages("Convention ORT", text)
    listed = equal(ranked("Quand la convention ORT est-elle signée ?", document))
    said = shown("Quand la convention ORT est-elle signée ?", document, listed)
    assert said == listed[0].quote.text
    assert shown("Parle-moi de la convention ORT", document, listed) == text


def test_what_says_less_adds_nothing_to_a_direct_answer() -> None:
    text = (
        "Le préfet a signé la convention ORT de Guichen. "
        "La convention ORT de Guichen apporte des moyens à Jean Dupont."
    )
    document = passages("Signature", text)
    asked_one_thing = shown("Qui a signé la convention ORT de Guichen ?", document)
    assert asked_one_thing == "Le préfet a signé la convention ORT de Guichen."
    assert shown("Parle-moi de la convention ORT de Guichen", document) == text


def test_the_direct_answer_comes_first() -> None:
    text = "Guichen a un maire. Le marché de Guichen compte 52 étals. Il pleut au marché."
    document = passages("Marché", text)
    question = "Combien d'étals compte le marché de Guichen ?"
    listed = ranked(question, document)
    assert listed[0].quote.text == "Le marché de Guichen compte 52 étals."
    assert shown(question, document, equal(listed)).startswith(
        "Le marché de Guichen compte 52 étals. Guichen a un maire."
    )


def test_the_same_thing_is_not_said_twice() -> None:
    said = "Guichen signe la convention ORT en 2021."
    document = passages("Convention ORT", said, "La convention ORT, Guichen la signe en 2021.")
    assert shown("Quand Guichen signe la convention ORT ?", document) == said


def test_at_most_four_sentences_are_chosen() -> None:
    names = "rénove achète loue vend répare démolit".split()
    text = " ".join(f"Guichen {name} un logement différent{n}." for n, name in enumerate(names))
    document = passages("Guichen", text)
    question = "Comment fait Guichen ?"
    said = shown(question, document, equal(ranked(question, document)))
    assert said.count("Guichen") == MAX_SENTENCES


def test_what_is_not_found_is_never_mixed_with_what_is() -> None:
    text = "Nous n'avons pas trouvé le budget du marché. Le budget du marché de 2021 est public."
    document = [replace(p, spans=(Span(0, 44, ("A1",), ()),)) for p in passages("Budget", text)]
    question = "Quel est le budget du marché ?"
    listed = equal(ranked(question, document, absences="A1"))
    assert shown(question, document, listed) == listed[0].quote.text


def test_nothing_found_says_nothing() -> None:
    assert shown("Quel budget ?", [], []) == ""


# Sentences that go together


@pytest.mark.parametrize(
    ("text", "leaning"),
    [
        ("Elle dure cinq ans.", True),
        ("Cette aide est versée en juin.", True),
        ("Ce sont les maires qui signent.", True),
        ("Toutefois, le loyer est plafonné.", True),
        ("Son montant est de 12 %.", True),
        ("Il doit être loué nu.", True),
        ("Il faut un permis.", False),
        ("Il existe deux aides.", False),
        ("Il est interdit de louer meublé.", False),
        ("Ce que finance l'État se lit ici.", False),
        ("Cesson signe aussi.", False),
        ("La convention dure cinq ans.", False),
    ],
)
def test_leans(text: str, leaning: bool) -> None:
    assert leans(text) is leaning


@pytest.mark.parametrize(
    ("text", "limiting"),
    [
        ("Toutefois, les garages sont exclus.", True),
        ("Sauf en zone A, le taux est le même.", True),
        ("Ce montant est plafonné.", True),
        ("Elle s'applique seulement aux bailleurs.", True),
        ("Elle est versée par l'Anah.", False),
        ("Cette réunion est publique.", False),
        ("Le taux est de 12 %.", False),
    ],
)
def test_limits(text: str, limiting: bool) -> None:
    assert limits(text) is limiting


def test_a_condition_is_never_left_out() -> None:
    text = (
        "Le marché a lieu le dimanche. L'aide aux travaux est de 500 euros. Toutefois, elle ne "
        "dépasse pas le quart du devis. Les halles sont rouges."
    )
    assert shown("Quel est le montant de l'aide aux travaux ?", passages("Aide", text)) == (
        "L'aide aux travaux est de 500 euros. Toutefois, elle ne dépasse pas le quart du devis."
    )


def test_what_a_right_is_tied_to_comes_with_it_under_its_own_name() -> None:
    text = (
        "La halle est ouverte aux magasins du centre. L'exonération de taxe est de cinq ans. "
        "L'exonération n'est pas automatique : le conseil doit la voter. La halle est rouge."
    )
    assert shown("Quelle est la durée de l'exonération de taxe ?", passages("Taxe", text)) == (
        "L'exonération de taxe est de cinq ans. L'exonération n'est pas automatique : le conseil "
        "doit la voter."
    )


def test_answers_joined_are_not_cut_inside_a_list_nor_before_a_condition() -> None:
    listed = [Quote(passages("Aides", AIDS)[0], 0, 2, BULLET) for _ in range(5)]
    listed = [replace(quote, start=n, end=n + 1) for n, quote in enumerate(listed)]
    assert len(joined([listed])) == 5
    text = "Un. Deux. L'aide est de 500 euros. Toutefois, elle finit en mai. Quatre."
    plain = [Quote(passages("Aide", text)[0], *span) for span in sentences(text)]
    assert [quote.text for quote in joined([plain])][-1] == "Toutefois, elle finit en mai."


def test_a_pronoun_brings_what_it_stands_for() -> None:
    text = "La halle est rouge. La convention engage la commune. Elle est signée en mai 2021."
    assert shown("Quand a-t-elle été signée ?", passages("Convention", text)) == (
        "La convention engage la commune. Elle est signée en mai 2021."
    )


def test_what_a_pronoun_stands_for_may_end_the_passage_before() -> None:
    document = passages("Convention", "La convention engage la commune.", "Elle finit en mai 2027.")
    listed = ranked("Quand finit-elle ?", document)
    assert [c.quote.text for c in listed[:1]] == ["Elle finit en mai 2027."]
    assert shown("Quand finit-elle ?", document, listed[:1]) == (
        "La convention engage la commune. Elle finit en mai 2027."
    )


def test_what_others_also_did_comes_after_who_did_it() -> None:
    text = "La convention a été signée par l'État. Les trois communes ont aussi signé en mai 2021."
    document = passages("Convention", text)
    listed = ranked("Quelles communes ont signé ?", document)
    assert listed[0].quote.text == "Les trois communes ont aussi signé en mai 2021."
    assert shown("Quelles communes ont signé ?", document, listed[:1]) == text


# Lists

AIDS = (
    "Quatre aides existent. Ces quatre aides sont :\n- l'isolation ;\n- le chauffage ;\n- le toit."
)


def test_a_list_is_shown_whole_with_what_announces_it() -> None:
    question, document = "Quelles aides existent pour le toit ?", passages("Aides", AIDS)
    roof = [c for c in ranked(question, document) if c.quote.text == "le toit."]
    assert shown(question, document, roof).endswith(
        "Ces quatre aides sont :\n- l'isolation ;\n- le chauffage ;\n- le toit."
    )


def test_an_item_that_is_a_sentence_may_stand_without_the_others_not_without_its_head() -> None:
    text = "N'ont plus cours :\n- L'Anah aide à isoler.\n- La Région aide les commerces."
    document = passages("Aides", text)
    assert shown("Que fait la Région pour les commerces ?", document) == (
        "N'ont plus cours :\nUn de ces 2 points ; la liste entière se lit dans le document cité :\n"
        "- La Région aide les commerces."
    )
    assert shown("Quelles sont les aides de la Région ?", document) == text


def test_a_list_that_nothing_announces_comes_after_its_heading() -> None:
    document = passages("Ce qui est interdit", "- Le volet roulant\n- Le climatiseur en façade")
    assert shown("Puis-je poser un climatiseur en façade ?", document) == (
        "« Ce qui est interdit » :\n- Le volet roulant\n- Le climatiseur en façade"
    )


def test_a_list_of_one_point_is_not_said_to_be_cut() -> None:
    document = passages("Terrasse", "Le type choisi est :\n- la terrasse ouverte.")
    assert shown("Quel type de terrasse ?", document) == (
        "Le type choisi est :\n- la terrasse ouverte."
    )


def test_a_list_cut_in_two_passages_is_one() -> None:
    document = passages("Pièces", "Les pièces à fournir sont :\n- un devis ;", "- un acte.\nVoilà.")
    assert shown("Quelles pièces fournir ?", document, ranked("Un acte ?", document)[:1]) == (
        "Les pièces à fournir sont :\n- un devis ;\n- un acte."
    )


def test_a_long_list_that_was_not_asked_for_says_how_many_items_it_has() -> None:
    items = "\n".join(f"- la commune numéro {n}" for n in range(MAX_ITEMS + 6))
    document = passages("Communes", f"Les communes sont :\n{items}")
    said = shown("La commune numéro 7 en est-elle ?", document)
    assert said.startswith("Les communes sont :\n")
    assert re.search(
        r"de ces 18 points ; la liste entière se lit dans le document cité :\n- ", said
    )
    assert "\n- la commune numéro 7" in said


def test_a_list_that_was_asked_for_is_shown_whole() -> None:
    items = "\n".join(f"- la commune numéro {n}" for n in range(MAX_ITEMS + 6))
    document = passages("Communes", f"Les communes sont :\n{items}")
    said = shown("Quelles sont les communes, dont la numéro 7 ?", document)
    assert said == f"Les communes sont :\n{items}"


def test_words_after_a_list_begin_a_line() -> None:
    document = passages("Aides", f"{AIDS}\nLes aides existent depuis 2020.")
    said = shown("Quelles aides existent ?", document, equal(ranked("Aides ?", document)))
    assert said.endswith("- le toit.\nLes aides existent depuis 2020.")


# Yes or no


@pytest.mark.parametrize(
    ("question", "closed"),
    [
        ("Est-ce que Guichen est une PVD ?", True),
        ("Guichen est-elle une PVD ?", True),
        ("Faut-il un permis ?", True),
        ("vhbc a signé un crte ou pas", True),
        ("Qui a signé ?", False),
        ("Comment signe-t-on ?", False),
        ("Qu'est-ce que l'ORT ?", False),
        ("Quelles communes ont signé ?", False),
        ("conditions de classement", False),
    ],
)
def test_is_closed(question: str, closed: bool) -> None:
    assert asking(question).closed is closed


UNDER_ITS_QUESTION = "« Peut-on louer meublé ? » Non, le logement est loué nu."


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Peut-on louer meublé ?", "Non, le logement est loué nu."),
        # The contrary of what was asked there, then a question that is no yes or no.
        ("Peut-on ne pas louer meublé ?", UNDER_ITS_QUESTION),
        ("Comment louer meublé ?", UNDER_ITS_QUESTION),
        ("Le logement a-t-il un jardin ?", UNDER_ITS_QUESTION),
    ],
)
def test_no_is_said_to_the_question_it_answers_only(question: str, said: str) -> None:
    document = passages("Peut-on louer meublé ?", "Non, le logement est loué nu.")
    assert shown(question, document) == said


def test_what_answers_another_question_gives_way_to_what_states_as_much() -> None:
    faq = passages("PVD, c'est le plan de relance ?", "Oui, PVD est un instrument du plan.")[0]
    fiche = replace(faq, id="a#2", headings=("T", "Le plan"), text="Du plan, PVD est l'instrument.")
    both = [replace(p, spans=(Span(0, len(p.text), ("6",), ()),)) for p in (faq, fiche)]
    question = "De quel plan PVD est-il l'instrument ?"
    assert shown(question, both, equal(ranked(question, both))) == fiche.text


def test_conditions_are_those_beside_the_first_quotation_that_it_does_not_say() -> None:
    text = (
        "Les artisans ont droit à l'aide. La commune doit avoir moins de 5 000 habitants. "
        "Elle doit le demander. L'aide est de 3 000 €."
    )
    document = passages("Aide", text, "Le dossier doit être complet.")
    right = next(
        c.quote for c in ranked("Qui a droit à l'aide ?", document) if "droit" in c.quote.text
    )
    assert [q.text for q in conditions([right])] == [
        "La commune doit avoir moins de 5 000 habitants."
    ]
    assert conditions([]) == ()
