"""Whether what a validated answer cites still stands: the very words, in force, before its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.quoting.citations import Quote
from assistant.records.receipts import State, locate
from corpus.days import written
from index.conventions.amended import outdated
from index.generation import Generation


@dataclass(frozen=True, slots=True)
class Proof:
    """Words of a passage, `text[start:][:len(quote)]`, and the digest that it had."""

    passage_id: str
    digest: str
    start: int
    quote: str


def fallen(
    proofs: Sequence[Proof], expires: str, generation: Generation, today: date
) -> str | None:
    """Why an answer no longer stands, in French; None when it does.

    A passage that moved with all its words still stands.
    """
    if expires and today > date.fromisoformat(expires):
        return f"elle valait jusqu'au {written(expires)}."
    for proof in proofs:
        state, passage = locate(proof, generation)
        title = generation.documents[passage.document_id].title if passage else ""
        if state is State.VANISHED or passage is None:
            return f"le passage {proof.passage_id} n'est plus dans les documents."
        if state is State.CHANGED:
            return f"le passage {proof.passage_id} (« {title} ») a changé."
        if outdated(passage):
            return f"le passage {passage.id} (« {title} ») n'est plus en vigueur."
        if proof.quote not in passage.text:
            return f"les mots cités ne sont pas dans le passage {passage.id} (« {title} »)."
    return None


def quotes(proofs: Sequence[Proof], generation: Generation) -> tuple[Quote, ...]:
    """The words cited, where they stand in a generation."""
    found = []
    for proof in proofs:
        _, passage = locate(proof, generation)
        if passage is None or proof.quote not in passage.text:
            return ()
        there = passage.text.startswith(proof.quote, proof.start)
        start = proof.start if there else passage.text.index(proof.quote)
        found.append(Quote(passage, start, start + len(proof.quote)))
    return tuple(found)
