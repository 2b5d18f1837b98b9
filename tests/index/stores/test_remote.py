"""Vectors on a Chroma server, `chroma run` as an operator runs it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from databases import chroma as serving
from databases import forgotten, free_port
from numpy.typing import NDArray

from index.stores import chroma
from index.stores.chroma import Remote, Server

COUNT, DIM = 300, 16


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    rows = np.random.default_rng(7).standard_normal((COUNT, DIM)).astype(np.float32)
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@dataclass
class Run:
    """`chroma run`, and where it is."""

    folder: Path
    port: int
    program: subprocess.Popen[bytes]

    @property
    def server(self) -> Server:
        return Server(f"http://127.0.0.1:{self.port}", "35126")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    with serving(folder, port) as program:
        yield Run(folder, port, program)
    forgotten(f"http://127.0.0.1:{port}", chroma._OPENS_IN, chroma._ANSWERS_IN)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma, "_REST", 0.05)


def until_well(*stores: Remote) -> None:
    for _ in range(1200):
        if all(store.degraded is None for store in stores):
            return
        time.sleep(0.05)
    raise AssertionError([store.degraded for store in stores])


def test_a_collection_that_was_half_filled_is_filled_and_old_ones_go(
    run: Run, vectors: NDArray[np.float32]
) -> None:
    client = chroma.reached(run.server.address, chroma._OPENS_IN)
    for name in ("35126-000004-bb", "35126-000005-bb", "35288-000001-bb"):
        client.create_collection(name, embedding_function=None)
    half = client.create_collection(
        "35126-000007-aaaaaaaaaaaa",
        embedding_function=None,
        configuration={"hnsw": chroma._GRAPH},
    )
    half.add(ids=["0", "1"], embeddings=vectors[:2])
    store = Remote(run.server, "000007", "aa" * 32, vectors)
    until_well(store)
    assert half.count() == COUNT
    assert sorted(each.name for each in client.list_collections()) == [
        *("35126-000005-bb", "35126-000007-aaaaaaaaaaaa", "35288-000001-bb")
    ]
    wanted = chroma.exact(vectors, vectors[9], 10)
    assert store.search(vectors[9], 10) == pytest.approx(wanted, abs=1e-5)
    store.close()


def test_a_server_that_hangs_holds_one_answer_for_its_time(
    run: Run, vectors: NDArray[np.float32]
) -> None:
    store = Remote(run.server, "000007", "aa" * 32, vectors)
    until_well(store)
    run.program.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, run.program.pid, os.WSTOPPED | os.WNOWAIT)  # it answers until it stands
    try:
        started = time.monotonic()
        found = [store.search(vectors[9], 10) for _ in range(50)]
        took = time.monotonic() - started
    finally:
        run.program.send_signal(signal.SIGCONT)
    assert chroma._ANSWERS_IN <= took < 5 * chroma._ANSWERS_IN
    assert found == [chroma.exact(vectors, vectors[9], 10)] * 50
    until_well(store)
    store.close()


def test_a_server_killed_meanwhile_stops_no_search_and_is_said_once(
    run: Run, vectors: NDArray[np.float32], caplog: pytest.LogCaptureFixture
) -> None:
    wanted = chroma.exact(vectors, vectors[9], 10)
    stores = [Remote(run.server, "000008", "cc" * 32, vectors) for _ in range(2)]
    until_well(*stores)
    run.program.kill()
    run.program.wait()
    for store in stores:
        for _ in range(3):
            assert store.search(vectors[9], 10) == wanted  # all of them compared, here
        assert "Chroma ne répond pas" in (store.degraded or "")
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]  # one each
    with serving(run.folder, run.port):
        until_well(*stores)
        assert stores[0].search(vectors[9], 10) == pytest.approx(wanted, abs=1e-5)
        for store in stores:
            store.close()
    assert [record.levelname for record in caplog.records[2:]] == ["WARNING", "WARNING"]
    assert all("answers again" in record.message for record in caplog.records[2:])
