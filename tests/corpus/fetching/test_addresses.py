import socket
from collections.abc import Sequence

import httpcore2
import pytest

from corpus.errors import FetchError
from corpus.fetching import addresses
from corpus.fetching.addresses import Pinned, is_public

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # cloud metadata
    "168.63.129.16",  # Azure's, on a public address
    "100.64.0.1",  # behind a carrier's NAT; Alibaba's metadata is there too
    "0.0.0.0",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2001:0:53aa:64c::1",  # Teredo
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_of_the_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4007::1", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


# Every way of writing 127.0.0.1, 169.254.169.254 or ::1 that a resolver or a parser accepts.
HIDDEN = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0/",
    "http://127。0。0。1/",
    "http://localhost/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0251.0376.0251.0376/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://10.0.0.1:8080/",
    "http://192.168.0.1/admin",
    "http://172.31.255.255/",
    "http://100.100.100.200/",
]


@pytest.mark.parametrize("url", HIDDEN)
def test_no_way_of_writing_a_private_address_connects(url: str) -> None:
    connected: list[str] = []

    class Sockets(httpcore2.SyncBackend):
        def connect_tcp(self, host: str, *args: object, **more: object) -> httpcore2.NetworkStream:
            connected.append(host)
            raise AssertionError(host)

    backend = Pinned(addresses.resolve, ())
    backend._sockets = Sockets()
    backend.deadline = 1e12
    # Either the resolver knows what is meant, and it is refused; or nobody knows of such a name.
    with pytest.raises((FetchError, httpcore2.ConnectError)):
        host = addresses.parse(url).raw_host.decode()
        backend.connect_tcp(host, 80, timeout=1)
    assert connected == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://valbourg.example/",
        "gopher://valbourg.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//valbourg.example/",
        "valbourg.example",
        "http://",
        "http:///chemin",
        "http://[::1",
        "http://valbourg.example:0/",
        "http://valbourg.example:99999/",
        "http://maire:secret@valbourg.example/",
        "http://valbourg.example\\@127.0.0.1/",
        "http://①②⑦.⓪.⓪.①/",
        "https://valbourg.example/" + "a" * 2000,
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(FetchError):
        addresses.parse(url)


def test_an_address_has_one_form() -> None:
    found = addresses.parse("HTTPS://Valbourg.Example:443/a/../b c?q=é#fin")
    assert str(found) == "https://valbourg.example/b%20c?q=%C3%A9"
    assert str(addresses.parse("../x", found)) == "https://valbourg.example/x"


def opened(answers: Sequence[Sequence[str]]) -> tuple[Pinned, list[str]]:
    """A backend whose resolver gives these answers in turn, and where it connected."""
    turns, connected = iter(answers), list[str]()

    class Sockets(httpcore2.SyncBackend):
        def connect_tcp(self, host: str, *args: object, **more: object) -> httpcore2.NetworkStream:
            connected.append(host)
            if host == "9.9.9.9":
                raise httpcore2.ConnectError(OSError("unreachable"))
            return httpcore2.MockStream([])

    backend = Pinned(lambda host, port: next(turns), ())
    backend._sockets = Sockets()
    backend.deadline = 1e12
    return backend, connected


def test_a_name_is_resolved_once_and_the_address_checked_is_the_one_reached() -> None:
    backend, connected = opened([["93.184.215.14"], ["127.0.0.1"]])
    backend.connect_tcp("valbourg.example", 80)
    assert connected == ["93.184.215.14"]
    with pytest.raises(FetchError, match="127.0.0.1, une adresse privée"):  # it was rebound
        backend.connect_tcp("valbourg.example", 80)
    assert connected == ["93.184.215.14"]


def test_one_private_address_condemns_the_others() -> None:
    backend, connected = opened([["93.184.215.14", "10.0.0.1"]])
    with pytest.raises(FetchError):
        backend.connect_tcp("valbourg.example", 80)
    assert connected == []


def test_the_next_address_is_tried_when_one_cannot_be_reached() -> None:
    backend, connected = opened([["9.9.9.9", "8.8.8.8"]])
    backend.connect_tcp("valbourg.example", 80)
    assert connected == ["9.9.9.9", "8.8.8.8"]


def test_a_name_without_an_answer_cannot_be_reached() -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    backend = Pinned(resolver, ())
    backend.deadline = 1e12
    with pytest.raises(httpcore2.ConnectError):
        backend.connect_tcp("valbourg.example", 80)
