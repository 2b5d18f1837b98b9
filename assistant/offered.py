"""Questions that are published word for word, and how each ended last.

What is one tap away in the widget is what a crowd asks. Where nothing that an answer depends on has
changed, such a question ends as it did. What residents type in words of their own is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Generic, TypeVar

from assistant.answers import Style
from assistant.context import Context
from corpus.catalogue import Town

_KEPT = 128  # of a town: 4 kB each, beside the passages that they cite


def suggestions(town: Town) -> list[str]:
    """The town's own questions, else what any town may be asked."""
    return list(town.suggestions) or [
        "C'est quoi Petites villes de demain ?",
        "C'est quoi une convention ORT ?",
        "Quel est le taux du Denormandie pour 9 ans ?",
    ]


T = TypeVar("T")


class Ends(Generic[T]):
    """How published questions ended in one context; with another context, make another."""

    def __init__(self, context: Context, suggested: Collection[str]) -> None:
        self.context = context
        self._suggested = frozenset(suggested)
        self._kept: dict[tuple[str, Style], T] = {}

    def of(self, question: str, style: Style) -> T | None:
        """How a question ended, said in a style; None when that is not known."""
        return self._kept.get((question, style))

    def keep(self, question: str, style: Style, ended: T) -> None:
        """Keep how a question ended, where it is published."""
        known = self.context.generation.known
        if question not in self._suggested and not known.holds(question):
            return
        if len(self._kept) >= _KEPT:
            self._kept.clear()  # what many ask comes back; threads need no lock
        self._kept[question, style] = ended
