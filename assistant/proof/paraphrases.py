"""French as writers reword it: what says the same, who acts, what says nothing.

General French of town halls, not of any question.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import simplemma

from corpus import wordlists
from index.french.analysis import STOP_WORDS, fold, of_corpus, stem, synonyms

_WORDS = Path(__file__).with_name("words")  # what each file holds, its first lines say


_lemmatizer = simplemma.Lemmatizer(cache_max_size=0)  # its cache would keep any word


@of_corpus  # writers use any word, and residents' own
def root(word: str) -> str:
    """What all the forms of a French word share: « paient », « payé » -> "pai"."""
    return stem(fold(lemma(word)))


@of_corpus
def lemma(word: str) -> str:
    """The dictionary form of a word: « prend » -> prendre; unknown words as they are."""
    return _lemmatizer.lemmatize(word.lower(), lang="fr")


def is_known(word: str) -> bool:
    """Whether a word is in the dictionary, or of any sentence."""
    return bool(simplemma.is_known(word.lower(), lang="fr")) or is_light(root(word))


@of_corpus
def is_stop(word: str) -> bool:
    """Whether a word carries no subject, in any of its forms."""
    return fold(word) in STOP_WORDS or fold(lemma(word)) in STOP_WORDS


def is_light(token: str) -> bool:
    """Whether a root says nothing of its own."""
    return token in _light()


def same(token: str) -> frozenset[str]:
    """The roots a writer may put for this one, itself included."""
    return _alike().get(token, frozenset()) | synonyms(token) | {token}


@cache
def actors() -> dict[str, frozenset[str]]:
    """The folded dictionary form of a word for who acts, with all the forms that show the same."""
    found: dict[str, frozenset[str]] = {}
    for entry in wordlists.read(_WORDS / "actors.txt"):
        names, shown = entry.text.split("|")
        group = frozenset(map(fold, f"{names} {shown}".split()))
        found |= dict.fromkeys(map(fold, names.split()), group)
    return found


def roots(words: Iterable[str]) -> frozenset[str]:
    """The roots of several words."""
    return frozenset(root(word) for word in words)


@cache
def _light() -> frozenset[str]:
    light = wordlists.read(_WORDS / "light.txt")
    return roots(word for entry in light for word in entry.text.split())


@cache
def _alike() -> dict[str, frozenset[str]]:
    alike: dict[str, frozenset[str]] = {}
    for entry in wordlists.read(_WORDS / "same.txt"):
        group = roots(entry.text.split())
        for token in group:
            alike[token] = alike.get(token, frozenset()) | group
    return alike
