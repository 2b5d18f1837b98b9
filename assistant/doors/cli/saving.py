"""`assistant backup` and `assistant restore`: an installation in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from assistant import backups
from assistant.doors.cli.running import mended, settings

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", metavar="FICHIER", type=_FILE)
def backup(file: Path) -> None:
    """Copier dans un fichier tout ce que rien d'autre ne rendrait ; le serveur peut tourner.

    FICHIER (sauvegarde.zip) tient la base de données, le dossier de la ville et l'index en service.
    Les réglages (.env) n'y sont pas. Il contient ce que le journal garde : protégez-le de même.
    """
    with mended():
        saved = backups.save(settings(), file)
    for folder in saved.outside:
        click.echo(
            f"Attention : {folder}, que le catalogue nomme, est hors du dossier de la ville ; "
            "sauvegardez-le à part.",
            err=True,
        )
    click.echo(f"{file} : {saved.files} fichiers, {saved.bytes / 1e6:.1f} Mo.")


@click.command()
@click.argument("file", metavar="FICHIER", type=_FILE)
@click.option(
    "--force", is_flag=True, help="Mettre de côté ce qui est déjà là, au lieu de refuser."
)
def restore(file: Path, force: bool) -> None:
    """Remettre une sauvegarde en place ; arrêtez d'abord le serveur.

    Tout est vérifié avant que rien ne change. Sans ASSISTANT_CATALOGUE, la ville est mise dans le
    dossier de ASSISTANT_VAR, où elle sera lue.
    """
    with mended():
        done = backups.restore(settings(), file, force=force)
    click.echo(f"La sauvegarde de {done.town} du {done.made} ({done.version}) est en place.")
    if done.catalogue is not None:
        click.echo(f"Le dossier de la ville : {done.catalogue.parent}")
    for path in done.before:
        click.echo(f"Mis de côté : {path}")
    click.echo("Lancez « assistant build », puis « assistant serve ».")
