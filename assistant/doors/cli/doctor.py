"""Examines an installation: each thing that serving needs, and what to do where it is not well.

Nothing is written but a file that is removed at once. Only the writer, what several servers share
and the public address are asked over the network, where there are some.
"""

from __future__ import annotations

import json
import resource
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import anyio
import httpx2

from assistant import installed
from assistant.assembly import bases, national, published
from assistant.doors.http.crowd.connections import FILES
from assistant.doors.http.crowd.rates import Rates
from assistant.doors.http.watching import LOOPBACK, failed_sources
from assistant.errors import InputError, JournalError
from assistant.records.store import REVISIONS, Store
from assistant.settings import Settings
from assistant.towns import folders
from corpus.catalogue import load as load_catalogue
from corpus.errors import CorpusError
from index.encoder.embedding import Embedder
from index.encoder.embedding import load as load_embedder
from index.errors import SearchError
from index.generation import live, manifest, opened
from index.published import Published
from index.stores.chroma import Server

_OLD = 31  # days since the index was built
_SCARCE, _NONE = 1_000, 100  # MB left
_WAIT = 10.0  # seconds for another machine


class State(StrEnum):
    WELL = "bien"
    LOOK = "à voir"
    WRONG = "à réparer"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, and what is said of it."""

    name: str
    state: State
    said: str

    @property
    def wrong(self) -> bool:
        return self.state is State.WRONG

    def __str__(self) -> str:
        return f"[{self.state}] {self.name} : {self.said}"


Said = Iterator[tuple[State, str]]


def examine(settings: Settings, url: str | None = None) -> list[Finding]:
    """What was found, in the order of what serving needs. `url`: the public address."""
    checks: dict[str, Callable[[], Said]] = {
        "Fichiers installés": partial(_installed, installed.ours()),
        "Catalogue": partial(_catalogue, settings),
        "Modèle et index": partial(_index, settings),
        "Sources": partial(_sources, settings),
        "Base de données": partial(_store, settings),
    }
    if settings.generations:
        checks["Index publiés"] = partial(_shelf, settings, published)
    if settings.chroma:
        checks["Chroma"] = partial(_chroma, settings, settings.index)
    return _found(checks | _around(settings, settings.var, url))


def examine_all(settings: Settings, url: str | None = None) -> list[Finding]:
    """The same of several towns: what they share, then each that is not well."""
    assert settings.towns is not None
    checks: dict[str, Callable[[], Said]] = {
        "Fichiers installés": partial(_installed, installed.ours()),
        "Fiches nationales": partial(_national, settings),
        "Villes": partial(_towns, settings, settings.towns),
    }
    if settings.generations:
        checks["Index publiés"] = partial(_shelf, settings, national)
    if settings.chroma and settings.commons:
        checks["Chroma"] = partial(_chroma, settings, settings.commons / "index", "national")
    return _found(checks | _around(settings, settings.towns, url))


def _found(checks: dict[str, Callable[[], Said]]) -> list[Finding]:
    return [Finding(name, *each) for name, check in checks.items() for each in check()]


def _around(settings: Settings, folder: Path, url: str | None) -> dict[str, Callable[[], Said]]:
    """What is looked at besides a town: the machine, and what is asked over the network."""
    checks: dict[str, Callable[[], Said]] = {
        "Disque": partial(_disk, folder),
        "Port": partial(_port, settings),
        "Fichiers ouverts": _files,
    }
    if settings.writer_url:
        checks["Modèle qui rédige"] = partial(_writer, settings)
    if settings.limits:
        checks["Redis des limites"] = partial(_limits, settings)
    if url:
        checks["Adresse publique"] = partial(_public, url.rstrip("/"))
    return checks


def _national(settings: Settings) -> Said:
    assert settings.commons is not None
    try:
        with closing(opened(settings.commons / "index", load_embedder(settings.model))) as found:
            yield State.WELL, f"génération {found.number}, {len(found.passages)} passages."
    except (SearchError, OSError):
        yield (
            State.WRONG,
            "leur index manque ou est abîmé : lancez « assistant towns build --all ».",
        )


def _towns(settings: Settings, folder: Path) -> Said:
    """Each town whose catalogue, index or database is not well; « --town » looks further in."""
    try:
        codes = folders.codes(folder)
    except OSError as error:
        yield State.WRONG, f"{folder} : {error.strerror}"
        return
    well = 0
    for insee in codes:
        own = settings.town(insee)
        try:
            folders.catalogue(folder, insee)
            manifest(live(own.index))
        except (CorpusError, OSError) as error:
            yield State.WRONG, f"{insee} : {error}"
            continue
        except SearchError:
            yield (
                State.WRONG,
                f"{insee} : son index manque ou est abîmé : lancez « assistant towns build "
                f"{insee} ».",
            )
            continue
        trouble = [each for each in _store(own) if each[0] is not State.WELL]
        yield from ((state, f"{insee} : {said}") for state, said in trouble)
        well += not trouble
    yield State.WELL if well else State.LOOK, f"{well} sur {len(codes)} peuvent répondre."


def _installed(found: Distribution) -> Said:
    """What pip put there, by the digests that it kept: models, lists of words and code."""
    if changed := installed.changed(found, whole=True):
        yield State.WRONG, installed.told(changed)
    elif kept := installed.recorded(found):
        yield State.WELL, f"{len(kept)}, tels qu'ils ont été installés."
    else:
        yield State.WELL, "une copie de travail : « git status » dit ce qui y a changé."


def _catalogue(settings: Settings) -> Said:
    try:
        catalogue = load_catalogue(settings.catalogue)
    except (CorpusError, OSError) as error:
        yield State.WRONG, str(error)
        return
    yield State.WELL, f"{catalogue.town.name}, {len(catalogue.entries)} source(s)."
    if catalogue.town.contact.is_empty:
        yield State.LOOK, "le contact de la mairie est vide : complétez [town.contact]."


def _index(settings: Settings) -> Said:
    try:
        embedder = load_embedder(settings.model)
        generation = opened(settings.index, embedder, bases(settings, embedder))
    except (SearchError, OSError) as error:
        yield State.WRONG, str(error)
        return
    with closing(generation):
        if generation.degraded:
            yield State.LOOK, generation.degraded
        built = datetime.fromisoformat(generation.about["created"])
        days = (datetime.now(UTC) - built).days
        about = f"génération {generation.number}, construite le {built:%d/%m/%Y}"
        if days < 0:
            yield (
                State.WRONG,
                f"{about}, dans l'avenir : mettez la machine à l'heure (timedatectl set-ntp true).",
            )
        elif days > _OLD:
            yield (
                State.LOOK,
                f"{about}, il y a {days} jours : lancez « assistant fetch », puis « assistant "
                "build », chaque nuit.",
            )
        else:
            yield State.WELL, f"{about}."


def _shelf(settings: Settings, shelf: Callable[[Settings, Embedder], Published | None]) -> Said:
    """What is published for several servers, and whether this one has it."""
    try:
        found = shelf(settings, load_embedder(settings.model))
        shelved = found.shelved() if found is not None else None
    except SearchError as error:
        yield State.LOOK, f"{error} L'index d'ici répond en attendant, s'il y en a un."
        return
    if shelved is None:
        yield (
            State.LOOK,
            f"il n'y en a aucun dans {settings.generations} : lancez « assistant build » sur l'un "
            "des serveurs.",
        )
        return
    days = (datetime.now(UTC) - shelved.at).days
    about = f"génération {shelved.number}, publiée le {shelved.at.astimezone():%d/%m/%Y à %H:%M}"
    if not shelved.whole:
        yield (
            State.WRONG,
            f"{about}, mais son archive manque : lancez « assistant build » sur l'un des serveurs.",
        )
    elif not shelved.here:
        yield (
            State.LOOK,
            f"{about} ; ce serveur répond d'une autre. S'il tourne, il la prend dans les "
            f"{settings.poll:g} secondes, ou /readyz dit pourquoi il ne le peut pas ; sinon, "
            "démarrez-le.",
        )
    elif days > _OLD:
        yield (
            State.LOOK,
            f"{about}, il y a {days} jours : lancez « assistant fetch », puis « assistant build », "
            "chaque nuit, sur l'un des serveurs.",
        )
    else:
        yield State.WELL, f"{about} ; c'est celle d'ici."


def _chroma(settings: Settings, root: Path, owner: str = "") -> Said:
    """Whether the Chroma server answers, and holds the vectors of the live generation.

    owner    whose collections are asked for; "" for the town's own
    """
    compared = "En attendant, chaque serveur compare lui-même tous les vecteurs."
    address = settings.chroma.rstrip("/")
    try:
        told = _got(f"{address}/api/v2/version")
        told.raise_for_status()
        about = f"il répond (API {told.json()})"
        folder = live(root)
        kept = manifest(folder)
        wanted, digest = kept["passages"], kept["checksums"]["vectors.npy"]
        server = Server(address, owner or load_catalogue(settings.catalogue).town.insee)
        held = server.held(folder.name, digest, _WAIT)
    except (SearchError, CorpusError, OSError) as error:
        yield State.LOOK, f"ce qu'il doit tenir n'est pas connu : {error}"
        return
    except Exception as error:  # httpx2's, and chroma's, which are not one family
        yield (
            State.LOOK,
            f"{address} ne répond pas comme un Chroma ({type(error).__name__}) : vérifiez "
            f"ASSISTANT_CHROMA, et que « chroma run » y tourne. {compared}",
        )
        return
    if held is None or held < wanted:
        yield (
            State.LOOK,
            f"{about}, et tient {held or 0} des {wanted} vecteurs de la génération {folder.name} : "
            "un serveur qui tourne les y met ; s'il ne le fait pas, son journal dit pourquoi. "
            f"{compared}",
        )
    else:
        yield State.WELL, f"{about}, et tient la génération {folder.name} ({held} vecteurs)."


def _sources(settings: Settings) -> Said:
    if failed := failed_sources(settings):
        yield (
            State.LOOK,
            f"{failed} source(s) n'ont rien donné à la dernière construction : « assistant build "
            "--report FICHIER » dit lesquelles, et quoi faire.",
        )
    else:
        yield State.WELL, "aucune n'a manqué à la dernière construction."


def _store(settings: Settings) -> Said:
    file = settings.var / "journal.sqlite3"
    if not settings.journal and not file.exists():
        yield State.WELL, f"{file} sera faite au premier démarrage."
        return
    try:
        with closing(Store(settings.journal_url)) as store:
            found, blank = store.revision(), store.is_blank()
    except JournalError as error:
        yield State.WRONG, str(error)
        return
    if found == REVISIONS[-1]:
        yield State.WELL, f"version {found}."
    elif blank:
        yield State.WELL, "elle est vide : ses tables seront faites au premier démarrage."
    else:
        yield State.LOOK, "d'une version d'avant : copiez-la, puis lancez « assistant migrate »."


def _disk(where: Path) -> Said:
    for folder in dict.fromkeys((where, Path(tempfile.gettempdir()))):
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"0")
            left = shutil.disk_usage(folder).free // 1_000_000
        except OSError as error:
            yield (
                State.WRONG,
                f"rien ne s'écrit dans {folder} ({error.strerror}) : donnez ce dossier au compte "
                "de l'assistant, ou faites-y de la place.",
            )
            continue
        if left < _SCARCE:
            state = State.WRONG if left < _NONE else State.LOOK
            yield state, f"il reste {left} Mo dans {folder} : faites de la place."
        else:
            yield State.WELL, f"{left // 1000} Go libres dans {folder}."


def _port(settings: Settings) -> Said:
    where = f"{settings.host}:{settings.port}"
    try:
        with socket.create_server((settings.host, settings.port)):
            yield State.WELL, f"{where} est libre."
            return
    except OSError as error:
        taken = error.strerror
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    try:
        told = _got(f"http://{host}:{settings.port}/readyz")
        ready = told.json()
        told.raise_for_status()
        reason = ready["reason"]
    except (httpx2.HTTPError, ValueError, KeyError):
        yield (
            State.WRONG,
            f"{where} ne peut pas être pris ({taken}), et l'assistant n'y répond pas : arrêtez "
            "l'autre programme, ou changez ASSISTANT_PORT ou ASSISTANT_HOST.",
        )
        return
    yield (State.LOOK, reason) if reason else (State.WELL, f"l'assistant répond sur {where}.")


def _files() -> Said:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < FILES:
        yield (
            State.LOOK,
            f"{most} au plus, donc peu de connexions à la fois : LimitNOFILE={FILES} dans l'unité "
            "systemd.",
        )
    else:
        yield State.WELL, f"{FILES} à la fois."


def _writer(settings: Settings) -> Said:
    key = settings.writer_key.get_secret_value()
    headers = {"authorization": f"Bearer {key}"} if key else {}
    quoted = "En attendant, des citations répondent."
    try:
        told = _got(f"{settings.writer_url.rstrip('/')}/models", headers)
    except httpx2.HTTPError as error:
        yield (
            State.LOOK,
            f"{settings.writer_url} ne répond pas ({type(error).__name__}) : vérifiez "
            f"ASSISTANT_WRITER_URL et ce que le pare-feu laisse sortir. {quoted}",
        )
        return
    if told.status_code in (401, 403):
        yield State.LOOK, f"la clé est refusée : vérifiez ASSISTANT_WRITER_KEY. {quoted}"
    elif told.status_code != 200:
        yield State.LOOK, f"{settings.writer_url}/models répond {told.status_code}. {quoted}"
    elif settings.writer_model not in _models(told):
        yield (
            State.LOOK,
            f"« {settings.writer_model} » n'est pas dans sa liste : vérifiez "
            f"ASSISTANT_WRITER_MODEL. {quoted}",
        )
    else:
        yield State.WELL, f"{settings.writer_model} répond."


def _models(told: httpx2.Response) -> set[Any]:
    try:
        return {each["id"] for each in told.json()["data"]}
    except (ValueError, KeyError, TypeError):
        return set()


def _limits(settings: Settings) -> Said:
    try:
        rates = Rates("1/second", shared=settings.limits)
    except InputError as error:
        yield State.WRONG, str(error)
        return
    anyio.run(rates.count, "doctor")
    if rates.alone:
        yield (
            State.LOOK,
            "le Redis de ASSISTANT_LIMITS ne répond pas : chaque serveur compte de son côté en "
            "attendant. Vérifiez son adresse, et qu'il tourne.",
        )
    else:
        yield State.WELL, "il répond."


def _public(url: str) -> Said:
    """Whether what stands before the assistant lets answers through as they come."""
    try:
        with httpx2.stream("GET", f"{url}/healthz/stream", trust_env=False, timeout=_WAIT) as told:
            told.raise_for_status()
            pieces = [(time.monotonic(), piece) for piece in told.iter_bytes()]
        seen = json.loads(pieces[0][1].partition(b"data: ")[2].partition(b"\n")[0])
        known, scheme, host = seen["known"], seen["scheme"], seen["host"]
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, IndexError) as error:
        yield (
            State.WRONG,
            f"l'assistant ne répond pas à {url} ({type(error).__name__}) : vérifiez l'adresse et "
            "le serveur web.",
        )
        return
    asked = httpx2.URL(url)
    if pieces[-1][0] - pieces[0][0] < 0.5:
        yield (
            State.WRONG,
            "le serveur web garde les réponses au lieu de les laisser passer : « proxy_buffering "
            "off » (nginx), « flush_interval -1 » (Caddy).",
        )
    if host != asked.host:
        yield State.WRONG, f"le serveur web change le nom « {asked.host} » : transmettez « Host »."
    if scheme != asked.scheme:
        yield State.WRONG, "le serveur web ne transmet pas « X-Forwarded-Proto »."
    if not known and asked.host not in LOOPBACK:
        yield (
            State.LOOK,
            "le serveur web ne dit pas qui demande, et la limite par personne ne sert pas : "
            "transmettez « X-Forwarded-For », et donnez son adresse à FORWARDED_ALLOW_IPS.",
        )
    yield State.WELL, f"l'assistant répond à {url}."


def _got(url: str, headers: dict[str, str] | None = None) -> httpx2.Response:
    return httpx2.get(url, headers=headers, trust_env=False, timeout=_WAIT)
