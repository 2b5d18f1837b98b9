"""A page of a file as it lies: words, lines and grey areas at their places, nothing read yet.

Places are in points (1/72 inch) from the top left corner of the page turned upright.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box. `base` is the height of the line it stands on, `size` its font's.

    `confidence` is that of OCR (0..1), None for a word that the file gives as text. `parted` is
    whether the file itself puts a space before it, however near the last word ends.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    bold: bool = False
    confidence: float | None = None
    parted: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A drawn line, when it is thin, or an area filled with a colour."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. `number` counts from 1; `label` is the number that the file says is printed on it.

    `rules` are its thin lines, `shades` its areas of colour, `frames` the rectangles it draws and
    `pictures` its images. `pictured` is the share of the page that these cover, `drawn` how many
    shapes it has: what tells a scan, or letters turned into drawings, from a blank page. `hidden`
    is whether its words are invisible: the text that a scanner laid under its picture. `cut` is
    whether the page holds more words than were taken.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Box, ...] = ()
    shades: tuple[Box, ...] = ()
    frames: tuple[Box, ...] = ()
    label: str | None = None
    pictures: tuple[Box, ...] = ()
    pictured: float = 0.0
    drawn: int = 0
    hidden: bool = False
    cut: bool = False

    @property
    def letters(self) -> int:
        """How many characters its words have."""
        return sum(len(word.text) for word in self.words)
