"""The vectors of a generation, searched by Chroma: in this process, or a server that several share.

Chroma is derived: the truth is vectors.npy beside it. Vectors are given to it, never computed by
it (`embedding_function=None`), and what serves only reads a folder; a server is filled by whoever
first finds it empty. Chroma is loaded when an index is opened or built: 0.4 s of processor time
that the other commands do not wait for.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index.stores.aside import Aside

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI
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
# Seconds that a server may take: to answer, and to be made ready. Its client would wait for ever.
_ANSWERS_IN, _OPENS_IN = 2.0, 60.0
_REST = 5.0  # seconds that a server is left alone once it did not answer
_KEPT = 3  # collections on a server, as generations in a folder

log = logging.getLogger(__name__)


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
    _fill(collection, vectors, progress=progress)
    client.close()
    (folder / _SUMS).write_text(json.dumps(_sums(folder)), encoding="ascii")


def _fill(collection: Collection, vectors: NDArray[np.float32], *, progress: bool = False) -> None:
    starts = range(0, len(vectors), _BATCH)
    for start in tqdm(starts, desc="Vecteurs", unit="lot", disable=not progress):
        rows = range(start, min(start + _BATCH, len(vectors)))
        ids = [str(row) for row in rows]
        collection.upsert(ids=ids, embeddings=vectors[rows.start : rows.stop])


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
        self._collection: Collection | None = None  # what is searched, while it can be
        self._aside: Aside | None = None
        try:
            # With data_level0.bin cut short, or some bytes of its database changed, Chroma 1.5.9
            # takes the whole process down: it is given only what was proved sound at the build.
            # It writes in what it opens: a copy.
            self._aside = Aside(folder)
            if _sums(self._aside.path) != json.loads((folder / _SUMS).read_text(encoding="ascii")):
                raise ValueError("des fichiers manquent ou ont été modifiés")
            self._client = _client(self._aside.path)
            collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            self._probe(collection)
            self._collection = collection
        except Exception as error:  # Chroma raises of six families for a damaged folder
            self._give_up(error)

    def __len__(self) -> int:
        return len(self._vectors)

    def _probe(self, collection: Collection) -> None:
        """Search vectors all along, the last ones above all: each must find itself, or its like.

        Chroma keeps the last ones, up to 1,000, in a queue of its own. Raises ValueError.
        """
        if (count := collection.count()) != len(self._vectors):
            raise ValueError(f"{count} vecteurs au lieu de {len(self._vectors)}")
        if not len(self._vectors):
            return
        last = len(self._vectors) - 1
        rows = np.unique(
            [*np.linspace(0, last, _PROBES, dtype=int), *range(max(last - 3, 0), last)]
        )
        probes = [self._vectors[row].tolist() for row in rows if self._vectors[row].any()]
        if not probes:
            return
        found = collection.query(query_embeddings=probes, n_results=1, include=["distances"])
        missed = sum(not near or near[0] > 1e-3 for near in found["distances"] or [])
        if missed > 1:  # a sound HNSW misses 0.5 in 1,000
            raise ValueError(f"{missed} vecteurs sur {len(probes)} ne se retrouvent pas")

    def search(self, question: NDArray[np.float32], limit: int) -> dict[int, float]:
        """Cosine of the nearest passages: position -> -1..1, best first."""
        limit = min(limit, len(self._vectors))
        if not limit or not question.any():
            return {}
        if (collection := self._collection) is not None:
            try:
                found = collection.query(
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
        self._collection = None
        if self._client is not None:
            self._client.close()
            self._client = None
        if self._aside is not None:
            self._aside.close()
            self._aside = None

    def _give_up(self, error: Exception) -> None:
        self.degraded = f"Chroma ne répond pas ({error}) : recherche exacte sur les vecteurs"
        self.close()


@dataclass(frozen=True, slots=True)
class Server:
    """A Chroma server, by its address, and the name under which collections are ours there."""

    address: str
    owner: str

    def collection(self, number: str, digest: str) -> str:
        """The name of the collection of a generation, and of its vectors by their digest."""
        return f"{self.owner}-{number}-{digest[:12]}"

    def held(self, number: str, digest: str, seconds: float) -> int | None:
        """How many of them it has; None where it has no such collection.

        Raises what Chroma raises when it does not answer.
        """
        from chromadb.errors import NotFoundError

        client = reached(self.address, seconds)
        try:
            name = self.collection(number, digest)
            return client.get_collection(name, embedding_function=None).count()
        except NotFoundError:
            return None


@cache
def reached(address: str, seconds: float) -> ClientAPI:
    """A client of a server, that waits so long, for the life of the process: none can be closed.

    Raises what Chroma raises when it does not answer.
    """
    import chromadb
    from chromadb.config import Settings

    url = urlsplit(address)
    client = chromadb.HttpClient(
        url.hostname or "",
        url.port or (443 if url.scheme == "https" else 80),
        ssl=url.scheme == "https",
        settings=Settings(anonymized_telemetry=False),
    )
    # No setting says it, and it would wait for ever: a server that hangs would hold answers.
    cast(Any, client)._server._session.timeout = seconds
    return client


class Remote(Store):
    """The vectors of one generation on a server, in a collection of its own.

    A thread opens the collection, fills it where it is not whole, and opens it again once a server
    that failed answers; all vectors are compared here meanwhile, and no question waits for it.
    """

    def __init__(
        self, server: Server, number: str, digest: str, vectors: NDArray[np.float32]
    ) -> None:
        """`digest`: of the vectors, so that the same number twice is not the same collection."""
        self._vectors = vectors
        self._server = server
        self._number = number
        self._name = server.collection(number, digest)
        self._client = None
        self._collection = None
        self._aside = None
        self.degraded = "Chroma n'est pas encore prêt : recherche exacte sur les vecteurs"
        self._failed = False  # whether the log said that it does not answer
        self._closed = threading.Event()
        self._wanted = threading.Event()
        self._wanted.set()
        threading.Thread(target=self._watch, name="chroma", daemon=True).start()

    def close(self) -> None:
        """Let go of the server; what is searched from now on is searched exactly."""
        self._closed.set()
        self._wanted.set()
        self._collection = None

    def _watch(self) -> None:
        while self._wanted.wait() and not self._closed.is_set():
            try:
                try:
                    self._open()
                except Exception:
                    self._open()  # another server was making it, or dropping old ones, just then
            except Exception as error:  # as for a folder; chroma's errors are not one family
                self._give_up(error)
                self._closed.wait(_REST)

    def _open(self) -> None:
        client = reached(self._server.address, _OPENS_IN)
        collection = client.get_or_create_collection(
            self._name, embedding_function=None, configuration={"hnsw": _GRAPH}
        )
        if collection.count() < len(self._vectors):  # new, or whoever filled it was stopped
            _fill(collection, self._vectors)
            self._forget(client)
        self._probe(collection)
        quick = reached(self._server.address, _ANSWERS_IN)
        self._wanted.clear()
        self._collection = quick.get_collection(self._name, embedding_function=None)
        self.degraded = None
        if self._failed:
            log.warning("the Chroma server %s answers again", self._server.address)
        self._failed = False

    def _forget(self, client: ClientAPI) -> None:
        """Drop the collections of generations too old to be served."""
        for each in client.list_collections():
            owner, _, rest = each.name.partition("-")
            number = rest.partition("-")[0]
            if owner == self._server.owner and int(number) <= int(self._number) - _KEPT:
                client.delete_collection(each.name)

    def _give_up(self, error: Exception) -> None:
        self._collection = None
        why = str(error) or type(error).__name__
        self.degraded = f"Chroma ne répond pas ({why}) : recherche exacte sur les vecteurs"
        if not self._failed:
            log.error("the Chroma server %s does not answer: %s", self._server.address, why)
        self._failed = True
        self._wanted.set()


def opened(folder: Path, vectors: NDArray[np.float32], digest: str, server: Server | None) -> Store:
    """The vectors of the generation of that folder: by the server, where there is one."""
    if server is None:
        return Store(folder / "chroma", vectors)
    return Remote(server, folder.name, digest, vectors)


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
