"""What a text states that can be checked: its figures, dates, references, links and names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import partial

from assistant.proof import paraphrases
from corpus.days import ENGLISH_MONTHS, MONTHS
from index.french.analysis import STOP_WORDS, fold, stem
from index.french.numbers import decimal


class Kind(StrEnum):
    """What sort of thing is stated."""

    NUMBER = "number"
    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    DURATION = "duration"
    HOUR = "hour"
    MEASURE = "measure"
    DATE = "date"
    ARTICLE = "article"
    PHONE = "phone"
    LINK = "link"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable thing, and where it stands in the canonical text (index.french.numbers).

    `value`   a figure, in `unit`; None when the claim is no figure
    `unit`    what is counted: €, %, mois, jour, minute, m, m2, kWh, kg, rang (an ordinal);
              for a bare number "", or the stem of the word it counts
    `parts`   when no figure: what must all be found, the parts of a date or a folded word
    """

    kind: Kind
    start: int
    end: int
    value: Decimal | None = None
    unit: str = ""
    parts: frozenset[str] = frozenset()
    worth: int = 1  # of `unit`, in what was written: 12 for « 2 ans », counted in months


Reader = Callable[[re.Match[str]], Sequence[Claim]]

# What follows a number, the kind it makes, its unit and what one of it is worth there.
_UNITS = (
    (r"%|pour 100\b|pour cent\b|p\. ?100\b|per ?cent\b", Kind.PERCENTAGE, "%", 1),
    (r"Md€", Kind.AMOUNT, "€", 10**9),
    (r"M€", Kind.AMOUNT, "€", 10**6),
    (r"[kK]€", Kind.AMOUNT, "€", 1000),
    (r"(?:d')?euros?\b|€|EUR\b", Kind.AMOUNT, "€", 1),
    (r"ans?\b|années?\b|years?\b", Kind.DURATION, "mois", 12),
    (r"mois\b|months?\b", Kind.DURATION, "mois", 1),
    (r"semaines?\b|weeks?\b", Kind.DURATION, "jour", 7),
    (r"jours?\b|days?\b", Kind.DURATION, "jour", 1),
    (r"minutes?\b|min\b|mn\b", Kind.HOUR, "minute", 1),
    (r"km2\b|kilomètres? carrés?\b", Kind.MEASURE, "m2", 10**6),
    (r"ha\b|hectares?\b", Kind.MEASURE, "m2", 10**4),
    (r"m2\b|mètres? carrés?\b", Kind.MEASURE, "m2", 1),
    (r"km\b|kilomètres?\b", Kind.MEASURE, "m", 1000),
    (r"m\b|mètres?\b", Kind.MEASURE, "m", 1),
    (r"GWh\b", Kind.MEASURE, "kWh", 10**6),
    (r"MWh\b", Kind.MEASURE, "kWh", 1000),
    (r"kWh\b", Kind.MEASURE, "kWh", 1),
    (r"tonnes?\b|t\b", Kind.MEASURE, "kg", 1000),
    (r"kg\b|kilos?\b", Kind.MEASURE, "kg", 1),
)
_MONTHS = {
    name.lower(): f"m{number}"
    for names in (MONTHS, ENGLISH_MONTHS)
    for number, name in enumerate(names, 1)
}
_WEEK = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_N = r"\d+(?:[.,]\d+)?"
_MONTH = "(?P<month>" + "|".join(_MONTHS) + r")\b"
_DAY = r"(?P<day>[1-9]|[12]\d|3[01])"
_YEAR = r"(?:1[6-9]|20)\d\d"
_ENGLISH_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = dict(zip((*_WEEK, *_ENGLISH_WEEK), (*range(7), *range(7)), strict=True))
_WEEKDAY = "(?:" + "|".join(_DAYS) + r")s?\b"
_DATED = re.compile(r"\b(?:en|de|du|depuis|dès|années?|entre|rentrée|été|et|à|avant|après) $", re.I)
_CODE = re.compile(r"\bcode (?:de la |de l'|des |du |de |d')(?P<of>[^\W\d_]+)")
_ORDINAL = r"(?:ers?|ères?|res?|èmes?|es?|nde?s?|st|rd|th)\b"
_SUFFIX = r"bis\b|ter\b|quater\b|[a-z]+ies\b|[A-Z]{1,3}\b"


def _link(found: re.Match[str]) -> Sequence[Claim]:
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", found[0].lower()).rstrip("/.,;:!?")
    return [_parts(Kind.LINK, found, address)]


def _phone(found: re.Match[str]) -> Sequence[Claim]:
    digits = re.sub(r"\D", "", found[0].replace("+33", "0"))
    return [_parts(Kind.PHONE, found, digits)]


def _reference(found: re.Match[str]) -> Sequence[Claim]:
    """« L. 303-2 », « article 150 VE », « n° 2018-1021 » -> l303-2, 150ve, 2018-1021."""
    word = re.sub(r"^(?:[Aa]rt(?:icles?|\.)|n°)\s*(?:n°)?", "", found[0])
    word = re.sub(r"(?<=\d)er\b", "", word)
    return [_parts(Kind.ARTICLE, found, re.sub(r"[\s.]", "", word).lower())]


def _date(found: re.Match[str]) -> Sequence[Claim]:
    named = found.groupdict()
    weekday = (named.get("weekday") or "").strip().lower().rstrip("s")
    weekday = _WEEK[_DAYS[weekday]] if weekday else ""
    parts = {"d" + named["day"] if named.get("day") else "", weekday}
    parts |= {"y" + named["year"] if named.get("year") else ""}
    parts |= {_MONTHS[named["month"].lower()] if named.get("month") else ""}
    parts |= {fold(named["when"]).strip(" -") if named.get("when") else ""}
    return [_parts(Kind.DATE, found, *parts)]


def _numeric_date(found: re.Match[str]) -> Sequence[Claim]:
    first, month, last = (int(figures) for figures in re.findall(r"\d+", found[0]))
    year, day = (first, last) if first > 31 else (last, first)
    return [_parts(Kind.DATE, found, f"d{day}", f"m{month}", f"y{year}")]


def _years(found: re.Match[str]) -> Sequence[Claim]:
    return [_parts(Kind.DATE, found, "y" + year) for year in re.findall(r"\d{4}", found[0])]


def _term(found: re.Match[str]) -> Sequence[Claim]:
    year = "y" + found["year"] if found["year"] else ""
    return [_parts(Kind.DATE, found, found["name"] + found["rank"], year)]


def _week(found: re.Match[str]) -> Sequence[Claim]:
    """« du lundi au samedi » states each day between."""
    days = [_DAYS[name] for name in re.findall("|".join(_DAYS), found[0].lower())]
    first, last = days[0], days[-1]
    named = range(first, last + 1) if first <= last else (first, last)
    return [_parts(Kind.DATE, found, _WEEK[day]) for day in named]


def _hour(found: re.Match[str]) -> Sequence[Claim]:
    minutes = 12 * 60 if found["hour"] is None else 60 * decimal(found["hour"])
    return [_figure(Kind.HOUR, found, minutes + int(found["minute"] or 0), "minute")]


def _fraction(found: re.Match[str]) -> Sequence[Claim]:
    share = Decimal(50)
    if found["thirds"]:
        share = Decimal("66.7" if found["thirds"] == "2" else "33.3")
    elif found["quarters"]:
        share = Decimal(75 if found["quarters"] == "3" else 25)
    return [_figure(Kind.PERCENTAGE, found, share, "%")]


def _among(found: re.Match[str]) -> Sequence[Claim]:
    """« un habitant sur dix », « neuf communes sur dix » -> a percentage."""
    share = Decimal(100) * (1 if found["some"].lower().startswith("un") else int(found["some"]))
    return [_figure(Kind.PERCENTAGE, found, share / int(found["all"]), "%")]


def _rank(found: re.Match[str]) -> Sequence[Claim]:
    return [_figure(Kind.NUMBER, found, Decimal(found["rank"]), "rang")]


def _measure(kind: Kind, unit: str, worth: int) -> Reader:
    def reader(found: re.Match[str]) -> Sequence[Claim]:
        claim = _figure(kind, found, decimal(found["n"]) * worth, unit)
        return [replace(claim, worth=worth)]

    return reader


def _number(found: re.Match[str]) -> Sequence[Claim]:
    counted = fold(found["counted"] or "")
    counted = "" if counted in STOP_WORDS else counted
    dated = _DATED.search(found.string, 0, found.start())
    if re.fullmatch(_YEAR, found["n"]) and (dated or not counted):
        return [_parts(Kind.DATE, found, "y" + found["n"])]
    unit = stem(counted) if counted else ""
    return [_figure(Kind.NUMBER, found, decimal(found["n"]), unit)]


def _figure(kind: Kind, found: re.Match[str], value: Decimal | int, unit: str) -> Claim:
    return Claim(kind, found.start(), found.end(), Decimal(value), unit)


def _parts(kind: Kind, found: re.Match[str], *parts: str) -> Claim:
    return Claim(kind, found.start(), found.end(), parts=frozenset(filter(None, parts)))


# Read in this order; what one has read is not read again.
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s<>»)]+|"
                r"\b[\w-]+(?:\.[\w-]+)*\.(?:fr|com|org|net|eu|bzh|example)\b(?:/[^\s<>»)]*)?"),
     _link),
    (re.compile(rf"(?<!n° )\b(?:{_YEAR}-\d\d-\d\d|\d\d?[/.]\d\d?[/.]{_YEAR})\b"), _numeric_date),
    (re.compile(r"(?<![\d,])(?:\+33 ?|0)\d(?:[ .-]?\d\d){4}(?!\d)"), _phone),
    (re.compile(rf"\b[LRDA](?:\. ?\d+(?:-\d+)*| ?\d{{3,4}}(?:-\d+)+)|"
                rf"\b(?:[Aa]rt(?:icles?\b|\.)) (?:n° ?)?\d+(?:er\b)?(?:-\d+)*(?: (?:{_SUFFIX}))?"),
     _reference),
    (_CODE, lambda found: [_parts(Kind.ARTICLE, found, "code:" + fold(found["of"]))]),
    (re.compile(rf"(?<!n° )\b{_YEAR} ?- ?{_YEAR}\b(?!-)"), _years),
    (re.compile(r"(?:n° ?)?\b(?:[a-z]+-)?\d+(?:-\d+)+\b|\b[a-z]{2,}-\d+\b"), _reference),
    (re.compile(rf"(?:(?P<weekday>{_WEEKDAY}) )?\b{_DAY}(?:er|st|nd|rd|th)? {_MONTH}"
                rf"(?: (?P<year>{_YEAR})\b)?", re.I), _date),
    (re.compile(rf"\b{_MONTH} {_DAY}(?:st|nd|rd|th)?, (?P<year>{_YEAR})\b", re.I), _date),
    (re.compile(rf"(?P<when>\b(?:début|fin|mi-|mi ))?(?: (?:de |d'))?\b{_MONTH}"
                rf"(?: (?:de )?(?P<year>{_YEAR})\b)?"), _date),
    (re.compile(rf"(?P<when>\b(?:[Dd]ébut|[Ff]in|[Mm]i-)) ?(?P<year>{_YEAR})\b"), _date),
    (re.compile(rf"\b(?P<rank>\d){_ORDINAL} (?P<name>semestre|trimestre)"
                rf"(?: (?:de )?(?P<year>{_YEAR})\b)?"), _term),
    (re.compile(rf"\b{_WEEKDAY}(?: au {_WEEKDAY})?", re.I), _week),
    (re.compile(r"(?<![\d,])(?P<hour>\d+(?:,\d+)?) ?(?:h\b|h(?=\d)|heures?\b|hours?\b|:(?=\d\d\b))"
                r" ?(?P<minute>\d\d(?!\d))?|(?<!-)\bmidi\b"), _hour),
    (re.compile(r"(?<!ère )(?<!\de )\b(?:moitié|divisée?s? par 2|(?P<thirds>un|[12]) tiers|"
                r"(?P<quarters>un|[13]) quarts?)\b"), _fraction),
    (re.compile(r"\b(?P<some>une?|[1-9]) (?:[^\W\d]+ )?sur (?P<all>[2345]|10)\b"
                r"(?! (?:ans|mois|jours))", re.I), _among),
    (re.compile(rf"\b(?P<rank>\d+){_ORDINAL}"), _rank),
    *((re.compile(rf"(?<![\w,.])(?P<n>{_N}) ?(?:{after})"), _measure(kind, unit, worth))
      for after, kind, unit, worth in _UNITS),
    (re.compile(rf"(?<![\w,.])(?P<n>{_N})(?!\w|[.,]\d)"
                r"(?=(?: (?:de |d')?(?P<counted>[^\W\d_]+))?)"), _number),
)  # fmt: skip

_SEPARATORS = re.compile(r"\s*(?:,|;|/|-|et|ou|à|au|and|to|or)\s*(?:le |les |à |de |d'|du |des )?")
_CAPITAL = re.compile(r"(?<![\w])(?:[A-ZÀ-ÖØ-Þ][^\W_]*(?:-[^\W_]+)*)")
# A capital there only opens a sentence.
_OPENS = re.compile(r"(?:^|[.!?:…«\"“]|\n)[\s\-«\"“*•]*$")


def read(text: str) -> list[Claim]:
    """What a canonical text states, in order; a name is one claim a word."""
    left, found = text, list[Claim]()
    for pattern, reader in _READERS:
        left = pattern.sub(partial(_take, reader, found), left)
    found.sort(key=lambda claim: claim.start)
    found = _share_units(found, text)
    found += _names(text, left)
    return sorted(found, key=lambda claim: claim.start)


def _take(reader: Reader, found: list[Claim], match: re.Match[str]) -> str:
    found += reader(match)
    return "\0" * len(match[0])


def _share_units(claims: Sequence[Claim], text: str) -> list[Claim]:
    """« 6, 9 ou 12 ans », « du 3 au 28 février 2025 »: what the last one says goes for them all."""
    shared: list[Claim] = []
    for claim in reversed(claims):
        if shared and _SEPARATORS.fullmatch(text, claim.end, shared[-1].start):
            claim = _like(claim, shared[-1])
        shared.append(claim)
    return shared[::-1]


def _like(claim: Claim, after: Claim) -> Claim:
    if claim.kind is Kind.DATE and after.kind is Kind.DATE:
        missing = {p for p in after.parts if p[0] == "y" and p[1:].isdigit()}
        named = {p[0] for p in claim.parts}
        return claim if "y" in named else replace(claim, parts=claim.parts | missing)
    if claim.kind is not Kind.NUMBER or claim.unit or claim.value is None:
        return claim
    days = {p for p in after.parts if p[0] == "d" and p[1:].isdigit()}
    if days and claim.value <= 31:
        parts = (after.parts - days) | {f"d{claim.value}"}
        return replace(claim, kind=Kind.DATE, value=None, parts=parts)
    if after.value is None or after.kind is Kind.NUMBER:
        return replace(claim, unit=after.unit)
    value = claim.value * after.worth
    return replace(claim, kind=after.kind, value=value, unit=after.unit, worth=after.worth)


def _names(text: str, left: str) -> list[Claim]:
    """The capitalised words that no other claim holds; those that open a sentence, if unknown."""
    if text.isupper():
        return []
    return [
        Claim(Kind.NAME, word.start(), word.end(), parts=frozenset({fold(word[0])}))
        for word in _CAPITAL.finditer(left)
        if len(word[0]) > 1 and not (_OPENS.search(text, 0, word.start()) and _is_common(word[0]))
    ]


def _is_common(word: str) -> bool:
    """Whether a capital may only open the sentence: « Celui-ci », but not « Guichen », « ORT »."""
    pieces = word.split("-")
    if any(piece[:1].isupper() for piece in pieces[1:]):
        return False
    return all(paraphrases.is_stop(p) or paraphrases.is_known(p) for p in pieces)
