"""The validated answers of a running server: read again when they change, hardly waited for.

The database is looked at every few seconds, by a thread of its own: no question waits for it but
the first, for a moment, and what it cannot give now is what it gave last. What has fallen is marked
« à revoir » then.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from datetime import date

from assistant.errors import JournalError
from assistant.records.answers import Answers, State
from assistant.records.store import Store, told
from assistant.validated.wordings import Wordings
from index.generation import Generation

# Seconds that the first questions of a server wait for them: a database that is locked, or says
# nothing, takes 5 and more to be given up.
_PATIENCE = 1.0

log = logging.getLogger(__name__)


class Served:
    """Those of a store, for whatever generation is live."""

    def __init__(self, store: Store, poll: float, home: Sequence[str] = ()) -> None:
        """poll    seconds between two looks at the database"""
        self._answers = Answers(store)
        self._poll = poll
        self._home = home
        self._looking = threading.Lock()
        self._looked: float | None = None
        self._made: tuple[int, str, date] | None = None
        self._cause: str | None = None  # why they cannot be read, said already
        self._wordings: Wordings | None = None

    def of(self, generation: Generation) -> Wordings | None:
        """The last that were read; the first time, those of now, if the database gives them.

        Those of the generation before serve for a moment: what they cite is read in the live one.
        """
        first, now = self._looked is None, time.monotonic()
        due = first or now - (self._looked or now) > self._poll
        patience = _PATIENCE if first else 0.0
        if (due or self._stale(generation)) and self._looking.acquire(timeout=patience):
            self._looked = now
            look = threading.Thread(target=self._look, args=(generation,), daemon=True)
            look.start()
            look.join(patience)
        return self._wordings

    def _stale(self, generation: Generation) -> bool:
        return self._made is not None and self._made[1] != generation.number

    def _look(self, generation: Generation) -> None:
        try:
            made = (self._answers.serial(), generation.number, date.today())
            if made != self._made:
                if self._answers.sweep(generation, made[2]):
                    made = (self._answers.serial(), *made[1:])
                served = [v for v in self._answers.all() if v.state is State.VALIDATED]
                known = self._wordings.vectors if self._wordings is not None else None
                self._wordings = Wordings(served, generation, self._home, known)
                self._made = made
            self._cause = None
        except JournalError as error:
            if told(error) != self._cause:
                self._cause = told(error)
                log.error("the validated answers cannot be read: %s", self._cause)
        except Exception:
            log.exception("the validated answers cannot be read")
        finally:
            self._looking.release()
