"""The first `assistant serve` of a folder, or the first after an upgrade: its index is made."""

from __future__ import annotations

import sys

import click

from assistant.assembly import Assistant, assemble, build, published
from assistant.settings import Settings
from corpus import report
from corpus.catalogue import load
from index.encoder.embedding import load as load_embedder
from index.errors import IndexMissing


def opened(settings: Settings) -> Assistant:
    """The assistant of these settings; where its index cannot be opened, it is built first, unless
    one is published."""
    try:
        return assemble(settings, recording=True)
    except IndexMissing:
        new = not settings.index.exists()
    shelf = published(settings, load_embedder(settings.model))
    if shelf is not None and shelf.pull(anew=True):
        return assemble(settings, recording=True)
    town, var = load(settings.catalogue).town.name, settings.var.absolute()
    click.echo(
        f"Premier démarrage : l'index de {town} est construit dans {var} (moins d'une minute pour "
        "les fiches livrées)."
        if new
        else f"L'index de {var} est d'une autre version, ou abîmé : il est reconstruit."
    )
    done = build(settings, progress=sys.stderr.isatty())
    for trouble in report.troubles(done.lines):
        click.echo(f"Attention : {trouble}", err=True)
    for warning in done.warnings:
        click.echo(f"À relire : {warning}", err=True)
    if new:
        click.echo(
            "Tout ce que l'assistant écrit est dans ce dossier ; le réglage ASSISTANT_VAR en donne "
            "un autre.\n"
            f"Une autre ville : « assistant init {settings.home.parent} », puis « assistant "
            "build ».\n"
            "Le guichet : « assistant user add IDENTIFIANT --role admin ». Tout le reste : "
            "« assistant --help »."
        )
    return assemble(settings, recording=True)
