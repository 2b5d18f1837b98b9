from __future__ import annotations

import pytest

from assistant.answers import Outcome
from assistant.messages import (
    GOODBYE,
    INTERRUPTED,
    MESSAGES,
    THANKS,
    WRITTEN,
    behind,
    doubtful,
    named,
)
from assistant.question.languages import language
from corpus.documents import NATURES, Source


def source(nature: str = "officiel", date: str = "2021", title: str = "convention") -> Source:
    return Source("VHBC", title, None, date, nature=nature)


def test_every_outcome_has_its_message() -> None:
    assert set(MESSAGES) == set(Outcome)


def test_only_an_answer_speaks_for_itself() -> None:
    assert [outcome for outcome, message in MESSAGES.items() if not message] == [Outcome.ANSWERED]


@pytest.mark.parametrize(
    "message", [m for m in (*MESSAGES.values(), THANKS, GOODBYE, WRITTEN, INTERRUPTED) if m]
)
def test_messages_are_whole_french_sentences(message: str) -> None:
    assert message[0].isupper()
    assert message.endswith((".", "?", ":", "»", "?)", "? »"))
    assert "’" not in message and "  " not in message
    assert language(message) == "fr"


@pytest.mark.parametrize("nature", NATURES)
def test_every_nature_can_be_named(nature: str) -> None:
    assert named(source(nature)).startswith("VHBC")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (source(), "VHBC (2021)"),
        (source("presse"), "VHBC (presse, 2021)"),
        (source("encyclopédie", date=""), "VHBC (encyclopédie en ligne)"),
        (source(date=""), "VHBC"),
    ],
)
def test_a_source_is_named_with_what_it_is(given: Source, words: str) -> None:
    assert named(given) == words


@pytest.mark.parametrize(
    ("confidence", "checked"), [(None, False), (0.96, False), (0.94, False), (0.9, True)]
)
def test_a_scan_that_was_hard_to_read_is_to_be_checked(
    confidence: float | None, checked: bool
) -> None:
    assert doubtful(confidence) == checked


def test_a_summary_names_every_publication_behind_it() -> None:
    assert behind((source(), source("presse", ""))) == (
        "résumé établi par nos soins d'après VHBC (2021) ; VHBC (presse)"
    )


def test_two_publications_named_alike_are_named_once() -> None:
    assert behind((source(title="convention"), source(title="avenant"))) == (
        "résumé établi par nos soins d'après VHBC (2021)"
    )
