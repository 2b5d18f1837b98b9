"""Whether a question names the subject of the assistant, in words that only it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar

from index.french.analysis import fold, tokens

# A word of the subject: with one of these a question is never off-topic by its other words.
_SHARED = (
    r"pvd",
    r"petites? villes? de demain",
    r"anct",
    r"ort",
    r"revitalisation",
    r"conventions?(?! collectives?)",
    r"conventionne\w*",
    r"denormandie",
    r"opah(?:[ -]ru)?",
    r"anah",
    r"crte",
    r"aec",
    r"cdac",
    r"(?:action )?coeur de ville",
    r"villages d'avenir",
    r"france services?",
    r"programme(?! (?:tele|tv|du cinema|scolaire|de maths|informatique|en python))",
    r"avenant\w*",
    r"preemption",
    r"abandon manifeste",
    r"zrcv",
    r"maprime\w*",
    r"pass commerce",
    r"subvention\w*",
    r"cohesion",
    r"cheffe? de projet",
    r"manager",
    r"diif",
    r"vir",
    r"centre[ -]?(?:ville|bourg)s?",
    r"prefet",
    r"senat\w*",
)


def _compiled(own: Iterable[str] = ()) -> re.Pattern[str]:
    named = "|".join(map(re.escape, own)) or "$^"
    return re.compile(rf"\b(?:(?P<town>{named})|{'|'.join(_SHARED)})\b")


_USUAL = _compiled()
# Those of the town that answers in this thread: a process may have several.
_subject: ContextVar[re.Pattern[str]] = ContextVar("subject")


# What the law calls a group of communes: no name of one.
_KIND = r"(?:communaute|metropole|agglomeration|communes|urbaine)\b"
_GROUP = re.compile(rf"^(?:(?:{_KIND}|\bd(?:e(?: la)?|u|es)\b|\bd')\W*)+|\W*\b{_KIND}$")


def of(intercommunality: str, acronyms: Mapping[str, str]) -> re.Pattern[str]:
    """The words of the subject, the names of a town's intercommunality among them.

    acronyms    what those of the corpus stand for: its own may be one
    """
    whole = set(tokens(intercommunality))
    short = [word for word, meaning in acronyms.items() if whole and set(tokens(meaning)) >= whole]
    name = _GROUP.sub("", fold(intercommunality)).strip()
    return _compiled(filter(None, (name, *short)))


def speak(subject: re.Pattern[str]) -> None:
    """Read with these words what follows in this thread."""
    _subject.set(subject)


def named(folded: str) -> Iterator[re.Match[str]]:
    """The words of the subject that a folded text has, in order; the group « town » is what names
    the town's intercommunality."""
    return _subject.get(_USUAL).finditer(folded)


def names_subject(question: str) -> bool:
    """Whether a question has a word that only the subject has: PVD, ORT, Denormandie…"""
    return _subject.get(_USUAL).search(fold(question)) is not None
