"""A linear model over named signs, written as one ONNX file with its card in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_OPSET, _IR = 18, 9


def write(
    path: Path,
    signs: Sequence[str],
    labels: Sequence[str],
    layers: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
    *,
    end: str = "Identity",
    threshold: float | None = None,
) -> str:
    """Write (signs) -> layers, with a ReLU between two -> `end` (Identity, Sigmoid or Softmax).

    layers    (matrix, bias) of each: (inputs, outputs), (outputs,)

    Returns the digest of what it computes.
    """
    digest = hashlib.blake2b(json.dumps([*signs, *labels, end]).encode(), digest_size=16)
    nodes, constants, last = [], [], "signs"
    for number, (matrix, bias) in enumerate(layers):
        for name, values in ((f"matrix {number}", matrix), (f"bias {number}", bias)):
            given = np.ascontiguousarray(values, np.float32)
            digest.update(given.tobytes())
            constants.append(numpy_helper.from_array(given, name))
        out = f"layer {number}"
        nodes.append(helper.make_node("Gemm", [last, f"matrix {number}", f"bias {number}"], [out]))
        if number < len(layers) - 1:
            nodes.append(helper.make_node("Relu", [out], [f"relu {number}"]))
            out = f"relu {number}"
        last = out
    nodes.append(helper.make_node(end, [last], ["scores"]))  # Softmax: along the last axis
    graph = helper.make_graph(
        nodes,
        path.stem,
        [helper.make_tensor_value_info("signs", TensorProto.FLOAT, [None, len(signs)])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, len(labels)])],
        constants,
    )
    opset = helper.make_opsetid("", _OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=_IR)
    about = {
        "signs": json.dumps(list(signs)),
        "labels": json.dumps(list(labels)),
        "digest": digest.hexdigest(),
    }
    if threshold is not None:
        about["threshold"] = repr(threshold)
    helper.set_model_props(model, about)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    return about["digest"]
