"""What every command starts with: its settings, and a way to tell what an operator can mend."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from pydantic import ValidationError

from assistant import installed
from assistant.errors import Incomplete, InputError, JournalError
from assistant.settings import Settings
from assistant.towns.folders import is_town
from corpus.catalogue import INSEE
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
    except (CorpusError, SearchError, Incomplete, InputError, JournalError) as error:
        click.echo(f"Erreur : {error}", err=True)
        sys.exit(1)
    except OSError as error:
        said = installed.lost(error) or trouble(error, Path.cwd()) or error
        click.echo(f"Erreur : {said}", err=True)
        sys.exit(1)
    except click.FileError as error:
        click.echo(
            f"Erreur : {error.ui_filename} : ce fichier ne peut pas être ouvert. Vérifiez son nom "
            "et les droits sur son dossier, puis relancez.",
            err=True,
        )
        sys.exit(1)


def chosen() -> str | None:
    """The town that --town names; None for the one of the settings."""
    context = click.get_current_context(silent=True)
    found = context.find_root().params.get("town") if context is not None else None
    return None if found is None else str(found)


def settings(*, new: bool = False) -> Settings:
    """Those of the environment, of the town that --town names; what is not valid is named, and
    nothing starts.

    new    whether the town's folder may have to be made
    """
    try:
        found = Settings()
        insee = chosen()
        if insee is None:
            return found
        if (
            found.towns is None
            or not INSEE.fullmatch(insee)
            or not (new or is_town(found.towns / insee))
        ):
            click.echo(f"Erreur : il n'y a pas de ville {insee} dans ASSISTANT_TOWNS.", err=True)
            sys.exit(1)
        return found.town(insee)
    except ValidationError as error:
        for problem in error.errors():
            name = "ASSISTANT_" + "_".join(str(part) for part in problem["loc"]).upper()
            click.echo(
                f"Erreur : le réglage {name} n'est pas valable ({problem['msg']}).", err=True
            )
        sys.exit(1)
