"""The proper names that a question writes with capitals: « Lecornu », « SCI »."""

from __future__ import annotations

import re

from index.french.analysis import tokens

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BEFORE = frozenset('.!?…:;«"')  # a capital after these begins a sentence


def names(question: str) -> list[str]:
    """The tokens of its proper names and acronyms; none when all is in capitals."""
    if question == question.upper():
        return []
    found = []
    for word in _WORD.finditer(question):
        before = question[: word.start()].rstrip()
        begins = not before or before[-1] in _BEFORE
        acronym = len(word[0]) > 1 and word[0].isupper()
        if acronym or (word[0][0].isupper() and not begins):
            found += tokens(word[0])
    return found
