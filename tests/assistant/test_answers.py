from __future__ import annotations

from assistant.answers import CITING, Answer, Outcome


def test_only_endings_with_sentences_cite() -> None:
    assert CITING == {
        Outcome.ANSWERED,
        Outcome.PARTIAL,
        Outcome.NOT_PUBLISHED,
        Outcome.FAILED_MODEL,
    }


def test_outcomes_travel_as_their_own_names() -> None:
    assert {outcome.value for outcome in Outcome} == {outcome.name.lower() for outcome in Outcome}


def test_a_refusal_cites_nothing_unless_told() -> None:
    answer = Answer(id="1", outcome=Outcome.REFUSED_ABUSE, text="Non.")
    assert (answer.sentences, answer.citations, answer.nearest) == ((), (), ())
    assert answer.contact is None
