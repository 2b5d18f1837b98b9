"""The vectors of a generation, searched by Chroma.

Chroma is derived: the truth is vectors.npy beside it. Vectors are given to it, never computed by
it (`embedding_function=None`), and the server only reads. It is loaded when an index is opened or
built: 0.4 s of processor time that the other commands do not wait for.
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index.stores.aside import Aside

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

_COLLECTION = "passages"
_BATCH = 1000
# Of 200 questions on 6,046 passages, 2026-11: 98.4 % of the 200 nearest are found, in 2.1 ms; with
# Chroma's own defaults 96.2 %, in 1.6 ms.
_GRAPH: CreateHNSWConfiguration = {
    "space": "cosine",
    "max_neighbors": 32,
    "ef_construction": 200,
    "ef_search": 200,
}
_SUMS = "sums.json"
_PROBES = 16  # vectors searched at opening: with some of its own lost, Chroma answers, wrongly


def _client(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    opened = chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )
    return cast("Client", opened)  # its declared type lacks close()


def write(folder: Path, vectors: NDArray[np.float32], *, progress: bool = False) -> None:
    """Make the collection of `vectors` in `folder`, a new one; ids are the rows' numbers."""
    client = _client(folder)
    collection = client.create_collection(
        _COLLECTION, embedding_function=None, configuration={"hnsw": _GRAPH}
    )
    starts = range(0, len(vectors), _BATCH)
    for start in tqdm(starts, desc="Vecteurs", unit="lot", disable=not progress):
        rows = range(start, min(start + _BATCH, len(vectors)))
        collection.add(ids=[str(row) for row in rows], embeddings=vectors[rows.start : rows.stop])
    client.close()
    (folder / _SUMS).write_text(json.dumps(_sums(folder)), encoding="ascii")


def _sums(folder: Path) -> dict[str, str]:
    """The digests of Chroma's files, and its version: another could not read them, or crash."""
    sums = {"chromadb": version("chromadb")}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / _SUMS:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "blake2b").hexdigest()
            sums[path.relative_to(folder).as_posix()] = digest
    return sums


class Store:
    """The vectors of one generation, open for reading."""

    def __init__(self, folder: Path, vectors: NDArray[np.float32]) -> None:
        """`vectors`: (passages, dim), unit rows, searched exactly when Chroma cannot answer."""
        self._vectors = vectors
        self.degraded: str | None = None
        self._client: Client | None = None
        self._aside: Aside | None = None
        try:
            # With data_level0.bin cut short, or some bytes of its database changed, Chroma 1.5.9
            # takes the whole process down: it is given only what was proved sound at the build.
            # It writes in what it opens: a copy.
            self._aside = Aside(folder)
            if _sums(self._aside.path) != json.loads((folder / _SUMS).read_text(encoding="ascii")):
                raise ValueError("des fichiers manquent ou ont été modifiés")
            self._client = _client(self._aside.path)
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            if self._collection.count() != len(vectors):
                raise ValueError(f"{self._collection.count()} vecteurs au lieu de {len(vectors)}")
            self._probe()
        except Exception as error:  # Chroma raises of six families for a damaged folder
            self._give_up(error)

    def __len__(self) -> int:
        return len(self._vectors)

    def _probe(self) -> None:
        """Search vectors all along, the last ones above all: each must find itself, or its like.

        Chroma keeps the last ones, up to 1,000, in a queue of its own.
        """
        if not len(self._vectors):
            return
        last = len(self._vectors) - 1
        rows = np.unique(
            [*np.linspace(0, last, _PROBES, dtype=int), *range(max(last - 3, 0), last)]
        )
        probes = [self._vectors[row].tolist() for row in rows if self._vectors[row].any()]
        if not probes:
            return
        found = self._collection.query(query_embeddings=probes, n_results=1, include=["distances"])
        missed = sum(not near or near[0] > 1e-3 for near in found["distances"] or [])
        if missed > 1:  # a sound HNSW misses 0.5 in 1,000
            raise ValueError(f"{missed} vecteurs sur {len(probes)} ne se retrouvent pas")

    def search(self, question: NDArray[np.float32], limit: int) -> dict[int, float]:
        """Cosine of the nearest passages: position -> -1..1, best first."""
        limit = min(limit, len(self._vectors))
        if not limit or not question.any():
            return {}
        if self._client is not None:
            try:
                found = self._collection.query(
                    query_embeddings=question.tolist(), n_results=limit, include=["distances"]
                )
            except Exception as error:  # as above; the question is answered all the same
                self._give_up(error)
            else:
                distances = found["distances"] or [[]]
                return {
                    int(row): 1.0 - float(distance)
                    for row, distance in zip(found["ids"][0], distances[0], strict=True)
                }
        return exact(self._vectors, question, limit)

    def close(self) -> None:
        """Let go of Chroma's files and threads."""
        if self._client is not None:
            self._client.close()
            self._client = None
        if self._aside is not None:
            self._aside.close()
            self._aside = None

    def _give_up(self, error: Exception) -> None:
        self.degraded = f"Chroma ne répond pas ({error}) : recherche exacte sur les vecteurs"
        self.close()


def exact(
    vectors: NDArray[np.float32], question: NDArray[np.float32], limit: int
) -> dict[int, float]:
    """Cosine of the nearest of a few vectors, all of them compared: row -> -1..1, best first."""
    cosines = vectors @ question
    best = np.argsort(-cosines, kind="stable")[:limit]
    return {int(row): float(cosines[row]) for row in best}


class Beside:
    """The vectors of a few passages, searched with those of the store that they come after."""

    def __init__(self, base: Store, vectors: NDArray[np.float32]) -> None:
        """`vectors`: (passages, dim), unit rows. The store is another's to close."""
        self._base = base
        self._vectors = vectors

    @property
    def degraded(self) -> str | None:
        """Why search is not at its best; None when it is."""
        return self._base.degraded

    def search(self, question: NDArray[np.float32], limit: int) -> dict[int, float]:
        """Cosine of the nearest passages of both: position -> -1..1, best first."""
        if not question.any():
            return {}
        first = len(self._base)
        own = exact(self._vectors, question, limit)
        found = self._base.search(question, limit) | {first + row: c for row, c in own.items()}
        return dict(sorted(found.items(), key=lambda pair: -pair[1])[:limit])

    def close(self) -> None:
        """Nothing is held that is not memory."""
