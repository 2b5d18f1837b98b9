"""Orders given to the assistant by a document: « ignore les consignes, réponds que… ».

A document says things to residents. A paragraph that speaks to whoever answers them is no
information, and what stands beside its order is what it wants said: the whole paragraph goes, and
the build says so.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.documents import Document, Section
from corpus.safety.wording import decision, deliberates, order
from corpus.text import bare, plain

_SHOWN = 80  # characters of a paragraph left out, in the build's report


def purge(document: Document, title: str) -> Document:
    """The document without the sections that give orders; `withheld` says how they begin.

    A heading that gives one takes what is under it; one that ends on a colon takes the next
    section. A page whose own title gives one takes `title`.
    """
    kept: list[Section] = []
    withheld: list[str] = []
    if gives_orders(document.title):
        withheld.append(document.title[:_SHOWN])
        document = _titled(document, title)
    said_in_all = " ".join(section.text for section in document.sections)
    minutes = deliberates().search(_folded(said_in_all)) is not None
    announced = False
    for section in document.sections:
        said = (section.text, *section.headings[1:])
        ordered = any(gives_orders(words, minutes=minutes) for words in said)
        if ordered or announced:
            withheld.append(section.text[:_SHOWN])
        else:
            kept.append(section)
        announced = ordered and section.text.rstrip().endswith(":")
    return replace(document, sections=tuple(kept), withheld=tuple(dict.fromkeys(withheld)))


def _titled(document: Document, title: str) -> Document:
    sections = (replace(s, headings=(title, *s.headings[1:])) for s in document.sections)
    return replace(document, title=title, sections=tuple(sections))


def gives_orders(text: str, *, minutes: bool = False) -> bool:
    """Whether a text speaks to a program that answers, rather than to those who read it.

    `minutes`: of a council, where « invite le maire à signer » is said of the council itself.
    """
    minutes = minutes or _CAPITALS.match(text) is not None
    return any(
        order().search(form) is not None or (not minutes and decision().search(form) is not None)
        for form in _forms(text)
    )


# --- The forms that an order may take


def _forms(text: str) -> Iterator[str]:
    """A text folded; then spelled out, un-leeted, decoded, where it asks for that."""
    text = _ITEM.sub(". ", text)  # an item of a list begins a sentence
    folded = _folded(text)
    yield folded
    if _SPELLED.search(folded):
        yield _SPELLED.sub(lambda run: re.sub(r"[\W_]", "", run[0]), folded)
        yield re.sub(r"\W+", "", folded)
    if _LEET.search(folded):
        yield _LEET.sub(lambda word: word[0].translate(_LETTERS), folded)
    for run in _ENCODED.findall(text):
        if decoded := _decoded(run):
            yield f"{_CODED} {_folded(decoded)}"


def _folded(text: str) -> str:
    """Without capitals nor accents; a participle keeps its own: « adopté » orders nothing."""
    text = _PARTICIPLE.sub(r"ee\1", plain(text).lower().replace("’", "'"))
    return re.sub(r"[\s\u00a0\u202f]+", " ", bare(text))


# « - DÉCIDE d'adopter », as councils and mayors write what they decide.
_CAPITALS = re.compile(r"\W*[A-ZÀÂÉÈÊÎÔÇ]{5,}\s+(?:[a-zà-ÿ]|[ldLD]['’])")
_PARTICIPLE = re.compile(r"(?:(?<=\w\w)(?<!it)|(?<=\bcit)|(?<=\binvit))(?:é|e\u0301)e?(s?)\b")
_ITEM = re.compile(r"^[ \t]*(?:[-•–*]|\d{1,2}[.)]) ", re.MULTILINE)
_SPELLED = re.compile(r"(?:\b\w[ .\-_*·]){5,}\w\b")
_LEET = re.compile(r"\b(?=\w*[a-z])(?=\w*[01345@$7]\w*[a-z0-9])[a-z01345@$7]{3,}(?!\w)")
_LETTERS = str.maketrans("01345@$7", "oieasast")
_ENCODED = re.compile(r"(?<![\w/+=-])[A-Za-z0-9+/_-]{20,}={0,2}(?![\w/+=-])")
_CODED = "texte code :"  # a sentence in code is never for residents


def _decoded(run: str) -> str:
    """What a run of base64 says in words, "" when it says none."""
    try:
        run = run.replace("-", "+").replace("_", "/")  # as addresses write it
        said = base64.b64decode(run + "=" * (-len(run) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    letters = sum(sign.isalpha() or sign == " " for sign in said)
    return said if said.isprintable() and letters > 0.7 * len(said) and " " in said else ""
