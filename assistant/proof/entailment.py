"""How likely it is that passages say a sentence: a model read over them together.

Taught by `python -m assistant.learning.proving` on pairs written by several hands: true ones in
other words, false ones of which one thing was altered, and things that are true elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from index.encoder.pairs import Pairs

MODEL = Path(__file__).parent / "entailment.onnx"
LABELS = ("entailed", "contradicted", "not_said")


@cache
def model() -> Pairs:
    """What judges. Raises ModelMissing."""
    return Pairs(MODEL)


def likelihood(passages: Sequence[str], sentence: str) -> float:
    """How likely it is (0..1) that the passages, together, say the sentence."""
    return float(model().of(passages, sentence)[0])
