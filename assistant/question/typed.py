"""A message as it is typed, in one form and within bounds."""

from __future__ import annotations

from corpus.text import clean, plain

MAX_QUESTION = 500  # characters; GOV.UK Chat takes 300, French needs more words


def tidy(question: str) -> str:
    """A question in one form: nothing invisible, one space between words, letters as they look."""
    return plain(clean(question))
