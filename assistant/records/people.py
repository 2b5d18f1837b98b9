"""Who may work at the guichet: accounts, roles, passwords, and links to choose one."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from assistant.errors import InputError
from assistant.records import trail
from assistant.records.store import Store, metadata, now, stamp

SHORTEST, LONGEST = 12, 200  # characters of a password
_NAME = re.compile(r"[a-z0-9][a-z0-9.@_-]{1,63}")
_LINK = timedelta(days=2)  # how long a link to choose a password is good for

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, index=True, unique=True),
    Column("role", String(16), nullable=False),
    Column("password", Text),  # its argon2 hash; none before one is chosen, or with a provider's
    Column("subject", String(512), index=True, unique=True),  # who it is at a provider of identity
    Column("disabled", Boolean, nullable=False),
    Column("created", String(32), nullable=False),
)
sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("created", String(32), nullable=False),
    Column("seen", String(32), nullable=False),
)
_invitations = Table(
    "invitations",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("until", String(32), nullable=False),
)


class Role(StrEnum):
    """What one may do; each may do all that those before it may."""

    AGENT = "agent"
    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, other: Role) -> bool:
        """Whether this one may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: int
    name: str
    role: Role
    disabled: bool = False
    chosen: bool = True  # whether a password, or a provider, opens it


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its administrator sees it."""

    user: User
    sessions: int
    seen: str | None


class People:
    """The accounts of a store. What is done to them is written in the trail, with who did it."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = now) -> None:
        self._store = store
        self._clock = clock

    def none(self) -> bool:
        """Whether there is no account: the guichet is not set up."""
        with self._store.reading() as connection:
            return connection.execute(select(users.c.id).limit(1)).first() is None

    def accounts(self) -> Sequence[Account]:
        """All of them, by name."""
        wanted = (
            select(users, func.count(sessions.c.digest).label("open"), func.max(sessions.c.seen))
            .outerjoin(sessions)
            .group_by(users.c.id)
            .order_by(users.c.name)
        )
        with self._store.reading() as connection:
            return [Account(user(row), row.open, row[-1]) for row in connection.execute(wanted)]

    def named(self, name: str) -> User:
        """The account of that name. Raises InputError."""
        with self._store.reading() as connection:
            return _found(connection, users.c.name == name, name)

    def numbered(self, id: int) -> User:
        """The account of that number. Raises InputError."""
        with self._store.reading() as connection:
            return _found(connection, users.c.id == id, str(id))

    def add(self, name: str, role: Role, actor: str, password: str | None = None) -> User:
        """A new account; without a password, `invite` gives a link to choose one.

        Raises InputError.
        """
        if not _NAME.fullmatch(name):
            raise InputError(
                f"« {name} » ne peut pas être un identifiant : de 2 à 64 lettres minuscules sans "
                "accent, chiffres, points, tirets ou @, et d'abord une lettre ou un chiffre."
            )
        hashed = None if password is None else _hashed(name, password)
        with self._store.writing() as connection:
            if connection.execute(select(users.c.id).where(users.c.name == name)).first():
                raise InputError(f"Le compte « {name} » existe déjà.")
            values = {"name": name, "role": role.value, "password": hashed, "disabled": False}
            connection.execute(insert(users), values | {"created": stamp(self._clock())})
            trail.record(connection, actor, "compte créé", f"compte {name}", role.value)
            return _found(connection, users.c.name == name, name)

    def change(
        self, id: int, actor: str, *, role: Role | None = None, disabled: bool | None = None
    ) -> User:
        """Give an account another role, or close it, or open it again; its sessions end.

        Raises InputError, also where no administrator would be left.
        """
        with self._store.writing() as connection:
            found = _found(connection, users.c.id == id, str(id))
            values: dict[str, object] = {}
            if role is not None and role is not found.role:
                values["role"] = role.value
                done = ("rôle changé", f"{found.role} → {role}")
            elif disabled is not None and disabled is not found.disabled:
                values["disabled"] = disabled
                done = ("compte fermé" if disabled else "compte rouvert", "")
            else:
                return found
            connection.execute(update(users).where(users.c.id == id).values(values))
            admins = select(users.c.id).where(users.c.role == Role.ADMIN, ~users.c.disabled)
            if connection.execute(admins.limit(1)).first() is None:
                raise InputError(
                    "C'est le dernier compte d'administration : donnez d'abord ce rôle à un autre."
                )
            connection.execute(delete(sessions).where(sessions.c.user_id == id))
            trail.record(connection, actor, done[0], f"compte {found.name}", done[1])
            return _found(connection, users.c.id == id, str(id))

    def provided(self, subject: str, name: str, role: Role) -> User:
        """The account of someone that a provider of identity names, with the role it says.

        subject    who it is there, for good
        name       what it is called there now; one that an account has is never taken over
        Raises InputError, also for an account that is closed.
        """
        actor = f"fournisseur ({name})"[:64]
        with self._store.reading() as connection:
            row = connection.execute(select(users).where(users.c.subject == subject)).one_or_none()
        if row is None:
            made = self.add(name, role, actor)
            with self._store.writing() as connection:
                connection.execute(
                    update(users).where(users.c.id == made.id).values(subject=subject)
                )
            return made
        if row.disabled:
            raise InputError("Votre compte est fermé.")
        return self.change(row.id, actor, role=role)

    def invite(self, id: int, actor: str) -> str:
        """The secret of a link that lets choose a password, once, for two days. Raises InputError.

        A password that was chosen opens the account until then.
        """
        code = secrets.token_urlsafe(24)
        with self._store.writing() as connection:
            found = _found(connection, users.c.id == id, str(id))
            connection.execute(delete(_invitations).where(_invitations.c.user_id == id))
            values = {"digest": digest(code), "user_id": id, "until": stamp(self._clock() + _LINK)}
            connection.execute(insert(_invitations), values)
            trail.record(connection, actor, "lien de mot de passe créé", f"compte {found.name}")
        return code

    def invited(self, code: str) -> User | None:
        """Whose link it is, while it is good."""
        with self._store.reading() as connection:
            return self._invited(connection, code)

    def accept(self, code: str, password: str) -> User | None:
        """Choose a password by a link, which is then spent; the account's sessions end.

        None where the link is not good any more. Raises InputError.
        """
        whose = self.invited(code)
        if whose is None:
            return None
        hashed = _hashed(whose.name, password)
        with self._store.writing() as connection:
            if self._invited(connection, code) is None:
                return None
            _give(connection, whose, hashed, "mot de passe choisi par un lien")
        return whose

    def renew(self, id: int, old: str, password: str) -> None:
        """Change one's password; all the account's sessions end. Raises InputError."""
        with self._store.reading() as connection:
            row = connection.execute(select(users).where(users.c.id == id)).one()
        if not matches(row.password, old):
            raise InputError("Votre mot de passe actuel n'est pas celui-là.")
        hashed = _hashed(row.name, password)
        with self._store.writing() as connection:
            _give(connection, user(row), hashed, "mot de passe changé")

    def _invited(self, connection: Connection, code: str) -> User | None:
        wanted = (
            select(users)
            .join(_invitations)
            .where(
                _invitations.c.digest == digest(code),
                _invitations.c.until >= stamp(self._clock()),
                ~users.c.disabled,
            )
        )
        row = connection.execute(wanted).one_or_none()
        return None if row is None else user(row)


def _give(connection: Connection, whose: User, hashed: str, what: str) -> None:
    connection.execute(update(users).where(users.c.id == whose.id).values(password=hashed))
    connection.execute(delete(_invitations).where(_invitations.c.user_id == whose.id))
    connection.execute(delete(sessions).where(sessions.c.user_id == whose.id))
    trail.record(connection, whose.name, what, f"compte {whose.name}")


def user(row: Row[tuple[object, ...]]) -> User:
    """The account of a row of `users`."""
    chosen = row.password is not None or row.subject is not None
    return User(row.id, row.name, Role(row.role), row.disabled, chosen)


def _found(connection: Connection, where: ColumnElement[bool], name: str) -> User:
    row = connection.execute(select(users).where(where)).one_or_none()
    if row is None:
        raise InputError(f"Il n'y a pas de compte « {name} ».")
    return user(row)


def digest(secret: str) -> str:
    """What is kept of a secret of chance: who reads the database cannot use it."""
    return hashlib.sha256(secret.encode()).hexdigest()


# 64 MiB and 0.1 s each, that anyone may ask for by trying to log in: no more than two at a time.
_hasher = PasswordHasher()
_two = threading.BoundedSemaphore(2)


def _hashed(name: str, password: str) -> str:
    """The hash of a password. Raises InputError for one that is too easy to guess."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"Un mot de passe a de {SHORTEST} à {LONGEST} caractères : quelques mots sans rapport "
            "entre eux se retiennent bien."
        )
    if name in password.lower() or len(set(password)) < 5:
        raise InputError("Ce mot de passe se devine : il répète un caractère ou l'identifiant.")
    with _two:
        return _hasher.hash(password)


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex())


def matches(hashed: str | None, password: str) -> bool:
    """Whether a password is that of a hash; without one, no, after as long."""
    with _two:
        try:
            return _hasher.verify(hashed or _nobody(), password[: LONGEST + 1])
        except VerifyMismatchError:
            return False
