"""How sure the search is that it found an answer."""

from __future__ import annotations

from index.search.retriever import Found


def confidence(found: Found) -> float:
    """How likely it is that the passages found answer the question: any scale, higher is surer.

    The plain sum of what each search thinks of its best passage: no weighting learned on one
    corpus beat it on another.
    """
    return sum(found.strengths.values())
