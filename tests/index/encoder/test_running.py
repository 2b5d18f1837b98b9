"""The encoder that ships: what it gives, and what is said when its folder is damaged."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.encoder import shipped
from index.encoder.running import SHIPPED, Encoder
from index.errors import ModelMissing

QUESTION = "Qui pilote le programme Petites villes de demain ?"
TEXTS = [
    "L'ANCT pilote le programme Petites villes de demain.",
    "La piscine est ouverte le mercredi.",
    "Le programme a été lancé le 1er octobre 2020 à Barentin.",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise AssertionError("no network in tests")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield


def test_vectors_have_length_one(encoder: Encoder) -> None:
    for rows in (encoder.passages(TEXTS), encoder.sentences(TEXTS), encoder.questions(TEXTS)):
        assert rows.shape == (3, encoder.dim)
        assert rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-4)
    assert encoder.question(QUESTION).shape == (encoder.dim,)


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "ki gere petite vil de demin",
        "Who is in charge of Petites villes de demain?",
        "QUI PILOTE PVD",
    ],
)
def test_the_sentence_that_answers_is_the_nearest(encoder: Encoder, question: str) -> None:
    assert int(np.argmax(encoder.sentences(TEXTS) @ encoder.question(question))) == 0


def test_a_text_has_one_vector_whatever_its_company(encoder: Encoder) -> None:
    alone = encoder.sentences(TEXTS[:1])[0]
    assert np.array_equal(encoder.sentences(["un", *TEXTS])[1], alone)


def test_a_text_among_many_is_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Encoder()
    first, cut = encoder.sentences(TEXTS), encoder.passages(["mot " * 200])[0]
    assert not np.array_equal(encoder.sentences(["mot " * 200])[0], cut)  # cut shorter
    monkeypatch.setattr(encoder, "_session", None)  # to compute would raise
    assert np.array_equal(encoder.sentences(TEXTS[::-1]), first[::-1])


def test_threads_share_it(encoder: Encoder) -> None:
    expected = encoder.questions(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(encoder.question, TEXTS * 5))
    assert np.array_equal(np.array(found), np.tile(expected, (5, 1)))


def test_no_text_no_row_and_any_text_a_vector(encoder: Encoder) -> None:
    assert encoder.passages([]).shape == (0, encoder.dim)
    odd = ["", " ", "\N{WAVING HAND SIGN}", "日本語", "x" * 20_000, "mot " * 5_000]
    assert np.isfinite(encoder.passages(odd)).all()


def test_neither_torch_nor_a_hub_is_imported() -> None:
    code = (
        "import sys; from index.encoder.running import Encoder; Encoder().question('x'); "
        "print(sorted({'torch', 'transformers', 'onnx', 'sentence_transformers', "
        "'index.training'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("content", [None, b"", b"version https://git-lfs.github.com/spec/v1"])
def test_a_damaged_folder_is_told_in_french(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(ModelMissing, match="modèle") as caught:
        Encoder("mine", folder)
    assert "Copiez de nouveau ce dossier" in str(caught.value)


def test_a_missing_folder_is_told_in_french(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="n'y est pas"):
        Encoder("", tmp_path / "nowhere")


def test_the_digest_is_of_what_computes(tmp_path: Path, encoder: Encoder) -> None:
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    (folder / "README.md").write_text("autre chose", encoding="utf-8")
    (folder / shipped.FILE).unlink(missing_ok=True)
    assert Encoder("", folder).digest == encoder.digest
    tokenizer = folder / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert Encoder("", folder).digest != encoder.digest


def test_shipped_vectors_are_those_that_it_computes(encoder: Encoder, tmp_path: Path) -> None:
    from index.encoder.running import PASSAGE

    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns(shipped.FILE))
    bare = Encoder("", folder)
    computed = bare.passages(TEXTS)
    # The first text's vector is shipped as that of another: it is read, not computed.
    kept = shipped.keep(bare.digest, [PASSAGE + TEXTS[0]], computed[1:2])
    kept.write(folder / shipped.FILE)
    read = Encoder("", folder).passages(TEXTS)
    assert read[0] @ computed[1] > 0.9999
    assert np.array_equal(read[1:], computed[1:])


def test_its_engine_tells_nobody_and_leaves_nothing(tmp_path: Path) -> None:
    """onnxruntime would keep an identifier, and what it tells its maker, in the home folder."""
    hushed = ("CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS")
    usual = {name: value for name, value in os.environ.items() if name not in hushed}
    home = usual | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    run = [sys.executable, "-c", "from index.encoder.running import Encoder; Encoder()"]
    subprocess.run(run, env=home, check=True)
    assert list(tmp_path.iterdir()) == []
