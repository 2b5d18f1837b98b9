"""What a site lets programs read, and how fast: robots.txt (RFC 9309), X-Robots-Tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import httpx2
from protego import Protego

from corpus.errors import FetchError

NAME = "assistant-pvd"  # the name that a site's robots.txt can give rules to
MAX_BYTES = 500_000  # what RFC 9309 asks a reader to take at least
_MAX_DELAY = 60.0  # seconds between two pages: what asks for more is not waited for

HIDDEN = frozenset({"noindex", "none"})  # orders of a page that wants to be in no index
UNFOLLOWED = frozenset({"nofollow", "none"})  # and of one whose links are not to be followed
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})

Read = Callable[[httpx2.URL], bytes | None]


class Robots:
    """The rules of each site, read once a run.

    `read` gives a robots.txt, None when the site has none, and raises FetchError when it could not
    be asked: then nothing is read of the site, as the RFC wants.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[str, Protego | FetchError] = {}

    def check(self, url: httpx2.URL) -> float:
        """The seconds that the site wants between two pages, 0 for none. FetchError if closed."""
        rules = self._rules(url)
        if not rules.can_fetch(str(url), NAME):
            raise FetchError(
                f"le fichier robots.txt de {url.host} ne veut pas que l'on lise cette page",
                "Demandez à l'éditeur d'ouvrir cette page à « assistant-pvd », ou enregistrez-en "
                "la copie vous-même avec son accord.",
            )
        rate = rules.request_rate(NAME)
        delays = [rules.crawl_delay(NAME) or 0.0]
        delays += [rate.seconds / rate.requests] if rate is not None and rate.requests else []
        return min(max(delays), _MAX_DELAY)

    def _rules(self, url: httpx2.URL) -> Protego:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        if origin not in self._known:
            self._known[origin] = self._asked(httpx2.URL(f"{origin}/robots.txt"))
        found = self._known[origin]
        if isinstance(found, FetchError):
            raise found
        return found

    def _asked(self, url: httpx2.URL) -> Protego | FetchError:
        try:
            content = self._read(url)
        except FetchError as error:
            if not error.passing:  # a private address, say: what to do is what it says
                return error
            return FetchError(
                f"{url} ne répond pas ({error.problem})",
                "Sans ses règles, rien n'est lu de ce site. Réessayez plus tard.",
                passing=True,
            )
        return Protego.parse((content or b"").decode("utf-8", errors="replace"))


def orders(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[str]:
    """What the X-Robots-Tag headers of an answer order to us, and to every program.

    « otherbot: noindex, nofollow » orders to that one only, to the end of its header.
    """
    found: set[str] = set()
    for name, value in headers:
        if name.lower() != b"x-robots-tag":
            continue
        ours = True
        for part in value.decode("latin-1").lower().split(","):
            before, colon, after = part.partition(":")
            if colon and before.strip() not in _VALUED:
                ours, part = before.strip() == NAME, after
            found |= {part.strip()} if ours else set()
    return frozenset(found)
