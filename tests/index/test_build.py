import dataclasses
import os
import select
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import ten
from filelock import FileLock
from numpy.typing import NDArray

from corpus.catalogue import load
from corpus.documents import Document, Section
from corpus.errors import ParseError
from corpus.questions import KnownQuestion
from corpus.reading import entries
from index.build import Built, build, check
from index.encoder.embedding import Embedder
from index.errors import BuildError, IndexBusy
from index.french.analysis import sentences
from index.generation import Generation, live
from index.search.retriever import Retriever


@dataclass
class Recorder:
    """An embedder that remembers the texts it was given; `fails` makes it raise."""

    model: Embedder
    fails: bool = False
    texts: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def digest(self) -> str:
        return self.model.digest

    @property
    def dim(self) -> int:
        return self.model.dim

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        if self.fails:
            raise MemoryError
        return self.model.passages(texts)

    def sentences(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.model.sentences(texts)

    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.model.questions(texts)

    def question(self, text: str) -> NDArray[np.float32]:
        return self.model.question(text)


SQUARE = "Il se tient sous les halles."


def changed(documents: Sequence[Document]) -> list[Document]:
    """The market moves to Sunday; the fiches come in another order, so every position moves."""
    market = next(d for d in documents if d.id == "marche")
    when, *others = market.sections
    moved = dataclasses.replace(when, text=when.text.replace("samedi", "dimanche"), spans=())
    changed = dataclasses.replace(market, sections=(moved, *others), review="2020-01-31")
    return [changed if d.id == "marche" else d for d in reversed(documents)]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def root(index_root: Path, tmp_path: Path) -> Path:
    return shutil.copytree(index_root, tmp_path / "index")


@dataclass
class Rebuilt:
    root: Path
    built: Built
    embedded: list[str]
    seen: list[str]  # the live generations that a reader saw meanwhile


@pytest.fixture(scope="module")
def rebuilt(
    index_root: Path,
    documents: list[Document],
    embedder: Embedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Rebuilt:
    """The third of three generations rebuilt with one fiche changed, after a build was killed."""
    root = shutil.copytree(index_root, tmp_path_factory.mktemp("rebuilt") / "index")
    generations = root / "generations"
    for number in ("000002", "000003"):
        shutil.copytree(generations / "000001", generations / number)
    (root / "current").write_text("000003\n", encoding="ascii")
    (generations / "000004.tmp" / "chroma").mkdir(parents=True)
    recorder = Recorder(embedder)
    seen: list[str] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            seen.append(live(root).name)  # IndexMissing here would be a hole
            time.sleep(0.001)
        seen.append(live(root).name)

    reader = threading.Thread(target=read)
    reader.start()
    built = build(changed(documents), root, recorder)
    over.set()
    reader.join()
    return Rebuilt(root, built, recorder.texts, seen)


def test_the_first_build_embeds_everything(generation: Generation, index_root: Path) -> None:
    assert live(index_root) == generation.folder
    assert generation.about["passages"] == 8
    assert generation.about["documents"] == 4
    assert names(index_root) == ["current", "generations", "lock"]
    assert check(generation) == []


def test_nothing_new_keeps_the_live_one(
    root: Path, documents: list[Document], embedder: Embedder
) -> None:
    recorder = Recorder(embedder)
    built = build(documents, root, recorder)
    assert built == Built(live(root), False, 4, 8, 0, ())
    assert recorder.texts == []
    assert names(root / "generations") == ["000001"]


def test_only_the_passage_that_changed_is_embedded(rebuilt: Rebuilt) -> None:
    assert rebuilt.embedded == [
        "Le marché de Valbourg \nQuel jour a lieu le marché ? \n"
        "Le marché a lieu le dimanche matin.\nIl se tient sous les halles."
    ]
    assert (rebuilt.built.new, rebuilt.built.embedded, rebuilt.built.passages) == (True, 1, 8)


def test_vectors_kept_follow_their_passages(rebuilt: Rebuilt, embedder: Embedder) -> None:
    opened = Generation(rebuilt.built.folder, embedder)
    expected = embedder.passages([passage.searched() for passage in opened.passages])
    np.testing.assert_allclose(opened.vectors, expected, atol=1e-6)
    found = Retriever(opened).search("quel jour se tient le marché ?").hits[0].passage
    assert (found.id, "dimanche" in found.text) == ("marche#1", True)
    opened.close()


def test_the_new_one_is_swapped_in_by_one_rename(rebuilt: Rebuilt) -> None:
    assert live(rebuilt.root) == rebuilt.built.folder == rebuilt.root / "generations" / "000004"
    assert sorted(set(rebuilt.seen)) == ["000003", "000004"]
    assert rebuilt.seen == sorted(rebuilt.seen)


def test_three_generations_stay_and_what_a_killed_build_left_goes(rebuilt: Rebuilt) -> None:
    assert names(rebuilt.root / "generations") == ["000002", "000003", "000004"]


def test_a_fiche_overdue_for_review_is_named(rebuilt: Rebuilt) -> None:
    assert rebuilt.built.warnings == (
        "« Le marché de Valbourg » devait être relu avant le 2020-01-31.",
    )


def test_a_change_of_sources_alone_makes_a_generation_without_embedding(
    root: Path, documents: list[Document], embedder: Embedder
) -> None:
    bare = [
        dataclasses.replace(d, sections=tuple(dataclasses.replace(s, spans=()) for s in d.sections))
        for d in documents
    ]
    built = build(bare, root, embedder)
    assert (built.new, built.embedded) == (True, 0)


@pytest.mark.parametrize("fails", [False, True])
def test_a_build_that_fails_leaves_the_live_one(
    root: Path, documents: list[Document], embedder: Embedder, impostor: Embedder, fails: bool
) -> None:
    # not failing at once, the impostor's vectors fail the check: its name gives another model
    broken = Recorder(impostor, fails)
    before = (live(root) / "manifest.json").read_bytes()
    with pytest.raises(MemoryError if fails else BuildError) as caught:
        build(documents, root, broken)
    assert fails or "L'index en service est intact" in str(caught.value)
    assert len(broken.texts) == 8  # of another model: none of the old vectors is kept
    assert names(root / "generations") == ["000001"]
    assert (live(root) / "manifest.json").read_bytes() == before
    assert build(documents, root, embedder).new is False  # and the lock is free


def alter_vectors(folder: Path) -> None:
    with (folder / "vectors.npy").open("ab") as file:
        file.write(b"\0")


def lose_chroma(folder: Path) -> None:
    shutil.rmtree(folder / "chroma")


@pytest.mark.parametrize(("harm", "embedded"), [(alter_vectors, 8), (lose_chroma, 0)])
def test_a_damaged_generation_is_built_again_though_nothing_is_new(
    root: Path,
    documents: list[Document],
    embedder: Embedder,
    harm: Callable[[Path], None],
    embedded: int,
) -> None:
    harm(live(root))
    built = build(documents, root, embedder)
    assert (built.new, built.embedded) == (True, embedded)
    opened = Generation(live(root), embedder)
    assert (opened.number, opened.degraded) == ("000002", None)
    opened.close()


def test_one_indexer_at_a_time(root: Path, documents: list[Document], embedder: Embedder) -> None:
    with FileLock(root / "lock"):
        with pytest.raises(IndexBusy, match="Attendez qu'elle finisse"):
            build(documents, root, embedder)
    assert build(documents, root, embedder).new is False


def test_an_empty_corpus_is_refused_before_anything_is_written(
    tmp_path: Path, embedder: Embedder
) -> None:
    with pytest.raises(ParseError, match="aucun document à indexer") as caught:
        build([], tmp_path / "index", embedder)
    assert "catalogue.toml" in caught.value.remedy
    assert not (tmp_path / "index").exists()


def test_a_town_may_have_but_lists(tmp_path: Path, embedder: Embedder) -> None:
    town = ten.lay("sauvelande", tmp_path / "town")
    built = build(entries.read(load(town)), tmp_path / "index", embedder)
    assert (built.documents, built.passages, built.embedded) == (2, 25, 0)
    opened = Generation(built.folder, embedder)
    assert opened.degraded is None and opened.passages == []
    assert len(opened.register.rows) == 25
    opened.close()


def test_two_documents_of_one_name_are_refused(
    tmp_path: Path, documents: list[Document], embedder: Embedder
) -> None:
    twin = dataclasses.replace(documents[0], title="Le jumeau")
    with pytest.raises(ParseError) as caught:
        build([*documents, twin], tmp_path / "index", embedder)
    assert caught.value.path == "english"
    assert "« Revitalisation in English » et « Le jumeau »" in caught.value.problem
    assert "clé « id »" in caught.value.remedy
    assert not (tmp_path / "index").exists()


def test_documents_without_a_paragraph_are_an_empty_corpus(
    tmp_path: Path, documents: list[Document], embedder: Embedder
) -> None:
    bare = [dataclasses.replace(document, sections=()) for document in documents]
    with pytest.raises(ParseError, match="aucun"):
        build(bare, tmp_path / "index", embedder)


def test_check_sees_vectors_and_words_that_are_not_the_passages(
    root: Path, embedder: Embedder
) -> None:
    opened = Generation(live(root), embedder)
    opened._vectors = -opened.vectors
    opened.own = opened.passages = [
        dataclasses.replace(passage, text="licorne") if passage.id == "ort#1" else passage
        for passage in opened.passages
    ]
    assert check(opened) == [
        "8 vecteurs ne se retrouvent pas eux-mêmes",
        "passages que leurs mots ne retrouvent pas : 1, dont ort#1",
    ]
    opened.close()


def test_check_sees_a_store_that_is_gone(root: Path, embedder: Embedder) -> None:
    lose_chroma(live(root))
    opened = Generation(live(root), embedder)
    (problem,) = check(opened)
    assert problem.startswith("Chroma ne répond pas")


def test_twin_passages_pass_the_check(
    tmp_path: Path, documents: list[Document], embedder: Embedder
) -> None:
    # the same words sixty times: which one of them comes first says nothing
    twins = Section(("Le marché",), "Le marché a lieu le samedi.", form="row")
    market = dataclasses.replace(documents[2], sections=(twins,) * 60)
    assert build([market], tmp_path / "index", embedder).passages == 60


KILLED = """
import sys
from pathlib import Path
from corpus import catalogue
from corpus.reading import entries
from index.build import build
from index.encoder.embedding import load
town, root, model = sys.argv[1:]
build(entries.read(catalogue.load(Path(town) / "catalogue.toml")), Path(root), load(model))
"""


# being written; vectors going into Chroma; being checked by the other process
@pytest.mark.killed
@pytest.mark.parametrize("moment", ["passages.jsonl", "chroma/chroma.sqlite3", "manifest.json"])
def test_a_build_killed_at_any_moment_leaves_the_live_one(
    root: Path, corpus_folder: Path, embedder: Embedder, tmp_path: Path, moment: str
) -> None:
    town = shutil.copytree(corpus_folder, tmp_path / "town")
    (town / "fiches" / "english.md").unlink()
    aside = root / "generations" / "000002.tmp"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(town), str(root), embedder.name]
    ) as process:
        until = time.monotonic() + 30
        while not (aside / moment).exists():
            assert process.poll() is None and time.monotonic() < until
        process.kill()
    assert process.returncode == -9
    assert names(root / "generations") == ["000001", "000002.tmp"]
    opened = Generation(live(root), embedder)
    assert opened.number == "000001"
    assert Retriever(opened).search("market").hits[0].passage.id == "english#1"
    opened.close()


def test_a_question_that_names_a_passage_asks_for_its_sentence(
    tmp_path: Path, documents: list[Document], embedder: Embedder, generation: Generation
) -> None:
    market = next(p for p in generation.passages if "samedi matin" in p.text)
    asked = [
        KnownQuestion("C'est quel jour ?", (), passage=market.digest, sentence=SQUARE),
        KnownQuestion("Le marché, c'est quoi ?", (), passage=market.digest),
        KnownQuestion("Et avant ?", (), passage=market.digest, sentence="Une phrase changée."),
        KnownQuestion("Et ailleurs ?", (), passage="0" * 32),
    ]
    built = build(documents, tmp_path / "index", embedder, questions=asked)
    opened = Generation(built.folder, embedder)
    opened.close()
    said = [market.text[start:end] for start, end in sentences(market.text)]
    every = tuple(market.sentence(order) for order in range(len(said)))
    assert {known.text: known.facts for known in opened.known.questions} == {
        "C'est quel jour ?": (market.sentence(said.index(SQUARE)),),
        "Le marché, c'est quoi ?": every,
    }
    assert any(warning.startswith("2 question(s)") for warning in built.warnings)


def test_a_check_ends_with_the_build_that_waits_for_it(tmp_path: Path, embedder: Embedder) -> None:
    os.mkfifo(tmp_path / "manifest.json")  # read for as long as nobody closes it
    wait = "import subprocess, sys; subprocess.run([sys.executable, '-m', *sys.argv[1:]])"
    command = [sys.executable, "-c", wait, "index.build", str(tmp_path), embedder.name]
    build = subprocess.Popen(command)
    written = os.open(tmp_path / "manifest.json", os.O_WRONLY)  # once the check reads it
    try:
        build.kill()
        build.wait()
        left = select.poll()
        left.register(written, 0)
        assert left.poll(60_000) == [(written, select.POLLERR)]
    finally:
        os.close(written)
