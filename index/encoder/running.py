"""Texts into unit vectors with the encoder of a folder: onnxruntime and tokenizers, no torch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoder import shipped
from index.errors import ModelMissing

SHIPPED = Path(__file__).parent / "model"

# What e5 models are told before each text: a question is not embedded as what answers it.
QUERY, PASSAGE = "query: ", "passage: "

# In word pieces. No question of ours has more than 110; what a passage says beyond 256 is cut.
LONGEST_QUESTION, LONGEST_PASSAGE = 128, 256

# Vectors, of 1.5 kB each: towns that are built together share headings, and sentences.
_KEPT = 8192

_COMPUTES = ("model.onnx", "tokenizer.json")
_OUTPUT = "sentence_embedding"


class Encoder:
    """The model of a folder. Safe to share between threads; each call computes on one.

    Texts are run one at a time: on one thread a batch is no faster (nothing is gained that padding
    does not lose), and as the bytes that a product takes are scaled over all that runs together,
    a text would have another vector in other company.
    """

    def __init__(self, name: str = "", folder: Path = SHIPPED) -> None:
        """Load the model. ModelMissing, with the remedy, when it is not there or is damaged."""
        self.name = name
        self.folder = folder
        files = [folder / file for file in _COMPUTES]
        for file in files:
            if not file.is_file():
                raise ModelMissing(f"{file} : ce fichier du modèle n'y est pas. {_remedy(name)}")
        self.digest = _of_files(files)
        self._made: dict[tuple[int, bytes], NDArray[np.float32]] = {}
        try:
            # From its path: given the bytes, onnxruntime keeps 32 MB more.
            self._session = session(files[0])
            self._tokenizer = _tokenizer(files[1])
            self.dim = len(self.question("dimension"))
        except Exception as error:  # onnxruntime and tokenizers raise types of their own
            raise ModelMissing(
                f"{folder} : ce modèle est endommagé ({error}). {_remedy(name)}"
            ) from error

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(len(texts), dim), each row of length 1. What stands beyond 256 word pieces is cut."""
        return self._rows(PASSAGE, texts, LONGEST_PASSAGE)

    def sentences(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(len(texts), dim), each row of length 1: sentences that may answer a question."""
        return self._rows(PASSAGE, texts, LONGEST_QUESTION)

    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(len(texts), dim), each row of length 1."""
        return self._rows(QUERY, texts, LONGEST_QUESTION)

    def question(self, text: str) -> NDArray[np.float32]:
        """(dim,), of length 1."""
        return self._vector(QUERY + text, LONGEST_QUESTION)

    def _rows(self, prefix: str, texts: Sequence[str], longest: int) -> NDArray[np.float32]:
        prefixed = [prefix + text for text in texts]
        if self._shipped is None:
            rows = np.zeros((len(texts), self.dim), np.float32)
            known = np.zeros(len(texts), np.bool_)
        else:
            rows, known = self._shipped.of(prefixed)
        for row in np.flatnonzero(~known):
            rows[row] = self._kept(prefixed[row], longest)
        return rows

    @cached_property
    def _shipped(self) -> shipped.Shipped | None:
        """Read at the first text of many; questions are put one by one and never need it."""
        return shipped.read(self.folder / shipped.FILE, self.digest)

    def _kept(self, text: str, longest: int) -> NDArray[np.float32]:
        """The vector of one text of many, kept by its digest: no word of it is."""
        key = longest, hashlib.blake2b(text.encode(), digest_size=16).digest()
        found = self._made.get(key)
        if found is None:
            if len(self._made) >= _KEPT:
                self._made.clear()  # what is shared comes back; threads need no lock
            found = self._made[key] = self._vector(text, longest)
        return found

    def _vector(self, text: str, longest: int) -> NDArray[np.float32]:
        ids = self._tokenizer.encode(text).ids
        if len(ids) > longest:
            ids = ids[: longest - 1] + ids[-1:]  # the last closes the text
        inputs = np.array([ids], np.int64)
        found: list[Any] = self._session.run(
            [_OUTPUT], {"input_ids": inputs, "attention_mask": np.ones_like(inputs)}
        )
        vector: NDArray[np.float32] = found[0][0]
        return vector


def shared(folder: Path = SHIPPED) -> Encoder:
    """The model of a folder, loaded once a process. ModelMissing when it is not there."""
    return _loaded(folder)


@cache
def _loaded(folder: Path) -> Encoder:
    return Encoder("", folder)


def _of_files(files: Sequence[Path]) -> str:
    """The digest of what computes, wherever the folder is."""
    digests = []
    for path in files:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "blake2b").digest())
    return hashlib.blake2b(b"\0".join(digests), digest_size=16).hexdigest()


def session(model: Path) -> onnxruntime.InferenceSession:
    """A model of a file, run on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_mem_pattern = False  # every length would keep a plan of its own
    options.log_severity_level = 3  # errors only
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _tokenizer(path: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST_PASSAGE)
    return tokenizer


def _remedy(name: str) -> str:
    if not name:
        return (
            "Rétablissez le modèle livré (git checkout -- index/encoder/model) "
            "ou réinstallez l'assistant."
        )
    return "Copiez de nouveau ce dossier, ou laissez le modèle vide pour celui qui est livré."
