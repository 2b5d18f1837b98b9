"""The options of `assistant evaluate --retrieval`, and what they start."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from assistant.errors import InputError
from assistant.measuring import charts, reports, retrieval
from assistant.settings import Settings

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--variants",
        default=",".join(reports.LABELS),
        show_default=True,
        help="Avec --retrieval : les façons de taper, séparées par des virgules.",
    ),
    click.option(
        "--far",
        multiple=True,
        type=click.Path(exists=True, path_type=Path),
        help="Avec --retrieval : des questions sur de tout autres sujets.",
    ),
    click.option(
        "--near",
        multiple=True,
        type=click.Path(exists=True, path_type=Path),
        help="Avec --retrieval : des questions sur des sujets voisins.",
    ),
    click.option(
        "--worst",
        type=click.IntRange(0),
        default=10,
        show_default=True,
        help="Avec --retrieval : combien de questions montrer parmi les moins bonnes.",
    ),
    click.option(
        "--chart",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Avec --retrieval : le fichier .svg, .png ou .pdf du graphique.",
    ),
    click.option(
        "--against",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Avec --retrieval : un fichier de --out à qui se comparer.",
    ),
)


def options(command: _Command) -> _Command:
    """Give a command the options of the search alone."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def refuse_ignored(retrieval: bool) -> None:
    """Raise InputError for an option given that this way of evaluating would ignore."""
    context = click.get_current_context()
    of_search = ("variants", "far", "near", "worst", "chart", "against")
    for name in ("show", "publish") if retrieval else of_search:
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise InputError(
                f"--{name} ne sert pas avec --retrieval : retirez cette option."
                if retrieval
                else f"--{name} ne sert qu'avec --retrieval : ajoutez cette option."
            )


def score(
    settings: Settings,
    paths: Sequence[Path],
    split: str | None,
    out: Path | None,
    *,
    variants: str,
    far: Sequence[Path],
    near: Sequence[Path],
    worst: int,
    chart: Path | None,
    against: Path | None,
) -> None:
    """Measure the search on each path, tell it, and keep what is asked for."""
    plan = retrieval.Plan(retrieval.chosen(variants), split, far, near)
    earlier = retrieval.read_results(against) if against is not None else None
    if chart is not None:
        charts.check(chart)  # a run lasts a minute: what cannot be written is said before
    sets = []
    for measured in retrieval.measured(settings, paths, plan, progress=sys.stderr.isatty()):
        click.echo(reports.report(measured, worst) + "\n")
        sets.append(measured)
    results = [result for measured in sets for result in measured.results]
    if out is not None:
        retrieval.write_results(out, results)
    if chart is not None:
        charts.draw(chart, sets)
    if earlier is not None:
        click.echo(reports.against(results, earlier))
