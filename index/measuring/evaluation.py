"""How well the search alone finds what is right, whichever way the question is typed.

Answers are measured elsewhere (evaluation): here a question has a ranking, not an answer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from tqdm import tqdm

from index import build
from index.encoder.embedding import Embedder
from index.errors import SearchError
from index.generation import Generation
from index.measuring.judged import Asked, Folder, Judged
from index.measuring.noise import vary
from index.passages import Hit
from index.search.retriever import Retriever

MEASURES = ("hit@1", "hit@5", "recall@5", "mrr@10", "ndcg@10")
MAIN = "ndcg@10"  # the measure that intervals and worst questions go by

_CUT = 10  # no measure looks further; also what the assistant itself asks for, so what is timed
_DEEPER = (30, 100, 600)  # ten documents may stand behind more passages; no search gives more
_WARM_UP = 5  # searches before the first that is timed: caches and files are cold
_RESAMPLES = 2000
_SEED = 4


@dataclass(frozen=True, slots=True)
class Result:
    """What one question, typed one way, found.

    `found`: the best passage of each unit found, best first, ten at most. `ms`: of the search for
    ten passages, one question at a time.
    """

    set: str
    variant: str
    id: str
    kind: str
    question: str
    relevant: tuple[str, ...]
    found: tuple[str, ...]
    measures: Mapping[str, float]
    ms: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The mean measures of some results, and a 95 % interval of MAIN."""

    questions: int
    measures: Mapping[str, float]
    low: float
    high: float
    p50_ms: float
    p95_ms: float


@contextmanager
def opened(folder: Folder, embedder: Embedder, *, progress: bool = False) -> Iterator[Retriever]:
    """The search over a generation made of a judged folder, thrown away at the end."""
    with TemporaryDirectory(prefix="assistant-evaluate-") as scratch:
        build.make(Path(scratch), folder.documents, folder.passages, embedder, progress=progress)
        generation = Generation(Path(scratch), embedder)
        try:
            yield Retriever(generation)
        finally:
            generation.close()


def run(
    judged: Judged, retriever: Retriever, variants: Sequence[str], *, progress: bool = False
) -> list[Result]:
    """Search every question typed in every way, variant after variant."""
    for question in judged.questions[:_WARM_UP]:
        retriever.search(question.text, _CUT, language="fr")
    bar = tqdm(
        total=len(variants) * len(judged.questions),
        desc=f"Recherches ({judged.name})",
        unit="question",
        disable=not progress,
    )
    results = []
    with bar:
        for variant in variants:
            results += _run(judged, retriever, variant, bar)
    return results


def _run(judged: Judged, retriever: Retriever, variant: str, bar: tqdm[Any]) -> list[Result]:
    typed, found, ms = {}, {}, {}
    for question in judged.questions:
        typed[question.id] = vary(question.text, variant)
        found[question.id], ms[question.id] = _search(judged, retriever, typed[question.id])
        bar.update()
    measured = measure(
        judged.relevant,
        {id: [judged.unit(passage) for passage in passages] for id, passages in found.items()},
    )
    return [
        Result(
            set=judged.name,
            variant=variant,
            id=question.id,
            kind=question.kind,
            question=typed[question.id],
            relevant=_relevant(judged, question),
            found=tuple(found[question.id]),
            measures=measured[question.id],
            ms=ms[question.id],
        )
        for question in judged.questions
    ]


def _relevant(judged: Judged, question: Asked) -> tuple[str, ...]:
    grades = judged.relevant[question.id]
    return tuple(sorted((unit for unit in grades if grades[unit] > 0), key=lambda u: -grades[u]))


def _search(judged: Judged, retriever: Retriever, question: str) -> tuple[list[str], float]:
    """The best passage of each of ten units, best first, and the milliseconds of ten passages."""
    started = time.perf_counter()
    hits = retriever.search(question, _CUT, language="fr").hits
    ms = 1000 * (time.perf_counter() - started)
    for deeper in _DEEPER:
        best = _best(judged, hits)
        if len(best) >= _CUT or len(best) == len(hits):
            break
        hits = retriever.search(question, deeper, language="fr").hits
    return list(_best(judged, hits).values())[:_CUT], ms


def _best(judged: Judged, hits: Sequence[Hit]) -> dict[str, str]:
    """What is judged -> its best passage, best first."""
    best: dict[str, str] = {}
    for hit in hits:
        best.setdefault(judged.unit(hit.passage.id), hit.passage.id)
    return best


def measure(
    relevant: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Every measure of each judged question; 0 for one that found nothing.

    relevant    question id -> what is judged -> its grade
    ranked      question id -> what was found, best first, each once
    """
    named = _named()
    measured = {question: dict.fromkeys(MEASURES, 0.0) for question in relevant}
    if not relevant:
        return measured
    import ir_measures

    run = {
        question: {unit: float(-rank) for rank, unit in enumerate(units)}
        for question, units in ranked.items()
        if units
    }
    for metric in ir_measures.iter_calc(list(named), relevant, run):
        measured[metric.query_id][named[metric.measure]] = float(metric.value)
    return measured


def require() -> None:
    """Raise SearchError, with the remedy, where ir-measures is not installed."""
    _named()


def _named() -> dict[Any, str]:
    """ir-measures' own measures, by the names of MEASURES."""
    try:
        from ir_measures import RR, R, Success, nDCG
    except ImportError as error:
        raise SearchError(
            "« assistant evaluate » a besoin d'ir-measures : lancez « make test » une fois, ou "
            "« pip install -r requirements-models.lock »."
        ) from error
    return dict(zip((Success @ 1, Success @ 5, R @ 5, RR @ 10, nDCG @ 10), MEASURES, strict=True))


def summarise(results: Sequence[Result]) -> Summary:
    """The means of some results, at least one."""
    low, high = interval([result.measures[MAIN] for result in results])
    p50, p95 = np.percentile([result.ms for result in results], [50, 95])
    return Summary(
        len(results),
        {name: float(np.mean([r.measures[name] for r in results])) for name in MEASURES},
        low,
        high,
        float(p50),
        float(p95),
    )


def interval(values: Sequence[float], level: float = 95.0) -> tuple[float, float]:
    """The interval of the mean of `values`, by bootstrap: drawn again 2,000 times, seeded.

    Given the differences of two runs over the same questions, it is the paired bootstrap.
    """
    array = np.asarray(values)
    random = np.random.default_rng(_SEED)
    means = [array[random.integers(len(array), size=len(array))].mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, [50 - level / 2, 50 + level / 2])
    return float(low), float(high)


def worst(results: Sequence[Result], count: int) -> list[Result]:
    """The results that found least, worst first; equals in the order of their questions."""
    return sorted(results, key=lambda result: result.measures[MAIN])[:count]
