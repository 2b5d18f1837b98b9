"""The sandbox: what a parser does wrong ends with its child, never with us."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import State
from corpus.sandbox.parent import Done, Failed, Limits, Sandbox

LIMITS = Limits(seconds=2.0, memory=1 << 30, input=1000, output=10_000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "fichier.bin"
    path.write_bytes(b"abc")
    return path


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as opened:
        yield opened


def run(sandbox: Sandbox, task: str, file: Path, **options: Any) -> Done | Failed:
    return sandbox.run(f"tests.doubles.hostile:{task}", file, **options)


def value(done: Done | Failed) -> Any:
    assert isinstance(done, Done), done
    return done.value


def failed(done: Done | Failed) -> Failed:
    assert isinstance(done, Failed), done
    return done


def test_a_task_gets_the_file_and_its_options(sandbox: Sandbox, file: Path) -> None:
    done = run(sandbox, "size", file, times=2)
    assert value(done) == 6
    assert isinstance(done, Done) and 1_000_000 < done.memory < LIMITS.memory


def test_one_child_serves_file_after_file(sandbox: Sandbox, file: Path) -> None:
    first = value(run(sandbox, "process", file))
    assert first != os.getpid()
    assert value(run(sandbox, "process", file)) == first


def test_a_parser_s_own_refusal_keeps_its_words(sandbox: Sandbox, file: Path) -> None:
    refused = failed(run(sandbox, "refuse", file))
    assert (refused.state, refused.problem) == (State.EMPTY, "ce n'en est pas un")
    assert refused.remedy == "Changez-le."


def test_a_mistake_is_named_without_its_words(sandbox: Sandbox, file: Path) -> None:
    crashed = failed(run(sandbox, "mistake", file))
    assert crashed.state is State.CRASHED
    assert "KeyError" in crashed.problem and "secret" not in crashed.problem


@pytest.mark.parametrize(
    ("task", "state"),
    [
        ("spin", State.TIMED_OUT),
        ("eat", State.CRASHED),
        ("fall", State.CRASHED),
    ],
)
def test_what_kills_a_child_leaves_the_next_file_alone(
    sandbox: Sandbox, file: Path, task: str, state: State
) -> None:
    before = value(run(sandbox, "process", file))
    broken = failed(run(sandbox, task, file))
    assert broken.state is state and broken.problem and broken.remedy
    assert value(run(sandbox, "process", file)) != before


def test_a_child_that_waits_is_killed_in_time(sandbox: Sandbox, file: Path) -> None:
    pid = value(run(sandbox, "process", file))
    assert failed(run(sandbox, "sleep", file)).state is State.TIMED_OUT
    assert not Path(f"/proc/{pid}").exists()


def test_a_child_without_a_parent_does_not_hang_for_ever(file: Path) -> None:
    with Sandbox(Limits(seconds=0.1)) as sandbox:
        child = sandbox._started()  # as a parent that was killed leaves it: nobody ends it
        assert child.stdin is not None
        child.stdin.write(
            b'{"task": "tests.doubles.hostile:sleep", "path": "%s", "options": {}}\n' % bytes(file)
        )
        child.stdin.flush()
        assert child.wait(30) == -signal.SIGALRM


def test_what_a_parser_prints_is_no_answer(sandbox: Sandbox, file: Path) -> None:
    assert value(run(sandbox, "chatter", file)) == "entier"


def test_an_answer_over_the_cap_is_refused(sandbox: Sandbox, file: Path) -> None:
    assert value(run(sandbox, "much", file, length=9000)) == "x" * 9000
    assert failed(run(sandbox, "much", file, length=20_000)).state is State.REFUSED


def test_a_file_over_the_cap_never_reaches_the_parser(sandbox: Sandbox, file: Path) -> None:
    file.write_bytes(b"a" * 1001)
    refused = failed(run(sandbox, "size", file))
    assert refused.state is State.REFUSED
    assert sandbox._child is None


def test_a_missing_file_is_said_missing(sandbox: Sandbox, tmp_path: Path) -> None:
    assert failed(run(sandbox, "size", tmp_path / "absent")).state is State.MISSING


@pytest.mark.parametrize("task", ["write", "call", "run"])
def test_a_parser_writes_calls_and_runs_nothing(sandbox: Sandbox, file: Path, task: str) -> None:
    assert "Forbidden" in failed(run(sandbox, task, file)).problem
    assert [path.name for path in file.parent.iterdir()] == ["fichier.bin"]


def test_a_child_knows_no_secret(
    sandbox: Sandbox, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_KEY", "secret")
    assert "ASSISTANT_KEY" not in value(run(sandbox, "environment", file))


def test_nothing_is_left_once_closed(file: Path) -> None:
    with Sandbox(LIMITS) as sandbox:
        pid = value(run(sandbox, "process", file))
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists()
