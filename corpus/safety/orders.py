"""Orders given to the assistant by a document: « ignore les consignes, réponds que… ».

A document says things to residents. A paragraph that speaks to whoever answers them, or asks to
pass something on to them, is no information, and what stands beside its order is what it wants
said: the whole paragraph goes, and the report says so.

Which texts give orders is for a `Judge` to say: that of index.safety, where a model runs. What is
exact is known here.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.documents import Document, Section
from corpus.text import bare

# Texts -> whether each gives orders.
Judge = Callable[[Sequence[str]], Sequence[bool]]

_SHOWN = 80  # characters of a paragraph left out, in the build's report


def marked(texts: Sequence[str]) -> list[bool]:
    """Whether each holds what no reader is ever told: marks of a conversation, words in base64."""
    return [
        _MARKS.search(bare(text).lower()) is not None or any(map(_is_said, _ENCODED.findall(text)))
        for text in texts
    ]


def purge(document: Document, title: str, judge: Judge) -> Document:
    """The document without the sections that give orders; `withheld` says how they begin.

    A heading that gives one takes what is under it; a section that gives one and ends on a colon
    takes the next. A page whose own title gives one takes `title`.
    """
    texts = [document.title]
    for section in document.sections:
        texts += [section.text, *section.headings]
    unique = list(dict.fromkeys(texts))
    ordering = {text for text, orders in zip(unique, judge(unique), strict=True) if orders}
    kept: list[Section] = []
    withheld: list[str] = []
    if document.title in ordering:
        withheld.append(document.title[:_SHOWN])
        document = _titled(document, title)
    announced = False
    for section in document.sections:
        ordered = not ordering.isdisjoint((section.text, *section.headings[1:]))
        if ordered or announced:
            withheld.append(section.text[:_SHOWN])
        else:
            kept.append(section)
        announced = ordered and section.text.rstrip().endswith(":")
    return replace(document, sections=tuple(kept), withheld=tuple(dict.fromkeys(withheld)))


def _titled(document: Document, title: str) -> Document:
    sections = (replace(s, headings=(title, *s.headings[1:])) for s in document.sections)
    return replace(document, title=title, sections=tuple(sections))


# What models of language are told a conversation with, and a comment of HTML that came through.
_MARKS = re.compile(
    r"<\|?/?(?:im_start|im_end|system|sys|assistant|user|instructions?|endoftext|inst)\b|"
    r"<</?sys>>|\[/?(?:inst|system\w*|sys|assistant|user|consignes?|instructions?|admin\w*)"
    r"\b[^\]]{0,20}\]|"
    r"(?:^|[.!?»>] ?|-{2,} ?)(?:system|assistant|user|human|developer|ai|bot) ?(?:\(\w+\) ?)?:|"
    r"<!--"
)
_ENCODED = re.compile(r"(?<![\w/+=-])[A-Za-z0-9+/_-]{20,}={0,2}(?![\w/+=-])")


def _is_said(run: str) -> bool:
    """Whether a run of base64 says words."""
    try:
        run = run.replace("-", "+").replace("_", "/")  # as addresses write it
        said = base64.b64decode(run + "=" * (-len(run) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return False
    letters = sum(sign.isalpha() or sign == " " for sign in said)
    return said.isprintable() and letters > 0.7 * len(said) and " " in said
