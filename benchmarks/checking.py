"""Measure the check of a written sentence: `python benchmarks/checking.py`.

Prints, for each split of the pairs of tests/data, what is kept and caught, precision and recall,
then what is caught of each thing that was altered. No sentence is shown: those of `held` and of
`fresh` would be spent.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "doubles")]

from pairs import Judged, judge, measure  # noqa: E402

_SPLITS = ("fit", "held", "fresh")


def table(judged: Sequence[Judged]) -> str:
    """The measures of each split, and what is caught by what was altered, as Markdown."""
    measures = measure(judged)
    lines = ["| split | true kept | altered caught | unsupported caught | precision | recall |"]
    lines += ["|---|---|---|---|---|---|"]
    for split in _SPLITS:
        cells = [_share(judged, split, "true", False)]
        cells += [_share(judged, split, kind, True) for kind in ("altered", "unsupported")]
        cells += [f"{measures[split].precision:.3f}", f"{measures[split].recall:.3f}"]
        lines.append(f"| {split} | {' | '.join(cells)} |")
    lines += ["", f"| altered | {' | '.join(_SPLITS)} |", "|---|---|---|---|"]
    for what, _ in Counter(each.altered for each in judged if each.altered).most_common():
        of = [each for each in judged if each.altered == what]
        cells = [_share(of, split, "altered", True) for split in _SPLITS]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(judged: Sequence[Judged], split: str, kind: str, refused: bool) -> str:
    found = [each.refused for each in judged if each.split == split and each.kind == kind]
    right = sum(each is refused for each in found)
    return f"{right} of {len(found)}" if found else ""


if __name__ == "__main__":
    print(table(judge()))
