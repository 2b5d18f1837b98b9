"""How the check of a written sentence does on pairs of sentences and passages of ours."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.proof.checking import unsupported

DATA = Path(__file__).parents[1] / "data"
FILES = (DATA / "checking.jsonl", DATA / "checking_fresh.jsonl")


@dataclass(frozen=True)
class Judged:
    """One sentence: `kind` is true, altered or unsupported; `altered` says what was changed."""

    split: str
    kind: str
    altered: str
    refused: bool


@dataclass(frozen=True)
class Measures:
    """Shares, 0..1, of one split: of true sentences kept, of each other kind caught; of all that
    is refused, what had to be (precision); of what had to be, what is (recall)."""

    true: float
    altered: float
    unsupported: float
    precision: float
    recall: float


def judge(files: Iterable[Path] = FILES) -> list[Judged]:
    """Check every sentence of these files."""
    found = []
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            group = json.loads(line)
            said = [("true", "", sentence) for sentence in group["true"]]
            said += [("altered", what, sentence) for what, sentence in group["altered"]]
            said += [("unsupported", "", sentence) for sentence in group["unsupported"]]
            for kind, what, sentence in said:
                refused = unsupported(sentence, group["passages"]) is not None
                found.append(Judged(group["split"], kind, what, refused))
    return found


def measure(judged: Sequence[Judged]) -> dict[str, Measures]:
    """The measures of each split."""
    splits: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for each in judged:
        splits[each.split][each.kind].append(each.refused)
    return {split: _measures(kinds) for split, kinds in splits.items()}


def _measures(kinds: dict[str, list[bool]]) -> Measures:
    wrong, right = kinds["altered"] + kinds["unsupported"], kinds["true"]
    return Measures(
        true=1 - sum(right) / len(right),
        altered=sum(kinds["altered"]) / len(kinds["altered"]),
        unsupported=sum(kinds["unsupported"]) / len(kinds["unsupported"]),
        precision=sum(wrong) / (sum(wrong) + sum(right)),
        recall=sum(wrong) / len(wrong),
    )
