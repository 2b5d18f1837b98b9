"""Questions about the assistant itself: what it keeps, reads, is; who answers for it; a person."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from assistant import messages
from assistant.answers import Outcome
from assistant.deciding.door import Ending
from assistant.question.subject import names_subject
from index.encoder.embedding import Embedder
from index.encoder.heads import Head

MODEL = Path(__file__).with_name("itself.onnx")  # python -m assistant.learning.itself
OTHER = "other"


@cache
def _model() -> Head:
    return Head(MODEL)


def about(question: str, embedder: Embedder) -> str | None:
    """What a question asks of the assistant itself (a label of MODEL); None when it asks none.

    One that names the subject asks of the subject: « qui est responsable de l'ORT ? ». The model
    reads the vectors that ship: with another encoder nothing is told.
    """
    model = _model()
    if names_subject(question) or embedder.name:
        return None
    scores = model(embedder.question(question)[None].astype(np.float32))[0]
    told = dict(zip(model.labels, scores.tolist(), strict=True))
    if 1 - told.pop(OTHER) < model.threshold:
        return None
    return max(told, key=told.__getitem__)


_SAID = {
    "about_sources": messages.ABOUT_SOURCES,
    "about_responsible": messages.ABOUT_RESPONSIBLE,
    "about_wrong": messages.ABOUT_WRONG,
    "about_human": messages.ABOUT_HUMAN,
    "about_robot": None,  # the outcome's own
}


def ending(label: str, kept_days: int) -> Ending:
    """The ending of such a question. `kept_days`: how many days an answer is kept, 0 for none."""
    if label != "about_data":
        return Ending(Outcome.IDENTITY, _SAID[label])
    kept = messages.KEPT_DAYS.format(kept_days)
    return Ending(Outcome.IDENTITY, kept if kept_days else messages.ABOUT_NOTHING_KEPT)
