"""What the town of the tests asks, and the validated answers that its staff would write."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from assistant.answers import Door, Outcome
from assistant.records.answers import Answers, Content, Version
from assistant.records.journal import answers as kept
from assistant.records.journal import feedbacks
from assistant.records.standing import Proof
from assistant.records.store import Store, now, stamp
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


def asked(
    store: Store,
    question: str,
    outcome: Outcome,
    days: int = 0,
    useful: bool | None = None,
    reasons: Sequence[str] = (),
    subject: str = "",
) -> None:
    """Put a question in the journal, as it ended so many days ago."""
    id, at = uuid.uuid4().hex, stamp(now() - timedelta(days=days))
    with store.writing() as connection:
        values = {"id": id, "at": at, "outcome": outcome.value, "generation": "000001"}
        day = (date.today() - timedelta(days=days)).isoformat()
        values |= {"receipt": "{}", "day": day, "question": question, "subject": subject}
        connection.execute(insert(kept), values | {"door": Door.WIDGET.value})
        if useful is not None:
            opinion = {"answer_id": id, "at": at, "useful": useful, "reasons": json.dumps(reasons)}
            connection.execute(insert(feedbacks), opinion)


def soon(wanted: Callable[[], bool]) -> bool:
    """Whether it comes true within seconds, as for someone who asks again."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if wanted():
            return True
        time.sleep(0.05)
    return False
