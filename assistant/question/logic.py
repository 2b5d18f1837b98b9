"""What a question turns on: a negation (« qui n'a pas droit »), a comparison (« la plus peuplée »).

A negation is read where it bears on what is asked: « pour ceux qui n'ont pas de voiture » says who
asks, « si je n'ai pas de devis » when.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from index.french.analysis import fold, synonyms, tokens

# --- Who may not

# « Pourquoi », « comment », « quand » ask of a refusal something else than whom it strikes.
_OTHERWISE = re.compile(r"\b(?:pourquoi|pk|comment|quand|que faire|depuis|recours|contester)\b")
_MANNERS = re.compile(
    r"n'est[ -]ce pas|\b(?:pourquoi|ou|ou bien) (?:pas|non)\b|\bpas (?:mal|cher|loin|encore)\w*|"
    r"\bnon (?:plus|merci)\b|"
    r"\b(?:si|s'|lorsqu\w*|pour (?:ceux|celles|une?|les|des) ?)[^?,;.]{0,20}?\b(?:ne |n')[^?,;.]*"
)
_NEGATION = re.compile(
    r"\b(?:ne |n')(?P<verb>[^?.!;,]{0,40}?)\b(?:pas|jamais|plus|aucun\w*)\b(?P<after>[^?.!;,]*)"
)
# Typed without « ne »: « qui a pas droit ».
_BARE = re.compile(
    r"\b(?:pas|non) (?P<after>(?:droit|retenu|eligib|concern|financ|aide|pris|accept|compris|"
    r"autoris|admis|paye|rembours|inclu|subvention|couver|beneficia|cumul)\w*)"
)
_REFUSED = re.compile(
    r"\b(?:exclu(?!siv)\w*|refus\w*|rejet\w*|ineligib\w*|interdi\w*|ecarte\w*|sauf|hormis|"
    r"excepte\w*|a l'exception|hors (?!taxe|tva|ht\b)\w+)"
)
# Verbs of what is given: who denies them says who is left out.
_GIVES = re.compile(
    r"\b(?:peu(?:t|vent)|droit|donn\w+|ouvr\w+|ouvert\w*|appliqu\w+|concern\w+|benefici\w+|"
    r"financ\w+|eligib\w+|admis\w*|accept\w+|retenu\w*)\b"
)
_NEAR = 4  # words from a negation to what it denies
_ROOT = 5  # letters that two forms of a word share


_ASKS_WHICH = re.compile(
    r"\b(?:qui|ki|quel\w*|kel\w*|lesquel\w*|combien|liste\w*|les|quoi)\b|^\W*qu[e']"
)


def denied(question: str) -> tuple[str, ...]:
    """The stem of what an open question denies: « qui n'a pas droit » -> droit; none otherwise."""
    folded = _MANNERS.sub(" ", fold(question))
    if _OTHERWISE.search(folded):
        return ()
    # « Rien n'est terminé, dit-on. Combien l'est ? » denies nothing of what it asks.
    said = [part for part in re.split(r"[.!?;:] ", folded) if part.strip(" ?!.")]
    folded = next((part for part in reversed(said) if _ASKS_WHICH.search(part)), "")
    if (refused := _REFUSED.search(folded)) is not None:
        return tuple(tokens(refused[0])[:1])
    if (found := _NEGATION.search(folded)) is not None:
        return tuple((tokens(found["verb"]) + tokens(found["after"]))[:1])
    bare = _BARE.search(folded)
    return tuple(tokens(bare["after"])[:1]) if bare else ()


def excludes(text: str, what: Collection[str] = ()) -> bool:
    """Whether a sentence says who or what is left out, or denies one of `what` (stems)."""
    folded = fold(text)
    refused = _REFUSED.search(folded) or _BARE.search(folded)
    gives = any(_GIVES.search(near) for near in _negated(folded))
    return bool(refused) or gives or denies(text, what)


def denies(text: str, what: Collection[str]) -> bool:
    """Whether a sentence denies one of `what` (stems): what was asked, rather than anything."""
    alike = frozenset().union(*map(synonyms, what))
    said = {token for near in _negated(fold(text)) for token in tokens(near)}
    # « ne profite pas » denies « profitent », which has another stem.
    return not said.isdisjoint(alike) or any(
        min(len(token), len(other)) >= _ROOT
        and (token.startswith(other) or other.startswith(token))
        for token in said
        for other in what
    )


def _negated(folded: str) -> Iterator[str]:
    """The words near each negation of a folded text."""
    for found in _NEGATION.finditer(folded):
        yield f"{found['verb']} {' '.join(found['after'].split()[:_NEAR])}"


# Who asks about a right of their own.
_OWN = re.compile(
    r"\b(?:ai|aurai\w*|aurions|avons)[ -](?:je|nous) (?:le )?droit|"
    r"\bj'?(?:ai|aurai\w*) (?:le )?droit|"
    r"\b(?:puis|peux|pourrai\w*|pouvons)[ -](?:je|nous)\b|\bje (?:peux|puis|pourrais?)\b|"
    r"\bnous pouvons\b|\bsuis[ -]je (?:elig|concern|exclu)|\bje suis (?:elig|concern|exclu)"
)


def own_right(question: str) -> bool:
    """Whether someone asks if they have a right themselves: « ai-je droit », « je peux avoir »."""
    return _OWN.search(fold(question)) is not None


# --- The largest


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: `sign` is 1 for the largest, -1 for the smallest; `measure` the stems of
    what is measured, none when the question leaves it to the document; `unit` as proof.claims
    has it, "" for any."""

    sign: int
    measure: frozenset[str] = frozenset()
    unit: str = ""


_PEOPLE = (frozenset(tokens("habitants population peuplée")), "habit")
_SPACE = (frozenset(tokens("superficie surface grande vaste étendue")), "m2")
_MONEY = (frozenset(tokens("montant prix tarif coût cher coûteuse subvention aide loyer")), "€")
_TIME = (frozenset(tokens("durée délai longue")), "mois")
_WHEN = (frozenset(tokens("date année récente ancienne vieille")), "")
_NAMED = (
    (frozenset(tokens("habitants population")), "habit"),
    (frozenset(tokens("superficie surface")), "m2"),
)
_ANY: tuple[frozenset[str], str] = (frozenset(), "")
# The beginnings of the adjectives that compare, what they measure, and whether the most of it.
_MEASURES: tuple[tuple[str, tuple[frozenset[str], str], int], ...] = (
    ("peupl|habit", _PEOPLE, 1),
    ("grand|vaste|etendu", _SPACE, 1),
    ("petit", _SPACE, -1),
    ("cher|couteu|aide|dote|subventionn", _MONEY, 1),
    ("long", _TIME, 1),
    ("court", _TIME, -1),
    ("recen|nouve", _WHEN, 1),
    ("ancien|vieu|vieil", _WHEN, -1),
    ("gros|eleve|important|haut|fort", _ANY, 1),
    ("faible|bas", _ANY, -1),
)
_SUPERLATIVE = re.compile(
    r"\b(?P<way>plus|moins) (?:d'|de |du )?(?P<what>[a-z]+)(?: (?P<next>[a-z]+))?"
)
# « plus de 10 », « non plus », « en plus », « ne … plus », « plus d'informations » compare nothing.
_NO_COMPARISON = re.compile(
    r"\b(?:en|non|au|de|n'\w+|ne \w+|n'\w+ \w+) (?:plus|moins)\b|\b(?:plus|moins) (?:de |d')?\d|"
    r"\bplus (?:d'(?:info|explica|aide)|de (?:detail|precision|renseignement)|tard|ou moins|loin|"
    r"simple|claire)\w*"
)
_SETS_APART = re.compile(
    r"\b(?:le|la|les|laquelle|lequel|qui|quel(?:le)?s?)\b.*\b(?:plus|moins) |"
    r"\b(?:plus|moins) [a-z]+ que\b|\bentre\b.*\bet\b"
)


def compared(question: str) -> Compared | None:
    """What a question compares; None when it does not."""
    folded = _NO_COMPARISON.sub(" ", fold(question))
    found = _SUPERLATIVE.search(folded)
    if found is None or not _SETS_APART.search(folded):
        return None
    way = 1 if found["way"] == "plus" else -1
    said = {*tokens(f"{folded[: found.start()]} {folded[found.end() :]}")}
    beside = {*tokens(found["next"] or "")}
    for beginnings, (measure, unit), sign in _MEASURES:
        if re.match(beginnings, found["what"]):
            # « en habitants, laquelle est la plus grande ? »
            if measure is not _WHEN[0] and (
                named := next((m for m in _NAMED if m[0] & said), None)
            ):
                return Compared(way * sign, *named)
            if beside & _MONEY[0]:  # « la plus petite subvention »
                return Compared(way * sign, *_MONEY)
            return Compared(way * sign, measure or frozenset(beside), unit)
    return Compared(way, frozenset(tokens(found["what"]))) if tokens(found["what"]) else None
