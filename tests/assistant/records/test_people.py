"""Accounts, links and sessions, on SQLite and on PostgreSQL; the clock is the test's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from assistant.errors import InputError
from assistant.records import trail
from assistant.records.people import People, Role, users
from assistant.records.sessions import IDLE, LONGEST, Refusal, Sessions
from assistant.records.store import Store

START = datetime(2026, 11, 30, 8, tzinfo=UTC)
GOOD = "quatre mots sans rapport"


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with closing(Store(database)) as opened:
        yield opened


@pytest.fixture
def people(store: Store, clock: Clock) -> People:
    return People(store, clock)


@pytest.fixture
def sessions(store: Store, clock: Clock) -> Sessions:
    return Sessions(store, clock)


def test_there_is_nobody_at_first_and_no_default_password(people: People) -> None:
    assert people.none()
    people.add("marie", Role.ADMIN, "terminal")
    assert not people.none()
    assert not people.named("marie").chosen


def test_a_password_is_kept_as_an_argon2_hash(people: People, store: Store) -> None:
    people.add("marie", Role.ADMIN, "terminal", GOOD)
    with store.reading() as connection:
        hashed = connection.execute(select(users.c.password)).scalar_one()
    assert hashed.startswith("$argon2id$") and GOOD not in hashed


@pytest.mark.parametrize("name", ["", "M", "Marie", "é", "a b", "-a", "a" * 65, "a\n"])
def test_a_name_is_of_a_few_plain_characters(people: People, name: str) -> None:
    with pytest.raises(InputError, match="identifiant"):
        people.add(name, Role.AGENT, "terminal")


@pytest.mark.parametrize(
    "password", ["", "court", "x" * 201, "aaaaaaaaaaaaaaa", "abababababababab", "marie durand 12"]
)
def test_a_password_that_is_guessed_is_refused(people: People, password: str) -> None:
    with pytest.raises(InputError, match="passe"):
        people.add("marie", Role.AGENT, "terminal", password)
    assert people.none()


def test_a_name_is_of_one_account(people: People) -> None:
    people.add("marie", Role.AGENT, "terminal")
    with pytest.raises(InputError, match="existe déjà"):
        people.add("marie", Role.ADMIN, "terminal")
    assert people.named("marie").role is Role.AGENT


def test_the_last_administrator_stays(people: People) -> None:
    one = people.add("marie", Role.ADMIN, "terminal", GOOD)
    for change in ({"disabled": True}, {"role": Role.EDITOR}):
        with pytest.raises(InputError, match="dernier compte d'administration"):
            people.change(one.id, "marie", **change)
    two = people.add("paul", Role.ADMIN, "marie", GOOD)
    assert people.change(one.id, "paul", role=Role.AGENT).role is Role.AGENT
    assert people.named("paul") == two


def test_what_is_done_to_accounts_is_in_the_trail(people: People, store: Store) -> None:
    people.add("marie", Role.ADMIN, "terminal", GOOD)
    one = people.add("paul", Role.AGENT, "marie")
    people.change(one.id, "marie", role=Role.EDITOR)
    people.change(one.id, "marie", role=Role.EDITOR)  # changes nothing
    people.change(one.id, "marie", disabled=True)
    told = [(line.actor, line.action, line.detail) for line in trail.lines(store, 9, "compte paul")]
    assert told == [
        ("marie", "compte fermé", ""),
        ("marie", "rôle changé", "agent → editor"),
        ("marie", "compte créé", "agent"),
    ]


# Links


def test_a_link_is_good_once_and_two_days(people: People, clock: Clock) -> None:
    one = people.add("marie", Role.ADMIN, "terminal")
    old, code = people.invite(one.id, "terminal"), people.invite(one.id, "terminal")
    assert people.invited(old) is None  # the newest only
    assert people.invited("autre") is None
    assert people.accept(code, GOOD) == one
    assert people.accept(code, GOOD + " !") is None
    late = people.invite(one.id, "terminal")
    clock.at += timedelta(days=2, seconds=1)
    assert people.accept(late, GOOD) is None


def test_a_link_of_a_closed_account_opens_nothing(people: People) -> None:
    people.add("marie", Role.ADMIN, "terminal", GOOD)
    one = people.add("paul", Role.AGENT, "marie")
    code = people.invite(one.id, "marie")
    people.change(one.id, "marie", disabled=True)
    assert people.accept(code, GOOD) is None


# Sessions


def test_a_session_ends_when_nothing_is_opened(
    people: People, sessions: Sessions, clock: Clock
) -> None:
    one = people.add("marie", Role.AGENT, "terminal", GOOD)
    token = sessions.enter("marie", GOOD, "a")
    for _ in range(3):  # seen again before it is idle
        clock.at += IDLE
        assert sessions.user(token) == one
    clock.at += IDLE + timedelta(seconds=1)
    assert sessions.user(token) is None


def test_a_session_ends_whatever_is_opened(
    people: People, sessions: Sessions, clock: Clock
) -> None:
    people.add("marie", Role.AGENT, "terminal", GOOD)
    token = sessions.enter("marie", GOOD, "a")
    while clock.at < START + LONGEST:
        clock.at += timedelta(hours=1)
        assert sessions.user(token) is not None
    clock.at += timedelta(seconds=1)
    assert sessions.user(token) is None


def test_a_session_ends_with_its_account_its_role_or_its_password(
    people: People, sessions: Sessions
) -> None:
    people.add("marie", Role.ADMIN, "terminal", GOOD)
    one = people.add("paul", Role.AGENT, "marie", GOOD)
    for change in (
        lambda: people.change(one.id, "marie", role=Role.EDITOR),
        lambda: people.renew(one.id, GOOD, GOOD),
        lambda: people.accept(people.invite(one.id, "marie"), GOOD),
        lambda: sessions.end(one, "marie"),
        lambda: people.change(one.id, "marie", disabled=True),
    ):
        token = sessions.enter("paul", GOOD, "a")
        assert sessions.user(token) is not None
        change()
        assert sessions.user(token) is None
    with pytest.raises(Refusal, match="ne vont pas ensemble"):
        sessions.enter("paul", GOOD, "a")


def test_the_database_holds_no_secret_of_a_session(
    people: People, sessions: Sessions, store: Store
) -> None:
    people.add("marie", Role.AGENT, "terminal", GOOD)
    token = sessions.enter("marie", GOOD, "a")
    with store.reading() as connection:
        held = str(connection.exec_driver_sql("SELECT * FROM sessions").all())
    assert token not in held


def fails(sessions: Sessions, name: str, address: str) -> Refusal:
    with pytest.raises(Refusal) as told:
        sessions.enter(name, "faux", address)
    return told.value


def test_tries_on_an_account_must_wait_longer_and_longer(
    people: People, sessions: Sessions, clock: Clock
) -> None:
    people.add("marie", Role.AGENT, "terminal", GOOD)
    waits = [fails(sessions, "marie", f"adresse {n}").wait for n in range(5)]
    assert waits == [None] * 5
    for seconds in (30, 60, 120, 240, 480, 900, 900):
        told = fails(sessions, "marie", "une autre")
        assert told.wait == timedelta(seconds=seconds)
        with pytest.raises(Refusal, match="Trop d'essais"):  # the right one too
            sessions.enter("marie", GOOD, "une autre")
        clock.at += timedelta(seconds=seconds)
        assert fails(sessions, "marie", "une autre").wait is None  # one more, which counts
    clock.at += timedelta(minutes=15)
    token = sessions.enter("marie", GOOD, "a")
    assert sessions.user(token) is not None
    assert fails(sessions, "marie", "a").wait is None  # all is forgotten


def test_an_account_that_is_not_there_waits_as_one_that_is(sessions: Sessions) -> None:
    assert [fails(sessions, "personne", "a").wait for _ in range(6)] == [
        *[None] * 5,
        timedelta(seconds=30),
    ]


def test_tries_from_an_address_must_wait_on_every_account(
    people: People, sessions: Sessions
) -> None:
    people.add("marie", Role.AGENT, "terminal", GOOD)
    for number in range(20):
        assert fails(sessions, f"compte{number}", "a").wait is None
    assert fails(sessions, "marie", "a").wait == timedelta(seconds=30)
    assert sessions.user(sessions.enter("marie", GOOD, "b")) is not None


def test_a_town_hall_that_logs_in_all_day_never_waits(people: People, sessions: Sessions) -> None:
    people.add("marie", Role.AGENT, "terminal", GOOD)
    for _ in range(25):
        sessions.enter("marie", GOOD, "a")
    assert fails(sessions, "marie", "a").wait is None


def test_a_clock_set_back_neither_locks_out_nor_lets_in(
    people: People, sessions: Sessions, clock: Clock
) -> None:
    people.add("marie", Role.AGENT, "terminal", GOOD)
    clock.at += timedelta(days=365)
    token = sessions.enter("marie", GOOD, "a")
    assert [fails(sessions, "marie", "b").wait for _ in range(6)][-1] == timedelta(seconds=30)
    clock.at -= timedelta(days=365)
    assert sessions.user(token) is None  # it would last a year
    assert sessions.user(sessions.enter("marie", GOOD, "b")) is not None


def test_a_hundred_tries_at_once_are_a_hundred(people: People, sessions: Sessions) -> None:
    people.add("marie", Role.AGENT, "terminal", GOOD)
    read: list[bool] = []

    def attempt() -> None:
        try:
            sessions.enter("marie", "faux", "a")
        except Refusal as refusal:
            read.append(refusal.wait is None)  # its password was read

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (read.count(True), len(read)) == (5, 12)
