from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from townsfolk import ASKED, approved, content, proof

from assistant.assembly import Assistant
from assistant.errors import InputError, JournalUnreachable
from assistant.records import trail
from assistant.records.answers import LONGEST, Answers, State
from assistant.records.store import Store
from index.generation import Generation


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'journal.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def answers(store: Store) -> Answers:
    return Answers(store)


@pytest.fixture
def live(assistant_open: Assistant) -> Generation:
    return assistant_open.retriever.generation


def test_every_act_is_a_version_and_a_line_of_the_trail(
    answers: Answers, store: Store, live: Generation
) -> None:
    made = approved(answers, live)
    changed = answers.revise(made.id, 2, content(live, text="Le 8 novembre 2027."), "marie")
    answers.retire(made.id, changed.number, "paul", "la piscine a changé de nom")
    found = answers.versions(made.id)
    assert [(v.number, v.actor, v.state, v.content.text) for v in found] == [
        (4, "paul", State.RETIRED, "Le 8 novembre 2027."),
        (3, "marie", State.DRAFT, "Le 8 novembre 2027."),
        (2, "paul", State.VALIDATED, "Vous pourrez nager à partir du 8 novembre 2027."),
        (1, "marie", State.DRAFT, "Vous pourrez nager à partir du 8 novembre 2027."),
    ]
    lines = trail.lines(store, 9, f"réponse {made.id}")
    assert [(line.actor, line.action) for line in reversed(lines)] == [
        ("marie", "réponse rédigée"),
        ("paul", "réponse validée"),
        ("marie", "réponse modifiée"),
        ("paul", "réponse retirée"),
    ]
    assert "nager" not in str(lines)


@pytest.mark.parametrize("verb", ["UPDATE validated_versions SET why = ''", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_version(
    answers: Answers, store: Store, live: Generation, verb: str
) -> None:
    approved(answers, live)
    with pytest.raises(JournalUnreachable), store.writing() as connection:
        connection.execute(text(verb.format("validated_versions")))
    assert answers.serial() == 2


def test_who_wrote_an_answer_does_not_approve_it(answers: Answers, live: Generation) -> None:
    made = answers.draft(content(live), "marie")
    with pytest.raises(InputError, match="seconde personne"):
        answers.validate(made.id, 1, "marie", live, second=True)
    again = answers.validate(made.id, 1, "paul", live, second=True)
    assert (again.author, again.actor) == ("marie", "paul")
    # Approving another's words makes nobody their author.
    other = answers.draft(content(live, wordings=("et les horaires de la piscine",)), "marie")
    assert answers.validate(other.id, 1, "marie", live, second=False).state is State.VALIDATED


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("wordings", (" ?",), "une question"),
        ("text", " \n", "la réponse"),
        ("proofs", (), "un passage"),
        ("owner", "", "le service"),
        ("expires", "", "une date"),
        ("expires", (date.today() - timedelta(days=1)).isoformat(), "jusqu'au"),
    ],
)
def test_only_a_whole_answer_is_validated(
    answers: Answers, live: Generation, field: str, value: object, told: str
) -> None:
    made = answers.draft(content(live, **{field: value}), "marie")
    with pytest.raises(InputError, match=told):
        answers.validate(made.id, 1, "paul", live, second=True)
    assert answers.versions(made.id)[0].state is State.DRAFT


def test_words_that_no_passage_says_prove_nothing(answers: Answers, live: Generation) -> None:
    false = replace(proof(live), quote="La piscine est gratuite.")
    made = answers.draft(content(live, proofs=(false,)), "marie")
    with pytest.raises(InputError, match="ne sont pas dans le passage"):
        answers.validate(made.id, 1, "paul", live, second=True)
    # Nor do words said to stand elsewhere in it: they are cited where they are.
    moved = answers.draft(content(live, proofs=(replace(proof(live), start=3),)), "marie")
    validated = answers.validate(moved.id, 1, "paul", live, second=True)
    assert validated.content.proofs == (proof(live),)


def test_a_change_is_not_written_over_another(answers: Answers, live: Generation) -> None:
    made = answers.draft(content(live), "marie")
    answers.revise(made.id, 1, content(live, owner="Mairie"), "paul")
    acts: list[Callable[[], object]] = [
        lambda: answers.revise(made.id, 1, content(live, owner="Autre"), "marie"),
        lambda: answers.validate(made.id, 1, "paul", live, second=False),
        lambda: answers.retire(made.id, 1, "paul", ""),
    ]
    for act in acts:
        with pytest.raises(InputError, match="entre-temps"):
            act()
    with pytest.raises(InputError, match="pas de réponse n° 99"):
        answers.versions(99)


def test_one_question_has_one_answer(answers: Answers, live: Generation) -> None:
    approved(answers, live)
    other = answers.draft(content(live, wordings=("LA PISCINE OUVRE QUAND ?",)), "marie")
    with pytest.raises(InputError, match="n° 1 répond déjà"):
        answers.validate(other.id, 1, "paul", live, second=True)


def test_what_is_written_is_tidied_and_bounded(answers: Answers, live: Generation) -> None:
    wordings = (f"  {ASKED} ", ASKED.upper(), "", "autre   question")
    made = answers.draft(content(live, wordings=wordings, text=" un \r\n\n deux  mots "), "marie")
    assert made.content.wordings == (ASKED, "autre question")
    assert made.content.text == "un\ndeux mots"
    for wrong in (
        {"text": "a" * (LONGEST + 1)},
        {"wordings": tuple(f"question {n}" for n in range(31))},
        {"wordings": ("a" * 301,)},
        {"expires": "demain"},
    ):
        with pytest.raises(InputError):
            answers.draft(content(live, **wrong), "marie")


def test_what_has_fallen_is_set_aside_once(answers: Answers, live: Generation) -> None:
    kept = approved(answers, live)
    expiring = approved(
        answers, live, wordings=("la piscine sera-t-elle chauffée",),
        expires=date.today().isoformat(),
    )  # fmt: skip
    assert answers.sweep(live, date.today()) == []
    tomorrow = date.today() + timedelta(days=1)
    assert [version.id for version in answers.sweep(live, tomorrow)] == [expiring.id]
    assert answers.sweep(live, tomorrow) == []
    last = answers.versions(expiring.id)[0]
    assert (last.state, last.actor, last.number) == (State.REVIEW, trail.ASSISTANT, 3)
    assert "valait jusqu'au" in last.why
    assert answers.versions(kept.id)[0].state is State.VALIDATED
