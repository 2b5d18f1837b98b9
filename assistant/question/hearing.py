"""What a message is to us: a question of the subject, one of something else, an insult, an order…

A linear model over what the shipped encoder makes of the message and its runs of characters, taught
by messages of ours (assistant.learning). It says what a message sounds like, not whether the
documents answer it: the search does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder.heads import Head
from index.encoder.running import shared
from index.questions.grams import hashed

MODEL = Path(__file__).parent / "hearing.onnx"  # made by `python -m assistant.learning`

OF_THE_SUBJECT = "in_scope"

# Columns of the runs of characters, and what they weigh beside the vector. Trained on two hands and
# measured on the third, the right label is given to .784 of 2,120 messages by the vector alone, to
# .806 with these (.803 with 8,192 columns, .804 with 32,768), 2026-11.
WIDTH, WEIGHT = 1 << 14, 1.5


@dataclass(frozen=True, slots=True)
class Heard:
    """How likely it is that a message is of each kind: shares by label, that sum to 1.

    `vector` is the message's by the model that ships, (dim,), which the search need not make again;
    None when nothing was heard.
    """

    shares: Mapping[str, float] = field(default_factory=lambda: {OF_THE_SUBJECT: 1.0})
    vector: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> str:
        """The likeliest kind."""
        return max(self.shares, key=lambda label: self.shares[label])

    def sounds(self, *labels: str) -> float:
        """How likely it is that the message is of one of these kinds."""
        return sum(self.shares.get(label, 0.0) for label in labels)


@cache
def head() -> Head:
    """What gives the shares. Raises ModelMissing."""
    return Head(MODEL)


def signs(message: str, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """(dim + WIDTH,): what the model reads of a message and of its vector."""
    return np.concatenate([vector, WEIGHT * hashed([message], WIDTH)[0]])


def hear(message: str) -> Heard:
    """What a message sounds like."""
    vector = shared().question(message)
    shares = head()(signs(message, vector)[None])[0]
    return Heard(dict(zip(head().labels, shares.tolist(), strict=True)), vector)
