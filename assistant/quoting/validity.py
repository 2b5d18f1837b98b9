"""From when until when what a sentence says holds, and where that stands today.

Dates are read by assistant.proof.claims; here is what stands around them: « jusqu'au », « à compter
du », « entre … et … », « pour une durée de … ». dateparser, on the same sentences, read « le
12/05/2026 » as a day of December, no « entre le 3 et le 15 mars », and took 0.2 s for each.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.answers import Standing, State
from assistant.proof.claims import Claim, Kind, read
from assistant.question.asking import Asked, Asking
from corpus.days import Day
from index.french.analysis import fold
from index.french.numbers import canonical


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when, None where a sentence does not say; `limit`: the end is a deadline."""

    start: Day | None = None
    end: Day | None = None
    limit: bool = False
    told: bool = False
    reckoned: bool = False

    def on(self, today: date) -> Standing | None:
        """Where it stands; None for what began and gives no end."""

        def standing(state: State, day: Day) -> Standing:
            return Standing(state, day, self.told, self.reckoned and day is self.end)

        if self.end is not None and self.end.last < today:
            return standing(State.CLOSED if self.limit else State.ENDED, self.end)
        if self.start is not None and self.start.first > today:
            return standing(State.COMING, self.start)
        if self.end is None:
            return None
        if self.end.first <= today and self.end.precision != "day":
            return standing(State.LAST, self.end)
        return standing(State.LIMIT if self.limit else State.OPEN, self.end)


# --- What stands before a date

_ARTICLE = r"(?: ?: ?| )(?:l[ea] |la date du |l'annee |(?:la )?fin (?:de |du mois de |d')?)?"
_UNTIL = re.compile(
    rf"(?:\b(?:jusqu'(?:au|en|a)|(?:prend|prendra|prennent|prendront|a pris|ont pris) fin|"
    rf"expir\w+|fini(?:t|ra|ssent)|s'ache\w+|s'est acheve\w*|se termin\w+|s'est termine\w*|"
    rf"echeance(?: est| au| fixee au| prevue)?|date de fin(?: est)?|"
    rf"(?:est|sont|sera|seront|ete) (?:clos|termine|ferme|supprime|abroge|arrete|retire)\w*|"
    rf"n'existe\w* plus depuis))(?: au| en| depuis)?(?: fin)?{_ARTICLE}?$"
)
_LIMIT = re.compile(
    rf"(?:\bau plus tard(?: en)?|\bdate limite\b[^.;:]{{0,60}}(?::| est| au)|"
    rf"\b(?:depos|envoy|transm|inscri|candidat|remett|repon|adress|reserv)\w*\b[^.;:]{{0,60}} "
    rf"avant){_ARTICLE}$"
)
_FROM = re.compile(
    rf"\b(?:a (?:compter|partir) d[ue]|des|depuis|(?:entr\w+ en vigueur|prend\w* effet|ouvr\w+|"
    rf"debut\w*|commence\w*)(?: en)?){_ARTICLE}?$"
)
_BETWEEN = re.compile(r"\b(?:du|de|entre(?: le)?|depuis(?: le)?|a (?:compter|partir) du|des le) ?$")
_AND = re.compile(r"^ ?(?:,? ?(?:au|a|et(?: le)?|jusqu'(?:au|en|a))(?: fin)?|-) ?$")
# What a pair of years, without more, says the time of: « la convention 2021-2026 », but not « la
# population a baissé entre 2015 et 2021 ».
_LASTING = re.compile(
    r"\b(?:mandat|convention|programme|operation|opah|plan|contrat|dispositif|saison|pacte|schema|"
    r"accord|protocole|periode|annees?|campagne|appel)s?(?: [\w'’-]+){0,5}[ (:,]*"
    r"(?:pour |de |d'|entre )?$"
)
_SCHOOL = re.compile(r"\bannees? scolaires?[ :(]*(?:de )?$")
_AFTER_SIGNATURE = re.compile(
    r"\b(?P<n>\d+) (?P<unit>ans?|annees?|mois)\b[^.;]{0,30}?a (?:compter|partir) de "
    r"(?:la |sa |leur )(?:date de (?:la |sa )?)?signature\b"
)
_DURING = re.compile(
    r"\b(?P<n>\d+) (?P<unit>ans?|annees?|mois)\b[^.;]{0,20}?a (?:compter|partir) d[ue]"
    r"(?: la date)?(?: du)? ?$"
)
# What was said of the past, or is said to be over, surprises nobody.
_TOLD = re.compile(
    r"\b(?:devai\w+|avai\w+|etai\w+|prevoyai\w+|d'abord|initial\w*|au depart|a l'origine|ancien\w*|"
    r"comptai\w+|fut|furent|aurait|de 20\d\d (?:a|jusqu)|n[e'] ?\w+ plus|(?:a|ont) pris fin|"
    r"s'est (?:tenue?|acheve\w*|termine\w*|deroule\w*)|se sont (?:tenu|deroule)\w*|a eu lieu|"
    r"ont eu lieu|eteinte?s?|(?:est|sont|ete) (?:clos|termine|ferme|supprime|abroge|arrete|"
    r"retire|expire)\w*)\b"
)
_MAY_HOLD = re.compile(r"20\d\d|signature")


def validity(text: str, signed: str = "") -> Validity | None:
    """From when until when a sentence says that something holds; the last, when it gives several.

    signed    the ISO day of the document's signature, for « cinq ans à compter de sa signature »
    """
    if _MAY_HOLD.search(text) is None:
        return None
    text = canonical(text)
    folded = fold(text)
    told = _TOLD.search(folded) is not None
    found = list(_found(text, [c for c in read(text) if c.kind is Kind.DATE]))
    if signed and (lasting := _AFTER_SIGNATURE.search(folded)):
        day = date.fromisoformat(signed)
        end = _later(day, lasting)
        found.append(Validity(Day(day, day), Day.month_of(end), reckoned=True))
    if not found:
        return None
    last = max(found, key=lambda v: (v.end is not None, v.end.last if v.end else date.min))
    return replace(last, told=told)


def latest(text: str) -> Day | None:
    """The latest day that a sentence names, whatever it says of it; None for none."""
    if _MAY_HOLD.search(text) is None:
        return None
    days = (_day(c) for c in read(canonical(text)) if c.kind is Kind.DATE)
    return max((day for day in days if day is not None), key=lambda day: day.last, default=None)


def _found(text: str, claims: Sequence[Claim]) -> Iterator[Validity]:
    days = [(claim, day) for claim in claims if (day := _day(claim)) is not None]
    paired = False
    for at, (claim, day) in enumerate(days):
        before = fold(text[: claim.start])[-120:]
        if paired:  # the second of a pair
            paired = False
            continue
        if at + 1 < len(days):
            following, end = days[at + 1]
            between = fold(text[claim.end : following.start])
            same = following.start == claim.start
            if same or _AND.match(between):
                if same and _SCHOOL.search(before):
                    yield Validity(day, Day.month_of(date(end.first.year, 8, 31)))
                    paired = True
                    continue
                precise = day.precision != "year" and end.precision != "year"
                if (precise and (same or _BETWEEN.search(before))) or _LASTING.search(before):
                    yield Validity(day, end)
                    paired = True
                    continue
                if same:
                    paired = True
                    continue
        if lasting := _DURING.search(before):
            yield Validity(day, Day.month_of(_later(day.first, lasting)), reckoned=True)
        elif _LIMIT.search(before):
            yield Validity(None, day, limit=True)
        elif _UNTIL.search(before):
            yield Validity(None, day)
        elif _FROM.search(before):
            yield Validity(day, None)


def _day(claim: Claim) -> Day | None:
    """The day, month or year that a date names; None without a year of this century."""
    said = {part[0]: int(part[1:]) for part in claim.parts if part[1:].isdigit()}
    year, month, day = said.get("y"), said.get("m"), said.get("d")
    if year is None or year < 2000:
        return None
    return Day.of(year, month, day if month else None)


def _later(day: date, lasting: re.Match[str]) -> date:
    """The last day of a duration that begins on a day."""
    many = int(lasting["n"]) * (1 if lasting["unit"] == "mois" else 12)
    years, month = divmod(day.month - 1 + many, 12)
    year, month = day.year + years, month + 1
    return day.replace(
        year=year, month=month, day=min(day.day, monthrange(year, month)[1])
    ) - timedelta(days=1)


# --- Questions about it

_STILL = re.compile(
    r"\b(?:encore|toujours|aujourd'hui|maintenant|actuellement|en ce moment|a ce jour|a present|"
    r"tjr?s|mtn|auj|ajd|still|now|today|en vigueur|en cours|valables?|valides?|d'actualite|fini\w*|"
    r"termine\w*|expire\w*|perime\w*|caduque?s?|clos\w*|cloture\w*|arrete\w*|supprime\w*|"
    r"trop tard|plus (?:possible|ouvert\w*|valables?)|n'existe plus)\b"
)
_VERB = re.compile(
    r"\b(?:est[ -]ce (?:que|qu')|(?:est|sont|existe\w*|dure\w*|a|ont|reste\w*|peut|marche|court)"
    r"[ -](?:t-)?(?:ils?|elles?|on|ce)\b|c'?est|existe\w*|ca marche|est|sont|ils?|elles?|ou pas|"
    r"deja|bien|on peut|jusqu'a|quand|date|dure\w*|prend|limite|(?:ouvert|ferme)\w*)\b"
)
_ENDS = re.compile(
    r"\b(?:fini\w*|fin|termin\w*|expir\w*|echeance|jusqu'? ?a quand|s'arret\w*|clotur\w*|"
    r"date limite|dernier delai|end\w*)\b"
)


def asks_if_held(asked: Asking) -> bool:
    """Whether a question asks if something still holds: « encore ouverte aujourd'hui ? »."""
    return asked.kind in (Asked.OTHER, Asked.DATE) and (
        _STILL.search(fold(asked.text)) is not None
        and (asked.closed or _WHEN.search(fold(asked.text)) is None)
    )


_WHEN = re.compile(r"\b(?:quand|quelle (?:date|annee)|comment|pourquoi|quel(?:le)?s?|qui|ou)\b")


def asks_the_end(asked: Asking) -> bool:
    """Whether a question asks when something ends, or whether it has."""
    when = asked.kind in (Asked.DATE, Asked.DURATION) and _ENDS.search(fold(asked.text)) is not None
    return when or asks_if_held(asked)


def until_when(question: str) -> str:
    """« L'aide est-elle encore ouverte ? » as it is searched: « Jusqu'à quand l'aide ? ».

    The words that ask whether it holds are in no passage that says until when.
    """
    left = _VERB.sub(" ", _STILL.sub(" ", fold(question)))
    return f"jusqu'à quand {' '.join(re.sub(r'[?!.,;:]', ' ', left).split())} ?"
