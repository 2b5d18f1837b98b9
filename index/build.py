"""Making a generation: built aside, checked in another process, swapped in by one rename.

One indexer at a time, under a lock. A passage whose digest the live generation already holds
keeps its vector, when the model is the same.
"""

from __future__ import annotations

import ctypes
import dataclasses
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from tqdm import tqdm

from corpus.disk import flush, trouble
from corpus.documents import Document, write_lines
from corpus.errors import ParseError
from corpus.questions import KnownQuestion
from index.chunking import chunk
from index.conventions import amended
from index.encoder.embedding import Embedder, is_hub
from index.errors import BuildError, IndexBusy, IndexMissing, SearchError
from index.french.analysis import sentences as sentences_of
from index.french.analysis import tokens
from index.french.spelling import vocabulary
from index.generation import (
    FORMAT,
    Bases,
    Generation,
    checksums,
    is_number,
    live,
    manifest,
    read_parts,
    tell,
)
from index.generation import known as known_of
from index.passages import Passage
from index.questions.known import Known
from index.search import weights
from index.search.heldout import hold_out
from index.search.retriever import Retriever
from index.stores import chroma, lexical, register, sentences

KEPT = 3  # the live generation and the two before it
_BATCH = 512
_CHECK_SECONDS = 600
# What choosing a weight may cost: a hub model of e5-base's size embeds 1.5 passages a second on a
# busy core, and each question's passages once more.
_QUESTIONS = 200
_TRIED = 3000


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. `new` is False when nothing had changed and the live one stays."""

    folder: Path
    new: bool
    documents: int
    passages: int
    embedded: int
    warnings: tuple[str, ...]


def build(
    documents: Sequence[Document],
    root: Path,
    embedder: Embedder,
    *,
    questions: Sequence[KnownQuestion] = (),
    progress: bool = False,
    bases: Bases | None = None,
) -> Built:
    """Build a generation of `documents` under `root` and make it the live one.

    questions    those whose answers are known: it carries those whose facts its passages state
    bases        it stands on the live one of these, which holds other documents

    Raises ParseError when the corpus is empty or two documents share an id, IndexBusy when another
    indexer is at work, BuildError when what was built fails its checks. Whatever is raised, the
    live generation stays.
    """
    base = bases.live() if bases is not None else None
    _refuse(documents, base)
    with written(root), alone(root):
        generations = root / "generations"
        generations.mkdir(exist_ok=True)
        for leftover in generations.glob("*.tmp"):  # of a build that was killed
            clear(leftover)
        found = amended.linked(
            [
                passage
                for document in tqdm(
                    documents, desc="Découpage", unit="document", disable=not progress
                )
                for passage in chunk(document)
            ]
        )
        passages = [passage for passage in found if passage.form != register.FORM]
        rows = [passage for passage in found if passage.form == register.FORM]
        known = _stated(questions, passages, base)
        fingerprint = _fingerprint(documents, found, embedder, known, base)
        previous = _previous(root)
        warnings = _overdue(documents) + _withheld(documents) + _unanswered(questions, known)
        if (
            previous is not None
            and manifest(previous)["fingerprint"] == fingerprint
            and _sound(previous, embedder, bases)
        ):
            return Built(previous, False, len(documents), len(found), 0, warnings)
        number = 1 + max(
            (int(f.name) for f in generations.iterdir() if is_number(f.name)), default=0
        )
        final = generations / f"{number:06}"
        aside = generations / f"{number:06}.tmp"
        aside.mkdir()
        try:
            kept = _kept(previous, embedder)
            vectors = _embedded(passages, kept.passages, embedder, progress=progress)
            embedded = sum(passage.digest not in kept.passages for passage in passages)
            chosen = (
                shares(documents, passages, vectors, embedder)
                if base is None
                else base.about["weights"]
            )
            _write(
                *(aside, documents, passages, vectors, embedder, fingerprint, chosen, progress),
                rows=rows,
                questions=known,
                kept=kept,
                base=base,
            )
            _check(aside, embedder, bases)
            sync(aside)
            os.rename(aside, final)
        except BaseException as error:
            full = trouble(error, root)  # before room is made
            shutil.rmtree(aside, ignore_errors=True)
            if full is not None and not isinstance(error, SearchError):
                raise BuildError(_unwritten(full)) from error
            raise
        point(root, final.name)
        forget(generations, final.name)
        return Built(final, True, len(documents), len(found), embedded, warnings)


def make(
    folder: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    embedder: Embedder,
    *,
    progress: bool = False,
) -> None:
    """Make a generation of ready passages in `folder`, which exists and is empty.

    Neither checked nor put in service: what is measured and thrown away needs no more. The weights
    are the defaults: the headings of a judged set may be the questions that it is judged by.
    """
    vectors = _embedded(passages, {}, embedder, progress=progress)
    fingerprint = _fingerprint(documents, passages, embedder)
    default = weights.default(embedder)
    _write(folder, documents, passages, vectors, embedder, fingerprint, default, progress)


def restore(root: Path, number: str, embedder: Embedder, bases: Bases | None = None) -> Path:
    """Make a generation that is still there the live one again, whole and checked.

    Raises IndexMissing when it is not there, IndexBusy, BuildError when it is damaged.
    """
    folder = root / "generations" / number
    if not is_number(number) or not folder.is_dir():
        raise IndexMissing(folder, "il n'y est plus. Les trois derniers index sont gardés")
    with written(root), alone(root):
        manifest(folder)
        if not _sound(folder, embedder, bases):
            raise BuildError(
                f"L'index {number} est abîmé : il n'est pas remis en service. Choisissez-en un "
                "autre, ou reconstruisez."
            )
        point(root, number)
    return folder


def generations(root: Path) -> list[tuple[str, Mapping[str, Any]]]:
    """Those that are there, newest first, with what they say of themselves; none that cannot."""
    found: list[tuple[str, Mapping[str, Any]]] = []
    for folder in sorted((root / "generations").glob("*"), reverse=True):
        if is_number(folder.name):
            with suppress(IndexMissing):
                found.append((folder.name, manifest(folder)))
    return found


def _refuse(documents: Sequence[Document], base: Generation | None = None) -> None:
    if base is None and not any(document.sections for document in documents):
        raise ParseError(
            "corpus",
            None,
            "aucun document à indexer",
            "Ajoutez des fiches aux dossiers que nomme catalogue.toml.",
        )
    every = [*(base.documents.values() if base is not None else ()), *documents]
    twice = [id for id, times in Counter(d.id for d in every).items() if times > 1]
    if twice:
        titles = " et ".join(f"« {d.title} »" for d in every if d.id == twice[0])
        raise ParseError(
            twice[0],
            None,
            f"deux documents portent ce nom : {titles}",
            "Renommez l'un des deux fichiers, ou donnez-lui une autre clé « id ».",
        )


def _overdue(documents: Sequence[Document]) -> tuple[str, ...]:
    """A line for each document whose review date has passed."""
    today = date.today().isoformat()
    return tuple(
        f"« {d.title} » devait être relu avant le {d.review}."
        for d in documents
        if d.review and d.review < today
    )


def _withheld(documents: Sequence[Document]) -> tuple[str, ...]:
    """A line for each paragraph left out because it speaks to the assistant."""
    return tuple(
        f"« {d.title} » : ce texte s'adresse à l'assistant et n'est pas indexé : « {start} »."
        for d in documents
        for start in d.withheld
    )


@contextmanager
def written(root: Path) -> Iterator[None]:
    """Raise BuildError, with the remedy, where the disk is why nothing could be built.

    tantivy panics when it is full: that is no Exception.
    """
    try:
        yield
    except (SearchError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        why = trouble(error, root)
        if why is None:
            raise
        raise BuildError(_unwritten(why)) from error


def _unwritten(why: str) -> str:
    return f"L'index ne peut pas être écrit. {why} L'index en service, s'il y en a un, est intact."


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Change an index folder, as nobody else does meanwhile. Raises IndexBusy."""
    root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(root / "lock") from error
    try:
        yield
    finally:
        lock.release()


def _fingerprint(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    embedder: Embedder,
    questions: Sequence[KnownQuestion] = (),
    base: Generation | None = None,
) -> str:
    """A digest of all that a generation depends on."""
    on = f" {base.number} {base.about['fingerprint']}" if base is not None else ""
    digest = hashlib.blake2b(f"{FORMAT} {embedder.digest}{on}".encode(), digest_size=16)
    for document in documents:
        bare = dataclasses.replace(document, sections=())
        digest.update(json.dumps(dataclasses.asdict(bare), sort_keys=True).encode())
    for passage in passages:
        digest.update(json.dumps(dataclasses.asdict(passage), sort_keys=True).encode())
    for question in questions:
        digest.update(repr(question).encode())
    return digest.hexdigest()


def _stated(
    questions: Sequence[KnownQuestion],
    passages: Sequence[Passage],
    base: Generation | None = None,
) -> list[KnownQuestion]:
    """The known questions that these passages can answer, and the near misses of their facts; those
    that `base` carries already are not told again.

    One that names a passage asks for its sentence, or for any of them.
    """
    every = [*(base.passages if base is not None else ()), *passages]
    carried = frozenset(base.known.questions if base is not None else ())
    stated = frozenset().union(*(passage.facts for passage in every))
    by_digest = {passage.digest: passage for passage in every}
    found = []
    for question in questions:
        facts = question.facts if stated.issuperset(question.facts) else ()
        if question.passage in by_digest:
            facts = _asked_for(question, by_digest[question.passage])
        if facts and Known(question.text, facts, question.answered) not in carried:
            found.append(dataclasses.replace(question, facts=facts))
    return found


def _asked_for(question: KnownQuestion, passage: Passage) -> tuple[str, ...]:
    said = [passage.text[start:end].split() for start, end in sentences_of(passage.text)]
    wanted = question.sentence.split()
    return tuple(passage.sentence(n) for n, words in enumerate(said) if wanted in ([], words))


def _unanswered(
    questions: Sequence[KnownQuestion], stated: Sequence[KnownQuestion]
) -> tuple[str, ...]:
    """A line when questions name passages or sentences that are not there."""
    count = sum(bool(q.passage) for q in questions) - sum(bool(q.passage) for q in stated)
    told = (
        f"{count} question(s) écrite(s) pour des documents n'y trouvent plus leur phrase : "
        "corrigez « sentence », ou lancez « assistant expand », qui retire celles d'un passage "
        "disparu."
    )
    return (told,) if count else ()


def _previous(root: Path) -> Path | None:
    """The live generation, when there is one that this version can read."""
    try:
        folder = live(root)
        manifest(folder)
    except IndexMissing:
        return None
    return folder


def _sound(folder: Path, embedder: Embedder, bases: Bases | None = None) -> bool:
    """Whether a generation can be opened and is whole: a damaged one is built again."""
    try:
        opened = Generation(folder, embedder, bases)
    except SearchError:
        return False
    opened.close()
    return opened.degraded is None


def _embedded(
    passages: Sequence[Passage],
    known: Mapping[str, NDArray[np.float32]],
    embedder: Embedder,
    *,
    progress: bool,
) -> NDArray[np.float32]:
    """(passages, dim) vectors: those known by their passage's digest, and the others' computed."""
    found = dict(known)
    fresh = [p for p in passages if p.digest not in found]
    starts = range(0, len(fresh), _BATCH)
    for start in tqdm(starts, desc="Vecteurs", unit="lot", disable=not progress or not fresh):
        batch = fresh[start : start + _BATCH]
        rows = embedder.passages([passage.searched() for passage in batch])
        found |= {p.digest: row for p, row in zip(batch, rows, strict=True)}
    vectors = np.zeros((len(passages), embedder.dim), np.float32)
    for row, passage in enumerate(passages):  # none at all where a town has but lists
        vectors[row] = found[passage.digest]
    return vectors


def _asked(
    questions: Sequence[KnownQuestion],
    embedder: Embedder,
    kept: Mapping[str, NDArray[np.float32]],
) -> NDArray[np.float16]:
    """(questions, dim), each row of length 1."""
    fresh = [question.text for question in questions if question.text not in kept]
    found = dict(kept) | dict(zip(fresh, embedder.questions(fresh), strict=True))
    empty = np.zeros((0, embedder.dim), np.float32)
    return np.vstack([empty, *(found[q.text][None] for q in questions)]).astype(np.float16)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The vectors of an earlier generation: by the digest of a passage, by a question's words."""

    passages: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    sentences: Mapping[str, tuple[NDArray[np.float16], NDArray[np.float16]]] = field(
        default_factory=dict
    )
    questions: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)


def _kept(previous: Path | None, embedder: Embedder) -> _Kept:
    """What of the generation before need not be embedded again: all, with the same model."""
    about = manifest(previous) if previous is not None else None
    if previous is None or about is None or about["embedder"]["digest"] != embedder.digest:
        return _Kept()
    try:
        parts = read_parts(previous, about)
        said = sentences.Sentences(previous, parts.passages)
        return _Kept(
            {p.digest: row for p, row in zip(parts.passages, parts.vectors, strict=True)},
            said.by_digest(parts.passages),
            known_of(previous).vectors(),
        )
    except (SearchError, ValueError, KeyError):  # damaged since: nothing of it is trusted
        return _Kept()


def shares(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    vectors: NDArray[np.float32],
    embedder: Embedder,
) -> Mapping[str, float]:
    """The weight of each search: a hub model's is tried on the questions that headings ask.

    They are asked of a generation thrown away, without these headings, of _TRIED passages at most:
    those under them, then the first of the others.
    """
    default = weights.default(embedder)
    if not is_hub(embedder):
        return default
    probes, rest = hold_out(passages, share=1.0, limit=_QUESTIONS, kinds=["question"])
    if len(probes) < weights.ENOUGH:
        return default
    known = {p.digest: row for p, row in zip(passages, vectors, strict=True)}
    asked = frozenset().union(*(probe.passages for probe in probes))
    tried = sorted(rest, key=lambda passage: passage.id not in asked)[:_TRIED]
    with TemporaryDirectory(prefix="assistant-build-") as scratch:
        folder = Path(scratch)
        rows = _embedded(tried, known, embedder, progress=False)
        _write(folder, documents, tried, rows, embedder, "", default, progress=False)
        generation = Generation(folder, embedder)
        try:
            return weights.share(weights.choose(Retriever(generation), probes))
        finally:
            generation.close()


def _write(
    folder: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    vectors: NDArray[np.float32],
    embedder: Embedder,
    fingerprint: str,
    by_search: Mapping[str, float],
    progress: bool,
    rows: Sequence[Passage] = (),
    questions: Sequence[KnownQuestion] = (),
    kept: _Kept = _Kept(),
    base: Generation | None = None,
) -> None:
    write_lines(
        folder / "documents.jsonl",
        [dataclasses.replace(d, sections=(), withheld=()) for d in documents],
    )
    write_lines(folder / "passages.jsonl", passages)
    write_lines(folder / "register.jsonl", rows)
    np.save(folder / "vectors.npy", vectors)
    said = sentences.embedded(passages, embedder, kept.sentences)
    for name, matrix in zip(sentences.FILES, said, strict=True):
        np.save(folder / name, matrix)
    write_lines(folder / "questions.jsonl", questions)
    np.save(folder / "questions.npy", _asked(questions, embedder, kept.questions))
    words = vocabulary(passage.searched() for passage in passages)
    (folder / "vocabulary.json").write_text(
        json.dumps(words, ensure_ascii=False, sort_keys=True), encoding="utf-8"
    )
    lexical.write(
        folder / "tantivy",
        tqdm(passages, desc="Mots", unit="passage", disable=not progress),
        base.lexical if base is not None else None,
    )
    if base is None:  # few vectors beside many are all compared
        chroma.write(folder / "chroma", vectors, progress=progress)
    about: dict[str, Any] = {
        "format": FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "embedder": {"name": embedder.name, "digest": embedder.digest, "dim": embedder.dim},
        "documents": len(documents),
        "passages": len(passages),
        "rows": len(rows),
        "fingerprint": fingerprint,
        "weights": dict(by_search),
        "checksums": checksums(folder),
    }
    if base is not None:
        about["base"] = {"number": base.number, "fingerprint": base.about["fingerprint"]}
    tell(folder, about)


def _check(folder: Path, embedder: Embedder, bases: Bases | None = None) -> None:
    """Open and search what was built, in another process: a native crash is a failed check.

    What stands on another is checked here: Chroma has no part in it, and no server builds.
    """
    if bases is not None:
        opened = Generation(folder, embedder, bases)
        try:
            if problems := check(opened):
                raise BuildError(_UNFIT.format(folder, problems[-1]))
        finally:
            opened.close()
        return
    try:
        run = subprocess.run(
            [sys.executable, "-m", "index.build", str(folder), embedder.name],
            capture_output=True,
            text=True,
            timeout=_CHECK_SECONDS,
        )
    except subprocess.TimeoutExpired:
        said = [f"plus de {_CHECK_SECONDS} secondes"]
    else:
        if run.returncode == 0:
            return
        said = (run.stdout + run.stderr).strip().splitlines() or [f"arrêt {run.returncode}"]
    raise BuildError(_UNFIT.format(folder, said[-1]))


_UNFIT = (
    "L'index construit dans {} ne passe pas ses contrôles ({}). L'index en service est intact ; "
    "relancez « assistant build » et, si cela se répète, signalez-le."
)


def check(generation: Generation) -> list[str]:
    """What is wrong with a generation, a line each: each vector and each text must find itself."""
    problems = []
    if generation.degraded is not None:
        problems.append(generation.degraded)
    missed, vectors = 0, generation.vectors
    for position, vector in enumerate(vectors[generation.first :], generation.first):
        nearest = generation.store.search(vector, 5)
        # Two passages may have the same vector: being as near as itself is enough.
        if vector.any() and not any(
            row == position or np.allclose(vectors[row], vector, atol=1e-5) for row in nearest
        ):
            missed += 1
    if missed > len(generation.own) // 1000:  # a sound HNSW misses 0.5 in 1,000
        problems.append(f"{missed} vecteurs ne se retrouvent pas eux-mêmes")
    lost = _lost(generation)
    if len(lost) > len(generation.own) // 50:  # titles that hold the words may come before
        problems.append(f"passages que leurs mots ne retrouvent pas : {len(lost)}, dont {lost[0]}")
    return problems


def _lost(generation: Generation) -> list[str]:
    """The ids of the passages that their own words do not find.

    Another that holds all of these words is as good: the same notice may stand on every page.
    """
    passages = generation.passages
    held = cache(lambda row: frozenset(tokens(passages[row].searched())))
    lost = []
    for position, passage in enumerate(generation.own, generation.first):
        own = frozenset(tokens(passage.text))
        found = generation.lexical.words(dict.fromkeys(sorted(own), 1.0), 50)
        if own and not any(row == position or held(row) >= own for row in found):
            lost.append(passage.id)
    return lost


def sync(folder: Path) -> None:
    """Have the disk hold every file before anything points at it."""
    for path in [*folder.rglob("*"), folder]:
        flush(path)


def point(root: Path, number: str) -> None:
    """Make a generation the live one; a power cut leaves the old pointer or the new one."""
    flush(root / "generations")
    aside = root / "current.tmp"
    for path in (aside, root / "current"):
        if path.is_dir():
            clear(path)
    aside.write_text(number + "\n", encoding="ascii")
    flush(aside)
    os.replace(aside, root / "current")
    flush(root)


def forget(generations: Path, current: str) -> None:
    """Remove the generations too old to go back to."""
    old = sorted(f for f in generations.iterdir() if is_number(f.name) and f.name <= current)
    for folder in old[:-KEPT]:
        clear(folder)


def clear(path: Path) -> None:
    """Remove a folder, or what stands in its place; what cannot be removed stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


_PDEATHSIG = 1  # of Linux's prctl: the signal that a process gets when its parent dies


def main() -> None:
    """`python -m index.build FOLDER MODEL`: what `_check` runs."""
    from index.encoder.embedding import load

    # The build that waits for it, and for so long only, may be killed: nobody would end it then.
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    folder, model = sys.argv[1:]
    problems = check(Generation(Path(folder), load(model)))
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
