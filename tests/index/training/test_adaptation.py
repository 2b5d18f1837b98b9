"""Adapting a model to passages: kept when it finds better, and nothing half-written."""

import json
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from filelock import FileLock
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding

from assistant import assembly
from assistant.assembly import adapt as adapt_by_settings
from assistant.doors.cli.commands import commands
from assistant.settings import Settings
from corpus.documents import Document
from index import training
from index.encoder.embedding import load
from index.errors import AdaptationError, ModelMissing
from index.measuring import judged
from index.passages import Passage
from index.search.heldout import Kind
from index.training.adaptation import ENOUGH, Adapted, Gain, adapt, better, card
from index.training.train import save, vocabulary

Read = tuple[Sequence[Document], Sequence[Passage]]
TOPICS, EACH = 30, 5  # 150 passages: 75 questions are held out, the others teach


def words(count: int, chance: random.Random) -> list[str]:
    return ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(count)]


def town(seed: int = 1) -> list[dict[str, object]]:
    """Passages that answer in other words than their question's; words of a topic go together."""
    chance = random.Random(seed)
    records: list[dict[str, object]] = []
    for _ in range(TOPICS):
        asked, said = words(4, chance), words(4, chance)
        for _ in range(EACH):
            heading = f"Où trouver {' '.join(chance.sample(asked, 2))} {words(1, chance)[0]} ?"
            text = [f"On y voit {' '.join(chance.sample(said, 2))}." for _ in range(3)]
            records.append({"headings": ["Guide", heading], "text": " ".join(text)})
    return records


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("town") / "passages.jsonl"
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in town()]
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def read(file: Path) -> Read:
    return judged.read_passages(file)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, read: Read) -> Path:
    """A model that knows the words of the town, and nothing of what goes with what."""
    tokenizer = vocabulary([passage.searched() for passage in read[1]], 5000)
    rows = np.random.default_rng(1).standard_normal((tokenizer.get_vocab_size(), 32))
    rows[0] = 0
    folder = tmp_path_factory.mktemp("base") / "model"
    save(tokenizer, (rows / 32**0.5).astype(np.float32), folder, card(()))
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    (folder / "nouveau.tmp").mkdir()  # left by an adaptation that was killed
    return folder


@pytest.fixture(scope="module")
def adapted(read: Read, base: Path, home: Path) -> Adapted:
    return adapt(*read, home, base=base)


def test_a_model_that_finds_better_is_kept(adapted: Adapted, home: Path) -> None:
    assert adapted.folder is not None
    assert sorted(path.name for path in home.iterdir()) == [adapted.folder.name, "lock"]
    assert adapted.folder.name == f"adapte-{load(str(adapted.folder)).digest[:8]}"
    assert adapted.passages == TOPICS * EACH
    questions, *_ = adapted.gains
    assert (questions.kind, questions.count) == (adapted.judge, TOPICS * EACH // 2)
    assert questions.after > questions.before + 0.1 and questions.low > 0


def test_what_was_measured_is_said_in_french(adapted: Adapted) -> None:
    assert adapted.folder is not None
    text = adapted.told()
    assert text.startswith("150 passages. Mesure (nDCG@10")
    assert "- 75 questions posées par un titre : 0," in text
    assert "Ce qui décide : les questions posées par un titre.\n" in text
    assert text.endswith(f"trouve mieux : il est gardé dans {adapted.folder}.")
    assert "- 75 questions posées" in (adapted.folder / "README.md").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_model(
    read: Read,
    base: Path,
    adapted: Adapted,
    home: Path,
    tmp_path: Path,
) -> None:
    assert adapt(*read, home, base=base) == adapted  # which was not written twice
    other = adapt(*read, tmp_path, base=base, seed=2)
    assert other.folder is not None and adapted.folder is not None
    assert other.folder.name != adapted.folder.name


def test_where_the_words_find_everything_nothing_is_kept(base: Path, tmp_path: Path) -> None:
    chance = random.Random(2)
    file = tmp_path / "passages.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for word in words(110, chance):
            record = {"headings": ["Guide", f"Où voir {word} ?"], "text": f"On voit {word} ici."}
            lines.write(json.dumps(record) + "\n")
    told = adapt(*judged.read_passages(file), tmp_path / "models", base=base)
    assert [(gain.before, gain.after) for gain in told.gains] == [(1.0, 1.0)]
    assert told.folder is None
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["lock"]
    assert told.told().endswith("Le modèle livré reste : adapté, il ne trouve pas assez mieux.")


def test_a_model_that_cannot_be_put_in_place_leaves_nothing_under_its_name(
    read: Read,
    base: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(OSError, match="disque plein"):
        adapt(*read, tmp_path, base=base)
    assert not list(tmp_path.glob("adapte-*"))


def test_one_adaptation_at_a_time(read: Read, base: Path, tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock"), pytest.raises(AdaptationError, match="est en cours"):
        adapt(*read, tmp_path, base=base)


def test_too_few_passages_are_refused(read: Read, base: Path, tmp_path: Path) -> None:
    documents, passages = read
    with pytest.raises(AdaptationError, match="trop peu nombreux"):
        adapt(documents, passages[: ENOUGH - 2], tmp_path, base=base)


def gain(kind: Kind, count: int, low: float, high: float) -> Gain:
    mean = (low + high) / 2
    return Gain(kind, count, 0.5, 0.5 + mean, low, high)


@pytest.mark.parametrize(
    ("gains", "kept"),
    [
        ([gain("question", 80, 0.001, 0.02)], True),
        ([gain("question", 80, -0.001, 0.02)], False),
        ([gain("question", 80, 0.001, 0.02), gain("sentence", 80, -0.02, 0.01)], True),
        ([gain("question", 80, 0.001, 0.02), gain("sentence", 80, -0.02, -0.01)], False),
        ([gain("question", 80, 0.001, 0.02), gain("sentence", 9, -0.02, -0.01)], True),
    ],
)
def test_what_judges_must_gain_and_nothing_surely_lose(gains: list[Gain], kept: bool) -> None:
    assert better(gains, "question") is kept


def test_the_command_adapts_the_shipped_model_to_a_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_VAR", str(tmp_path))
    done = CliRunner().invoke(commands, ["adapt", "--passages", str(file)])
    assert done.exit_code == 0, done.output
    (folder,) = (tmp_path / "models").glob("adapte-*")
    assert f"export ASSISTANT_MODEL={folder}" in done.output
    assert load(str(folder)).dim == load("").dim


def test_the_command_names_a_wrong_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_VAR", str(tmp_path))
    (tmp_path / "p.jsonl").write_text('{"text": "Un."}\n{"headings": "A", "text": "Deux."}\n')
    done = CliRunner().invoke(commands, ["adapt", "--passages", str(tmp_path / "p.jsonl")])
    assert done.exit_code == 1
    assert "p.jsonl:2 : « title » n'est pas du texte, ou « headings »" in done.output


def test_the_passages_in_service_of_a_small_town_are_too_few(assistant_settings: Settings) -> None:
    with pytest.raises(AdaptationError, match="trop peu nombreux"):
        adapt_by_settings(assistant_settings)


def test_a_hub_model_is_not_adapted(tmp_path: Path) -> None:
    tokenizer = vocabulary(["la mairie"], 100)
    module = StaticEmbedding(tokenizer, embedding_dim=4)
    SentenceTransformer(modules=[module]).save(str(tmp_path / "hub"), create_model_card=False)
    with pytest.raises(AdaptationError, match="Videz ASSISTANT_MODEL"):
        adapt_by_settings(Settings(model=str(tmp_path / "hub"), var=tmp_path))


def test_without_torch_it_says_how_to_install_it(
    assistant_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(training, "adaptation")
    for module in ("index.training.adaptation", "index.training.train"):
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelMissing, match="demande torch et ir-measures : pip install torch"):
        assembly.adapt(assistant_settings)
