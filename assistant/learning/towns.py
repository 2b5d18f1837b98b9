"""Documents of which nobody asked before, and questions with the sentences that answer them.

A folder holds the catalogue of a town, the pages of several invented ones, and asked.jsonl: a
question, the document it is asked of, and the sentences that answer it, [] where none does. A row
of a table is given by its cells, « Foncier bâti | 41,20 % ».
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from tqdm import tqdm

from assistant.answers import CITING
from assistant.assembly import Assistant, assemble, build
from assistant.context import Context
from assistant.deciding.answerability import Town
from assistant.learning import examples
from assistant.learning.examples import Asked, Example, Hidden
from assistant.pipeline import Request, Stage, run
from assistant.settings import Settings
from index.french.analysis import tokens


def questions(folder: Path) -> list[Asked]:
    """The questions of a folder, in order."""
    lines = (folder / "asked.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Asked(
            " ".join(record["question"].split()),
            frozenset(record["answers"]),
            record["document"],
            record["register"],
            "en" if record["register"] == "english" else "fr",
            document=record["document"],
        )
        for record in map(json.loads, lines)
    ]


def opened(folder: Path, var: Path) -> Assistant:
    """The assistant of a folder's town, its index built in `var`."""
    settings = Settings(catalogue=folder / "catalogue.toml", var=var, journal_days=0)
    build(settings)
    return assemble(settings)


def searched(folder: Path, context: Context) -> Iterator[Example]:
    """Each question searched in its document alone, then beside the national fiches and what is
    known to be asked of them."""
    asked = questions(folder)
    for document, each in groupby(asked, key=lambda one: one.document):
        mine = list(each)
        yield from examples.searched(mine, town(context, document, frozenset()), [Hidden.ALL])
        yield from examples.searched(mine, town(context, document), [Hidden.ITSELF])


def strange(folder: Path, asked: Sequence[Asked], context: Context) -> Iterator[Example]:
    """Questions that no document answers, each searched in one of them alone, in turn: among a few
    sentences one is always the nearest."""
    documents = list(dict.fromkeys(one.document for one in questions(folder)))
    for at, document in enumerate(documents):
        mine = asked[at :: len(documents)]
        yield from examples.searched(mine, town(context, document, frozenset()), [Hidden.ALL])


def measured(asked: Iterable[Asked], context: Context) -> dict[str, float]:
    """What becomes of questions, each asked of its town beside the national fiches: `right` and
    `wrong` of those that have an answer, `refused` of those that have none, `first` of the answers
    shown to the former, those whose first sentence says it."""
    ended: dict[bool, list[tuple[bool, bool, bool]]] = {True: [], False: []}
    for one in tqdm(list(asked), unit="question"):
        answer, _ = run(Request(one.text), Stage(town(context, one.document)))
        shown = answer.outcome in CITING
        says = [one.holds(citation.quote) for citation in answer.citations] if shown else []
        ended[bool(one.facts)].append((shown, any(says), bool(says) and says[0]))
    asking, refusing = ended[True], ended[False]
    return {
        "right": sum(right for _, right, _ in asking) / len(asking),
        "wrong": sum(shown and not right for shown, right, _ in asking) / len(asking),
        "first": sum(f for _, _, f in asking) / max(sum(shown for shown, _, _ in asking), 1),
        "refused": sum(not shown for shown, *_ in refusing) / len(refusing),
    }


def town(context: Context, document: str, among: frozenset[str] | None = None) -> Context:
    """The context of the town that published a document, which is all that it published.

    among    the documents that are read besides, the national fiches by default
    """
    generation = context.generation
    read = {document, *(_national(context) if among is None else among)}
    hidden = (n for n, p in enumerate(generation.passages) if p.document_id not in read)
    name = generation.documents[document].publisher
    ours = Town(frozenset(tokens(name)))
    return replace(context, home=(name,), town=ours, hidden=frozenset(hidden))


def _national(context: Context) -> frozenset[str]:
    documents = context.generation.documents.items()
    return frozenset(id for id, document in documents if document.kind != "page")
