"""Generate, then score: answers first, into a file; the measures after, from that file.

A measure can thus be changed without asking again. A passage is relevant to a question when it
states one of the facts that answer it.
"""

from __future__ import annotations

import dataclasses
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.answers import Answer, Outcome
from assistant.assembly import Assistant
from assistant.errors import InputError
from assistant.pipeline import Way
from assistant.question.history import messages
from assistant.quoting.citations import Quote
from assistant.routes import Searched
from index.generation import Generation
from index.measuring.evaluation import measure

# Reported, never counted: what the assistant does not promise yet.
UNCOUNTED = ("english", "breton", "followup")

# A writer that fails leaves its place to quotations: the question is answered.
_SHOWN = {Outcome.ANSWERED.value, Outcome.PARTIAL.value, Outcome.FAILED_MODEL.value}
_GREETED = {Outcome.GREETING.value, Outcome.IDENTITY.value}
_MEANT = {"greet": _GREETED, "clarify": {Outcome.CLARIFY.value}}


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what a right answer holds; see tests/quality/README.md for the fields."""

    id: str
    question: str
    kind: str
    history: tuple[str, ...]
    facts: tuple[str, ...]
    must_contain: tuple[str, ...]
    must_not_contain: tuple[str, ...]
    expect: str
    subject: str
    split: str


def read_questions(path: Path) -> list[Question]:
    """The questions of a JSON Lines file. Raises InputError naming the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} : ce fichier n'est pas un texte UTF-8 lisible.") from error
    questions = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            id = record.get("id", f"{path.stem}-{number}")
            questions.append(
                Question(
                    id=id,
                    question=record["question"],
                    kind=record.get("kind", ""),
                    history=tuple(record.get("history", ())),
                    facts=tuple(str(fact) for fact in record.get("answer_facts", ())),
                    must_contain=_written(record, "must_contain"),
                    must_not_contain=_written(record, "must_not_contain"),
                    expect=_expected(record),
                    subject=record.get("subject", id),
                    split=record.get("split", ""),
                )
            )
        except InputError as error:
            raise InputError(f"{path}:{number} : {error}") from error
        except KeyError as error:
            raise InputError(f"{path}:{number} : le champ {error} manque.") from error
        except ValueError as error:
            raise InputError(f"{path}:{number} : cette ligne n'est pas du JSON.") from error
        except (TypeError, AttributeError) as error:
            raise InputError(f"{path}:{number} : cette ligne n'est pas une question.") from error
    return questions


def _written(record: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """The patterns of a question, each of which can be searched for. Raises InputError."""
    patterns = record.get(field, ())
    if isinstance(patterns, str):
        raise InputError(f'« {field} » est une liste : ["samedi"], et pas "samedi".')
    try:
        return tuple(re.compile(pattern).pattern for pattern in patterns)
    except re.error as error:
        raise InputError(f"une expression de « {field} » n'est pas valable ({error}).") from error


def _expected(record: Mapping[str, Any]) -> str:
    """How a question must end. Raises InputError."""
    expect = record["expect"]
    if expect not in ("answer", "refuse", *_MEANT):
        raise InputError("« expect » vaut « answer », « refuse », « clarify » ou « greet ».")
    return str(expect)


def generate(
    assistant: Assistant, questions: Sequence[Question], *, progress: bool = False
) -> Iterator[dict[str, Any]]:
    """Ask each question: its record, the answer, the passages found (100) and the seconds."""
    for question in tqdm(questions, desc="Questions", unit="question", disable=not progress):
        started = time.perf_counter()
        answer, way = assistant.explained(question.question, messages(question.history))
        seconds = time.perf_counter() - started
        found = assistant.retriever.search(question.question, 100, language="fr")
        yield {
            "question": dataclasses.asdict(question),
            "answer": dataclasses.asdict(answer),
            "stated": stated(answer, assistant.retriever.generation),
            "hits": [[hit.passage.id, hit.score] for hit in found.hits],
            "seconds": seconds,
            **_believed(way),
        }


def _believed(way: Way) -> dict[str, Any]:
    """How likely the best sentence was thought to answer, whether or not it was shown, and the
    facts that it states; None where nothing was searched, or more than one thing was."""
    route = way.route
    if not isinstance(route, Searched) or route.listed or not route.ranked:
        return {"likelihood": None, "best": []}
    return {"likelihood": route.likelihood, "best": sorted(route.ranked[0].quote.facts)}


def stated(answer: Answer, generation: Generation) -> list[list[str]]:
    """The facts that each sentence shown states, by the words that it cites."""
    cited = {
        c.number: Quote(generation.by_id[c.passage_id], c.start, c.end).facts
        for c in answer.citations
    }
    return [
        sorted(frozenset().union(*(cited[number] for number in sentence.citations)))
        for sentence in answer.sentences
    ]


def correct(record: Mapping[str, Any]) -> bool:
    """Whether an answer is right: its ending, its patterns, its proof."""
    question, answer = record["question"], record["answer"]
    return _ending(question, answer) and _patterns(question, answer) and exact(answer)


def exact(answer: Mapping[str, Any]) -> bool:
    """Whether every quotation stands word for word in its passage, with a source named."""
    return all(
        c["quote"] and c["passage"][c["start"] : c["end"]] == c["quote"] and c["sources"]
        for c in answer["citations"]
    )


def _ending(question: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    outcome = answer["outcome"]
    if question["expect"] == "answer":
        # What the corpus says is unknown may be the very answer: « la durée n'est pas publiée ».
        return bool(answer["citations"]) and outcome in _SHOWN | {Outcome.NOT_PUBLISHED.value}
    if question["expect"] == "refuse":
        return _refused(outcome)
    return outcome in _MEANT[question["expect"]]


def _refused(outcome: str) -> bool:
    return outcome not in _SHOWN | _GREETED


def _patterns(question: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    def matches(pattern: str) -> bool:
        return re.search(pattern, answer["text"], re.IGNORECASE) is not None

    return all(map(matches, question["must_contain"])) and not any(
        map(matches, question["must_not_contain"])
    )


def score(
    records: Sequence[Mapping[str, Any]], passages: Mapping[str, Iterable[str]]
) -> dict[str, Any]:
    """The measures of answered records. `passages`: id -> numbers of the facts it states."""
    known = {fact for facts in passages.values() for fact in facts}
    inside = [r for r in records if set(r["question"]["facts"]) <= known]
    counted = [r for r in inside if r["question"]["kind"] not in UNCOUNTED]
    asking = [r for r in counted if r["question"]["expect"] == "answer"]
    refusing = [r for r in counted if r["question"]["expect"] == "refuse"]
    seconds = sorted(r["seconds"] for r in records)
    return {
        "questions": len(records),
        "answer": len(asking),
        "refuse": len(refusing),
        "correct": _rate(asking, correct),
        "answered": _rate(asking, lambda r: r["answer"]["outcome"] in _SHOWN),
        "wrong": _rate(asking, lambda r: r["answer"]["outcome"] in _SHOWN and not correct(r)),
        "first": _rate([r for r in asking if r["stated"]], lambda r: _right(r)[0]),
        "dense": _share([right for r in asking for right in _right(r)]),
        "words": _percentile(sorted(len(r["answer"]["text"].split()) for r in asking), 0.5, 1),
        "refused": _rate(refusing, lambda r: _refused(r["answer"]["outcome"])),
        "refused_rightly": _rate(refusing, correct),
        "greeted": _rate([r for r in counted if r["question"]["expect"] == "greet"], correct),
        "exact": _rate(
            [r for r in records if r["answer"]["citations"]], lambda r: exact(r["answer"])
        ),
        **_retrieval(asking, passages),
        "p50_ms": _percentile(seconds, 0.50),
        "p95_ms": _percentile(seconds, 0.95),
        **_calibration(inside),
        "by_kind": _by_kind(inside),
        "outcomes": dict(Counter(r["answer"]["outcome"] for r in records).most_common()),
    }


def _rate(
    records: Sequence[Mapping[str, Any]], counts: Callable[[Mapping[str, Any]], bool]
) -> float | None:
    """The share of records that count; None, never a silent 0, when there are none."""
    return round(sum(map(counts, records)) / len(records), 4) if records else None


def _right(record: Mapping[str, Any]) -> list[bool]:
    """Of each sentence shown, whether it states a fact that answers."""
    facts = set(record["question"]["facts"])
    return [not facts.isdisjoint(sentence) for sentence in record["stated"]]


def _share(counted: Sequence[bool]) -> float | None:
    return round(sum(counted) / len(counted), 4) if counted else None


def _percentile(ordered: Sequence[float], share: float, unit: float = 1000) -> float | None:
    if not ordered:
        return None
    return round(unit * ordered[min(int(share * len(ordered)), len(ordered) - 1)], 2)


def _by_kind(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """ "correct/all" for each kind of question."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    for record in records:
        kinds[record["question"]["kind"]].append(correct(record))
    return {kind: f"{sum(right)}/{len(right)}" for kind, right in sorted(kinds.items())}


def _retrieval(
    records: Sequence[Mapping[str, Any]], passages: Mapping[str, Iterable[str]]
) -> dict[str, float | None]:
    """hit@5, MRR@10 and nDCG@10 over the questions that have facts to find."""
    judged, ranked = {}, {}
    for record in records:
        question = record["question"]
        facts = set(question["facts"])
        if grades := {id: 1 for id, stated in passages.items() if facts & set(stated)}:
            judged[question["id"]] = grades
            ranked[question["id"]] = [passage for passage, _ in record["hits"]]
    found = measure(judged, ranked).values()
    return {
        name: round(sum(values[name] for values in found) / len(found), 4) if found else None
        for name in ("hit@5", "mrr@10", "ndcg@10")
    }


_BINS = 5  # of likelihood: a set has a few hundred questions
_KEPT = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # of the questions with an answer


def _calibration(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Whether likelihoods are what they say, over the questions searched; see docs/measuring.md.

    `reliability` is, for each fifth of the scale, how many questions, what was said on average and
    what was true; `ece` their mean difference (expected calibration error, Naeini et al. 2015).
    `risk_coverage` is, for a line above which this share of the questions with an answer would be
    answered, the share of those whose best sentence states no answer, and that of the questions to
    refuse which would be answered.
    """
    searched = [r for r in records if r.get("likelihood") is not None]
    given = [float(r["likelihood"]) for r in searched]
    right = [not set(r["question"]["facts"]).isdisjoint(r["best"]) for r in searched]
    asking = [r["question"]["expect"] == "answer" for r in searched]
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for likelihood, true in zip(given, right, strict=True):
        bins[min(int(likelihood * _BINS), _BINS - 1)].append((likelihood, true))
    told = [
        [len(each), sum(g for g, _ in each) / len(each), sum(t for _, t in each) / len(each)]
        for _, each in sorted(bins.items())
    ]
    return {
        "ece": round(sum(n * abs(g - t) for n, g, t in told) / len(given), 4) if given else None,
        "reliability": [[n, round(g, 3), round(t, 3)] for n, g, t in told],
        "risk_coverage": list(_risks(given, right, asking)),
    }


def _risks(
    given: Sequence[float], right: Sequence[bool], asking: Sequence[bool]
) -> Iterator[list[float]]:
    """[coverage, risk, share of the others answered] for each coverage; none without both kinds."""
    ours = sorted((g for g, asks in zip(given, asking, strict=True) if asks), reverse=True)
    others = [g for g, asks in zip(given, asking, strict=True) if not asks]
    if not ours or not others:
        return
    for share in _KEPT:
        line = ours[max(round(share * len(ours)) - 1, 0)]
        shown = [r for g, r, a in zip(given, right, asking, strict=True) if a and g >= line]
        wrong = 1 - sum(shown) / len(shown)
        yield [share, round(wrong, 3), round(sum(g >= line for g in others) / len(others), 3)]
