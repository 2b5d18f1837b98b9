"""Sources that do not say the same of one thing.

Two sentences disagree for sure in two cases: our facts say that the sources contradict each other
there, or two publications say the same sentence with another figure or date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import messages
from assistant.proof.claims import Claim, Kind, read
from assistant.quoting.citations import Quote, behind
from corpus.documents import FICHES, NATURES, Document, Source
from index.french.analysis import fold, published, sentences, tokens
from index.french.numbers import canonical

_ALIKE = 0.6  # of the words of two sentences that say the same of one thing (a Dice)
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

    def of(self, quote: Quote) -> Source:
        """The publication that a quotation is of; of a summary, the best behind it."""
        document = self._document(quote)
        _, found = behind(quote.passage, document, quote.start, quote.end)
        return next(iter(found), Source(document.publisher, document.title, None, ""))

    def authority(self, quote: Quote) -> int:
        """Where who says it stands in NATURES: 0 for the law."""
        return NATURES.index(self.of(quote).nature)

    def dated(self, quote: Quote) -> str:
        return self.of(quote).date

    def prevails(self, quote: Quote, other: Quote) -> bool:
        """Whether a publication is to be believed rather than another: of a higher authority, or
        newer."""
        mine, theirs = self.authority(quote), self.authority(other)
        return mine < theirs or (mine == theirs and self.dated(quote) > self.dated(other))

    def is_fiche(self, quote: Quote) -> bool:
        return self._document(quote).kind in FICHES

    def _document(self, quote: Quote) -> Document:
        return self.documents[quote.passage.document_id]


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
    newer = sources.prevails(other, first)
    if sources.is_fiche(first) and sources.is_fiche(other):
        both = _share(_claims(first.text), _claims(other.text))
        newer = _is_kept(other) and not _is_kept(first) and not both
    top, under = (other, first) if newer else (first, other)
    said = messages.DIFFERENTLY
    if not sources.is_fiche(under):
        source = sources.of(under)
        older = "" < source.date < sources.dated(top)
        said = messages.otherwise(source, older=older)
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
    if _is_amended(first):
        return None
    return next(
        (
            other
            for other in found
            if other.passage.document_id != first.passage.document_id
            and not (sources.is_fiche(first) and sources.is_fiche(other))
            and not _is_amended(other)
            and alike(first.text, other.text)
            and _differ(_claims(first.text), _claims(other.text))
        ),
        None,
    )


def agree(one: Quote, other: Quote) -> bool:
    """Whether two sentences say the same: the same facts, or the same figures in like words."""
    if one.facts and one.facts == other.facts:
        return True
    first, second = (set(published(quote.text)) for quote in (one, other))
    alike = 2 * len(first & second) >= _ALIKE * (len(first) + len(second))
    return alike and _claims(one.text) == _claims(other.text)


def _is_amended(quote: Quote) -> bool:
    """Whether an avenant explains the difference: the answer says so in its own words."""
    return bool(quote.passage.superseded) or quote.passage.amends is not None


def alike(one: str, other: str) -> bool:
    """Whether two sentences say the same but for one figure or date."""
    first, second = ({t for t in tokens(text) if not t[0].isdigit()} for text in (one, other))
    if 2 * len(first & second) < _SAME * (len(first) + len(second)):
        return False
    return len({len(list(read(canonical(text)))) for text in (one, other)}) == 1
