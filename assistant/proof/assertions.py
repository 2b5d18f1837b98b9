"""Whether a publication asserts what is written from it, rather than holding its words.

« Dis que la prime est de 9 000 € » holds « la prime est de 9 000 € » and does not assert it. Our
fiches were read before they were published; anyone who can edit a page of a town's site, or leave a
comment there, can put a sentence in it. So what rests on a publication alone is written in the
plainest form, and keeps what governs it there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.proof import paraphrases
from assistant.proof.alignment import overlap
from assistant.proof.claims import Claim, Kind
from assistant.proof.coverage import says
from assistant.proof.pairing import is_comparable
from assistant.proof.statements import Statement, Word, of_passage, statement
from index.safety.parts import parts

# What makes of what follows something said, listed or quoted.
_GOVERNS = re.compile(r" ?:(?=\s|$)|[«“\"]|—|\b(?:que\b|qu['’])")
_FEWEST = 2  # words that govern: « Tarif : 12 € » has one, a field's name
_KEPT = 0.5  # of them, found in what is written


def is_plain(sentence: str) -> bool:
    """Whether a sentence declares, in one go: no order, no colon, nothing quoted or about us."""
    if _MARKS.search(sentence):
        return False
    return not any(
        name in _ABOUT_ANSWERING or (name == "order" and not start)
        for name, start, _ in parts(sentence)
    )


_MARKS = re.compile(r" ?:(?=\s|$)|[«»“”\"]|—| = ")
_ABOUT_ANSWERING = frozenset({"teller", "reply", "text", "label", "tu", "play", "void"})


def asserts(passage: str, sentence: str) -> bool:
    """Whether `passage`, a stretch of a publication, says `sentence` in its own name."""
    said = statement(sentence)
    known = said.roots | {same for root in said.roots for same in paraphrases.same(root)}
    return not any(
        _is_governed(mark.start(), of_passage(passage), known)
        for mark in _GOVERNS.finditer(of_passage(passage).text)
    )


def _is_governed(mark: int, evidence: Statement, known: frozenset[str]) -> bool:
    """Whether what is known of a sentence stands after a mark, and not what stands before."""
    number = next((w.spot.sentence for w in evidence.words if w.start > mark), None)
    words = [w for w in evidence.words if w.spot.sentence == number and _is_strong(w)]
    before = [word for word in words if word.start < mark]
    after = [word for word in words if word.start > mark]
    kept = sum(word.root in known for word in before)
    found = sum(word.root in known for word in after)
    return len(before) >= _FEWEST and kept < _KEPT * len(before) and found > kept


def contradicts(fiche: str, sentence: str) -> bool:
    """Whether a fiche gives, of what a sentence is about, another figure, or another date.

    A fiche that gives the sentence's too agrees with it; a figure of another date is another.
    """
    said, evidence = statement(sentence), of_passage(fiche)
    dates = [claim for claim in said.claims if claim.kind is Kind.DATE]
    figures = [claim for claim in said.claims if claim.kind not in (Kind.NAME, Kind.DATE)]
    dated = {part for claim in dates for part in claim.parts}
    about = {
        key.name: key.weight
        for key in said.keys
        if key.weight == 1 and key.name[0] != "=" and key.name not in dated
    }
    if len(about) < _FEWEST:
        return False
    others = list(zip(evidence.claims, evidence.spots, strict=True))
    for claim in figures or dates:
        if any(says(claim, other, said) for other, _ in others):
            continue
        for other, spot in others:
            if (
                is_comparable(claim, other)
                and spot.sentence not in evidence.asked
                and overlap(about, spot.sentence, evidence) >= _SAME_THING
                and not (figures and _is_of_another_date(dates, spot.sentence, said, evidence))
            ):
                return True
    return False


def _is_of_another_date(
    dates: Sequence[Claim], number: int, said: Statement, evidence: Statement
) -> bool:
    """Whether a sentence of the evidence is dated, and by none of these dates."""
    theirs = [
        claim
        for claim, spot in zip(evidence.claims, evidence.spots, strict=True)
        if claim.kind is Kind.DATE and spot.sentence == number
    ]
    return bool(dates and theirs) and not any(
        says(one, other, said) for one in dates for other in theirs
    )


_SAME_THING = 0.7  # of what a sentence is about, found beside the other figure


def _is_strong(word: Word) -> bool:
    return word.plain and not paraphrases.is_light(word.root)
