"""One form for the text that is stored: what is shown is what was published."""

from __future__ import annotations

import re
import unicodedata

# Soft hyphens, zero-width marks, bidirectional controls, tags: invisible, and never words.
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Whitespace but the no-break spaces, which French typography puts in numbers and before « : ».
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")


def clean(text: str) -> str:
    """NFC, without invisible characters, runs of whitespace brought to one space.

    No-break spaces and apostrophes stay as published, so that a quotation is the page's own
    text; searching folds them (index.french).
    """
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
