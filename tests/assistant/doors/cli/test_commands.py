from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import paper
import pytest
from click.testing import CliRunner, Result
from reportlab.platypus import PageBreak, Paragraph

from assistant.answers import Answer, Citation, Outcome, Sentence
from assistant.assembly import Assistant
from assistant.doors.cli.commands import commands, told
from assistant.records.journal import Feedback, Journal
from assistant.records.store import Store
from assistant.settings import STARTER, Settings
from corpus.catalogue import load
from corpus.reading import entries

POOL = "Quand la piscine de Valbourg ouvre-t-elle au public, rue des Halles ?"
COST = "Combien coûte la piscine de Valbourg, et qui la paie ?"

Run = Callable[..., Result]


def environment(settings: Settings) -> dict[str, str]:
    return {
        "ASSISTANT_CATALOGUE": str(settings.catalogue),
        "ASSISTANT_VAR": str(settings.var),
        "ASSISTANT_MODEL": settings.model,
    }


def runner(settings: Settings) -> Run:
    """Runs a command as those settings have it; a traceback fails the test."""

    def run(*words: str | Path) -> Result:
        found = CliRunner().invoke(commands, list(map(str, words)), env=environment(settings))
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        assert "Traceback" not in found.output
        return found

    return run


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without .env."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(assistant_settings: Settings) -> Run:
    return runner(assistant_settings)


@pytest.fixture
def own(assistant_settings: Settings, tmp_path: Path) -> Settings:
    """The same town and its index, in a folder of the test's own."""
    shutil.copytree(assistant_settings.catalogue.parent, tmp_path / "valbourg")
    shutil.copytree(assistant_settings.var, tmp_path / "var")
    catalogue = tmp_path / "valbourg" / "catalogue.toml"
    return assistant_settings.model_copy(update={"catalogue": catalogue, "var": tmp_path / "var"})


@pytest.fixture
def empty(assistant_settings: Settings, tmp_path: Path) -> Settings:
    """The same town before its first build."""
    return assistant_settings.model_copy(update={"var": tmp_path / "nulle-part"})


@pytest.fixture
def passages(assistant_open: Assistant) -> int:
    """How many passages the town has."""
    return len(assistant_open.retriever.generation.passages)


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def written(path: Path, records: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), "utf-8")
    return path


# ask


def test_ask_tells_the_answer_and_its_proof(run: Run) -> None:
    said = run("ask", POOL).stdout
    assert said.splitlines()[0] == (
        "La piscine de Valbourg ouvre au public le 8 novembre 2027, rue des Halles. [1]"
    )
    assert "résumé établi par nos soins d'après Ville" in " ".join(said.split())
    assert "https://valbourg.example/marche" in said


def test_ask_tells_who_to_ask_when_nobody_published_it(run: Run) -> None:
    said = run("ask", COST).stdout
    assert said.startswith("Cette information n'est pas dans les documents publiés :\n")
    assert "À qui s'adresser : Mairie de Valbourg" in said


def test_ask_shows_the_nearest_passages_apart(run: Run) -> None:
    said = run("ask", "Que prévoit l'article L. 999-9 sur l'ORT ?").stdout
    before, _, after = said.partition("Passages proches, qui ne répondent pas à la question :")
    assert after.lstrip().startswith("- ") and "Preuves" not in before


def test_a_quotation_is_told_with_its_printed_page_and_what_ocr_may_have_misread() -> None:
    words = "La halle ouvre en mars 2027."
    citation = Citation(
        number=1,
        kind="quotation",
        passage_id="scan#1",
        title="Convention",
        publisher="Ville de Valbourg",
        sources=(),
        url="https://valbourg.example/scan.pdf#page=14",
        page=14,
        headings=("Convention", "Article 3"),
        date="2026-11-22",
        quote=words,
        passage=words,
        start=0,
        end=len(words),
        confidence=0.81,
        printed="12",
    )
    answer = Answer("a", Outcome.ANSWERED, words, (Sentence(words, (1,)),), (citation,))
    said = " ".join(told(answer).split())
    assert "Article 3, page 12 (texte issu d'une numérisation, à vérifier)" in said
    assert "#page=14" in said


def test_ask_gives_the_whole_answer_as_json(run: Run) -> None:
    found = json.loads(run("ask", "--json", POOL).stdout)
    assert (found["outcome"], found["question"]) == ("answered", POOL)
    assert [c["passage"][c["start"] : c["end"]] == c["quote"] for c in found["citations"]] == [True]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", "La question ne contient aucun mot : écrivez-la en quelques mots."),
        (" ??? ", "La question ne contient aucun mot : écrivez-la en quelques mots."),
        ("o" * 501, "La question dépasse 500 caractères : raccourcissez-la."),
        ("ORT \ud800", "La question n'est pas du texte UTF-8."),
    ],
)
def test_ask_refuses_what_is_no_question(run: Run, question: str, reason: str) -> None:
    found = run("ask", question)
    assert (found.exit_code, found.stderr) == (1, f"Erreur : {reason}\n")


# batch


def test_batch_keeps_order_and_ids(run: Run, tmp_path: Path) -> None:
    asked = written(
        tmp_path / "in.jsonl",
        [
            {"id": 7, "question": POOL, "note": "un champ inconnu"},
            {"id": "b", "question": "Bonjour"},
            {"id": 2.5, "question": "et quand ?", "history": ["La piscine de Valbourg"]},
            {"id": None, "question": "Quelle météo ?", "history": None},
        ],
    )
    assert run("batch", asked, "out.jsonl").exit_code == 0
    told = lines(tmp_path / "out.jsonl")
    assert [line["id"] for line in told] == [7, "b", 2.5, None]
    assert [set(line) for line in told] == [{"id", "answer"}] * 4
    assert [line["answer"]["outcome"] for line in told][:2] == ["answered", "greeting"]
    assert told[2]["answer"]["question"] == "La piscine de Valbourg : quand ?"


def test_batch_says_what_ask_says(run: Run, tmp_path: Path) -> None:
    run("batch", written(tmp_path / "in.jsonl", [{"id": 1, "question": POOL}]), "out.jsonl")
    [line] = lines(tmp_path / "out.jsonl")
    asked = json.loads(run("ask", "--json", POOL).stdout)
    for answer in (line["answer"], asked):
        del answer["id"], answer["seconds"]
    assert line["answer"] == asked


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "cette ligne n'est pas du JSON."),
        ("[]", "le champ « id » manque."),
        ('{"question": "ORT"}', "le champ « id » manque."),
        ('{"id": 1}', "le champ « question » manque ou n'est pas du texte."),
        ('{"id": 1, "question": 3}', "le champ « question » manque ou n'est pas du texte."),
        ('{"id": 1, "question": "?"}', "La question ne contient aucun mot"),
        ('{"id": 1, "question": "ORT", "history": [3]}', "« history » est une liste de textes"),
        ('{"id": 1, "question": "ORT", "history": "x"}', "« history » est une liste de textes"),
        ('{"id": 1, "question": "\\ud800 ORT"}', "La question n'est pas du texte UTF-8."),
    ],
)
def test_batch_names_the_line_that_is_wrong(
    run: Run, tmp_path: Path, line: str, reason: str
) -> None:
    (tmp_path / "in.jsonl").write_text(f'{{"id": 0, "question": "ORT"}}\n\n{line}\n')
    found = run("batch", "in.jsonl", "out.jsonl")
    assert found.exit_code == 1
    assert found.stderr.startswith(f"Erreur : in.jsonl:3 : {reason}")
    assert not (tmp_path / "out.jsonl").exists()


def test_batch_refuses_what_is_not_utf_8(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes('{"id": 1, "question": "société"}\n'.encode("latin-1"))
    found = run("batch", "in.jsonl", "out.jsonl")
    assert (found.exit_code, found.stderr) == (
        1,
        "Erreur : in.jsonl:1 : cette ligne n'est pas en UTF-8.\n",
    )


def test_batch_names_the_very_line_that_is_not_utf_8(run: Run, tmp_path: Path) -> None:
    text = '{"id": 1, "question": "ORT"}\n{"id": 2, "question": "société"}\n'
    (tmp_path / "in.jsonl").write_bytes(text.encode("latin-1"))
    assert "in.jsonl:2 :" in run("batch", "in.jsonl", "out.jsonl").stderr


def test_batch_reads_a_file_that_windows_saved(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "question": "ORT"}\n', encoding="utf-8-sig")
    assert run("batch", "in.jsonl", "out.jsonl").exit_code == 0


def test_batch_of_nothing_is_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("\n")
    assert run("batch", "in.jsonl", "out.jsonl").exit_code == 0


# replay


def asked(run: Run, question: str = POOL) -> str:
    """The number of an answer that was just given."""
    return str(json.loads(run("ask", question, "--json").stdout)["id"])


def test_replay_says_that_the_sources_are_the_same(own: Settings) -> None:
    run = runner(own)
    found = run("replay", asked(run))
    assert found.exit_code == 0
    assert f"Question : {POOL}" in found.stdout
    assert "[1] La piscine de Valbourg > Quand la piscine" in found.stdout
    assert found.stdout.endswith(": identique\nTexte : le même\nLes sources sont les mêmes.\n")


@pytest.mark.usefixtures("checked_here")
def test_replay_says_what_changed(own: Settings) -> None:
    run = runner(own)
    number = asked(run)
    fiche = own.catalogue.parent / "fiches" / "piscine.md"
    text = fiche.read_text(encoding="utf-8").replace("8 novembre 2027", "9 mai 2028")
    fiche.write_text(text, encoding="utf-8")
    run("build")
    found = run("replay", number)
    assert found.exit_code == 1
    assert "modifié ; la phrase citée n'y est plus mot pour mot" in found.stdout
    assert found.stdout.endswith("Texte : un autre\nLes sources ne sont plus les mêmes.\n")
    told = json.loads(run("replay", number, "--json").stdout)
    assert (told["same"], told["generation"], told["receipt"]["generation"]) == (
        False, "000002", "000001",
    )  # fmt: skip
    assert told["seen"][0]["state"] == "changed"


def test_replay_of_a_batch_knows_follow_ups(own: Settings, tmp_path: Path) -> None:
    run = runner(own)
    follow_up = {"id": 1, "question": "et quand ?", "history": ["La piscine de Valbourg"]}
    run("batch", written(tmp_path / "in.jsonl", [follow_up]), tmp_path / "out.jsonl")
    [line] = lines(tmp_path / "out.jsonl")
    found = run("replay", line["answer"]["id"])
    assert found.exit_code == 0
    assert "Question : La piscine de Valbourg : quand ?" in found.stdout


def test_replay_of_what_is_not_kept_says_why(own: Settings) -> None:
    found = runner(own)("replay", "inconnu")
    assert (found.exit_code, found.stdout) == (1, "")
    assert "La réponse « inconnu » n'est pas dans le journal" in found.stderr
    off = {**environment(own), "ASSISTANT_JOURNAL_DAYS": "0"}
    found = CliRunner().invoke(commands, ["replay", "x"], env=off)
    assert "ASSISTANT_JOURNAL_DAYS vaut 0" in found.stderr


def test_a_journal_address_that_cannot_be_is_told(own: Settings) -> None:
    env = {**environment(own), "ASSISTANT_JOURNAL": "postgrs://x"}
    found = CliRunner().invoke(commands, ["ask", POOL], env=env)
    assert found.exit_code == 1
    assert found.stderr.startswith("Erreur : Le journal ne peut pas être ouvert")


# forget


def test_forget_leaves_nothing_of_the_answer_and_the_others_stay(own: Settings) -> None:
    run = runner(own)
    number, other = asked(run), asked(run)
    with closing(Journal(Store(own.journal_url), own.journal_days)) as journal:
        assert journal.note(number, Feedback(False, ("outdated",)))
    found = run("forget", number)
    assert (found.exit_code, found.stdout) == (0, f"La réponse {number} est effacée.\n")
    with closing(sqlite3.connect(own.var / "journal.sqlite3")) as connection:
        left = {answer for (answer,) in connection.execute("SELECT id FROM answers")}
        assert (number in left, other in left) == (False, True)
        assert connection.execute("SELECT answer_id FROM feedback").fetchall() == []
    assert run("replay", number).exit_code == 1
    again = run("forget", number)
    assert (again.exit_code, again.stdout) == (1, "")
    assert f"La réponse « {number} » n'est pas dans le journal" in again.stderr


def test_forget_says_when_nothing_is_kept(own: Settings) -> None:
    off = {**environment(own), "ASSISTANT_JOURNAL_DAYS": "0"}
    found = CliRunner().invoke(commands, ["forget", "x"], env=off)
    assert (found.exit_code, found.stdout) == (1, "")
    assert "ASSISTANT_JOURNAL_DAYS vaut 0" in found.stderr


# build


def test_build_serves_what_it_built(empty: Settings, passages: int) -> None:
    found = runner(empty)("build")
    assert found.stdout == (
        f"Index 000001 construit et mis en service : 5 documents, {passages} passages, "
        f"{passages} vecteurs calculés.\n"
    )
    assert runner(empty)("ask", "Bonjour").stdout.startswith("Bonjour !")


def test_build_changes_nothing_when_nothing_changed(own: Settings, passages: int) -> None:
    assert runner(own)("build").stdout == (
        f"Index 000001 déjà à jour : 5 documents, {passages} passages, 0 vecteurs calculés.\n"
    )


@pytest.mark.usefixtures("checked_here")
def test_build_embeds_only_what_changed(own: Settings, passages: int) -> None:
    fiche = own.catalogue.parent / "fiches" / "piscine.md"
    fiche.write_text(fiche.read_text("utf-8").replace("8 novembre", "9 novembre"), "utf-8")
    assert runner(own)("build").stdout == (
        f"Index 000002 construit et mis en service : 5 documents, {passages} passages, "
        "1 vecteurs calculés.\n"
    )
    assert "9 novembre 2027" in runner(own)("ask", POOL).stdout


@pytest.mark.usefixtures("checked_here")
def test_build_reports_what_became_of_each_source(own: Settings, passages: int) -> None:
    """A PDF of the town is quoted with its page; a broken one is a line, not the end."""
    fiches = own.catalogue.parent / "fiches"
    sentence = "Le parking de la gare de Valbourg compte 84 places depuis juin 2026."
    story = [Paragraph("Halles", paper.BODY), PageBreak(), Paragraph(sentence, paper.BODY)]
    paper.write(fiches / "gare.pdf", story)
    (fiches / "abime.pdf").write_bytes(b"%PDF-1.4 rien")
    path = own.var / "report.json"
    found = runner(own)("build", "--report", str(path))
    assert found.exit_code == 0, found.stderr
    report = json.loads(path.read_text(encoding="utf-8"))
    assert report["states"] == {"read": 2, "refused": 1}
    made = {source["name"]: source["passages"] for source in report["sources"]}
    assert made == {"fiches": passages, "abime": 0, "gare": 2}
    assert "abime   refusé" in found.stdout and "ce n'est pas un PDF" in found.stdout
    built = lines(own.var / "index" / "generations" / "000002" / "passages.jsonl")
    assert [p["page"] for p in built if p["text"] == sentence] == [2]
    assert "ce n'est pas un PDF" in runner(own)("build").stderr


def test_build_warns_of_a_contact_that_cannot_be_reached(own: Settings) -> None:
    found = runner(own)("build")
    assert found.exit_code == 0
    assert "À relire : Votre contact est vide : « Mairie de Valbourg »" in found.stderr
    text = own.catalogue.read_text(encoding="utf-8")
    named = 'name = "Mairie de Valbourg"\n'
    reached = text.replace(named, f'{named}url = "https://www.valbourg.example/contact"\n')
    other = '\n[[contacts]]\nname = "Maison du projet"\nsubjects = ["logement"]\n'
    own.catalogue.write_text(f"{reached}{other}checked = 2026-11-22\n", encoding="utf-8")
    warned = runner(own)("build").stderr
    assert "« Maison du projet » n'a ni site" in warned and "« Mairie" not in warned


def test_a_report_that_cannot_be_written_says_so(own: Settings) -> None:
    found = runner(own)("build", "--report", str(own.var / "absent" / "report.json"))
    assert found.exit_code == 1
    assert "Le compte rendu ne peut pas être écrit" in found.stderr


def test_broken_fiches_are_all_named_and_the_live_index_stays(own: Settings) -> None:
    fiche = own.catalogue.parent / "fiches" / "piscine.md"
    text = fiche.read_text("utf-8").replace("{4}", "{999}")
    fiche.write_text(text, "utf-8")
    (fiche.parent / "vide.md").write_text("", "utf-8")
    found = runner(own)("build")
    line = 1 + text[: text.index("{999}")].count("\n")
    assert found.exit_code == 1
    assert found.stderr.splitlines() == [
        f"Erreur : {fiche}:{line} : le fait 999 n'existe pas. Corrigez le numéro, ou ajoutez le "
        "fait à facts.jsonl.",
        f"Erreur : {fiche.parent / 'vide.md'}:1 : l'en-tête entre deux lignes « --- » manque. "
        "Commencez la fiche par lui.",
        "2 erreur(s) : rien n'a été changé, l'index en service reste.",
    ]
    assert (own.index / "current").read_text().strip() == "000001"
    assert "8 novembre 2027" in runner(own)("ask", POOL).stdout


def test_build_names_a_catalogue_that_is_missing(own: Settings) -> None:
    own.catalogue.unlink()
    found = runner(own)("build")
    assert found.exit_code == 1
    assert found.stderr.startswith(f"Erreur : {own.catalogue} : ce catalogue n'existe pas.")


# Without an index, with a wrong setting


@pytest.mark.parametrize("words", [("ask", "ORT"), ("batch", "in.jsonl", "out.jsonl")])
def test_without_an_index_the_command_to_run_is_named(
    empty: Settings, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "question": "ORT"}\n')
    found = runner(empty)(*words)
    assert found.exit_code == 1
    assert found.stderr == (
        f"Erreur : {empty.index} : aucun index n'y a été construit. Lancez « assistant build ».\n"
    )


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "huit")
    found = run("ask", "ORT")
    assert found.exit_code == 1
    assert found.stderr.startswith("Erreur : le réglage ASSISTANT_PORT n'est pas valable")


def test_another_model_is_refused_with_the_command_that_rebuilds(own: Settings) -> None:
    found = runner(own.model_copy(update={"model": ""}))("ask", "ORT")
    assert found.exit_code == 1
    assert "a été construit avec le modèle" in found.stderr
    assert "Lancez « assistant build »" in found.stderr


def test_a_port_that_is_taken_is_named(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = run("serve", "--port", str(port))
    assert found.exit_code == 1
    assert found.stderr.startswith(f"Erreur : Impossible d'écouter sur 127.0.0.1:{port}")
    assert "--port" in found.stderr


# evaluate


def test_evaluate_measures_a_file_and_keeps_the_answers(run: Run, tmp_path: Path) -> None:
    question = {
        "id": "t1",
        "question": POOL,
        "kind": "fact",
        "history": [],
        "answer_facts": [4],
        "must_contain": ["8 novembre 2027"],
        "must_not_contain": [],
        "expect": "answer",
    }
    asked = written(tmp_path / "questions.jsonl", [question])
    measured = json.loads(run("evaluate", asked, "--out", "records.jsonl").stdout)
    assert (measured["questions"], measured["correct"], measured["exact"]) == (1, 1.0, 1.0)
    [record] = lines(tmp_path / "records.jsonl")
    assert record["question"]["facts"] == ["4"] and record["answer"]["outcome"] == "answered"


# As a process


def process(settings: Settings, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", *words],
        env={**os.environ, **environment(settings)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_command_itself_answers(assistant_settings: Settings) -> None:
    with process(assistant_settings, "ask", POOL) as started:
        said, complained = started.communicate(timeout=60)
    assert (started.returncode, complained) == (0, b"")
    assert said.decode().startswith("La piscine de Valbourg ouvre au public le 8 novembre 2027")


def test_the_server_answers_and_logs_no_question(assistant_settings: Settings) -> None:
    with process(assistant_settings, "serve", "--port", "0") as started:
        assert started.stdout is not None
        address = started.stdout.readline().decode().split()[4]
        request = urllib.request.Request(
            f"{address}api/v1/answers",
            json.dumps({"question": "La piscine de Zéphyrine ? 06 12 34 56 78"}).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            assert json.load(response)["generation"] == "000001"
        urllib.request.urlopen(f"{address}api/v1/passages?q=zephyrine", timeout=30).close()
        started.send_signal(signal.SIGINT)
        said, logged = started.communicate(timeout=30)
    assert not any(words in (said + logged).decode() for words in ("phyrine", "12 34"))
    assert "Traceback" not in logged.decode()


# init


@pytest.mark.usefixtures("checked_here")
def test_init_asks_again_what_cannot_be_and_writes_a_town_that_builds(
    empty: Settings, tmp_path: Path
) -> None:
    answers = ["Bourg-l'Exemple", "35", "35999", "CC de l'Exemple", "https://bourg.example"]
    town = tmp_path / "bourg"
    found = CliRunner().invoke(commands, ["init", str(town)], input="\n".join(answers) + "\n" * 6)
    assert found.exit_code == 0, found.output
    assert "« 35 » ne peut pas être le code Insee" in found.output
    own = empty.model_copy(update={"catalogue": town / "catalogue.toml"})
    assert "mis en service" in runner(own)("build").stdout


def test_init_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text("")
    answers = ["Bourg", "35999", "CC", "https://bourg.example"]
    found = CliRunner().invoke(
        commands, ["init", str(tmp_path)], input="\n".join(answers) + "\n" * 6
    )
    assert found.exit_code == 1
    assert (tmp_path / "catalogue.toml").read_text() == ""


def test_init_copies_the_catalogue_that_ships_and_not_its_fiches(tmp_path: Path) -> None:
    found = CliRunner().invoke(
        commands, ["init", "--starter", "var/ville"], env={"ASSISTANT_VAR": "var"}
    )
    assert "ce catalogue sera lu sans autre réglage" in found.stdout
    assert os.listdir("var/ville") == ["catalogue.toml"]
    copy = load(Path("var/ville/catalogue.toml"))
    folders = [entry.address for entry in copy.entries if entry.kind == "folder"]
    assert folders == ["assistant:national", "assistant:guichen"]
    assert entries.facts(copy) == entries.facts(load(STARTER))
    assert Settings(_env_file=None).catalogue == Path("var/ville/catalogue.toml")


def test_facts_names_those_that_no_passage_states(run: Run) -> None:
    stated = json.loads(run("facts", "--json").stdout)
    missing = [number for number, passages in stated.items() if not passages]
    assert any(stated.values())
    said = run("facts").stdout
    assert f"{len(stated) - len(missing)} faits sur {len(stated)}" in said
    assert all(number in said for number in missing)
