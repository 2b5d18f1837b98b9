"""Every fault of an upstream, through the whole pipeline: the resident always gets quotations."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from asking import ask

from assistant import messages
from assistant.answers import Answer, Outcome
from assistant.assembly import Assistant
from index.search.retriever import Retriever

from .conftest import LIMITS, Open, writer
from .double import Endpoint, Reply, mute, nobody
from .faults import AT_ONCE, MIDWAY, NAMED, after

POOL = "Quand la piscine de Valbourg ouvre-t-elle au public, rue des Halles ?"
QUOTE = "La piscine de Valbourg ouvre au public le 8 novembre 2027, rue des Halles."
WRITTEN = "La piscine ouvre le 8 novembre 2027."
BEGUN = "La piscine ouvre le 8 novembre 2027 [1]. Elle se"

# What the issue promises, for the default deadlines; ours here are ten times shorter.
PROMISED = 10.0


class Seen:
    """Keeps what a turn emits."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []

    def __call__(self, event: str, data: Any) -> None:
        self.events.append((event, data))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]


@pytest.fixture
def retriever(assistant_open: Assistant) -> Retriever:
    return assistant_open.retriever


def quoted(answer: Answer) -> None:
    """Asserts that an answer ends with a quotation of the corpus, with its proof."""
    assert answer.sentences[-1].text == QUOTE
    assert not answer.sentences[-1].written
    assert answer.outcome is Outcome.FAILED_MODEL
    assert all(c.passage[c.start : c.end] == c.quote for c in answer.citations)
    assert answer.contact is None or answer.contact.name


@pytest.mark.parametrize("name", AT_ONCE)
def test_before_any_word_the_quotations_answer(
    name: str,
    endpoint: Endpoint,
    upstream: Open,
    retriever: Retriever,
    caplog: pytest.LogCaptureFixture,
) -> None:
    endpoint.script, cause = AT_ONCE[name]
    seen, started = Seen(), time.monotonic()
    answer = ask(retriever, POOL, writer=writer(upstream()), show=seen)
    assert time.monotonic() - started < PROMISED
    quoted(answer)
    assert answer.text.startswith(messages.MESSAGES[Outcome.FAILED_MODEL])
    assert answer.writer is None
    assert seen.names == [
        "status",
        "status",
        "citations",
        *["sentence"] * len(answer.sentences),
        "done",
    ]
    assert f"essai did not write: {cause}" in caplog.text
    assert len(endpoint.asked) == 1  # no retry, no redirect
    assert endpoint.replies[0].sent < 20_000_000  # of 200: what the buffers of loopback take


@pytest.mark.parametrize("name", MIDWAY)
def test_after_a_sentence_it_stays_and_quotations_follow(
    name: str,
    endpoint: Endpoint,
    upstream: Open,
    retriever: Retriever,
    caplog: pytest.LogCaptureFixture,
) -> None:
    script, cause = MIDWAY[name]
    endpoint.script = after(BEGUN, script)
    seen, started = Seen(), time.monotonic()
    answer = ask(retriever, POOL, writer=writer(upstream()), show=seen)
    assert time.monotonic() - started < PROMISED
    quoted(answer)
    assert (answer.sentences[0].text, answer.sentences[0].written) == (WRITTEN, True)
    assert answer.text.startswith(f"{WRITTEN}\n{messages.WRITTEN}\n{messages.INTERRUPTED}\n")
    assert answer.writer == "essai"
    assert seen.names == ["status", "status", "citations", "sentence", "replace", "done"]
    assert seen.events[4][1] == {
        "text": answer.text,
        "sentences": answer.sentences,
        "citations": answer.citations,
    }
    assert "Elle se" not in answer.text
    assert f"essai did not write: {cause}" in caplog.text


def test_a_slow_model_that_works_is_not_cut(
    endpoint: Endpoint, upstream: Open, retriever: Retriever
) -> None:
    def script(reply: Reply) -> None:
        reply.head()
        reply.words(BEGUN.split(". ")[0] + ". ")
        # Each under a `shown`, both over it; the first is refused, which is work too.
        for said in ("Elle coûte 12 euros [1]. ", "La piscine est rue des Halles [1]."):
            for start in range(0, len(said), 3):
                reply.chunk(said[start : start + 3])
                reply.pause(0.7 * LIMITS.shown / (len(said) / 3))
        reply.end()

    endpoint.script = script
    answer = ask(retriever, POOL, writer=writer(upstream()))
    assert [s.text for s in answer.sentences] == [WRITTEN, "La piscine est rue des Halles."]
    assert answer.outcome is Outcome.ANSWERED


@pytest.mark.parametrize("place", [nobody, mute], ids=["refused", "silent in TLS"])
def test_who_cannot_be_reached_leaves_the_quotations(
    place: Callable[[], Any], upstream: Open, retriever: Retriever
) -> None:
    with place() as url:
        started = time.monotonic()
        answer = ask(retriever, POOL, writer=writer(upstream(url)))
        assert time.monotonic() - started < PROMISED
    quoted(answer)


def test_a_spent_budget_leaves_the_quotations(
    endpoint: Endpoint, upstream: Open, retriever: Retriever
) -> None:
    endpoint.script = lambda reply: reply.write("La piscine ouvre le 8 novembre 2027 [1].")
    once = writer(upstream(limits=replace(LIMITS, daily=1)))
    assert ask(retriever, POOL, writer=once).outcome is Outcome.ANSWERED
    quoted(ask(retriever, POOL, writer=once))
    assert len(endpoint.asked) == 1


def test_the_faults_played_are_those_listed() -> None:
    played = {*AT_ONCE, *MIDWAY, "refused", "budget"}
    assert played >= NAMED
    assert len(NAMED) == 22
