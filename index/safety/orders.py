"""Whether a text gives orders to the assistant: what corpus.safety.orders asks of it.

A sentence, a heading, a cell: each is judged alone, wherever it stands, by a linear model taught by
texts of ours (assistant.learning.orders): by its runs of characters, its turns of phrase and the
parts its words play; then, for the few that these leave in doubt, also by what the shipped encoder
makes of it. It was taught French, and judges nothing else. A text gives orders when one of its
sentences does, when it holds a pattern (wording) or a mark (corpus.safety.orders.marked): these
know some other languages.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.safety.orders import marked
from corpus.text import plain
from corpus.vocabulary import french
from index.encoder.heads import Head
from index.encoder.running import shared
from index.french.analysis import fold, sentences
from index.questions.grams import hashed
from index.safety import parts
from index.safety.wording import worded

MODEL = Path(__file__).parent / "orders.onnx"  # made by `python -m assistant.learning.orders`
LABELS = ("suspect", "order")  # its outputs: each is said from 0 up

# Columns of the runs of characters and of the turns of phrase, and what each part weighs.
WIDTH = 1 << 13
_VECTOR, _RUNS, _PHRASES = 2.5, 2.0, 3.0
_BATCH = 64  # sentences, of 64 kB each


def gives_orders(text: str) -> bool:
    """Whether a text speaks to a program that answers, rather than to those who read it."""
    return judge([text])[0]


def judge(texts: Sequence[str]) -> list[bool]:
    """Whether each text does. Raises ModelMissing."""
    said = [list(units(text)) for text in texts]
    ordering = _ordering(list(dict.fromkeys(unit for each in said for unit in each)))
    return [
        mark or any(map(worded, _forms(text))) or not ordering.isdisjoint(each)
        for text, mark, each in zip(texts, marked(texts), said, strict=True)
    ]


@cache
def head() -> Head:
    """What says whether an order is given. Raises ModelMissing."""
    return Head(MODEL)


def _ordering(said: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(said), _BATCH):
        batch = said[start : start + _BATCH]
        blank = np.zeros((len(batch), shared().dim), np.float32)
        rows = np.hstack([blank, words(batch)])
        suspect = np.flatnonzero(head()(rows)[:, 0] >= 0)
        doubted = [batch[at] for at in suspect.tolist()]
        if doubted:
            rows = rows[suspect]
            rows[:, : shared().dim] = vectors(doubted)
            scores = head()(rows)[:, 1]
            found.update(unit for unit, score in zip(doubted, scores, strict=True) if score >= 0)
    return found


# --- What the model reads


def units(text: str) -> Iterator[str]:
    """The French sentences of a text, in each of its forms."""
    for form in _forms(text):
        for start, end in sentences(form):
            said = plain(_ITEM.sub("", form[start:end]))
            if french(said):
                yield said


def vectors(said: Sequence[str]) -> NDArray[np.float32]:
    """(len(said), dim): what the encoder makes of each sentence."""
    return _VECTOR * shared().sentences(said)


def words(said: Sequence[str]) -> NDArray[np.float32]:
    """(len(said), 2 * WIDTH + parts.COUNT): the runs of characters of each sentence, its turns of
    phrase, the parts that its words play."""
    phrases = np.array([_phrases(unit) for unit in said])
    played = np.array([parts.signs(unit) for unit in said])
    return np.hstack([_RUNS * hashed(said, WIDTH), _PHRASES * phrases, played])


_TOKEN = re.compile(r"\w+|[^\w\s]")
_NUMBER = re.compile(r"\w*\d\w*")
# Words that say who speaks to whom, and how; of others their end says the mood.
_SMALL = frozenset(
    """
    a ai au aux avec c ca ce ceci cela celle celui ces cet cette ceux chacun chaque comme d dans de
    des desormais devez devra dois doit doivent donc dont du elle en est et etre eux faut ici il ils
    j jamais je l la le les leur leurs lorsqu lorsque lui m ma mais me mes moi mon n ne ni non nos
    notre nous on ont ou oui par pas peut peux plus pour pourquoi puis qu quand que quel quelle qui
    quiconque quoi rien s sa sans se sera ses seul seule seulement si son sont sous sur t ta te tes
    toi ton toujours tous tout toute toutes tu un une uniquement vers vos votre vous y
    all always any if in is it never not of that the this to you your
    """.split()
)


def _phrases(text: str) -> NDArray[np.float32]:
    """(WIDTH,), of length 1: words, pairs of them, and turns of 2 to 4 with only small words."""
    told = ["^", *_TOKEN.findall(fold(text)), "$"]
    turns = [_turned(word) for word in told]
    row = np.zeros(WIDTH, np.float32)
    for runs, lengths in ((told, (1, 2)), (turns, (2, 3, 4))):
        for length in lengths:
            for start in range(len(runs) - length + 1):
                run = f"{length}{runs is turns}{' '.join(runs[start : start + length])}"
                row[zlib.crc32(run.encode()) % WIDTH] += 1
    row = np.log1p(row)
    return row / (np.linalg.norm(row) or 1.0)


def _turned(word: str) -> str:
    if word in _SMALL or not word[0].isalnum():
        return word
    return "0" if _NUMBER.fullmatch(word) else f"~{word[-2:]}"


# --- The forms that an order may take


def _forms(text: str) -> Iterator[str]:
    """A text; then spelled out and un-leeted, where it asks for that."""
    yield text
    if _SPELLED.search(text):
        yield _SPELLED.sub(lambda run: re.sub(r"[\W_]", "", run[0]), text)
    if len(_LEET.findall(text)) > 1:
        yield _LEET.sub(lambda word: word[0].translate(_LETTERS), text)


_ITEM = re.compile(r"^(?:[-•–*]|\d{1,2}[.)])\s+")  # what lists a sentence is none of its words
_SPELLED = re.compile(r"(?:\b\w[ .\-_*·]){5,}\w\b")
_LEET = re.compile(r"\b(?=\w*[^\W\d_]\w*[013457@$]|[013457@$]+[^\W\d_]{2})[\w@$]{3,}(?!\w)")
_LETTERS = str.maketrans("013457@$", "oieastas")
