"""`assistant evaluate --retrieval`: the search alone, over judged folders and our own questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import InputError
from assistant.measuring.evaluation import UNCOUNTED, Question, read_questions
from assistant.settings import Settings
from corpus.documents import write_lines
from index.encoder.embedding import Embedder
from index.encoder.embedding import load as load_embedder
from index.generation import opened as opened_live
from index.measuring import abstention, judged
from index.measuring.abstention import Separation
from index.measuring.confidence import confidence
from index.measuring.evaluation import MAIN, Result, opened, run
from index.measuring.judged import Asked, Judged
from index.measuring.noise import VARIANTS
from index.passages import Passage
from index.search.retriever import Retriever

# What an earlier run measured: (set, variant, question) -> MAIN.
Earlier = Mapping[tuple[str, str, str], float]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to measure.

    `split`: of our questions, only these. `far` and `near`: files or folders of questions that the
    sets do not answer, on other subjects and on neighbouring ones.
    """

    variants: Sequence[str]
    split: str | None = None
    far: Sequence[Path] = ()
    near: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A set and what was measured of it. `separations` are of the questions as they stand."""

    judged: Judged
    passages: Mapping[str, Passage]
    results: Sequence[Result]
    separations: Sequence[Separation]


def measured(
    settings: Settings, paths: Sequence[Path], plan: Plan, *, progress: bool = False
) -> Iterator[Measured]:
    """Measure each path: a folder of its own passages, or our questions in the live index.

    Raises JudgedError, InputError, IndexMissing or IndexMismatch.
    """
    embedder = load_embedder(settings.model)
    strangers = [
        (f"{label} ({name})", questions)
        for label, files in (("lointaines", plan.far), ("proches", plan.near))
        for name, questions in (_strangers(path, plan.split) for path in files)
    ]
    for path in paths:
        opening = _folder if path.is_dir() else _ours
        with opening(path, settings, embedder, plan.split, progress) as (kept, retriever, refused):
            yield Measured(
                kept,
                retriever.generation.by_id,
                run(kept, retriever, plan.variants, progress=progress),
                list(_separations(kept, retriever, [*strangers, *refused], progress)),
            )


# A set, the search over its passages, and by name its own questions that nothing answers.
_Opened = tuple[Judged, Retriever, list[tuple[str, list[str]]]]


@contextmanager
def _folder(
    path: Path, _: Settings, embedder: Embedder, __: str | None, progress: bool
) -> Iterator[_Opened]:
    folder = judged.read(path)
    with opened(folder, embedder, progress=progress) as retriever:
        yield folder.judged, retriever, []


@contextmanager
def _ours(
    path: Path, settings: Settings, embedder: Embedder, split: str | None, _: bool
) -> Iterator[_Opened]:
    questions = [q for q in read_questions(path) if split in (None, q.split)]
    name = path.stem if split is None else f"{path.stem}/{split}"
    generation = opened_live(settings.index, embedder)
    try:
        kept = of_questions(name, questions, generation.passages)
        yield kept, Retriever(generation), _refused(questions)
    finally:
        generation.close()


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


def _refused(questions: Sequence[Question]) -> list[tuple[str, list[str]]]:
    """The questions that nothing answers, by kind."""
    kinds: dict[str, list[str]] = {}
    for question in questions:
        if question.expect == "refuse" and question.kind not in UNCOUNTED:
            kinds.setdefault(question.kind, []).append(question.question)
    return sorted(kinds.items())


def _strangers(path: Path, split: str | None) -> tuple[str, list[str]]:
    """(name, questions) of a BEIR folder, of its queries.jsonl, or of a file of our questions.

    Of our questions, those that expect a refusal. Raises InputError when there are none.
    """
    file = path / "queries.jsonl" if path.is_dir() else path
    name = file.parent.name if file.name == "queries.jsonl" else file.stem
    if _is_ours(file):
        questions = [
            question.question
            for question in read_questions(file)
            if question.expect == "refuse" and split in (None, question.split)
        ]
    else:
        questions = [asked.text for asked in judged.read_queries(file)]
    if not questions:
        raise InputError(f"{file} : aucune question sans réponse à y prendre pour --far ou --near.")
    return name, questions


def _is_ours(path: Path) -> bool:
    """Whether the first line of a file is a question of ours; a wrong one is told by who reads."""
    try:
        with path.open(encoding="utf-8") as file:
            return "question" in json.loads(file.readline())
    except (OSError, ValueError, TypeError):
        return False


def _separations(
    kept: Judged,
    retriever: Retriever,
    groups: Sequence[tuple[str, Sequence[str]]],
    progress: bool,
) -> Iterator[Separation]:
    inside = abstention.inside(kept, retriever, confidence)
    for name, questions in groups:
        outside = abstention.outside(questions, retriever, confidence, progress=progress)
        yield abstention.separation(name, inside, outside)
    hidden = abstention.removed(kept, retriever, confidence, progress=progress)
    yield abstention.separation("réponse retirée", inside, hidden)


def chosen(variants: str) -> list[str]:
    """The variants of a comma-separated list; InputError names what is not one."""
    names = [name.strip() for name in variants.split(",") if name.strip()]
    unknown = [name for name in names if name not in VARIANTS]
    if unknown or not names:
        raise InputError(
            f"Variante inconnue : « {', '.join(unknown)} ». Choisissez parmi {', '.join(VARIANTS)}."
        )
    return list(dict.fromkeys(names))


def write_results(path: Path, results: Iterable[Result]) -> None:
    """A line for each question and variant: what --out keeps, and --against reads."""
    write_lines(path, [asdict(result) for result in results])


def read_results(path: Path) -> Earlier:
    """What `write_results` wrote. Raises InputError for a file that it did not write."""
    values = {}
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            kept = json.loads(line)
            values[kept["set"], kept["variant"], kept["id"]] = float(kept["measures"][MAIN])
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(
                f"{path}:{number} : ce n'est pas ce qu'écrit « assistant evaluate --retrieval "
                "--out ». Donnez à --against un fichier qu'il a écrit."
            ) from error
    return values


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} : ce fichier n'est pas un texte UTF-8.") from error
