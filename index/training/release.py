"""The folder that ships: the ONNX file, the tokenizer, what libraries read, licence and card."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from index.encoder.running import LONGEST_PASSAGE, PASSAGE, QUERY
from index.training import bert, graph

LICENCE = """\
MIT License

Copyright (c) 2023 Intfloat contributors (multilingual-e5-small)
Copyright (c) 2026 the authors of the assistant (its training on questions of their own)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {
        "idx": 2,
        "name": "2",
        "path": "2_Normalize",
        "type": "sentence_transformers.models.Normalize",
    },
]


def write(trained: Path, out: Path, texts: Sequence[str]) -> None:
    """Write the folder `out` from a trained one; its card is written apart (index.training.card).

    `texts`, prefixes included, show how large the numbers are that are to be rounded.

    sentence-transformers finds beside the ONNX file what it needs to run it by itself.
    """
    config = json.loads((trained / "config.json").read_text(encoding="utf-8"))
    out.mkdir(parents=True, exist_ok=True)
    graph.write(
        trained,
        out / "model.onnx",
        bert.largest(bert.load(trained), texts),
        config["num_attention_heads"],
        config["layer_norm_eps"],
    )
    shutil.copyfile(trained / "tokenizer.json", out / "tokenizer.json")
    config["max_position_embeddings"] = LONGEST_PASSAGE
    (out / "LICENSE").write_text(LICENCE, encoding="utf-8")
    for name, content in _read_by_libraries(config).items():
        path = out / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def restore(folder: Path, out: Path) -> None:
    """Write a shipped folder with its weights as floats: torch reads no ONNX file.

    sentence-transformers' own ONNX backend needs optimum, which no version of transformers that
    sentence-transformers 6 takes can be installed with.
    """
    shutil.copytree(folder, out, ignore=shutil.ignore_patterns("model.onnx"), dirs_exist_ok=True)
    weights = {
        name: np.ascontiguousarray(values, np.float32)
        for name, values in graph.read(folder / "model.onnx").items()
    }
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})


def _read_by_libraries(config: dict[str, Any]) -> dict[str, Any]:
    return {
        "config.json": config,
        "modules.json": _MODULES,
        "sentence_bert_config.json": {
            "max_seq_length": LONGEST_PASSAGE,
            "do_lower_case": False,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": QUERY, "document": PASSAGE},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": LONGEST_PASSAGE,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": config["hidden_size"],
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
    }
