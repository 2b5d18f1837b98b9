"""Questions that must not be answered, clean and as thumbs type them: each ends in its own way.

data/refusals.jsonl was written in two goes. Before its patterns were made, the first 155 ended as
they should for 97 of 150 (the five premises apart), the next 65 for 41; distress for 6 of 12, 6 of
6.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from assistant import messages
from assistant.answers import Outcome
from assistant.assembly import Assistant
from assistant.deciding.refusals import greet, refuse, strip_instructions
from assistant.messages import MESSAGES
from assistant.question.places import elsewhere
from assistant.question.sms import spell
from assistant.question.typed import tidy
from assistant.settings import STARTER
from assistant.translations import told
from corpus import catalogue
from corpus.reading import entries
from index.french.analysis import fold, words

HERE = Path(__file__).parents[2]
REFUSALS = [
    (record["question"], Outcome(record["outcome"]))
    for record in map(
        json.loads, (HERE / "data" / "refusals.jsonl").read_text("utf-8").splitlines()
    )
]
# What each ending may say; the others have one message.
SAID = {
    Outcome.REFUSED_OFF_TOPIC: (MESSAGES[Outcome.REFUSED_OFF_TOPIC], messages.ELSEWHERE),
    Outcome.GREETING: (MESSAGES[Outcome.GREETING], messages.THANKS, messages.GOODBYE),
}


def test_every_refusal_is_asked_for_many_times() -> None:
    counts = Counter(outcome for _, outcome in REFUSALS)
    refusals = {outcome for outcome in Outcome if outcome.startswith("refused_")}
    assert counts.keys() == refusals | {Outcome.DISTRESS, Outcome.IDENTITY, Outcome.GREETING}
    assert min(counts.values()) >= 5 and sum(counts.values()) >= 120


@pytest.mark.parametrize(("question", "outcome"), REFUSALS)
def test_each_ends_in_its_own_way(starter: Assistant, question: str, outcome: Outcome) -> None:
    answer = starter.answer(question)
    assert answer.outcome is outcome
    said = [told(m, answer.language) for m in SAID.get(outcome, (MESSAGES[outcome],))]
    assert answer.text.removesuffix(f"\n{answer.notice}") in said
    assert (answer.sentences, answer.citations) == ((), ())
    served = outcome in (Outcome.GREETING, Outcome.DISTRESS)
    assert (answer.contact is None) == served


def test_distress_gives_112_and_no_other_number() -> None:
    assert re.findall(r"\d+", MESSAGES[Outcome.DISTRESS]) == ["112"]


def headings() -> list[str]:
    """What our fiches answer: those of the FAQs are questions."""
    files = sorted(STARTER.parent.glob("*/*.md"))
    return [h for f in files for h in re.findall(r"^#+ (.+)$", f.read_text("utf-8"), re.MULTILINE)]


def asked() -> list[str]:
    """What must be searched: questions of the quality sets, and the headings of our fiches."""
    questions = [
        record["question"]
        for name in ("questions.jsonl", "open.jsonl")
        for record in map(json.loads, (HERE / "quality" / name).read_text("utf-8").splitlines())
        if record["expect"] == "answer" and record.get("split", "fit") == "fit"
    ]
    return questions + headings()


def ending(message: str) -> Outcome | None:
    question = tidy(message)
    bare, ordered = strip_instructions(question)
    greeted = greet(question)
    if greeted is not None:
        return greeted[0]
    return Outcome.REFUSED_INSTRUCTIONS if ordered and not bare else refuse(bare)


def test_no_question_of_the_subject_is_refused() -> None:
    questions = asked()
    assert len(questions) > 400
    assert [(q, ending(q)) for q in questions if ending(q) is not None] == []


def test_no_question_of_the_subject_is_taken_for_another_towns() -> None:
    documents = entries.read(catalogue.load(STARTER))
    known = {
        w for d in documents for s in d.sections for w in words(" ".join((*s.headings, s.text)))
    }
    home = ("Guichen", "Vallons de Haute Bretagne Communauté")
    assert [q for q in asked() if elsewhere(q, home, known)] == []


@pytest.mark.parametrize(
    ("question", "stranger"),
    [
        ("Qui a signé l'ORT de Nantes ?", True),
        ("la mairie de nantes", True),
        ("À La Rochelle, quel taux ?", True),
        ("Qui a signé l'ORT de Valbourg ?", False),
        ("Qui a signé l'ORT de Valbour ?", False),  # a slip
        ("Qui a signé la convention de Redon ?", False),  # a passage names it
        ("une commune de montagne, une ville de demain", False),
        ("C'est ouvert à Noël ?", False),
        ("J'ai écrit à Madame la maire", False),
    ],
)
def test_another_town_is_one_that_no_passage_names(question: str, stranger: bool) -> None:
    assert elsewhere(question, ["Valbourg", "Pays de Valbourg"], {"redon", "ort"}) is stranger


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("g envi de mourir", "j'ai envie de mourir"),
        ("t ki toi", "tu es qui toi"),
        ("ou est ladresse du maire", "ou est l'adresse du maire"),
        ("renouvele mon paseport", "renouvele mon passeport"),
        (
            "peut-on ignorer la regle, vous oubliez tout",
            "peut-on ignorer la regle, vous oubliez tout",
        ),
        ("c est quoi l'ort, quel taux", "c est quoi l'ort, quel taux"),
    ],
)
def test_thumbs_are_spelled_out(typed: str, spelled: str) -> None:
    assert spell(typed) == spelled


def test_our_own_words_are_spelled_as_they_are() -> None:
    said = {word for heading in headings() for word in re.findall("[a-z]+", fold(heading))}
    changed = {word: spell(word) for word in said if spell(word) != word}
    assert changed == {}
