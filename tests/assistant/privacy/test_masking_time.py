"""Masking, of texts that nobody types: it must not be slower for each letter as they grow."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from types import ModuleType

import pytest

from index.french.analysis import fold


def _benchmark() -> ModuleType:
    path = Path(__file__).resolve().parents[3] / "benchmarks" / "masking.py"
    spec = importlib.util.spec_from_file_location("masking", path)
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


masking = _benchmark()


@pytest.mark.parametrize("name", masking.SHAPES)
def test_masking_takes_a_time_that_grows_as_the_text(name: str) -> None:
    def cost(size: int) -> float:
        text = masking.SHAPES[name](1000 * size)
        costs: list[float] = [masking.cost(text) for _ in range(3)]
        return min(costs) / size

    # Sixteen times as long: a quadratic pattern would make each kB sixteen times dearer.
    assert cost(32) < 4 * cost(2) + 0.2


def test_folding_a_run_of_marks_takes_a_time_that_grows_as_it() -> None:
    started = time.process_time()
    assert fold("é" + "\u0301\u0323" * 100_000) == "e"
    assert time.process_time() - started < 1
