"""A small town to test with: four fiches, a tiny model, the generation built of them."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import databases
import numpy as np
import pytest
from building import checked_here
from country import LANVALEC, VALBOURG, lay_towns
from model2vec import StaticModel
from numpy.typing import NDArray
from planted import attacks, lay
from serving import serving
from shared import copied, once
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from assistant import assembly
from assistant.assembly import Assistant
from assistant.doors.http.api import create
from assistant.records import journal
from assistant.settings import STARTER, Settings
from assistant.validated import serving as validated
from corpus import catalogue
from corpus.documents import Document, write_lines
from corpus.reading import entries
from index.build import build
from index.encoder.embedding import Embedder, load
from index.french.analysis import tokens, words
from index.generation import Generation
from index.search.retriever import Retriever

DIM = 48

CATALOGUE = """\
[town]
name = "Valbourg"
insee = "35999"
intercommunality = "Pays de Valbourg"
site = "https://www.valbourg.example"

[town.contact]
name = "Mairie de Valbourg"
checked = 2026-11-22

[[entries]]
id = "fiches"
kind = "folder"
publisher = "Assistant PVD"
title = "Fiches d'essai"
address = "fiches"
licence = "Licence Ouverte 2.0"
scope = "local"
"""

# number, statement, absence, (publisher, address) of each source
FACTS: list[tuple[str, str, bool, list[tuple[str, str | None]]]] = [
    ("1", "L'ORT est un contrat.", False, [("ANCT", "https://anct.example/ort")]),
    ("2", "L'ORT dure cinq ans.", False, [("Légifrance", "https://loi.example/303-2")]),
    ("3", "1 646 communes.", False, [("ANCT", "https://anct.example/ort"), ("Banque", None)]),
    ("4", "Le marché est le samedi.", False, [("Ville", "https://valbourg.example/marche")]),
    ("A1", "Le budget du marché n'est pas publié.", True, [("Ville", None)]),
]

FRONT = """\
---
title: "{title}"
publisher: Assistant PVD
date: 2026-11-22
licence: Licence Ouverte 2.0
scope: local
{more}---

"""

# The prose of « ort » is over 60 words, so that it stands alone; « english » is under.
FICHES = {
    "ort": (
        "L'opération de revitalisation de territoire",
        "",
        """\
# L'opération de revitalisation de territoire

## À quoi sert l'ORT ?

L'ORT est un contrat entre l'État, la commune et l'intercommunalité. {1} Elle dure au moins cinq
ans, selon l'article L. 303-2 du code de la construction. {2} Elle vise un centre-ville que les
habitants et les commerces quittent, et fixe la liste des travaux à mener ensemble. {1, 2}

Dans le périmètre signé, la commune peut : {2}

- dispenser un magasin d'autorisation d'exploitation commerciale {2} ;
- acheter en premier un commerce ou un logement à vendre. {1}

## Combien de communes ont signé une ORT ?

| Année | Communes |
|-------|----------|
| 2020 | 1 200 {3} |
| 2026 | 1 646 {3} |
""",
    ),
    "marche": (
        "Le marché de Valbourg",
        "kind: faq\n",
        """\
# Le marché de Valbourg

## Quel jour a lieu le marché ?

Le marché a lieu le samedi matin. {4}

Il se tient sous les halles. {4}

## Combien coûte le marché ?

Le budget du marché n'est publié par personne. {A1}
""",
    ),
    "glossaire": (
        "Les mots de la revitalisation",
        "kind: glossaire\n",
        """\
# Les mots de la revitalisation

## Médiation

La médiation aide deux voisins à se parler avec l'aide d'un tiers. {1}

## AEC

L'AEC est demandée avant d'ouvrir un grand magasin. {2}
""",
    ),
    "english": (
        "Revitalisation in English",
        "language: en\nsources:\n  - publisher: ANCT\n    title: Small towns\n",
        """\
# Revitalisation in English

The market of Valbourg opens on Saturday. The revitalisation contract lasts five years.
""",
    ),
}


@dataclass(frozen=True)
class HashEmbedder:
    """A model of ours: the sum of a random vector for each token, the same on every machine."""

    name: str = "empreintes"
    digest: str = "0" * 32
    dim: int = DIM

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for token in tokens(text):
                row += _direction(token, self.dim)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float32] = np.divide(rows, lengths, out=rows, where=lengths > 0)
        return unit

    sentences = questions = passages

    def question(self, text: str) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self.passages([text])[0]
        return row


def _direction(token: str, dim: int) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "big")
    return np.random.default_rng(seed).standard_normal(dim).astype(np.float32)


# What `make quick` leaves out: the folders of these names, and the tests marked so. `make test`,
# which the continuous integration runs, leaves nothing out.
APART = {
    "browser": "drives Chromium",
    "killed": "kills a program at a moment of its work",
    "postgresql": "needs the programs of PostgreSQL",
    "redis": "needs the program of Redis",
    "proxies": "needs nginx and Caddy",
    "ocr": "reads pictures of pages with Tesseract",
    "quality": "measures over many questions or passages, and holds to a floor",
    "training": "needs torch: a model that is taught, or of a hub",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help=f"leave out: {', '.join(APART)}")


def pytest_configure(config: pytest.Config) -> None:
    for name, what in APART.items():
        config.addinivalue_line("markers", f"{name}: {what}")


def pytest_report_header(config: pytest.Config) -> list[str]:
    left = (f"left out by --quick: {name} ({what})" for name, what in APART.items())
    return list(left) if config.getoption("quick") else []


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With --quick a folder left out is not even imported: torch alone takes 8 s of processor."""
    return True if config.getoption("quick") and collection_path.name in APART else None


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is apart by its folder, and begin by the files that hold any: the longest.

    The browser's come last in one process: Playwright's loop runs to the end of the session, and
    nothing else can run beside it.
    """
    for item in items:
        for name in APART.keys() & set(item.path.relative_to(config.rootpath).parts):
            item.add_marker(name)
    apart = {item for item in items if any(mark.name in APART for mark in item.iter_markers())}
    if config.getoption("quick"):
        items[:] = [item for item in items if item not in apart]
        config.hook.pytest_deselected(items=list(apart))
    long = {item.path for item in apart}
    items.sort(key=lambda item: (_in_browser(item.nodeid), item.path not in long))


def _in_browser(nodeid: str) -> bool:
    return nodeid.startswith("tests/browser/")


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # its types are not published
    """A file to one worker, so that what it sets up is set up once; the browser's all to one, which
    begins with them, beside the others, and runs nothing after."""

    def _split_scope(self, nodeid: str) -> str:
        return _BROWSER if _in_browser(nodeid) else nodeid.partition("::")[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        alone = _BROWSER in self.workqueue and len(self.nodes) > 1
        if alone:
            self.workqueue.move_to_end(_BROWSER, last=False)
        super()._assign_work_unit(node)
        if alone:
            node.shutdown()  # once it has run what it was given


_BROWSER = "browser"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    config.option.loadscopereorder = False  # in our order
    return ByFile(config, log)


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """A machine that is loaded is no database that says nothing: a start waits for it here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(journal, "_OPENING", 60.0)
        patched.setattr(validated, "_PATIENCE", 60.0)
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The folder of a private PostgreSQL."""
    with databases.cluster() as folder:
        yield folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of the test's own, of each kind that we speak to."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'var' / 'journal.sqlite3'}"
    name = f"test_{uuid.uuid4().hex}"
    return databases.fresh(request.getfixturevalue("postgresql"), name)


@pytest.fixture(scope="session")
def stranger() -> Embedder:
    """Another model than the one of `generation`."""
    return HashEmbedder()


@pytest.fixture(scope="session")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """catalogue.toml, facts.jsonl and four fiches. Read only: copy it to change it."""
    folder = tmp_path_factory.mktemp("corpus") / "valbourg"
    (folder / "fiches").mkdir(parents=True)
    (folder / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    write_lines(
        folder / "facts.jsonl",
        [
            {
                "number": number,
                "statement": statement,
                "date": "2026",
                "deduction": False,
                "absence": absence,
                "sources": [
                    {"publisher": publisher, "title": "Page", "url": url, "nature": "officiel"}
                    for publisher, url in sources
                ],
            }
            for number, statement, absence, sources in FACTS
        ],
    )
    for name, (title, more, body) in FICHES.items():
        text = FRONT.format(title=title, more=more) + body
        (folder / "fiches" / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def documents(corpus_folder: Path) -> list[Document]:
    """What corpus_folder says."""
    return entries.read(catalogue.load(corpus_folder / "catalogue.toml"))


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """A real model, by folder, so that a build can check itself: a word of the fiches, a vector."""
    known = sorted({word for _, _, body in FICHES.values() for word in words(body)})
    tokenizer = Tokenizer(
        models.WordLevel({w: n for n, w in enumerate(["[UNK]", *known])}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    rows = [np.zeros(DIM, np.float32), *(_direction(word, DIM) for word in known)]
    model = StaticModel(np.stack(rows), tokenizer, {"normalize": False})
    return load(str(once(tmp_path_factory, "mots", model.save_pretrained)))


@pytest.fixture(scope="session")
def impostor(embedder: Embedder) -> Embedder:
    """Another model under the name of the one of `generation`."""
    return HashEmbedder(name=embedder.name)


@pytest.fixture(scope="session")
def index_root(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Document], embedder: Embedder
) -> Path:
    """An index folder with the one generation of `documents`. Read only: copy it to change it."""
    return copied(tmp_path_factory, "index", lambda root: build(documents, root, embedder))


@pytest.fixture(scope="session")
def generation(index_root: Path, embedder: Embedder) -> Iterator[Generation]:
    """The generation of `documents`, open."""
    opened = Generation(index_root / "generations" / "000001", embedder)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def retriever(generation: Generation) -> Retriever:
    return Retriever(generation)


# assistant: the same town with a fiche more, built by settings as an operator would.

ASSISTANT_FICHE = FRONT.format(title="La piscine de Valbourg", more="kind: faq\n") + (
    """\
# La piscine de Valbourg

## Quand la piscine de Valbourg ouvre-t-elle au public ?

La piscine de Valbourg ouvre au public le 8 novembre 2027, rue des Halles. {4}

## Combien coûte la piscine de Valbourg, et qui la paie ?

Nous n'avons pas trouvé combien coûte la piscine de Valbourg (recherche du 22 novembre 2026). {A1}
"""
)


@pytest.fixture(scope="session")
def assistant_settings(
    tmp_path_factory: pytest.TempPathFactory, corpus_folder: Path, embedder: Embedder
) -> Settings:
    """The settings of a town whose index is built. Read only: copy its folders to change them."""

    def at(folder: Path) -> Settings:
        return Settings(
            catalogue=folder / "valbourg" / "catalogue.toml",
            var=folder / "var",
            model=embedder.name,
            origins=["https://www.valbourg.example"],
        )

    def make(folder: Path) -> None:
        fiches = shutil.copytree(corpus_folder, folder / "valbourg") / "fiches"
        (fiches / "piscine.md").write_text(ASSISTANT_FICHE, encoding="utf-8")
        assembly.build(at(folder))

    return at(copied(tmp_path_factory, "assistant", make))


@pytest.fixture(scope="session")
def assistant_open(assistant_settings: Settings) -> Iterator[Assistant]:
    """The assistant of assistant_settings."""
    opened = assembly.assemble(assistant_settings)
    yield opened
    opened.retriever.generation.close()


@pytest.fixture(scope="session")
def country(
    tmp_path_factory: pytest.TempPathFactory, corpus_folder: Path, embedder: Embedder
) -> Settings:
    """The settings of three towns (doubles/country.py), of which two are built. Read only."""

    def at(folder: Path) -> Settings:
        return Settings(towns=folder, model=embedder.name, poll=1e-9)

    def make(folder: Path) -> None:
        lay_towns(folder, corpus_folder, FRONT)
        with checked_here():
            assembly.build_commons(at(folder))
            for insee in (VALBOURG, LANVALEC):
                assembly.build(at(folder).town(insee))

    return at(copied(tmp_path_factory, "country", make))


@pytest.fixture
def own(assistant_settings: Settings, tmp_path: Path) -> Settings:
    """The same town and its index, in a folder of the test's own; the pointer is always read."""
    shutil.copytree(assistant_settings.catalogue.parent, tmp_path / "valbourg")
    shutil.copytree(assistant_settings.index, tmp_path / "var" / "index")
    return assistant_settings.model_copy(
        update={
            "catalogue": tmp_path / "valbourg" / "catalogue.toml",
            "var": tmp_path / "var",
            "poll": 1e-9,
        }
    )


@pytest.fixture(name="checked_here")
def checked_in_place() -> Iterator[None]:
    """For tests of what a build brings (building.checked_here)."""
    with checked_here():
        yield


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory, corpus_folder: Path) -> Settings:
    """The settings of a town, built, whose every page holds eight attacks; no fiche holds any."""

    def at(folder: Path) -> Settings:
        return Settings(catalogue=folder / "catalogue.toml", var=folder / "var", model="")

    def make(folder: Path) -> None:
        lay(folder, corpus_folder / "catalogue.toml", attacks("injections"))
        with checked_here():
            assembly.build(at(folder))

    return at(copied(tmp_path_factory, "attacked", make))


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The assistant of the corpus and the model that ship, built once for the run."""

    def at(folder: Path) -> Settings:
        return Settings(catalogue=STARTER, var=folder, model="")

    opened = assembly.assemble(
        at(copied(tmp_path_factory, "starter", lambda folder: assembly.build(at(folder))))
    )
    yield opened
    opened.retriever.generation.close()


@pytest.fixture(scope="session")
def starter_index(starter: Assistant) -> Generation:
    """Its live generation."""
    return starter.retriever.generation


@pytest.fixture(scope="session")
def address(assistant_open: Assistant, assistant_settings: Settings) -> Iterator[str]:
    """Where a real server of assistant_open listens, without a final slash."""
    with serving(create(assistant_settings, assistant_open)) as address:
        yield address
