"""What runs in a sandbox: confined first, then one file after the other (corpus.sandbox.parent).

`python -m child MEMORY SECONDS OUTPUT`: jobs come as JSON lines on the standard input; each
answer leaves on the standard output as its length in 8 bytes, then JSON.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import re
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from corpus.errors import ParseError, State

# The only program that a parser may start: the reader of scanned pages.
PROGRAMS = frozenset({"tesseract"})

# Seconds beyond which a file is given up here: its parent, which would have been first, is dead.
_ALONE = 2.0

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_REFUSED = frozenset(
    "os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile os.system pty.spawn "
    "socket.__new__ socket.connect socket.bind socket.getaddrinfo os.remove os.rename os.rmdir "
    "os.mkdir os.chmod os.chown os.link os.symlink os.truncate shutil.rmtree".split()
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Forbidden(Exception):
    """A parser tried what no parser has to do."""


def confine(memory: int) -> None:
    """Give up what a parser has no use for. What a file can reach afterwards is little.

    The network goes by a namespace where the kernel grants one, and by the audit hook everywhere:
    parsers are native code (PDFium, libxml2) without network code, driven by Python code.
    """
    _leave_network()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # it would hold what the file says
    os.nice(5)  # a server may be answering on the same machine
    sys.addaudithook(_forbid)


def _leave_network() -> None:
    """Best effort: containers often forbid it, hence the audit hook."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _forbid(event: str, args: tuple[Any, ...]) -> None:
    if event in _REFUSED:
        raise Forbidden(event)
    if event == "subprocess.Popen" and os.path.basename(os.fsdecode(args[0])) not in PROGRAMS:
        raise Forbidden(event)
    if event == "open" and not isinstance(args[0], int):  # a number: a pipe that is open already
        if (args[2] or 0) & _WRITES and args[0] != os.devnull:
            raise Forbidden(event)


def perform(job: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Call the task; whatever it raises is an answer.

    One that hangs ends with this process, were there no parent left to end it.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds + _ALONE)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = usage.ru_utime + usage.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent + seconds) + 1, hard))
    try:
        module, _, function = job["task"].partition(":")
        task = getattr(importlib.import_module(module), function)
        answer = {"value": task(Path(job["path"]), **job["options"])}
    except ParseError as error:
        answer = {"failed": [error.state, error.problem, error.remedy]}
    except MemoryError:
        answer = _crash("sa lecture demande trop de mémoire")
    except Exception as error:  # a parser's own mistake must not cost the other files
        answer = _crash(f"le programme de lecture s'y est trompé ({type(error).__name__})")
    signal.setitimer(signal.ITIMER_REAL, 0)
    return answer | {"memory": _held()}


def _held() -> int:
    """The most bytes that this process held, and the largest program it ran.

    Not ru_maxrss for the first: it counts what the parent held before Python was started.
    """
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    own = int(found[1]) if found else 0
    return 1024 * (own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def _crash(problem: str) -> dict[str, Any]:
    remedy = "Le fichier est sans doute abîmé : demandez-en une autre copie à son éditeur."
    return {"failed": [State.CRASHED, problem, remedy]}


def main() -> None:
    """Answer jobs until the parent closes the pipe."""
    memory, seconds, output = sys.argv[1:]
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):  # what a library prints must not stand among the answers
        os.dup2(nothing, descriptor)
    confine(int(memory))
    for line in jobs:
        answer = json.dumps(perform(json.loads(line), float(seconds))).encode()
        answers.write(len(answer).to_bytes(8, "big"))
        if len(answer) <= int(output):  # otherwise its length says enough: the parent ends us
            answers.write(answer)
        answers.flush()


if __name__ == "__main__":
    main()
