"""How letters of a text document look, as far as it decides whether anyone sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_ALIKE = (
    20  # of the 255 of a channel, as corpus.safety.hidden: pale grey on white is still told apart
)
_SMALLEST = 1.5  # points: the 2 pixels of corpus.safety.hidden
WHITE = "ffffff"
UNKNOWN = "unknown"  # a background that is there, and cannot be told


@dataclass(frozen=True, slots=True)
class Look:
    """How letters are shown, None where nothing says. `size` in points, colours as « #c00000 ».

    Struck letters are `hidden`: what they said no longer stands. `raised`: set above the line.
    """

    bold: bool | None = None
    size: float | None = None
    hidden: bool | None = None
    colour: str | None = None
    behind: str | None = None
    raised: bool | None = None

    def over(self, below: Look) -> Look:
        """This one, and what the other says where it says nothing."""
        return Look(
            below.bold if self.bold is None else self.bold,
            below.size if self.size is None else self.size,
            below.hidden if self.hidden is None else self.hidden,
            below.colour if self.colour is None else self.colour,
            below.behind if self.behind is None else self.behind,
            below.raised if self.raised is None else self.raised,
        )

    @property
    def unseen(self) -> bool:
        """Whether a reader sees nothing of it: hidden, tiny, or of the colour behind it."""
        small = self.size is not None and self.size <= _SMALLEST
        blank = self.colour is not None and alike(self.colour, self.behind or WHITE)
        return bool(self.hidden) or small or blank


def alike(one: str, other: str) -> bool:
    """Whether two colours (« #ffffff », « FFFFFF ») look the same; False for other writings."""
    first, second = _channels(one), _channels(other)
    if first is None or second is None:
        return False
    return all(abs(a - b) < _ALIKE for a, b in zip(first, second, strict=True))


def _channels(colour: str) -> tuple[int, int, int] | None:
    found = _HEX.fullmatch(colour.strip())
    if found is None:
        return None
    red, green, blue = bytes.fromhex(found[1])
    return red, green, blue
