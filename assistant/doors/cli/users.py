"""`assistant user`: the accounts of the guichet, from the machine; the first is made here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import click

from assistant.doors.cli.running import mended, settings
from assistant.records.people import SHORTEST, People, Role
from assistant.records.store import Store

_ACTOR = "terminal"  # who did it, in the trail: whoever has the machine
_ROLES = click.Choice([role.value for role in Role])


@contextmanager
def _people() -> Iterator[People]:
    with mended(), closing(Store(settings().journal_url)) as store:
        yield People(store)


def _link(people: People, id: int) -> str:
    """A link to choose a password, as the terminal shows it."""
    code = people.invite(id, _ACTOR)
    return (
        f"Lien à ouvrir une fois, sous deux jours :\n  /guichet/bienvenue?code={code}\n"
        "après l'adresse de l'assistant (http://127.0.0.1:8000 sur cette machine)."
    )


@click.group()
def user() -> None:
    """Les comptes du guichet."""


@user.command()
@click.argument("name", metavar="IDENTIFIANT")
@click.option(
    "--role",
    type=_ROLES,
    default=Role.AGENT.value,
    show_default=True,
    help="agent : cherche et lit ; editor : écrit les réponses validées ; admin : gère tout.",
)
@click.option("--link", is_flag=True, help="Donner un lien au lieu de demander un mot de passe.")
def add(name: str, role: str, link: bool) -> None:
    """Créer un compte ; le mot de passe est demandé, jamais donné d'avance."""
    password = None
    if not link:
        password = click.prompt(
            f"Mot de passe ({SHORTEST} caractères au moins)",
            hide_input=True,
            confirmation_prompt="Le même, une seconde fois",
        )
    with _people() as people:
        made = people.add(name, Role(role), _ACTOR, password)
        click.echo(f"Le compte « {made.name} » ({made.role}) est créé.")
        if link:
            click.echo(_link(people, made.id))


@user.command("list")
def listed() -> None:
    """Lire les comptes, leur rôle et leur état."""
    with _people() as people:
        for account in people.accounts():
            one = account.user
            state = "fermé" if one.disabled else "ouvert" if one.chosen else "sans mot de passe"
            seen = f", vu le {account.seen[:10]}" if account.seen else ""
            click.echo(f"{one.name}\t{one.role}\t{state}{seen}")


@user.command()
@click.argument("name", metavar="IDENTIFIANT")
@click.option("--undo", is_flag=True, help="Le rouvrir.")
def disable(name: str, undo: bool) -> None:
    """Fermer un compte et ses sessions."""
    with _people() as people:
        people.change(people.named(name).id, _ACTOR, disabled=not undo)
    click.echo(f"Le compte « {name} » est {'rouvert' if undo else 'fermé'}.")


@user.command()
@click.argument("name", metavar="IDENTIFIANT")
def reset(name: str) -> None:
    """Donner un lien pour choisir un autre mot de passe."""
    with _people() as people:
        click.echo(_link(people, people.named(name).id))
