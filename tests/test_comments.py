"""What comments and docstrings cite is in the repository: files by their path, modules by name."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "index", "assistant")
FOLDERS = (*PACKAGES, "tests", "benchmarks", "docs")
DATA = ROOT / "tests" / "data"
WRITTEN = {".py", ".js", ".css", ".ts", ".html", ".md", ".toml"}  # by us, for people to read

# A file of one of our folders, or a module of Python or page of text wherever it stands.
_FILE = re.compile(
    rf"(?<![\w./<-])(?:(?:{'|'.join(FOLDERS)})(?:/[\w*-]+)+(?:\.\w+)*|[\w-]+(?:/[\w-]+)*\.(?:py|md))\b"
)
_MODULE = re.compile(rf"(?<![\w./-])(?:{'|'.join(PACKAGES)})(?:\.[a-z_]\w*)+")
# Notes that were never published, machines, numbers of a list of tasks.
_ELSEWHERE = re.compile(r"\banchors/|\bthe anchors\b|\bshared/|\b(?:design|style)\.md|/work/")
_SUFFIXES = {"jsonl", "toml", "json", "txt", "lock"}  # « corpus.jsonl » is a file of a BEIR folder


def sources(suffixes: Collection[str]) -> Iterator[Path]:
    """Our files that have one of these suffixes."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and DATA not in path.parents:
                yield path


@cache
def names() -> frozenset[str]:
    """The names of all our files."""
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    return frozenset(path.name for path in (*found, *ROOT.iterdir()))


def said(path: Path) -> Iterator[str]:
    """The comments and the docstrings of a module."""
    source = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def is_file(cited: str) -> bool:
    """Whether « tests/data/checking.jsonl », « benchmarks/*.py » or « evidence.py » is here."""
    if "/" not in cited:
        return cited in names()
    return any(ROOT.glob(cited)) or any((ROOT / folder / cited).exists() for folder in FOLDERS)


def is_module(cited: str) -> bool:
    """Whether « index.french.analysis.fold » is a module, or a name that stands in one."""
    path, rest = ROOT, cited.split(".")
    while rest and (path / rest[0]).is_dir():
        path /= rest.pop(0)
    if rest and (path / f"{rest[0]}.py").is_file():
        path /= f"{rest.pop(0)}.py"
    return not rest or path.is_file() and rest[0] in path.read_text(encoding="utf-8")


def lost(text: str) -> Iterator[str]:
    """What a text cites and that is not here."""
    for cited in _FILE.findall(text):
        if not is_file(cited):
            yield cited
    for cited in _MODULE.findall(text):
        if cited.rsplit(".", 1)[-1] not in _SUFFIXES and not is_module(cited):
            yield cited


def test_what_a_comment_cites_is_here() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), cited)
        for path in sources({".py"})
        for text in said(path)
        for cited in lost(text)
    }
    assert sorted(found) == []


def test_nothing_leads_to_notes_that_are_not_here() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), elsewhere)
        for path in (*sources(WRITTEN), *ROOT.glob("*.md"), ROOT / "pyproject.toml")
        if path != Path(__file__)
        for elsewhere in _ELSEWHERE.findall(path.read_text(encoding="utf-8"))
    }
    assert sorted(found) == []


@pytest.mark.parametrize(
    ("text", "files", "modules"),
    [
        ("benchmarks/support.py fits it", ["benchmarks/support.py"], []),
        ("see tests/data, fold, evidence.py", ["tests/data", "evidence.py"], []),
        ("(index.french.analysis.fold).", [], ["index.french.analysis.fold"]),
        ("https://a.example/docs/x.md", [], []),
        ("<root>/index/x", [], []),
    ],
)
def test_citations_are_seen(text: str, files: list[str], modules: list[str]) -> None:
    assert (_FILE.findall(text), _MODULE.findall(text)) == (files, modules)


def test_a_name_that_left_its_module_is_told() -> None:
    assert is_module("index.french.analysis.fold")
    assert not is_module("index.french.analysis.folded_away")
    assert not is_module("corpus.hidden")
    assert not is_file("tests/test_checking.py")
