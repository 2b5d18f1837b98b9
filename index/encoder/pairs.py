"""A model over two texts read together: evidence, and what is asked of it.

The two are one row of word pieces, `<s> evidence </s> said </s>`. Each piece is told which text it
is of and whether its word stands in the other: the model compares words that are not there, and
need not learn to find those that are.
"""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoder.running import SHIPPED, session
from index.errors import ModelMissing
from index.french.analysis import sentences

KINDS = 4  # of a piece: of the evidence or of what is said, and whether the other has its word
SAID_FROM = 2  # kinds from here on are of what is said
LONGEST_EVIDENCE, LONGEST_SAID = 128, 64  # word pieces that are read of each
_OPEN, _CLOSE = 0, 2  # <s> and </s>
_AROUND = "▁.,;:!?()[]«»“”\"'’"  # what does not count in comparing two words

Row = tuple[list[int], list[int]]  # ids, and the kind of each


class Pairs:
    """The model of a file. Safe to share between threads; each call computes on one.

    `labels` name what it says, `threshold` is the likelihood of the first from which it is taken.
    """

    def __init__(self, path: Path, tokenizer: Path = SHIPPED / "tokenizer.json") -> None:
        """Load it. ModelMissing, with the remedy, when a file is not there or is damaged."""
        try:
            self._session = session(path)
            self._tokenizer = untruncated(tokenizer)
            about = self._session.get_modelmeta().custom_metadata_map
            self.labels: tuple[str, ...] = tuple(json.loads(about["labels"]))
            self.threshold = float(about["threshold"])
            self.digest: str = about["digest"]
        except Exception as error:  # onnxruntime and tokenizers raise types of their own
            raise ModelMissing(
                f"{path} : ce modèle manque ou est endommagé ({error}). Rétablissez-le "
                "(git checkout -- assistant index) ou réinstallez l'assistant."
            ) from error

    def of(self, evidence: Sequence[str], said: str) -> NDArray[np.float32]:
        """(len(labels),): how likely each label is of what is said, beside the evidence."""
        ids, kinds = row(self._tokenizer, evidence, said)
        found: NDArray[np.float32] = self._session.run(
            ["likelihoods"],
            {"input_ids": np.array([ids], np.int64), "kinds": np.array([kinds], np.int64)},
        )[0][0]
        return found


def untruncated(path: Path) -> Tokenizer:
    """The tokenizer of a file, which cuts nothing: `row` chooses what is read."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def row(tokenizer: Tokenizer, evidence: Sequence[str], said: str) -> Row:
    """The two texts as a model reads them.

    Of evidence too long, the sentences are kept that hold most of what is said, in their order.
    """
    asked = _pieces(tokenizer, said)[:LONGEST_SAID]
    parts = [
        _pieces(tokenizer, text[start:end]) for text in evidence for start, end in sentences(text)
    ]
    held = [piece for part in _nearest(parts, asked) for piece in part]
    common = _words(held).keys() & _words(asked).keys()
    return (
        [_OPEN, *(id for id, _ in held), _CLOSE, *(id for id, _ in asked), _CLOSE],
        [0, *_kinds(held, common, 0), 0, *_kinds(asked, common, SAID_FROM), SAID_FROM],
    )


Piece = tuple[int, str]


def _pieces(tokenizer: Tokenizer, text: str) -> list[Piece]:
    encoded = tokenizer.encode(text, add_special_tokens=False)
    return list(zip(encoded.ids, encoded.tokens, strict=True))


def _nearest(parts: Sequence[list[Piece]], asked: Sequence[Piece]) -> list[list[Piece]]:
    if sum(map(len, parts)) <= LONGEST_EVIDENCE:
        return list(parts)
    wanted = {id for id, piece in asked if len(piece.strip("▁")) > 2}
    missing, room = set(wanted), LONGEST_EVIDENCE
    left = dict(enumerate({id for id, _ in part} & wanted for part in parts))
    kept: dict[int, list[Piece]] = {}
    while left:
        best = max(left, key=lambda at: (2 * len(left[at] & missing) + len(left[at]), -at))
        holds = left.pop(best)
        if len(parts[best]) <= room or not kept:
            kept[best] = parts[best][:room]
            room -= len(kept[best])
            missing -= holds
    return [kept[at] for at in sorted(kept)]


def _words(pieces: Sequence[Piece]) -> dict[str, list[int]]:
    """Where each word's pieces stand, by the word without what surrounds it."""
    places: list[list[int]] = []
    for at, (_, piece) in enumerate(pieces):
        if piece.startswith("▁") or not places:
            places.append([])
        places[-1].append(at)
    found: dict[str, list[int]] = {}
    for place in places:
        word = "".join(pieces[at][1] for at in place).strip(_AROUND).lower()
        found.setdefault(word, []).extend(place)
    return found


def _kinds(pieces: Sequence[Piece], common: Container[str], first: int) -> list[int]:
    kinds = [first] * len(pieces)
    for word, places in _words(pieces).items():
        for at in places:
            kinds[at] = first + (word in common)
    return kinds
