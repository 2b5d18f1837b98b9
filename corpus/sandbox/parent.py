"""Every parse happens in a child process: whatever a file does to it, the parent lives on.

A child is warm (importing the parsers costs a second, starting Python a tenth of one) and is used
for file after file until one of them breaks it or makes it fat; the next file gets a new one.
"""

from __future__ import annotations

import json
import os
import queue
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from corpus.errors import State

_ROOT = Path(__file__).resolve().parents[2]
# All that a child gets of the environment: no key, no password, no proxy.
_PASSED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
# One thread each: two children already take both cores, and OpenMP's threads wait in busy loops.
_THREADS = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_FAT = 400_000_000  # bytes: a child that once held as much may keep it, and starts afresh


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    `seconds` of wall clock, and as many of processor; `memory`, `input` and `output` in bytes:
    the child's address space, the file, and what was made of it.
    """

    seconds: float = 30.0
    memory: int = 1 << 30
    input: int = 200_000_000
    output: int = 64_000_000


@dataclass(frozen=True, slots=True)
class Done:
    """What the task returned, as JSON; `memory` is the most bytes its child ever held."""

    value: Any
    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a file could not be read, and what to do, in French."""

    state: State
    problem: str
    remedy: str
    seconds: float = 0.0


class _Stopped(Exception):
    """The child ended without an answer."""


class _Overlong(Exception):
    """The child's answer is over `Limits.output`."""


class Sandbox:
    """A child that parses one file at a time. Not for several threads at once."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def run(self, task: str, path: Path, **options: Any) -> Done | Failed:
        """Have the child call `task` ("pdf.pdfs:parse") with `path` and JSON-able options.

        The task's return value must be JSON. Nothing that the file does raises here.
        """
        started = time.monotonic()
        failed = self._too_large(path)
        if failed is not None:
            return failed
        job = {"task": task, "path": str(path.resolve()), "options": options}
        try:
            answer = self._ask(json.dumps(job).encode() + b"\n", started + self.limits.seconds)
        except TimeoutError:
            failed = _timed_out(self.limits.seconds)
        except (_Stopped, BrokenPipeError):
            failed = _crashed("il a fait tomber le programme de lecture")
        except _Overlong:
            failed = Failed(
                State.REFUSED,
                f"il donne plus de {self.limits.output // 1_000_000} Mo de texte",
                "Découpez ce document, ou indiquez-en la partie utile.",
            )
        else:
            return self._told(answer, time.monotonic() - started)
        self.close()
        return _after(failed, started)

    def close(self) -> None:
        """End the child and all that it started."""
        child, self._child = self._child, None
        if child is None:
            return
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.communicate()

    def _too_large(self, path: Path) -> Failed | None:
        try:
            size = path.stat().st_size
        except OSError as error:
            return Failed(
                State.MISSING,
                f"le fichier ne peut pas être ouvert ({error.strerror})",
                "Vérifiez qu'il est là et que l'assistant a le droit de le lire.",
            )
        if size <= self.limits.input:
            return None
        return Failed(
            State.REFUSED,
            f"le fichier pèse {size / 1e6:.0f} Mo, au-delà des "
            f"{self.limits.input // 1_000_000} Mo admis",
            "Découpez-le, ou demandez à son éditeur une version allégée.",
        )

    def _told(self, answer: dict[str, Any], seconds: float) -> Done | Failed:
        if answer["memory"] > _FAT:
            self.close()
        if "failed" in answer:
            state, problem, remedy = answer["failed"]
            if State(state) in (State.CRASHED, State.TIMED_OUT):
                self.close()  # out of memory or time, it is not to be trusted with the next file
            return Failed(State(state), problem, remedy, seconds)
        return Done(answer["value"], seconds, answer["memory"])

    def _ask(self, job: bytes, deadline: float) -> dict[str, Any]:
        child = self._started()
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(job)
        child.stdin.flush()
        size = int.from_bytes(_received(child.stdout.fileno(), 8, deadline), "big")
        if size > self.limits.output:
            raise _Overlong
        answer: dict[str, Any] = json.loads(_received(child.stdout.fileno(), size, deadline))
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = subprocess.Popen(
                [
                    *(sys.executable, "-m", "corpus.sandbox.child"),
                    *(str(self.limits.memory), str(self.limits.seconds), str(self.limits.output)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a file's words may stand in a parser's complaint
                cwd=_ROOT,  # so that it runs this very code
                env=_environment(),
                start_new_session=True,
            )
        return self._child


class Sandboxes:
    """As many as asked for, for as many threads: each file goes to one that is free."""

    def __init__(self, count: int, limits: Limits | None = None) -> None:
        self._all = [Sandbox(limits) for _ in range(count)]
        self._free: queue.SimpleQueue[Sandbox] = queue.SimpleQueue()
        for sandbox in self._all:
            self._free.put(sandbox)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for sandbox in self._all:
            sandbox.close()

    def run(self, task: str, path: Path, **options: Any) -> Done | Failed:
        sandbox = self._free.get()
        try:
            return sandbox.run(task, path, **options)
        finally:
            self._free.put(sandbox)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED if name in os.environ}
    return kept | dict.fromkeys(_THREADS, "1") | {"PYTHONDONTWRITEBYTECODE": "1"}


def _received(descriptor: int, size: int, deadline: float) -> bytes:
    """Exactly `size` bytes of a pipe, or TimeoutError at the deadline, _Stopped at its end."""
    received = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while len(received) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise TimeoutError
            piece = os.read(descriptor, min(size - len(received), 1 << 20))
            if not piece:
                raise _Stopped
            received += piece
    return bytes(received)


def _timed_out(seconds: float) -> Failed:
    return Failed(
        State.TIMED_OUT,
        f"sa lecture a duré plus de {seconds:g} secondes",
        "Découpez ce document, ou enregistrez-le à nouveau depuis le logiciel qui l'a fait.",
    )


def _crashed(how: str) -> Failed:
    return Failed(
        State.CRASHED,
        how,
        "Le fichier est sans doute abîmé : demandez-en une autre copie à son éditeur.",
    )


def _after(failed: Failed, started: float) -> Failed:
    return Failed(failed.state, failed.problem, failed.remedy, time.monotonic() - started)
