"""The chart of `assistant evaluate --retrieval`: every way of typing, every measure."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.measuring.reports import LABELS, NAMES, by
from assistant.measuring.retrieval import Measured
from index.measuring.evaluation import MAIN, summarise

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = (".svg", ".png", ".pdf")
# Okabe and Ito's colours, told apart by every eye, and a shape each for who prints in grey.
_MARKS = {
    "hit@1": ("#0072B2", "s"),
    "hit@5": ("#E69F00", "^"),
    "recall@5": ("#009E73", "v"),
    "mrr@10": ("#CC79A7", "D"),
    MAIN: ("#000000", "o"),
}


def check(path: Path) -> None:
    """Raise InputError when no chart can be written there: format, folder, or no matplotlib."""
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"{path} : donnez à --chart un nom en {', '.join(FORMATS)}.")
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path.parent} : ce dossier n'existe pas. Créez-le, ou changez --chart.")
    if importlib.util.find_spec("matplotlib") is None:
        raise InputError(
            "--chart a besoin de matplotlib : lancez « make test » une fois, ou « pip install -r "
            "requirements-models.lock »."
        )


def draw(path: Path, sets: Sequence[Measured]) -> None:
    """Write the chart of some sets, one under the other, where `check` says that one can be."""
    from matplotlib import rc_context  # of the test extra: a server has no use for it
    from matplotlib.figure import Figure

    rows = [len(by(measured.results, "variant")) for measured in sets]
    # Text stays text in an SVG: it can be read aloud, searched and copied.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "assistant", "font.size": 10}):
        figure = Figure(figsize=(8, sum(0.45 * n + 1.3 for n in rows)), layout="constrained")
        grid = figure.subplots(len(sets), 1, squeeze=False, height_ratios=[n + 2 for n in rows])
        for axes, measured in zip(grid[:, 0], sets, strict=True):
            _panel(axes, measured)
        figure.savefig(path, dpi=150, metadata=_about(path, sets))


def _about(path: Path, sets: Sequence[Measured]) -> dict[str, str | None]:
    title = "Recherche : " + ", ".join(measured.judged.name for measured in sets)
    undated = {".svg": "Date", ".pdf": "CreationDate"}.get(path.suffix.lower())
    return {"Title": title} | ({undated: None} if undated else {})


def _panel(axes: Axes, measured: Measured) -> None:
    groups = by(measured.results, "variant")
    for place, results in enumerate(groups.values()):
        told = summarise(results)
        axes.hlines(place, told.low, told.high, color=_MARKS[MAIN][0], linewidth=1.5)
        for name, (colour, shape) in _MARKS.items():
            label = NAMES[name] if place == 0 else None
            axes.plot(told.measures[name], place, shape, color=colour, label=label, linestyle="")
        figure = f"{told.measures[MAIN]:.3f}".replace(".", ",")
        axes.annotate(figure, (1.01, place), xycoords=("axes fraction", "data"), va="center")
    axes.set_yticks(range(len(groups)), [LABELS[variant] for variant in groups])
    axes.invert_yaxis()
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.2f}".replace(".", ","))
    axes.margins(y=0.15)
    axes.grid(axis="x", alpha=0.3)
    axes.set_title(
        f"{measured.judged.name} : {len(measured.judged.questions)} questions. Trait et chiffre : "
        f"{NAMES[MAIN]} et son intervalle à 95 %",
        loc="left",
        fontsize=10,
    )
    axes.legend(ncols=len(_MARKS), loc="upper center", bbox_to_anchor=(0.5, -0.12), frameon=False)
