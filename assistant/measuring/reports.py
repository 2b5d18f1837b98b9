"""What `assistant evaluate --retrieval` says in a terminal, in French."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from assistant.measuring.retrieval import Earlier, Measured
from index.measuring.abstention import KEPT, Separation
from index.measuring.evaluation import MAIN, MEASURES, Result, interval, summarise, worst
from index.passages import Passage

LABELS = {
    "clean": "telle quelle",
    "accents": "sans accents",
    "typo1": "une faute de frappe",
    "typo2": "deux fautes de frappe",
    "phonetic": "à l'oreille",
    "capitals": "en capitales",
    "sms": "en SMS",
}
NAMES = dict(zip(MEASURES, ("hit@1", "hit@5", "rappel@5", "MRR@10", "nDCG@10"), strict=True))
_SHOWN = 3  # what was found instead: passages a question
_EXCERPT = 90  # characters


def report(measured: Measured, count: int) -> str:
    """The measures of one set as text, with its `count` worst questions."""
    return "\n".join(_report(measured, count))


def _report(measured: Measured, count: int) -> Iterator[str]:
    judged, clean = measured.judged, by(measured.results, "variant").get("clean", [])
    yield (
        f"{judged.name} : {len(judged.questions)} questions jugées par "
        f"{'document' if judged.whole else 'passage'}, {len(measured.passages)} passages"
    )
    yield from (f"  {note}" for note in judged.notes)
    yield from _table({LABELS[v]: rs for v, rs in by(measured.results, "variant").items()})
    kinds = by(clean, "kind")
    if len(kinds) > 1:
        yield "\nPar sorte de question (telle quelle)"
        yield from _table(dict(sorted(kinds.items())))
    kept = f"{100 * KEPT:.0f} % des questions du jeu"
    yield f"\nSavoir dire non : part refusée quand {kept} sont gardées"
    yield from _separated(measured.separations)
    if clean and count:
        yield f"\nLes {min(count, len(clean))} moins bonnes (telle quelle)"
        for result in worst(clean, count):
            yield from _worst(result, measured.passages)


def by(results: Sequence[Result], field: str) -> dict[str, list[Result]]:
    """The results by the value of a field, in order of appearance."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(getattr(result, field), []).append(result)
    return groups


def _french(line: str) -> str:
    return line.replace(".", ",")


def _table(groups: Mapping[str, Sequence[Result]]) -> Iterator[str]:
    heads = "".join(f"{name:>10}" for name in NAMES.values())
    yield f"{'':<24}{'n':>5}{heads}{'intervalle 95 %':>18}{'ms p50':>8}{'p95':>7}"
    for label, results in groups.items():
        told = summarise(results)
        values = "".join(f"{told.measures[name]:>10.3f}" for name in NAMES)
        yield f"{label:<24}{told.questions:>5}" + _french(
            f"{values}{_spread(told.low, told.high):>18}{told.p50_ms:>8.1f}{told.p95_ms:>7.1f}"
        )


def _spread(low: float, high: float) -> str:
    return f"[{low:.3f} ; {high:.3f}]"


def _separated(separations: Sequence[Separation]) -> Iterator[str]:
    yield f"{'':<34}{'n':>5}{'AUROC':>10}{'refusées':>10}"
    for group in separations:
        yield f"{group.name:<34}{group.questions:>5}" + _french(
            f"{group.auroc:>10.3f}{group.refused:>10.3f}"
        )


def _worst(result: Result, passages: Mapping[str, Passage]) -> Iterator[str]:
    kind = f" [{result.kind}]" if result.kind else ""
    yield f"{_french(f'{result.measures[MAIN]:.3f}')}  {result.id}{kind} {result.question}"
    yield f"       attendu : {', '.join(result.relevant[:_SHOWN])}"
    for rank, id in enumerate(result.found[:_SHOWN], 1):
        text = " ".join(passages[id].searched().split())
        yield f"       {rank}. {id} : {text[:_EXCERPT]}{'…' if len(text) > _EXCERPT else ''}"
    if not result.found:
        yield "       rien n'a été trouvé"


def against(results: Sequence[Result], earlier: Earlier) -> str:
    """The difference of MAIN with an earlier run, over the questions of both."""
    groups: dict[tuple[str, str], list[float]] = {}
    for result in results:
        before = earlier.get((result.set, result.variant, result.id))
        if before is not None:
            groups.setdefault((result.set, result.variant), []).append(
                result.measures[MAIN] - before
            )
    if not groups:
        return "Rien de commun avec le fichier de --against : ni jeu, ni variante, ni question."
    lines = [f"Différence de {NAMES[MAIN]} avec le fichier de --against (bootstrap apparié, 95 %)"]
    for (name, variant), differences in groups.items():
        low, high = interval(differences)
        change = _french(f"{np.mean(differences):+.4f} [{low:+.4f} ; {high:+.4f}]")
        lines.append(f"  {name:<18} {LABELS[variant]:<22} {change}  {len(differences)} questions")
    return "\n".join(lines)
