import pickle
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.stores import chroma
from index.stores.chroma import Store

Vectors = NDArray[np.float32]

# Over 1,000 vectors Chroma writes its HNSW files, pickle included.
COUNT, DIM = 1200, 16


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    rows = np.random.default_rng(7).standard_normal((COUNT, DIM)).astype(np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, vectors: Vectors) -> Path:
    folder = tmp_path_factory.mktemp("store") / "chroma"
    chroma.write(folder, vectors)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return shutil.copytree(written, tmp_path / "chroma")


def exact(vectors: Vectors, question: Vectors, limit: int) -> list[int]:
    return [int(row) for row in np.argsort(-(vectors @ question), kind="stable")[:limit]]


def test_scores_are_cosines_best_first(tmp_path: Path) -> None:
    rows = np.array([[1, 0], [0, 1], [-1, 0], [0.6, 0.8]], np.float32)
    chroma.write(tmp_path / "chroma", rows)
    opened = Store(tmp_path / "chroma", rows)
    found = opened.search(np.array([1, 0], np.float32), 10)
    assert opened.degraded is None
    assert list(found) == [0, 3, 1, 2]
    assert list(found.values()) == pytest.approx([1.0, 0.6, 0.0, -1.0], abs=1e-6)
    opened.close()


def test_the_exact_search_agrees_with_chroma(
    folder: Path, tmp_path: Path, vectors: Vectors
) -> None:
    opened, fallen = Store(folder, vectors), Store(tmp_path / "none", vectors)
    assert (opened.degraded, fallen.degraded is None) == (None, False)
    agreed = 0
    for question in vectors[::60]:
        ours, theirs = fallen.search(question, 10), opened.search(question, 10)
        assert list(ours) == exact(vectors, question, 10)
        shared = ours.keys() & theirs.keys()
        assert [theirs[row] for row in shared] == pytest.approx(
            [ours[row] for row in shared], abs=1e-5
        )
        agreed += list(ours) == list(theirs)
    assert agreed >= 18  # of 20: an HNSW may miss a neighbour
    opened.close()


def no_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def empty_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def sqlite_garbage(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"garbage" * 1000)


def sqlite_emptied(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"")


def sqlite_without_vectors(folder: Path) -> None:
    """The vectors not yet in the HNSW files lie in a queue; Chroma counts without it."""
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as database:
        database.execute("DELETE FROM embeddings_queue")
        database.commit()


def pickle_garbage(folder: Path) -> None:
    (damaged,) = folder.glob("*/index_metadata.pickle")
    damaged.write_bytes(b"garbage")


def pickle_of_something_else(folder: Path) -> None:
    (damaged,) = folder.glob("*/index_metadata.pickle")
    damaged.write_bytes(pickle.dumps({"id_to_label": {}}))


def sqlite_gone(folder: Path) -> None:
    (folder / "chroma.sqlite3").unlink()


def sqlite_halved(folder: Path) -> None:
    halve(folder / "chroma.sqlite3")


def sqlite_flipped(folder: Path) -> None:
    flip(folder / "chroma.sqlite3")


def pickle_gone(folder: Path) -> None:
    one(folder, "index_metadata.pickle").unlink()


def header_zeroed(folder: Path) -> None:
    header = one(folder, "header.bin")
    header.write_bytes(bytes(header.stat().st_size))


def length_gone(folder: Path) -> None:
    one(folder, "length.bin").unlink()


def links_halved(folder: Path) -> None:
    halve(one(folder, "link_lists.bin"))


def links_flipped(folder: Path) -> None:
    flip(one(folder, "link_lists.bin"))


def hnsw_flipped(folder: Path) -> None:
    flip(one(folder, "data_level0.bin"))


def one(folder: Path, name: str) -> Path:
    (found,) = folder.glob(f"*/{name}")
    return found


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for at in range(len(content) // 100, len(content), max(1, len(content) // 50)):
        content[at] ^= 1
    path.write_bytes(content)


def hnsw_cut(folder: Path) -> None:
    (damaged,) = folder.glob("*/data_level0.bin")
    damaged.write_bytes(damaged.read_bytes()[:100])


def hnsw_gone(folder: Path) -> None:
    (damaged,) = folder.glob("*/data_level0.bin")
    shutil.rmtree(damaged.parent)


@pytest.mark.parametrize(
    "harm",
    [
        no_folder,
        empty_folder,
        sqlite_garbage,
        sqlite_emptied,
        sqlite_gone,
        sqlite_halved,
        sqlite_flipped,
        sqlite_without_vectors,
        pickle_garbage,
        pickle_of_something_else,
        pickle_gone,
        header_zeroed,
        length_gone,
        links_halved,
        links_flipped,
        hnsw_flipped,
        hnsw_cut,
        hnsw_gone,
    ],
)
def test_a_damaged_store_answers_the_same_and_says_so(
    folder: Path, vectors: Vectors, harm: Callable[[Path], None]
) -> None:
    harm(folder)
    opened = Store(folder, vectors)
    question = vectors[3] + vectors[8]
    assert list(opened.search(question, 5)) == exact(vectors, question, 5)
    assert opened.degraded is not None
    assert opened.degraded.startswith("Chroma ne répond pas (")
    opened.close()


def test_a_store_of_other_vectors_is_not_trusted(folder: Path, vectors: Vectors) -> None:
    fewer = vectors[:50]
    opened = Store(folder, fewer)
    assert opened.degraded is not None and "1200 vecteurs au lieu de 50" in opened.degraded
    assert list(opened.search(fewer[4], 3)) == exact(fewer, fewer[4], 3)


def test_nothing_is_near_a_question_without_a_known_word(folder: Path, vectors: Vectors) -> None:
    opened = Store(folder, vectors)
    assert opened.search(np.zeros(DIM, np.float32), 5) == {}
    assert opened.degraded is None
    opened.close()


def test_a_passage_without_a_known_word_spoils_no_search(tmp_path: Path) -> None:
    rows = np.array([[0, 0], [0, 1], [1, 0]], np.float32)
    chroma.write(tmp_path / "chroma", rows)
    opened = Store(tmp_path / "chroma", rows)
    found = opened.search(np.array([1, 0], np.float32), 3)
    assert opened.degraded is None
    assert next(iter(found)) == 2
    assert all(-1.001 <= score <= 1.001 for score in found.values())
    opened.close()


@pytest.mark.parametrize("limit", [1, COUNT, 10 * COUNT])
def test_limit(folder: Path, vectors: Vectors, limit: int) -> None:
    opened = Store(folder, vectors)
    assert len(opened.search(vectors[0], limit)) == min(limit, COUNT)
    assert opened.degraded is None
    opened.close()


def test_a_store_that_was_closed_still_answers(folder: Path, vectors: Vectors) -> None:
    opened = Store(folder, vectors)
    opened.close()
    opened.close()
    assert list(opened.search(vectors[5], 3)) == exact(vectors, vectors[5], 3)


def test_searches_in_flight_survive_the_closing(folder: Path, vectors: Vectors) -> None:
    opened = Store(folder, vectors)
    wrong: list[object] = []

    def ask() -> None:
        try:
            for row in range(150):
                if row not in opened.search(vectors[row], 3):
                    wrong.append(row)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    opened.close()
    for thread in threads:
        thread.join()
    assert wrong == []
