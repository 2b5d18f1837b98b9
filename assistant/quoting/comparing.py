"""Two values of a kind, in two sentences: « la plus peuplée, Guichen ou Val d'Anast ? ».

They are compared when both are of one date; of two dates they are quoted, and said not to be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant import messages
from assistant.proof.claims import Kind, read
from assistant.question import places
from assistant.question.logic import Compared
from assistant.quoting.citations import Quote
from assistant.quoting.ranking import Candidate
from index.french.analysis import tokens
from index.french.numbers import canonical

# What asks for a value of each unit that can be compared.
_ASKS = {
    "habit": "combien d'habitants à {} ?",
    "m2": "quelle est la superficie de {} ?",
    "€": "quel est le montant de {} ?",
    "mois": "quelle est la durée de {} ?",
}
_TWO = re.compile(
    r"\bentre (?P<one>[^?,]+?) et (?P<two>[^?,]+?)\W*$|"
    r"(?:^|, |: |\bde )(?P<first>[^?,:]+?) ou (?:de |d')?(?P<second>[^?,]+?)(?:,[^?]*)?\W*$|"
    r"^(?P<left>[^?,]+?) (?:est|a)\b.* que (?P<right>[^?,]+?)\W*$",
    re.IGNORECASE,
)
_LASTING = frozenset({"m2"})  # units of what has no date: the area of a town
_DEPTH = 8  # sentences of each that are looked at


def asked(question: str, wanted: Compared) -> tuple[tuple[str, str], ...]:
    """The two things compared, each with the question that asks for its value; else none."""
    ask = _ASKS.get(wanted.unit)
    found = _TWO.search(question)
    names = [name for name in found.groups() if name] if found else places.named(question)
    if ask is None or len(names) != 2:
        return ()
    return tuple((name.strip(" «»"), ask.format(name.strip(" «»"))) for name in names)


def compare(
    names: Sequence[str], ranked: Sequence[Sequence[Candidate]], wanted: Compared
) -> tuple[Quote, ...]:
    """The two sentences that give the values, after what can be said of them; none without both."""
    one, two = (
        _values(name, other, found, wanted.unit)
        for name, other, found in zip(names, reversed(names), ranked, strict=True)
    )
    if not one or not two:
        return ()
    pairs = [
        (at + behind, mine, his)
        for at, mine in enumerate(one)
        for behind, his in enumerate(two)
        if mine[1] == his[1] and (mine[1] or wanted.unit in _LASTING)
    ]
    if not pairs:
        return _under(messages.UNCOMPARED, one[0][2], two[0][2])
    _, (value, years, quote), (other, _, second) = min(pairs, key=lambda pair: pair[0])
    when = ", ".join(sorted(year[1:] for year in years))
    if value == other:
        return _under(messages.as_large(when), quote, second)
    largest = (value > other) is (wanted.sign > 0)
    name = names[0] if largest else names[1]
    first = (quote, second) if largest else (second, quote)
    return _under(messages.larger(name, when, most=wanted.sign > 0), *first)


def _under(note: str, one: Quote, two: Quote) -> tuple[Quote, ...]:
    return replace(one, before=f"\n{note}\n"), replace(two, before="\n")


def _values(
    name: str, other: str, ranked: Sequence[Candidate], unit: str
) -> list[tuple[Decimal, frozenset[str], Quote]]:
    """The values that sentences give of the first name alone, each with its years, best first."""
    mine, theirs = set(tokens(name)), set(tokens(other))
    found = []
    for candidate in ranked[:_DEPTH]:
        said = set(tokens(candidate.quote.text))
        if candidate.absence or candidate.passed or not mine <= said or theirs <= said:
            continue
        claims = read(canonical(candidate.quote.text))
        values = {claim.value for claim in claims if claim.unit == unit and claim.value is not None}
        years = {part for c in claims if c.kind is Kind.DATE for part in c.parts if part[:1] == "y"}
        if len(values) == 1:
            found.append((values.pop(), frozenset(years), candidate.quote))
    return found
