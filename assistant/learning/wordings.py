"""`python -m assistant.learning.wordings`: how often a validated answer is served, and rightly.

Known questions play both parts: some of one fact are the wordings of an answer that cites it, and
those that the encoder was not taught, with the questions of practice, are asked. Half of the facts
have an answer; near misses and the questions of the other half are to get none.
"""

from __future__ import annotations

import json
import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from assistant.assembly import assemble
from assistant.context import Context
from assistant.learning import examples
from assistant.learning.__main__ import KNOWN, QUALITY
from assistant.records.answers import Content, State, Version
from assistant.records.standing import Proof
from assistant.settings import Settings
from assistant.validated.wordings import Wordings
from index.questions.known import Known

_DRAWS = 3
_WORDINGS = (2, 4, 8)  # of an answer


def _proofs(facts: frozenset[str], context: Context) -> tuple[Proof, ...]:
    return tuple(
        Proof(p.id, p.digest, span.start, p.text[span.start : span.end])
        for p in context.generation.passages
        for span in p.spans
        if facts.intersection(span.facts)
    )


def _answers(
    groups: Mapping[frozenset[str], Sequence[str]], count: int, draw: int, context: Context
) -> Iterator[Version]:
    chance = random.Random(draw)
    able = sorted((facts for facts in groups if len(groups[facts]) > count), key=sorted)
    chance.shuffle(able)
    for id, facts in enumerate(able[: len(able) // 2], 1):
        asked = tuple(chance.sample(groups[facts], count))
        if proofs := _proofs(facts, context):
            content = Content(asked, "", proofs, "", "")
            yield Version(id, 1, "", "", State.VALIDATED, content, "", " ".join(sorted(facts)))


def _is(text: str, known: Known) -> bool:
    return known.text == text


def main() -> None:
    """Ask, and print what was served: rightly, wrongly, by half of the facts."""
    context = assemble(Settings()).context()
    retriever = context.retriever
    known = [
        json.loads(line)
        for path in sorted(KNOWN.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    brushed = {" ".join(r["question"].split()): frozenset(map(str, r["facts"])) for r in known}
    asked = [q for q in examples.questions(sorted(KNOWN.glob("*.jsonl"))) if q.language == "fr"]
    practice = examples.questions([QUALITY / "practice.jsonl"])
    groups = defaultdict[frozenset[str], list[str]](list)
    for one in asked:
        if one.facts:
            groups[one.facts].append(one.text)
    queries = [q for q in asked if q.unseen] + [q for q in practice if q.facts]
    vectors = {q.text: retriever.vector(retriever.query(q.text)) for q in queries}
    counted: dict[int, Counter[str]] = {0: Counter(), 1: Counter()}
    for draw in range(_DRAWS):
        for count in _WORDINGS:
            versions = list(_answers(groups, count, draw, context))
            facts = {v.id: frozenset(v.why.split()) for v in versions}
            wordings = Wordings(versions, context.generation, context.home)
            taken = set(wordings.vectors)
            for one in queries:
                if one.text in taken:
                    continue
                got = wordings.match(
                    one.text,
                    vectors[one.text],
                    partial(_is, one.text),
                )
                half = zlib.crc32(min(one.facts or brushed[one.text] or {one.text}).encode()) % 2
                tally = counted[half]
                tally["asked"] += 1
                tally["with an answer"] += any(one.facts and one.facts <= f for f in facts.values())
                if got is None:
                    continue
                if one.facts and one.facts <= facts[got.id]:
                    tally["right"] += 1
                elif one.facts & facts[got.id]:
                    tally["in part"] += 1
                else:
                    tally["wrong"] += 1
                    print(f"wrong: {one.text} | {got.content.wordings}")
    for half, tally in counted.items():
        served = tally["right"] + tally["wrong"]
        print(half, dict(tally), f"precision {tally['right'] / max(served, 1):.4f}")


if __name__ == "__main__":
    main()
