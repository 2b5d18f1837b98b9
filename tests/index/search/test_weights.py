"""The weight of a hub model's vectors: its default, and what a corpus's own questions choose."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from corpus.documents import Document
from index.build import build, shares
from index.encoder.embedding import Embedder, load
from index.generation import manifest
from index.measuring import judged
from index.passages import Passage
from index.search.retriever import WEIGHTS
from index.search.weights import ENCODER, ENOUGH, GRID, crossed, share

COUNT = 60
_chance = random.Random(1)
_NAMES = ["".join(_chance.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(3 * COUNT)]
ASKED, ALSO, SAID = _NAMES[:COUNT], _NAMES[COUNT : 2 * COUNT], _NAMES[2 * COUNT :]


def town(count: int = COUNT) -> list[Passage]:
    """Questions whose words stand in the next passage only: the words alone find the wrong one."""
    return [
        _passage(
            n,
            (f"Guide {n}", f"Où trouver {ASKED[n]} ?"),
            f"On voit {SAID[n]} près de {ASKED[n - 1]}.",
        )
        for n in range(count)
    ]


def plain_town() -> list[Passage]:
    """Questions whose words stand in their passage; the next one repeats one of them."""
    return [
        _passage(
            n,
            (f"Guide {ALSO[n - 2]}", f"Où trouver {ASKED[n]} et {ALSO[n]} ?"),
            f"On voit {SAID[n]} près de {ASKED[n]} et {ALSO[n]}." + f" {ASKED[n - 1]}" * 3,
        )
        for n in range(COUNT)
    ]


def _passage(n: int, headings: tuple[str, ...], text: str) -> Passage:
    id = f"guide{n}#1"
    return Passage(
        id=id, document_id=f"guide{n}", headings=headings, text=text, scope="", digest=f"{n:032}"
    )


def encoder(folder: Path, *, right: bool) -> Embedder:
    """A sentence-transformers model that knows which words go together, or has them all wrong."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    vocabulary = {word: n for n, word in enumerate(["[UNK]", *ASKED, *SAID])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    asked = np.eye(COUNT, dtype=np.float32)
    said = 9 * (asked if right else np.roll(asked, 1, axis=0))
    rows = np.vstack([np.zeros((1, COUNT), np.float32), asked, said])
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=rows)]).save(
        str(folder), create_model_card=False
    )
    return load(str(folder))


def chosen(passages: Sequence[Passage], embedder: Embedder) -> Mapping[str, float]:
    """The weights that a generation of these passages is built with."""
    documents = [judged.blank(passage.document_id) for passage in passages]
    vectors = embedder.passages([passage.searched() for passage in passages])
    return shares(documents, passages, vectors, embedder)


@pytest.mark.training
def test_vectors_that_find_better_get_more(tmp_path: Path) -> None:
    found = chosen(town(), encoder(tmp_path, right=True))
    assert ENCODER < found["vectors"] <= max(GRID)
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.training
def test_vectors_that_mislead_get_less(tmp_path: Path) -> None:
    found = chosen(plain_town(), encoder(tmp_path, right=False))
    assert min(GRID) <= found["vectors"] < ENCODER


@pytest.mark.training
def test_too_few_questions_keep_the_default(tmp_path: Path) -> None:
    assert chosen(town(ENOUGH - 1), encoder(tmp_path, right=True)) == share(ENCODER)


def test_a_static_model_keeps_its_weight() -> None:
    assert chosen(town(), load("")) == WEIGHTS


@pytest.mark.training
def test_a_generation_keeps_the_weights_it_was_built_with(
    documents: list[Document], tmp_path: Path
) -> None:
    built = build(documents, tmp_path / "index", encoder(tmp_path / "hub", right=True))
    assert manifest(built.folder)["weights"] == share(ENCODER)


def test_share_keeps_words_and_grams_in_proportion() -> None:
    assert share(0.5) == WEIGHTS
    assert share(0.6) == {"words": 0.22, "grams": 0.18, "vectors": 0.6}


def test_crossed_takes_what_wins_on_other_questions() -> None:
    table = np.tile([[0.2], [0.5], [0.9]], (1, 50))
    assert crossed(table, 0) == 2
    assert crossed(table, 2) == 2


def test_crossed_keeps_the_default_when_the_best_is_luck() -> None:
    chance = np.random.default_rng(3)
    kept = [crossed(chance.random((len(GRID), 80)), 4) == 4 for _ in range(50)]
    assert sum(kept) >= 35  # one standard error lets one draw in six pass


def test_the_default_is_on_the_grid() -> None:
    assert ENCODER in GRID
