"""A generation that stands on another is searched as one index of both would be."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from building import checked_here

from assistant.assembly import Assistant
from assistant.settings import STARTER
from corpus import catalogue, towns
from corpus.reading import entries
from index.build import build
from index.errors import IndexMissing
from index.generation import Bases, Generation, live, opened
from index.search.retriever import Retriever

# As residents type them; national, local and both, with slips, one word stuck and one acronym.
ASKED = (
    "c'est quoi petites villes de demain",
    "Qui a signé la convention ORT de Guichen ?",
    "taux du denormandi pour 9 ans",
    "conventionort",
    "le pas commerce de la communoté de communes",
    "Guipry-Messac et Val d'Anast sont dans le programme ?",
    "opah ru",
    "ki paye le chef de projet a guichen",
    "L. 303-2",
    "comment contacter vhbc",
)


@pytest.fixture(scope="module")
def layered(
    tmp_path_factory: pytest.TempPathFactory, starter: Assistant
) -> Iterator[tuple[Generation, Bases]]:
    """The starter corpus, the local part on the national one; no vector is computed again."""
    folder = tmp_path_factory.mktemp("layered")
    whole = starter.retriever.generation
    for name in ("base", "own"):
        shutil.copytree(whole.folder.parents[1], folder / name)
    every = catalogue.load(STARTER)
    common = towns.commons(every)
    mine = towns.own(every, common)
    assert mine is not None
    asked = entries.known_questions(every)
    with checked_here():
        build(entries.read(common), folder / "base", whole.embedder, questions=asked)
        bases = Bases(folder / "base", whole.embedder)
        local = entries.read(mine)
        build(local, folder / "own", whole.embedder, questions=asked, bases=bases)
    found = opened(folder / "own", whole.embedder, bases)
    yield found, bases
    found.close()


@pytest.mark.parametrize("question", ASKED)
def test_a_ranking_is_that_of_one_index(
    question: str, layered: tuple[Generation, Bases], starter: Assistant
) -> None:
    both = Retriever(layered[0]).search(question, 20)
    whole = starter.retriever.search(question, 20)
    assert both.query == whole.query
    ranked: list[tuple[str, Any]] = [
        (hit.passage.id, pytest.approx(hit.score, abs=2e-3)) for hit in whole.hits
    ]
    assert [(hit.passage.id, hit.score) for hit in both.hits] == ranked
    assert both.strengths == pytest.approx(whole.strengths, abs=1e-4)
    likely = {n.known: pytest.approx(n.similarity, abs=1e-4) for n in whole.likeness.near}
    assert {n.known: n.similarity for n in both.likeness.near} == likely


def test_it_holds_its_own_part_only(layered: tuple[Generation, Bases], starter: Assistant) -> None:
    own, whole = layered[0], starter.retriever.generation
    assert own.base is not None
    assert [p.id for p in own.passages] == [p.id for p in whole.passages]
    assert own.vocabulary == whole.vocabulary
    assert len(own.own) + len(own.base.passages) == len(whole.passages)
    assert len(own.known.questions) == len(whole.known.questions)
    assert not (own.folder / "chroma").exists()
    kept = {file.name for file in (own.folder / "tantivy").iterdir()}
    assert not {f.name for f in (own.base.folder / "tantivy").glob("*.idx")} & kept


def test_what_it_stands_on_is_open_once(layered: tuple[Generation, Bases]) -> None:
    own, bases = layered
    again = Generation(own.folder, own.embedder, bases)
    assert again.base is own.base
    again.close()
    assert Retriever(own).search("ORT").hits  # whose base nobody closed


def test_it_is_not_opened_without_what_it_stands_on(
    layered: tuple[Generation, Bases], tmp_path: Path
) -> None:
    own, bases = layered
    with pytest.raises(IndexMissing, match="avec d'autres villes"):
        Generation(own.folder, own.embedder)
    other = shutil.copytree(bases.root, tmp_path / "base")
    shutil.rmtree(live(other))
    with pytest.raises(IndexMissing):
        Generation(own.folder, own.embedder, Bases(other, own.embedder))
