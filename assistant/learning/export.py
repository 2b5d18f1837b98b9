"""Small models over named signs, each written as one ONNX file with its card in it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from sklearn.ensemble import GradientBoostingClassifier

_OPSET, _TREES_OPSET, _IR = 18, 3, 9


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
    return _save(path, signs, labels, nodes, constants, digest.hexdigest(), threshold)


def write_trees(
    path: Path,
    signs: Sequence[str],
    label: str,
    trees: GradientBoostingClassifier,
    *,
    threshold: float,
) -> str:
    """Write (signs) -> how likely `label` is: the boosted trees of a yes or a no.

    Returns the digest of what they compute.
    """
    attributes: dict[str, Any] = {name: [] for name in _TREE}
    for number, tree in enumerate(trees.estimators_[:, 0]):
        grown = tree.tree_
        for node in range(grown.node_count):
            leaf = grown.children_left[node] < 0
            attributes["nodes_treeids"].append(number)
            attributes["nodes_nodeids"].append(node)
            attributes["nodes_featureids"].append(0 if leaf else int(grown.feature[node]))
            attributes["nodes_modes"].append("LEAF" if leaf else "BRANCH_LEQ")
            attributes["nodes_values"].append(0.0 if leaf else _below(grown.threshold[node]))
            attributes["nodes_truenodeids"].append(0 if leaf else int(grown.children_left[node]))
            attributes["nodes_falsenodeids"].append(0 if leaf else int(grown.children_right[node]))
            if leaf:
                attributes["target_treeids"].append(number)
                attributes["target_nodeids"].append(node)
                attributes["target_ids"].append(0)
                worth = trees.learning_rate * float(grown.value[node, 0, 0])
                attributes["target_weights"].append(worth)
    share = float(trees.init_.class_prior_[1])  # where the trees begin: how many are a yes
    start = math.log(share / (1 - share))
    kept = json.dumps([*signs, label, start, attributes])
    digest = hashlib.blake2b(kept.encode(), digest_size=16).hexdigest()
    nodes = [
        helper.make_node(
            "TreeEnsembleRegressor",
            ["signs"],
            ["log odds"],
            domain="ai.onnx.ml",
            base_values=[start],
            n_targets=1,
            post_transform="NONE",
            aggregate_function="SUM",
            **attributes,
        ),
        helper.make_node("Sigmoid", ["log odds"], ["scores"]),
    ]
    return _save(path, signs, [label], nodes, [], digest, threshold)


_TREE = (
    *("nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_modes", "nodes_values"),
    *("nodes_truenodeids", "nodes_falsenodeids"),
    *("target_treeids", "target_nodeids", "target_ids", "target_weights"),
)


def _below(threshold: float) -> float:
    """The largest number of 32 bits that is no more: a sign of 32 bits goes the same way."""
    near = np.float32(threshold)
    return float(near if near <= threshold else np.nextafter(near, np.float32(-np.inf)))


def _save(
    path: Path,
    signs: Sequence[str],
    labels: Sequence[str],
    nodes: Sequence[onnx.NodeProto],
    constants: Sequence[onnx.TensorProto],
    digest: str,
    threshold: float | None,
) -> str:
    graph = helper.make_graph(
        nodes,
        path.stem,
        [helper.make_tensor_value_info("signs", TensorProto.FLOAT, [None, len(signs)])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, len(labels)])],
        constants,
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("ai.onnx.ml", _TREES_OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR)
    about = {
        "signs": json.dumps(list(signs)),
        "labels": json.dumps(list(labels)),
        "digest": digest,
    }
    if threshold is not None:
        about["threshold"] = repr(threshold)
    helper.set_model_props(model, about)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    return digest
