"""What an operator can fix, besides corpus.errors and index.errors."""

from __future__ import annotations


class InputError(Exception):
    """A file or a question that a command cannot take; the message, in French, says why."""


class JournalError(Exception):
    """The journal's address or content cannot be used; the message, in French, says why."""


class JournalUnusable(JournalError):
    """The address is wrong, or its driver is missing."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Le journal ne peut pas être ouvert ({reason}). Corrigez ASSISTANT_JOURNAL, ou "
            "installez le pilote Python de cette base."
        )


class JournalMismatch(JournalError):
    """Another version of the assistant, or another program, made the tables.

    Writing to them would lose answers without a word, or mix them with others' data.
    """

    def __init__(self, url: str, found: int | None, wanted: int) -> None:
        which = "d'un autre programme" if found is None else f"au format {found}"
        super().__init__(
            f"Le journal {url} est {which} ; cette version de l'assistant écrit le format "
            f"{wanted}. Mettez l'assistant à jour, ou donnez une autre adresse à ASSISTANT_JOURNAL."
        )


class JournalUnreachable(JournalError):
    """The database does not answer, now."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Le journal ne répond pas ({reason}). Réessayez dans quelques minutes.")
