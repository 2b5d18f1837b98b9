"""Measure the check of a written sentence: `python benchmarks/checking.py [--prices]`.

Prints, for each split of the pairs of tests/data, what is kept and caught, precision and recall,
then what is caught of each thing that was altered; with `--prices`, what each threshold keeps and
shows of tests/quality/proof.jsonl, and writes that table in docs/measuring.md. No sentence is
shown: those of `held`, of `fresh` and of proof.jsonl would be spent.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "doubles")]

from pairs import Judged, judge, measure  # noqa: E402

from assistant.proof import entailment  # noqa: E402
from assistant.proof.checking import likelihood, misstated  # noqa: E402

_BLIND = ROOT / "tests" / "quality" / "proof.jsonl"
_PAGE = ROOT / "docs" / "measuring.md"
_OPEN, _CLOSE = "<!-- prices: benchmarks/checking.py --prices -->\n", "<!-- /prices -->\n"
_LINES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
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


def prices() -> str:
    """What each threshold keeps of the true sentences and shows of the false ones, as Markdown."""
    found: dict[str, list[float]] = defaultdict(list)
    for line in _BLIND.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        wrong = misstated(told["sentence"], told["passages"])
        likely = 0.0 if wrong else likelihood(told["sentence"], told["passages"])
        found[told["label"]].append(likely)
    false = found["contradicted"] + found["not_said"]
    lines = ["| threshold | true kept | false shown | contradicted | not said |"]
    lines += ["|---:|---:|---:|---:|---:|"]
    shipped = entailment.model().threshold
    for line in sorted({*_LINES, shipped}):
        shares = (
            sum(likely >= line for likely in each) / len(each)
            for each in (found["entailed"], false, found["contradicted"], found["not_said"])
        )
        name = f"**{line:.3f}**" if line == shipped else f"{line:.3f}"
        lines.append(f"| {name} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    return "\n".join(lines)


def main() -> None:
    if "--prices" not in sys.argv[1:]:
        print(table(judge()))
        return
    told = prices()
    print(told)
    before, _, rest = _PAGE.read_text(encoding="utf-8").partition(_OPEN)
    _, _, after = rest.partition(_CLOSE)
    _PAGE.write_text(f"{before}{_OPEN}{told}\n{_CLOSE}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
