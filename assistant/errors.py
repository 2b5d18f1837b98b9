"""What an operator can fix, besides corpus.errors and index.errors."""

from __future__ import annotations


class InputError(Exception):
    """A file or a question that a command cannot take; the message, in French, says why."""
