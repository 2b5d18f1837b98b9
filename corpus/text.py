"""One form for the text that is stored: what is shown is what was published."""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

# Never words, and a place to hide some: soft hyphens, zero-width marks and joiners, bidirectional
# controls, blank letters (Hangul, Khmer, Mongolian, Braille), variation selectors, tags, and the
# private use areas, where a font may draw anything.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Whitespace but the no-break spaces, which French typography puts in numbers and before « : ».
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")


# Two or three letters drawn as one: a font's business, which some files write as a character.
LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


def clean(text: str) -> str:
    """NFC, without invisible characters nor ligatures, runs of whitespace brought to one space.

    No-break spaces and apostrophes stay as published, so that a quotation is the page's own
    text; searching folds them (index.french.analysis).
    """
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text)).translate(LIGATURES)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def bare(text: str) -> str:
    """The letters without their accents."""
    return "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFD", text)))


_EXPONENTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_POWERS = re.compile(r"(?:(?<![^\W\d_])(?:[kcdhm]?m|da[mn]|[a-zA-Z])|(?<![\d,.])10)$")
_MARK = re.compile(r"(?:[\[(]?\d(?:\s?[,;]\s?\d)*[\])]?|\*{1,4}|[†‡§])")
_NUMBERS = re.compile(r"[\[(]?\d{1,3}(?:\s?[,;]\s?\d{1,3})*[\])]?")


def raised(before: str, text: str, linked: bool = False) -> str:
    """What is left of words set above the line, after others.

    A power is one (« m² », « 10⁶ »), the mark of a note is no figure of the sentence (« 500 €¹ » is
    « 500 € »), and raised cents stay apart from the units (« 12⁵⁰ € »). `linked`: they lead
    elsewhere, as marks do.
    """
    said = text.strip()
    if linked and _NUMBERS.fullmatch(said):
        return ""
    if re.fullmatch(r"[+-]?\d{1,2}", said) and (_POWERS.search(before) or len(said) == 2):
        return said.translate(_EXPONENTS)
    return "" if _MARK.fullmatch(said) else text


_LEAD_WORDS = 40


def lead(text: str) -> str:
    """The sentence before a table, as the heading of its rows: it tells two tables alike apart.

    "" for a paragraph of several sentences, or a long one: it speaks of more than a table.
    """
    if len(text.split()) > _LEAD_WORDS or re.search(r"[.!?…]\s", text):
        return ""
    return text.rstrip(" \u00a0\u202f:.")


# Cyrillic, Greek and phonetic letters that are drawn as Latin ones (Unicode's confusables).
_ALIKE = {
    "a": "аαɑ", "c": "с", "d": "ԁ", "e": "еε", "g": "ɡ", "h": "һ", "i": "іιı", "j": "ј", "k": "кκ",
    "l": "ӏ", "m": "м", "n": "η", "o": "оο", "p": "рρ", "q": "ԛ", "s": "ѕ", "t": "тτ", "u": "υ",
    "v": "ν", "w": "ԝ", "x": "хχ", "y": "у",
    "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "J": "Ј", "K": "КΚ", "M": "МΜ",
    "N": "Ν", "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "ΥҮ", "Z": "Ζ",
}  # fmt: skip
_DRAWN_ALIKE = {ord(drawn): latin for latin, all_drawn in _ALIKE.items() for drawn in all_drawn}
# Full-width, mathematical and circled letters and digits.
_DRESSED = re.compile("[\uff01-\uff5e\u2460-\u24ff\U0001d400-\U0001d7ff\U0001f110-\U0001f189]+")


def plain(text: str) -> str:
    """A text whose letters are what they look like: for what is judged or searched, not shown.

    « ігnоrе » with Cyrillic letters and « 𝐢𝐠𝐧𝐨𝐫𝐞 » read « ignore ». A word of another alphabet
    stays, unless nearly all the others are Latin.
    """
    text = _DRESSED.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    if text.isascii():
        return text
    mostly = 2 * _latin(text) > sum(map(str.isalpha, text))
    return re.sub(
        r"[^\W\d_]+",
        lambda word: word[0].translate(_DRAWN_ALIKE) if mostly or _latin(word[0]) else word[0],
        text,
    )


def _latin(text: str) -> int:
    """How many of its letters are Latin."""
    return sum(letter.isalpha() and letter < "\u0250" for letter in text)
