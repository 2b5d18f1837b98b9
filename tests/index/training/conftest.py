"""A BERT of two layers, as `cut` leaves the one that is trained: small, its weights drawn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from index.training.unpacking import Shape, Unpacked

WORDS = ["query", "passage", ":", "qui", "quand", "où", "pilote", "lance", "siège", "maire"]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [(f"▁{word}", -3.0) for word in WORDS] + [("日", -9.0), ("<mask>", 0.0)]
    pieces += [(letter, -8.0) for letter in "▁abcdefghijklmnopqrstuvwxyzùè:"]
    made = Tokenizer(models.Unigram(pieces, unk_id=3))
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    path = tmp_path_factory.mktemp("whole") / "tokenizer.json"
    made.save(str(path))
    return path


@pytest.fixture(scope="module")
def start(tokenizer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `cut` leaves it: 64 wide, two layers of two heads, random weights."""
    vocabulary_size = len(json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"])
    random_ = np.random.default_rng(0)

    def some(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return (random_.standard_normal(shape) * 0.2).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": some(vocabulary_size, 64),
        "embeddings.position_embeddings.weight": some(256, 64),
        "embeddings.token_type_embeddings.weight": some(2, 64),
        "embeddings.LayerNorm.weight": 1 + some(64),
        "embeddings.LayerNorm.bias": some(64),
    }
    for layer in range(2):
        for part, (outs, ins) in {
            "attention.self.query": (64, 64),
            "attention.self.key": (64, 64),
            "attention.self.value": (64, 64),
            "attention.output.dense": (64, 64),
            "intermediate.dense": (128, 64),
            "output.dense": (64, 128),
        }.items():
            weights[f"encoder.layer.{layer}.{part}.weight"] = some(outs, ins)
            weights[f"encoder.layer.{layer}.{part}.bias"] = some(outs)
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            weights[f"encoder.layer.{layer}.{part}.weight"] = 1 + some(64)
            weights[f"encoder.layer.{layer}.{part}.bias"] = some(64)
    from index.training import bert  # torch, which tests of their own say that they need

    shape = Shape(64, 2, 2, 128, vocabulary_size, 256, 1e-12)
    folder = tmp_path_factory.mktemp("start")
    rows = list(range(vocabulary_size))
    bert.begin(Unpacked(shape, (), weights), rows, tokenizer, folder)
    return folder
