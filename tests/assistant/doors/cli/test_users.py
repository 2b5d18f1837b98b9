"""`assistant user` and `assistant migrate`, as the operator runs them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.doors.cli.commands import commands
from assistant.records.people import People, Role
from assistant.records.sessions import Sessions
from assistant.records.store import Store

GOOD = "quatre mots sans rapport"
Run = Callable[..., Result]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'journal.sqlite3'}"


@pytest.fixture
def run(url: str) -> Run:
    def command(*words: str, typed: str = "") -> Result:
        found = CliRunner().invoke(
            commands, list(words), env={"ASSISTANT_JOURNAL": url}, input=typed
        )
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        return found

    return command


def test_the_first_administrator_is_asked_for_a_password(run: Run, url: str) -> None:
    made = run("user", "add", "marie", "--role", "admin", typed=f"{GOOD}\n{GOOD}\n")
    assert (made.exit_code, GOOD in made.output) == (0, False)
    assert "Le compte « marie » (admin) est créé." in made.stdout
    with closing(Store(url)) as store:
        found = Sessions(store).user(Sessions(store).enter("marie", GOOD, "a"))
    assert found is not None and found.role is Role.ADMIN


def test_two_passwords_that_differ_are_asked_again(run: Run) -> None:
    made = run("user", "add", "marie", typed=f"{GOOD}\nautre\n{GOOD}\n{GOOD}\n")
    assert made.exit_code == 0 and "(agent)" in made.stdout


def test_a_password_is_never_given_on_the_command_line(run: Run) -> None:
    assert run("user", "add", "marie", "--password", GOOD).exit_code == 2


@pytest.mark.parametrize("words", [("marie", "court"), ("Éric", GOOD)])
def test_what_cannot_be_is_told(run: Run, words: tuple[str, str]) -> None:
    name, password = words
    made = run("user", "add", name, typed=f"{password}\n{password}\n")
    assert made.exit_code == 1 and made.stderr.splitlines()[-1].startswith("Erreur : ")
    assert run("user", "list").stdout == ""


def test_a_link_is_given_instead(run: Run, url: str) -> None:
    made = run("user", "add", "paul", "--link")
    code = made.stdout.partition("/guichet/bienvenue?code=")[2].split()[0]
    with closing(Store(url)) as store:
        whose = People(store).accept(code, GOOD)
    assert whose is not None and whose.name == "paul"


def test_accounts_are_listed_closed_opened_and_given_a_link(run: Run, url: str) -> None:
    run("user", "add", "marie", "--role", "admin", typed=f"{GOOD}\n{GOOD}\n")
    run("user", "add", "paul", "--link")
    assert run("user", "list").stdout == "marie\tadmin\touvert\npaul\tagent\tsans mot de passe\n"
    assert run("user", "disable", "paul").exit_code == 0
    assert "paul\tagent\tfermé" in run("user", "list").stdout
    assert run("user", "disable", "paul", "--undo").exit_code == 0
    assert "bienvenue?code=" in run("user", "reset", "paul").stdout
    last = run("user", "disable", "marie")
    assert (last.exit_code, "dernier compte d'administration" in last.stderr) == (1, True)
    unknown = run("user", "reset", "personne")
    assert (unknown.exit_code, "pas de compte « personne »" in unknown.stderr) == (1, True)


def test_migrate_says_whether_it_had_to(run: Run) -> None:
    assert "est passée à la version" in run("migrate").stdout
    assert "est déjà à la version" in run("migrate").stdout


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    env = {"ASSISTANT_JOURNAL": f"sqlite:///{tmp_path / 'fichier' / 'j.sqlite3'}"}
    for words in (["migrate"], ["user", "list"]):
        found = CliRunner().invoke(commands, words, env=env)
        assert (found.exit_code, found.stderr.startswith("Erreur : Le journal ne répond pas")) == (
            1,
            True,
        )
