"""The catalogue's sources -> their copies: what came, what changed, what vanished, what failed."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from tqdm import tqdm

from corpus import snapshots
from corpus.catalogue import Catalogue, Entry, located, own_folder
from corpus.errors import FetchError, Gone
from corpus.fetching.runs import Run, Trouble
from corpus.fetching.sections import Section
from corpus.fetching.web import Reach, Web
from corpus.kinds import KINDS, recognise
from corpus.sandbox.parent import Limits, Sandboxes
from corpus.snapshots import Change, Snapshots, Status

# Two hours short of its name: a nightly timer does not always start at the same minute.
_EVERY = {
    "daily": timedelta(hours=22),
    "weekly": timedelta(days=7, hours=-2),
    "monthly": timedelta(days=30, hours=-2),
    "yearly": timedelta(days=365, hours=-2),
}
_PARSING = Limits(seconds=30.0)
_HOSTS = 16  # asked side by side: threads that wait for most of their time
# What a folder of the catalogue may hold (corpus.reading.entries), and the facts of its fiches.
_LOCAL = frozenset({".md", ".jsonl", *(kind.suffix for kind in KINDS.values())})


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch found. `pages` counts what is there; `notes` are told to whoever ran it."""

    sources: int
    pages: int
    changes: tuple[Change, ...]
    troubles: tuple[Trouble, ...]
    notes: tuple[str, ...]


def fetch(
    catalogue: Catalogue,
    ids: Sequence[str] = (),
    *,
    since: datetime | None = None,
    keep: bool = True,
    due: bool = False,
    reach: Reach | None = None,
    progress: bool = False,
) -> Fetched:
    """Bring what the catalogue's enabled entries name into copies beside it.

    ids     only these entries; all of them when empty
    since   tell the changes since then; those of this fetch when None
    keep    False only looks: nothing is written
    due     only what was never brought, and what its « refresh » wants read again

    Raises FetchError when nothing can be done at all; what fails for one source is a Trouble.
    """
    now = datetime.now(UTC)
    entries = _chosen(catalogue, ids)
    if keep:
        own_folder(catalogue.path)
    store = Snapshots(catalogue.path, keep=keep)
    if due:
        entries = [entry for entry in entries if _is_due(entry, store, now)]
    with _opened(store, now) as aside, ExitStack() as stack:
        web = stack.enter_context(Web(catalogue.town.site, reach))
        sandboxes = stack.enter_context(Sandboxes(os.cpu_count() or 1, _PARSING))
        bar = stack.enter_context(
            tqdm(total=len(entries), desc="Sources", unit="source", disable=not progress)
        )
        runs = [
            (Run(store, web, sandboxes, aside / str(n), _stamp(now)), mine)
            for n, mine in enumerate(_by_host(entries))
        ]
        stopped = threading.Event()

        def tick() -> None:
            if stopped.is_set():
                raise KeyboardInterrupt
            bar.set_postfix_str(f"{sum(run.pages for run, _ in runs)} pages")

        def bring(run: Run, mine: list[Entry]) -> None:
            run.tick = tick
            for entry in mine:
                _one(entry, run, catalogue.path.parent)
                bar.update()

        with ThreadPoolExecutor(_HOSTS) as pool:
            try:
                for done in [pool.submit(bring, run, mine) for run, mine in runs]:
                    done.result()
            except BaseException:
                stopped.set()  # each of the others stops at its next answer
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    told = store.changes((entry.id for entry in entries), _stamp(since or now))
    place = {entry.id: n for n, entry in enumerate(entries)}
    troubles = sorted((t for run, _ in runs for t in run.troubles), key=lambda t: place[t.source])
    notes = tuple(note for run, _ in runs for note in run.notes)
    return Fetched(len(entries), sum(run.pages for run, _ in runs), told, tuple(troubles), notes)


def _by_host(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries of each host, which is asked one thing at a time, and those of this machine."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(urlsplit(entry.address).hostname or "", []).append(entry)
    return list(found.values())


def _chosen(catalogue: Catalogue, ids: Iterable[str]) -> list[Entry]:
    enabled = {entry.id: entry for entry in catalogue.entries if entry.enabled}
    known = {entry.id for entry in catalogue.entries}
    for id in ids:
        if id not in known:
            raise FetchError(
                f"« {id} » n'est pas une source du catalogue",
                f"Sources : {', '.join(enabled) or 'aucune'}.",
            )
        if id not in enabled:
            raise FetchError(
                f"« {id} » est désactivée dans le catalogue",
                "Retirez sa ligne « enabled = false », puis relancez.",
            )
    return [enabled[id] for id in dict.fromkeys(ids)] or list(enabled.values())


def _is_due(entry: Entry, store: Snapshots, now: datetime) -> bool:
    status = store.statuses.get(entry.id, Status())
    if not status.checked:
        return True
    every = _EVERY.get(entry.refresh)
    return every is not None and datetime.fromisoformat(status.checked) <= now - every


@contextmanager
def _opened(store: Snapshots, now: datetime) -> Iterator[Path]:
    """A folder for downloads under way, the store being ours alone when it is written."""
    if not store.keep:
        with TemporaryDirectory() as folder:
            yield Path(folder)
        return
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(store.folder / ".lock", timeout=0):
            store.tidy(now)
            with TemporaryDirectory(dir=store.folder, prefix=snapshots.PARTIAL) as folder:
                yield Path(folder)
    except Timeout as error:
        raise FetchError(
            "un autre « assistant fetch » est en cours", "Attendez qu'il finisse, puis relancez."
        ) from error
    except OSError as error:
        raise FetchError(
            f"rien ne peut être écrit dans {store.folder} ({error.strerror or error})",
            "Vérifiez les droits sur ce dossier et la place sur le disque, puis relancez.",
        ) from error


# --- One source


def _one(entry: Entry, run: Run, base: Path) -> None:
    """Bring one entry, and note how it did."""
    before = len(run.troubles)
    try:
        if "://" not in entry.address:
            _local(entry, run, base)
        elif entry.kind in ("site", "feed"):
            Section(entry, run).read()
        else:
            _single(entry, run)
    except FetchError as error:
        run.fail(entry.id, entry.address, error)
    status = run.store.statuses.get(entry.id, Status())
    if failed := run.troubles[before:]:
        status = replace(status, failures=status.failures + 1, problem=failed[0].problem)
    else:
        status = Status(checked=run.now)
    run.store.judge(entry.id, status)


def _single(entry: Entry, run: Run) -> None:
    """A page, or a document by its address."""
    kind = KINDS[entry.kind]
    try:
        brought = run.ask(entry.id, entry.address, kind.most)
    except Gone:
        record = run.store.find(entry.id, entry.address)
        if record is None:  # it never was there: the address is wrong
            raise
        if record.vanished:
            run.notes.append(f"{entry.id} : toujours absente, retirez-la du catalogue.")
        else:
            run.store.vanish(record, run.now)
        return
    if _sent_home(entry.address, brought.reply.url):
        raise FetchError(
            f"l'adresse renvoie à l'accueil du site ({brought.reply.url}) : la page a sans doute "
            "disparu",
            "Cherchez sa nouvelle adresse sur le site, ou retirez cette source du catalogue.",
        )
    if brought.fresh:
        recognise(brought.file, brought.reply.media, [kind])
    words = run.words(brought, entry.id, entry.address) if entry.kind == "page" else ""
    run.keep(brought, entry.id, entry.address, f"{entry.id}{kind.suffix}", words)
    run.store.forget(entry.id, but=entry.address)  # the address that it had before, if any
    run.follow_up(entry.id, entry.address, brought.reply)


def _sent_home(asked: str, given: str) -> bool:
    """Many sites answer so, rather than by 404, to an address that they no longer have."""
    return urlsplit(asked).path not in ("", "/") and urlsplit(given).path in ("", "/")


def _local(entry: Entry, run: Run, base: Path) -> None:
    """Files of this machine: nothing to bring, but a change is told like any other."""
    found = located(base, entry.address)
    if not found.exists():
        raise FetchError(
            f"« {entry.address} » n'existe pas à côté du catalogue",
            "Vérifiez « address », ou remettez ce fichier à sa place.",
        )
    files = sorted(filter(_is_read, found.iterdir())) if found.is_dir() else [found]
    here = {os.path.relpath(file, base): file for file in files}
    for address, file in here.items():
        try:
            run.note(entry.id, address, hashlib.sha256(file.read_bytes()).hexdigest())
        except OSError as error:
            raise FetchError(
                f"« {address} » ne peut pas être lu ({error.strerror})",
                "Vérifiez vos droits sur ce fichier.",
            ) from error
    for record in run.store.of(entry.id):
        if record.address not in here and not record.vanished:
            run.store.vanish(record, run.now)


def _is_read(file: Path) -> bool:
    """Not what an office program leaves beside an open file."""
    return file.suffix.lower() in _LOCAL and not file.name.startswith((".", "~$"))


def _stamp(at: datetime) -> str:
    """An instant as it is kept: in UTC, to the microsecond, so that two never look the same."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
