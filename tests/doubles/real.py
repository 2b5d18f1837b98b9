"""A small open language model behind a server that we did not write (`make writer` installs both).

1.1 GB of weights: the continuous integration does not fetch them, and what needs them says so.
"""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HOME = Path(__file__).parents[2] / ".writer"
MODEL = HOME / "model.gguf"
NAME = "qwen2.5-coder-1.5b"

# llama.cpp's own server, in the environment that has it.
_PROGRAM = """
import sys, xllamacpp
given = xllamacpp.CommonParams()
given.model.path, given.port = sys.argv[1], int(sys.argv[2])
given.hostnames = ["127.0.0.1"]
given.n_ctx, given.n_parallel = 8192, 1
given.cpuparams.n_threads = given.cpuparams_batch.n_threads = 2
server = xllamacpp.Server(given)
sys.stdin.read()
"""
_LOADS = 900.0  # seconds


@contextmanager
def served(log: Path) -> Iterator[str]:
    """The address of the model, while it is served; what the server says goes to `log`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("w") as said:
        server = subprocess.Popen(
            [HOME / "bin" / "python", "-c", _PROGRAM, MODEL, str(port)],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
        )
        try:
            _wait(server, port)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    """Until the model is loaded."""
    end = time.monotonic() + _LOADS
    while server.poll() is None and time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health"):
            return
        time.sleep(0.2)
    raise RuntimeError("the model is not served: see the server's log")
