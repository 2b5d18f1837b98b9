"""A PostgreSQL of the tests' own: a private cluster, without a port, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text

_BINARIES = Path("/usr/lib/postgresql")  # Debian's: a folder a version


@contextmanager
def cluster() -> Iterator[str]:
    """The folder of its socket. PostgreSQL refuses root: it is then run as « postgres »."""
    programs = max(_BINARIES.glob("*/bin/initdb")).parent
    folder = Path(tempfile.mkdtemp(prefix="assistant-pg-"))
    run_as = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        run_as = ["runuser", "-u", "postgres", "--"]

    def run(name: str, *arguments: str) -> None:
        subprocess.run(
            [*run_as, str(programs / name), "-D", str(folder / "data"), *arguments],
            cwd=folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    try:
        run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"-c listen_addresses= -c fsync=off -k {folder}"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield str(folder)
        run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def fresh(folder: str, name: str) -> str:
    """The address of a new schema, empty, of the cluster of that folder: a database is 7 MB."""
    address = f"postgresql+psycopg://postgres@/postgres?host={folder}"
    with create_engine(address, poolclass=NullPool).begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    return f"{address}&options=-csearch_path%3D{name}"


@contextmanager
def redis(folder: str) -> Iterator[str]:
    """The address of a Redis of the test's own, its socket in `folder`; it keeps nothing on disk.

    It is killed at the end, as one that breaks.
    """
    path = f"{folder}/redis.sock"
    Path(path).unlink(missing_ok=True)
    options = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]
    with subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL) as server:
        while not os.path.exists(path):
            time.sleep(0.01)
        try:
            yield f"redis+unix://{path}"
        finally:
            server.kill()
