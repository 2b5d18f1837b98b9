"""Whether a question is about another town, of which the documents say nothing.

« Qui a signé l'ORT de Nantes ? » was answered with the signatories of our own convention.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from rapidfuzz.distance import OSA

from index.french import fold, words

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
