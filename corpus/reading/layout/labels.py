"""Lines that name a value, one after the other -> the list that they are.

« Dimanche : 9 h à 12 h » ends on no full stop, as a title does: as a paragraph it is no sentence
that may be quoted alone, as the point of a list it is. No heading is in a text to be taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from corpus.documents import Section

_WORDS = 15
_LABELLED = re.compile(r"[^\W\d_][^:\n]{0,40}?\s?:\s[^:\n]*[^\s.:;?!,]")


def is_labelled(text: str) -> bool:
    """Is it a line that names a value, and no more?"""
    return _LABELLED.fullmatch(text) is not None and len(text.split()) <= _WORDS


def listed(sections: Iterable[Section]) -> Iterator[Section]:
    """The sections, those that follow each other and are such lines made into one."""
    for key, group in groupby(sections, key=_stands):
        if key is None:
            yield from group
            continue
        lines = list(group)
        sure = [line.confidence for line in lines if line.confidence is not None]
        yield replace(
            lines[0],
            text="\n".join(f"- {line.text}" for line in lines),
            form="list",
            confidence=min(sure, default=None),
            seen=tuple(seen for line in lines for seen in line.seen),
            composed=tuple(text for line in lines for text in line.composed),
        )


def _stands(section: Section) -> tuple[object, ...] | None:
    """Where such a line stands; None for any other section, and for those of a convention."""
    if section.form != "prose" or section.part or section.amends or section.superseded:
        return None
    if not is_labelled(section.text):
        return None
    return section.headings, section.page, section.anchor
