"""The numbers that a word processor shows before headings and list items, and does not write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def shown(number: int, form: str) -> str:
    """A number in a form: "1", "01", "a", "A", "i" or "I"; "" for no form or out of its reach."""
    match form:
        case "1":
            return str(number)
        case "01":
            return f"{number:02}"
        case "a" | "A" if 0 < number <= 780:
            # z is followed by aa, bb: Word's way and LibreOffice's.
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letters if form == "a" else letters.upper()
        case "i" | "I" if 0 < number < 4000:
            roman = ""
            for value, letter in _ROMAN:
                roman += letter * (number // value)
                number %= value
            return roman if form == "i" else roman.upper()
    return ""


@dataclass(frozen=True, slots=True)
class Level:
    """How one depth of a list is numbered.

    `parts` are what is shown: words as they are, and depths (0 for the outermost) whose number
    stands there. No depth among them: a bullet. `form` is as `shown` has it; `tight` when nothing
    parts the number from the text.
    """

    parts: tuple[str | int, ...] = ()
    form: str = ""
    start: int = 1
    plain: bool = False  # the outer depths' numbers are shown as figures, whatever their form
    tight: bool = False

    @property
    def bullet(self) -> bool:
        return not any(isinstance(part, int) for part in self.parts)


@dataclass(slots=True)
class Counter:
    """Where one list stands: the last number of each depth, None for one that has not begun."""

    numbers: dict[int, int] = field(default_factory=dict)

    def next(self, depth: int, level: Level, start: int | None = None) -> None:
        """Count one more item at a depth; the deeper ones begin anew. `start`: at that number."""
        before = self.numbers.get(depth)
        first = level.start if before is None else before + 1
        self.numbers[depth] = first if start is None else start
        for deeper in [known for known in self.numbers if known > depth]:
            del self.numbers[deeper]

    def label(self, depth: int, levels: Mapping[int, Level]) -> str:
        """What is shown before the item just counted."""
        own = levels[depth]
        said = ""
        for part in own.parts:
            if isinstance(part, str):
                said += part
                continue
            level = levels.get(part, Level())
            form = "1" if own.plain and part != depth else level.form
            said += shown(self.numbers.get(part, level.start), form)
        return said
