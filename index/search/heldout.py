"""Questions that a corpus asks of itself: taken out of its passages, then asked again.

When an index is built, no resident has asked anything yet. A heading that is a question is the
nearest thing to it, once the passage under it no longer shows it; other headings are like a
search of a few words; a sentence taken out of a passage is the furthest.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from index.french.analysis import sentences, tokens
from index.passages import Passage, digest

Kind = Literal["question", "heading", "sentence"]
KINDS: tuple[Kind, ...] = ("question", "heading", "sentence")

_HEADING_TOKENS = 2  # « Introduction » asks nothing
_SENTENCE_TOKENS = 4
_SENTENCES = 3  # in a passage that one is taken from: two are left to be found


_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Probe:
    """Words that the corpus held, and the ids of the passages that they were taken out of."""

    question: str
    passages: frozenset[str]
    kind: Kind


def hold_out(
    passages: Sequence[Passage],
    *,
    share: float = 0.5,
    limit: int = 1000,
    kinds: Collection[Kind] = KINDS,
    seed: int = 1,
) -> tuple[list[Probe], list[Passage]]:
    """At most `limit` probes of each kind, and the passages without them, in the same order.

    share    how much of each kind is taken, so that a model still has something to learn from
    """
    chance = random.Random(seed)
    gone: dict[str, set[int]] = {}  # passage id -> levels of its headings
    cut: dict[str, tuple[int, int]] = {}  # passage id -> a sentence of its text
    probes: list[Probe] = []
    for kind in ("question", "heading"):
        if kind in kinds:
            groups = [g for g in _headings(passages, kind) if not any(p in gone for p in g.ids)]
            for group in _some(groups, share, limit, chance):
                probes.append(Probe(group.text, frozenset(group.ids), kind))
                for id in group.ids:
                    gone.setdefault(id, set()).add(group.level)
    if "sentence" in kinds:
        untouched = [p for p in passages if p.id not in gone and _spare(p)]
        for passage in _some(untouched, share, limit, chance):
            start, end = cut[passage.id] = chance.choice(_spare(passage))
            probes.append(Probe(passage.text[start:end], frozenset([passage.id]), "sentence"))
    rest = [_without(p, gone.get(p.id, set()), cut.get(p.id)) for p in passages]
    return probes, rest


@dataclass(frozen=True, slots=True)
class _Heading:
    text: str
    level: int
    ids: tuple[str, ...]


def _headings(passages: Sequence[Passage], kind: Kind) -> list[_Heading]:
    """Headings of a kind that stand once in the corpus, each with the passages under it."""
    under: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for passage in passages:
        for level in range(len(passage.headings)):
            key = (passage.document_id, passage.headings[: level + 1])
            under.setdefault(key, []).append(passage.id)
    times = Counter(headings[-1] for _, headings in under)
    return [
        _Heading(headings[-1], len(headings) - 1, tuple(ids))
        for (_, headings), ids in under.items()
        if times[headings[-1]] == 1
        and _asks(headings[-1]) == (kind == "question")
        # A title that asks nothing names a document, not what one of its passages says.
        and (kind == "question" or len(headings) > 1)
        and len(tokens(headings[-1])) >= (1 if kind == "question" else _HEADING_TOKENS)
    ]


def _asks(heading: str) -> bool:
    return heading.rstrip(' \u00a0\u202f»”"').endswith("?")


def _spare(passage: Passage) -> list[tuple[int, int]]:
    """The sentences that can be taken out of a passage."""
    found = sentences(passage.text)
    if len(found) < _SENTENCES:
        return []
    return [(s, e) for s, e in found if len(tokens(passage.text[s:e])) >= _SENTENCE_TOKENS]


def _some(items: Sequence[_Item], share: float, limit: int, chance: random.Random) -> list[_Item]:
    return chance.sample(items, min(limit, round(len(items) * share)))


def _without(passage: Passage, levels: Collection[int], cut: tuple[int, int] | None) -> Passage:
    """A passage less some of its headings, or less a sentence; itself when nothing goes."""
    if not levels and cut is None:
        return passage
    kept = tuple(h for level, h in enumerate(passage.headings) if level not in levels)
    headings = kept or ("",)
    text = passage.text
    if cut is not None:
        text = " ".join(part for part in (text[: cut[0]].rstrip(), text[cut[1] :].lstrip()) if part)
    return replace(passage, headings=headings, text=text, spans=(), digest=digest(headings, text))
