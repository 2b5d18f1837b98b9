"""Every number of a text in figures: « douze mille euros » and « 12 000 euros » become one."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from text_to_num import alpha2digit

_SAME_SIGN = str.maketrans(
    dict.fromkeys("’‘ʼ´`", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u00a0\u202f\u2009", " ")
    | {"²": "2", "₂": "2"}
)
_KEPT = "\u01c2"  # a letter of no French word: what it begins is not read as a number
# « un » is a number in « un an », « vingt et un »; elsewhere it is an article.
_ONE = re.compile(
    r"(?P<before>\b(?:vingt|trente|quarante|cinquante|soixante|cents?|mille)(?:[ -]et)?[ -])?"
    r"(?<!\w)une?\b"
    r"(?P<after> (?:an|mois|jour|semaine|heure|million|milliard|euro|tiers|quart)\b)?",
    re.IGNORECASE,
)
# « neuf » is an adjective in « logement neuf », « remis à neuf ». The library decides by the words
# around and misses « un bail de neuf ans »: it is told.
_NINE = re.compile(
    r"(?<![\w-])(?P<before>(?:(?:logement|immeuble|local|bâtiment|appartement|bien|habitat|"
    r"équipement|matériel|parc|du|le|au|à) )?)neuf(?P<after>\b(?: (?:ans?|mois|jours?|semaines?|"
    r"heures?|minutes?|euros?|%)\b)?)(?!-)(?! (?:cents?|mille|millions?|milliards?)\b)",
    re.IGNORECASE,
)
_COMPOUND = re.compile(
    r"(?:dix|vingt|trente|quarante|cinquante|soixante|cents?|mille)[ -]$", re.IGNORECASE
)
_ROUND = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000,
}  # fmt: skip
_ABOUT = re.compile(rf"\b(?:une |la |un )?({'|'.join(_ROUND)}) (?:de |d')", re.IGNORECASE)
# « 1 646 », but not the year and the count of « en 2020 150 communes ».
_THOUSANDS = {
    "fr": re.compile(r"(?<![\d.,-])\d{1,3}(?: \d{3})+(?![\d-])"),
    "en": re.compile(r"(?<![\d.,-])\d{1,3}(?:[ ,]\d{3})+(?![\d-])"),
}
# « 1,5 million », once the library has made it « 1,5 1000000 ».
_SCALED = re.compile(r"(?<!\d)(\d{1,3}(?:[.,]\d+)?) (1000(?:000){0,2})(?!\d)")
_HALF = re.compile(r"\b(\d+?)((?:000)*)( [^\W\d]+)? et demie?\b")
_REWORDED = (
    (re.compile(r"\b([Dd])'après\b"), r"selon"),
    (re.compile(r"\bdemi-heure\b"), "30 minutes"),
    (re.compile(r"\bneufs\b"), _KEPT + "neufs"),
    (re.compile(r"\bsept\.(?= \d)"), "septembre"),
    (re.compile(r"\b(le|la|au|du) seconde?\b"), r"\1 2e"),
)


def canonical(text: str, language: str = "fr") -> str:
    """The text with its numbers in figures, no space inside them, a comma before decimals.

    One sign for each of apostrophes, dashes and spaces; the case is kept, positions are not.
    `language` is "fr" or "en".
    """
    text = unicodedata.normalize("NFC", text).translate(_SAME_SIGN)
    if language == "fr":
        for pattern, words in _REWORDED:
            text = pattern.sub(words, text)
        text = _ABOUT.sub(lambda found: f"environ {_ROUND[found[1].lower()]} ", text)
        text = _ONE.sub(_keep_article, text)
        text = _NINE.sub(_nine, text)
    text = _THOUSANDS[language].sub(lambda number: re.sub("[ ,]", "", number[0]), text)
    text = alpha2digit(text, language, 0).replace(_KEPT, "")
    text = _SCALED.sub(lambda found: plain(decimal(found[1]) * int(found[2])), text)
    return _HALF.sub(_and_a_half, text)


# What a folded word counts or ranks. « un », « neuf » and « second » are other words far too often.
FIGURES = {
    word: str(value)
    for value, named in {
        1: "premier premiere first", 2: "deux deuxieme second", 3: "trois troisieme third",
        4: "quatre quatrieme fourth", 5: "cinq cinquieme fifth", 6: "six sixieme",
        7: "sept septieme", 8: "huit huitieme", 9: "neuvieme", 10: "dix dixieme", 11: "onze",
        12: "douze", 13: "treize", 14: "quatorze", 15: "quinze", 16: "seize", 20: "vingt",
        30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 1000: "mille",
    }.items()
    for word in named.split()
}  # fmt: skip
_NUMERAL = (
    r"(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|"
    r"vingts?|trente|quarante|cinquante|soixante|cents?|mille)"
)
_RUN = re.compile(
    rf"\b{_NUMERAL}(?:(?:(?:[- ]et)?[- ]{_NUMERAL})+|(?= (?:millions?|milliards?)\b))\b"
)
_GREAT = re.compile(
    r"(?<![\d.,-])(\d+(?:[.,]\d+)?) ?(?:(millions?|m(?= ?€| euros?\b| d'euros?\b))|"
    r"milliards?|mds?(?= ?€| euros?\b| d'euros?\b))(?![\w-])"
)
_ROMAN = re.compile(r"\b([IVX]+)(?:ere?|ère|re|er|e|eme|ème|i[eè]me)\b")
_WORTH = {"I": 1, "V": 5, "X": 10}


def spelled(folded: str) -> str:
    """A folded text whose numbers of several words are in figures: « soixante-quinze », « 1,2 M€ ».

    « millions » stays after them: « combien de millions » asks for it. Each word alone is read by
    FIGURES, where words become tokens.
    """
    folded = _RUN.sub(lambda run: alpha2digit(run[0].replace("-", " "), "fr", 0), folded)
    return _GREAT.sub(_great, folded)


def _great(found: re.Match[str]) -> str:
    scale, word = (10**6, "millions") if found[2] else (10**9, "milliards")
    return f"{plain(decimal(found[1]) * scale)} {word}"


def ranked(text: str) -> str:
    """A text whose ranks in Roman figures are in ours: « IIIe » becomes « 3e »."""
    return _ROMAN.sub(lambda rank: f"{_roman(rank[1])}e", text)


def _roman(figures: str) -> int:
    values = [_WORTH[figure] for figure in figures]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def decimal(figures: str) -> Decimal:
    """The value of « 1,5 » or « 1.5 »."""
    return Decimal(figures.replace(",", "."))


def plain(value: Decimal) -> str:
    """A value as the canonical text writes it: 1845000, 0,5."""
    return f"{value.normalize():f}".replace(".", ",")


def _keep_article(found: re.Match[str]) -> str:
    if found["before"]:
        return found[0]
    return "1" + found["after"] if found["after"] else _KEPT + found[0]


def _nine(found: re.Match[str]) -> str:
    if _COMPOUND.search(found.string, 0, found.start()):
        return found[0]
    adjective = found["before"] and not found["after"]
    return found["before"] + (_KEPT + "neuf" if adjective else "9") + found["after"]


def _and_a_half(found: re.Match[str]) -> str:
    scale = int("1" + found[2])
    return plain((int(found[1]) + Decimal("0.5")) * scale) + (found[3] or "")
