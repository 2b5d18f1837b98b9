"""What an operator can fix, besides corpus.errors and index.errors."""

from __future__ import annotations

from enum import StrEnum


class InputError(Exception):
    """A file or a question that a command cannot take; the message, in French, says why."""


class Incomplete(Exception):
    """A file that the assistant ships with is gone; the message, in French, names it."""


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

    def __init__(self, url: str, found: str, wanted: str) -> None:
        which = f"à la version {found}" if found else "d'un autre programme"
        super().__init__(
            f"Le journal {url} est {which} ; cette version de l'assistant écrit la version "
            f"{wanted}. Mettez l'assistant à jour, ou donnez une autre adresse à ASSISTANT_JOURNAL."
        )


class JournalUnreachable(JournalError):
    """The database does not answer, now."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Le journal ne répond pas ({reason}). Réessayez dans quelques minutes.")


class Cause(StrEnum):
    """Why a language model did not write to the end."""

    BUSY = "busy"  # too many questions at once
    BUDGET = "budget"  # the day's allowance is spent
    RESTING = "resting"  # it kept failing: the breaker is open
    CLOSED = "closed"  # the server is stopping
    UNREACHABLE = "unreachable"
    STATUS = "status"  # an HTTP status that is no answer
    LIMITED = "limited"  # 429
    DENIED = "denied"  # 401, 403: the key
    SLOW = "slow"  # no first word in time
    SILENT = "silent"  # nothing more in time
    LONG = "long"  # not whole in time
    SIZE = "size"
    EMPTY = "empty"
    CUT = "cut"  # the end came without finish_reason "stop"
    UNREADABLE = "unreadable"
    STALLED = "stalled"  # no further sentence in time
    LEFT = "left"  # nobody waits for the answer any more


class ModelFailed(Exception):
    """A language model did not write to the end; quotations answer instead.

    `rest` is for how many seconds it should not be asked again, None for the usual. The message
    never holds what the endpoint said: it may repeat the question or the key.
    """

    def __init__(self, cause: Cause, rest: float | None = None, detail: str = "") -> None:
        super().__init__(f"{cause} ({detail})" if detail else str(cause))
        self.cause = cause
        self.rest = rest
