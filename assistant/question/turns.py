"""What a message is to the turn before it: a question of its own, one that follows, a wish.

A small model over a message's words and what the shipped encoder makes of it, taught by messages of
ours (assistant.learning.turns).
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from pathlib import Path

from assistant.question import places
from assistant.question.sms import spell
from assistant.question.subject import names_subject
from index.encoder.heads import Head
from index.encoder.running import shared
from index.french.analysis import fold, stem, tokens


class Turn(StrEnum):
    """What a message is to the turn before it."""

    NEW = "new"  # understood alone
    FOLLOWS = "follows"  # « et pour 12 ans ? », « non, je voulais dire… »
    COURTESY = "courtesy"
    # What is wished of the answer before it.
    REPEATS = "repeats"
    PLAIN = "plain"
    ENGLISH = "english"
    FRENCH = "french"
    SURE = "sure"  # « t'es sûr ? »
    DETAIL = "detail"  # « détaille le deuxième »


WISHES = frozenset({Turn.REPEATS, Turn.PLAIN, Turn.ENGLISH, Turn.FRENCH, Turn.SURE, Turn.DETAIL})
MODEL = Path(__file__).parent / "turns.onnx"  # made by `python -m assistant.learning.turns`
# What the vector weighs beside the words. By folds, 2026-11, what follows is told so for .933 of
# 780 by the words alone, .968 with it; « t'es sûr ? » in its many ways for .753 and .853 of 150.
_WEIGHT = 2.0
_WORD = re.compile(r"[a-z]+'?|\d+")
_ALIKE = 4  # letters by which words of one family begin alike: « répète », « répétition »


@cache
def model() -> Head:
    """What says how likely each turn is. Raises ModelMissing."""
    return Head(MODEL)


def turn(message: str) -> Turn:
    """What a message after others is; one that may well stand alone does."""
    head = model()
    scores = dict(zip(head.labels, head.of([signs(message)])[0].tolist(), strict=True))
    if scores[Turn.NEW] >= head.threshold:
        return Turn.NEW
    return Turn(max((label for label in scores if label != Turn.NEW), key=scores.__getitem__))


def signs(message: str) -> dict[str, float]:
    """What the model reads of a message, by name: its words, how it begins, what it names,
    its vector."""
    typed = _WORD.findall(spell(fold(message)))
    said = ["#" if word.isdigit() else stem(word) for word in typed]
    found = {f"word {word}": 1.0 for word in said}
    found |= {f"like {word[:_ALIKE]}": 1.0 for word in typed}
    found |= {f"pair {one} {other}": 1.0 for one, other in zip(said, said[1:], strict=False)}
    found[f"first {' '.join(said[:1])}"] = found[f"last {' '.join(said[-1:])}"] = 1.0
    own = len(tokens(message))
    found |= {
        "short": float(len(said) <= 3),
        "words": min(len(said), 12) / 12,
        "none": float(own == 0),
        "one": float(own == 1),
        "own": min(own, 6) / 6,
        "subject": float(names_subject(message)),
        "place": float(bool(places.named(message))),
        "asks": float("?" in message),
    }
    vector = shared().question(message)
    return found | {f"vector {at}": _WEIGHT * value for at, value in enumerate(vector.tolist())}
