"""What can go wrong while building, opening or measuring an index.

SearchError
├── IndexMissing     nothing was built yet, or it cannot be read
├── IndexMismatch    built with another embedding model
├── IndexBusy        another indexer is at work
├── BuildError       what was built is not fit to be served
├── StoreUnreachable where generations are published does not answer
├── ModelMissing     the embedding model is not there
└── JudgedError      judged questions that cannot be read
"""

from __future__ import annotations

from pathlib import Path


class SearchError(Exception):
    """The index cannot be built or opened; the message, in French, says what to do."""


class IndexMissing(SearchError):
    """Nothing was built yet, or what the pointer names cannot be read."""

    def __init__(self, path: Path, problem: str = "aucun index n'y a été construit") -> None:
        super().__init__(f"{path} : {problem}. Lancez « assistant build ».")


class IndexMismatch(SearchError):
    """The index was built with another embedding model.

    Searching it would compare vectors of two spaces: results would look fine and be noise.
    """

    def __init__(self, path: Path, built_with: str, asked: str) -> None:
        super().__init__(
            f"{path} a été construit avec le modèle « {built_with or 'livré'} », et non "
            f"« {asked or 'livré'} ». Lancez « assistant build » pour le refaire."
        )


class IndexBusy(SearchError):
    """Another indexer holds the lock."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Une autre construction de l'index est en cours ({path}). Attendez qu'elle finisse."
        )


class BuildError(SearchError):
    """What was built is not fit to be served: the live generation stays."""


class StoreUnreachable(SearchError):
    """Where generations are published for several servers does not answer."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(
            f"Les index publiés ne peuvent pas être lus ou écrits dans {address} ({why}). Voyez "
            "ASSISTANT_GENERATIONS, et la machine qui les tient."
        )


class ModelMissing(SearchError):
    """The embedding model is not where it should be, or its library is not installed."""


class JudgedError(SearchError):
    """A set of judged questions that cannot be read as one.

    `line` counts from 1; None when the trouble is the whole file's.
    """

    def __init__(self, path: Path, line: int | None, problem: str, remedy: str) -> None:
        where = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{where} : {problem}. {remedy}")
