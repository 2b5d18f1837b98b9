"""The turns before a question, as doors bring them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_TURNS = 20  # messages: ten questions, wishes among them, and their answers
MAX_CHARACTERS = 2000  # of a turn: « détaille le deuxième » reads the answer before it


@dataclass(frozen=True, slots=True)
class Message:
    """One turn before the question; `role` is "user" or "assistant"."""

    role: str
    content: str


def messages(history: Sequence[Message | str | Mapping[str, str]]) -> tuple[Message, ...]:
    """The last turns; plain strings are the resident's and the assistant's, in turn."""
    read = []
    for position, turn in enumerate(history):
        if isinstance(turn, str):
            turn = Message(("user", "assistant")[position % 2], turn)
        elif not isinstance(turn, Message):
            turn = Message(turn["role"], turn["content"])
        read.append(Message(turn.role, turn.content[:MAX_CHARACTERS]))
    return tuple(read[-MAX_TURNS:])
