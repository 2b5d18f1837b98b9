"""A model's stream cut into sentences, each with the [n] that it cites."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from index.french.analysis import sentences

LONGEST = 800  # characters of a sentence: beyond, it is no sentence, and each piece costs more

_MARK = re.compile(r"\[\s*\d+(?:\s*[,;]\s*\d+)*\s*\]")
# « Phrase. [1] Suite » is « Phrase [1]. Suite »: the marks belong to the sentence before them.
_LATE_MARKS = re.compile(rf"([.!?…]+)[^\S\n]*((?:{_MARK.pattern}[^\S\n]*)+)")
_MARKS_TO_COME = re.compile(r"[\[\]\d\s,;]*")
# No-break spaces stay: French puts them in numbers and before « : ».
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")
_EMPHASIS = re.compile(r"\*+|`+|^#+\s*|(?<!\w)__|__(?!\w)")


def cut(pieces: Iterable[str]) -> Iterator[str]:
    """The sentences of a stream with their [n], each as soon as the next one has begun.

    One that does not end in LONGEST characters ends them all.
    """
    rest = ""
    for piece in pieces:
        *whole, rest = _sentences(rest + piece)
        yield from whole
        if len(rest) > LONGEST:
            return
    yield from filter(str.strip, _sentences(rest))


def _sentences(text: str) -> list[str]:
    """The sentences of a text that may go on: the last one is not over, and may be empty.

    What may be the beginning of a mark is kept with the sentence that it would belong to.
    """
    text = _LATE_MARKS.sub(lambda found: f" {found[2].strip()}{found[1]} ", text)
    found = sentences(text)
    if found and _MARKS_TO_COME.fullmatch(text, found[-1][0]):
        found.pop()
    if not found:
        return [text]
    return [text[start:end] for start, end in found[:-1]] + [text[found[-1][0] :]]


def cited(sentence: str) -> list[int]:
    """The numbers between brackets, each once, in order."""
    marks = "".join(_MARK.findall(sentence))
    return list(dict.fromkeys(int(number) for number in re.findall(r"\d+", marks)))


def bare(sentence: str) -> str:
    """A sentence without its marks and emphasis, spaced as French is."""
    text = _EMPHASIS.sub("", unicodedata.normalize("NFC", _MARK.sub("", sentence)))
    return re.sub(r"\s+([.,…)])", r"\1", _SPACE.sub(" ", text).strip())


def strange(text: str) -> bool:
    """Whether a sentence holds what could be markup, or a character that nobody sees."""
    return any(c in "[]<>{}|\\" or unicodedata.category(c)[0] == "C" for c in text)
