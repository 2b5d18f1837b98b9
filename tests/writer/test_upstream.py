from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from datetime import date

import pytest
from langchain_core.messages import HumanMessage

from assistant.errors import Cause, ModelFailed
from assistant.writing.breaker import Allowance, Breaker
from assistant.writing.endpoint import Limits, Upstream

from .conftest import LIMITS, Open
from .double import Endpoint, Reply, Script
from .faults import after, status

QUESTION = "Quand ouvre la piscine de Zéphyrine ?"


def ask(upstream: Upstream) -> str:
    return "".join(upstream.stream([HumanMessage(QUESTION)]))


def failure(upstream: Upstream) -> ModelFailed:
    with pytest.raises(ModelFailed) as raised:
        ask(upstream)
    return raised.value


def test_a_whole_answer_comes_in_pieces(endpoint: Endpoint, upstream: Open) -> None:
    endpoint.script = lambda reply: reply.write("Le 8 mai [1].")
    pieces = list(upstream().stream([HumanMessage(QUESTION)]))
    assert pieces == ["Le ", "8 m", "ai ", "[1]", "."]


def test_a_request_says_what_is_needed_and_no_more(
    endpoint: Endpoint, upstream: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "ailleurs")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "x-secret: ailleurs")
    ask(upstream())
    asked = endpoint.asked[0]
    assert asked.path == "/v1/chat/completions"
    assert set(asked.headers) == {
        *("host", "connection", "authorization", "accept", "content-type", "content-length"),
        *("user-agent", "accept-encoding"),
    }
    assert asked.headers["authorization"] == "Bearer clef-secrete"
    assert asked.headers["user-agent"] == "assistant-pvd"
    assert asked.body == {
        "model": "essai",
        "messages": [{"role": "user", "content": QUESTION}],
        "stream": True,
        "temperature": 0.0,
        "max_tokens": 1200,
    }


def test_without_a_key_none_is_sent(endpoint: Endpoint, upstream: Open) -> None:
    ask(upstream(key=""))
    assert "authorization" not in endpoint.asked[0].headers


def test_variables_of_other_programs_lead_nowhere_else(
    endpoint: Endpoint, upstream: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Endpoint()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, elsewhere.url)
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_GATEWAY"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", elsewhere.url)
    monkeypatch.setenv("LANGSMITH_API_KEY", "x")
    assert ask(upstream()) == "Bonjour [1]."
    elsewhere.stop()
    assert (len(endpoint.asked), elsewhere.asked) == (1, [])


def test_what_came_before_a_fault_is_received(endpoint: Endpoint, upstream: Open) -> None:
    endpoint.script = after("Le 8 mai [1].", Reply.hang)
    pieces = upstream().stream([HumanMessage(QUESTION)])
    assert [next(pieces) for _ in range(5)] == ["Le ", "8 m", "ai ", "[1]", "."]
    with pytest.raises(ModelFailed, match="silent"):
        next(pieces)


def test_nothing_is_waited_for_after_the_end(endpoint: Endpoint, upstream: Open) -> None:
    def lingers(reply: Reply) -> None:
        reply.write("Le 8 mai [1].")
        reply.hang()

    endpoint.script = lingers
    assert ask(upstream()) == "Le 8 mai [1]."


def test_who_has_read_enough_hangs_up(endpoint: Endpoint, upstream: Open) -> None:
    endpoint.script = after("Le 8 mai", Reply.hang)
    pieces = upstream().stream([HumanMessage(QUESTION)])
    next(pieces)
    pieces.close()
    limit = time.monotonic() + 5
    while not endpoint.replies[0].left and time.monotonic() < limit:
        time.sleep(0.01)
    assert endpoint.replies[0].left


def test_neither_question_nor_key_nor_reply_is_logged(
    endpoint: Endpoint, upstream: Open, caplog: pytest.LogCaptureFixture
) -> None:
    def echoes(reply: Reply) -> None:
        reply.head(401, "application/json")
        reply.raw(f'{{"error": {{"message": "clef-secrete {QUESTION}"}}}}'.encode())

    caplog.set_level(logging.DEBUG)
    ask(upstream())
    endpoint.script = echoes
    raised = failure(upstream())
    assert str(raised) == "denied"
    assert "ASSISTANT_WRITER_KEY" in caplog.text
    assert not any(word in caplog.text for word in ("Zéphyrine", "clef-secrete", "Bonjour"))


def test_faults_leave_one_thread_at_most(endpoint: Endpoint, upstream: Open) -> None:
    opened = upstream(limits=replace(LIMITS, first=0.4, failures=99))
    endpoint.script = Reply.hang
    assert [failure(opened).cause for _ in range(5)] == [Cause.SLOW] * 5
    ours = [thread.name for thread in threading.enumerate() if thread.name == "writer"]
    assert ours == ["writer"]


def test_once_closed_nothing_is_asked(endpoint: Endpoint, upstream: Open) -> None:
    opened = upstream()
    ask(opened)
    opened.close()
    opened.close()
    assert failure(opened).cause is Cause.CLOSED
    assert len(endpoint.asked) == 1


def test_closing_ends_what_is_under_way(endpoint: Endpoint, upstream: Open) -> None:
    endpoint.script = Reply.hang
    opened = upstream(limits=replace(LIMITS, first=60, total=60))
    failed: list[ModelFailed] = []
    asking = threading.Thread(target=lambda: failed.append(failure(opened)))
    asking.start()
    while not endpoint.replies:
        time.sleep(0.01)
    opened.close()
    asking.join(timeout=10)
    assert [each.cause for each in failed] == [Cause.CLOSED]


# The breaker


@pytest.mark.parametrize(
    ("script", "cause"),
    [(status(429, retry_after="20"), Cause.LIMITED), (status(401), Cause.DENIED)],
)
def test_one_refusal_of_the_door_is_enough(
    script: Script, cause: Cause, endpoint: Endpoint, upstream: Open
) -> None:
    opened = upstream()
    endpoint.script = script
    assert [failure(opened).cause for _ in range(3)] == [cause, Cause.RESTING, Cause.RESTING]
    assert len(endpoint.asked) == 1


def test_what_keeps_failing_is_left_alone_then_tried_again(
    endpoint: Endpoint, upstream: Open
) -> None:
    opened = upstream(limits=replace(LIMITS, failures=2, rest=0.3))
    endpoint.script = status(500)
    causes = [failure(opened).cause for _ in range(3)]
    assert causes == [Cause.STATUS, Cause.STATUS, Cause.RESTING]
    endpoint.script = lambda reply: reply.write("Bonjour [1].")
    time.sleep(0.35)
    assert [ask(opened), ask(opened)] == ["Bonjour [1]."] * 2


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, rest=30, clock=clock)


def test_failures_count_only_in_a_row(breaker: Breaker) -> None:
    for _ in range(2):
        breaker.failed()
    breaker.succeeded()
    for _ in range(2):
        breaker.failed()
    assert breaker.admit()


def test_after_its_rest_one_at_a_time_tries(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        breaker.failed()
    clock.now = 129.9
    assert not breaker.admit()
    clock.now = 130.0
    assert [breaker.admit(), breaker.admit()] == [True, False]
    breaker.failed()
    assert not breaker.admit()
    clock.now = 160.0
    assert breaker.admit()
    breaker.succeeded()
    assert [breaker.admit(), breaker.admit()] == [True, True]


def test_a_rest_that_is_asked_for_is_given(breaker: Breaker, clock: Clock) -> None:
    breaker.failed(rest=5)
    clock.now = 104.9
    assert not breaker.admit()
    clock.now = 105.0
    assert breaker.admit()


@pytest.mark.parametrize(
    ("after_", "rest"),
    [("20", 20.0), ("0", 0.0), ("3600", 60.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 30.0), ("", 30.0)],
)
def test_a_429_rests_as_long_as_it_asks_within_a_minute(
    after_: str, rest: float, endpoint: Endpoint, upstream: Open
) -> None:
    endpoint.script = status(429, retry_after=after_)
    assert failure(upstream()).rest == rest


# How many


def test_questions_beyond_those_at_once_are_not_asked(endpoint: Endpoint, upstream: Open) -> None:
    opened = upstream(limits=replace(LIMITS, at_once=1))
    first = opened.stream([HumanMessage(QUESTION)])
    next(first)
    assert failure(opened).cause is Cause.BUSY
    list(first)
    assert ask(opened) == "Bonjour [1]."


def test_a_spent_day_asks_nothing(endpoint: Endpoint, upstream: Open) -> None:
    opened = upstream(limits=replace(LIMITS, daily=2))
    assert [ask(opened), ask(opened)] == ["Bonjour [1]."] * 2
    assert [failure(opened).cause for _ in range(3)] == [Cause.BUDGET] * 3
    assert len(endpoint.asked) == 2


def test_what_was_not_asked_is_not_spent(endpoint: Endpoint, upstream: Open) -> None:
    opened = upstream(limits=replace(LIMITS, daily=2, failures=1, rest=0.2))
    endpoint.script = status(500)
    causes = [failure(opened).cause for _ in range(4)]
    assert causes == [Cause.STATUS, Cause.RESTING, Cause.RESTING, Cause.RESTING]
    endpoint.script = lambda reply: reply.write("Bonjour [1].")
    time.sleep(0.25)
    assert ask(opened) == "Bonjour [1]."
    assert failure(opened).cause is Cause.BUDGET


def test_a_new_day_has_its_own_allowance() -> None:
    days = iter([date(2026, 11, 22)] * 3 + [date(2026, 11, 23)] * 9)
    allowance = Allowance(at_once=9, daily=1, today=lambda: next(days))
    assert allowance.take() is None  # the 22nd, as when it was made
    assert allowance.take() is Cause.BUDGET
    assert [allowance.take(), allowance.take()] == [None, Cause.BUDGET]


def test_the_defaults_are_those_promised() -> None:
    assert (Limits().first, Limits().total) == (8.0, 30.0)
