from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.documents import Span
from index.encoder.embedding import Embedder
from index.french.analysis import sentences
from index.generation import Generation
from index.passages import Passage
from index.stores.sentences import Sentences, embedded


def test_each_sentence_of_a_passage_has_its_vector(generation: Generation) -> None:
    at = next(n for n, p in enumerate(generation.passages) if "samedi matin" in p.text)
    passage = generation.passages[at]
    spans = sentences(passage.text)
    rows = generation.sentences.of(at)
    assert len(rows) == len(spans) == 2
    expected = generation.embedder.sentences([passage.text[s:e] for s, e in spans])
    assert np.allclose(rows, expected, atol=1e-3)  # kept in half precision
    heading = generation.embedder.questions([passage.headings[-1]])[0]
    assert np.allclose(generation.sentences.heading(at), heading, atol=1e-3)


def test_a_point_is_read_after_what_leads_to_it_and_a_numbered_sentence_alone(
    embedder: Embedder,
) -> None:
    lead, point, after = "Jardins refusés :", "le rucher du stade", "Le jury est souverain."
    text = f"{lead}\n- {point}\n{after}"
    passage = Passage(("Prix",), text, id="p#1", document_id="p", scope="local", digest="0")
    rows, _ = embedded([passage], embedder, {})
    told = [f"Prix : {lead}", f"Prix : {lead} {point}", f"Prix : {after}"]
    assert np.allclose(rows, embedder.sentences(told), atol=1e-3)
    numbered = replace(passage, spans=(Span(0, len(text), ("1",), ()),))
    rows, _ = embedded([numbered], embedder, {})
    assert np.allclose(rows, embedder.sentences([lead, point, after]), atol=1e-3)


def test_what_an_earlier_generation_holds_is_not_embedded_again(
    generation: Generation, stranger: Embedder
) -> None:
    known = generation.sentences.by_digest(generation.passages)
    # Another model: had anything been embedded again, its vectors would be others.
    rows, heads = embedded(generation.passages, stranger, known)
    assert (rows == np.concatenate([known[p.digest][0] for p in generation.passages])).all()
    assert len(heads) == len(generation.passages)


def test_vectors_of_other_passages_are_refused(generation: Generation, tmp_path: Path) -> None:
    for name in ("sentences.npy", "headings.npy"):
        shutil.copy(generation.folder / name, tmp_path / name)
    Sentences(tmp_path, generation.passages)
    with pytest.raises(ValueError, match="des phrases manquent"):
        Sentences(tmp_path, generation.passages[1:])
