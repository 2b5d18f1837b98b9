"""Postal addresses in what residents type: « 12 bis, rue des Lilas, 35580 Guichen », « 3 av foch ».

A number and a kind of way begin one. Where its name ends is judged word by word: residents type
without capitals nor commas.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from assistant.privacy.identifiers import Text
from assistant.question.subject import names_subject
from corpus.days import MONTH
from index.french.analysis import STOP_WORDS, fold

_NUMBER = r"(?<![\d,.€/-])\d{1,4}(?!\d)(?:\s?(?:bis|ter|quater|[a-d]\b))?(?:\s?[-/à]\s?\d{1,4})?"
_SURE = (
    r"rue|avenue|ave|av\.?|boulevard|boul\.?|bd\.?|bld\.?|bvd\.?|blvd\.?|impasse|imp\.|chemin|"
    r"route|rte\.?|all[eé]e|all[eé]es|square|quai|ruelle|venelle|faubourg|fbg\.?|rond[- ]point|"
    r"r[eé]sidence|lotissement|hameau|sentier|esplanade|lieu[- ]?dit|place|sente|promenade|"
    r"chauss[eé]e"
)
# Words of every day too: « 3 cours de yoga », « 2 voies », « 3 ch à louer ».
_DOUBTFUL = (
    r"r\.?|pl\.?|all\.?|ch\.?|che\.?|imp|sq\.?|r[eé]s\.?|lot\.?|cours|cour|passage|cit[eé]|mail|"
    r"villa|clos|voie|parvis|mas|quartier|domaine|galerie|port|bourg|bout"
)
_HEAD = re.compile(
    rf"(?:n[°o]\s?)?(?P<number>{_NUMBER})[\s,]{{0,3}}(?:de la |de l['’]|du )?"
    rf"(?P<way>{_SURE}|{_DOUBTFUL})"
    r"(?=[\s,])[\s,]{1,2}(?=[\w'’])",
    re.IGNORECASE,
)
_IS_SURE = re.compile(_SURE, re.IGNORECASE)
# « 12 place de parking », « 1 place en crèche », « 300 route départementale ».
_NO_NAME = re.compile(
    r"(?:de |d'|du |des )?(?:parkings?|stationnement|assise?s?|libres?|gratuite?s?|creche|debout|"
    r"handicap\w*|livraison|velos?|taxi|departementale|nationale|communale|barree?|pietonne?|"
    r"commercante|et\b|ou\b|a\b|en\b|pour\b|dans\b|sur\b|par\b|qui\b|que\b|est\b|sont\b)"
)
# Before a doubtful way, what says that an address comes.
_LIVING = re.compile(
    r"\b(?:habit\w*|adresse|domicil\w*|demeur\w*|log\w*|resid\w*|situe\w*|vi[st]|maison|appart\w*|"
    r"local|bien|immeuble|chez moi|au)\W*(?:\w+\W+){0,3}$"
)
# « En 2025 place de la Madeleine »: a year, not a number of the street.
_DATED = re.compile(
    rf"\b(?:en|annee|depuis|debut|fin|mi|des|avant|apres|pour|jusqu'en|{MONTH})\W*$"
)
# « L'avenant n° 2 place le centre … »
_COUNTED = re.compile(r"\b(?:articles?|art|avenant|zone|action|axe|phase|fiche|loi)\W*(?:n°?\s?)?$")
_YEAR = re.compile(r"(?:19|20)\d\d$")

_WORD = re.compile(r"[^\W\d_]+(?:['’.-]*[^\W\d_]+)*['’]?")
_LINKS = frozenset(
    "de du des d la le les l saint sainte st ste sur sous aux au en es lez les dr docteur general "
    "gal marechal mal colonel capitaine abbe pere soeur notre dame president pdt professeur".split()
)
_DAY_NAME = re.compile(rf"\d{{1,2}}(?:er)?\s+(?:{MONTH})\b(?:\s+(?:19|20)\d\d)?", re.IGNORECASE)
_INSIDE = re.compile(
    r"[\s,]*(?:appt?|appartement|apt|b[aâ]t(?:iment)?|[eé]tage|escalier|esc|porte|lot|bp|cs)\.?\s?"
    r"(?:\d{1,6}|[a-z])\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"[\s,;:(-]*(?:F-)?\d{2}\s?\d{3}(?!\d)[\s,)-]*")
# « 5 La Ville au Roux, 35580 Guichen », « lieu-dit Kerbiquet 35580 Guichen »: the country.
_COUNTRY = re.compile(
    rf"(?:{_NUMBER}[\s,]{{1,2}}|(?i:lieu[- ]?dit)\s)(?:(?i:lieu[- ]?dit)\s)?"
    r"(?:(?:[A-ZÀ-Ý][\w'’-]*|d[eu]s?|la|les?|aux?|à|en|sur|l['’])[\s,]{1,2}){1,7}"
    r"\d{2}\s?\d{3}\s+[A-ZÀ-Ý][\w'’-]*"
)
_MOST_WORDS = 4  # of a name: « rue Jean-Marie de La Mennais » has three and links


def find(text: str) -> Iterator[tuple[int, int]]:
    """Where the addresses of a text stand, as (start, end), in order and apart."""
    found = list(_with_a_way(text))
    starts = [start for start, _ in found]
    for match in _COUNTRY.finditer(text):
        start, end = match.span()
        last = bisect_left(starts, end) - 1  # the only one that could overlap: they are in order
        if last < 0 or found[last][1] <= start:
            found.append((start, end))
    yield from sorted(found)


def _with_a_way(text: str) -> Iterator[tuple[int, int]]:
    position, whole = 0, Text(text)
    while (head := _HEAD.search(text, position)) is not None:
        position = head.end()
        if not _begins(head, whole):
            continue
        named = _name(text, head.end(), _MOST_WORDS, whole.shouted)
        if named == head.end():
            continue
        position = _rest(text, named, whole.shouted)
        yield head.start(), position


def street(address: str) -> str:
    """The number, way and name of an address, without what follows them."""
    head = _HEAD.search(address)
    if head is None:
        return address
    return address[: _name(address, head.end(), _MOST_WORDS, Text(address).shouted)]


def _begins(head: re.Match[str], text: Text) -> bool:
    """Whether a number and a way begin an address, by the words around them."""
    before, after = text.before(head.start()), head.string[head.end() : head.end() + 60]
    if _NO_NAME.match(fold(after[:30]) + " "):
        return False
    if _COUNTED.search(before) or (_YEAR.match(head["number"]) and _DATED.search(before)):
        return False
    if _IS_SURE.fullmatch(head["way"]):
        return True
    linked = re.match(r"(?:des|du|de la|de l['’]|d['’])[\s]?\w", after, re.IGNORECASE)
    abbreviated = fold(head["way"]).rstrip(".") in ("r", "pl", "all", "imp", "sq", "res", "ch")
    return bool(
        after[:1].isupper()
        or (linked and abbreviated)
        or _LIVING.search(before)
        or _POSTCODE.search(after)
    )


def _name(text: str, position: int, most: int, shouted: bool) -> int:
    """Where the name that begins at `position` ends; `position` when there is none."""
    end, counted, capitals = position, 0, False
    while counted < most:
        gap = re.compile(r"[\s'’-]{0,2}").match(text, position)
        position = gap.end() if gap else position
        if day := _DAY_NAME.match(text, position):
            return day.end()
        word = _WORD.match(text, position)
        if word is None or _INSIDE.match(text, position):
            break
        parts = [part for part in re.split(r"['’-]", fold(word[0])) if part]
        if all(part in _LINKS for part in parts):
            position = word.end()
            continue
        capital = word[0][:1].isupper() or re.match(r"[dl]['’][A-ZÀ-Ý]", word[0]) is not None
        if (capitals and not capital and not shouted) or _is_no_name(parts, word[0], counted):
            break
        capitals, counted = capitals or capital, counted + 1
        position = end = word.end()
    return end


def _is_no_name(parts: list[str], word: str, counted: int) -> bool:
    """Whether a word belongs to the sentence again: « rue des lilas | ai-je droit »."""
    bare = [part for part in parts if part not in _LINKS]
    return bool(bare) and (
        all(part in STOP_WORDS for part in bare) or (counted > 0 and names_subject(word))
    )


def _rest(text: str, position: int, shouted: bool) -> int:
    """Where an address ends whose name ends at `position`: flat, postcode, town."""
    while inside := _INSIDE.match(text, position):
        position = inside.end()
    code = _POSTCODE.match(text, position)
    if code is None:
        return position
    most = 2 if text[code.end() : code.end() + 1].isupper() else 1
    town = _name(text, code.end(), most, shouted)
    return town if town > code.end() else code.start() + len(code[0].rstrip(" ,(-"))
