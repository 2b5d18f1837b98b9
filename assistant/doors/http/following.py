"""Following what is published for several servers, while one serves: aside, so no answer waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from assistant.assembly import Assistant


class Following:
    """Pulls what is published for the assistants that are open, every `poll` seconds."""

    def __init__(self, opened: Callable[[], Iterable[Assistant]], poll: float) -> None:
        self._opened = opened
        self._poll = poll
        self._over = threading.Event()
        threading.Thread(target=self._follow, name="following", daemon=True).start()

    def close(self) -> None:
        """Look no more; a pull under way ends with the process, as one that is killed."""
        self._over.set()

    def _follow(self) -> None:
        while True:
            for assistant in self._opened():
                published = assistant.published
                if published is None or self._over.is_set():
                    continue
                if published.follow():
                    assistant.follow()  # now, and here: no question opens it
            if self._over.wait(self._poll):
                return
