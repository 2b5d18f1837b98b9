"""The catalogue's entries -> Documents. Whatever cannot be read is named, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from corpus import fiches, orders, pages
from corpus.catalogue import Catalogue, Entry
from corpus.documents import Document, Fact, read_facts
from corpus.errors import CorpusError, ParseError

_SNAPSHOTS = "pages"  # beside catalogue.toml: the saved copy of each page, <entry id>.html


class UnreadableCorpus(ExceptionGroup[CorpusError]):
    """Every file that cannot be read, so that they are mended in one go."""


def read(catalogue: Catalogue, *, progress: bool = False) -> list[Document]:
    """The documents of the enabled entries, in the catalogue's order.

    Raises UnreadableCorpus with every ParseError met.
    """
    documents: list[Document] = []
    errors: list[CorpusError] = []
    files = list(_files(catalogue, errors))
    facts: dict[Path, Mapping[str, Fact]] = {}
    for place in dict.fromkeys(_facts_path(path) for _, path in files):
        try:
            facts[place] = read_facts(place) if place.is_file() else {}
        except CorpusError as error:
            errors.append(error)
    for entry, path in tqdm(files, desc="Lecture", unit="fichier", disable=not progress):
        if _facts_path(path) not in facts:  # already among the errors
            continue
        try:
            document = _read(entry, path, facts[_facts_path(path)])
            documents.append(orders.purge(document, entry.title))
        except CorpusError as error:
            errors.append(error)
    if errors:
        raise UnreadableCorpus("Le corpus ne peut pas être lu", errors)
    return documents


def facts(catalogue: Catalogue) -> dict[str, Fact]:
    """The facts that the catalogue's fiches may name, by number."""
    places = dict.fromkeys(_facts_path(path) for _, path in _files(catalogue, []))
    return {
        number: fact
        for place in places
        if place.is_file()
        for number, fact in read_facts(place).items()
    }


def absences(catalogue: Catalogue) -> frozenset[str]:
    """The numbers of the facts that say that something was looked for and not found."""
    return frozenset(fact.number for fact in facts(catalogue).values() if fact.absence)


def _files(catalogue: Catalogue, errors: list[CorpusError]) -> Iterator[tuple[Entry, Path]]:
    for entry in catalogue.entries:
        if not entry.enabled:
            continue
        folder = _folder(catalogue, entry)
        if entry.kind == "folder":
            if not folder.is_dir():
                errors.append(
                    ParseError(
                        catalogue.path,
                        None,
                        f"le dossier « {entry.address} » de « {entry.id} » n'existe pas",
                        "Créez-le, ou corrigez son « address ».",
                    )
                )
                continue
            for path in sorted(folder.glob("*.md")):
                yield entry, path
        else:
            path = folder / f"{entry.id}.html"
            if path.is_file():
                yield entry, path
            else:
                errors.append(
                    ParseError(
                        catalogue.path,
                        None,
                        f"la copie de la page « {entry.id} » ({entry.address}) manque",
                        f"Enregistrez la page sous {path}, ou écrivez « enabled = false ».",
                    )
                )


def _folder(catalogue: Catalogue, entry: Entry) -> Path:
    base = catalogue.path.parent
    return (base / entry.address if entry.kind == "folder" else base / _SNAPSHOTS).resolve()


def _read(entry: Entry, path: Path, facts: Mapping[str, Fact]) -> Document:
    if path.suffix == ".md":
        return fiches.read(path, facts)
    return pages.read(
        path.read_bytes(),
        id=entry.id,
        url=entry.address,
        publisher=entry.publisher,
        licence=entry.licence,
        fetched=datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat(),
        scope=entry.scope,
        path=path,
    )


def _facts_path(file: Path) -> Path:
    """The facts that a fiche may name: facts.jsonl beside it, or one folder up."""
    beside = file.parent / "facts.jsonl"
    return beside if beside.is_file() else file.parent.parent / "facts.jsonl"
