"""Changes to catalogue.toml that a form asks for: its comments and order stay (tomlkit).

What is written is read again first, as a build reads it: a change that the catalogue does not take
changes nothing. Whoever reads it meanwhile finds the file of before, or of after, whole.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import tomlkit

from corpus.catalogue import Catalogue, Contact, load, own_folder
from corpus.disk import flush
from corpus.errors import CorpusError, ParseError

DOCUMENTS = "documents"  # beside catalogue.toml: the files that were sent
_TOWN = -1  # the rank of the town's own contact
_ASIDE = "catalogue.tmp.toml"


def switched(path: Path, id: str, *, on: bool) -> Catalogue:
    """Read a source again at the next build, or leave it out. Raises CorpusError."""

    def change(root: Any) -> None:
        entry = _entry(path, root, id)
        if on:
            entry.pop("enabled", None)
        else:
            entry["enabled"] = False

    return _changed(path, change)


def added(path: Path, values: Mapping[str, str]) -> Catalogue:
    """Add a source; its id is made of its title. Raises CorpusError when a value is refused."""

    def change(root: Any) -> None:
        entries = root.setdefault("entries", tomlkit.aot())
        entry = tomlkit.table()
        entry.update({"id": _id(values["title"], {str(e.get("id")) for e in entries}), **values})
        entries.append(entry)

    return _changed(path, change)


def kept(path: Path, name: str, content: bytes) -> str:
    """Put a file that was sent beside the catalogue, and give its path from there.

    Never over another: the name of one that is there already takes a number. Raises CorpusError.
    """
    folder = own_folder(path) / DOCUMENTS
    stem, suffix = os.path.splitext(name)
    suffix = suffix.lower()
    base = _slug(stem) or "document"
    try:
        folder.mkdir(exist_ok=True)
        for number in range(1, 1000):
            file = folder / f"{base}{'' if number == 1 else f'-{number}'}{suffix}"
            try:
                with file.open("xb") as out:
                    out.write(content)
            except FileExistsError:
                continue
            flush(file)
            return f"{DOCUMENTS}/{file.name}"
    except OSError as error:
        raise _unwritten(folder, error) from error
    raise CorpusError(f"{folder} : trop de fichiers portent ce nom. Renommez le vôtre.")


def reached(path: Path, rank: int, values: Mapping[str, str]) -> Catalogue:
    """Change a contact, the town's own (-1) or one of [[contacts]] by its rank, from 0.

    An empty value takes the line out: nothing is better than an old number. Raises CorpusError.
    """
    known = {field.name for field in fields(Contact)} - {"subjects"}

    def change(root: Any) -> None:
        contact = root["town"]["contact"] if rank == _TOWN else root["contacts"][rank]
        for name, value in values.items():
            if name in known and value:
                contact[name] = value
            elif name in known:
                contact.pop(name, None)

    return _changed(path, change)


def _changed(path: Path, change: Callable[[Any], None]) -> Catalogue:
    own_folder(path)
    load(path)  # what is already wrong is said as it is
    root = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    change(root)
    aside = path.with_name(_ASIDE)
    try:
        try:
            aside.write_text(tomlkit.dumps(root), encoding="utf-8", newline="\n")
            try:
                found = load(aside)
            except ParseError as error:
                raise CorpusError(f"{error.problem}. {error.remedy}") from error
            flush(aside)
            os.replace(aside, path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritten(path, error) from error
    return replace(found, path=path)


def _unwritten(path: Path, error: OSError) -> CorpusError:
    return CorpusError(
        f"{path} ne peut pas être écrit ({error.strerror}). Vérifiez les droits du dossier de la "
        "ville, ou demandez à qui tient le serveur."
    )


def _entry(path: Path, root: Any, id: str) -> Any:
    for entry in root.get("entries", []):
        if entry.get("id") == id:
            return entry
    raise CorpusError(f"{path} : aucune source ne s'appelle « {id} ». Rechargez la page.")


def _slug(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:48].strip("-")


def _id(title: str, taken: set[str]) -> str:
    base = _slug(title) or "source"
    ids = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(id for id in ids if id not in taken)
