"""Where a download may go: public addresses only, checked after resolution, then connected to.

A name is resolved once a connection, every address of it is checked, and the connection is made to
the address that was checked: a name that answers differently the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence

import httpcore2
import httpx2

from corpus.errors import FetchError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]  # (name, port) -> numeric addresses

_MAX_URL = 2_000  # characters; browsers and servers refuse longer ones
# An IPv4 address stands in its last four bytes, and may be a private one (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# What `is_global` lets through, or lets through in Python before 3.11.10: IANA's special-purpose
# registries (2001::/23 holds Teredo, 2002::/16 is 6to4, 3fff::/20 is for examples), and the one
# cloud metadata service that stands on a public address, Azure's.
_CLOSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24 192.88.99.0/24 168.63.129.16/32 64:ff9b:1::/48 100::/64 2001::/23 2002::/16 "
        "3fff::/20 5f00::/16 fec0::/10"
    ).split()
)


def parse(url: str, base: httpx2.URL | None = None) -> httpx2.URL:
    """The address to ask for, without fragment; `base` is where a relative one was found.

    Raises FetchError for anything but http and https, and for an address that carries a password.
    """
    try:
        if len(url) > _MAX_URL:
            raise httpx2.InvalidURL("too long")
        found = httpx2.URL(url) if base is None else base.join(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise _refused(url, "n'est pas une adresse") from error
    port = 80 if found.port is None else found.port
    if found.scheme not in ("http", "https") or not found.host or not 0 < port < 65536:
        raise _refused(url, "n'est pas une adresse http ou https")
    if found.userinfo:
        raise FetchError(
            f"l'adresse de {found.host} contient un nom ou un mot de passe",
            "Écrivez-la sans ce qui précède « @ » : un mot de passe n'a pas sa place ici.",
        )
    return found.copy_with(fragment=None)


def _refused(url: str, problem: str) -> FetchError:
    return FetchError(f"« {url[:120]} » {problem}", "Corrigez l'adresse de cette source.")


def resolve(host: str, port: int) -> list[str]:
    """The addresses that the machine's resolver gives for a name, as numbers."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def is_public(text: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether a numeric address is on the public Internet, or in a network that a test opened."""
    address = ipaddress.ip_address(text.partition("%")[0])  # without an IPv6 zone
    if any(address in network for network in allowed):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped), allowed)
        if address in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)), allowed)
    if any(address in network for network in _CLOSED):
        return False
    return address.is_global and not address.is_multicast


class Pinned(threading.local, httpcore2.NetworkBackend):
    """Connects to what it checked, and to nothing else. `deadline`: time.monotonic() of the end.

    The deadline is that of the request under way in this thread, set before it: a server that sends
    a byte now and then is cut like one that sends nothing. TLS keeps the name: httpcore2 checks the
    certificate against the host of the address asked for.
    """

    def __init__(self, resolver: Resolver, allowed: Iterable[Network]) -> None:
        self.deadline = 0.0
        self._resolver = resolver
        self._allowed = tuple(allowed)
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._checked(host, port)
        while True:
            address = addresses.pop(0)
            try:
                left = self._left(timeout)
                stream = self._sockets.connect_tcp(
                    address, port, left, local_address, socket_options
                )
                return _Timed(stream, self)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if not addresses:  # a name often has an IPv6 address that this machine cannot reach
                    raise

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        raise NotImplementedError("no publication stands behind a Unix socket")

    def _checked(self, host: str, port: int) -> list[str]:
        """The name's addresses, all of them public. One that is not condemns the others."""
        try:
            addresses = list(self._resolver(host.strip("[]"), port))
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(error) from error
        for address in addresses:
            if not is_public(address, self._allowed):
                raise FetchError(
                    f"« {host} » mène à {address}, une adresse privée ou réservée",
                    "L'assistant ne lit que l'internet public : corrigez l'adresse, ou enregistrez "
                    "la copie vous-même.",
                )
        if not addresses:
            raise httpcore2.ConnectError(socket.gaierror(socket.EAI_NONAME, "no address"))
        return addresses

    def _left(self, timeout: float | None) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the whole request took too long")
        return left if timeout is None else min(left, timeout)


class _Timed(httpcore2.NetworkStream):
    """A connection whose every step ends at its backend's deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, backend: Pinned) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = self._backend._left(timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._backend)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
