"""Small models over named signs, run as the encoder is: a ranker, a decision, a classifier."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from index.errors import ModelMissing


class Head:
    """A model of a file: rows of signs in, rows of scores out. Safe to share between threads.

    `signs` are the names of its inputs, in order; `labels` those of its outputs; `threshold` is
    where its card draws the line, .5 when it draws none.
    """

    def __init__(self, path: Path) -> None:
        """Load it. ModelMissing, with the remedy, when it is not there or is damaged."""
        try:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 3  # errors only
            self._session = onnxruntime.InferenceSession(
                path.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
            about = self._session.get_modelmeta().custom_metadata_map
            self.signs: tuple[str, ...] = tuple(json.loads(about["signs"]))
            self.labels: tuple[str, ...] = tuple(json.loads(about["labels"]))
            self.digest: str = about["digest"]
            self.threshold = float(about.get("threshold", 0.5))
        except Exception as error:  # onnxruntime raises types of its own
            raise ModelMissing(
                f"{path} : ce modèle manque ou est endommagé ({error}). Rétablissez-le "
                "(git checkout -- assistant) ou réinstallez l'assistant."
            ) from error

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, len(signs)) -> (n, len(labels))."""
        found: NDArray[np.float32] = self._session.run(None, {"signs": rows})[0]
        return found

    def of(self, given: Sequence[Mapping[str, float]]) -> NDArray[np.float32]:
        """The scores of signs given by name; one that is not given counts as 0."""
        rows = [[float(signs.get(name, 0.0)) for name in self.signs] for signs in given]
        return self(np.array(rows, np.float32).reshape(len(rows), len(self.signs)))
