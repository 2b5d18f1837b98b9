"""The word pieces that French text is made of, out of a quarter of a million of all languages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")  # the first four ids, kept where they are
# Single characters up to the last accented Latin letter are all kept, and of what follows the
# marks that text is typed with: nothing written in French, English or Breton is unknown.
_LATIN = 0x250
_MARKS = range(0x2000, 0x2E00)  # dashes, quotes, currencies, arrows, boxes
_WORD = "\u2581"  # what a piece that begins a word begins with


def seen(tokenizer: Path, texts: Iterable[str]) -> Counter[int]:
    """How often each piece is used in the texts."""
    loaded = Tokenizer.from_file(str(tokenizer))
    loaded.no_padding()
    loaded.no_truncation()
    counts: Counter[int] = Counter()
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == 1000:
            _count(loaded, batch, counts)
            batch = []
    _count(loaded, batch, counts)
    return counts


def _count(tokenizer: Tokenizer, batch: Sequence[str], counts: Counter[int]) -> None:
    for encoded in tokenizer.encode_batch_fast(list(batch)):
        counts.update(encoded.ids)


def kept(tokenizer: Path, ours: Counter[int], others: Counter[int], at_least: int) -> list[int]:
    """Ids of the pieces to keep, rising: all of `ours`, those of `others` seen often enough.

    A text of which every piece is kept is cut as before: the pieces left out can only have made
    a worse cut of it.
    """
    pieces = _model(tokenizer)["vocab"]
    chosen = set(range(len(SPECIAL))) | set(ours)
    chosen |= {row for row, count in others.items() if count >= at_least}
    chosen |= {row for row, (piece, _) in enumerate(pieces) if _typed(piece)}
    return sorted(row for row in chosen if row < len(pieces) and pieces[row][0] != "<mask>")


def cut(tokenizer: Path, rows: Sequence[int], out: Path) -> None:
    """Write the tokenizer with these pieces only, numbered in their order."""
    whole = json.loads(tokenizer.read_text(encoding="utf-8"))
    model = whole["model"]
    model["vocab"] = [model["vocab"][row] for row in rows]
    whole["added_tokens"] = [
        token for token in whole["added_tokens"] if token["content"] in SPECIAL
    ]
    out.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def _typed(piece: str) -> bool:
    bare = piece.removeprefix(_WORD) or piece
    return len(bare) == 1 and (ord(bare) < _LATIN or ord(bare) in _MARKS or bare == _WORD)


def _model(tokenizer: Path) -> dict[str, Any]:
    model: dict[str, Any] = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]
    return model
