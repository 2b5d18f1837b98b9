"""Whether a question names the subject of the assistant, in words that only it has."""

from __future__ import annotations

import re

from index.french.analysis import fold

# A word of the subject: with one of these a question is never off-topic by its other words.
SUBJECT = re.compile(
    r"\b(?:"
    + "|".join(
        (
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
            r"vhbc",
            r"vallons",
            r"aec",
            r"cdac",
            r"coeur de ville",
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
            r"52 actions",
            r"prefet",
            r"senat\w*",
        )
    )
    + r")\b"
)


def names_subject(question: str) -> bool:
    """Whether a question has a word that only the subject has: PVD, ORT, Denormandie…"""
    return SUBJECT.search(fold(question)) is not None
