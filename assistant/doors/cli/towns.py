"""`assistant towns`: several towns in one folder, made, listed and built together."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import click
from tqdm import tqdm

from assistant.assembly import build_commons
from assistant.doors.cli.running import mended, settings
from assistant.errors import InputError
from assistant.settings import STARTER, Settings
from assistant.stopping import Switch
from assistant.towns import builds, folders
from corpus import towns as new
from corpus.errors import CorpusError
from index.errors import SearchError
from index.generation import live, manifest


@click.group()
def towns() -> None:
    """Plusieurs villes dans un seul serveur (réglage ASSISTANT_TOWNS)."""


def _settings() -> tuple[Settings, Path]:
    found = settings()
    if found.towns is None:
        raise InputError("Donnez d'abord le dossier des villes : ASSISTANT_TOWNS=/chemin/villes.")
    return found, found.towns


@towns.command()
@click.argument("insee", metavar="CODE_INSEE")
@click.option("--name", prompt="Nom de la commune", help="Son nom.")
@click.option("--intercommunality", prompt="Intercommunalité", help="Son intercommunalité.")
@click.option("--site", prompt="Adresse du site de la commune (https://…)", help="Son site.")
@click.option(
    "--contact", default="", help="À qui renvoyer les habitants ; « Mairie de … » d'habitude."
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    help="Un site qui affiche l'assistant (https://www.ville.fr) ; peut se répéter.",
)
def add(
    insee: str, name: str, intercommunality: str, site: str, contact: str, origins: Sequence[str]
) -> None:
    """Préparer le dossier d'une ville de plus."""
    with mended():
        _, folder = _settings()
        code = new.value("insee", insee)
        path = new.create(
            folder / code,
            name=name,
            insee=code,
            intercommunality=intercommunality,
            site=site,
            contact_name=contact or f"Mairie de {name}",
            checked=date.today(),
            national=STARTER.parent / "national",
            origins=origins,
        )
    click.echo(
        f"Écrit : {path}\nComplétez-y le contact, ajoutez les fiches de la commune dans "
        f"{path.parent / 'fiches'}, puis lancez :\n  assistant towns build {code}"
    )


@towns.command("list")
def list_() -> None:
    """Dire de chaque ville si elle est en service, et depuis quand."""
    with mended():
        _, folder = _settings()
        for insee in folders.codes(folder):
            click.echo(f"{insee}  {_state(folder, insee)}")


def _state(folder: Path, insee: str) -> str:
    """A town's name, and how it is."""
    try:
        name = folders.catalogue(folder, insee).town.name
    except CorpusError as error:
        return f"catalogue illisible : {error}"
    var = folder / insee / "var"
    try:
        index = live(var / "index")
        about = manifest(index)
    except SearchError:
        return f"{name} : à construire (assistant towns build {insee})"
    stopped = ", arrêtée" if Switch(var).read() is not None else ""
    return (
        f"{name} : index {index.name} du {about['created'][:10]}, {about['passages']} passages à "
        f"elle{stopped}"
    )


@towns.command()
@click.argument("codes", nargs=-1, metavar="[CODE_INSEE]...")
@click.option("--all", "every", is_flag=True, help="Toutes les villes du dossier.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="Combien à la fois ; d'habitude, autant que de processeurs.",
)
def build(codes: Sequence[str], every: bool, jobs: int | None) -> None:
    """Construire les index de villes, plusieurs à la fois, et les mettre en service.

    Les fiches nationales sont lues une fois pour toutes. Une ville à jour n'est pas refaite : une
    commande interrompue reprend où elle en était. Une ville qui échoue est nommée, garde l'index
    qu'elle avait, et les autres continuent. Rend 1 si l'une a échoué.
    """
    with mended():
        found, folder = _settings()
        if every is bool(codes):
            raise InputError("Donnez des codes Insee, ou --all pour toutes les villes.")
        chosen = folders.codes(folder) if every else [new.value("insee", code) for code in codes]
        common = build_commons(found, progress=sys.stderr.isatty())
        click.echo(f"Fiches nationales : index {common.folder.name}, {common.passages} passages.")
        done = []
        with (
            closing(builds.built(found, chosen, jobs or builds.cores())) as told,
            tqdm(total=len(chosen), unit="ville", disable=not sys.stderr.isatty()) as bar,
        ):
            for town in told:
                done.append(town)
                bar.update()
                if town.problem:
                    bar.write(f"{town.insee} : {town.problem}", file=sys.stderr)
    failed = sum(bool(town.problem) for town in done)
    fresh = sum(town.new for town in done)
    click.echo(
        f"{len(done)} ville(s) : {fresh} construite(s), {len(done) - fresh - failed} déjà à jour, "
        f"{failed} en échec."
    )
    sys.exit(1 if failed else 0)
