"""Who acts, and who holds which office: a person of the passages given another's place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.proof import paraphrases
from assistant.proof.alignment import keys_of, misplaced
from assistant.proof.statements import Spot, Statement
from index.french.analysis import fold


def actor(sentence: Statement, evidence: Statement) -> bool:
    """« le maire » where the passages only know the prefect."""
    actors = paraphrases.actors()
    return any(
        not actors[word.lemma] & evidence.lemmas for word in sentence.words if word.lemma in actors
    )


_TITLE = r"(?P<title>[a-zà-ÿ][\w-]+)"
_FULL_NAME = r"[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)? (?:Le |La )?[A-ZÀ-Þ][\w'-]+"
_NAME_THEN_TITLE = re.compile(
    rf"\b(?P<name>{_FULL_NAME})(?=,? (?:le |la |l'|notre |qui )?{_TITLE})"
)
_TITLE_THEN_NAME = re.compile(
    rf"\b(?:[Ll]e |[Ll]a |[Ll]')(?:\w+ )?{_TITLE}(?: (?:au|aux|de|d'|à la) ?[a-zà-ÿ]+)?,? "
    rf"(?P<name>{_FULL_NAME})"
)


def role(sentence: Statement, evidence: Statement) -> bool:
    """A person given the office of another."""
    theirs = list(_titles(evidence))
    for name, title in _titles(sentence):
        same = paraphrases.actors()[title]
        known = {other for whose, other in theirs if whose == name}
        holders = {whose for whose, other in theirs if other in same}
        if name in evidence.folded and holders | known and not known & same:
            return True
    return False


def _titles(statement: Statement) -> Iterator[tuple[str, str]]:
    """Each last name with an office that stands beside it."""
    for pattern in (_NAME_THEN_TITLE, _TITLE_THEN_NAME):
        for found in pattern.finditer(statement.text):
            title = fold(paraphrases.lemma(found["title"]))
            if title in paraphrases.actors():
                yield fold(found["name"].split()[-1]), title


def person(sentence: Statement, evidence: Statement) -> bool:
    """A person put where the passages put another: « Mme A est chargée des finances »."""
    mine, theirs = list(_people(sentence)), list(_people(evidence))
    for name, spot in mine:
        right = [place for other, place in theirs if name & other]
        wrong = [place for other, place in theirs if not name & other]
        keys = keys_of(sentence, spot, [place for _, place in mine if place != spot])
        own = {paraphrases.root(word) for word in name}
        keys = {key: weight for key, weight in keys.items() if key not in own}
        if right and misplaced(keys, right, wrong, evidence):
            return True
    return False


def _people(statement: Statement) -> Iterator[tuple[frozenset[str], Spot]]:
    """First and last names that no dictionary has, and where they stand: « Leïla Benamar »."""
    spots = {word.start: word.spot for word in statement.words}
    for found in re.finditer(rf"\b{_FULL_NAME}", statement.text):
        first, last = found[0].split()[0], found[0].split()[-1]
        if paraphrases.is_known(last) or ("-" not in first and paraphrases.is_known(first)):
            continue  # « Haute Bretagne », but « Claire Le Goff » too: better unsure than wrong
        if found.start() in spots:
            words = re.findall(r"[^\W\d_]{3,}", found[0])
            yield frozenset(map(fold, words)), spots[found.start()]
