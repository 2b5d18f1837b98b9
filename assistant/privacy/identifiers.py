"""What identifies someone, in shapes: a NIR, an IBAN, a card, a phone, an e-mail, a plate, a birth.

A finder gives the (start, end) of each value of its kind in a text, in order and apart. A check
digit confirms where there is one, the words around where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from index.french.analysis import STOP_WORDS, fold

Finder = Callable[[str], Iterable[tuple[int, int]]]
_S = r"[\s.\-–_/·]{0,2}"  # what may stand between two digits of a number


_BEFORE = 200  # characters before a value where its judge looks for what says its kind


class Text:
    """A text under search. What is asked of the whole of it is computed once, not at each value."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._said: dict[re.Pattern[str], bool] = {}

    @cached_property
    def _folded(self) -> str:
        return fold(self._text)

    @cached_property
    def shouted(self) -> bool:
        """Whether it is all in capitals."""
        return self._text.upper() == self._text

    def says(self, words: re.Pattern[str]) -> bool:
        """Whether it says one of these words."""
        if words not in self._said:
            self._said[words] = words.search(self._folded) is not None
        return self._said[words]

    def before(self, position: int) -> str:
        """The words just before a position, folded, none of them cut."""
        start = max(0, position - _BEFORE)
        near = self._text[start:position]
        return fold(_CUT_WORD.sub("", near) if start else near)


_CUT_WORD = re.compile(r"\A\w+")

Judge = Callable[[re.Match[str], Text], bool]


def _finder(pattern: str, judge: Judge = lambda match, text: True) -> Finder:
    """What a pattern finds and `judge` confirms: its group `value`, or all of it.

    The pattern must not read far before it fails: a search starts at every character.
    """
    compiled = re.compile(pattern, re.IGNORECASE)

    def find(text: str) -> Iterator[tuple[int, int]]:
        whole = Text(text)
        for match in compiled.finditer(text):
            if judge(match, whole):
                yield match.span("value" if "value" in compiled.groupindex else 0)

    return find


def _signs(match: re.Match[str]) -> str:
    return _signs_of(match[0])


def _signs_of(value: str) -> str:
    return re.sub(r"[\W_]", "", value).upper()


_HOSTS = r"gmail|outlook|hotmail|live|orange|wanadoo|free|sfr|laposte|yahoo|icloud|proton\w*"
# What joins the two halves of an address, then what may stand before it.
_AT = re.compile(
    r"(?P<sign>@\s{0,2}(?=\w))|(?P<bracketed>[(\[]\s?at\s?[)\]]\s?(?=\w))|"
    rf"(?<=\s)(?:arobase?\s+(?=\w)|at\s+(?={_HOSTS}))",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"\w[\w-]*(?:(?:\s?\.\s?(?=(?:com|fr|net|org|eu|bzh)\b)|\.(?=\w)|\s+point\s+|,(?=(?:com|fr|net|org)\b))"
    r"[\w-]+)*",
    re.IGNORECASE,
)
_DICTATED = "|".join(word[::-1] for word in ("point", "tiret", "underscore"))


def _local(gap: str) -> re.Pattern[str]:
    return re.compile(
        rf"{gap}(?:[\w.+-]++\s++(?:{_DICTATED})\s++){{0,3}}[\w+][\w.+'-]*", re.IGNORECASE
    )


# « jean point dupont », read from its end in a text turned round: a search forward would read a
# long word to its end from each of its letters.
_LOCAL = {"sign": _local(r"\s{0,2}+"), "bracketed": _local(r"\s?+"), None: _local(r"\s++")}


def emails(text: str) -> Iterator[tuple[int, int]]:
    """Where the e-mails of a text stand: each is read both ways from what joins its halves."""
    position, turned = 0, ""
    for at in _AT.finditer(text):
        if at.start() < position:
            continue
        turned = turned or text[::-1]
        local = _LOCAL[at.lastgroup].match(turned, len(text) - at.start(), len(text) - position)
        host = _HOST.match(text, at.end())
        if local is not None and host is not None:
            position = host.end()
            yield len(text) - local.end(), position


# Length -> countries, from the register of ISO 13616: SEPA and the Maghreb.
_IBANS = {
    15: "NO", 16: "BE", 18: "DK FI NL", 19: "SI", 20: "AT EE LT LU", 21: "CH HR LI LV",
    22: "BG DE GB IE VA", 23: "GI", 24: "AD CZ ES RO SE SK TN", 25: "PT", 26: "DZ IS",
    27: "FR GR IT MC SM", 28: "CY HU MA PL", 31: "MT",
}  # fmt: skip
_IBAN = "|".join(
    rf"(?<![A-Z0-9])(?:{countries.replace(' ', '|')}){_S}\d{_S}\d"
    rf"(?:{_S}[A-Z0-9]){{{length - 4}}}(?![A-Z0-9])"
    for length, countries in _IBANS.items()
)
_BANK = re.compile(r"\b(?:iban|rib|bic|banque|bancaires?|virements?|virer)\b")


def _is_iban(match: re.Match[str], text: Text) -> bool:
    """Its check is right (ISO 7064: the remainder by 97 is 1), or the question speaks of a bank.

    « de 20 logements vacants » has the shape of a German one: hence the ten digits.
    """
    iban = _signs(match)
    if sum(sign.isdigit() for sign in iban) < 10:
        return False
    checked = int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1
    return checked or text.says(_BANK)


_RIB = (
    rf"(?<!\w)(?P<bank>\d(?:{_S}\d){{4}}){_S}(?P<branch>\d(?:{_S}\d){{4}}){_S}"
    rf"(?P<account>[A-Z0-9](?:{_S}[A-Z0-9]){{10}}){_S}(?P<key>\d{_S}\d)(?!\w)"
)
# The letters of an account number count as digits: A and J as 1, S as 2…
_COUNTED = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def _is_rib(match: re.Match[str], text: Text) -> bool:
    """Its key is right (89, 15 and 3 times its parts, by 97), or the question speaks of a bank."""
    parts = (_signs_of(match[name]) for name in ("bank", "branch", "account"))
    bank, branch, account = (int(part.translate(_COUNTED)) for part in parts)
    key = int(re.sub(r"\D", "", match["key"]))
    return key == 97 - (89 * bank + 15 * branch + 3 * account) % 97 or text.says(_BANK)


_KEY = rf"(?P<key>{_S}(?:cl[eé]\s?:?\s?)?\d{_S}\d)?"
_NIR = rf"(?<![\dA-Z])[12378](?:{_S}\d){{5}}{_S}[\dAB](?:{_S}\d){{6}}{_KEY}(?!\d)"  # 13 signs, 15
# Grouped as the card shows it, or not at all: « 1 200 350 000 000 » is an amount.
_NIR_GROUPS = re.compile(
    rf"[12]{_S}\d\d{_S}(?:0[1-9]|1[0-2]){_S}\d[\dAB]{_S}\d{{3}}{_S}\d{{3}}{_KEY}", re.IGNORECASE
)
# Sex, year, month or the code of an unknown one, département.
_NIR_BODY = re.compile(r"\d{3}(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(?:\d\d|2[AB])\d{6}")
_HEALTH = re.compile(r"\b(?:nir|nss|secu|securite sociale|vitale|assure sociale?)\b")


def _is_nir(match: re.Match[str], text: Text) -> bool:
    """Its key is right; or it is absent or mistyped, and all the rest speaks for a NIR.

    The key is 97 less the remainder of the 13 signs by 97, 2A counting as 19 and 2B as 18 (Insee).
    """
    signs = _signs(match).replace("CLÉ", "").replace("CLE", "")
    body, key = signs[:13], signs[13:]
    if not _NIR_BODY.fullmatch(body):
        return False
    number = int(body.replace("2A", "19").replace("2B", "18"))
    if key and int(key) == 97 - number % 97:
        return True
    return _NIR_GROUPS.fullmatch(match[0]) is not None or text.says(_HEALTH)


_CARDS = (
    rf"(?<!\d)(?:[456]|2(?={_S}[2-7])|3(?={_S}5))(?:{_S}\d){{15}}(?!\d)",
    rf"(?<!\d)3{_S}[47](?:{_S}\d){{13}}(?!\d)",  # American Express
    rf"(?<!\d)3{_S}[068](?:{_S}\d){{12}}(?!\d)",  # Diners
    rf"(?<!\d)[456](?:{_S}\d){{18}}(?!\d)",
    r"(?<!\d)4\d{12}(?!\d)",
)


_PAYMENT = re.compile(r"\b(?:carte (?:bancaire|bleue|de credit|de paiement)|cb|visa|mastercard)\b")


def _is_card(match: re.Match[str], text: Text) -> bool:
    """Its check digit is right (Luhn) or the question names a card; no list of amounts."""
    if re.fullmatch(r"\d{1,3}(?:\s\d{3})+", match[0]):
        return False
    doubled = (int(d) * (1 + n % 2) for n, d in enumerate(reversed(_signs(match))))
    return sum(n - 9 * (n > 9) for n in doubled) % 10 == 0 or text.says(_PAYMENT)


# 08 numbers are those of services, never of a person (Arcep's numbering plan).
_SEP = r"(?:[\s.\-–_/·]{0,3}|,)"
_PHONE = (
    rf"(?<!\d)(?:\(?(?:\+|00){_S}33\)?{_S}(?:\(0\){_S})?0?|\b33(?=[67]\d{{8}}\b)|"
    rf"(?:0|(?<!\w)o){_SEP})[1-79](?:{_SEP}\d){{8}}(?!\d)"
)
_ABROAD = (
    r"(?<![\d+:h-])(?:\+|00)[\s(]{0,2}(?!33)[1-9](?:[\s.\-/()]{0,3}\d){7,13}(?!\d)"
    r"(?!\s?(?:€|%|[kM]€|euros?|habitants?|m2|m²))"
)
_DAY = re.compile(r"0[1-9]\D(?:0[1-9]|1[0-2])\D(?:19|20)\d\d(?!\d)")


def _is_phone(match: re.Match[str], text: Text) -> bool:
    """« 01/02/2024 18 h » has its ten digits too."""
    return _DAY.match(match[0]) is None


_SIV = (
    r"(?<![\w-])(?P<one>[A-HJ-NP-TV-Z]{2})(?P<by>[-\s.]{0,3})\d{3}[-\s.]{0,3}"
    r"(?P<two>[A-HJ-NP-TV-Z]{2})(?![\w-])"
)
_FNI = (
    r"(?<![\w.,-])\d{1,4}(?P<by>[-\s.]{0,3})(?P<one>[A-HJ-NP-TV-Z]{2,3})(?P<two>)[-\s.]{0,3}"
    r"(?:97[1-6]|2[AB]|0[1-9]|[1-8]\d|9[0-5])(?![\w-])"
)
_VEHICLE = re.compile(
    r"\b(?:plaque|immatricul\w*|vehicules?|voiture|auto|moto|scooter|camion\w*|fourgon\w*|"
    r"utilitaire|remorque|caravane|bagnole|gare[er]?s?|en panne)\b"
)
_PLATE_NEXT = re.compile(r"\b(?:plaques?|immatricule\w*|voiture|vehicule|une)\W*$")
# Besides the stop words: short words, units, sigles.
_NO_PLATE = frozenset(
    """
    acv aec anah anct ans apl art ater bac bd bis bp cm crte cs dpe eh eme en ere eur ex ha hab ht
    jan jrs kg km lot mai mm nb nd np ort pac pc pl plu pm pp pvd rdc res rez rt rte rue sa sas sci
    sd sq st ste tel ter ttc tva vs zac zrr
    """.split()
)


def _is_plate(match: re.Match[str], text: Text) -> bool:
    """No words with a number between them: « plus de 200 ha », « 500 HT 35 »."""
    letters = {fold(match[name]) for name in ("one", "two") if match[name]}
    common = letters & (_NO_PLATE | STOP_WORDS)
    told = _PLATE_NEXT.search(text.before(match.start())) is not None
    capitals = match[0].upper() == match[0] and not text.shouted
    spaced = match["by"].isspace()
    if match["two"]:  # the form of 2009, like nothing else when it is dashed or all in one
        known = not spaced or capitals or not common
        return known or told or (common != letters and text.says(_VEHICLE))
    return told or (not common and (not spaced or capitals or text.says(_VEHICLE)))


# What a person's file bears, known by the words beside it only.
_NUMBERED = (
    r"(?:(?:num(?:[eé]ro)?s?|n[°ºo]?|matricule|identifiant|r[eé]f(?:[eé]rence)?|code)\.?\s?)"
)
_DOCUMENT = (
    r"(?:fiscale?|spi|(?:de |d['’ ]?)?(?:avis )?d['’ ]?imp[oô]ts?|d['’ ]?imposition|imp[oô]ts?|"
    r"d['’ ]?allocataire|allocataire|caf|msa|cni|(?:(?:de |la |ma )?carte (?:nationale )?)?"
    r"d['’ ]?identit[eé]|contribuable|passeport(?: fran[cç]ais)?|passport|"
    r"compte(?=\s\d{8})|(?:titre|carte) de s[eé]jour|agdref|"
    r"permis de conduire|p[oô]le emploi|france travail|ameli|"
    r"s[eé]cu(?:rit[eé] sociale)?|nss|nir|carsat|mdph|carte vitale|tax number|id card)"
)
# These are such numbers only where a number, or whose it is, is said.
_OWN = (
    r"(?:(?:de |d['’ ]?)?(?:compte(?: bancaire)?|client|dossier|contrat|rib|identifiant|permis|"
    r"[eé]tranger|demandeur(?: d['’ ]?emploi)?|social|assur[eé]e?|retraite|mutuelle|adh[eé]rent|"
    r"[eé]lecteur|unique(?: de demande)?|demande de logement(?: social)?|locataire|abonn[eé]e?))"
)
_LABEL = (
    rf"(?:{_NUMBERED}(?:(?:de |d['’ ]?|du |des )?(?:mon |ma |mes |la |l['’ ]?|le )?)"
    rf"(?:{_DOCUMENT}|{_OWN})|(?:mon|ma|mes|notre) {_OWN}|{_DOCUMENT})"
)
_TOKEN = r"[A-Z]{0,6}\d[A-Z0-9]{0,24}"
_CODE = rf"(?P<value>{_TOKEN}(?:[\s.\-/]{{1,2}}{_TOKEN}){{0,8}}(?:[\s\-]?[B-XZ](?![\w'’]))?)"
_FILED = (
    rf"(?<!\w){_LABEL}\b"
    rf"(?:\s?(?:caf|msa|ameli|est|c['’ ]?est|le|:|=|-|,|\(|{_NUMBERED})){{0,4}}\s?"
    rf"{_CODE}(?![\w€%])(?!\s?(?:€|%|euros?|habitants?|ans?\b))"
)
_FILED_BEFORE = (
    rf"(?<![\w.,-]){_CODE}[\s,:=(]{{0,3}}(?:(?:c['’ ]?est|est|voil[aà]|pour)\s)?"
    rf"(?:mon|ma|notre|le) {_LABEL}\b"
)
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D{0,2})+")


def _is_filed(match: re.Match[str], text: Text) -> bool:
    """As long as a file's number is, and no date nor years."""
    value = match["value"]
    digits = sum(sign.isdigit() for sign in value)
    if len(_signs_of(value)) < 6 or digits < 2 or _YEARS.fullmatch(value):
        return False
    return digits > 4 and re.fullmatch(_DATE, value) is None or digits < len(_signs_of(value))


# « Mon fixe, c'est le 99 12 34 56 78 »: told to be a phone, whatever its length.
_CALLED = (
    r"(?<!\w)(?:t[eé]l(?:[eé]phone)?|portable|mobile|fixe|joignable|rappel\w{1,3}(?:[ -]moi)?|"
    r"appel\w{1,3}[ -]moi)\b(?:[\s.]?(?:au|est|c['’ ]?est|le|sur|:|=|-|,)){0,3}\s?"
    rf"(?P<value>(?!0?8)\+?\d(?:{_S}\d){{7,13}})(?!\d)"
)

_MONTH = (
    r"(?:janv(?:ier)?|f[eé]v(?:r(?:ier)?)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|"
    r"sept(?:embre)?|oct(?:obre)?|nov(?:embre)?|d[eé]c(?:embre)?)\b\.?"
)
_DATE = (
    r"(?P<value>\d{1,2}\s?[\s./\-]\s?\d{1,2}\s?[\s./\-]\s?(?:19|20)?\d\d(?!\d)|"
    r"(?:19|20)\d\d[./\-]\d\d?[./\-]\d\d?(?!\d)|"
    rf"(?:\d{{1,2}}(?:er)?\s+)?{_MONTH}\s+(?:19|20|['’])?\d\d(?!\d)|"
    rf"\d{{1,2}}(?:er)?\s+{_MONTH}|(?<!\d)\d{{8}}(?!\d))"
)
# « né », « nee », « ne le »; never the « ne » of « ne signe pas avant le … ».
_BORN = (
    r"(?:n(?:é|ée|ee)s?(?:\(e\))?|n[ée](?:\(e\)|\.e)s?|(?<=suis )ne|ne(?=\s+(?:le|[aà]|en|:)\s)|"
    r"(?:date\s+(?:de\s+)?)?naiss(?:ance)?|ddn|anniversaire|anniv|(?<=j.ai )vu le jour|"
    r"venue? au monde|d\.?o\.?b|born)"
)
_BIRTH = rf"\b{_BORN}(?![\w])[\s:,.=]*(?:(?!\d)[\w'’-]+[\s:,.]+){{0,6}}?\(?{_DATE}"
_BIRTH_AFTER = rf"(?<!\d){_DATE}[\s,:(]{{0,3}}(?:\w+\s+){{0,2}}(?:date\s+)?(?:de\s+)?naissance\b"
# « Le programme est né le 1er octobre 2020 » is nobody's birth, « né avant le 1er janvier 2004 » a
# condition.
_BORN_WHEN = re.compile(r"\b(?:avant|apres|depuis|a partir|a compter|entre)\b")
_BORN_THING = re.compile(
    r"\b(?:lois?|programmes?|dispositifs?|ort|pvd|anct|agences?|operations?|conventions?|communes?|"
    r"nouvelles?|villes?|communaute|intercommunalite|idee|projets?|petites villes de demain|"
    r"actions?|plan|fusion|reforme|denormandie|label)\W+(?:\w+\W+){0,3}?$"
)


_SOMEONE = re.compile(
    r"\b(?:je|j|suis|moi|mon|ma|mes|mari|femme|fils|fille|enfants?|pere|mere|m|mr|mme|monsieur|"
    r"madame|elle|il)\b"
)


def _is_birth(match: re.Match[str], text: Text) -> bool:
    between = fold(match.string[match.start() : match.start("value")])
    if _BORN_WHEN.search(between):
        return False
    thing = _BORN_THING.search(text.before(match.start()))
    return thing is None or _SOMEONE.search(thing[0]) is not None


IBAN = _finder(_IBAN, _is_iban)
RIB = _finder(_RIB, _is_rib)
FILES = (_finder(_FILED, _is_filed), _finder(_FILED_BEFORE, _is_filed))
NIR = _finder(_NIR, _is_nir)
CARDS = tuple(_finder(shape, _is_card) for shape in _CARDS)
PHONES = (_finder(_PHONE, _is_phone), _finder(_ABROAD), _finder(_CALLED))
PLATES = (_finder(_SIV, _is_plate), _finder(_FNI, _is_plate))
BIRTHS = (_finder(_BIRTH, _is_birth), _finder(_BIRTH_AFTER))
