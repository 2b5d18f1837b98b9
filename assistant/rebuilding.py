"""Reading the sources again, asked for from a page: in a child process, one at a time.

It does what « assistant fetch » and « assistant build » do, with their messages; a page watches.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from assistant.records.store import now
from assistant.settings import Settings

_LINES = 40  # of what the commands say, the last ones
# Seconds without a word before a command is taken to hang: the longest page of a section that is
# read politely, or a hub model that chooses its weight, says nothing for less than an hour.
_SILENCE = 7200.0
_STOPPING = 5.0  # seconds that a command which is told to stop may take
_FETCHED = (0, 1)  # a fetch that brought some sources and not all is no reason not to build

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """One reading: who asked, the commands, when it began and ended (None: it goes on).

    `lines` is what the commands said last; `code` the exit status of the one it ended with.
    """

    by: str
    commands: tuple[tuple[str, ...], ...]
    began: datetime
    ended: datetime | None = None
    code: int = 0
    lines: tuple[str, ...] = field(default=())

    @property
    def seconds(self) -> int:
        """How long it has taken."""
        return round(((self.ended or now()) - self.began).total_seconds())


class Rebuilding:
    """The readings of one server; the last one is remembered until the next."""

    def __init__(self, settings: Settings, silence: float = _SILENCE) -> None:
        self._silence = silence
        self._heard = 0.0  # time.monotonic() of the last line
        self._environment = os.environ | {
            "ASSISTANT_CATALOGUE": str(settings.catalogue.resolve()),
            "ASSISTANT_VAR": str(settings.var.resolve()),
            "ASSISTANT_MODEL": settings.model,
            "ASSISTANT_TOWNS": str(settings.towns.resolve()) if settings.towns else "",
        }
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._child: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None

    @property
    def run(self) -> Run | None:
        """The reading that goes on, or the last one; None before the first."""
        return self._run

    def start(self, by: str, *commands: Sequence[str]) -> bool:
        """Begin, unless one goes on already: False then."""
        with self._lock:
            if self._run is not None and self._run.ended is None:
                return False
            self._run = Run(by, tuple(map(tuple, commands)), now())
            self._thread = threading.Thread(target=self._all, name="rebuilding", daemon=True)
            self._thread.start()
            return True

    def close(self) -> None:
        """Stop what goes on: the live index stays, as after any build that is killed."""
        if self._child is not None:
            _end(self._child)
        if self._thread is not None:
            self._thread.join(_STOPPING)

    def _all(self) -> None:
        assert self._run is not None
        lines: deque[str] = deque(maxlen=_LINES)
        code = 0
        try:
            for command in self._run.commands:
                code = self._one(command, lines)
                if code < 0:  # by a signal: it had no time to say so itself
                    lines.append(
                        f"« {command[0]} » a été interrompu (signal {-code}). Relancez la "
                        "lecture ; si cela se répète, regardez la mémoire et le disque du serveur."
                    )
                if code not in (_FETCHED if command[0] == "fetch" else (0,)):
                    break
        except OSError as error:
            log.error("a reading asked for could not start: %s", error.strerror)
            lines.append(f"La commande n'a pas pu partir ({error.strerror}).")
            code = 1
        self._run = replace(self._run, ended=now(), code=code, lines=tuple(lines))

    def _one(self, command: Sequence[str], lines: deque[str]) -> int:
        with subprocess.Popen(
            [sys.executable, "-m", "assistant", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,  # a progress bar's « \r » ends a line too
            encoding="utf-8",
            errors="replace",
            env=self._environment,
        ) as child:
            self._child = child
            self._heard = time.monotonic()
            threading.Thread(target=self._watch, args=(child,), daemon=True).start()
            assert child.stdout is not None and self._run is not None
            for line in map(str.strip, child.stdout):
                self._heard = time.monotonic()
                if lines and line.partition(":")[0] == lines[-1].partition(":")[0]:
                    lines.pop()  # the same bar, further on
                if line:
                    lines.append(line)
                    self._run = replace(self._run, lines=tuple(lines))
            return child.wait()

    def _watch(self, child: subprocess.Popen[str]) -> None:
        """End a command that hangs: as long as it runs, nobody can change a source."""
        while child.poll() is None:
            left = self._heard + self._silence - time.monotonic()
            if left <= 0:
                log.error("a reading asked for said nothing for %d s: it is ended", self._silence)
                _end(child)
                return
            with suppress(subprocess.TimeoutExpired):
                child.wait(left)


def _end(child: subprocess.Popen[str]) -> None:
    """Have a command stop, and make it when it does not."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            child.kill()
