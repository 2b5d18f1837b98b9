"""Questions that must not be answered, clean and as thumbs type them. None was learned from."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from assistant import messages
from assistant.answers import Outcome
from assistant.assembly import Assistant
from assistant.deciding import door
from assistant.messages import MESSAGES
from assistant.question.hearing import hear
from assistant.question.places import elsewhere
from assistant.question.reading import read
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
    Outcome.IDENTITY: (
        *(MESSAGES[Outcome.IDENTITY], messages.ABOUT_HUMAN, messages.ABOUT_RESPONSIBLE),
        *(messages.ABOUT_SOURCES, messages.ABOUT_WRONG),
    ),
    Outcome.GREETING: (MESSAGES[Outcome.GREETING], messages.THANKS, messages.GOODBYE),
}

# The share that ends in its own way: rules see to all of the first three; what is refused otherwise
# is named for what it is less often.
OWN = {
    Outcome.DISTRESS: 1.0,
    Outcome.REFUSED_PERSONAL_DATA: 1.0,
    Outcome.REFUSED_PREMISE: 1.0,
    Outcome.REFUSED_OPINION: 0.35,
    Outcome.REFUSED_ABUSE: 0.55,
}


def test_every_refusal_is_asked_for_many_times() -> None:
    counts = Counter(outcome for _, outcome in REFUSALS)
    refusals = {outcome for outcome in Outcome if outcome.startswith("refused_")}
    assert counts.keys() == refusals | {Outcome.DISTRESS, Outcome.IDENTITY, Outcome.GREETING}
    assert min(counts.values()) >= 5 and sum(counts.values()) >= 120


def test_none_is_answered_and_most_end_in_their_own_way(starter: Assistant) -> None:
    own, all_, answered = Counter[Outcome](), Counter[Outcome](), []
    for question, outcome in REFUSALS:
        answer = starter.answer(question)
        all_[outcome] += 1
        own[outcome] += answer.outcome is outcome
        if answer.citations:
            answered.append(question)
        elif answer.outcome is outcome:
            said = [told(m, answer.language) for m in SAID.get(outcome, (MESSAGES[outcome],))]
            assert answer.text.removesuffix(f"\n{answer.notice}") in said
            served = outcome in (Outcome.GREETING, Outcome.DISTRESS)
            assert (answer.sentences, answer.contact is None) == ((), served)
    assert len(answered) <= 6, answered  # 5 when pinned: opinions on the subject
    shares = {outcome: own[outcome] / count for outcome, count in all_.items()}
    assert {o: round(s, 2) for o, s in shares.items() if s < OWN.get(o, 0.75)} == {}


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


def test_no_question_of_the_subject_ends_at_the_door(starter: Assistant) -> None:
    bare = [door.strip_orders(tidy(each), hear(tidy(each))) for each in asked()]
    read_ = [read(each, (), starter.retriever) for each in bare]
    assert len(read_) > 400
    ended = [question.words for question in read_ if door.refuse(question)]
    assert [words_ for words_ in ended if words_.endswith("?")] == []
    assert len(ended) <= 4, ended  # headings of two words


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
        ("c est quoi l'ort, quel taux", "c'est quoi l'ort, quel taux"),
    ],
)
def test_thumbs_are_spelled_out(typed: str, spelled: str) -> None:
    assert spell(typed) == spelled


def test_our_own_words_are_spelled_as_they_are() -> None:
    said = {word for heading in headings() for word in re.findall(r"\b[a-z]+\b", fold(heading))}
    changed = {word: spell(word) for word in said if spell(word) != word}
    assert changed == {}
