"""Sources that do not say the same of one thing, and dates that are past.

Two sentences disagree for sure in two cases: our facts say that the sources contradict each other
there, or two publications say the same sentence with another figure or date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant import messages
from assistant.proof.claims import Claim, Kind, read
from assistant.quoting.citations import Quote
from corpus.days import MONTH, month
from corpus.documents import FICHES, Document
from index.french.analysis import fold, sentences, tokens
from index.french.numbers import canonical

_SAME = 0.8  # of the words of two sentences, figures apart (a Dice)
_KEPT = re.compile(
    r"(?<!pas celui )(?<!pas celle )\b(?<!plus )(?:a retenir|a jour|le plus recent|la plus recente|"
    r"officiel\w*|a privilegier)\b"
)
# The question asks for what was said then.
_THEN = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|\b(?:au depart|lancement|annonce\w*|prevus?|initial\w*|debut|"
    r"premiere|origine|d'abord|avant)\b"
)
# A sentence that sets one value against another.
_AGAINST = re.compile(r"\b(?:meme si|alors que|de preference|contre|autre|ancien\w*)\b")
_UNREAD = frozenset({Kind.NAME, Kind.ARTICLE, Kind.LINK, Kind.PHONE})


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known of them: the documents by id, the numbers of the facts that are contested."""

    documents: Mapping[str, Document]
    contested: frozenset[str]

    def dated(self, quote: Quote) -> str:
        document = self.documents[quote.passage.document_id]
        return document.updated or document.published

    def is_fiche(self, quote: Quote) -> bool:
        return self.documents[quote.passage.document_id].kind in FICHES


def with_others(
    quotes: Sequence[Quote], found: Sequence[Quote], question: str, sources: Sources
) -> tuple[Quote, ...]:
    """The quotations, and what disagrees with the first one: the newest or the official first.

    found       the sentences found, best first
    question    one that names a year asks for what was said then: nothing disagrees
    """
    if not quotes or _THEN.search(fold(question)):
        return tuple(quotes)
    first, *rest = quotes
    other = _contested(first, found, sources) or _published(first, found, sources)
    if other is None or any(_same_place(other, quote) for quote in quotes):
        return tuple(quotes)
    newer = sources.dated(other) > sources.dated(first)
    if sources.is_fiche(first):
        both = _share(_claims(first.text), _claims(other.text))
        newer = _is_kept(other) and not _is_kept(first) and not both
    top, under = (other, first) if newer else (first, other)
    said = messages.DIFFERENTLY
    if not sources.is_fiche(under):
        document = sources.documents[under.passage.document_id]
        older = sources.dated(under) < sources.dated(top)
        said = messages.otherwise(document.publisher, sources.dated(under), older=older)
    under = replace(under, before=f"\n{said} ")
    parted = [replace(rest[0], before="\n"), *rest[1:]] if rest and rest[0].before == " " else rest
    return (replace(top, before=first.before), under, *parted)


def _same_place(one: Quote, other: Quote) -> bool:
    """Whether two quotations share words."""
    inside = one.start < other.end and other.start < one.end
    return one.passage.id == other.passage.id and inside


def _is_kept(quote: Quote) -> bool:
    """Whether a fiche says that this is the value to keep."""
    return _KEPT.search(fold(quote.text)) is not None


# --- Facts that say that sources contradict each other


def _contested(first: Quote, found: Sequence[Quote], sources: Sources) -> Quote | None:
    """The sentence that states the same contested fact otherwise, or beside another value."""
    if not sources.contested:
        return None
    mine = _claims(first.text)
    facts = first.facts & sources.contested
    near = [Quote(first.passage, *span) for span in sentences(first.passage.text)]
    others = [
        other
        for other in [*near, *found]
        if other.text.endswith((".", "!", "…")) and not _same_place(other, first)
    ]
    told = [
        other
        for other in others
        if (there := other.facts & sources.contested)
        and _differ(mine, theirs := _claims(other.text))
        and (
            (there & facts and other.passage.id == first.passage.id)
            or (not facts and _share(mine, theirs) and _AGAINST.search(fold(other.text)))
        )
    ]
    return next(filter(_is_kept, told), told[0] if told else None)


Claims = frozenset[tuple[Kind, str, object]]


def _claims(text: str) -> Claims:
    """The figures of a sentence, or its dates when it has none."""
    claims = [claim for claim in read(canonical(text)) if claim.kind not in _UNREAD]
    figures = [claim for claim in claims if claim.kind is not Kind.DATE]
    return frozenset(map(_key, figures or claims))


def _key(claim: Claim) -> tuple[Kind, str, object]:
    return claim.kind, claim.unit, claim.parts if claim.value is None else claim.value


def _differ(mine: Claims, theirs: Claims) -> bool:
    """Whether they hold a value that mine do not, of a kind and unit that mine hold."""
    kinds = {(kind, unit) for kind, unit, _ in mine}
    return any((kind, unit) in kinds for kind, unit, _ in theirs - mine)


def _share(mine: Claims, theirs: Claims) -> bool:
    """Whether both hold one precise value: a day, or a number of three figures."""
    return any(
        len(value) == 3 if isinstance(value, frozenset) else abs(int(str(value).split(".")[0])) > 99
        for _, _, value in mine & theirs
    )


# --- Publications that say one sentence with another value


def _published(first: Quote, found: Sequence[Quote], sources: Sources) -> Quote | None:
    if sources.is_fiche(first) or _is_amended(first):
        return None
    return next(
        (
            other
            for other in found
            if other.passage.document_id != first.passage.document_id
            and not sources.is_fiche(other)
            and not _is_amended(other)
            and _alike(first.text, other.text)
            and _differ(_claims(first.text), _claims(other.text))
        ),
        None,
    )


def _is_amended(quote: Quote) -> bool:
    """Whether an avenant explains the difference: the answer says so in its own words."""
    return bool(quote.passage.superseded) or quote.passage.amends is not None


def _alike(one: str, other: str) -> bool:
    """Whether two sentences say the same but for one figure or date."""
    first, second = ({t for t in tokens(text) if not t[0].isdigit()} for text in (one, other))
    if 2 * len(first & second) < _SAME * (len(first) + len(second)):
        return False
    return len({len(list(read(canonical(text)))) for text in (one, other)}) == 1


# --- Dates that are past

_UNTIL = re.compile(
    rf"\b(?:jusqu'(?:au|en|a)|(?:prend|prendra) fin(?: le| en)?|expire(?:ra)?(?: le| en)?) "
    rf"(?:(?P<day>\d{{1,2}})(?:er)? )?(?:(?P<month>{MONTH}) )?(?P<year>20\d\d)\b"
)
# What was said of the past, or changed since, surprises nobody.
_TOLD = re.compile(
    r"\b(?:devai\w+|avai\w+|etai\w+|prevoyai\w+|d'abord|initial\w*|au depart|a l'origine|ancien\w*|"
    r"comptai\w+|fut|furent|aurait|de 20\d\d (?:a|jusqu)|mandat|ne (?:sont|est) plus)\b"
)


def past(text: str, today: date) -> str | None:
    """The day until which a sentence holds, in its words, when it is past; else None."""
    folded = fold(text)
    found = _UNTIL.search(folded)
    if found is None or _TOLD.search(folded):
        return None
    rank = month(found["month"]) if found["month"] else 12
    last = (int(found["year"]), rank, int(found["day"] or 31))
    if (today.year, today.month, today.day) <= last or len(folded) != len(text):
        return None
    start = min(found.start(n) for n in ("day", "month", "year") if found[n])
    return text[start : found.end()]
