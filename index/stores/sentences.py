"""The sentences of the passages and the vector of each: which of them is near a question.

sentences.npy: (sentences, dim) float16, unit rows, in the order of the passages; a passage whose
last heading is a question, or any heading, has its vector in headings.npy, (passages, dim).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder.embedding import Embedder
from index.french.analysis import sentences
from index.passages import Passage

FILES = ("sentences.npy", "headings.npy")


def embedded(
    passages: Sequence[Passage],
    embedder: Embedder,
    known: Mapping[str, tuple[NDArray[np.float16], NDArray[np.float16]]],
) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """The vectors of the sentences, then of the last headings, of these passages.

    known    what an earlier generation holds, by the digest of the passage
    """
    fresh = [passage for passage in passages if passage.digest not in known]
    texts = [list(_told(passage)) for passage in fresh]
    flat = embedder.sentences([text for each in texts for text in each]).astype(np.float16)
    heads = embedder.questions([p.headings[-1] if p.headings else "" for p in fresh])
    ends = np.cumsum([len(each) for each in texts])
    parts = np.split(flat, ends[:-1]) if len(texts) else []
    found = dict(known)
    for passage, rows, head in zip(fresh, parts, heads.astype(np.float16), strict=True):
        found[passage.digest] = rows, head
    every = [found[passage.digest] for passage in passages]
    empty = np.zeros((0, embedder.dim), np.float16)
    return (
        np.concatenate([empty, *(rows for rows, _ in every)]),
        np.concatenate([empty, *(head[None] for _, head in every)]),
    )


def _told(passage: Passage) -> Iterator[str]:
    """The sentences of a passage as they are embedded: under their last heading, a point after what
    leads to it; alone where facts number them, for people are known to ask for those."""
    lead = ""
    for start, end in sentences(passage.text):
        text = passage.text[start:end]
        is_point = passage.text.startswith("- ", max(start - 2, 0))
        if not is_point:
            lead = f"{text} " if text.endswith(":") else ""
        heading = next(iter(passage.headings_at(start)[-1:]), "")
        if passage.facts or heading in ("", text):
            yield text
        else:
            yield f"{heading} : {lead if is_point else ''}{text}"


class Sentences:
    """The sentence vectors of one generation, open for reading."""

    def __init__(
        self, folder: Path, passages: Sequence[Passage], base: Sentences | None = None
    ) -> None:
        """`base`: those of the passages that come before. Raises ValueError when they are not those
        of `passages`."""
        self._base, self._first = base, len(base) if base is not None else 0
        # Read, not mapped: a file cut under a server that maps it takes the process down.
        self._rows = np.load(folder / FILES[0])
        self._heads = np.load(folder / FILES[1])
        self._starts = np.concatenate(
            [[0], np.cumsum([len(sentences(passage.text)) for passage in passages])]
        )
        if len(self._rows) != self._starts[-1] or len(self._heads) != len(passages):
            raise ValueError("des phrases manquent")

    def __len__(self) -> int:
        return self._first + len(self._heads)

    def of(self, position: int) -> NDArray[np.float16]:
        """(sentences, dim): those of the passage at a position, in its order."""
        if self._base is not None and position < self._first:
            return self._base.of(position)
        position -= self._first
        rows: NDArray[np.float16] = self._rows[self._starts[position] : self._starts[position + 1]]
        return rows

    def heading(self, position: int) -> NDArray[np.float16]:
        """(dim,): its last heading, as a question."""
        if self._base is not None and position < self._first:
            return self._base.heading(position)
        position -= self._first
        row: NDArray[np.float16] = self._heads[position]
        return row

    def by_digest(
        self, passages: Sequence[Passage]
    ) -> dict[str, tuple[NDArray[np.float16], NDArray[np.float16]]]:
        """What a build may keep: sentence rows and heading row, by the passage's digest.

        passages    those that it was opened with
        """
        return {
            passage.digest: (np.array(self.of(at)), np.array(self.heading(at)))
            for at, passage in enumerate(passages, self._first)
        }
