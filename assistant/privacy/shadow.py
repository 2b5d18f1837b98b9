"""A text as detectors read it: digits in figures, whatever they are written with.

« zéro six », « ０６ », « ٠٦ », « 0  -  6 » and « (06) » are one number, « F R 7 6 » one word,
« (a) » an at-sign. Every sign keeps its place in what was typed, so that what is found here is
masked there: detectors know one spelling, and new ones are added here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from text_to_num import alpha2digit

_UNITS = "z[eé]ro|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf"
_TENS = (
    "dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante|"
    "septante|huitante|nonante|cents?|mille|mil"
)
_NUMBER = rf"(?:{_UNITS}|{_TENS})"
_SAID = re.compile(
    rf"(?<![^\W\d_]){_NUMBER}(?:[\s,.-]{{1,3}}(?:et[\s-])?{_NUMBER})*(?![^\W\d_])", re.IGNORECASE
)
_ARTICLE = re.compile(r"une?|neuf", re.IGNORECASE)  # alone, more often an article, an adjective
_DIGIT = {"zero": "0", "un": "1", "une": "1"}

_DOT = r"(?:\s?[(\[]\s?(?:point|dot|\.)\s?[)\]]\s?|\s(?:point|dot)\s)"
_SIGNED = re.compile(
    r"\s?(?:[(\[{<]\s?(?:a|at|ar+obas?e?|@)\s?[)\]}>]|(?<=\s)(?:ar+obas?e?|ar+obaze?|at|chez)(?=\s))\s?"
    rf"(?=[\w-]{{1,30}}(?:\s?\.\s?|{_DOT})(?:com|fr|net|org|eu|bzh)\b)",
    re.IGNORECASE,
)
_POINTED = re.compile(rf"(?<=\w){_DOT}(?=\w)", re.IGNORECASE)
# « F R 7 6 », « 0.6.1.2 », « j e a n @ f r e e . f r »: signs one by one.
_SPREAD = re.compile(r"(?<![^\s(:])[\w@.+-](?:\s[\w@.+-]){3,}(?!\S)|(?<!\w)\w(?:[._-]\w){3,}(?!\w)")
# What stands between two digits but one sign that every detector takes.
_BETWEEN = re.compile(r"(?<=\d)(?:[^\w€%$&]{2,5}|[^\w\s€%$&.,/·–+-])(?=\d)")
_MARKS = frozenset("\u20dd\u20de\u20df\u20e0\u20e3\ufe0f")  # what circles or boxes the sign before


class Shadow:
    """A text rewritten: `text`, and where each of its signs stands in what was typed."""

    def __init__(self, typed: str) -> None:
        self.text = typed
        self._at: list[tuple[int, int]] | None = None  # None: as typed

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the text stands in what was typed."""
        if self._at is None or start == end:
            return start, end
        return self._at[start][0], self._at[end - 1][1]

    def sub(self, pattern: re.Pattern[str], write: Callable[[re.Match[str]], str]) -> None:
        """Rewrite what a pattern finds."""
        found = ((*match.span(), write(match)) for match in pattern.finditer(self.text))
        self.rewrite(change for change in found if change[2] != self.text[change[0] : change[1]])

    def rewrite(self, changes: Iterable[tuple[int, int, str]]) -> None:
        """Write each text from its start to its end, in order; it stands for all that was there."""
        changes = list(changes)
        if not changes:
            return
        held = self._at or [(at, at + 1) for at in range(len(self.text))]
        pieces: list[str] = []
        places: list[tuple[int, int]] = []
        position = 0
        for start, end, written in changes:
            pieces += (self.text[position:start], written)
            places += held[position:start]
            places += [(held[start][0], held[end - 1][1])] * len(written)
            position = end
        places += held[position:]
        self.text, self._at = "".join((*pieces, self.text[position:])), places


def shadow(text: str) -> Shadow:
    """The shadow of a text, made in a time that grows as the text does."""
    cast = Shadow(text)
    if not text.isascii():
        cast.sub(_FOREIGN, _sign)
    cast.sub(_SAID, _figures)
    cast.sub(_SPREAD, lambda run: re.sub(r"\s|(?<=\w)[._-](?=\w)", "", run[0]))
    cast.sub(_SIGNED, lambda run: "@")
    if "@" in cast.text:
        cast.sub(_POINTED, lambda run: ".")
    cast.sub(_BETWEEN, lambda run: " ")
    return cast


_FOREIGN = re.compile(r"[^\x00-\xff]")


def _sign(match: re.Match[str]) -> str:
    """A digit of any script, or a sign in another dress, as a keyboard types it."""
    sign = match[0]
    if sign in _MARKS:
        return ""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 and plain.isascii() else sign


def _figures(match: re.Match[str]) -> str:
    said = match[0]
    if _ARTICLE.fullmatch(said):
        return said
    plain = said.lower().replace("-", " ").replace("zero", "zéro")
    written: str = alpha2digit(plain, "fr", 0)
    return re.sub(r"[a-zé]+", lambda word: _DIGIT.get(word[0].replace("é", "e"), word[0]), written)
