"""One address -> its bytes in a file: redirects by hand, politely, within limits."""

from __future__ import annotations

import math
import ssl
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import httpcore2
import httpx2

from corpus.errors import FetchError, Gone
from corpus.fetching import addresses, replies, robots
from corpus.fetching.addresses import Network, Pinned, Resolver
from corpus.fetching.replies import Again, Closed, Known, Reply

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LASTING = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient and how polite. Seconds, but for the counts.

    `whole` is for one request from its first byte to its last; `delay` stands between two requests
    to a host, unless its robots.txt wants longer; `wait` is the longest that a site may have us
    wait before another try. A host that failed `down` times in a row is left alone for this run.
    """

    whole: float = 60.0
    connect: float = 15.0
    delay: float = 1.0
    wait: float = 60.0
    tries: int = 3
    hops: int = 5
    down: int = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """How far downloads go: the public Internet. Only a test passes another one.

    `allowed` opens networks that are closed to everyone (loopback); `pause` waits.
    """

    allowed: tuple[Network, ...] = ()
    resolver: Resolver = addresses.resolve
    tls: ssl.SSLContext | None = None
    pause: Callable[[float], None] = time.sleep
    pace: Pace = field(default_factory=Pace)


class Web:
    """Downloads for one run, from several threads: a host is asked one thing at a time."""

    def __init__(self, site: str, reach: Reach | None = None) -> None:
        """`site` is the town's address, told to every host asked, so that it knows who to call."""
        self.reach = reach or Reach()
        self._agent = f"{robots.NAME} (+{site})".encode("ascii", "ignore").decode()
        self._backend = Pinned(self.reach.resolver, self.reach.allowed)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=self.reach.tls, keepalive_expiry=10.0, network_backend=self._backend
        )
        self._robots = robots.Robots(self._robots_txt)
        self._turns: dict[str, float] = {}  # host -> time.monotonic() of its last answer
        self._busy: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._failed: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.close()

    def get(self, url: str, into: Path, *, most: int, known: Known | None = None) -> Reply:
        """Bring what stands at an address into a file of at most `most` bytes.

        Raises Gone when the site says that nothing stands there, FetchError for the rest. The file
        holds nothing of use then.
        """
        start = addresses.parse(url)
        host = start.host
        if self._failed[host] >= self.reach.pace.down:
            raise FetchError(
                f"{host} ne répond plus",
                "Le reste de ce site sera demandé la prochaine fois.",
                passing=True,
            )
        try:
            reply = self._persist(start, into, most, known or Known())
        except Again as again:
            self._failed[host] += 1
            raise again.error from again
        self._failed[host] = 0
        return reply

    def _persist(
        self, url: httpx2.URL, into: Path, most: int, known: Known, *, ruled: bool = True
    ) -> Reply:
        """Try, wait and try again while that may help; raises the last Again."""
        pace = self.reach.pace
        for attempt in range(1, pace.tries):
            try:
                return self._follow(url, into, most, known, ruled)
            except Again as again:
                wait = 2.0**attempt if again.wait is None else again.wait
                if wait > pace.wait:
                    raise
                self.reach.pause(wait)
        return self._follow(url, into, most, known, ruled)

    def _follow(self, url: httpx2.URL, into: Path, most: int, known: Known, ruled: bool) -> Reply:
        """Ask, and follow redirects, each one checked like the first. `ruled`: by robots.txt."""
        moved, seen = True, [str(url)]
        while True:
            delay = self._robots.check(url) if ruled else 0.0
            reply = self._ask(url, into, most, known, delay)
            if isinstance(reply, Reply):
                return replace(reply, moved=moved and len(seen) > 1)
            status, location = reply
            moved = moved and status in _LASTING
            url = addresses.parse(location, url)
            if str(url) in seen or len(seen) > self.reach.pace.hops:
                raise FetchError(
                    f"{seen[0]} renvoie d'adresse en adresse sans arriver",
                    "Ouvrez-la dans un navigateur, et donnez au catalogue l'adresse où elle mène.",
                )
            seen.append(str(url))

    def _ask(
        self, url: httpx2.URL, into: Path, most: int, known: Known, delay: float
    ) -> Reply | tuple[int, str]:
        """One request: what it gave, or where it sends (status, location)."""
        with self._busy[url.host]:
            self._take_turn(url.host, delay)
            return self._answer(url, into, most, known)

    def _answer(
        self, url: httpx2.URL, into: Path, most: int, known: Known
    ) -> Reply | tuple[int, str]:
        pace = self.reach.pace
        self._backend.deadline = time.monotonic() + pace.whole
        target = httpcore2.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        steps = {"connect": pace.connect, "read": pace.whole, "write": pace.whole}
        try:
            with self._pool.stream(
                "GET",
                target,
                headers=self._headers(url, known),
                extensions={"timeout": steps},
            ) as response:
                headers = replies.headers_of(response)
                orders = robots.orders(response.headers)
                location = headers.get("location", "")
                if response.status in _REDIRECTS and location:
                    return response.status, location
                replies.check(url, response.status, headers)
                if response.status == 304:
                    return Reply(
                        *(str(url), False), etag=known.etag, modified=known.modified, orders=orders
                    )
                return replace(replies.save(url, response, headers, into, most), orders=orders)
        except httpcore2.TimeoutException as error:
            raise Again(
                f"{url.host} n'a pas tout envoyé en {pace.whole:g} secondes",
                "Relancez « assistant fetch » plus tard ; si cela dure, prévenez l'éditeur.",
                math.inf,  # what was waited for is enough for a day
            ) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise _network(url, error) from error
        finally:
            self._turns[url.host] = time.monotonic()

    def _headers(self, url: httpx2.URL, known: Known) -> list[tuple[str, str]]:
        asked = [
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", self._agent),
            ("Accept-Encoding", "gzip"),
            ("Accept-Language", "fr"),
        ]
        if known.url == str(url):  # a site's name for a version is of no use at another address
            versions = (("If-None-Match", known.etag), ("If-Modified-Since", known.modified))
            asked += [(name, said) for name, said in versions if said and said.isascii()]
        return asked

    def _take_turn(self, host: str, delay: float) -> None:
        last = self._turns.get(host)
        if last is not None:
            left = last + max(delay, self.reach.pace.delay) - time.monotonic()
            if left > 0:
                self.reach.pause(left)

    def _robots_txt(self, url: httpx2.URL) -> bytes | None:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "robots.txt"
            try:
                self._persist(url, file, 10 * robots.MAX_BYTES, Known(), ruled=False)
            except Again as again:
                raise again.error from again
            except Gone:
                return None
            except Closed:  # 401, 403: RFC 9309 §2.3.1.3 reads any 4xx as « no rules »
                return None
            return file.read_bytes()[: robots.MAX_BYTES]


def _network(url: httpx2.URL, error: Exception) -> Exception:
    """What a broken connection is: a certificate is not worth another try, the rest is."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        return FetchError(
            f"le certificat de {url.host} n'est pas valable ({cause.verify_message})",
            "Prévenez l'éditeur du site : rien n'est lu d'un site qui ne prouve pas qui il est.",
        )
    said = "la connexion s'est coupée avant la fin"
    if isinstance(error, httpcore2.ConnectError):
        said = "la connexion est impossible"
        if isinstance(cause, OSError) and cause.strerror:
            said += f" : {cause.strerror}"
    return Again(
        f"{url.host} : {said}",
        "Vérifiez l'adresse et le réseau, puis relancez « assistant fetch ».",
    )
