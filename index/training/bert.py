"""The encoder in torch: a transformers BertModel and its tokenizer in one folder, texts -> vectors.

A folder holds config.json, model.safetensors and tokenizer.json: transformers loads it, and
sentence-transformers with a mean of the tokens over it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence
from transformers import BertConfig, BertModel

from index.training.unpacking import Unpacked, Weights

PAD = 1  # the id of <pad>
BATCH = 64  # texts encoded at once, of lengths alike


@dataclass(frozen=True, slots=True)
class Coder:
    """A BERT and the tokenizer of its vocabulary."""

    model: BertModel
    tokenizer: Tokenizer

    def tokens(self, texts: Sequence[str], longest: int) -> list[list[int]]:
        """The ids of each text, `longest` at most, with those that open and close it."""
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(longest)
        return [encoded.ids for encoded in self.tokenizer.encode_batch_fast(list(texts))]

    def lower(self, tokens: Sequence[Sequence[int]], layers: int) -> list[torch.Tensor]:
        """What comes out of the first layers for each text, (its length, hidden)."""
        ids, mask = _padded(tokens)
        hidden = self.model.embeddings(input_ids=ids)
        for layer in self.model.encoder.layer[:layers]:
            hidden = layer(hidden, bias(mask, hidden.dtype))
        return [hidden[row, : len(text)] for row, text in enumerate(tokens)]

    def upper(self, states: Sequence[torch.Tensor], layers: int) -> torch.Tensor:
        """(len(states), hidden) from what came out of `lower` with the same number of layers.

        Each row has length 1: the mean of what comes out of each token.
        """
        mask = torch.zeros((len(states), max(map(len, states))), dtype=torch.long)
        for row, state in enumerate(states):
            mask[row, : len(state)] = 1
        hidden = pad_sequence(list(states), batch_first=True)
        for layer in self.model.encoder.layer[layers:]:
            hidden = layer(hidden, bias(mask, hidden.dtype))
        weights = mask.unsqueeze(2).float()
        mean = (hidden.float() * weights).sum(1) / weights.sum(1)
        return functional.normalize(mean, dim=1)

    def encode(self, texts: Sequence[str], longest: int = 128) -> NDArray[np.float32]:
        """The vectors of texts, prefix included, without learning from them."""
        tokens = self.tokens(texts, longest)
        rows = np.zeros((len(texts), int(self.model.config.hidden_size)), np.float32)
        with torch.inference_mode(), half():
            for batch in alike([len(text) for text in tokens], BATCH):
                rows[batch] = self.upper(self.lower([tokens[row] for row in batch], 0), 0).numpy()
        return rows


def _padded(tokens: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and which of them are not padding, each (texts, length of the longest)."""
    ids = torch.full((len(tokens), max(map(len, tokens))), PAD)
    for row, text in enumerate(tokens):
        ids[row, : len(text)] = torch.tensor(text)
    return ids, (ids != PAD).long()


def bias(mask: torch.Tensor, kind: torch.dtype) -> torch.Tensor:
    """0 for a token, far below for padding: added to what attention weighs."""
    return ((1 - mask)[:, None, None, :] * -1e4).to(kind)


def half() -> torch.autocast:
    """Products in bfloat16 where the processor has them: four times as fast with AMX."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=_has_half())


def _has_half() -> bool:
    return bool(torch.cpu._is_amx_tile_supported())


def alike(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Rows in batches of `size`, those of one length together."""
    order = sorted(range(len(lengths)), key=lambda row: lengths[row])
    for start in range(0, len(order), size):
        yield order[start : start + size]


def begin(unpacked: Unpacked, rows: Sequence[int], tokenizer: Path, folder: Path) -> None:
    """Write the folder of the unpacked model with these word pieces only."""
    word = "embeddings.word_embeddings.weight"
    weights: Weights = dict(unpacked.weights)
    weights[word] = np.ascontiguousarray(weights[word][list(rows)])
    weights = {name: np.ascontiguousarray(values) for name, values in weights.items()}
    shape = unpacked.shape
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": len(rows),
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.intermediate,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": 2,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
        # Dropout costs half of a step on a processor, and typing badly varies enough.
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "pad_token_id": PAD,
        "dtype": "float32",
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


def load(folder: Path) -> Coder:
    """The model of a folder, in evaluation mode; nothing is fetched."""
    config = BertConfig.from_pretrained(folder, local_files_only=True)
    model: Any = BertModel.from_pretrained(
        folder,
        config=config,
        local_files_only=True,
        add_pooling_layer=False,
        dtype=torch.float32,
        # The fused attention takes ten times as long backwards, in bfloat16 on a processor.
        attn_implementation="eager",
    )
    model.eval()
    return Coder(model, Tokenizer.from_file(str(folder / "tokenizer.json")))


def largest(coder: Coder, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """The greatest size of each number that each matrix multiplies, over texts with prefixes."""
    return multiplied(coder.model, lambda: coder.encode(texts))


def multiplied(model: torch.nn.Module, run: Callable[[], object]) -> dict[str, NDArray[np.float32]]:
    """The greatest size of each number that each matrix of `model` multiplies as something runs."""
    found: dict[str, torch.Tensor] = {}

    def note(name: str) -> Callable[[torch.nn.Module, tuple[torch.Tensor, ...]], None]:
        def see(_: torch.nn.Module, values: tuple[torch.Tensor, ...]) -> None:
            seen = values[0].detach().float().abs().flatten(0, -2).amax(0)
            found[name] = torch.maximum(found.get(name, seen), seen)

        return see

    hooks = [
        module.register_forward_pre_hook(note(name))
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear)
    ]
    run()
    for hook in hooks:
        hook.remove()
    return {name: values.numpy() for name, values in found.items()}


def save(coder: Coder, like: Path, folder: Path) -> None:
    """Write a trained model with the configuration and the tokenizer of the folder `like`."""
    weights = {
        name: np.ascontiguousarray(values.detach().float().numpy())
        for name, values in coder.model.state_dict().items()
        if values.is_floating_point()
    }
    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    for name in ("config.json", "tokenizer.json"):
        shutil.copyfile(like / name, folder / name)


def blend(folders: Sequence[tuple[Path, float]], out: Path) -> None:
    """Write the weighted mean of models that began from the same weights; weights sum to 1.

    Such models lie in one valley: their mean is steadier than each, and a share of the first
    weights brings back what training forgot.
    """
    from safetensors.numpy import load_file

    total: Weights = {}
    for folder, share in folders:
        for name, values in load_file(folder / "model.safetensors").items():
            total[name] = total.get(name, np.zeros_like(values)) + np.float32(share) * values
    out.mkdir(parents=True, exist_ok=True)
    save_file(total, out / "model.safetensors", metadata={"format": "pt"})
    for name in ("config.json", "tokenizer.json"):
        shutil.copyfile(folders[0][0] / name, out / name)
