"""What we say beside a quotation: where its dates stand today, and how old it is.

Never inside it: the words quoted stay those of the passage.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant import translations
from assistant.answers import Citation, Sentence, Standing, State
from assistant.privacy import people
from assistant.proof import entailment
from assistant.question.asking import Asked, Asking, bears
from assistant.quoting.validity import asks_the_end, latest, validity
from corpus.days import Day
from index.generation import Generation

# Years after which what a question asks for may have changed without a document saying so: how to
# reach someone, who holds an office, an amount. Other things (what a word means, which body a law
# names, how many signed) bear any age.
_BEARS = {
    **dict.fromkeys((Asked.PHONE, Asked.MAIL, Asked.HOURS, Asked.NAME), 2),
    **dict.fromkeys((Asked.STREET, Asked.MONEY, Asked.SHARE, Asked.AMOUNT), 3),
}
# What was done once stays as it was done: who signed, what was paid. A question says so by its
# tense, typed with its accents or not; a sentence that answers who, by its own, but for who was
# appointed.
_DONE = (
    r"\b(?:a|ont|avai(?:t|ent))(?:-t-(?:il|elle|on)|-(?:ils|elles))?(?: (?:été|ete|déjà|aussi))*"
    r" (?!(?:droit|lieu|plus|la|le|les|une?|des|ce|cet|cette|ces|sa|ses|son|votre|notre|leurs?|"
    r"quel\w*|qui|que|quoi|partir|côté|cote|{})\b)\w{{3,}}"
    r"(?:[ée]e?s?|er|ie?s?|u|ue|us|ues|it|ert|erte)\b"
)
_ASKED_OF_PAST = re.compile(
    _DONE.format("$^")
    + r"|\b(?:étai(?:t|ent)|etai(?:t|ent)|fut|furent|signataires?|was|were|did|signed|had)\b"
)
_WAS = re.compile(r"\b(?:étai(?:t|ent)|avai(?:t|ent)|devai(?:t|ent)|fut|furent)\b")
_CHANGES = re.compile(r"€|%|\b(?:euros?|pour cent|millions?|milliards?|habitants?)\b")
_PAST = re.compile(_DONE.format(r"(?:ré)?élue?s?|nommée?s?|désignée?s?|recrutée?s?"))
_ISO = re.compile(r"(20\d\d)(?:-(\d\d)(?:-(\d\d))?)?(?!\d)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def annotate(
    sentences: Sequence[Sentence],
    citations: Sequence[Citation],
    asked: Collection[Asking],
    generation: Generation,
    today: date | None,
    language: str,
) -> tuple[Sentence, ...]:
    """The sentences, each with what is to be said beside it; the same is said once, by the first
    that gives the day.

    asked    what the questions of the message ask for
    """
    if today is None:
        return tuple(sentences)
    cited = {citation.number: citation for citation in citations}
    ends = any(map(asks_the_end, asked))
    shown: list[Sentence] = []
    told: set[tuple[Standing | None, Day | None]] = {(None, None)}
    proved = [[cited[number] for number in sentence.citations] for sentence in sentences]
    read = [
        _standing(sentence, proofs, generation, today, ends)
        for sentence, proofs in zip(sentences, proved, strict=True)
    ]
    held = {
        standing
        for sentence, standing in zip(sentences, read, strict=True)
        if standing is not None and _is_held(standing, sentence.text)
    }
    for sentence, proofs, found in zip(sentences, proved, read, strict=True):
        standing = found if found in held else None
        dated = _old(sentence, proofs, asked, generation, today)
        if (standing, dated) not in told:
            told.add((standing, dated))
            remark = translations.remark(today, standing, dated, language)
            sentence = replace(sentence, remark=remark)
        shown.append(sentence)
    return tuple(shown)


def _standing(
    sentence: Sentence, proofs: Sequence[Citation], generation: Generation, today: date, ends: bool
) -> Standing | None:
    """Where it stands, when the sentence does not say so itself; what is open still, if asked."""
    found = validity(sentence.text, signed(proofs[0].passage_id, generation) if proofs else "")
    standing = found.on(today) if found is not None else None
    if standing is None or (standing.told and standing.is_past):
        return None
    return standing if ends or standing.state is not State.OPEN else None


# From which likelihood a date is taken for what the passage says of it: the figures below are of
# it. What a model wrote must be likelier: here the day itself was read in the text.
_LIKELY = 0.58


def _is_held(standing: Standing, text: str) -> bool:
    """Whether the sentence says so to the model that judges what is written too: « pour les années
    2020 à 2022 » of an inquiry ends nothing. What was reckoned (a school year's end) is not in it.

    Of 18 dates that hold and 4 that do not, 2026-11: 17 and 1 are said; as « La fin est le… », 8 of
    the 18. Of 14 of a town that was not looked at before, the 13 that are written in days.
    """
    name, exact = standing.day.said(), standing.day.precision == "day"
    until = f"jusqu'{'au' if exact else 'en'} {name}."
    match standing.state:
        case State.COMING:
            said = f"C'est à partir {'du' if exact else 'de'} {name}."
        case State.LIMIT | State.CLOSED:
            said = f"C'est possible {until}"
        case _:
            said = f"Cela vaut {until}"
    text = " ".join(text.split())
    return name not in text or entailment.likelihood([text], said) >= _LIKELY


def signed(passage_id: str, generation: Generation) -> str:
    """The ISO day on which the document of a passage was signed; "" for none."""
    about = generation.documents[generation.by_id[passage_id].document_id].convention
    return about.signed if about is not None else ""


def _old(
    sentence: Sentence,
    proofs: Sequence[Citation],
    asked: Collection[Asking],
    generation: Generation,
    today: date,
) -> Day | None:
    """Of when a sentence that bears what is asked for is, when that is too long ago."""
    bearing = [
        a.kind
        for a in asked
        if bears(a.kind, sentence.text, (), absence=False) and _changes(a, sentence.text)
    ]
    years = min((_BEARS[kind] for kind in bearing if kind in _BEARS), default=None)
    if years is None or _YEAR.search(sentence.text):  # the sentence gives its date
        return None
    days = [day for proof in proofs for day in _dated(proof, generation)]
    newest = max(days, key=lambda day: day.last, default=None)
    limit = today.replace(year=today.year - years, day=min(today.day, 28))
    return newest if newest is not None and newest.last < limit else None


def _changes(asked: Asking, text: str) -> bool:
    """Whether what is asked may change, and was not done once."""
    said = text.lower()
    if _ASKED_OF_PAST.search(asked.text.lower()) or _WAS.search(said):
        return False
    if asked.kind is Asked.NAME:  # somebody, not a body
        return _PAST.search(said) is None and next(people.find(text), None) is not None
    return asked.kind is not Asked.AMOUNT or _CHANGES.search(said) is not None


def _dated(proof: Citation, generation: Generation) -> Iterator[Day]:
    """Of when a citation is: as its headings say, else as each of its sources does."""
    headings = generation.by_id[proof.passage_id].headings_at(proof.start)
    if (day := latest(" \n".join(headings))) is not None:
        yield day
        return
    for source in proof.sources:  # « 2016-07 », « 2021-2022, 2022 »
        for found in _ISO.finditer(source.date):
            if (day := Day.of(*(int(part) for part in found.groups() if part))) is not None:
                yield day
