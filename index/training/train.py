"""Train the small French model that ships: word pieces to vectors, learnt from questions.

    python -m index.training.train --pairs pairs.jsonl --passages passages.jsonl \\
        --service-public corpus.jsonl --out index/model

--pairs           JSON Lines of {"question", "passage", "source"}; `source` is a key of SOURCES
--passages        JSON Lines of {"headings": [...], "text"}: our fiches, as cut for the index
--service-public  JSON Lines of {"text"}: sheets of service-public.fr, for more civic French

A text is the mean of the vectors of its word pieces, so a question costs a look-up and no torch.
Questions are brought near their passage and away from the others of the batch (InfoNCE, both
ways). To the pairs are added, from the passages themselves, sentences against the text they were
taken out of and headings against the text under them (inverse cloze). The same seed, files and
versions give the same model. Needs torch and sentence-transformers (requirements-models.lock).
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from model2vec import StaticModel
from numpy.typing import NDArray
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch.nn import functional
from tqdm import tqdm

UNKNOWN = "[UNK]"  # the first piece; its vector is zero

# Where a pair may come from: what a model trained on it may ship with. Any other source is refused.
SOURCES = {
    "legi": (
        "headings of French law codes and the article under them (DILA, from the history of "
        "SocialGouv/legi-data), Licence Ouverte 2.0"
    ),
    "piaf": "questions on encyclopedia paragraphs (PIAF 1.0, etalab-ia/piaf-code), MIT",
}
SERVICE_PUBLIC = (
    "sheets of service-public.fr (DILA, from the history of etalab-ia/piaf-ml), Licence Ouverte 2.0"
)
FICHES = "the fiches of this repository (corpus/starter, see its LICENCE.md)"

SCALE = 20.0  # of the cosines before the softmax, as in MultipleNegativesRankingLoss
BATCH = 256
RATE = 0.02  # .005 and .01 lose 1 to 4 points of nDCG on service-public.fr's questions
CORRUPTED = 0.3  # share of the questions that get a typo
SENTENCES = 2  # taken out of a passage in each epoch: 3 points over one, on the same questions
OURS = 4  # times a fiche is drawn: 1 to 2 points over one, on 65 questions about the fiches


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage that answers it. Pairs of one topic never count as wrong answers."""

    question: str
    passage: str
    topic: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A passage to learn from without a question."""

    headings: tuple[str, ...]
    text: str


def read_pairs(path: Path) -> tuple[list[Pair], Counter[str]]:
    """The labelled pairs, and how many come from each source."""
    pairs, sources = [], Counter[str]()
    for record in _records(path):
        if record["source"] not in SOURCES:
            raise click.ClickException(
                f"{path}: source {record['source']!r} is not one of {', '.join(SOURCES)}: "
                "add it to SOURCES with its licence, if that licence lets the model ship"
            )
        pairs.append(Pair(record["question"], record["passage"], record["passage"]))
        sources[record["source"]] += 1
    return pairs, sources


def read_paragraphs(path: Path) -> list[Paragraph]:
    """The passages of a file; what else a record says is ignored."""
    return [
        Paragraph(tuple(record.get("headings", ())), record["text"]) for record in _records(path)
    ]


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def vocabulary(texts: Sequence[str], size: int) -> Tokenizer:
    """A WordPiece tokenizer of about `size` pieces; « l’État » is read as l, ', etat."""
    normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Lowercase(),
            normalizers.Replace("’", "'"),
            normalizers.Replace("œ", "oe"),
            normalizers.Replace("æ", "ae"),
            normalizers.NFD(),
            normalizers.StripAccents(),
        ]
    )
    learning = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    learning.normalizer = normalizer
    learning.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    # The trainer numbers the pieces it meets in the order of a hash table, another one in each
    # run, and ties follow the numbers. Named beforehand, the characters keep the order given here.
    characters = sorted(set().union(*map(normalizer.normalize_str, texts)) - set(" \t\n\r\u00a0"))
    first = [UNKNOWN, *characters, *(f"##{character}" for character in characters)]
    learning.train_from_iterator(
        texts,
        trainers.WordPieceTrainer(
            vocab_size=size, min_frequency=2, special_tokens=first, show_progress=False
        ),
    )
    # Into a new tokenizer: here the characters are pieces like the others, not special tokens.
    learnt = Tokenizer(models.WordPiece(learning.get_vocab(), unk_token=UNKNOWN))
    learnt.normalizer = learning.normalizer
    learnt.pre_tokenizer = learning.pre_tokenizer
    return learnt


def rarity(tokenizer: Tokenizer, texts: Sequence[str]) -> NDArray[np.float32]:
    """The idf of each piece: the logarithm of how few texts hold it, near 0 for « de »."""
    holding = np.zeros(tokenizer.get_vocab_size())
    for encoding in tokenizer.encode_batch(list(texts)):
        holding[list(set(encoding.ids))] += 1
    return np.log((1 + len(texts)) / (1 + holding)).astype(np.float32)


def inverse_cloze(paragraphs: Iterable[Paragraph], chance: random.Random) -> Iterator[Pair]:
    """Questions that nobody asked: headings for the text under them, a sentence for the others."""
    for paragraph in paragraphs:
        headings = " ".join(paragraph.headings)
        if headings:
            yield Pair(headings, paragraph.text, paragraph.text)
        sentences = re.split(r"(?<=[.!?…;])\s+", paragraph.text)
        if len(sentences) > 1:
            for taken in chance.sample(range(len(sentences)), min(SENTENCES, len(sentences))):
                others = sentences[:taken] + sentences[taken + 1 :]
                yield Pair(sentences[taken], " ".join([headings, *others]), paragraph.text)


def corrupt(text: str, chance: random.Random) -> str:
    """One typo in a word of four letters or more: two letters swapped, one lost or one doubled.

    Lost accents need no learning: the tokenizer drops them all.
    """
    words = [match.span() for match in re.finditer(r"\w{4,}", text)]
    if not words:
        return text
    start, end = chance.choice(words)
    at = chance.randrange(start + 1, end - 1)
    return chance.choice(
        [
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
        ]
    )


def contrast(questions: torch.Tensor, passages: torch.Tensor, alike: torch.Tensor) -> torch.Tensor:
    """InfoNCE, both ways: row i of `questions` belongs to row i of `passages` and to no other.

    alike    (n, n) booleans: pairs that share their question or topic, left out of the softmax
    """
    cosines = functional.normalize(questions) @ functional.normalize(passages).T
    own = torch.eye(len(cosines), dtype=torch.bool)
    scores = (SCALE * cosines).masked_fill(alike & ~own, float("-inf"))
    target = torch.arange(len(scores))
    return (
        functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
    ) / 2


def random_start(
    tokenizer: Tokenizer, texts: Sequence[str], *, dim: int, seed: int
) -> NDArray[np.float32]:
    """A random vector of `dim` numbers for each piece, as long as the piece is rare in `texts`.

    A mean of such vectors is already a search by shared rare words, which training only has to
    improve.
    """
    torch.manual_seed(seed)
    start = torch.randn(tokenizer.get_vocab_size(), dim) / dim**0.5
    start *= torch.from_numpy(rarity(tokenizer, texts))[:, None]
    vectors: NDArray[np.float32] = start.numpy()
    return vectors


def fit(
    tokenizer: Tokenizer,
    start: NDArray[np.float32],
    pairs: Sequence[Pair],
    paragraphs: Sequence[Paragraph],
    *,
    epochs: int,
    seed: int,
    progress: bool = True,
) -> NDArray[np.float32]:
    """The vectors `start`, one for each piece of the vocabulary, once taught these texts."""
    chance = random.Random(seed)
    module = StaticEmbedding(tokenizer, embedding_weights=torch.from_numpy(start.copy()))
    optimizer = torch.optim.Adam(module.parameters(), lr=RATE)
    epoch_pairs = len(pairs) + sum(1 for _ in inverse_cloze(paragraphs, chance))
    steps = epochs * -(-epoch_pairs // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
    with tqdm(total=steps, disable=not progress, unit="batch") as bar:
        for _ in range(epochs):
            drawn = [*pairs, *inverse_cloze(paragraphs, chance)]
            chance.shuffle(drawn)
            for at in range(0, len(drawn), BATCH):
                loss = _loss(module, drawn[at : at + BATCH], chance)
                optimizer.zero_grad()
                torch.autograd.backward(loss)
                optimizer.step()
                schedule.step()
                bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
                bar.update()
    vectors: NDArray[np.float32] = module.embedding.weight.detach().numpy()
    vectors[tokenizer.token_to_id(UNKNOWN)] = 0
    return vectors


def _loss(module: StaticEmbedding, batch: Sequence[Pair], chance: random.Random) -> torch.Tensor:
    questions = [
        corrupt(pair.question, chance) if chance.random() < CORRUPTED else pair.question
        for pair in batch
    ]
    topic, question = (
        np.unique(values, return_inverse=True)[1]
        for values in ([pair.topic for pair in batch], [pair.question for pair in batch])
    )
    alike = (topic[:, None] == topic) | (question[:, None] == question)
    return contrast(
        module(module.preprocess(questions))["sentence_embedding"],
        module(module.preprocess([pair.passage for pair in batch]))["sentence_embedding"],
        torch.from_numpy(alike),
    )


def pack(tokenizer: Tokenizer, vectors: NDArray[np.float32]) -> StaticModel:
    """The model as it ships: each vector in bytes, with one scale (its largest number / 127)."""
    scales = np.abs(vectors).max(axis=1) / 127
    rows = np.rint(vectors / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
    return StaticModel(
        vectors=rows,
        tokenizer=tokenizer,
        weights=scales.astype(np.float32),
        config={"model_type": "model2vec", "architectures": ["StaticModel"]},
        language=["fr"],
        normalize=True,
        max_length=None,
    )


def save(tokenizer: Tokenizer, vectors: NDArray[np.float32], folder: Path, card: str) -> None:
    """Write the model, packed, to `folder`, with its card."""
    pack(tokenizer, vectors).save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)  # safetensors lets nobody but its author read it
    # In place of the card that model2vec writes.
    (folder / "README.md").write_text(card, encoding="utf-8")


_CARD = """\
---
language: [fr]
license: mit
library_name: model2vec
pipeline_tag: feature-extraction
tags: [embeddings, static-embeddings, sentence-transformers]
---

# The French embedding model that ships with the assistant

Written by `index/training/train.py` with the model: do not edit.

{pieces:,} word pieces (no case, no accents), one vector of {dim} numbers each, stored as bytes
with one scale per vector. A text is the mean of the vectors of its pieces, brought to length 1.
It is made to help a lexical search over French civic texts, with a small weight; alone, it ranks
worse than BM25. It reads no word order and no language but French.

model2vec (`StaticModel.from_pretrained(folder)`) and sentence-transformers
(`SentenceTransformer(folder)`) read this folder and give the same vectors.

## What it was trained on

Trained from random vectors: no other model was used. {epochs} epochs, seed {seed}.

{sources}

The sheets and fiches were used without any question of a benchmark: sentences against the text
they were taken out of, headings against the text under them. Nothing of FQuAD was used.

## Licence

MIT, as the rest of the assistant. It was computed from documents of the DILA (service-public.fr,
Légifrance) published under the Licence Ouverte 2.0, and from PIAF, published under the MIT licence.
"""


def card(tokenizer: Tokenizer, sources: Sequence[str], *, dim: int, epochs: int, seed: int) -> str:
    """The model card: what the model is, what it learnt from, under which licences."""
    return _CARD.format(
        pieces=tokenizer.get_vocab_size(),
        dim=dim,
        epochs=epochs,
        seed=seed,
        sources="\n".join(f"- {source}" for source in sources),
    )


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--pairs", "pairs_file", type=_FILE, required=True, help="Labelled pairs.")
@click.option("--passages", "passages_file", type=_FILE, required=True, help="Our passages.")
@click.option("--service-public", "public_file", type=_FILE, help="Sheets of service-public.fr.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--epochs", default=4, show_default=True)
@click.option("--dim", default=256, show_default=True, help="Numbers in a vector.")
@click.option("--vocabulary", "size", default=30_000, show_default=True, help="Word pieces.")
@click.option("--seed", default=1, show_default=True)
def main(
    pairs_file: Path,
    passages_file: Path,
    public_file: Path | None,
    out: Path,
    epochs: int,
    dim: int,
    size: int,
    seed: int,
) -> None:
    """Train a French embedding model and write it to the folder OUT."""
    torch.set_num_threads(1)  # two are slower, and would sum in another order
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    started = time.process_time()
    pairs, counts = read_pairs(pairs_file)
    ours = read_paragraphs(passages_file)
    public = read_paragraphs(public_file) if public_file else []
    sources = [f"{count:,} pairs: {SOURCES[name]}" for name, count in sorted(counts.items())]
    if public:
        sources.append(f"{len(public):,} passages: {SERVICE_PUBLIC}")
    sources.append(f"{len(ours):,} passages: {FICHES}")

    texts = [text for pair in pairs for text in (pair.question, pair.passage)]
    texts += [text for p in (*public, *ours) for text in (*p.headings, p.text)]
    tokenizer = vocabulary(texts, size)
    paragraphs = [*public, *ours * OURS]
    known = [pair.passage for pair in pairs] + [paragraph.text for paragraph in paragraphs]
    start = random_start(tokenizer, known, dim=dim, seed=seed)
    vectors = fit(tokenizer, start, pairs, paragraphs, epochs=epochs, seed=seed)
    text = card(tokenizer, sources, dim=dim, epochs=epochs, seed=seed)
    save(tokenizer, vectors, out, text)

    for source in sources:
        click.echo(source)
    bytes_ = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    click.echo(
        f"{len(vectors):,} pieces of {dim} numbers, {bytes_ / 1e6:.2f} MB in {out}, "
        f"{time.process_time() - started:.0f} s of processor"
    )


if __name__ == "__main__":
    main()
