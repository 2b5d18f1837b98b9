"""What every command starts with: its settings, and a way to tell what an operator can mend."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from pydantic import ValidationError

from assistant.errors import InputError, JournalError
from assistant.settings import Settings
from corpus.disk import trouble
from corpus.errors import CorpusError
from corpus.reading.entries import UnreadableCorpus
from index.errors import SearchError


@contextmanager
def mended() -> Iterator[None]:
    """Turn what an operator can mend into its message and exit status 1, without a traceback."""
    try:
        yield
    except UnreadableCorpus as group:
        for error in group.exceptions:
            click.echo(f"Erreur : {error}", err=True)
        click.echo(
            f"{len(group.exceptions)} erreur(s) : rien n'a été changé, l'index en service reste.",
            err=True,
        )
        sys.exit(1)
    except (CorpusError, SearchError, InputError, JournalError) as error:
        click.echo(f"Erreur : {error}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"Erreur : {trouble(error, Path.cwd()) or error}", err=True)
        sys.exit(1)
    except click.FileError as error:
        click.echo(
            f"Erreur : {error.ui_filename} : ce fichier ne peut pas être ouvert. Vérifiez son nom "
            "et les droits sur son dossier, puis relancez.",
            err=True,
        )
        sys.exit(1)


def settings() -> Settings:
    """Those of the environment; what is not valid is named, and nothing starts."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "ASSISTANT_" + "_".join(str(part) for part in problem["loc"]).upper()
            click.echo(
                f"Erreur : le réglage {name} n'est pas valable ({problem['msg']}).", err=True
            )
        sys.exit(1)
