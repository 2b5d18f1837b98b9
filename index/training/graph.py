"""The trained BERT as one ONNX graph, its matrices in bytes: what ships.

input_ids, attention_mask -> sentence_embedding (mean of the tokens, length 1) and, for libraries
that pool by themselves, last_hidden_state. Matrices have one scale a column, word and position
vectors one a row; what a matrix multiplies is rounded to bytes as it comes (DynamicQuantizeMatMul),
with one scale for all of it. A few of its columns are tens of times as large as the others: each
column is divided by a number and the row of the matrix that meets it multiplied by the same, so
that neither is hard to round (SmoothQuant, Xiao et al. 2023).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from index.encoder.pairs import SAID_FROM

POSITIONS = 256  # texts are cut there: the rows after that would never be read
# 0 leaves all to the matrix, 1 to the values. Cosine with the floats over 450 texts, mean and
# least: .987 and .974 with none of it, .982 and .954 at .5, .997 and .994 at .75, .995 and .991
# at 1.
EVENED = 0.75
_TINY = 1e-4  # a column that is never anything else counts as this
_OPSET, _IR = 18, 9


class _Graph:
    """Nodes and constants, each named as it is made."""

    def __init__(self, largest: Mapping[str, NDArray[np.float32]]) -> None:
        self.largest = largest
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: NDArray[Any] | np.generic, name: str = "") -> str:
        name = name or f"constant {len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def node(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        out = out or f"value {len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], name=out, **attributes))
        return out

    def numbers(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))


def write(
    folder: Path,
    out: Path,
    largest: Mapping[str, NDArray[np.float32]],
    heads: int = 12,
    epsilon: float = 1e-12,
) -> None:
    """Write the model of a folder (index.training.bert) as `out`.

    `largest` gives, for each matrix by its name, the greatest size of each number that it
    multiplies, as measured on text (index.training.bert.largest).
    """
    weights = load_file(folder / "model.safetensors")
    graph = _Graph(largest)
    mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = _embedded(graph, weights, epsilon)
    hidden = _layers(graph, weights, hidden, _bias(graph, mask), heads, epsilon)
    graph.node("Identity", hidden, out="last_hidden_state")
    _pooled(graph, hidden, mask)
    width = weights["embeddings.LayerNorm.weight"].shape[0]
    ids = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    outs = [
        helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["texts", width]),
        helper.make_tensor_value_info(
            "last_hidden_state", TensorProto.FLOAT, ["texts", "tokens", width]
        ),
    ]
    _save(graph, ids, outs, out, {})


def write_pairs(
    weights: dict[str, NDArray[np.float32]],
    out: Path,
    largest: Mapping[str, NDArray[np.float32]],
    about: Mapping[str, str],
    heads: int = 12,
    epsilon: float = 1e-12,
) -> None:
    """Write a model over two texts (index.training.pairs) as `out`: input_ids, kinds ->
    likelihoods. One pair is run at a time: there is no padding.

    `about` is kept in the file.
    """
    graph = _Graph(largest)
    hidden = _embedded(graph, weights, epsilon, "kinds")
    hidden = _layers(graph, weights, hidden, "", heads, epsilon)
    said = graph.node("GreaterOrEqual", "kinds", graph.constant(np.int64(SAID_FROM)))
    said = graph.node("Cast", said, to=TensorProto.FLOAT)
    first = graph.node("Gather", hidden, graph.constant(np.int64(0)), axis=1)
    below = graph.node("Unsqueeze", _bias(graph, said, wide=False), graph.numbers(2))
    most = graph.node("ReduceMax", graph.node("Add", hidden, below), graph.numbers(1), keepdims=0)
    pooled = graph.node("Concat", first, _mean(graph, hidden, said), most, axis=1)
    scores = graph.node(
        "Gemm",
        pooled,
        graph.constant(weights["head.weight"].T, "head"),
        graph.constant(weights["head.bias"]),
    )
    graph.node("Softmax", scores, axis=-1, out="likelihoods")
    ids = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["pairs", "tokens"])
        for name in ("input_ids", "kinds")
    ]
    labels = len(weights["head.bias"])
    outs = [helper.make_tensor_value_info("likelihoods", TensorProto.FLOAT, ["pairs", labels])]
    _save(graph, ids, outs, out, about)


def _save(
    graph: _Graph,
    inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[onnx.ValueInfoProto],
    out: Path,
    about: Mapping[str, str],
) -> None:
    model = helper.make_model(
        helper.make_graph(graph.nodes, out.stem, inputs, outputs, graph.constants),
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)],
    )
    model.ir_version = _IR
    helper.set_model_props(model, dict(about))
    out.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, out)


def _embedded(
    graph: _Graph, weights: dict[str, NDArray[np.float32]], epsilon: float, kinds: str = ""
) -> str:
    """Word, position and kind, summed. Without `kinds` there is one, its row is added ahead."""
    positions = weights["embeddings.position_embeddings.weight"][:POSITIONS]
    table = weights["embeddings.token_type_embeddings.weight"]
    if not kinds:
        positions = positions + table[:1]
    words = _rows(graph, weights["embeddings.word_embeddings.weight"], "words", "input_ids")
    length = graph.node("Gather", graph.node("Shape", "input_ids"), graph.constant(np.int64(1)))
    places = graph.node("Range", graph.constant(np.int64(0)), length, graph.constant(np.int64(1)))
    placed = graph.node("Add", words, _rows(graph, positions, "positions", places))
    if kinds:
        placed = graph.node("Add", placed, graph.node("Gather", graph.constant(table), kinds))
    return _norm(graph, weights, "embeddings.LayerNorm", placed, epsilon)


def _layers(
    graph: _Graph,
    weights: dict[str, NDArray[np.float32]],
    hidden: str,
    bias: str,
    heads: int,
    epsilon: float,
) -> str:
    count = 1 + max(int(name.split(".")[2]) for name in weights if ".layer." in name)
    for layer in range(count):
        hidden = _layer(graph, weights, f"encoder.layer.{layer}.", hidden, bias, heads, epsilon)
    return hidden


def _rows(graph: _Graph, table: NDArray[np.float32], name: str, at: str) -> str:
    """Rows of a table kept in bytes, one scale each."""
    scales = np.abs(table).max(axis=1, keepdims=True) / 127
    scales[scales == 0] = 1
    bytes_ = np.rint(table / scales).astype(np.int8)
    drawn = graph.node("Gather", graph.constant(bytes_, name), at)
    scale = graph.node("Gather", graph.constant(scales.astype(np.float32), f"{name} scales"), at)
    return graph.node("Mul", graph.node("Cast", drawn, to=TensorProto.FLOAT), scale)


def _bias(graph: _Graph, mask: str, *, wide: bool = True) -> str:
    """0 for a token, far below for the others: added to what attention weighs (`wide`)."""
    below = graph.node("Sub", mask, graph.constant(np.float32(1)))
    if wide:
        below = graph.node("Unsqueeze", below, graph.numbers(1, 2))
    return graph.node("Mul", below, graph.constant(np.float32(1e4)))


def _layer(
    graph: _Graph,
    weights: dict[str, NDArray[np.float32]],
    name: str,
    hidden: str,
    bias: str,
    heads: int,
    epsilon: float,
) -> str:
    width = weights[f"{name}attention.self.query.weight"].shape[0]
    parts = [f"{name}attention.self.{part}" for part in ("query", "key", "value")]
    together = graph.node(
        "Reshape",
        _linear(graph, weights, parts, hidden),
        graph.numbers(0, 0, 3, heads, width // heads),
    )
    asked, keyed, values = (
        graph.node(
            "Transpose",
            graph.node("Gather", together, graph.constant(np.int64(at)), axis=2),
            perm=order,
        )
        for at, order in enumerate(([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]))
    )
    scale = graph.constant(np.float32((width // heads) ** -0.5))
    scores = graph.node("Mul", graph.node("MatMul", asked, keyed), scale)
    weighed = graph.node("Add", scores, bias) if bias else scores
    shares = graph.node("Softmax", weighed, axis=-1)
    mixed = graph.node("Transpose", graph.node("MatMul", shares, values), perm=[0, 2, 1, 3])
    joined = graph.node("Reshape", mixed, graph.numbers(0, 0, width))
    attended = _linear(graph, weights, [f"{name}attention.output.dense"], joined)
    hidden = _norm(
        graph,
        weights,
        f"{name}attention.output.LayerNorm",
        graph.node("Add", attended, hidden),
        epsilon,
    )
    inner = _gelu(graph, _linear(graph, weights, [f"{name}intermediate.dense"], hidden))
    outer = _linear(graph, weights, [f"{name}output.dense"], inner)
    return _norm(
        graph, weights, f"{name}output.LayerNorm", graph.node("Add", outer, hidden), epsilon
    )


def _linear(
    graph: _Graph, weights: dict[str, NDArray[np.float32]], names: Sequence[str], values: str
) -> str:
    """Matrices that multiply the same values, side by side: these are rounded once."""
    matrix = np.concatenate([weights[f"{name}.weight"] for name in names]).T  # torch: (out, in)
    bias = np.concatenate([weights[f"{name}.bias"] for name in names])
    name = " ".join(names)
    evened = _evened(graph.largest[names[0]], np.abs(matrix).max(axis=1))
    matrix = matrix * evened[:, None]
    scales = np.abs(matrix).max(axis=0) / 127
    scales[scales == 0] = 1
    return graph.node(
        "DynamicQuantizeMatMul",
        graph.node("Mul", values, graph.constant(1 / evened, f"{name} evened")),
        graph.constant(np.rint(matrix / scales).astype(np.int8), name),
        graph.constant(scales.astype(np.float32), f"{name} scales"),
        graph.constant(np.zeros(len(scales), np.int8)),
        graph.constant(bias, f"{name} bias"),
        domain="com.microsoft",
    )


def _evened(values: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """What each column of the values is divided by, and the row of the matrix multiplied by."""
    sized, met = np.maximum(values, _TINY), np.maximum(weights, _TINY)
    evened: NDArray[np.float32] = (sized**EVENED / met ** (1 - EVENED)).astype(np.float32)
    return evened


def _norm(
    graph: _Graph,
    weights: dict[str, NDArray[np.float32]],
    name: str,
    values: str,
    epsilon: float,
) -> str:
    return graph.node(
        "LayerNormalization",
        values,
        graph.constant(weights[f"{name}.weight"], f"{name}.weight"),
        graph.constant(weights[f"{name}.bias"], f"{name}.bias"),
        axis=-1,
        epsilon=epsilon,
    )


def _gelu(graph: _Graph, values: str) -> str:
    half = graph.constant(np.float32(0.5))
    bent = graph.node("Erf", graph.node("Mul", values, graph.constant(np.float32(0.5**0.5))))
    lifted = graph.node("Add", bent, graph.constant(np.float32(1)))
    return graph.node("Mul", graph.node("Mul", values, lifted), half)


def _pooled(graph: _Graph, hidden: str, mask: str) -> None:
    mean = _mean(graph, hidden, mask)
    length = graph.node("ReduceL2", mean, graph.numbers(1), keepdims=1)
    graph.node("Div", mean, length, out="sentence_embedding")


def _mean(graph: _Graph, hidden: str, mask: str) -> str:
    """(texts, width): the mean of the tokens that the mask holds."""
    masked = graph.node("Mul", hidden, graph.node("Unsqueeze", mask, graph.numbers(2)))
    total = graph.node("ReduceSum", masked, graph.numbers(1), keepdims=0)
    return graph.node("Div", total, graph.node("ReduceSum", mask, graph.numbers(1), keepdims=1))


def read(path: Path) -> dict[str, NDArray[np.float32]]:
    """The weights of a written graph as floats again, under the names of transformers.BertModel.

    What torch makes of them differs from what the graph computes by the rounding of what the
    matrices multiply, and by nothing else.
    """
    held = {
        tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer
    }
    weights: dict[str, NDArray[np.float32]] = {}
    for name, values in held.items():
        if f"{name} bias" in held:
            matrix = values.astype(np.float32) * held[f"{name} scales"]
            matrix = (matrix * held[f"{name} evened"][:, None]).T
            parts = name.split(" ")
            for part, rows, bias in zip(
                parts,
                np.split(matrix, len(parts)),
                np.split(held[f"{name} bias"], len(parts)),
                strict=True,
            ):
                weights[f"{part}.weight"], weights[f"{part}.bias"] = rows, bias
        elif "LayerNorm" in name:
            weights[name] = values
    embeddings = "embeddings."
    weights[f"{embeddings}word_embeddings.weight"] = held["words"] * held["words scales"]
    weights[f"{embeddings}position_embeddings.weight"] = (
        held["positions"] * held["positions scales"]
    )
    width = weights["embeddings.LayerNorm.weight"].shape[0]
    # The one kind of segment was added to the positions.
    weights[f"{embeddings}token_type_embeddings.weight"] = np.zeros((2, width), np.float32)
    return weights
