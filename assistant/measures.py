"""`assistant evaluate --retrieval`: the search alone, over judged folders and our own questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import InputError
from assistant.evaluation import UNCOUNTED, Question, read_questions
from assistant.settings import Settings
from index import judged
from index.embedding import load as load_embedder
from index.evaluation import MAIN, MEASURES, Result, interval, opened, run, summarise, worst
from index.generation import Generation, live
from index.judged import Asked, Judged
from index.noise import VARIANTS
from index.passages import Passage
from index.retrieval import Retriever

LABELS = {
    "clean": "telle quelle",
    "accents": "sans accents",
    "typo1": "une faute de frappe",
    "typo2": "deux fautes de frappe",
    "phonetic": "à l'oreille",
    "capitals": "en capitales",
    "sms": "en SMS",
}
_SHOWN = 3  # what was found instead: passages a question
_EXCERPT = 90  # characters


def of_questions(name: str, questions: Sequence[Question], passages: Iterable[Passage]) -> Judged:
    """Our questions as a judged set: a passage is right when it states a fact of the answer.

    Left out: those that expect no answer, of kinds that are not counted, or of facts that these
    passages do not have.
    """
    stated = {passage.id: frozenset(passage.facts) for passage in passages}
    known = frozenset().union(*stated.values())
    kept = [
        question
        for question in questions
        if question.expect == "answer"
        and question.kind not in UNCOUNTED
        and question.facts
        and known.issuperset(question.facts)
    ]
    if not kept:
        raise InputError(
            f"{name} : aucune question n'attend un fait que l'index en service énonce. Vérifiez "
            "« answer_facts » et « --split », ou lancez « assistant build »."
        )
    relevant = {
        question.id: {id: 1 for id, facts in stated.items() if facts & set(question.facts)}
        for question in kept
    }
    left = len(questions) - len(kept)
    notes = (f"{left} question(s) sans passage à trouver : laissées de côté.",) if left else ()
    asked = tuple(Asked(q.id, q.question, q.kind) for q in kept)
    return Judged(name, asked, relevant, whole=False, notes=notes)


def measured(
    settings: Settings,
    paths: Sequence[Path],
    variants: Sequence[str],
    *,
    split: str | None = None,
    count: int = 10,
    progress: bool = False,
) -> Iterator[tuple[list[Result], str]]:
    """For each path, a folder or a file of our questions: its results, and the report in French.

    `count`: how many of the worst questions the report shows.
    """
    embedder = load_embedder(settings.model)
    for path in paths:
        if path.is_dir():
            folder = judged.read(path)
            with opened(folder, embedder, progress=progress) as retriever:
                yield _measured(folder.judged, retriever, variants, count, progress)
        else:
            generation = Generation(live(settings.index), embedder)
            try:
                asked = [q for q in read_questions(path) if split in (None, q.split)]
                name = path.stem if split is None else f"{path.stem}/{split}"
                ours = of_questions(name, asked, generation.passages)
                yield _measured(ours, Retriever(generation), variants, count, progress)
            finally:
                generation.close()


def _measured(
    judged: Judged, retriever: Retriever, variants: Sequence[str], count: int, progress: bool
) -> tuple[list[Result], str]:
    results = run(judged, retriever, variants, progress=progress)
    return results, "\n".join(_report(judged, results, retriever.generation.by_id, count))


def chosen(variants: str) -> list[str]:
    """The variants of a comma-separated list; InputError names what is not one."""
    names = [name.strip() for name in variants.split(",") if name.strip()]
    unknown = [name for name in names if name not in VARIANTS]
    if unknown or not names:
        raise InputError(
            f"Variante inconnue : « {', '.join(unknown)} ». Choisissez parmi {', '.join(VARIANTS)}."
        )
    return list(dict.fromkeys(names))


def record(result: Result) -> dict[str, Any]:
    """A result as a line of the file that --out writes."""
    return asdict(result)


def read_results(path: Path) -> dict[tuple[str, str, str], float]:
    """MAIN of each (set, variant, question) of a file that --out wrote. Raises InputError."""
    values = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            kept = json.loads(line)
            values[kept["set"], kept["variant"], kept["id"]] = float(kept["measures"][MAIN])
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(
                f"{path}:{number} : cette ligne ne vient pas de « assistant evaluate --retrieval "
                "--out » : donnez à --against un fichier qu'il a écrit."
            ) from error
    return values


def against(results: Sequence[Result], earlier: Mapping[tuple[str, str, str], float]) -> str:
    """The difference of MAIN with an earlier run, over the questions of both, in French."""
    groups: dict[tuple[str, str], list[float]] = {}
    for result in results:
        before = earlier.get((result.set, result.variant, result.id))
        if before is not None:
            groups.setdefault((result.set, result.variant), []).append(
                result.measures[MAIN] - before
            )
    if not groups:
        return "Rien de commun avec le fichier de --against : ni jeu, ni variante, ni question."
    lines = ["Différence de nDCG@10 avec le fichier de --against (bootstrap apparié, 95 %)"]
    for (name, variant), differences in groups.items():
        low, high = interval(differences)
        lines.append(
            f"  {name:<16} {LABELS[variant]:<22} {np.mean(differences):+.4f} "
            f"[{low:+.4f} ; {high:+.4f}]  {len(differences)} questions".replace(".", ",")
        )
    return "\n".join(lines)


def _report(
    judged: Judged, results: Sequence[Result], passages: Mapping[str, Passage], count: int
) -> Iterator[str]:
    by = "document" if judged.whole else "passage"
    yield (
        f"{judged.name} : {len(judged.questions)} questions jugées par {by}, "
        f"{len(passages)} passages"
    )
    yield from (f"  {note}" for note in judged.notes)
    yield from _table({LABELS[v]: rs for v, rs in _by(results, "variant").items()})
    clean = _by(results, "variant").get("clean", [])
    kinds = _by(clean, "kind")
    if len(kinds) > 1:
        yield "\nPar sorte de question (telle quelle)"
        yield from _table(dict(sorted(kinds.items())))
    if clean and count:
        yield f"\nLes {min(count, len(clean))} moins bonnes (telle quelle)"
        for result in worst(clean, count):
            yield from _worst(result, passages)


def _by(results: Sequence[Result], field: str) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(getattr(result, field), []).append(result)
    return groups


def _table(groups: Mapping[str, Sequence[Result]]) -> Iterator[str]:
    heads = "".join(f"{name:>10}" for name in MEASURES)
    yield f"{'':<23}{'n':>6}{heads}{'intervalle 95 %':>18}{'ms p50':>8}{'p95':>7}"
    for label, results in groups.items():
        told = summarise(results)
        values = "".join(f"{told.measures[name]:>10.3f}" for name in MEASURES)
        spread = f"[{told.low:.3f} ; {told.high:.3f}]"
        yield (
            f"{label:<23}{told.questions:>6}{values}{spread:>18}{told.p50_ms:>8.1f}"
            f"{told.p95_ms:>7.1f}"
        ).replace(".", ",")


def _worst(result: Result, passages: Mapping[str, Passage]) -> Iterator[str]:
    kind = f" [{result.kind}]" if result.kind else ""
    score = f"{result.measures[MAIN]:.3f}".replace(".", ",")
    yield f"{score}  {result.id}{kind} {result.question}"
    yield f"       attendu : {', '.join(result.relevant[:_SHOWN])}"
    for rank, id in enumerate(result.found[:_SHOWN], 1):
        text = " ".join(passages[id].searched().split())
        yield f"       {rank}. {id} : {text[:_EXCERPT]}…"
    if not result.found:
        yield "       rien n'a été trouvé"
