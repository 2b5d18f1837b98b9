"""Where the process starts: threads are bounded before anything that reads the bounds is loaded."""

from __future__ import annotations

import os

# Unset, a search under load ran a hundred times slower (2 cores, 2026-11).
_BOUNDS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


def main() -> None:
    """Run a command of assistant.doors.cli.commands."""
    for name in _BOUNDS:
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from assistant.doors.cli.commands import commands

    commands(prog_name="assistant")


if __name__ == "__main__":
    main()
