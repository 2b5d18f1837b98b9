"""corpus knows nobody, index knows corpus, assistant knows both: nothing points back."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def imported(package: str) -> Iterator[tuple[str, str]]:
    """(module, top-level name that it imports), functions' own imports and tests of type too."""
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [package if node.level else str(node.module)]
            yield from ((path.stem, name.split(".")[0]) for name in names)


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [("corpus", {"index", "assistant"}), ("index", {"assistant"})],
)
def test_nothing_points_back(package: str, forbidden: set[str]) -> None:
    assert [pair for pair in imported(package) if pair[1] in forbidden] == []


def test_imports_are_seen_wherever_they_stand() -> None:
    assert ("build", "index") in set(imported("index"))
    assert ("chunking", "corpus") in set(imported("index"))


@pytest.mark.parametrize(
    ("package", "library", "module"),
    [
        ("corpus", "feedparser", "listings"),
        ("corpus", "protego", "robots"),
        ("index", "chromadb", "chroma"),
        ("index", "langchain_core", "langchain"),
        ("index", "tantivy", "lexical"),
        ("assistant", "sqlalchemy", "journal"),
        ("assistant", "mcp", "mcp"),
    ],
)
def test_a_library_is_named_in_one_module(package: str, library: str, module: str) -> None:
    assert {named for named, name in imported(package) if name == library} == {module}


# What a start never waits for: each is loaded by the one command or door that needs it.
LATER = {
    *(
        "chromadb",
        "langchain_core",
        "langsmith",
        "mcp",
        "openai",
        "pypdfium2",
        "sentence_transformers",
    ),
    *("torch", "trafilatura"),
}


@pytest.mark.parametrize("module", ["assistant.assembly", "assistant.doors.cli.commands"])
def test_a_start_loads_no_library_that_it_may_not_need(module: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert LATER.intersection(told.stdout.split()) == set()
