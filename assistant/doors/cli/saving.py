"""`assistant backup` and `assistant restore`: an installation in one file, and back; of several
towns, each in its own, in a folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from assistant import backups
from assistant.doors.cli.running import chosen, mended, settings
from assistant.errors import InputError, JournalError
from assistant.settings import Settings
from assistant.towns import folders
from corpus.catalogue import INSEE
from corpus.errors import CorpusError

_PLACE = click.Path(path_type=Path)


@click.command()
@click.argument("place", metavar="FICHIER", type=_PLACE)
def backup(place: Path) -> None:
    """Copier dans un fichier tout ce que rien d'autre ne rendrait ; le serveur peut tourner.

    FICHIER (sauvegarde.zip) tient la base de données, le dossier de la ville et l'index en service.
    Les réglages (.env) n'y sont pas. Il contient ce que le journal garde : protégez-le de même.

    Avec ASSISTANT_TOWNS, FICHIER est un dossier, où chaque ville a le sien (35126.zip) ; --town
    n'en copie qu'une, dans un fichier. Une ville qui échoue est nommée, et les autres continuent.
    """
    with mended():
        found = settings()
        if found.towns is not None and chosen() is None:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            _each(folders.codes(found.towns), found, place, _saved, "sauvegardée(s)")
            return
        saved = _saved(found, _file(place))
    click.echo(f"{place} : {saved.files} fichiers, {saved.bytes / 1e6:.1f} Mo.")


def _saved(found: Settings, file: Path) -> backups.Saved:
    saved = backups.save(found, file)
    for folder in saved.outside:
        click.echo(
            f"Attention : {folder}, que le catalogue nomme, est hors du dossier de la ville ; "
            "sauvegardez-le à part.",
            err=True,
        )
    return saved


@click.command()
@click.argument("place", metavar="FICHIER", type=_PLACE)
@click.option(
    "--force", is_flag=True, help="Mettre de côté ce qui est déjà là, au lieu de refuser."
)
def restore(place: Path, force: bool) -> None:
    """Remettre une sauvegarde en place ; arrêtez d'abord le serveur.

    Tout est vérifié avant que rien ne change. Sans ASSISTANT_CATALOGUE, la ville est mise dans le
    dossier de ASSISTANT_VAR, où elle sera lue.

    Avec ASSISTANT_TOWNS, FICHIER est le dossier où « backup » a mis un fichier par ville ; --town
    n'en remet qu'une, d'un fichier.
    """
    with mended():
        found = settings(new=True)
        if found.towns is not None and chosen() is None:
            codes = sorted(f.stem for f in place.glob("*.zip") if INSEE.fullmatch(f.stem))
            if not codes:
                raise InputError(f"{place} : il n'y a là aucune sauvegarde de ville (35126.zip).")
            click.echo("Lancez ensuite « assistant towns build --all », puis « assistant serve ».")

            def restored(town: Settings, file: Path) -> None:
                _restored(town, file, force)

            _each(codes, found, place, restored, "remise(s) en place")
            return
        _restored(found, _file(place), force)
    after = f"towns build {chosen()}" if chosen() else "build"
    click.echo(f"Lancez « assistant {after} », puis « assistant serve ».")


def _restored(found: Settings, file: Path, force: bool) -> None:
    done = backups.restore(found, file, force=force)
    click.echo(f"La sauvegarde de {done.town} du {done.made} ({done.version}) est en place.")
    if done.catalogue is not None:
        click.echo(f"Le dossier de la ville : {done.catalogue.parent}")
    for path in done.before:
        click.echo(f"Mis de côté : {path}")


def _file(place: Path) -> Path:
    if place.is_dir():
        raise InputError(f"{place} est un dossier : donnez un nom de fichier.")
    return place


def _each(
    codes: Iterable[str],
    found: Settings,
    place: Path,
    work: Callable[[Settings, Path], object],
    become: str,
) -> None:
    """Do it for each town and its file; one that fails is told, and keeps no other."""
    done = failed = 0
    for insee in codes:
        try:
            work(found.town(insee), place / f"{insee}.zip")
            done += 1
        except (CorpusError, InputError, JournalError, OSError) as error:
            failed += 1
            click.echo(f"{insee} : {error}", err=True)
    click.echo(f"{done} ville(s) {become}, {failed} en échec.")
    if failed:
        sys.exit(1)
