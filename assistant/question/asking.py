"""What a question asks for: an amount, a date, a name…, and whether a sentence bears it.

A sentence that resembles the question but bears nothing of the kind answers nothing: « combien »
wants a figure, of the very thing counted when the question names it. The kind is told by a linear
model over what a message is heard by (hearing.signs), taught by questions of ours
(assistant.learning.asked).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.question.hearing import signs
from assistant.question.logic import Compared, compared, denied, own_right
from index.encoder.heads import Head
from index.encoder.running import shared
from index.french.analysis import fold, stem, synonyms, tokens, words


class Asked(StrEnum):
    """The kind of thing a question asks for."""

    AMOUNT = "amount"
    MONEY = "money"
    SHARE = "share"
    DURATION = "duration"
    DATE = "date"
    HOURS = "hours"
    PHONE = "phone"
    MAIL = "mail"
    STREET = "street"
    PLACE = "place"
    NAME = "name"
    MEANING = "meaning"
    REASON = "reason"
    OTHER = "other"


MODEL = Path(__file__).parent / "asking.onnx"  # made by `python -m assistant.learning.asked`
CLOSED, LISTING = "closed", "listing"  # scored beside the kinds, each on its own
_TERM = 2  # words

# A sentence bears these or does not, without doubt: without them it cannot answer.
STRICT = frozenset(
    {
        Asked.AMOUNT,
        Asked.MONEY,
        Asked.SHARE,
        Asked.DURATION,
        Asked.DATE,
        Asked.HOURS,
        Asked.PHONE,
        Asked.MAIL,
        Asked.STREET,
        Asked.REASON,
    }
)

# One is heard for the other; a sentence that bears AMOUNT may bear any of them.
HOW_MUCH = frozenset({Asked.AMOUNT, Asked.MONEY, Asked.SHARE})

_COMBIEN = r"(?:combien|kombien|conbien|cmb|cb)"
# « combien de passoires thermiques », « le nombre de communes »: what is counted.
_COUNTED = re.compile(
    rf"\b(?:{_COMBIEN}|nombre|nb)(?: (?:y a|ya|y'a)(?:[ -]t[ -]il)?| (?:ont|sont|font))? ?"
    r"(?:d'|de |des |du )((?:[\w'-]+ ?){1,5})"
)
# « quel cabinet », « le taux de vacance », « la date de la fête »: what the thing asked for is of.
_OF = re.compile(
    rf"\b(?:(?:quel|kel|qel)(?:le?)?s?|{_COMBIEN} (?:y ?a )?(?:d'|de|des|du)|"
    r"(?:nombre|nbr?e?|taux|pourcentage|part|proportion|date|nom|adresse|numero|horaires?|liste|"
    r"cout|prix|montant|budget|salaire|tarif|resultats?|plan|carte) (?:de la|de l'|des|du|de|d'))"
    r" ?((?:[\w'-]+ ?){1,5})"
)
_CARRIERS = frozenset(
    tokens(
        "nombre nombres date dates nom noms adresse taux montant montants coût prix budget part "
        "pourcentage liste numéro horaires somme total chiffre délai durée lieu type sorte genre "
        "quantité proportion superficie surface population plafond"
    )
)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a question asks for, read once.

    `text`: its words that say so. `counted`: the stems of what it counts, first the very thing.
    `of`: those of what the thing asked for is of (« le taux de vacance » : vacance), one for each
    time it names some. `closed`: it may ask for yes or no; `listing`: for several things (« la
    liste de… »); `denies`: it is put in the negative; `denied`: what it asks who or what has not
    (logic.denied); `compared`: what it wants the most or the least of; `own`: it asks of a right
    that whoever asks may have.
    """

    text: str
    kind: Asked
    counted: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    closed: bool = False
    listing: bool = False
    denies: bool = False
    denied: tuple[str, ...] = ()
    compared: Compared | None = None
    own: bool = False

    @property
    def direct(self) -> bool:
        """Whether one thing is asked for: an amount, a date, a name…"""
        return self.kind not in (Asked.OTHER, Asked.MEANING)


@cache
def head() -> Head:
    """What scores the kinds, and whether yes or no, or several things, are asked for. Raises
    ModelMissing."""
    return Head(MODEL)


def asking(question: str, vector: NDArray[np.float32] | None = None) -> Asking:
    """What a question asks for; OTHER for « comment », yes or no, and the rest.

    vector    the question's by the model that ships, where it is known already
    """
    if vector is None:
        vector = shared().question(question)
    given = head()(signs(question, vector)[None])[0]
    scores = dict(zip(head().labels, given.tolist(), strict=True))
    kind = _kind(question, scores)
    closed = kind is Asked.OTHER and scores[CLOSED] > 0
    folded = fold(question)
    named = _COUNTED.search(folded) if kind is Asked.AMOUNT else None
    return Asking(
        question,
        kind,
        tuple(tokens(named[1])[:2]) if named else (),
        _of(folded),
        closed=closed,
        listing=scores[LISTING] > 0,
        denies=_denies(folded),
        denied=() if closed else denied(question),
        compared=compared(question),
        own=closed and own_right(question),
    )


def _kind(question: str, scores: Mapping[str, float]) -> Asked:
    """The likeliest kind. What a sentence bears or does not must be likelier than all the rest:
    taken for it by mistake, a question is not answered."""
    kind = max(Asked, key=scores.__getitem__)
    rest = sum(math.exp(scores[other] - scores[kind]) for other in Asked if other is not kind)
    if kind in STRICT and rest > 1:
        figures = sum(math.exp(scores[other] - scores[kind]) for other in HOW_MUCH)
        # « combien donne-t-il »: money, a share or a number, one of them for sure.
        kind = Asked.AMOUNT if kind in HOW_MUCH and figures > rest + 1 - figures else Asked.OTHER
    # « convention ORT », « PVD ? »: a bare term asks what it is.
    bare = kind is Asked.OTHER and len(words(question)) <= _TERM
    return Asked.MEANING if bare else kind


def _of(folded: str) -> tuple[str, ...]:
    found = []
    for match in _OF.finditer(folded):
        named = [token for token in tokens(match[1]) if token not in _CARRIERS]
        found += named[:1]
    return tuple(found)


_DENIES = re.compile(r"\b(?:ne |n'|pas\b|sans\b|aucun|jamais\b|non\b(?!\W*$))")


def denies(text: str) -> bool:
    """Whether a question, or a heading that asks one, is put in the negative."""
    return _denies(fold(text))


def _denies(folded: str) -> bool:
    return _DENIES.search(re.sub(r"\bou (?:pas|non)\b|n'est[ -]ce pas", "", folded)) is not None


_MONTHS = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|"
    "january|february|march|april|may|june|july|august|september|october|november|december"
)
_FEW = "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|cent|mille"
_LENGTH = rf"\b(?:\d+|un|une|{_FEW}) (?:ans?|annees?|mois|jours?|semaines?|heures?|minutes?)\b"
# A year, a day, a law or a decree is no amount.
_NO_AMOUNT = re.compile(
    rf"\b(?:\d{{1,2}}(?:er)? )?(?:{_MONTHS}) \d{{4}}\b|\b(?:19|20)\d\d(?:-(?:19|20)?\d\d)?\b|"
    rf"\b\d{{1,2}}(?:er)? (?:{_MONTHS})\b|\b[lrd]\. ?\d[\d-]*|\barticles? \d+|\bn° ?[\d-]+"
)
_NUMBER_WORD = re.compile(
    rf"\b(?:{_FEW}|vingtaine|dizaine|centaine|millier|moitie|tiers|quart|aucune?)s?\b"
)
_FRACTION = re.compile(r"%|\b(?:pour cent|moitie|tiers|quart|sur (?:dix|cent|10|100)|part|taux)\b")
_DAY = rf"\b(?:19|20)\d\d\b|\b(?:{_MONTHS})\b|\b\d{{1,2}}/\d{{1,2}}\b"
_WEEKDAY = r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b|\b\d+ ?h(?:eures?)?\b"


def _amount(folded: str) -> bool:
    return (
        re.search(r"\d", _NO_AMOUNT.sub("", folded)) is not None
        or _NUMBER_WORD.search(folded) is not None
    )


def _holding(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda folded: compiled.search(folded) is not None


_BEARS: dict[Asked, Callable[[str], bool]] = {
    Asked.AMOUNT: _amount,
    Asked.MONEY: _holding(r"€|\b(?:euros?|millions?|milliards?|gratuit\w*|frais)\b"),
    Asked.SHARE: lambda folded: _amount(folded) and _FRACTION.search(folded) is not None,
    Asked.DURATION: _holding(
        rf"{_LENGTH}|\b(?:jusqu|illimite|definitif|permanent|immediat|tout de suite)|{_DAY}"
    ),
    Asked.DATE: _holding(rf"{_DAY}|{_LENGTH}|{_WEEKDAY}"),
    Asked.HOURS: _holding(
        rf"\b(?:\d{{1,2}} ?|(?:une|{_FEW}|treize|quatorze|seize) )heures?\b|"
        r"\b\d{1,2}(?: ?h(?:\d\d)?|:\d\d)\b|\bhoraires?\b|\b(?:midi|minuit)\b"
    ),
    Asked.PHONE: _holding(r"\b\d\d(?:[ .]?\d\d){4}\b|\b\d{4}\b(?= \(appel)|\b(?:numero|telephone)"),
    Asked.MAIL: _holding(r"@|\b(?:courriel|e-?mail)"),
    Asked.STREET: _holding(
        r"\b(?:rues?|avenue|place|boulevard|allee|chemin|impasse|quai|route|parc|"
        r"adresse|mairie|\d{5})\b"
    ),
    Asked.REASON: _holding(
        r"\b(?:car|parce qu|puisqu|en raison|afin|grace a|a cause|pour (?:que|eviter|\w+er)\b|"
        r"explique\w*|vient de|because)"
    ),
    Asked.PLACE: _holding(
        r"\b(?:rue|avenue|place|boulevard|parc|siege|situee?s?|trouve|kilometres|nord|sud|est|"
        r"ouest|adresse|mairie|prefecture|site)\b|\b\d{5}\b|\s(?:a|au|en) [a-z]"
    ),
    Asked.OTHER: lambda folded: True,
}
# A capital that does not start the sentence.
_CAPITAL = re.compile(r"\s(?:[ldLD]['’])?[A-ZÉÈÎ]\w")
_NEAR = 3  # words from a number to what it counts: « 52 actions », « 18 petites communes »
_PERSON = re.compile(r"\b(?:prefets?|maires?|elus|proprietaires?|chef|cheffe|communes?)\b")

# « Le sigle OPAH veut dire … », « L'ORT est … »: what stands before is the word being explained.
_DEFINES = re.compile(
    r"\b(?:est|sont|signifie|designe|veut dire|vise|s'agit|permet|sert|regroupe|rassemble|is|means"
    r")\b"
)
_TERMS = frozenset(tokens("sigle mot terme abréviation programme dispositif expression notion"))

# What a sentence that says « nous n'avons pas trouvé … » must name to be about the kind asked for.
_COST = r"montants?|budgets?|couts?|coutent?|prix|sommes?|argent|how much|cost|budget"
_WHEN = (
    r"dates?|quand|calendrier|duree|fin|jours?|annees?|horaires?|heures|depuis|jusqu|commence\w*|"
    r"lancement|timetable|hours"
)
_WHERE = r"ou|adresses?|lieux?|zones?|perimetre|carte|rues?|permanences?|map|address"
_ABSENT: dict[Asked, re.Pattern[str]] = {
    kind: re.compile(rf"\b(?:{named})\b")
    for kind, named in {
        Asked.AMOUNT: rf"combien|taux|plafonds?|nombre|chiffres?|{_COST}",
        Asked.SHARE: rf"combien|taux|plafonds?|nombre|chiffres?|{_COST}",
        Asked.MONEY: rf"combien|{_COST}",
        Asked.DATE: _WHEN,
        Asked.DURATION: _WHEN,
        Asked.HOURS: r"horaires?|heures|ouverture|hours",
        Asked.PHONE: r"telephones?|numeros?|coordonnees",
        Asked.MAIL: r"courriels?|e-?mails?|coordonnees",
        Asked.NAME: r"qui|noms?|operateur|appelle|elue?|maire|president\w*|resultat\w*|telephone",
        Asked.PLACE: _WHERE,
        Asked.STREET: _WHERE,
        Asked.REASON: r"pourquoi|raisons?|causes?",
    }.items()
}


def bears(kind: Asked, text: str, asked_for: Collection[str], absence: bool) -> bool:
    """Whether a sentence bears the kind of thing asked for, or says that it was not found.

    `asked_for`: the question's tokens, acronyms spelled out; a definition explains no other word.
    """
    folded = fold(text)
    if absence:
        named = _ABSENT.get(kind)
        return kind is Asked.OTHER if named is None else named.search(folded) is not None
    if kind is Asked.MEANING:
        verb = _DEFINES.search(folded)
        if verb is None:
            return False
        explained = set(tokens(folded[: verb.start()])) - _TERMS
        return bool(explained) and explained <= set(asked_for)
    if kind is Asked.NAME:
        return _CAPITAL.search(text) is not None or _PERSON.search(folded) is not None
    return _BEARS[kind](folded)


def counts(counted: Collection[str], text: str) -> float:
    """How far a sentence counts the thing: 1 beside a number, .5 elsewhere in it, else 0.

    « 45 580 habitants » counts inhabitants; « les habitants de 18 communes » does not.
    """
    alike = frozenset().union(*map(synonyms, counted))
    stems = [stem(word) for word in words(text)]
    for at, word in enumerate(stems):
        if (word[0].isdigit() or _NUMBER_WORD.fullmatch(word)) and alike & set(
            stems[at + 1 : at + 1 + _NEAR]
        ):
            return 1.0
    return 0.5 if alike & set(stems) else 0.0
