"""What is slow to make is made once a run, by the worker that needs it first, and read by all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` filled, the same for every worker of this run. Read only.

    `make` fills it under its final name, which may stand in what it writes.
    """
    run = folders.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent  # each worker has a folder in that of the run
    folder = run / "shared" / name
    folder.parent.mkdir(exist_ok=True)
    made = folder.with_name(f"{name}.made")
    with FileLock(folder.with_name(f"{name}.lock")):
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed in the middle
            folder.mkdir()
            make(folder)
            made.touch()
    return folder


def copied(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A copy of such a folder for this worker alone: a journal is kept beside the index."""
    return shutil.copytree(once(folders, name, make), folders.mktemp(name) / name)
