"""What avenants changed, among passages: which say the words in force, and which come after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.conventions.avenants import COMPLETED
from corpus.conventions.replacements import PART
from corpus.structure import Amendment
from index.passages import Passage


def linked(passages: Sequence[Passage]) -> list[Passage]:
    """The passages, each amendment naming those of the avenant that say it.

    What replaces a whole document may say the same anywhere: it is left to the search.
    """
    saying: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages:
        if passage.amends is not None and not passage.amends.part.startswith(PART):
            parts = (passage.amends.part, *passage.amends.others)
            for part in dict.fromkeys(parts):
                saying.setdefault((passage.document_id, part), []).append(passage)

    def named(change: Amendment, passage: Passage) -> Amendment:
        found = saying.get((change.avenant, change.part), [])
        same = [p for p in found if set(p.fields) & set(passage.fields)]
        return replace(change, passages=tuple(p.id for p in same or found))

    return [
        replace(p, superseded=tuple(named(change, p) for change in p.superseded))
        if p.superseded
        else p
        for p in passages
    ]


def outdated(passage: Passage) -> bool:
    """Whether words of a passage are no longer in force: more than completed."""
    return any(change.effect != COMPLETED for change in passage.superseded)


def in_force(
    ranked: Sequence[tuple[int, float]],
    passages: Sequence[Passage],
    places: Mapping[str, int],
    hidden: frozenset[int] = frozenset(),
) -> list[tuple[int, float]]:
    """A ranking with the words of an avenant just above those that they changed, and as good.

    What an avenant says may have few of the question's words (« le budget est porté à … »): it
    comes where the passage that it changed was found.
    """
    found: dict[int, float] = {}
    scores = dict(ranked)

    def put(position: int, score: float) -> None:
        if position in found or position in hidden:
            return
        for change in reversed(passages[position].superseded):
            for id in change.passages:
                above = places.get(id)
                if above is not None and above != position and change.effect != COMPLETED:
                    put(above, max(score, scores.get(above, 0.0)))
        found[position] = score

    for position, score in ranked:
        put(position, score)
    return sorted(found.items(), key=lambda pair: -pair[1])
