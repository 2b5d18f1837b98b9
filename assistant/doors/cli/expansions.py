"""What `assistant expand` does and tells: what it will cost, what was written, why it stopped."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing

import click
from filelock import FileLock, Timeout

from assistant.assembly import Assistant, load_model
from assistant.errors import Cause, InputError
from assistant.expanding import Run, expand, wanting
from assistant.settings import Settings
from assistant.writing.questions import batches, tokens
from corpus.catalogue import own_folder
from corpus.questions import Expanded
from index.generation import Generation

_TROUBLE = {
    Cause.BUDGET: "le plafond de la journée, ASSISTANT_WRITER_DAILY, est atteint",
    Cause.UNREACHABLE: "il ne répond pas à l'adresse de ASSISTANT_WRITER_URL",
    Cause.STATUS: "il répond par une erreur",
    Cause.LIMITED: "il demande d'attendre encore",
    Cause.DENIED: "il refuse la clé de ASSISTANT_WRITER_KEY",
    Cause.SLOW: "il tarde trop à répondre",
    Cause.SILENT: "il s'est tu en chemin",
    Cause.STALLED: "il n'écrit pas de questions",
    Cause.LONG: "il met trop de temps à finir",
    Cause.SIZE: "il envoie beaucoup trop",
    Cause.EMPTY: "il n'a rien écrit",
    Cause.CUT: "il s'est arrêté avant la fin",
    Cause.UNREADABLE: "ce qu'il envoie ne se lit pas comme des questions",
}


def run(
    assistant: Assistant, settings: Settings, documents: Sequence[str], limit: int | None, dry: bool
) -> bool:
    """Whether all that was asked for is done. Raises InputError."""
    generation = assistant.retriever.generation
    expanded = Expanded(own_folder(assistant.catalogue.path))
    passages = wanting(generation, expanded.done, documents)[:limit]
    calls = batches(passages)
    given, written = tokens(calls)
    click.echo(
        f"{len(passages)} passage(s) sans question, de {len({p.document_id for p in passages})} "
        f"document(s) : {len(calls)} demande(s) au modèle, environ {given} jetons à lire et "
        f"{written} à écrire au plus."
    )
    if dry:
        return True
    # Nobody waits for what it writes here.
    model = load_model(settings, first=60.0, gap=30.0, total=180.0)
    if model is None:
        raise InputError(
            "Aucun modèle de langage n'est réglé : donnez ASSISTANT_WRITER_URL et "
            "ASSISTANT_WRITER_MODEL. Sans lui rien ne change, l'assistant répond comme avant."
        )
    lock = FileLock(settings.var / "expand.lock", timeout=0)
    try:
        with closing(model), lock:
            for line in _dropped(expanded, generation):
                click.echo(line)
            done = expand(
                model, passages, assistant.context(), expanded, progress=sys.stderr.isatty()
            )
    except Timeout as error:
        raise InputError(
            "« assistant expand » est déjà en cours : attendez qu'il finisse."
        ) from error
    for line in _told(done, generation, expanded, len(passages)):
        click.echo(line)
    return not done.faults


def _dropped(expanded: Expanded, generation: Generation) -> Iterator[str]:
    digests = {passage.digest for passage in generation.passages}
    for id, count in expanded.drop(generation.documents, digests).items():
        yield (
            f"« {generation.documents[id].title} » a changé : {count} question(s) de passages "
            "disparus sont retirées."
        )


def _told(run: Run, generation: Generation, expanded: Expanded, wanted: int) -> Iterator[str]:
    for id, count in run.passages.items():
        left = run.left.get(id, Counter())
        why = " ; ".join(f"{n} {reason}" for reason, n in left.most_common())
        yield (
            f"« {generation.documents[id].title} » : {count} passage(s), {run.kept[id]} "
            f"question(s) gardée(s), {left.total()} laissée(s) de côté"
            + (f" ({why})." if why else ".")
        )
    if run.faults:
        cause, count = run.faults.most_common(1)[0]
        yield (
            f"Le modèle a manqué {run.faults.total()} demande(s), le plus souvent : "
            f"{_TROUBLE.get(cause, str(cause))}. {run.passages.total()} passage(s) sur {wanted} "
            "sont faits et leurs questions sont gardées : relancez la même commande pour la suite."
        )
    if run.kept.total():
        yield (
            f"Relisez {expanded.path}, corrigez ou effacez des lignes, puis lancez « assistant "
            "build »."
        )
