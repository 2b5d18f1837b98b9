"""What can go wrong while reading publications.

CorpusError
├── ParseError      a file that cannot be read as what it claims to be
└── FetchError      a publication that could not be brought; the copy at hand stays
    └── Gone        its publisher says that it is no longer there
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class State(StrEnum):
    """What became of a source in a build."""

    READ = "read"
    CUT = "cut"  # read in part: the report says which part is missing
    EMPTY = "empty"  # it holds no text that can be read, or almost none
    REFUSED = "refused"  # not what it claims to be, too large, or locked
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"  # the file took its reader down
    MISSING = "missing"  # no copy of it is here
    VANISHED = "vanished"  # its publisher took it down


class CorpusError(Exception):
    """The corpus cannot be read; the message, in French, says where and what to do."""


class ParseError(CorpusError):
    """A file that cannot be read as what it claims to be.

    `line` counts from 1; None when the trouble is the whole file's. `state` is what a build
    report says of a publication that raised it.
    """

    def __init__(
        self,
        path: Path | str,
        line: int | None,
        problem: str,
        remedy: str,
        state: State = State.REFUSED,
    ) -> None:
        where = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{where} : {problem}. {remedy}")
        self.path = path
        self.line = line
        self.problem = problem
        self.remedy = remedy
        self.state = state


class FetchError(CorpusError):
    """A publication that could not be brought; `passing` when another try may do, some other day.

    `problem` starts in lower case and has no full stop.
    """

    def __init__(self, problem: str, remedy: str, *, passing: bool = False) -> None:
        super().__init__(f"{problem}. {remedy}")
        self.problem = problem
        self.remedy = remedy
        self.passing = passing


class Gone(FetchError):
    """The publisher answers that the page is no longer there (404 or 410)."""
