"""The catalogue's entries -> Documents, and what became of each.

A fiche of ours that is wrong stops everything: it is mended where it stands. A publication is read
in a sandbox, and one that cannot be read is a line of the report: nobody here can mend it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from tqdm import tqdm

from corpus import copies, fiches, questions, vocabulary
from corpus.catalogue import Catalogue, Entry, located
from corpus.conventions import avenants, convention, replacements
from corpus.documents import Document, Fact, Section, from_record, read_facts
from corpus.errors import CorpusError, ParseError, State
from corpus.questions import KnownQuestion
from corpus.reading.layout import labels
from corpus.reading.layout.extents import uncounted
from corpus.reading.pdf import ocr
from corpus.report import Line
from corpus.safety import orders
from corpus.safety.orders import Judge
from corpus.sandbox.parent import Done, Failed, Limits, Sandboxes
from corpus.snapshots import Record, Snapshots

_IN_FOLDERS = frozenset({".md", ".pdf", ".docx", ".odt"})

# Half of a PDF's time is for its pages: as long again goes to their layout and their sections.
READING = Limits(seconds=60.0)
_PAGES_SECONDS = 25.0
SCANNING = Limits(seconds=45.0)  # one page: 4 to 6 s on the machine that this was measured on
MAX_SCANS = 400  # pages of one file: half an hour on two cores, once
_SHOWN = 60  # characters of a passage, in the report
_EMPTIED = 20_000, 100  # a file of so many bytes that gives fewer letters was not wholly read
_HEARD = 20_000  # letters of a document by which its language is known
_A_FEW = 8  # words: that is a sign, or a title, and no longer nothing

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class UnreadableCorpus(ExceptionGroup[CorpusError]):
    """Every file that cannot be read, so that they are mended in one go."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The documents that could be read, and a line for each source of the catalogue."""

    documents: tuple[Document, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _File:
    """A publication to read. `address` is where it is published, None for nowhere.

    `fetched` is the day on which its publisher last confirmed it, or that of the file.
    """

    entry: Entry
    path: Path
    id: str
    title: str | None
    address: str | None
    fetched: str


def read(
    catalogue: Catalogue, *, judge: Judge = orders.marked, progress: bool = False
) -> list[Document]:
    """The documents of the enabled entries, in the catalogue's order."""
    return list(survey(catalogue, judge=judge, progress=progress).documents)


def survey(
    catalogue: Catalogue,
    *,
    judge: Judge = orders.marked,
    scans: Path | None = None,
    progress: bool = False,
) -> Survey:
    """Read all that the enabled entries name, in the catalogue's order.

    judge   what says which paragraphs give orders to the assistant, and are left out
    scans   a folder where what OCR read is kept from one build to the next, by file and page

    Raises UnreadableCorpus with every ParseError met in fiches and in the catalogue.
    """
    errors: list[CorpusError] = []
    store = Snapshots(catalogue.path, keep=False)
    files = list(_files(catalogue, errors, store))
    fiche_files = [(entry, path) for entry, path in files if path.suffix == ".md"]
    ours = _fiches(fiche_files, judge, errors)
    if errors:
        raise UnreadableCorpus("Le corpus ne peut pas être lu", errors)
    known = store.copies()
    publications = [
        _file(entry, path, known.get(path)) for entry, path in files if path.suffix != ".md"
    ]
    with ExitStack() as stack:
        kept = scans or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = dict(
            zip(publications, _publications(publications, judge, kept, progress), strict=True)
        )
    documents: list[Document] = []
    lines: list[Line] = []
    for entry in catalogue.entries:
        mine = ours.get(entry.id, [])
        documents += mine
        if mine:
            sections = sum(len(document.sections) for document in mine)
            ids = tuple(document.id for document in mine)
            told = tuple(start for document in mine for start in document.withheld)
            line = Line(
                entry.id, entry.id, entry.title, State.READ, ids, sections=sections, orders=told
            )
            lines.append(line)
        for file in (file for file in publications if file.entry == entry):
            document, line = found[file]
            documents += [document] if document is not None else []
            lines.append(line)
        lines += copies.vanished(entry, store)
    documents, troubles = avenants.link(documents)
    documents = replacements.link(documents)
    return Survey(tuple(documents), tuple(_told(line, documents, troubles) for line in lines))


def _told(line: Line, documents: list[Document], troubles: list[avenants.Trouble]) -> Line:
    """A line with what a convention was found to hold, and what its avenants could not change."""
    mine = [d for d in documents if d.id in line.documents and d.convention is not None]
    wrong = [trouble for trouble in troubles if trouble.document in line.documents]
    problems = [line.problem, *(trouble.problem for trouble in wrong)]
    remedies = [line.remedy, *dict.fromkeys(trouble.remedy for trouble in wrong)]
    return replace(
        line,
        convention=mine[0].convention if mine else None,
        problem=" ; ".join(filter(None, problems)),
        remedy=" ".join(filter(None, remedies)),
    )


def places(catalogue: Catalogue) -> dict[str, Path]:
    """Where the file of each publication stands, by the id of its document."""
    store = Snapshots(catalogue.path, keep=False)
    known = store.copies()
    files = ((entry, path) for entry, path in _files(catalogue, [], store) if path.suffix != ".md")
    return {_file(entry, path, known.get(path)).id: path for entry, path in files}


def facts(catalogue: Catalogue) -> dict[str, Fact]:
    """The facts that the catalogue's fiches may name, by number."""
    places = dict.fromkeys(_facts_path(path) for _, path in _files(catalogue, []))
    return {
        number: fact
        for place in places
        if place.is_file()
        for number, fact in read_facts(place).items()
    }


def absences(catalogue: Catalogue) -> frozenset[str]:
    """The numbers of the facts that say that something was looked for and not found."""
    return frozenset(fact.number for fact in facts(catalogue).values() if fact.absence)


def contested(catalogue: Catalogue) -> frozenset[str]:
    """The numbers of the facts that say that their sources contradict each other."""
    return frozenset(
        fact.number
        for fact in facts(catalogue).values()
        if fact.statement.startswith("CONTRADICTION")
    )


def known_questions(catalogue: Catalogue) -> tuple[KnownQuestion, ...]:
    """The questions written beside the facts, and those of the town's own folder: their answers are
    known. Raises ParseError."""
    files = (file for entry, file in _files(catalogue, []) if entry.kind == "folder")
    places = [*(_facts_path(file).parent for file in files), catalogue.path.resolve().parent]
    return questions.read(dict.fromkeys(place / questions.FOLDER for place in places))


# --- What there is to read


def _files(
    catalogue: Catalogue, errors: list[CorpusError], store: Snapshots | None = None
) -> Iterator[tuple[Entry, Path]]:
    """The files of the enabled entries; without a store, those of this machine only."""
    base = catalogue.path.parent
    for entry in catalogue.entries:
        if not entry.enabled:
            continue
        if entry.kind == "folder":
            folder = located(base, entry.address)
            if folder.is_dir():
                yield from ((entry, path) for path in sorted(folder.iterdir()) if _is_read(path))
                continue
            errors.append(
                ParseError(
                    catalogue.path,
                    None,
                    f"le dossier « {entry.address} » de « {entry.id} » n'existe pas",
                    "Créez-le, ou corrigez son « address ».",
                )
            )
        elif "://" in entry.address:
            if store is not None:
                yield from ((entry, path) for path in copies.paths(entry, store))
        else:
            yield entry, located(base, entry.address)


def _is_read(path: Path) -> bool:
    """Not what Word and LibreOffice leave beside an open file: « ~$convention.docx »."""
    return path.suffix.lower() in _IN_FOLDERS and not path.name.startswith(("~$", "."))


def _file(entry: Entry, path: Path, known: Record | None) -> _File:
    fetched = known.checked[:10] if known is not None else _day(path)
    if known is not None and entry.kind in copies.SEVERAL:
        return _File(entry, path, f"{entry.id}-{path.stem}", None, known.url, fetched)
    if entry.kind == "folder":
        plain = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode()
        id = "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or entry.id
        return _File(entry, path, id, None, None, fetched)
    published = entry.address if "://" in entry.address else None
    return _File(entry, path, entry.id, entry.title, published, fetched)


def _day(path: Path) -> str:
    """The day of a file that nobody fetched, "" when it is not there."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    except OSError:
        return ""


# --- Fiches


def _fiches(
    files: list[tuple[Entry, Path]], judge: Judge, errors: list[CorpusError]
) -> dict[str, list[Document]]:
    """The fiches of each entry, by its id; those that cannot be read are added to the errors."""
    known: dict[Path, Mapping[str, Fact]] = {}
    for place in dict.fromkeys(_facts_path(path) for _, path in files):
        try:
            known[place] = read_facts(place) if place.is_file() else {}
        except CorpusError as error:
            errors.append(error)
    found: dict[str, list[Document]] = {}
    for entry, path in files:
        if _facts_path(path) not in known:  # already among the errors
            continue
        try:
            fiche = fiches.read(path, known[_facts_path(path)])
            found.setdefault(entry.id, []).append(orders.purge(fiche, entry.title, judge))
        except CorpusError as error:
            errors.append(error)
    return found


def _facts_path(file: Path) -> Path:
    """The facts that a fiche may name: facts.jsonl beside it, or one folder up."""
    beside = file.parent / "facts.jsonl"
    return beside if beside.is_file() else file.parent.parent / "facts.jsonl"


# --- Publications


def _publications(
    files: list[_File], judge: Judge, kept: Path, progress: bool
) -> list[tuple[Document | None, Line]]:
    """Each file's document, None when it gave none, and its line; scanned pages in between."""
    if not files:
        return []
    first = _each(files, lambda box, file: _parsed(box, file, None), READING, progress, "Lecture")
    wanted = [
        (number, page)
        for number, parsed in enumerate(first)
        for page in _unread(parsed)[:MAX_SCANS]
    ]
    folders: dict[int, Path] = {}
    if wanted and ocr.available():
        folders = {number: _folder(kept, files[number].path) for number, _ in wanted}
        jobs = [
            (files[number].path, folders[number], page)
            for number, page in wanted
            if not (folders[number] / f"{page}.json").is_file()
        ]
        _each(jobs, lambda box, job: _scan(box, *job), SCANNING, progress, "Numérisations")
    again = [(file, folders.get(number)) for number, file in enumerate(files)]
    second = _each(
        [job for job in again if job[1] is not None],
        lambda box, job: _parsed(box, *job),
        READING,
        progress,
        "Relecture",
    )
    reread = dict(zip(folders, second, strict=True))
    _forget(kept, {folder.name for folder in folders.values()})
    return [_judged(file, reread.get(n, first[n]), judge) for n, file in enumerate(files)]


def _each(
    jobs: list[_In],
    work: Callable[[Sandboxes, _In], _Out],
    limits: Limits,
    progress: bool,
    said: str,
) -> list[_Out]:
    """Do each job in a sandbox, as many at once as there are processors; in order."""
    workers = min(len(jobs), os.cpu_count() or 1)
    with Sandboxes(workers, limits) as sandboxes, ThreadPoolExecutor(max(workers, 1)) as pool:
        told = tqdm(
            pool.map(partial(work, sandboxes), jobs),
            said,
            len(jobs),
            unit="fichier",
            disable=not progress or not jobs,
        )
        return list(told)


def _parsed(sandbox: Sandboxes, file: _File, scans: Path | None) -> Done | Failed:
    if not file.path.is_file():
        return Failed(
            State.MISSING,
            f"sa copie manque : {file.path}",
            "Lancez « assistant fetch », enregistrez-la vous-même à cet endroit, ou écrivez "
            "« enabled = false ».",
        )
    entry = file.entry
    about = {
        "id": file.id,
        "url": file.address,
        "publisher": entry.publisher,
        "licence": entry.licence,
        "fetched": file.fetched,
        "scope": entry.scope,
    }
    kind = file.path.suffix.lower().removeprefix(".")
    if kind in ("docx", "odt"):
        return sandbox.run(
            "corpus.reading.office.files:parse", file.path, title=file.title, kind=kind, **about
        )
    if kind == "csv" and entry.rows is not None:
        return sandbox.run(
            "corpus.reading.tables:parse",
            file.path,
            title=file.title,
            rows=asdict(entry.rows),
            **about,
        )
    if kind == "pdf":
        more = {
            "title": file.title,
            "seconds": _PAGES_SECONDS,
            "scans": str(scans) if scans else None,
        }
        return sandbox.run("corpus.reading.pdf.pdfs:parse", file.path, **about, **more)
    return sandbox.run("corpus.reading.html.pages:parse", file.path, **about)


def _scan(sandbox: Sandboxes, path: Path, folder: Path, page: int) -> None:
    """Have OCR read a page, and keep what it read. A page that fails stays unread."""
    done = sandbox.run("corpus.reading.pdf.ocr:parse", path, page=page)
    if isinstance(done, Done):
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / f"{page}.tmp"
        aside.write_text(json.dumps(done.value, ensure_ascii=False), encoding="utf-8")
        os.replace(aside, folder / f"{page}.json")


def _folder(kept: Path, path: Path) -> Path:
    """Where what OCR reads of a file is kept: by its content, a new version being read anew."""
    return scanned(kept, digest(path))


def scanned(kept: Path, digest: str) -> Path:
    """Where what OCR reads of a file is kept, by the file's SHA-256."""
    return kept / f"{ocr.VERSION}-{digest}"


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _forget(kept: Path, used: Iterable[str]) -> None:
    """Drop what was kept of files that are no longer read."""
    for folder in kept.iterdir() if kept.is_dir() else ():
        if re.fullmatch(r"\d+-[0-9a-f]{64}", folder.name) and folder.name not in used:
            shutil.rmtree(folder)


# --- What became of it


def _judged(file: _File, done: Done | Failed, judge: Judge) -> tuple[Document | None, Line]:
    title = file.title or file.address or file.path.name
    line = Line(file.id, file.entry.id, title, State.READ)
    if isinstance(done, Failed):
        return None, replace(
            line,
            state=done.state,
            problem=done.problem,
            remedy=done.remedy,
            seconds=round(done.seconds, 2),
        )
    document, doubted = _believed(from_record(done.value["document"]))
    document = replace(document, language=_spoken(document))
    document = orders.purge(document, file.entry.title, judge)
    document = convention.read(document, file.entry.role)
    entry = file.entry
    document = replace(document, amends=entry.amends, nature=entry.nature, replaces=entry.replaces)
    document = avenants.read(document)
    document = replace(document, sections=tuple(labels.listed(document.sections)))
    if document.kind == "pdf":
        document = replace(document, file=digest(file.path))
    state, problem, remedy = _outcome(file, document, done.value, doubted)
    if state is not State.READ:
        document = replace(document, sections=uncounted(document.sections))
    return document if document.sections else None, replace(
        line,
        title=document.title,
        state=state,
        documents=(document.id,) if document.sections else (),
        pages=done.value.get("pages"),
        scanned=len(done.value.get("scanned", ())),
        sections=len(document.sections),
        orders=document.withheld,
        problem=problem,
        remedy=remedy,
        seconds=round(done.seconds, 2),
        memory=done.memory,
    )


def _spoken(document: Document) -> str:
    """The language that its words are of, else the one that the file says: Word writes « en-US »
    in a file that nobody told otherwise."""
    text = "\n".join(section.text for section in document.sections)
    return vocabulary.spoken(text[:_HEARD]) or document.language


def _believed(document: Document) -> tuple[Document, list[str]]:
    """The document without the pages and passages whose words no language has, and those."""
    kept: list[Section] = []
    doubted: list[str] = []
    for _, group in groupby(document.sections, key=lambda section: section.page):
        sections = list(group)
        strange = vocabulary.trouble("\n".join(section.text for section in sections)) is not None
        for section in sections:
            if strange or vocabulary.trouble(section.text) is not None:
                doubted.append(section.text)
            else:
                kept.append(section)
    return replace(document, sections=tuple(kept)), doubted


def _outcome(
    file: _File, document: Document, parsed: Mapping[str, Any], doubted: Sequence[str]
) -> tuple[State, str, str]:
    """Whether a file that was parsed gave all it holds; else what it lacks, and what to do."""
    letters = sum(len(section.text) for section in document.sections)
    problems, remedies = [], []
    if unread := parsed.get("unread"):
        problems.append(f"{_counted(unread)} : image sans texte, que rien n'a lue")
        remedies.append(
            "Réessayez, ou demandez à l'éditeur le fichier d'origine."
            if ocr.available()
            else "Installez Tesseract et son français (sudo apt-get install tesseract-ocr "
            "tesseract-ocr-fra), puis relancez « assistant build »."
        )
    if illegible := parsed.get("illegible"):
        problems.append(f"{_counted(illegible)} : texte brouillé, que l'image ne rend pas mieux")
        remedies.append("Demandez à l'éditeur le fichier d'origine.")
    if doubted:
        shown = textwrap.shorten(doubted[0], _SHOWN, placeholder="…")
        problems.append(
            f"{len(doubted)} passage{'s' if len(doubted) > 1 else ''} d'aucune langue connue, à ne "
            f"pas citer : « {shown} »"
        )
        remedies.append("Demandez à l'éditeur un fichier dont le texte se copie bien.")
    if damaged := parsed.get("damaged"):
        problems.append(f"{_counted(damaged)} : abîmée, impossible à ouvrir")
        remedies.append("Demandez à l'éditeur une autre copie du fichier.")
    if left := parsed.get("left"):
        problems.append(f"les {left} dernières pages sur {parsed['pages']} n'ont pas été lues")
        remedies.append("Découpez ce document, ou indiquez-en la partie utile.")
    for problem, remedy in parsed.get("troubles", ()):
        problems.append(problem)
        remedies.append(remedy)
    weight, least = _EMPTIED
    if not letters or (letters < least and file.path.stat().st_size > weight):
        problems.insert(0, "presque aucun texte n'y a été trouvé" if letters else "aucun texte")
        remedies = remedies or ["Vérifiez que c'est le bon fichier, ou recopiez-le dans une fiche."]
        said = sum(len(section.text.split()) for section in document.sections)
        state = State.CUT if said >= _A_FEW else State.EMPTY
        return state, " ; ".join(problems), " ".join(remedies)
    return (State.CUT if problems else State.READ), " ; ".join(problems), " ".join(remedies)


def _unread(parsed: Done | Failed) -> list[int]:
    return list(parsed.value.get("unread", ())) if isinstance(parsed, Done) else []


def _counted(pages: list[int]) -> str:
    """« page 3 », « pages 3, 5 et 6 », « 40 pages, de la 3 à la 60 »."""
    if len(pages) == 1:
        return f"page {pages[0]}"
    if len(pages) > 6:
        return f"{len(pages)} pages, de la {pages[0]} à la {pages[-1]}"
    return f"pages {', '.join(map(str, pages[:-1]))} et {pages[-1]}"
