"""Tasks that do to a sandbox what a file may do to a parser (corpus.sandbox.parent)."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from corpus.errors import ParseError, State


def size(path: Path, times: int = 1) -> int:
    return path.stat().st_size * times


def process(path: Path) -> int:
    return os.getpid()


def environment(path: Path) -> list[str]:
    return sorted(os.environ)


def refuse(path: Path) -> None:
    raise ParseError(path, None, "ce n'en est pas un", "Changez-le.", State.EMPTY)


def mistake(path: Path) -> None:
    raise KeyError("secret")


def sleep(path: Path) -> None:
    time.sleep(60)


def spin(path: Path) -> None:
    while True:
        pass


def eat(path: Path) -> int:
    return len(bytearray(4 << 30))


def fall(path: Path) -> None:
    ctypes.string_at(0)  # a native crash: SIGSEGV


def chatter(path: Path) -> str:
    print("du bruit sur la sortie", flush=True)
    os.write(1, b"encore du bruit")
    return "entier"


def much(path: Path, length: int) -> str:
    return "x" * length


def write(path: Path) -> None:
    path.with_suffix(".out").write_text("fuite")


def call(path: Path) -> Any:
    return socket.create_connection(("127.0.0.1", 9), timeout=1)


def run(path: Path) -> Any:
    return subprocess.run(["ls"], check=True)
