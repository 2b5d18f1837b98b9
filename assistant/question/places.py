"""The places that a question names, and whether it is about a town of which nothing is said.

« Qui a signé l'ORT de Nantes ? » was answered with the signatories of our own convention.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA

from index.french.analysis import fold, words
from index.french.lexicon import common_words

_OF = r"(?:de la |de |du |d['’])"
# A name begins with a capital; in a question typed without any, only « la mairie de bruz » is sure.
_NAMED = re.compile(
    r"(?:\b(?i:ville|mairie|commune|maire|bourg|centre|convention|ort|pvd|opah|budget|habitants|"
    rf"population)\s(?i:{_OF})|\b[àÀ] )((?:(?:La|Le|Les|Saint|Sainte|St|Ste)[ -])?[A-ZÀ-Ý][\w'’-]+)"
)
_TYPED_LOW = re.compile(rf"\b(?:mairie|maire)\s{_OF}([\w'’-]{{4,}})")
_NO_TOWN = frozenset("noel paques toussaint madame monsieur etat france bretagne europe".split())
_SLIPS = 2  # « Gichan » is our Guichen


def elsewhere(question: str, home: Iterable[str], known: Collection[str]) -> bool:
    """Whether a question names a town that is not ours and that no passage names.

    home     the names of the town and of its intercommunality
    known    the folded words of the passages
    """
    ours = [word for name in home for word in words(name)]
    found = _NAMED.findall(question)
    if question == question.lower():
        found += _TYPED_LOW.findall(question)
    return any(_is_stranger(fold(name), ours, known) for name in found)


def _is_stranger(name: str, ours: list[str], known: Collection[str]) -> bool:
    parts = [part for part in re.findall(r"[a-z]+", name) if len(part) > 2]
    if not parts or not _NO_TOWN.isdisjoint(parts):
        return False
    last = parts[-1]
    near_ours = any(
        len(w) > 4 and OSA.distance(last, w, score_cutoff=_SLIPS) <= _SLIPS for w in ours
    )
    return not near_ours and last not in known and "".join(words(name)) not in known


# Places of over 500 people, departments and regions, folded (benchmarks/places.py; GeoNames,
# CC BY 4.0).
PLACES = Path(__file__).parent / "places.txt"
_LONGEST = 6  # words
_WORD = re.compile(r"[^\W\d_]+")
_STREET = re.compile(r"\b(?:rue|route|place|avenue|quai|quartier|allee|chemin|boulevard)\W")
_STREET_BEFORE = 14  # characters: « rue de la Gare »
_COMMON = frozenset({"bourg"})  # of a town, far more often than Bourg (Gironde)


@cache
def _places() -> frozenset[str]:
    return frozenset(PLACES.read_text(encoding="utf-8").splitlines())


def is_place(word: str) -> bool:
    """Whether a folded word is the whole name of a place."""
    return word in _places()


def named(question: str) -> list[str]:
    """The places that a question names, folded, the longest first where names overlap.

    A name that is a common word too (« Sens », « Vitré ») counts when it has a capital and does not
    begin the question; that of a street is no place.
    """
    found = list(_WORD.finditer(question))
    folded = [fold(word[0]) for word in found]
    shouted = question == question.upper()
    places, at = [], 0
    while at < len(folded):
        for size in range(min(_LONGEST, len(folded) - at), 0, -1):
            name = " ".join(folded[at : at + size])
            if name not in _places() or name in _COMMON:
                continue
            capital = at > 0 and not shouted and found[at][0][0].isupper()
            before = question[: found[at].start()][-_STREET_BEFORE:]
            if not _STREET.search(fold(before)) and (capital or not _usual(folded[at : at + size])):
                places.append(name)
                at += size - 1
                break
        at += 1
    return places


def _usual(name: list[str]) -> bool:
    """Whether every word of a name is a common French word."""
    return all(word in common_words() for word in name if len(word) > 2)
