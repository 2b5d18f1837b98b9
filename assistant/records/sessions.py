"""Who is at the guichet now: log-ins, tried a few times only, and sessions, which end."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    String,
    Table,
    delete,
    insert,
    select,
    text,
    update,
)

from assistant.errors import InputError
from assistant.records import people, trail
from assistant.records.people import User, digest
from assistant.records.store import Store, metadata, now, stamp

IDLE = timedelta(hours=2)  # without a page opened
LONGEST = timedelta(hours=12)  # whatever is done: a day at the desk
_TOUCHED = timedelta(minutes=1)  # between two writings of when a session was last seen

# Tries that fail before one must wait, then a wait that doubles: of an account, and of an address,
# where a whole town hall may be behind one.
_FREE = {"compte": 5, "adresse": 20}
_FIRST, _MOST = timedelta(seconds=30), timedelta(minutes=15)
_FORGOTTEN = timedelta(days=1)
# How far the clocks of two servers may differ. What is dated later was so by a clock that was wrong
# and has been set back: it would hold for as long as that clock was ahead.
_AHEAD = timedelta(minutes=5)

_failures = Table(
    "failures",
    metadata,
    Column("digest", String(64), primary_key=True),  # of a name or an address: neither is kept
    Column("tries", Integer, nullable=False),
    Column("at", String(32), nullable=False),
)
# A row to lock, whoever else makes it at the same moment.
_NEW = text("INSERT INTO failures VALUES (:digest, 0, :at) ON CONFLICT DO NOTHING")


class Refusal(InputError):
    """A log-in that is refused; the message says why, without telling which names exist."""

    def __init__(self, message: str, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class Sessions:
    """The sessions of a store."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = now) -> None:
        self._store = store
        self._clock = clock

    def enter(self, name: str, password: str, address: str) -> str:
        """The secret of a new session. Raises Refusal.

        The try is counted before the password is read, so that a hundred at once are a hundred.
        """
        keys = {"compte": name, "adresse": address}
        wait = self._counted(keys)
        if wait is not None:
            minutes = -(-int(wait.total_seconds()) // 60)
            raise Refusal(
                f"Trop d'essais manqués. Réessayez dans {minutes} minute{'s' * (minutes > 1)}.",
                wait,
            )
        table = people.users
        with self._store.reading() as connection:
            row = connection.execute(select(table).where(table.c.name == name)).one_or_none()
        known = people.matches(row.password if row else None, password)
        if row is None or not known or row.disabled:
            raise Refusal("Cet identifiant et ce mot de passe ne vont pas ensemble.")
        with self._store.writing() as connection:
            connection.execute(delete(_failures).where(_failures.c.digest == _key("compte", name)))
            connection.execute(
                update(_failures)
                .where(_failures.c.digest == _key("adresse", address))
                .values(tries=_failures.c.tries - 1)
            )
            return self._open(connection, row.id)

    def begin(self, user_id: int) -> str:
        """The secret of a new session, for who has shown otherwise whose it is."""
        with self._store.writing() as connection:
            return self._open(connection, user_id)

    def _open(self, connection: Connection, user_id: int) -> str:
        at, table = self._clock(), people.sessions
        old = (table.c.seen < stamp(at - IDLE)) | (table.c.created < stamp(at - LONGEST))
        connection.execute(delete(table).where(old | (table.c.seen > stamp(at + _AHEAD))))
        token = secrets.token_urlsafe(32)
        values = {"digest": digest(token), "user_id": user_id}
        connection.execute(insert(table), values | {"created": stamp(at), "seen": stamp(at)})
        return token

    def user(self, token: str) -> User | None:
        """Whose session it is, while it lasts."""
        at, table = self._clock(), people.sessions
        wanted = (
            select(people.users, table.c.seen)
            .join(table)
            .where(
                table.c.digest == digest(token),
                table.c.seen >= stamp(at - IDLE),
                table.c.created >= stamp(at - LONGEST),
                table.c.seen <= stamp(at + _AHEAD),
                ~people.users.c.disabled,
            )
        )
        with self._store.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            return None
        if row.seen < stamp(at - _TOUCHED):
            touched = update(table).where(table.c.digest == digest(token)).values(seen=stamp(at))
            with self._store.writing() as connection:
                connection.execute(touched)
        return people.user(row)

    def leave(self, token: str) -> None:
        """End a session."""
        with self._store.writing() as connection:
            table = people.sessions
            connection.execute(delete(table).where(table.c.digest == digest(token)))

    def end(self, whose: User, actor: str) -> int:
        """End all the sessions of an account; how many there were."""
        with self._store.writing() as connection:
            table = people.sessions
            ended = connection.execute(delete(table).where(table.c.user_id == whose.id)).rowcount
            trail.record(connection, actor, "sessions fermées", f"compte {whose.name}", str(ended))
        return ended

    def _counted(self, keys: dict[str, str]) -> timedelta | None:
        """Count a try for each key; or, where one has been tried too often, how long to wait."""
        at = self._clock()
        with self._store.writing() as connection:
            old = (_failures.c.at < stamp(at - _FORGOTTEN)) | (_failures.c.at > stamp(at + _AHEAD))
            connection.execute(delete(_failures).where(old))
            for kind, value in keys.items():
                key = _key(kind, value)
                connection.execute(_NEW, {"digest": key, "at": stamp(at)})
                wanted = select(_failures).where(_failures.c.digest == key).with_for_update()
                row = connection.execute(wanted).one()
                wait = datetime.fromisoformat(row.at) + _wait(row.tries - _FREE[kind]) - at
                if wait > timedelta(0):
                    return wait
            connection.execute(
                update(_failures)
                .where(_failures.c.digest.in_([_key(*pair) for pair in keys.items()]))
                .values(tries=_failures.c.tries + 1, at=stamp(at))
            )
        return None


def _wait(beyond: int) -> timedelta:
    """How long after a try another may be made, so many after those that are free."""
    return min(_FIRST * 2 ** min(beyond, 10), _MOST) if beyond >= 0 else timedelta(0)


def _key(kind: str, value: str) -> str:
    return digest(f"{kind} {value}")
