"""What can go wrong while reading publications.

CorpusError
└── ParseError      a file that cannot be read as what it claims to be
"""

from __future__ import annotations

from pathlib import Path


class CorpusError(Exception):
    """The corpus cannot be read; the message, in French, says where and what to do."""


class ParseError(CorpusError):
    """A file that cannot be read as what it claims to be.

    `line` counts from 1; None when the trouble is the whole file's.
    """

    def __init__(self, path: Path | str, line: int | None, problem: str, remedy: str) -> None:
        where = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{where} : {problem}. {remedy}")
        self.path = path
        self.line = line
        self.problem = problem
        self.remedy = remedy
