"""The commands: fetch, build, expand, ask, batch, replay, forget, serve, mcp, evaluate, facts…"""

from __future__ import annotations

import dataclasses
import json
import logging
import socket
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

import anyio
import click
from tqdm import tqdm

from assistant import messages, translations
from assistant.answers import Answer, Citation, Door, Style
from assistant.assembly import EVALUATION, VERSION, Assistant, Report, assemble, open_journal
from assistant.assembly import build as build_index
from assistant.doors import transcript
from assistant.doors.cli import first_run, logs, options, saving, users
from assistant.doors.cli import towns as several
from assistant.doors.cli.running import chosen as _chosen
from assistant.doors.cli.running import mended as _told
from assistant.doors.cli.running import settings as _settings
from assistant.doors.guichet import report as pages
from assistant.doors.http import api
from assistant.doors.http.crowd import connections
from assistant.doors.http.ending import Server
from assistant.doors.http.schemas import answer_json
from assistant.doors.http.towns import Served
from assistant.errors import InputError
from assistant.measuring import evaluation, golden
from assistant.measuring.week import week
from assistant.question.history import messages as read_history
from assistant.question.typed import MAX_QUESTION
from assistant.records.journal import Feedback, Journal
from assistant.records.receipts import Receipt, Replay, Seen, State
from assistant.records.store import REVISIONS, Store
from assistant.settings import STARTER
from assistant.towns.registry import Towns
from corpus import report, towns
from corpus.catalogue import load as load_catalogue
from corpus.documents import write_lines
from corpus.errors import CorpusError
from corpus.reading import entries
from index.measuring.evaluation import require as require_measures

if TYPE_CHECKING:
    from corpus.fetching.web import Reach

_WIDTH = 88


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION)
@click.option(
    "--town",
    metavar="CODE_INSEE",
    help="La ville, parmi celles d'ASSISTANT_TOWNS.",
    expose_value=True,
)
def commands(town: str | None) -> None:
    """L'assistant Petites villes de demain d'une ville."""


@commands.command()
@click.argument("ids", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    help="Dire ce qui est nouveau, modifié ou disparu depuis ce jour (2026-11-22), et pas "
    "seulement cette fois.",
)
@click.option("--check", is_flag=True, help="Regarder seulement : rien n'est écrit.")
@click.option(
    "--due", is_flag=True, help="Seulement ce que « refresh » demande de relire aujourd'hui."
)
@click.pass_obj
def fetch(
    reach: Reach | None, ids: Sequence[str], since: datetime | None, check: bool, due: bool
) -> None:
    """Copier à côté du catalogue les pages et les documents qu'il nomme.

    Rend 0 si tout est venu, 1 si une source au moins n'a pas pu être lue (sa dernière copie
    reste). Avec --check, rend 3 quand quelque chose a changé.
    """
    from corpus.fetching import news  # the network, which no other command needs
    from corpus.fetching.fetch import fetch as fetch_sources

    with _told():
        found = fetch_sources(
            load_catalogue(_settings().catalogue),
            ids,
            since=since and since.astimezone(),
            keep=not check,
            due=due,
            reach=reach,
            progress=sys.stderr.isatty(),
        )
    click.echo("\n".join(news.told(found, since and since.date(), check)))
    for line in news.failures(found):
        click.echo(line, err=True)
    sys.exit(1 if found.troubles else 3 if check and found.changes else 0)


@commands.command()
@click.option(
    "--report",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Le fichier JSON où écrire ce qu'est devenue chaque source ; le tableau est affiché.",
)
@click.option(
    "--progress/--no-progress",
    "progress",
    default=None,
    help="Dire où on en est ; d'habitude, dans un terminal seulement.",
)
def build(path: Path | None, progress: bool | None) -> None:
    """Construire l'index des documents du catalogue, et le mettre en service."""
    with _told():
        shown = sys.stderr.isatty() if progress is None else progress
        done = build_index(_settings(), progress=shown)
        if path is not None:
            _write_report(path, done)
    built = done.built
    if path is not None:
        click.echo(report.table(done.lines, done.passages))
    else:
        for trouble in report.troubles(done.lines):
            click.echo(f"Attention : {trouble}", err=True)
    for warning in done.warnings:
        click.echo(f"À relire : {warning}", err=True)
    state = "construit et mis en service" if built.new else "déjà à jour"
    click.echo(
        f"Index {built.folder.name} {state} : {built.documents} documents, {built.passages} "
        f"passages, {built.embedded} vecteurs calculés."
    )


def _write_report(path: Path, done: Report) -> None:
    try:
        report.write(path, done.lines, done.passages)
    except OSError as error:
        raise InputError(
            f"Le compte rendu ne peut pas être écrit dans {path} ({error.strerror}). L'index, lui, "
            "est construit : relancez avec un autre chemin pour --report."
        ) from error


@commands.command()
@click.option("--dry-run", is_flag=True, help="Dire seulement combien il y a à faire.")
@click.option(
    "--document",
    "documents",
    multiple=True,
    metavar="ID",
    help="Seulement ce document, par son nom dans le rapport de « build » ; peut se répéter.",
)
@click.option("--limit", type=click.IntRange(1), help="Au plus tant de passages, cette fois.")
def expand(dry_run: bool, documents: Sequence[str], limit: int | None) -> None:
    """Faire écrire des questions sur les documents par le modèle qui rédige.

    Elles aident l'assistant à comprendre celles des habitants, à qui elles ne sont jamais montrées.
    Elles s'ajoutent à questions/expanded.jsonl, à côté du catalogue : relisez, corrigez ou effacez
    des lignes, puis lancez « assistant build ». Un passage n'est donné au modèle qu'une fois, et
    une commande interrompue reprend où elle en était. Rend 1 si le modèle n'a pas tout écrit.
    """
    from assistant.doors.cli import expansions  # LangChain, which no other command needs

    with _told():
        settings = _settings()
        with closing(assemble(settings)) as assistant:
            whole = expansions.run(assistant, settings, documents, limit, dry_run)
    sys.exit(0 if whole else 1)


@commands.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="La réponse entière, en JSON.")
@click.option("--plain", is_flag=True, help="En langage simple : phrases courtes, mots expliqués.")
def ask(question: str, as_json: bool, plain: bool) -> None:
    """Poser une question et lire la réponse avec ses preuves."""
    with _told():
        question = _checked(question)
        with closing(assemble(_settings(), recording=True)) as assistant:
            style = Style.PLAIN if plain else Style.STANDARD
            answer = assistant.answer(question, style=style, door=Door.CLI)
    if as_json:
        click.echo(json.dumps(answer_json(answer), ensure_ascii=False, indent=2))
    else:
        click.echo(told(answer))


def _checked(question: str) -> str:
    question = question.strip()
    if not any(character.isalnum() for character in question):
        raise InputError("La question ne contient aucun mot : écrivez-la en quelques mots.")
    if len(question) > MAX_QUESTION:
        raise InputError(f"La question dépasse {MAX_QUESTION} caractères : raccourcissez-la.")
    try:
        question.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError("La question n'est pas du texte UTF-8.") from error
    return question


def told(answer: Answer) -> str:
    """An answer as a person reads it in a terminal."""
    lines: list[str] = []
    words = translations.words(answer.language)
    if answer.sentences:
        lines.append(_said(answer))
        lines += ["", words.proofs]
        lines += [_proof(c, c.number in answer.rewritten, words) for c in answer.citations]
    else:
        lines.append(answer.text)
    if answer.contact is not None:
        lines += ["", f"{words.ask} {messages.who(answer.contact, words)}"]
    if answer.nearest:
        lines += ["", words.near]
        lines += [f"- {' > '.join(citation.headings)}" for citation in answer.nearest]
    return "\n".join(
        textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
        for text in lines
        for line in text.split("\n")
    )


def _said(answer: Answer) -> str:
    """The sentences one a line, each with its numbers, and what stands between them."""
    text = ""
    for before, sentence in transcript.spoken(answer):
        if sentence is None:
            return text + before.rstrip()
        numbers = ", ".join(map(str, sentence.citations))
        text += ("\n" if before == " " else before) + f"{sentence.text} [{numbers}]"
        text += sentence.beside
    return text


def _proof(citation: Citation, rewritten: bool, words: messages.Words) -> str:
    links = "".join(f"\n      {link}" for link in messages.links(citation))
    return f"[{citation.number}] {messages.proof(citation, rewritten, words)}{links}"


@commands.command()
@click.argument("questions", type=click.File("rb"))
@click.argument("answers", type=click.File("w", encoding="utf-8", lazy=True))
def batch(questions: BinaryIO, answers: TextIO) -> None:
    """Répondre à un fichier de questions, une par ligne JSON, dans le même ordre."""
    with _told():
        asked = list(_lines(questions))
        with closing(assemble(_settings(), recording=True)) as assistant, _closed(answers):
            for record in tqdm(asked, desc="Questions", disable=not sys.stderr.isatty()):
                history = read_history(record["history"])
                answer = assistant.answer(
                    record["question"], history, style=record["style"], door=Door.CLI
                )
                line = {"id": record["id"], "answer": answer_json(answer)}
                answers.write(json.dumps(line, ensure_ascii=False) + "\n")


@contextmanager
def _closed(file: TextIO) -> Iterator[None]:
    """Close what a command wrote while it can still say that the disk is full."""
    try:
        yield
        file.flush()
    except OSError:
        with suppress(OSError):
            file.close()
        raise


def _lines(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """The questions of a batch, all checked before the first is asked."""
    for number, raw in enumerate(file, 1):
        where = f"{file.name}:{number} :"
        try:
            line = raw.decode(
                "utf-8-sig" if number == 1 else "utf-8"
            )  # the mark of Windows editors
        except UnicodeDecodeError as error:
            raise InputError(f"{where} cette ligne n'est pas en UTF-8.") from error
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise InputError(f"{where} cette ligne n'est pas du JSON.") from error
        if not isinstance(record, dict) or "id" not in record:
            raise InputError(f"{where} le champ « id » manque.")
        if not isinstance(record.get("question"), str):
            raise InputError(f"{where} le champ « question » manque ou n'est pas du texte.")
        record["question"] = _at(where, record["question"])
        record["history"] = _history(where, record.get("history") or [])
        record["style"] = _style(where, record.get("style") or Style.STANDARD)
        yield record


def _at(where: str, question: str) -> str:
    try:
        return _checked(question)
    except InputError as error:
        raise InputError(f"{where} {error}") from error


def _style(where: str, style: Any) -> Style:
    try:
        return Style(style)
    except ValueError as error:
        raise InputError(f"{where} « style » vaut « standard » ou « plain ».") from error


def _history(where: str, history: Any) -> list[Any]:
    if not isinstance(history, list) or not all(
        isinstance(turn, str)
        or isinstance(turn, dict)
        and turn.get("role") in ("user", "assistant")
        and isinstance(turn.get("content"), str)
        for turn in history
    ):
        raise InputError(
            f'{where} « history » est une liste de textes, ou de {{"role": "user" ou '
            '"assistant", "content": "…"}.'
        )
    return history


@commands.command()
@click.argument("answer_id", metavar="NUMÉRO")
@click.option("--json", "as_json", is_flag=True, help="Le reçu et la comparaison, en JSON.")
def replay(answer_id: str, as_json: bool) -> None:
    """Dire si l'index d'aujourd'hui donne les mêmes sources qu'une réponse gardée.

    NUMÉRO est l'« id » de la réponse. Rend 0 si les sources sont les mêmes, 1 sinon.
    """
    with _told(), closing(assemble(_settings(), recording=True)) as assistant:
        receipt, feedback = _kept(assistant.journal, answer_id)
        replayed = assistant.replay(receipt)
    if as_json:
        found = dataclasses.asdict(replayed) | {"same": replayed.same}
        found["feedback"] = None if feedback is None else dataclasses.asdict(feedback)
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_replayed(replayed, feedback)))
    sys.exit(0 if replayed.same else 1)


def _kept(journal: Journal | None, answer_id: str) -> tuple[Receipt, Feedback | None]:
    if journal is None:
        raise InputError(_NONE_KEPT)
    receipt = journal.find(answer_id)
    if receipt is None:
        raise InputError(_UNKNOWN.format(answer_id))
    return receipt, journal.feedback(answer_id)


@commands.command()
@click.argument("answer_id", metavar="NUMÉRO")
def forget(answer_id: str) -> None:
    """Effacer du journal une réponse, sa question et l'avis donné.

    NUMÉRO est la référence écrite sous la réponse.
    """
    with _told():
        settings = _settings()
        with closing(Store(settings.journal_url)) as store:
            journal = open_journal(settings, store)
            if journal is None:
                raise InputError(_NONE_KEPT)
            with closing(journal):
                if not journal.remove(answer_id, "terminal"):
                    raise InputError(_UNKNOWN.format(answer_id))
    click.echo(f"La réponse {answer_id} est effacée.")


_NONE_KEPT = "Aucune réponse n'est gardée : ASSISTANT_JOURNAL_DAYS vaut 0."
_UNKNOWN = (
    "La réponse « {} » n'est pas dans le journal : son numéro est faux, ou elle n'est plus gardée."
)

_STATES = {
    State.SAME: "identique",
    State.MOVED: "déplacé, mêmes mots",
    State.CHANGED: "modifié",
    State.VANISHED: "disparu",
}


def _replayed(replay: Replay, feedback: Feedback | None) -> Iterator[str]:
    """A replay as a person reads it in a terminal."""
    then = replay.receipt
    yield f"Réponse {then.id} du {then.at}, index {then.generation}"
    yield f"Question : {then.searched or then.question}"
    if feedback is not None:
        yield f"Avis : {'utile' if feedback.useful else 'pas utile'} {', '.join(feedback.reasons)}"
    yield f"Aujourd'hui, index {replay.generation} :"
    for cited, seen in zip(then.cited, replay.seen, strict=True):
        yield f"[{seen.number}] {' > '.join(cited.headings)} : {_became(seen)}"
    for passage in replay.added:
        yield f"[+] {passage} : cité aujourd'hui, ne l'était pas"
    if replay.outcome != then.outcome:
        yield f"Issue : {then.outcome}, aujourd'hui {replay.outcome}"
    if replay.same_text is not None:
        yield "Texte : " + ("le même" if replay.same_text else "un autre")
    for name, (before, after) in replay.changed.items():
        yield f"Réglage {name} : {before}, aujourd'hui {after}"
    yield "Les sources sont les mêmes." if replay.same else "Les sources ne sont plus les mêmes."


def _became(seen: Seen) -> str:
    said = [_STATES[seen.state]]
    if seen.now not in (None, seen.passage_id):
        said.append(f"maintenant {seen.now}")
    if seen.state is State.CHANGED:
        stands = "y est encore" if seen.quoted else "n'y est plus"
        said.append(f"la phrase citée {stands} mot pour mot")
    if seen.quoted and not seen.sourced:
        said.append("ses sources, sa page ou son adresse ont changé")
    if seen.now is not None and not seen.found:
        said.append("la recherche ne le retient plus")
    return " ; ".join(said)


for command in (users.user, several.towns, saving.backup, saving.restore):
    commands.add_command(command)


@commands.command()
def migrate() -> None:
    """Mettre la base de données au format de cette version ; « serve » le fait aussi."""
    with _told(), closing(Store(_settings().journal_url)) as store, store.writing():
        carried = store.carried
    click.echo(
        f"La base de données est passée à la version {REVISIONS[-1]}."
        if carried
        else f"La base de données est déjà à la version {REVISIONS[-1]}."
    )


@commands.command()
@click.option("--host", help="L'adresse où écouter (réglage ASSISTANT_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Le port (réglage ASSISTANT_PORT).")
def serve(host: str | None, port: int | None) -> None:
    """Servir l'API, le widget et la page de démonstration."""
    settings = _settings()
    logs.start(settings.log)
    with _told():
        served: Any
        root = ""
        if settings.towns is not None and not _chosen():
            open_towns = Towns(settings)
            open_towns.warm()
            served, root = Served(open_towns), "t/<code Insee>/"
        else:
            one = first_run.opened(settings)
            one.warm()
            served = api.create(settings, one)
        listening = _listen(host or settings.host, settings.port if port is None else port)
    address, opened = listening.getsockname()[:2]
    click.echo(f"Page de démonstration : http://{address}:{opened}/{root} (Ctrl+C pour arrêter)")
    Server(connections.config(served), served).run(sockets=[listening])


@commands.command()
@click.option(
    "--url", metavar="ADRESSE", help="L'adresse publique de l'assistant, derrière son serveur web."
)
def doctor(url: str | None) -> None:
    """Examiner l'installation, et dire quoi faire de ce qui ne va pas.

    Rend 0 si l'assistant peut servir, 1 sinon.
    """
    from assistant.doors.cli import doctor as examination  # what it asks over the network

    settings = _settings()
    of_all = settings.towns is not None and not _chosen()
    found = (examination.examine_all if of_all else examination.examine)(settings, url)
    for each in found:
        click.echo(each)
    sys.exit(1 if any(each.wrong for each in found) else 0)


@commands.command()
def mcp() -> None:
    """Servir les outils MCP à un programme, par l'entrée et la sortie standard."""
    # stdout carries the protocol alone: the log goes to stderr.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    with _told(), closing(assemble(_settings(), recording=True)) as assistant:
        from assistant.doors import mcp  # 1.3 s that no other command should wait

        anyio.run(mcp.serve_stdio, assistant)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as error:
        raise InputError(
            f"Impossible d'écouter sur {host}:{port} ({error.strerror}). Un autre programme s'en "
            "sert peut-être : choisissez un autre port avec --port."
        ) from error


@commands.command()
@click.argument("paths", type=click.Path(exists=True, path_type=Path), nargs=-1, required=True)
@click.option("--split", help="Seulement les questions de cette part (« fit » ou « held »).")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Le fichier où garder les réponses et les mesures (JSON Lines).",
)
@click.option("--show", is_flag=True, help="Montrer les questions dont la réponse est fausse.")
@click.option(
    "--publish",
    is_flag=True,
    help="Montrer ces mesures sur la page « À propos » du serveur, à la place des précédentes.",
)
@click.option(
    "--retrieval",
    is_flag=True,
    help="Mesurer la recherche seule, sur des questions ou sur un dossier BEIR.",
)
@options.options
def evaluate(
    paths: Sequence[Path],
    split: str | None,
    out: Path | None,
    show: bool,
    publish: bool,
    retrieval: bool,
    **search: Any,
) -> None:
    """Répondre aux questions de fichiers, puis mesurer la qualité des réponses.

    Avec --retrieval, mesurer la recherche seule : sur les questions de fichiers (.jsonl) dans
    l'index en service, ou sur des dossiers BEIR (corpus.jsonl, queries.jsonl, qrels.tsv).
    """
    with _told():
        options.refuse_ignored(retrieval)
        require_measures()  # before anything is asked: asking takes minutes
        if retrieval:
            options.score(_settings(), paths, split, out, **search)
            return
        if out is not None:
            out.open("ab").close()
        asked = [
            question
            for path in paths
            for question in evaluation.read_questions(path)
            if split is None or question.split == split
        ]
        assistant = assemble(_settings())
        records = list(evaluation.generate(assistant, asked, progress=sys.stderr.isatty()))
        if out is not None:
            write_lines(out, records)
        measured = evaluation.score(records, _facts(assistant))
        if publish:
            told = {"day": date.today().isoformat(), **measured}
            text = json.dumps(told | {"generation": assistant.retriever.generation.number})
            (_settings().var / EVALUATION).write_text(text, encoding="utf-8")
    if show:
        for record in records:
            if not evaluation.correct(record):
                click.echo(_shown(record))
    click.echo(json.dumps(measured, ensure_ascii=False, indent=1))


def _facts(assistant: Assistant) -> dict[str, tuple[str, ...]]:
    return {p.id: p.facts for p in assistant.retriever.generation.passages}


def _shown(record: dict[str, Any]) -> str:
    question, answer = record["question"], record["answer"]
    return (
        f"{question['id']} [{question['kind']}, {question['expect']}] {question['question']}\n"
        f"   faits {question['facts']} {question['must_contain']}\n"
        f"   {answer['outcome']} : {answer['text'][:300]}\n"
    )


@commands.command("report")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Le premier jour du rapport (2026-11-22) ; sept jours d'habitude, aujourd'hui compris.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Le fichier HTML à écrire, à ouvrir ou à imprimer.",
)
@click.option("--text", is_flag=True, help="Afficher le texte, même avec --out : pour un courriel.")
def weekly(since: datetime | None, out: Path | None, text: bool) -> None:
    """Faire le rapport de la semaine : ce qui est demandé, ce qui manque, ce qui a changé.

    Les questions de référence de la commune (golden.jsonl, à côté du catalogue) sont posées, en
    citant les documents. Sans --out, le rapport est affiché.
    """
    with _told():
        settings = _settings().model_copy(update={"writer_url": ""})
        with closing(assemble(settings, recording=True)) as assistant:
            assert assistant.store is not None
            asked = golden.asked(assistant, progress=sys.stderr.isatty())
            if asked is not None:
                golden.keep(settings.var, asked)
            day = since.date() if since else None
            told = week(assistant, assistant.store, settings.var, day, _GROUPING)
            if out is not None:
                out.write_text(pages.as_file(assistant, told), encoding="utf-8")
            said = pages.as_text(assistant, told)
    if text or out is None:
        click.echo(said)
    else:
        click.echo(f"Écrit : {out}")


_GROUPING = 120.0  # seconds that questions may take to be grouped: 1,000 take some seconds


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="Chaque fait et ses passages, en JSON.")
def facts(as_json: bool) -> None:
    """Dire quels passages énoncent chaque fait, et quels faits n'en ont aucun."""
    with _told():
        assistant = assemble(_settings())
        stated: dict[str, list[str]] = {number: [] for number in entries.facts(assistant.catalogue)}
        for passage, numbers in _facts(assistant).items():
            for number in numbers:
                stated.setdefault(number, []).append(passage)
    missing = [number for number, passages in stated.items() if not passages]
    if as_json:
        click.echo(json.dumps(stated, ensure_ascii=False, indent=1))
    else:
        click.echo(f"{len(stated) - len(missing)} faits sur {len(stated)} sont dans un passage.")
        click.echo("Dans aucun : " + (", ".join(missing) if missing else "tous y sont") + ".")


def _answer(key: str) -> Callable[[str], str]:
    """Check one answer of `init`, so that only this question is asked again."""

    def check(text: str) -> str:
        try:
            return towns.value(key, text)
        except CorpusError as error:
            raise click.UsageError(str(error)) from error

    return check


# What `init` asks: the name that corpus.towns gives it, the question, and its default.
_TOWN = (
    ("name", "Nom de la commune", None),
    ("insee", "Code Insee (pas le code postal)", None),
    ("intercommunality", "Intercommunalité", None),
    ("site", "Adresse du site de la commune (https://…)", None),
    ("contact_name", "À qui renvoyer les habitants", "Mairie"),
    ("contact_phone", "Son téléphone (vide si vous ne l'avez pas vérifié)", ""),
    ("contact_email", "Son courriel (vide sinon)", ""),
    ("contact_address", "Son adresse (vide sinon)", ""),
    ("contact_hours", "Ses horaires (vide sinon)", ""),
)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--starter", is_flag=True, help="Une copie à modifier du catalogue livré, celui de Guichen."
)
def init(folder: Path, starter: bool) -> None:
    """Préparer le dossier d'une autre commune, qui partage les fiches nationales."""
    if starter:
        with _told():
            path = towns.copied(folder)
        click.echo(f"Écrit : {path}\n{_next(path)}")
        return
    answers = {
        key: click.prompt(
            question, default=default, show_default=bool(default), value_proc=_answer(key)
        )
        for key, question, default in _TOWN
    }
    with _told():
        path = towns.create(
            folder,
            **answers,
            contact_url=answers["site"],
            checked=date.today(),
            national=STARTER.parent / "national",
        )
    click.echo(
        f"Écrit : {path}\nAjoutez les fiches de la commune dans {path.parent / 'fiches'} "
        f"(modele.md.txt montre la forme).\n{_next(path)}"
    )


def _next(path: Path) -> str:
    """What to do with a catalogue that was just written."""
    if path.resolve() == _settings().home.resolve():
        return "Lancez ensuite « assistant build » : ce catalogue sera lu sans autre réglage."
    return (
        "Lancez ensuite :\n"
        f"  ASSISTANT_CATALOGUE={path} ASSISTANT_VAR={path.parent / 'var'} assistant build"
    )
