"""How often one person may ask.

An address is a key that only serves to count, for as long as the longest window of the rate: it is
written nowhere and logged nowhere, and a Redis is given a digest of it.
"""

from __future__ import annotations

import ipaddress
import logging
import math
import time
from hashlib import blake2b

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import ConcurrentUpdateError, StorageError
from limits.storage import storage_from_string
from starlette.requests import HTTPConnection

from assistant.doors.http.problems import Refused
from assistant.errors import InputError

_ANSWERS_IN = 0.25  # seconds that the shared store may take
_REST = 10.0  # seconds that it is left alone once it did not answer

log = logging.getLogger(__name__)


class TooMany(Refused):
    """Someone asked too often; the message is for them."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "Trop de questions sont venues de votre connexion : réessayez dans "
            f"{seconds} seconde{'s' if seconds > 1 else ''}.",
            status=429,
            seconds=seconds,
        )


def parsed(rate: str) -> list[RateLimitItem]:
    """« 30/minute », or several separated by « ; »; none when empty. Raises ValueError."""
    return parse_many(rate) if rate.strip() else []


class Rates:
    """The questions that each address has asked of late.

    Counted in memory, or in the Redis of `shared`, for several servers; in memory too while that
    one does not answer. `town` tells apart the towns that share it.
    """

    def __init__(self, rate: str, shared: str = "", town: str = "") -> None:
        """Raises InputError."""
        self._rates = parsed(rate)
        self._town = town
        self._key = blake2b(shared.encode()).digest()
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = _shared(shared) if shared else None
        self._again = 0.0

    @property
    def alone(self) -> bool:
        """Whether the shared store did not answer, so that each server counts by itself."""
        return self._again > time.monotonic()

    async def count(self, address: str) -> None:
        """Count a question. Raises TooMany when it is one too many."""
        if not self._rates or not address:
            return
        if self._shared is not None and not self.alone:
            digest = blake2b(address.encode(), key=self._key, digest_size=16).hexdigest()
            try:
                await self._counted(self._shared, digest)
                return
            except (StorageError, ConcurrentUpdateError) as error:
                cause = type(error.__cause__ or error).__name__
                log.error("the shared limits do not answer, counted here instead: %s", cause)
                self._again = time.monotonic() + _REST
        await self._counted(self._own, address)

    async def close(self) -> None:
        """Let go of the shared store."""
        if self._shared is not None:
            storage = self._shared.storage
            assert isinstance(storage, RedisStorage) and isinstance(storage.bridge, RedispyBridge)
            await storage.bridge.storage.aclose()

    async def _counted(self, counter: SlidingWindowCounterRateLimiter, key: str) -> None:
        for rate in self._rates:
            if not await counter.hit(rate, self._town, key):
                until = (await counter.get_window_stats(rate, self._town, key)).reset_time
                raise TooMany(max(1, math.ceil(until - time.time())))


def _shared(address: str) -> SlidingWindowCounterRateLimiter:
    try:
        store = storage_from_string(
            f"async+{address}",
            implementation="redispy",
            wrap_exceptions=True,
            socket_timeout=_ANSWERS_IN,
            socket_connect_timeout=_ANSWERS_IN,
        )
    except Exception as error:  # its own errors, or those of the client of Redis
        raise InputError(
            "ASSISTANT_LIMITS n'est pas l'adresse d'un Redis (« redis://machine:6379/0 »), ou son "
            "client manque : pip install 'assistant-pvd[redis]'."
        ) from error
    return SlidingWindowCounterRateLimiter(store)


def address(connection: HTTPConnection) -> str:
    """Who asks: its address, of which a home has 2**64 in IPv6; empty for who cannot be told apart.

    Those are the machine itself, and whoever comes by a proxy that does not say for whom.
    """
    host = connection.client.host if connection.client else ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:  # a socket of the machine, a test
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            wide = ipaddress.ip_network((found, 64), strict=False)
            return "" if found.is_loopback else str(wide)
        found = found.ipv4_mapped
    return "" if found.is_loopback else str(found)
