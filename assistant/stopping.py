"""The switch that stops all answers at once, at every door, until someone lifts it.

A file in the folder of the index: it holds for every process, and across a restart.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import InputError
from assistant.records.store import now, stamp

_FILE = "arret.json"


@dataclass(frozen=True, slots=True)
class Stop:
    """Who stopped it, when (ISO, UTC), and what residents are told besides, "" for nothing."""

    by: str
    at: str
    said: str = ""

    @property
    def message(self) -> str:
        """What a resident is told."""
        return " ".join(
            filter(
                None,
                (
                    "L'assistant est arrêté pour le moment, à la demande de la mairie.",
                    self.said,
                    "Pour votre question, adressez-vous à la mairie.",
                ),
            )
        )


class Switch:
    """The switch of one folder."""

    def __init__(self, var: Path) -> None:
        self._file = var / _FILE

    def read(self) -> Stop | None:
        """What stops the assistant; None while it answers. One that cannot be read stops it."""
        try:
            return Stop(**json.loads(self._file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError):
            return Stop("", "")

    def stop(self, by: str, said: str = "") -> Stop:
        """Stop all answers. Raises InputError when the folder cannot be written."""
        found = Stop(by, stamp(now()), said)
        aside = self._file.with_suffix(".tmp")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(asdict(found), ensure_ascii=False), encoding="utf-8")
            aside.replace(self._file)
        except OSError as error:
            raise InputError(
                f"{self._file} ne peut pas être écrit ({error.strerror}). Arrêtez le serveur."
            ) from error
        return found

    def lift(self) -> None:
        """Answer again. Raises InputError when the file cannot be removed."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(
                f"{self._file} ne peut pas être retiré ({error.strerror}) : effacez-le."
            ) from error
