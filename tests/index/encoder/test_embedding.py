"""The embedders: the model that ships, a folder, a hub name; what is said when one is missing."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import constants
from tokenizers import Tokenizer, models, pre_tokenizers

from index.encoder import embedding
from index.encoder.embedding import Embedder, is_hub, load
from index.encoder.running import SHIPPED
from index.errors import ModelMissing

FACTS = Path(__file__).parents[3] / "corpus" / "starter" / "facts.jsonl"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    tried: list[object] = []  # what is raised could be caught: count

    def refuse(*where: object) -> None:
        tried.append(where)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield
    assert tried == []


@pytest.fixture(scope="module")
def statements() -> list[str]:
    lines = FACTS.read_text(encoding="utf-8").splitlines()[:200]
    return [json.loads(line)["statement"] for line in lines]


@pytest.fixture(scope="module")
def prefixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder with the prompts of an e5: known words on known axes."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    words = ["[UNK]", "query:", "passage:", "mairie", "commerce"]
    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    weights = np.eye(5, 4, k=-1, dtype=np.float32)  # [UNK] is zero, "query:" the first axis
    folder = tmp_path_factory.mktemp("models") / "e5"
    SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights)],
        prompts={"query": "query: ", "passage": "passage: "},
    ).save(str(folder), create_model_card=False)
    return folder


def test_the_shipped_model_needs_neither_torch_nor_network() -> None:
    code = (
        "import os, socket, sys\n"
        "def refuse(*_): raise AssertionError('network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from index.encoder.embedding import load\n"
        "shipped = load('')\n"
        "shipped.passages(['La mairie est ouverte.'] * 100)\n"
        "unwanted = {'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)\n"
        "print(shipped.dim, len(shipped.question('Où est la mairie ?')), sorted(unwanted))\n"
    )
    root = Path(embedding.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=root, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("384 384 []\n", "")


def test_the_shipped_model_stays_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*")) <= 45_000_000


def test_the_shipped_vectors_are_of_length_one(statements: list[str]) -> None:
    lengths = np.linalg.norm(load("").passages(statements), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-6)


def test_a_text_without_a_known_word_is_zero(embedder: Embedder) -> None:
    assert not embedder.question("").any()
    assert not embedder.passages(["☃ ☃☃", ""]).any()


def test_no_text_is_no_row(prefixed: Path) -> None:
    assert load("").passages([]).shape == (0, 384)
    assert load(str(prefixed)).passages([]).shape == (0, 4)


def test_accents_and_case_do_not_matter_to_a_static_model(embedder: Embedder) -> None:
    asked = embedder.question("L'ÉTAT")
    assert asked.any()
    np.testing.assert_array_equal(asked, embedder.question("l'etat"))


def test_a_static_model_reads_a_long_text_to_its_end(embedder: Embedder) -> None:
    long = "la commune et le magasin " * 300
    cosine = embedder.question(long) @ embedder.question(long + "marché " * 1500)
    assert cosine < 0.9


def test_a_question_is_nearest_to_its_passage() -> None:
    shipped = load("")
    asked = {
        "quelles aides pour rénover un logement ?": "L'Anah finance la rénovation des logements.",
        "réduction d'impôt pour louer": "Le loueur a droit à une réduction de son impôt.",
        "où prendre le train ?": "La gare et ses trains sont sur la ligne de Rennes à Redon.",
        "quand la convention a-t-elle été signée ?": "La signature de la convention est d'octobre.",
    }
    questions = np.stack([shipped.question(question) for question in asked])
    cosines = questions @ shipped.passages(list(asked.values())).T
    assert cosines.argmax(axis=1).tolist() == [0, 1, 2, 3]


@pytest.mark.training
def test_a_sentence_transformers_folder_gets_its_own_prompts(prefixed: Path) -> None:
    model = load(str(prefixed))
    half = 0.5**0.5
    # mean of "query:" (axis 0) and "mairie" (axis 2); of "passage:" (axis 1) and "commerce" (3)
    np.testing.assert_allclose(model.question("mairie"), [half, 0, half, 0], atol=1e-6)
    np.testing.assert_allclose(model.passages(["commerce"]), [[0, half, 0, half]], atol=1e-6)
    assert (model.name, model.dim) == (str(prefixed), 4)


@pytest.fixture(scope="module")
def silent(prefixed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an e5 that declares no prompt, as most do."""
    folder = shutil.copytree(prefixed, tmp_path_factory.mktemp("hub") / "multilingual-e5-base")
    config = folder / "config_sentence_transformers.json"
    config.write_text(config.read_text(encoding="utf-8").replace("query: ", ""), encoding="utf-8")
    config.write_text(config.read_text(encoding="utf-8").replace("passage: ", ""), encoding="utf-8")
    return folder


@pytest.mark.training
def test_an_e5_that_declares_no_prompt_gets_those_it_was_trained_with(
    prefixed: Path, silent: Path, tmp_path: Path
) -> None:
    e5, whole = load(str(silent)), load(str(prefixed))
    np.testing.assert_array_equal(e5.question("mairie"), whole.question("mairie"))
    np.testing.assert_array_equal(e5.passages(["commerce"]), whole.passages(["commerce"]))
    other = load(str(shutil.copytree(silent, tmp_path / "multilingual-e5-large-instruct")))
    np.testing.assert_allclose(other.question("mairie"), [0, 0, 1, 0], atol=1e-6)


@pytest.mark.training
def test_an_encoder_is_told_from_a_static_model(prefixed: Path) -> None:
    assert is_hub(load(str(prefixed)))
    assert not is_hub(load(""))


def test_a_model2vec_folder_is_named_by_its_path(embedder: Embedder, tmp_path: Path) -> None:
    copy = shutil.copytree(embedder.name, tmp_path / "copie")
    assert load(str(copy)).name == str(copy)
    np.testing.assert_array_equal(load(str(copy)).question("magasin"), embedder.question("magasin"))


def test_the_digest_is_of_what_computes(embedder: Embedder, tmp_path: Path) -> None:
    copy = shutil.copytree(embedder.name, tmp_path / "copie")
    (copy / "README.md").write_text("autre chose", encoding="utf-8")
    (copy / ".cache").mkdir()
    (copy / ".cache" / "note").write_text("rien", encoding="utf-8")
    assert load(str(copy)).digest == embedder.digest
    tokenizer = (copy / "tokenizer.json").read_text(encoding="utf-8")
    (copy / "tokenizer.json").write_text(
        tokenizer.replace('"magasin"', '"magazin"'), encoding="utf-8"
    )
    assert load(str(copy)).digest != embedder.digest


@pytest.mark.training
def test_a_hub_model_is_known_by_its_commit(
    prefixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = tmp_path / "models--ville--petit"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    digests = []
    for commit in ("a" * 40, "b" * 40):
        shutil.copytree(prefixed, cached / "snapshots" / commit)
        (cached / "refs").mkdir(exist_ok=True)
        (cached / "refs" / "main").write_text(commit, encoding="utf-8")
        digests.append(load("ville/petit").digest)
    assert digests[0] != digests[1]
    assert load("ville/petit").name == "ville/petit"
    np.testing.assert_array_equal(
        load("ville/petit").question("mairie"), load(str(prefixed)).question("mairie")
    )


def test_a_missing_shipped_model_is_never_looked_for_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "SHIPPED", tmp_path / "model")
    with pytest.raises(ModelMissing, match="git checkout -- index/encoder/model"):
        load("")


@pytest.mark.parametrize("name", ["/nulle/part", "./modele", "~/modele", "a/b/c", "C:\\modele"])
def test_a_missing_folder_is_not_a_hub_name(name: str) -> None:
    with pytest.raises(ModelMissing, match="ce dossier n'existe pas"):
        load(name)


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_folder_is_reported(file: str, embedder: Embedder, tmp_path: Path) -> None:
    copy = shutil.copytree(embedder.name, tmp_path / "copie")
    (copy / file).write_bytes(b"tronqu\xc3")
    with pytest.raises(ModelMissing, match="ne contient pas un modèle lisible"):
        load(str(copy))


def test_a_folder_without_a_model_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="ne contient pas un modèle lisible"):
        load(str(tmp_path))


@pytest.mark.training
def test_an_unknown_hub_name_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelMissing, match="« ville/inconnu » n'est ni un dossier"):
        load("ville/inconnu")


def test_a_hub_model_without_its_library_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelMissing, match="pip install torch==2.13.0, puis pip install -r"):
        load("intfloat/multilingual-e5-small")
