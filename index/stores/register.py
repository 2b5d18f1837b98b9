"""The rows of lists (tables, form "named"): found by the name they bear, not by search.

A list of 1,600 communes says one sentence 1,600 times. Searched as other passages are, it would
make every word of that sentence common, and give a commune that is not in the list its neighbour's
row. So a row is reached by its name alone, and no other question ever meets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.french.analysis import tokens, words
from index.french.phonetics import sounds
from index.passages import Passage

FORM = "named"
_ARTICLES = frozenset({"le", "la", "les"})
_SHORT = {"st": "saint", "ste": "sainte"}
_SAMPLE = 200  # rows by which what all of them say is known
# Letters that may be wrong in a name of so many letters, all its words together.
_SLIPS = {6: 1, 12: 2}
# « Saint » not counted. Of 1,090 names of communes so long, two are one letter apart, the first:
# Bouzonville and Nouzonville.
_LONG = 10
_SAINTS = frozenset({"saint", "sainte"})


@dataclass(frozen=True, slots=True)
class Named:
    """Words `said[start:end]` of a question that name rows; `article` is the rows' own, or ""."""

    start: int
    end: int
    article: str
    rows: tuple[Passage, ...]


def name_words(text: str) -> list[str]:
    """The words of a text as names are compared: « St-Méen » is « saint meen »."""
    return [_SHORT.get(word, word) for word in words(text) if word not in ("l", "d")]


class Register:
    """The rows of one generation, by name."""

    def __init__(self, rows: Sequence[Passage]) -> None:
        self.rows = tuple(rows)
        found: dict[tuple[str, ...], list[Passage]] = {}
        self._articles: dict[tuple[str, ...], str] = {}
        for row in rows:
            # « Redon (Ille-et-Vilaine) »: what is in brackets tells it from others of its name.
            said = name_words(re.sub(r"\([^()]*\)", "", row.headings[-1]))
            article = said[0] if len(said) > 1 and said[0] in _ARTICLES else ""
            name = tuple(said[1:] if article else said)
            if name:
                found.setdefault(name, []).append(row)
                self._articles[name] = article
        self._named = {name: tuple(rows) for name, rows in found.items()}
        self._widest = max(map(len, self._named), default=0)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def named(self, said: Sequence[str]) -> Iterator[Named]:
        """The names in a question's words, the longest first at each place, in order."""
        start = 0
        while start < len(said):
            for end in range(min(start + self._widest, len(said)), start, -1):
                name = tuple(said[start:end])
                if name in self._named:
                    yield Named(start, end, self._articles[name], self._named[name])
                    start = end - 1
                    break
            start += 1

    def near(self, said: Sequence[str]) -> tuple[tuple[Passage, ...], bool]:
        """The rows that a misspelt name may stand for, and whether it can be no other place's.

        It sounds the same, or is so long that one letter cannot matter: Brossac is a commune as
        Brassac is. None when several names are as near.
        """
        name = tuple(said[1:] if said[0] in _ARTICLES else said)
        if name in self._named:  # « Le Lamentin » is no slip of the finger for Lamentin
            return (), False
        typed = "".join(name)
        slips = max((n for length, n in _SLIPS.items() if len(typed) >= length), default=1)
        found = process.extract(
            typed, self._joined, scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        near = [
            (sounds([meant]) != sounds([typed]), distance, position)
            for meant, distance, position in found
            if meant[:1] == typed[:1]
        ]
        best = min((place[:2] for place in near), default=None)
        kept = [place for place in near if place[:2] == best]
        if len(kept) != 1:
            return (), False
        (other, distance, position) = kept[0]
        meant = list(self._named)[position]
        long = distance == 1 and sum(map(len, set(name) - _SAINTS)) >= _LONG
        if other and len(typed) < min(_SLIPS):
            return (), False
        # Château-Renard is in the Loiret, Châteaurenard in the Bouches-du-Rhône.
        return self._named[meant], (not other or long) and len(name) <= len(meant)

    @cached_property
    def _joined(self) -> list[str]:
        return ["".join(name) for name in self._named]

    @cached_property
    def subject(self) -> frozenset[str]:
        """The tokens that all the rows of a list say, of every list: what the lists are about."""
        by_list: dict[str, list[Passage]] = {}
        for row in self.rows:
            by_list.setdefault(row.document_id, []).append(row)
        said: set[str] = set()
        for rows in by_list.values():
            step = max(len(rows) // _SAMPLE, 1)
            common = [frozenset(tokens(row.searched())) for row in rows[::step]]
            said |= frozenset.intersection(*common)
        return frozenset(said)
