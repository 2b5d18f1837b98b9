"""What pip put on the disk: models, lists of words, pages and code, by the record that it kept.

A checkout has no such record: git says what changed there.
"""

from __future__ import annotations

import base64
import csv
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import Distribution, distribution
from pathlib import Path

from assistant.errors import Incomplete

_OURS = ("assistant/", "corpus/", "index/")
_ROOT = Path(__file__).resolve().parent.parent


@cache
def ours() -> Distribution:
    """The distribution that runs."""
    return distribution("assistant-pvd")


@cache
def recorded(found: Distribution) -> dict[str, tuple[str, int]]:
    """The digest and size of each file of ours when it was installed, by its name."""
    record = csv.reader((found.read_text("RECORD") or "").splitlines())
    return {
        name: (digest, int(size or 0))
        for name, digest, size in record
        if digest and name.startswith(_OURS)
    }


def check() -> None:
    """Raises Incomplete where a file is gone: nobody asks a question to learn that."""
    if gone := [name for name, size in _sizes(ours()) if size is None]:
        raise Incomplete(told(gone))


def changed(found: Distribution, *, whole: bool = False) -> list[str]:
    """The files that are gone or have another size; `whole`: or another digest."""
    kept = recorded(found)
    return [
        name
        for name, size in _sizes(found)
        if size != kept[name][1] or (whole and not _same(found, name, kept[name][0]))
    ]


def told(names: Iterable[str]) -> str:
    """What to do of files that are not as they were installed."""
    first, *rest = names
    others = f" (et {len(rest)} autre(s))" if rest else ""
    return (
        f"{first}{others} manque ou a changé depuis l'installation : réinstallez l'assistant "
        "(pip install --force-reinstall --no-deps)."
    )


def lost(error: OSError) -> str | None:
    """What to do where an error is that a file of ours cannot be read; None where it is not."""
    path = Path(str(error.filename or ""))
    if not path.is_absolute() or not path.is_relative_to(_ROOT):
        return None
    name = path.relative_to(_ROOT).as_posix()
    return told([name]) if name.startswith(_OURS) else None


def _sizes(found: Distribution) -> Iterator[tuple[str, int | None]]:
    """The size of each file of ours; None of one that is gone."""
    for name in recorded(found):
        try:
            yield name, Path(str(found.locate_file(name))).stat().st_size
        except OSError:
            yield name, None


def _same(found: Distribution, name: str, kept: str) -> bool:
    """Whether a file has the digest that was kept."""
    mode = kept.partition("=")[0]
    try:
        digest = hashlib.new(mode, Path(str(found.locate_file(name))).read_bytes()).digest()
    except OSError:
        return False
    return f"{mode}={base64.urlsafe_b64encode(digest).decode().rstrip('=')}" == kept
