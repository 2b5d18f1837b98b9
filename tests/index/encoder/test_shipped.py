"""Vectors kept by the digest of their text."""

from pathlib import Path

import numpy as np
import pytest

from index.encoder import shipped

TEXTS = ["passage: un", "passage: deux", "query: un"]


@pytest.fixture
def vectors() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rows = np.random.default_rng(1).standard_normal((3, 384)).astype(np.float32)
    unit: np.ndarray[tuple[int, int], np.dtype[np.float32]] = rows / np.linalg.norm(
        rows, axis=1, keepdims=True
    )
    return unit


def test_what_was_kept_is_found_again(
    tmp_path: Path, vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]]
) -> None:
    shipped.keep("m1", TEXTS, vectors).write(tmp_path / "v.npz")
    read = shipped.read(tmp_path / "v.npz", "m1")
    assert read is not None
    found, known = read.of([TEXTS[2], "autre", TEXTS[0]])
    assert known.tolist() == [True, False, True]
    assert (found[[0, 2]] * vectors[[2, 0]]).sum(axis=1) == pytest.approx(1, abs=1e-4)
    assert not found[1].any()
    assert read.of([])[0].shape == (0, 384)


def test_another_model_s_vectors_are_not_read(
    tmp_path: Path, vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]]
) -> None:
    shipped.keep("m1", TEXTS, vectors).write(tmp_path / "v.npz")
    assert shipped.read(tmp_path / "v.npz", "m2") is None


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut short", b"\x93NUMPY"])
def test_a_file_that_cannot_be_read_counts_as_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "v.npz"
    if content is not None:
        path.write_bytes(content)
    assert shipped.read(path, "m1") is None


def test_a_text_given_twice_is_kept_once(
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> None:
    assert len(shipped.keep("m1", [TEXTS[0], TEXTS[0], TEXTS[1]], vectors)) == 2
