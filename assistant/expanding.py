"""Questions written for documents that no one wrote any for: asked of a model, judged, kept.

A question is kept when the search for it finds the passage that it was written of, the very
sentence comes first of all, and the decision finds it likely enough to answer. The model is
believed on none of these.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tqdm import tqdm

from assistant import routes
from assistant.context import Context
from assistant.errors import Cause, InputError, ModelFailed
from assistant.pipeline import Request, Stage, Way, mask, read, search, turn_away
from assistant.proof.evidence import testifies
from assistant.routes import Searched
from assistant.writing import questions
from assistant.writing.questions import Batch, Proposed, Unfit, batches, unfit
from assistant.writing.writer import Source
from corpus.questions import Expanded, Written
from index.conventions.amended import outdated
from index.generation import Generation
from index.passages import Passage

_FIRST = 5  # hits among which the passage must be: three in four of ours have theirs there
# Of the threshold: a model and the ranker that choose the same sentence, neither knowing the other,
# are two voices. Of 231 questions written for 160 passages of conventions, 97 are kept, 78 at the
# threshold; said of another sentence of their request, none of 231 is, either way (2026-11-30).
_SURELY = 0.5
_FAULTS = 3  # in a row, and a run ends
_WAITS = 10  # in a row on an endpoint that asks to slow down, a minute each at most
_NOT_FOUND = "la recherche ne trouve pas ce passage"
_ANOTHER = "une autre phrase y répondrait mieux"
_NOT_ANSWERED = "cette phrase n'y répond pas assez sûrement"
_TURNED_AWAY = "l'assistant ne la prendrait pas pour une question des documents"


@dataclass(slots=True)
class Run:
    """What a run did: passages given, and questions kept or left out (by reason), by document.

    `faults` are the causes of the calls that failed: their passages are not done.
    """

    passages: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    left: dict[str, Counter[str]] = field(default_factory=dict)
    faults: Counter[Cause] = field(default_factory=Counter)


def wanting(
    generation: Generation, done: Collection[str], documents: Sequence[str] = ()
) -> list[Passage]:
    """The passages that a model may be given: in French, in force, which no known question asks
    for; each wording once, of these documents or of all. Raises InputError for an unknown one."""
    for id in documents:
        if id not in generation.documents:
            raise InputError(
                f"« {id} » n'est pas un document de l'index. Il y a : "
                f"{', '.join(sorted(generation.documents))}."
            )
    asked = frozenset(fact for known in generation.known.questions for fact in known.facts)
    found: dict[str, Passage] = {}
    for passage in generation.passages:
        if (
            passage.digest not in done
            and asked.isdisjoint(passage.facts)
            and (not documents or passage.document_id in documents)
            and (generation.documents[passage.document_id].language or "fr") == "fr"
            and not outdated(passage)
            and testifies(passage)
        ):
            found.setdefault(passage.digest, passage)
    return list(found.values())


def judge(proposed: Proposed, context: Context) -> str | None:
    """Why a question is left out, in French; None for one to keep."""
    why = unfit(proposed.text, context.published())
    if why is not None:
        return why
    stage, way = Stage(context), Way(Request(proposed.text))
    for step in (mask, read, turn_away, search):
        way = step(way, stage)
        if way.ending is not None:
            return _TURNED_AWAY
    searched = way.route
    assert isinstance(searched, Searched)
    digest = proposed.passage.digest
    if all(hit.passage.digest != digest for hit in searched.found.hits[:_FIRST]):
        return _NOT_FOUND
    best = searched.ranked[0] if searched.ranked else None
    if best is None or (best.quote.passage.digest, best.order) != (digest, proposed.order):
        return _ANOTHER
    surer = replace(searched, likelihood=searched.likelihood / _SURELY)
    return None if routes.say_no(surer, context) is None else _NOT_ANSWERED


def expand(
    source: Source,
    passages: Iterable[Passage],
    context: Context,
    expanded: Expanded,
    *,
    wait: Callable[[float], None] = time.sleep,
    progress: bool = False,
) -> Run:
    """Have a model write of these passages, and keep what it wrote, a call after the other."""
    run, today = Run(), date.today().isoformat()
    known = set(expanded.texts)
    failed = 0
    for batch in tqdm(batches(passages), "Questions", unit="demande", disable=not progress):
        try:
            proposed = _written(source, batch, wait)
        except ModelFailed as failure:
            run.faults[failure.cause] += 1
            failed += 1
            if failed == _FAULTS or failure.cause in _FINAL:
                break
            continue
        failed = 0
        lines = []
        for one in proposed:
            if one.text in known:
                continue
            known.add(one.text)
            why = judge(one, context)
            lines.append(_line(one, source.model, today, why))
            document = one.passage.document_id
            run.kept[document] += why is None
            if why is not None:
                run.left.setdefault(document, Counter())[str(why)] += 1
        expanded.add([passage.digest for passage in batch.passages], lines)
        run.passages.update(passage.document_id for passage in batch.passages)
    return run


# What the next call would meet again, and the endpoint's « slow down » once it was waited for.
_FINAL = (Cause.DENIED, Cause.BUDGET, Cause.LIMITED, Cause.UNREACHABLE)


def _written(source: Source, batch: Batch, wait: Callable[[float], None]) -> list[Proposed]:
    """What is proposed of a batch; waits where the endpoint asks to slow down."""
    for _ in range(_WAITS):
        try:
            return questions.write(source, batch)
        except ModelFailed as failure:
            if failure.cause is not Cause.LIMITED:
                raise
            wait(failure.rest or 0.0)
    return questions.write(source, batch)


def _line(proposed: Proposed, model: str, today: str, why: str | None) -> Written:
    shown = questions.masked(proposed.text) if why in list(Unfit) else proposed.text
    return Written(
        kept=why is None,
        question=shown,
        sentence=proposed.sentence,
        register=proposed.register,
        document=proposed.passage.document_id,
        passage=proposed.passage.digest,
        model=model,
        date=today,
        why=why or "",
    )
