"""Words that languages have: what tells a text from letters that nobody wrote,
and a slip from a word.

Words glued together, letters put for others, an alphabet read as another: a file may say such text
with confidence, and no dictionary holds its words. The lists are those that come with
pyspellchecker, counted in film subtitles. Of the words of service-public.fr's questions that the
starter corpus lacks the French one holds 94 in 100, as simplemma's dictionary, which counts
nothing; 1 to 4 slips in 100 happen to be one of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
from spellchecker import SpellChecker

from corpus import wordlists
from corpus.text import bare, plain

# How often a word stands in the subtitles to be one that people may have meant: the 22,000
# commonest. Of the slips on words that the starter corpus lacks, 15 in 100 were read as words
# that it has; with these words to choose from 6, with all 140,000 no fewer than 5.
_COMMON = 200

_OTHERS = ("en", "de", "es", "it", "pt", "nl", "eu", "ru", "ar")
_UNLISTED = Path(__file__).parent / "unlisted.txt"

_FEW = 20  # words: with fewer, a list of names or of codes is like letters put for others
# Of the letters, in words that are known. Of 2,914 public passages in French none has less than
# .57; with half of their spaces lost 99 in 100 have less than .5, with their letters exchanged all.
_LEAST = 0.5
_FEWEST = 4  # words that tell a language from the others, once they are known to be words
# Of the letters of a text, in words of its own language: French knows .28 of an English one.
_MOSTLY = 0.6
_LITTLE = 0.15  # of the words: grammar alone, in a language of which nothing else is listed


class Lexicon:
    """Folded words of a language. Kept as numbers: 140,000 words in 1 MB, not 30."""

    def __init__(self, words: Mapping[str, int]) -> None:
        """`words`: folded word -> how many times it was counted."""
        self.common = tuple(word for word, times in words.items() if times >= _COMMON)
        self._hashes = np.sort(np.fromiter(map(hash, words), np.int64, len(words)))

    def __contains__(self, word: str) -> bool:
        sought = np.int64(hash(word))
        at = int(self._hashes.searchsorted(sought))
        return at < len(self._hashes) and bool(self._hashes[at] == sought)


@cache
def lexicon(language: str = "fr") -> Lexicon:
    """The words of a language (140,000 of French), read in a quarter of a second.

    Those that are common are told of French only: a few strings of each list would hold on to the
    memory in which all of it was read.
    """
    words: dict[str, int] = {}
    for word, times in SpellChecker(language=language).word_frequency.items():
        folded = word if word.isascii() else bare(word)
        words[folded] = words.get(folded, 0) + (times if language == "fr" else 0)
    return Lexicon(words)


def known(text: str) -> float | None:
    """The share of a text's letters that stand in words of French, or of the first other language
    that knows enough of them: 0 to 1. None when it has too few words to tell.

    Counted by letters, so that words glued together weigh what they hide. Of two readings of one
    page, the better is the one with more of them.
    """
    best = _best(text, _LEAST, _FEW)
    return None if best is None else best[0]


def spoken(text: str) -> str:
    """The language of a text by its words, "" when it has too few or they are of none."""
    share, language = _best(text, _MOSTLY, _FEWEST) or (0.0, "")
    return language if share >= _MOSTLY else ""


def french(text: str) -> bool:
    """Whether a text of any length is in French; one without a word to tell it by may be."""
    words = _words(text)
    return not words or _share(words, lexicon()) >= _MOSTLY


def _best(text: str, enough: float, few: int) -> tuple[float, str] | None:
    """The greatest share of a text's letters that a language knows, and which: French first, the
    others until one knows enough. None when it has too few words to tell."""
    words = _words(text)
    if len(words) < few:
        return None
    best = (0.0, "")
    for language in ("fr", *_OTHERS):  # each takes half a second to load
        best = max(best, (_share(words, lexicon(language)), language), key=lambda found: found[0])
        if best[0] >= enough:
            break
    return best


def trouble(text: str) -> str | None:
    """What is wrong with the words of a text, in French; None when they are words, or too few."""
    share = known(text)
    if share is None or share >= _LEAST:
        return None
    words = [bare(word.lower()) for word in re.findall(r"[^\W\d_]+", text)]
    if sum(word in _unlisted() for word in words) > _LITTLE * len(words):
        return None
    return "des mots que nul vocabulaire ne connaît"


def _words(text: str) -> list[str]:
    """The words that a language may be known by: two letters or less stand in any text, and one
    that begins with a capital may be a name."""
    found = re.findall(r"[^\W\d_]{3,}", plain(text))
    return [bare(word.lower()) for word in found if not word.istitle()]


def _share(words: Iterable[str], language: Lexicon) -> float:
    held = total = 0
    for word in words:
        total += len(word)
        held += len(word) if word in language else 0
    return held / total


@cache
def _unlisted() -> frozenset[str]:
    usual = set(lexicon().common)  # « de », « que »: French, first of all
    return frozenset(bare(entry.text) for entry in wordlists.read(_UNLISTED)) - usual
