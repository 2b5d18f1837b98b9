"""Whether a list of communes answers for each of them, and for no other.

    PYTHONPATH=. python benchmarks/lists.py LIST.csv COLUMN [OTHERS.csv COLUMN]

Asks the assistant that the environment describes (its catalogue names LIST) about every name of
LIST, then about those of OTHERS, in a form of question drawn at random; a quarter is typed without
capitals nor accents, a tenth with a slip.
"""

from __future__ import annotations

import csv
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

from assistant.assembly import assemble
from assistant.settings import Settings
from index.french.analysis import fold
from index.stores.register import name_words

FORMS = (
    "Est-ce que {} est une petite ville de demain ?",
    "{} fait-elle partie de PVD ?",
    "{} est-elle dans le programme Petites villes de demain ?",
    "La commune de {} fait-elle partie du programme ?",
    "Bonjour, est-ce que {} est retenue dans Petites villes de demain ? Merci",
    "{} a-t-elle été retenue dans PVD ?",
    "Je voudrais savoir si {} est labellisée petite ville de demain",
    "Est-ce que la ville de {} bénéficie du programme PVD ?",
    "{} est PVD ?",
    "{} figure-t-elle dans la liste des petites villes de demain ?",
)


def names(path: Path, column: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = (row[column] for row in csv.DictReader(file))
        return list(
            dict.fromkeys(re.sub(r"^\d[\dAB]\d? - |\s*\(.*\)$", "", name) for name in found)
        )


def typed(name: str, form: str, rng: random.Random, slips: bool) -> tuple[str, str]:
    """The question, and how it was typed."""
    way = rng.random()
    if slips and way < 0.1 and len(name) > 6:
        place = rng.randrange(1, len(name) - 1)
        wrong = (
            name[:place] + name[place + 1 :]
            if way < 0.05
            else (name[:place] + name[place + 1] + name[place] + name[place + 2 :])
        )
        if name[place].isalpha() and name[place + 1].isalpha() and fold(wrong) != fold(name):
            return form.format(wrong), "slip"
    if way < 0.35:
        return fold(form.format(name)).replace("-", " "), "plain"
    return form.format(name), "as written"


def main() -> None:
    assistant = assemble(Settings())
    rng = random.Random(20261122)
    listed = names(Path(sys.argv[1]), sys.argv[2])
    known = {tuple(name_words(name)) for name in listed}
    groups = [("listed", listed)]
    if len(sys.argv) > 3:
        others = [
            n for n in names(Path(sys.argv[3]), sys.argv[4]) if tuple(name_words(n)) not in known
        ]
        groups.append(("others", others))
    for group, asked in groups:
        counts: dict[str, Counter[str]] = {}
        seconds, wrong = [], []
        for name in asked:
            question, how = typed(name, rng.choice(FORMS), rng, group == "listed")
            started = time.perf_counter()
            answer = assistant.answer(question)
            seconds.append(time.perf_counter() - started)
            rows = {
                re.sub(r"\s*\([^()]*\)", "", c.headings[-1])
                for c in answer.citations
                if c.passage_id.rpartition("#")[0] in _lists(assistant)
            }
            near = {re.sub(r"\s*\([^()]*\)", "", c.headings[-1]) for c in answer.nearest}
            ending = (
                "right row"
                if rows == {name}
                else "another row"
                if rows
                else f"{answer.outcome}, its row shown apart"
                if near == {name}
                else f"{answer.outcome}"
            )
            counts.setdefault(how, Counter())[ending] += 1
            if ending != "right row" and (group == "listed" or rows or answer.citations):
                wrong.append(f"    {question} -> {ending} {sorted(rows)} {answer.text[:90]!r}")
        seconds.sort()
        print(
            f"{group}: {len(asked)}, p50 {seconds[len(seconds) // 2] * 1000:.0f} ms,"
            f" p95 {seconds[int(len(seconds) * 0.95)] * 1000:.0f} ms"
        )
        for how, endings in sorted(counts.items()):
            print(f"  {how}: {dict(endings.most_common())}")
        print("\n".join(wrong[:60]))


def _lists(assistant: object) -> set[str]:
    documents = assistant.retriever.generation.documents  # type: ignore[attr-defined]
    return {id for id, document in documents.items() if document.kind == "csv"}


if __name__ == "__main__":
    main()
