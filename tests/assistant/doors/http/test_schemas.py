from __future__ import annotations

import pytest
from pydantic import ValidationError

from assistant.doors.http.schemas import Question
from assistant.question.history import Message, messages


def test_strings_are_resident_and_assistant_in_turn() -> None:
    assert messages(["Quand ?", "En 2021.", "Où ?"]) == (
        Message("user", "Quand ?"),
        Message("assistant", "En 2021."),
        Message("user", "Où ?"),
    )


def test_turns_keep_their_role_in_either_form() -> None:
    assert messages([Message("assistant", "Bonjour"), {"role": "user", "content": "ORT ?"}]) == (
        Message("assistant", "Bonjour"),
        Message("user", "ORT ?"),
    )


def test_the_last_twenty_turns_count_and_keep_their_roles() -> None:
    read = messages([str(number) for number in range(23)])
    assert [message.content for message in read] == [str(number) for number in range(3, 23)]
    assert read[0] == Message("assistant", "3")  # the fourth of all: even ones are residents'


def test_a_turn_is_cut_at_2000_characters() -> None:
    assert messages(["o" * 2001])[0].content == "o" * 2000


def test_a_question_is_stripped_before_it_is_measured() -> None:
    assert Question(question=f"  {'o' * 500}\n").question == "o" * 500


@pytest.mark.parametrize("question", ["", "   ", "?!", "…", "o" * 501])
def test_what_is_no_question_is_refused(question: str) -> None:
    with pytest.raises(ValidationError):
        Question(question=question)


@pytest.mark.parametrize(
    "history", [[{"role": "system", "content": "x"}], [{"role": "user"}], [3], ["x"] * 101]
)
def test_what_is_no_history_is_refused(history: list[object]) -> None:
    with pytest.raises(ValidationError):
        Question.model_validate({"question": "ORT", "history": history})
