"""Training: from a few pairs to a folder that both libraries read."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner, Result
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from index.encoder.embedding import load
from index.training.train import (
    SCALE,
    Pair,
    Paragraph,
    contrast,
    corrupt,
    fit,
    inverse_cloze,
    main,
    pack,
    random_start,
    rarity,
    vocabulary,
)

SUBJECTS = ["la mairie", "l’école", "le marché", "la gare", "la bibliothèque"]
MATTERS = ["horaires", "adresse", "téléphone", "tarifs", "travaux"]
QUESTIONS = [f"Quels {matter} pour {subject} ?" for subject in SUBJECTS for matter in MATTERS]
PASSAGES = [
    f"Voici {matter} : {subject} les affiche. Un panneau les donne à {subject}."
    for subject in SUBJECTS
    for matter in MATTERS
]


def trained(folder: Path, name: str, *options: str, source: str = "legi") -> Result:
    """What `python -m index.training.train` does with 50 pairs, into folder/name."""
    pairs = [
        {"question": question, "passage": passage, "source": source}
        for question, passage in zip(QUESTIONS * 2, PASSAGES * 2, strict=True)
    ]
    passages = [{"headings": [q], "text": p} for q, p in zip(QUESTIONS, PASSAGES, strict=True)]
    for file, records in (("pairs.jsonl", pairs), ("passages.jsonl", passages)):
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / file).write_text(lines, encoding="utf-8")
    arguments = ["--pairs", f"{folder}/pairs.jsonl", "--passages", f"{folder}/passages.jsonl"]
    arguments += ["--out", f"{folder}/{name}", "--dim", "16", "--vocabulary", "300"]
    return CliRunner().invoke(main, [*arguments, "--epochs", "40", *options])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("train")
    result = trained(home, "model")
    assert result.exit_code == 0, result.output
    return home / "model"


def test_the_model_finds_what_it_learnt(folder: Path) -> None:
    model = load(str(folder))
    cosines = model.passages(QUESTIONS) @ model.passages(PASSAGES).T
    found = cosines.argmax(axis=1) == np.arange(len(QUESTIONS))
    assert found.mean() >= 0.9  # 1 in 25 by chance


def test_both_libraries_give_the_same_unit_vectors(folder: Path) -> None:
    ours = load(str(folder)).passages(PASSAGES)
    other = SentenceTransformer(str(folder), local_files_only=True).encode(PASSAGES)
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(ours, other, atol=1e-5)


def test_an_unknown_word_is_zero(folder: Path) -> None:
    model = load(str(folder))
    assert not model.question("☃").any()
    np.testing.assert_allclose(model.question("mairie ☃"), model.question("mairie"), atol=1e-6)


def test_the_same_seed_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    trained(tmp_path, "again")
    trained(tmp_path, "other", "--seed", "2")
    for file in ("model.safetensors", "tokenizer.json", "README.md"):
        assert (tmp_path / "again" / file).read_bytes() == (folder / file).read_bytes()
    assert load(str(tmp_path / "other")).digest != load(str(folder)).digest


def test_everybody_may_read_the_files(folder: Path) -> None:
    assert {path.stat().st_mode & 0o444 for path in folder.iterdir()} == {0o444}


def test_the_card_names_the_sources_that_were_used(tmp_path: Path) -> None:
    result = trained(tmp_path, "model", "--epochs", "1", source="piaf")
    text = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert "- 50 pairs: questions on encyclopedia paragraphs (PIAF 1.0" in text
    assert "- 25 passages: the fiches of this repository" in text
    assert "law codes" not in text and "sheets of service-public.fr (DILA" not in text
    assert "50 pairs: questions on encyclopedia paragraphs" in result.output


def test_the_card_names_service_public_when_it_was_used(tmp_path: Path) -> None:
    public = tmp_path / "public.jsonl"
    public.write_text(json.dumps({"title": "", "text": PASSAGES[0]}) + "\n", encoding="utf-8")
    trained(tmp_path, "model", "--epochs", "1", "--service-public", str(public))
    text = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert "- 1 passages: sheets of service-public.fr (DILA" in text


def test_an_unlicensed_source_is_refused(tmp_path: Path) -> None:
    result = trained(tmp_path, "model", source="fquad")
    assert result.exit_code == 1
    assert "source 'fquad' is not one of legi, piaf" in result.output
    assert not (tmp_path / "model").exists()


def test_vocabulary_splits_elisions_and_drops_case_and_accents() -> None:
    tokenizer = vocabulary(["L’État signe l'ORT avec l’état", "ort, État, cœur, coeur"], 100)
    assert tokenizer.encode("l'ORT de l’ÉTAT").tokens[:3] == ["l", "'", "ort"]
    assert tokenizer.encode("l’Etat").tokens == ["l", "'", "etat"]
    assert tokenizer.encode("Cœur").tokens == ["coeur"]
    assert tokenizer.token_to_id("[UNK]") == 0


def test_rarity_is_the_logarithm_of_how_few_texts_hold_a_piece() -> None:
    texts = ["ville ville", "ville neuve", "ville", "neuve"]
    tokenizer = vocabulary(texts, 100)
    found = rarity(tokenizer, texts)
    # 4 texts: "ville" in 3 of them, "neuve" in 2
    assert found[tokenizer.token_to_id("ville")] == pytest.approx(np.log(5 / 4))
    assert found[tokenizer.token_to_id("neuve")] == pytest.approx(np.log(5 / 3))


def test_inverse_cloze_asks_with_headings_and_sentences() -> None:
    text = "Premier point. Second point."
    found = list(inverse_cloze([Paragraph(("Titre", "Partie"), text)], random.Random(0)))
    assert found[0] == Pair("Titre Partie", text, text)
    assert sorted(found[1:], key=lambda pair: pair.question) == [
        Pair("Premier point.", "Titre Partie Second point.", text),
        Pair("Second point.", "Titre Partie Premier point.", text),
    ]


def test_inverse_cloze_leaves_a_lone_sentence_alone() -> None:
    assert list(inverse_cloze([Paragraph((), "Un seul point.")], random.Random(0))) == []


def test_corrupt_spoils_one_long_word() -> None:
    chance = random.Random(0)
    found = {corrupt("la mairie", chance) for _ in range(200)}
    assert {"la mirie", "la maairie", "la miarie"} <= found  # lost, doubled, swapped
    assert all(text.startswith("la m") for text in found)  # the first letter is kept
    assert corrupt("où est-ce", chance) == "où est-ce"


def test_training_goes_on_from_the_vectors_given() -> None:
    tokenizer = vocabulary([*QUESTIONS, *PASSAGES], 300)
    pairs = [Pair(q, p, p) for q, p in zip(QUESTIONS, PASSAGES, strict=True)]
    start = random_start(tokenizer, PASSAGES, dim=16, seed=1)
    kept = start.copy()
    same = fit(tokenizer, start, [], [Paragraph((), "Un point.")], epochs=3, seed=1, progress=False)
    np.testing.assert_array_equal(same, np.where(np.arange(len(kept))[:, None] == 0, 0, kept))
    taught = fit(tokenizer, start, pairs, [], epochs=40, seed=1, progress=False)
    assert np.abs(taught - start).max() > 0.1
    np.testing.assert_array_equal(start, kept)


def test_contrast_leaves_out_pairs_that_are_alike() -> None:
    texts = torch.eye(2)
    alone = torch.eye(2, dtype=torch.bool)
    # right answer e^SCALE, wrong one e^0
    expected = np.log(1 + np.exp(-SCALE))
    assert contrast(texts, texts, alone).item() == pytest.approx(expected, abs=1e-6)
    same = torch.ones(2, 2)
    assert contrast(same, same, alone).item() == pytest.approx(np.log(2))
    assert contrast(same, same, torch.ones(2, 2, dtype=torch.bool)).item() == pytest.approx(0)


def test_pack_keeps_each_row_to_one_part_in_127(folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    vectors = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 16))
    vectors[0] = 0
    packed = pack(tokenizer, vectors.astype(np.float32))
    assert packed.embedding.dtype == np.int8
    assert packed.weights is not None
    restored = packed.embedding * packed.weights[:, None]
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    assert (np.abs(restored - vectors) <= largest / 127 * 0.51).all()
