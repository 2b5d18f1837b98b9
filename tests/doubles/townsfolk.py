"""Validated answers of the town of the tests, as its staff would write them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from assistant.records.answers import Answers, Content, Version
from assistant.records.standing import Proof
from index.generation import Generation

OPENING = "La piscine de Valbourg ouvre au public le 8 novembre 2027, rue des Halles."
ASKED = "Quand est-ce qu'on pourra nager à Valbourg ?"


def proof(generation: Generation, quote: str = OPENING) -> Proof:
    """Words of a passage, as they stand today."""
    passage = next(p for p in generation.by_id.values() if quote in p.text)
    return Proof(passage.id, passage.digest, passage.text.index(quote), quote)


def content(generation: Generation, **other: Any) -> Content:
    """The answer on the swimming pool, with these fields instead."""
    given: dict[str, Any] = {
        "wordings": (ASKED, "la piscine ouvre quand"),
        "text": "Vous pourrez nager à partir du 8 novembre 2027.",
        "proofs": (proof(generation),),
        "owner": "Service des sports",
        "expires": (date.today() + timedelta(days=90)).isoformat(),
    }
    return Content(**given | other)


def approved(answers: Answers, generation: Generation, **other: Any) -> Version:
    """It, in service."""
    made = answers.draft(content(generation, **other), "marie")
    return answers.validate(made.id, made.number, "paul", generation, second=True)
