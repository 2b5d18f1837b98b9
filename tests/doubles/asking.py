"""A question put to the pipeline by a test, in a context of the test's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.answers import Answer, Style
from assistant.context import Context
from assistant.pipeline import STEPS, Request, Show, Stage, Step, run, silent
from assistant.question.history import Message
from index.search.retriever import Retriever


def ask(
    retriever: Retriever,
    question: str,
    *,
    history: Sequence[Message] = (),
    style: Style = Style.STANDARD,
    show: Show = silent,
    steps: Sequence[Step] = STEPS,
    **context: Any,
) -> Answer:
    """The answer; `context` has fields of Context."""
    return run(Request(question, history, style), stage(retriever, show, **context), steps)[0]


def stage(retriever: Retriever, show: Show = silent, **context: Any) -> Stage:
    """Where steps work, in the context of these fields."""
    return Stage(replace(Context(retriever), **context), show)
