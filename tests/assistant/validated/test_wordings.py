from __future__ import annotations

from datetime import date

import pytest

from assistant.assembly import Assistant
from assistant.records.answers import Content, State, Version
from assistant.records.standing import Proof
from assistant.validated.wordings import Wordings, exact
from index.generation import Generation

NINE = "Pour une location de neuf ans, combien donne le Denormandie ?"


def answer(id: int, generation: Generation, fact: str, *wordings: str) -> Version:
    """An answer to these wordings, which cites where a fact is stated."""
    passage = next(p for p in generation.passages if fact in p.facts)
    span = next(s for s in passage.spans if fact in s.facts)
    quote = passage.text[span.start : span.end]
    proofs = (Proof(passage.id, passage.digest, span.start, quote),)
    content = Content(wordings, "Voici.", proofs, "Urbanisme", date.max.isoformat())
    return Version(id, 2, "2026-11-30T10:00:00+00:00", "paul", State.VALIDATED, content, "marie")


@pytest.fixture(scope="module")
def ready(starter: Assistant) -> Wordings:
    generation = starter.retriever.generation
    return Wordings(
        [
            answer(1, generation, "196", NINE, "denormandie 9 ans combien"),
            answer(2, generation, "129", "Qui signe la convention ORT ?"),
            answer(3, generation, "1", "À quoi ça sert, Petites villes de demain ?"),
        ],
        generation,
        ("Guichen", "Vallons de Haute Bretagne Communauté"),
    )


def found(ready: Wordings, starter: Assistant, asked: str) -> int | None:
    retriever = starter.retriever
    version = ready.match(asked, retriever.vector(retriever.query(asked)))
    return None if version is None else version.id


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        (NINE, 1),
        ("pour une location de NEUF ANS combien donne le denormandie", 1),
        ("combien donne le denormandie pour une location de 9 ans", 1),
        ("combien donne le denormandie pour une location de 9 ans à Guichen", 1),
        ("a quoi ca sert petites villes de demain", 3),
    ],
)
def test_a_wording_said_otherwise_gets_its_answer(
    ready: Wordings, starter: Assistant, asked: str, id: int
) -> None:
    assert found(ready, starter, asked) == id


@pytest.mark.parametrize(
    "asked",
    [
        "Pour une location de douze ans, combien donne le Denormandie ?",
        "denormandie 12 ans combien",
        "Pour une location de neuf ans, quand s'arrête le Denormandie ?",
        "Qui ne signe pas la convention ORT ?",
        "Qui signe la convention PVD ?",
        "Quand est signée la convention ORT ?",
        "Qui signe la convention ORT et combien ça coûte ?",
        "À quoi sert Action cœur de ville ?",
        "À quoi ça sert, Petites villes de demain, à Redon ?",
        "Quel temps fera-t-il demain ?",
    ],
)
def test_what_differs_in_what_is_exact_gets_none(
    ready: Wordings, starter: Assistant, asked: str
) -> None:
    assert found(ready, starter, asked) is None


def test_what_is_exact_is_read_however_it_is_written() -> None:
    assert exact("combien pour neuf ans ?") == exact("cb pr 9 ans")
    assert exact("C'est quoi une ORT ?") == exact(
        "Une opération de revitalisation de territoire, c'est quoi ?"
    )
    assert exact("Comment être aidé à Guichen ?", ("Guichen",)) == exact("Comment être aidé ?")
    assert exact("Comment être aidé à Redon ?", ("Guichen",)) != exact("Comment être aidé ?")


def test_no_answer_is_found_where_there_is_none(starter: Assistant) -> None:
    none = Wordings([], starter.retriever.generation)
    assert found(none, starter, NINE) is None
