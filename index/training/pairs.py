"""Train a model over two texts read together (index.encoder.pairs): the encoder's own layers.

The lower layers of the encoder begin it; all of them learn, but for the word vectors. Weights are
computed with in bfloat16 and kept in 32 bits: on a processor with AMX a step takes a fifth of the
time, most of which went in turning one into the other.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from index.encoder.pairs import KINDS, SAID_FROM, Row, untruncated
from index.training import bert, graph


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast. The same plan, seed and pairs give the same model on one machine."""

    seed: int = 1
    layers: int = 8  # of the encoder, from below
    epochs: int = 3
    pieces: int = 6400  # of a step, padding included
    rate: float = 1e-4  # falls to nothing


class Joint(nn.Module):
    """(ids, kinds) -> (pairs, labels): scores from the first piece, and from the mean and the most
    of those of what is said."""

    def __init__(self, folder: Path, labels: int, layers: int) -> None:
        super().__init__()
        self.bert = bert.load(folder).model
        self.bert.encoder.layer = self.bert.encoder.layer[:layers]
        embeddings = self.bert.embeddings
        row = embeddings.token_type_embeddings.weight.data[:1]
        embeddings.token_type_embeddings = nn.Embedding(KINDS, row.shape[1])
        apart = torch.randn(KINDS, row.shape[1]) * 0.002
        embeddings.token_type_embeddings.weight.data = row.repeat(KINDS, 1) + apart
        embeddings.word_embeddings.weight.requires_grad_(False)
        self.head = nn.Linear(3 * row.shape[1], labels)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        mask = (ids != bert.PAD).long()
        hidden = self.bert.embeddings(input_ids=ids, token_type_ids=kinds)
        bias = bert.bias(mask, hidden.dtype)
        for layer in self.bert.encoder.layer:
            hidden = layer(hidden, bias)
        said = ((kinds >= SAID_FROM) & (mask == 1)).unsqueeze(2)
        mean = (hidden * said).sum(1) / said.sum(1)
        most = hidden.masked_fill(~said, -1e4).amax(1)
        scores: torch.Tensor = self.head(torch.cat([hidden[:, 0], mean, most], 1)).float()
        return scores


class _Steps:
    """An optimiser in 32 bits of a model in 16."""

    def __init__(self, model: nn.Module, rate: float) -> None:
        self.learned = [p for p in model.parameters() if p.requires_grad]
        self.exact = [p.detach().float().clone().requires_grad_() for p in self.learned]
        model.to(torch.bfloat16)
        self.optimiser = torch.optim.AdamW(self.exact, lr=rate, betas=(0.9, 0.98), fused=True)

    def take(self, rate: float) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        for exact, learned in zip(self.exact, self.learned, strict=True):
            exact.grad = learned.grad.float() if learned.grad is not None else None
            learned.grad = None
        nn.utils.clip_grad_norm_(self.exact, 1.0)
        self.optimiser.step()
        self.put()

    def put(self) -> None:
        with torch.no_grad():
            for exact, learned in zip(self.exact, self.learned, strict=True):
                learned.copy_(exact)


def train(
    folder: Path,
    rows: Sequence[Row],
    labels: Sequence[int],
    plan: Plan,
    say: Callable[[str], None] = print,
) -> Joint:
    """A model of the layers of `folder` (index.training.bert), taught rows and their labels.

    A label of -1 is any but the first.
    """
    torch.manual_seed(plan.seed)
    draw = random.Random(plan.seed)
    model = Joint(folder, 1 + max(labels), plan.layers)
    model.train()
    steps = _Steps(model, plan.rate)
    every = len(list(batches(rows, plan.pieces, draw))) * plan.epochs
    done = 0
    for _ in range(plan.epochs):
        for batch in batches(rows, plan.pieces, draw):
            scores = model(*padded([rows[at] for at in batch]))
            loss = _loss(scores, torch.tensor([labels[at] for at in batch]))
            loss.backward()  # type: ignore[no-untyped-call]
            steps.take(plan.rate * max(0.0, 1 - done / every))
            done += 1
            if done % 50 == 0:
                say(f"{done}/{every} {loss.item():.3f}")
    model.float()
    steps.put()
    model.eval()
    return model


def _loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    likely = functional.log_softmax(scores, 1)
    given = likely.gather(1, labels.clamp(min=0)[:, None])[:, 0]
    return -torch.where(labels < 0, likely[:, 1:].logsumexp(1), given).mean()


def likelihoods(model: Joint, rows: Sequence[Row], pieces: int = 8000) -> NDArray[np.float32]:
    """(len(rows), labels)."""
    found = np.zeros((len(rows), model.head.out_features), np.float32)
    with torch.inference_mode():
        for batch in batches(rows, pieces, random.Random(0)):
            scores = model(*padded([rows[at] for at in batch]))
            found[batch] = functional.softmax(scores, 1).numpy()
    return found


def write(
    model: Joint, out: Path, rows: Sequence[Row], about: dict[str, str], heads: int = 12
) -> None:
    """Write the model as one ONNX file, its matrices in bytes. `rows` show how large the numbers
    are that are rounded; `about` is kept in the file."""
    found = bert.multiplied(model.bert, lambda: likelihoods(model, rows))
    weights = {
        name.removeprefix("bert."): np.ascontiguousarray(values.detach().float().numpy())
        for name, values in model.state_dict().items()
        if values.is_floating_point()
    }
    graph.write_pairs(weights, out, found, about, heads)


def tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a folder, as the model's rows are made with it."""
    return untruncated(folder / "tokenizer.json")


def batches(rows: Sequence[Row], pieces: int, draw: random.Random) -> Iterator[list[int]]:
    """Rows of like lengths together, `pieces` at most with their padding, in an order drawn."""
    lengths = [len(ids) + draw.random() * 12 for ids, _ in rows]
    found: list[list[int]] = [[]]
    for at in sorted(range(len(rows)), key=lambda at: lengths[at]):
        if found[-1] and (len(found[-1]) + 1) * len(rows[at][0]) > pieces:
            found.append([])
        found[-1].append(at)
    draw.shuffle(found)
    yield from found


def padded(rows: Sequence[Row]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and kinds, each (rows, length of the longest)."""
    longest = max(len(ids) for ids, _ in rows)
    ids = torch.full((len(rows), longest), bert.PAD)
    kinds = torch.zeros((len(rows), longest), dtype=torch.long)
    for at, (pieces, kind) in enumerate(rows):
        ids[at, : len(pieces)] = torch.tensor(pieces)
        kinds[at, : len(kind)] = torch.tensor(kind)
    return ids, kinds
