"""Servers of the tests' own, gone at the end: PostgreSQL, Redis, Chroma, an object store."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from sqlalchemy import NullPool, create_engine, text

from index.stores.chroma import reached

_BINARIES = Path("/usr/lib/postgresql")  # Debian's: a folder a version


@contextmanager
def cluster() -> Iterator[str]:
    """The folder of its socket."""
    folder = tempfile.mkdtemp(prefix="assistant-pg-")
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    try:
        _run(folder, "initdb", *("-A trust -U postgres -E UTF8 --locale=C.UTF-8 -N".split()))
        _start(folder)
        yield folder
        _run(folder, "pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@contextmanager
def broken(folder: str) -> Iterator[None]:
    """The cluster of that folder ends at once, as in a crash; it is there again at the end."""
    _run(folder, "pg_ctl", "-m", "immediate", "stop")
    try:
        yield
    finally:
        _start(folder)


def _start(folder: str) -> None:
    options = f"-c listen_addresses= -c fsync=off -k {folder}"
    _run(folder, "pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")


def _run(folder: str, name: str, *arguments: str) -> None:
    """PostgreSQL refuses root: it is then run as « postgres »."""
    program = max(_BINARIES.glob("*/bin/initdb")).with_name(name)
    run_as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*run_as, str(program), "-D", f"{folder}/data", *arguments],
        cwd=folder, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


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


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def listening(command: Sequence[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A program that listens on a port of loopback; it is killed at the end, as one that breaks."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        try:
            while True:
                assert program.poll() is None, command
                with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            yield program
        finally:
            program.kill()


@contextmanager
def chroma(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The Chroma server of the version that we use; it keeps what it is given in `folder`."""
    program = str(Path(sys.executable).with_name("chroma"))
    options = ["--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with listening([program, "run", *options], port) as server:
        yield server


def forgotten(address: str, *seconds: float) -> None:
    """Let go of the clients of a Chroma server, made to wait so long: no process of ours does."""
    for each in seconds:
        client = cast(Any, reached(address, each))
        for one in (client, client._admin_client):
            one._server._session.close()
    reached.cache_clear()


@contextmanager
def bucket(port: int, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """An object store that speaks S3, with one empty bucket; all is gone with it."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with listening(command, port) as server:
        made = urllib.request.Request(f"http://127.0.0.1:{port}/{name}", method="PUT")
        urllib.request.urlopen(made).close()
        yield server
