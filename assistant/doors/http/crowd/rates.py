"""How often one person may ask, and one town be asked.

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


_PERSON = "Trop de questions sont venues de votre connexion"
_TOWN = "Trop de questions sont posées à l'assistant de cette ville en ce moment"


class TooMany(Refused):
    """Someone, or a town, asked too often; the message is for who asked last."""

    def __init__(self, what: str, seconds: int) -> None:
        plural = "s" if seconds > 1 else ""
        super().__init__(
            f"{what} : réessayez dans {seconds} seconde{plural}.", status=429, seconds=seconds
        )


def parsed(rate: str) -> list[RateLimitItem]:
    """« 30/minute », or several separated by « ; »; none when empty. Raises ValueError."""
    return parse_many(rate) if rate.strip() else []


class Rates:
    """The questions that each address, and each town, has asked of late.

    Counted in memory, or in the Redis of `shared`, for several servers; in memory too while that
    one does not answer. An address is counted whatever the town.
    """

    def __init__(self, rate: str, town_rate: str = "", shared: str = "") -> None:
        """Raises InputError."""
        self._rate, self._town_rate = parsed(rate), parsed(town_rate)
        self._key = blake2b(shared.encode()).digest()
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = _shared(shared) if shared else None
        self._again = 0.0
        self.alone = False  # whether the shared store did not answer, so that we count here

    async def count(self, address: str, town: str = "") -> None:
        """Count a question. Raises TooMany when it is one too many."""
        if self._shared is not None and time.monotonic() >= self._again:
            digest = blake2b(address.encode(), key=self._key, digest_size=16).hexdigest()
            try:
                await self._counted(self._shared, address and digest, town)
            except (StorageError, ConcurrentUpdateError) as error:
                self._again = time.monotonic() + _REST
                if not self.alone:
                    cause = type(error.__cause__ or error).__name__
                    log.error("the shared limits do not answer, counted here instead: %s", cause)
                self.alone = True
            else:
                self._answers()
                return
        await self._counted(self._own, address, town)

    def _answers(self) -> None:
        if self.alone:
            log.warning("the shared limits answer again")
        self.alone = False

    async def close(self) -> None:
        """Let go of the shared store."""
        if self._shared is not None:
            storage = self._shared.storage
            assert isinstance(storage, RedisStorage) and isinstance(storage.bridge, RedispyBridge)
            await storage.bridge.storage.aclose()

    async def _counted(
        self, counter: SlidingWindowCounterRateLimiter, address: str, town: str
    ) -> None:
        for rates, key, what in (
            (self._rate, address, _PERSON),
            (self._town_rate, town, _TOWN),
        ):
            for rate in rates if key else ():
                if not await counter.hit(rate, key):
                    until = (await counter.get_window_stats(rate, key)).reset_time
                    raise TooMany(what, max(1, math.ceil(until - time.time())))


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
