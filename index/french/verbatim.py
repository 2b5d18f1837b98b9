"""Whether texts say a number or a run of words, whatever their spaces, accents and capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.french.analysis import fold

_WORDS = re.compile(r"\w+")
# Digits with anything but words and « + » between them: « 02 99 57 00 00 », « (0)2.99… ».
_DIGITS = re.compile(r"\d(?:[^\w+]*\d)*")
_LONGEST = 40  # characters of a word
_LAST = 9  # digits of a phone number that do not change: 02 99…, +33 2 99…


class Verbatim:
    """Texts made ready once: a look-up reads them no more, and keeps nothing of what is sought."""

    def __init__(self, texts: Iterable[str], base: Verbatim | None = None) -> None:
        """`base`: other texts, made ready before, that are looked in too."""
        self._base = base
        numbers: set[str] = set()
        said = []
        for text in texts:
            numbers.update(_numbers(text))
            said.append(_spaced(text))
        self._numbers = frozenset(numbers)
        self._said = "\n".join(said)

    def number(self, value: str) -> bool:
        """Whether a text says the last nine digits of a value."""
        last = "".join(sign for sign in value if sign.isdigit())[-_LAST:]
        return last in self._numbers or bool(self._base and self._base.number(value))

    def words(self, value: str) -> bool:
        """Whether a text says the words of a value one after the other."""
        sought = _spaced(value)
        own = sought.strip() != "" and sought in self._said
        return own or bool(self._base and self._base.words(value))

    def beside(self, value: str) -> Iterator[tuple[str, str]]:
        """The words before and after each place where a text says these words."""
        if self._base is not None:
            yield from self._base.beside(value)
        sought = _spaced(value)
        at = self._said.find(sought) if sought.strip() else -1
        while at >= 0:
            end = at + len(sought)
            before = self._said[max(0, at - _LONGEST) : at].rpartition(" ")[2]
            yield before, self._said[end : end + _LONGEST].partition(" ")[0]
            at = self._said.find(sought, at + 1)


def _numbers(text: str) -> Iterator[str]:
    """The last nine digits of each number of a text, in groups or not, as far as they go."""
    for run in _DIGITS.finditer(text):
        held = ""
        for at in range(run.start(), run.end()):
            if text[at].isdigit():
                held = (held + text[at])[-_LAST:]
                if len(held) == _LAST and not text[at + 1 : at + 2].isdigit():
                    yield held


def _spaced(text: str) -> str:
    return f" {' '.join(_WORDS.findall(fold(text)))} "
