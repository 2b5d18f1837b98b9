"""corpus knows nobody, index knows corpus, assistant knows both: nothing points back.

Nor between the rooms of a package.
"""

import ast
import graphlib
import subprocess
import sys
from collections import Counter
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


# --- Rooms


def modules() -> dict[str, ast.Module]:
    """Every module of the three packages, by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for package in ("corpus", "index", "assistant")
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def room(module: str) -> str:
    """The room that a module stands in: a sub-package, or itself at the top of its package."""
    return ".".join(module.split(".")[:2])


def arrows() -> Iterator[tuple[str, str, str]]:
    """(module, module or package that it imports from, name), inside a package."""
    known = modules()
    for module, tree in known.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    target = whole if whole in known else node.module
                    if target.split(".")[0] == module.split(".")[0]:
                        yield module, target, alias.name


def test_arrows_between_rooms_point_one_way() -> None:
    above: dict[str, set[str]] = {}
    for module, target, _ in arrows():
        if room(module) != room(target):
            above.setdefault(room(module), set()).add(room(target))
    order = graphlib.TopologicalSorter(above)
    order.prepare()  # raises CycleError, which names the rooms


def test_nothing_private_of_a_room_is_used_outside_it() -> None:
    private = [
        (module, f"{target}.{name}")
        for module, target, name in arrows()
        if room(module) != room(target) and name.startswith("_")
    ]
    assert private == []


def test_every_room_says_what_comes_in_and_what_goes_out() -> None:
    silent = [
        str(path.parent.relative_to(ROOT))
        for package in ("corpus", "index", "assistant")
        for path in sorted((ROOT / package).rglob("__init__.py"))
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_a_room_holds_no_more_than_one_can_take_in() -> None:
    rooms = Counter(module.rpartition(".")[0] for module in modules())
    assert {name: count for name, count in rooms.items() if count > 17} == {}


@pytest.mark.parametrize(
    ("package", "library", "module"),
    [
        ("corpus", "feedparser", "listings"),
        ("corpus", "protego", "robots"),
        ("index", "chromadb", "chroma"),
        ("index", "langchain_core", "langchain"),
        ("index", "tantivy", "lexical"),
        ("assistant", "mcp", "mcp"),
    ],
)
def test_a_library_is_named_in_one_module(package: str, library: str, module: str) -> None:
    assert {named for named, name in imported(package) if name == library} == {module}


@pytest.mark.parametrize("library", ["sqlalchemy", "alembic"])
def test_the_database_is_spoken_to_in_one_room(library: str) -> None:
    speaking = {
        room(module)
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == library
    }
    assert speaking == {"assistant.records"}


# What a start never waits for: each is loaded by the one command or door that needs it.
LATER = {
    *(
        "alembic",
        "authlib",
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
