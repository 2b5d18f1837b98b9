"""A town's own model: the one that ships, taught the town's passages, kept if it finds better.

What it learns is inverse cloze (train): a sentence belongs with the passage it was taken
from, a heading with the text under it. What that is worth is measured first, on words held out of
the passages (heldout): the shipped model, then one taught the same passages without these
words, search for them with the real fusion. Needs torch, sentence-transformers and ir-measures
(requirements-models.lock).

Left out because it lost, on the public sets: new pieces for the words that the vocabulary cuts
(alone, .581 to .571 on piaf, .802 to .786 on spf), questions cut short, words of them dropped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import torch
from filelock import FileLock, Timeout
from model2vec import StaticModel
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.documents import Document
from index.build import sync
from index.encoder.embedding import SHIPPED, Embedder, load
from index.errors import AdaptationError
from index.measuring import evaluation
from index.measuring.judged import Asked, Folder, Judged
from index.passages import Passage
from index.search.heldout import KINDS, Kind, Probe, hold_out
from index.training.train import BATCH, Paragraph, fit, inverse_cloze, save

# Of 1,640 and of 6,046 passages, more epochs teach nothing that the fusion finds; of 586, ten gain
# .016 on their 278 questions where four gain .010.
_EPOCHS = range(4, 21)
_BATCHES = 100
ENOUGH = 50  # probes of a kind to judge by: with 49, the interval of a gain is .03 wide either way
_LEVEL = 90.0  # of the intervals: in 95 draws of 100 the gain is over their lower end


@dataclass(frozen=True, slots=True)
class Gain:
    """nDCG@10 of the probes of a kind with the base model and with an adapted one.

    `low` and `high` bound the difference: a 90 % interval, by paired bootstrap.
    """

    kind: Kind
    count: int
    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Adapted:
    """What adapting gave: `folder` is the model's, None when it was not kept."""

    passages: int
    gains: tuple[Gain, ...]
    judge: Kind
    folder: Path | None

    def told(self) -> str:
        """What was measured and decided, in French."""
        verdict = (
            "Le modèle livré reste : adapté, il ne trouve pas assez mieux."
            if self.folder is None
            else f"Le modèle adapté trouve mieux : il est gardé dans {self.folder}."
        )
        return "\n".join(
            [
                f"{self.passages} passages. Mesure (nDCG@10 : 1 quand le bon passage vient "
                "toujours en premier), sur des mots mis de côté, modèle livré puis adapté :",
                *(f"- {told(gain)}" for gain in self.gains),
                f"Ce qui décide : les {_NAMES[self.judge]}."
                + (_AS_SENTENCES if self.judge == "sentence" else ""),
                verdict,
            ]
        )


def adapt(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    folder: Path,
    *,
    base: Path = SHIPPED,
    seed: int = 1,
    progress: bool = False,
) -> Adapted:
    """Teach the model in `base` the French passages; keep what it became in a folder of `folder`.

    Only what finds more than `base` is kept. The new folder is named by the model's digest, so
    that one in use never changes. Raises AdaptationError when there is too little to judge by, or
    when another adaptation is at work in `folder`.
    """
    torch.set_num_threads(1)  # two would sum in another order: not the same model twice
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    spoken = {document.id for document in documents if document.language == "fr"}
    french = [passage for passage in passages if passage.document_id in spoken]
    probes, rest = hold_out(french, seed=seed)
    judge = _judge(probes)
    with _alone(folder):
        taught = _taught(base, rest, seed, progress)
        with TemporaryDirectory(prefix="assistant-adapt-") as scratch:
            save(*taught, Path(scratch) / "model", card(()))
            models = (load("" if base == SHIPPED else str(base)), load(f"{scratch}/model"))
            before, after = (_scores(probes, documents, rest, m, progress) for m in models)
        gains = tuple(_gains(probes, before, after))
        kept = better(gains, judge)
        where = _keep(folder, _taught(base, french, seed, progress), gains) if kept else None
    return Adapted(len(french), gains, judge, where)


def better(gains: Sequence[Gain], judge: Kind) -> bool:
    """Whether the probes that judge gain, chance left aside, and no other kind surely loses."""
    return all(
        gain.low > 0 if gain.kind == judge else gain.high >= 0 or gain.count < ENOUGH
        for gain in gains
    )


def _judge(probes: Sequence[Probe]) -> Kind:
    """The kind to judge by: of those with enough probes, the nearest to a resident's questions.

    On service-public.fr, sentences gained three times what the real questions did (2026-11).
    """
    for kind in KINDS:
        if sum(probe.kind == kind for probe in probes) >= ENOUGH:
            return kind
    raise AdaptationError(
        "Ces passages sont trop peu nombreux pour adapter le modèle : il en faut assez pour "
        f"mettre de côté {ENOUGH} questions, titres ou phrases, et mesurer ce que l'on y gagne. "
        "Gardez le modèle livré."
    )


def _taught(
    base: Path, passages: Sequence[Passage], seed: int, progress: bool
) -> tuple[Tokenizer, NDArray[np.float32]]:
    """The tokenizer of `base`, and its vectors once taught these passages."""
    model = StaticModel.from_pretrained(base, force_download=False)
    start = np.asarray(model.embedding, np.float32)
    if model.weights is not None:  # the scales of vectors kept as bytes
        start = start * np.asarray(model.weights, np.float32)[:, None]
    paragraphs = [Paragraph(tuple(filter(None, p.headings)), p.text) for p in passages]
    vectors = fit(
        model.tokenizer,
        start,
        [],
        paragraphs,
        epochs=_epochs(paragraphs),
        seed=seed,
        progress=progress,
    )
    return model.tokenizer, vectors


def _epochs(paragraphs: Sequence[Paragraph]) -> int:
    """How many times to draw from these paragraphs to make _BATCHES batches, within _EPOCHS."""
    drawn = sum(1 for _ in inverse_cloze(paragraphs, Random(0)))
    wanted = -(-_BATCHES * BATCH // max(drawn, 1))
    return min(max(wanted, _EPOCHS.start), _EPOCHS.stop - 1)


def _scores(
    probes: Sequence[Probe],
    documents: Sequence[Document],
    passages: Sequence[Passage],
    embedder: Embedder,
    progress: bool,
) -> NDArray[np.float64]:
    """nDCG@10 of each probe, asked of the passages that it was taken out of."""
    asked = tuple(Asked(str(n), probe.question, probe.kind) for n, probe in enumerate(probes))
    relevant: Mapping[str, Mapping[str, int]] = {
        question.id: dict.fromkeys(probe.passages, 1)
        for question, probe in zip(asked, probes, strict=True)
    }
    judged = Judged("mots mis de côté", asked, relevant, whole=False)
    trial = Folder(judged, tuple(documents), tuple(passages))
    with evaluation.opened(trial, embedder, progress=progress) as retriever:
        results = evaluation.run(judged, retriever, ("clean",), progress=progress)
    return np.array([result.measures[evaluation.MAIN] for result in results])


def _gains(
    probes: Sequence[Probe], before: NDArray[np.float64], after: NDArray[np.float64]
) -> Iterator[Gain]:
    for kind in KINDS:
        own = [n for n, probe in enumerate(probes) if probe.kind == kind]
        if own:
            low, high = evaluation.interval((after[own] - before[own]).tolist(), _LEVEL)
            means = float(before[own].mean()), float(after[own].mean())
            yield Gain(kind, len(own), *means, low, high)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise AdaptationError(
            f"Une autre adaptation est en cours ({folder}). Attendez qu'elle finisse."
        ) from error
    try:
        for leftover in folder.glob("*.tmp"):  # of an adaptation that was killed
            shutil.rmtree(leftover)
        yield
    finally:
        lock.release()


def _keep(
    folder: Path, model: tuple[Tokenizer, NDArray[np.float32]], gains: Sequence[Gain]
) -> Path:
    """Write a model under `folder`, whole or not at all."""
    aside = folder / "nouveau.tmp"
    save(*model, aside, card(gains))
    final = folder / f"adapte-{load(str(aside)).digest[:8]}"
    if final.exists():  # the same passages and the same seed
        shutil.rmtree(aside)
        return final
    sync(aside)
    os.rename(aside, final)
    return final


_CARD = """\
---
language: [fr]
library_name: model2vec
---

# Le modèle français livré, adapté à des passages

Écrit par « assistant adapt » : ne pas modifier. Il part du modèle livré avec l'assistant et a
appris les passages d'un index, sans aucune question d'habitant. Il sert avec le réglage
ASSISTANT_MODEL, puis « assistant build ». model2vec et sentence-transformers lisent ce dossier.

nDCG@10 sur des mots mis de côté, avec le modèle de départ puis avec ces passages :

{gains}

Licence : MIT pour le modèle livré ; pour le reste, celle des passages.
"""


# On service-public.fr, 2026-11: sentences +.023, its 535 questions +.007.
_AS_SENTENCES = (
    " Une phrase ressemble au passage plus qu'une question d'habitant : sur de vraies questions, "
    "attendez-vous à gagner trois fois moins."
)


def card(gains: Sequence[Gain]) -> str:
    """The card of an adapted model: where it comes from and what was measured, in French."""
    lines = (f"- {told(gain)}" for gain in gains)
    return _CARD.format(gains="\n".join(lines))


_NAMES: Mapping[Kind, str] = {
    "question": "questions posées par un titre",
    "heading": "autres titres",
    "sentence": "phrases",
}


def told(gain: Gain) -> str:
    """What was measured on a kind of probes, in French."""
    figures = (gain.before, gain.after, gain.after - gain.before, gain.low, gain.high)
    before, after, mean, low, high = (
        format(f, form).replace(".", ",")
        for f, form in zip(figures, (".3f", ".3f", "+.3f", "+.3f", "+.3f"), strict=True)
    )
    return (
        f"{gain.count} {_NAMES[gain.kind]} : {before} puis {after}, écart {mean} "
        f"(intervalle à 90 % : {low} à {high})"
    )
