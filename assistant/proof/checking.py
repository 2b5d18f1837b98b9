"""Whether a written sentence says only what its passages say.

What is exact is ruled: figures, dates, articles, names and links stand in the passages, joined as
they are there, and a duty is none of « peut ». The rest is judged by a model (entailment). Measured
on 400 sentences of a hand that had seen neither, and on pairs of ours (tests/quality/test_proof.py
and test_pairs.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from assistant.proof import entailment, paraphrases
from assistant.proof.alignment import kin
from assistant.proof.claims import Kind
from assistant.proof.coverage import spelled_out, unstated
from assistant.proof.modality import changes_mode
from assistant.proof.pairing import is_mispaired
from assistant.proof.statements import (
    Statement,
    Word,
    of_passage,
    statement,
    tongue,
    tongue_of_passage,
)
from index.french import analysis
from index.french.analysis import ACRONYMS


class Lack(StrEnum):
    """What is wrong when all that is checkable stands in the passages."""

    PAIRING = "pairing"  # a figure is there, of another thing
    MODALITY = "modality"  # « doit » where it says « peut »
    LANGUAGE = "language"  # no passage speaks the sentence's
    CONTENT = "content"


Reason = Kind | Lack  # why a sentence is not supported: what is unstated, or else


# Fitted on the fit pairs of tests/data/checking.jsonl, 2026-11, with the words that the last pairs
# taught left out: at .25, 2 points fewer true sentences are kept; at .45, 5 points more of the
# unsupported get through.
_SHARE = 0.33  # of what a sentence says, words and figures, that may be new when two words are
_ALONE = 0.5  # and when one word is
_TAIL = 0.75  # of the words of one part: « ..., en présence de la presse »
_TAUGHT = "fr"  # the language of the pairs that the model was taught
_LONGEST = 1000  # characters: no sentence is longer, and none is worth the time
_MARK = re.compile(r"\s*\[\d+(?:[,;] ?\d+)*\]")
_PART = re.compile(
    r"(?:(?!\b(?:et|mais|ou|qui|que|dont|pour|afin|avec|parce|car|grâce|selon|si|lorsque|quand|"
    r"après|avant|depuis|devant)\b)[^.;:!?…,()\n])+"
)


def unsupported(
    sentence: str, passages: Sequence[str], acronyms: Mapping[str, str] = ACRONYMS
) -> Reason | None:
    """Why `sentence` is not supported by the passages it cites; None when it is.

    sentence   as written; its marks « [1] », « [2, 3] » are not read
    passages   the texts cited, headings included, a heading a line
    acronyms   folded, with what each stands for; a corpus adds those of its glossary
    """
    if reason := misstated(sentence, passages, acronyms):
        return reason
    likely = likelihood(sentence, passages, acronyms)
    return None if likely >= entailment.model().threshold else Lack.CONTENT


def likelihood(
    sentence: str, passages: Sequence[str], acronyms: Mapping[str, str] = ACRONYMS
) -> float:
    """How likely it is (0..1) that the passages say a sentence in which nothing exact is wrong.

    1.0 for a sentence of theirs, word for word; 1.0 or 0.0, by its words, for one in English.
    """
    said = _MARK.sub("", sentence).strip()
    told = _of_tongue(said, passages)
    if any(_is_of(said, passage) for passage in told):
        return 1.0
    if tongue(said) != _TAUGHT:
        return 1.0 - _is_new(statement(said), of_passage("\n".join(told)), acronyms)
    return entailment.likelihood([*told, *_meanings(said, acronyms)], said)


def misstated(
    sentence: str, passages: Sequence[str], acronyms: Mapping[str, str] = ACRONYMS
) -> Reason | None:
    """What is exact and wrong in a sentence: a figure, a date, an article, a name, a link that its
    passages do not have, or have of something else. None when nothing is."""
    sentence = _MARK.sub("", sentence)
    if not sentence.strip() or len(sentence) > _LONGEST or not passages:
        return Lack.CONTENT
    told = _of_tongue(sentence, passages)
    if not told:
        return Lack.LANGUAGE
    said, evidence = statement(sentence), of_passage("\n".join(told))
    if claim := unstated(said, evidence, acronyms):
        return claim.kind
    if is_mispaired(said, evidence):
        return Lack.PAIRING
    return Lack.MODALITY if changes_mode(said, evidence) else None


def _is_of(said: str, passage: str) -> bool:
    """Whether it is a sentence of the passage, word for word."""
    whole = _level(said)
    return any(_level(passage[start:end]) == whole for start, end in analysis.sentences(passage))


def _level(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _meanings(sentence: str, acronyms: Mapping[str, str]) -> list[str]:
    """What the acronyms of a sentence stand for, as passages would say it."""
    held = set(analysis.tokens(sentence))
    return [f"{name.upper()} : {meant}." for name, meant in acronyms.items() if name in held]


def _of_tongue(sentence: str, passages: Sequence[str]) -> list[str]:
    """The passages in the language of a sentence."""
    spoken = tongue(sentence)
    return [passage for passage in passages if tongue_of_passage(passage) == spoken]


def supporting(sentence: str, passage: str) -> tuple[int, int]:
    """The stretch of `passage` to quote behind `sentence`: as few whole sentences as hold it.

    At most three in a row; the shortest, then the first, of equals. (0, 0) when the passage has
    no word.
    """
    wanted = _wanted(statement(_MARK.sub("", sentence)))
    spans = analysis.sentences(passage)
    held = [_held(wanted, of_passage(passage[start:end])) for start, end in spans]
    best, found = (-1.0, 0), (0, 0)
    for first in range(len(spans)):
        for last in range(first, min(first + 3, len(spans))):
            start, end = spans[first][0], spans[last][1]
            weight = _together(held[first : last + 1]) - _LONGER * (last - first)
            if (weight, start - end) > best:
                best, found = (weight, start - end), (start, end)
    return found


_LONGER = 0.9  # a sentence more must bring more than a light word
_SYNONYM = 0.9  # of the word itself


def _wanted(said: Statement) -> dict[str, float]:
    """What a quotation should hold, by name, with its weight; a light word weighs half."""
    return {
        key.name: key.weight / 2 if paraphrases.is_light(key.name) else key.weight
        for key in said.keys
    }


def _held(wanted: Mapping[str, float], stretch: Statement) -> dict[str, float]:
    names = {key.name for key in stretch.keys}
    return {
        name: weight if name in names else weight * _SYNONYM
        for name, weight in wanted.items()
        if name in names or paraphrases.same(name) & names
    }


def _together(stretches: Sequence[Mapping[str, float]]) -> float:
    best: dict[str, float] = {}
    for held in stretches:
        best |= {name: max(weight, best.get(name, 0.0)) for name, weight in held.items()}
    return sum(best.values())


def _is_new(said: Statement, evidence: Statement, acronyms: Mapping[str, str]) -> bool:
    """Whether too much of what the sentence says is nowhere in the evidence."""
    strong = [word for word in said.words if word.plain and not paraphrases.is_light(word.root)]
    strong = [word for word in strong if not word.folded.isdigit()]
    if not strong and not said.claims:
        return True  # « Oui. »: nothing that could be supported
    new = _absent(strong, said, evidence, acronyms)
    figures = sum(claim.kind is not Kind.NAME for claim in said.claims)
    least = _SHARE if len(new) >= 2 else _ALONE
    return bool(new) and (
        len(new) >= least * (len(strong) + figures) or _has_new_part(said, strong, new)
    )


def _absent(
    strong: Sequence[Word], said: Statement, evidence: Statement, acronyms: Mapping[str, str]
) -> list[Word]:
    known = evidence.roots | set(
        analysis.expansions([word.root for word in evidence.words], acronyms)
    )
    spelled = spelled_out(said, evidence)
    return [
        word
        for word in strong
        if word.start not in spelled
        and not paraphrases.same(word.root) & known
        and not any(kin(word.root, other) for other in known)
    ]


def _has_new_part(said: Statement, strong: Sequence[Word], new: Sequence[Word]) -> bool:
    starts = {word.start for word in new}
    for part in _PART.finditer(said.text):
        inside = [word for word in strong if part.start() <= word.start < part.end()]
        missing = sum(word.start in starts for word in inside)
        if missing >= 2 and missing >= _TAIL * len(inside):
            return True
    return False
