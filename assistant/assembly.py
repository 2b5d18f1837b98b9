"""The only place where objects meet: settings -> an assistant that answers."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import installed
from assistant.answers import Answer, Door, Style
from assistant.context import Context
from assistant.deciding import answerability
from assistant.deciding.answerability import town_of
from assistant.errors import InputError, JournalError
from assistant.offered import Ends, suggestions
from assistant.pipeline import STEPS, Masked, Request, Show, Stage, Way, run, silent, turn_away
from assistant.proof import entailment, paraphrases
from assistant.question import asking, hearing, subject, turns
from assistant.question.history import Message
from assistant.question.reading import again
from assistant.quoting import ranking
from assistant.records import receipts
from assistant.records.answers import Answers
from assistant.records.answers import State as Life
from assistant.records.journal import Journal
from assistant.records.receipts import Receipt, Replay
from assistant.records.store import Store, is_there, stamp
from assistant.settings import STARTER, Settings
from assistant.validated.gaps import Gaps
from assistant.validated.serving import Served
from assistant.writing.cancellation import Reader
from corpus import catalogue as catalogues
from corpus import report, towns
from corpus.catalogue import Catalogue
from corpus.catalogue import load as load_catalogue
from corpus.documents import Document, read_lines
from corpus.errors import CorpusError
from corpus.questions import KnownQuestion
from corpus.reading import entries
from corpus.report import Line
from index import build as building
from index.encoder.embedding import Embedder
from index.encoder.embedding import load as load_embedder
from index.errors import ModelMissing, SearchError
from index.generation import Bases, Generation, checksum, live, opened
from index.published import Published
from index.safety import orders
from index.search.retriever import WEIGHTS, Retriever
from index.stores.chroma import Server

VERSION = version("assistant-pvd")

# In the folder of ASSISTANT_VAR: what became of each source in the last build, and the measures
# that the operator wants shown.
REPORT = "report.json"
EVALUATION = "evaluation.json"

_FIRST = "C'est quoi Petites villes de demain, et la convention ORT dure combien de temps ?"

if TYPE_CHECKING:
    from assistant.writing.endpoint import Upstream
    from assistant.writing.writer import Writer

log = logging.getLogger(__name__)


class Assistant:
    """Answers questions from the live generation, and follows it when a new one takes its place."""

    def __init__(
        self,
        catalogue: Catalogue,
        root: Path,
        embedder: Embedder,
        poll: float,
        store: Store | None = None,
        journal: Journal | None = None,
        writer: Writer | None = None,
        bases: Bases | None = None,
        server: Server | None = None,
        published: Published | None = None,
    ) -> None:
        """Open the live generation; `bases` are those that it may stand on, `server` what searches
        its vectors, `published` where it comes from. Raises IndexMissing or IndexMismatch."""
        self._ends: Ends[Way] | None = None
        self._take(catalogue)
        self._changed = catalogue.path.stat().st_mtime_ns
        self.store = store
        self.journal = journal
        self.writer = writer
        self._root = root
        self._embedder = embedder
        self.bases = bases
        self._poll = poll
        self._absences = entries.absences(catalogue)
        self._contested = entries.contested(catalogue)
        # What an answer depends on, besides the question and the generation.
        self.made_with = {
            "version": VERSION,
            "model": embedder.name,
            "model_digest": embedder.digest,
            "weights": WEIGHTS,
            "ranker": ranking.ranker().digest,
            "answerable": answerability.model().digest,
            "unasked": answerability.model(asked=False).digest,
            "turns": turns.model().digest,
            "hearing": hearing.head().digest,
            "asking": asking.head().digest,
            "writer": writer.name if writer is not None else None,
            "prompt": writer.prompt if writer is not None else None,
        }
        self.told: Callable[[Answer, Door], None] | None = None  # of each answer given
        self._lock = threading.Lock()
        self._looked = time.monotonic()
        self._server = server
        self.published = published
        self._retriever = Retriever(opened(root, embedder, bases, server))
        self._served = None if store is None else Served(store, poll, self._home)
        self.gaps = Gaps(store, journal.days) if store and journal else None
        # The live generations that could not be opened; None is that of a pointer to nothing.
        self._refused: set[Path | None] = set()

    @property
    def retriever(self) -> Retriever:
        """The search over the live generation; the pointer is read again every `poll` seconds."""
        now = time.monotonic()
        if now - self._looked > self._poll and self._lock.acquire(blocking=False):
            try:
                self._looked = now
                self._follow()
            finally:
                self._lock.release()
        return self._retriever

    def follow(self) -> None:
        """Take the catalogue and the live generation as they are now, without waiting."""
        with self._lock:
            self._looked = time.monotonic()
            self._follow()

    def answer(
        self,
        question: str,
        history: Sequence[Message] = (),
        show: Show = silent,
        reader: Reader | None = None,
        style: Style = Style.STANDARD,
        door: Door = Door.API,
    ) -> Answer:
        """Answer one question; safe to call from several threads.

        When `reader` leaves, what a language model has still to write is not waited for.
        """
        context = self.context(self.writer)
        stage = Stage(context, show, reader or Reader(), ends=self._ends_in(context))
        return self._run(Request(question, history, style, door), stage)[0]

    def explained(
        self, question: str, history: Sequence[Message] = (), door: Door = Door.API
    ) -> tuple[Answer, Way]:
        """As answer, with how the question came to it: all the way, each time."""
        return self._run(Request(question, history, door=door), Stage(self.context(self.writer)))

    def _run(self, request: Request, stage: Stage) -> tuple[Answer, Way]:
        stage = replace(stage, record=partial(self._record, stage.context))
        given = run(request, stage)
        if self.told is not None:
            self.told(given[0], request.door)
        return given

    def _ends_in(self, context: Context) -> Ends[Way] | None:
        """How published questions ended in a context; None where a model writes, never twice the
        same. They are forgotten with the index, the catalogue, the day or a validated answer."""
        if context.writer is not None:
            return None
        held = self._ends
        if held is None or held.context != context:
            held = self._ends = Ends(context, suggestions(self.catalogue.town))
        return held

    def warm(self) -> None:
        """Answer a question that nobody asked, by quoting and keeping nothing: what loads at the
        first is loaded before a resident asks."""
        run(Request(_FIRST), Stage(self.context()))
        paraphrases.lemma("mot")  # 0.25 s, then 0.15, that the answers of some questions alone need
        with suppress(ModelMissing):  # damaged: /readyz says it
            entailment.model()

    def replay(self, receipt: Receipt) -> Replay:
        """Ask a receipt's question again, by quoting and keeping nothing, and compare."""
        stage = Stage(self.context())
        request = Request(receipt.question, style=receipt.style)
        if receipt.searched:  # what the turns before had made of it is put back
            retriever = stage.context.retriever
            question = again(
                receipt.question, receipt.searched, receipt.asking, receipt.language, retriever
            )
            masked = Masked(receipt.question, (), receipt.language, "")
            way = Way(Request("", style=receipt.style), masked, question)
            answer, way = run(way.request, stage, STEPS[STEPS.index(turn_away) :], way)
        else:
            answer, way = run(request, stage)
        hits = way.found.hits if way.found else ()
        return receipts.compare(receipt, answer, hits, stage.context.generation, self.made_with)

    def close(self, *, writer: bool = True) -> None:
        """Let go of the index, of the writer unless others have it, and of the database once what
        waits is written."""
        self.told = None
        self._retriever.generation.close()
        if writer and self.writer is not None:
            self.writer.close()
        if self.journal is not None:
            self.journal.close()
        if self.store is not None:
            self.store.close()

    def context(self, writer: Writer | None = None) -> Context:
        """What an answer of now depends on besides the question; it quotes without a writer."""
        retriever, town = self.retriever, self.catalogue.town
        named, words = self._town(retriever.generation)
        subject.speak(words)
        return Context(
            retriever,
            contacts=(town.contact, *self.catalogue.contacts),
            home=self._home,
            town=named,
            absences=self._absences,
            contested=self._contested,
            kept_days=self.journal.days if self.journal else 0,
            today=date.today(),
            writer=writer,
            validated=self._served.of(retriever.generation) if self._served else None,
        )

    @property
    def _home(self) -> tuple[str, ...]:
        return (self.catalogue.town.name, self.catalogue.town.intercommunality)

    def _record(self, context: Context, answer: Answer, way: Way) -> None:
        """Keep the receipt. What goes wrong is logged, without the question: the answer goes on."""
        if self.journal is None:
            return
        try:
            at = stamp(self.journal.clock())
            kept = receipts.receipt(
                answer,
                way.words,
                way.question,
                way.request.style,
                way.request.door,
                context.generation,
                self.made_with,
                at,
            )
            self.journal.keep(kept)
        except Exception as error:
            log.error("answer %s has no receipt: %s", answer.id, type(error).__name__)

    def _reread(self) -> None:
        """Take the catalogue as it is now: who to ask must not wait for a restart."""
        try:
            changed = self.catalogue.path.stat().st_mtime_ns
            if changed == self._changed:
                return
            self._changed = changed
            catalogue = load_catalogue(self.catalogue.path)
        except (CorpusError, OSError) as error:  # half written by hand: the one of before serves
            log.error("%s", error)
            return
        self._take(catalogue)

    def _take(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._ends = None
        self._town = lru_cache(maxsize=1)(partial(_read, catalogue.town))

    def _follow(self) -> None:
        """Open a newer generation. Where it cannot be, the old one serves and says so."""
        old = self._retriever.generation
        self._reread()
        folder: Path | None = None
        try:
            folder = live(self._root)
            same = folder == old.folder and checksum(folder / "manifest.json") == old.digest
            if same:
                old.fallen = None
            if same or folder in self._refused:
                return
            fresh = Retriever(Generation(folder, self._embedder, self.bases, self._server))
        except (SearchError, OSError) as error:
            if folder not in self._refused:
                self._refused.add(folder)
                log.error("%s", error)
                old.replaces(folder)
            return
        self._retriever = fresh
        # Questions under way still read the old one; they last milliseconds.
        closing = threading.Timer(60, old.close)
        closing.daemon = True  # a server that stops does not wait for it
        closing.start()


def _read(
    town: catalogues.Town, generation: Generation
) -> tuple[answerability.Town, re.Pattern[str]]:
    """What names the town, and the words of its subject."""
    named = subject.of(town.intercommunality, generation.acronyms)
    return town_of(town, generation), named


@dataclass(frozen=True, slots=True)
class Common:
    """What the towns of a process hold once: the model of the vectors, the generations that theirs
    stand on, the language model that writes."""

    embedder: Embedder
    bases: Bases | None
    writer: Writer | None


def common(settings: Settings) -> Common:
    """What these settings have in common for all towns.

    Raises Incomplete, SearchError, InputError.
    """
    installed.check()
    embedder = load_embedder(settings.model)
    _pulled(national(settings, embedder))
    return Common(embedder, bases(settings, embedder), load_writer(settings))


def bases(settings: Settings, embedder: Embedder) -> Bases | None:
    """The generations that those of several towns stand on; None for one town alone."""
    if settings.commons is None:
        return None
    return Bases(settings.commons / "index", embedder, _server(settings, "national"))


def published(settings: Settings, embedder: Embedder) -> Published | None:
    """Where several servers share the generations of these settings; None where each has its own.

    Raises SearchError.
    """
    if not settings.generations:
        return None
    base = national(settings, embedder)
    town = "" if base is None else settings.var.parent.name
    return Published(settings.generations, settings.index, embedder, town, base)


def national(settings: Settings, embedder: Embedder) -> Published | None:
    """Where they share what several towns have in common. Raises SearchError."""
    if settings.commons is None or not settings.generations:
        return None
    root, name = settings.commons / "index", settings.commons.name
    return Published(settings.generations, root, embedder, name)


def _pulled(published: Published | None) -> Published | None:
    """Where generations are published, the one in service brought if none is here. Raises
    SearchError."""
    if published is not None and not (published.root / "current").exists():
        published.pull()
    return published


def _server(settings: Settings, owner: str) -> Server | None:
    return Server(settings.chroma, owner) if settings.chroma else None


def assemble(
    settings: Settings, *, recording: bool = False, shared: Common | None = None
) -> Assistant:
    """The assistant of these settings; `recording`: its answers are kept in the journal.

    Raises what opening the catalogue, the index or the journal raises.
    """
    shared = shared or common(settings)
    catalogue = load_catalogue(settings.catalogue)
    store = Store(settings.journal_url) if recording else None
    return Assistant(
        catalogue,
        settings.index,
        shared.embedder,
        settings.poll,
        store,
        open_journal(settings, store) if store else None,
        shared.writer,
        shared.bases,
        _server(settings, catalogue.town.insee),
        _pulled(published(settings, shared.embedder)),
    )


def load_writer(settings: Settings) -> Writer | None:
    """The language model that writes; None when answers quote. Raises InputError."""
    model = load_model(settings)
    if model is None:
        return None
    from assistant.proof import checking
    from assistant.writing import writer

    return writer.Writer(model, checking.unsupported, checking.supporting)


def load_model(
    settings: Settings, *, first: float = 0.0, gap: float = 0.0, total: float = 0.0
) -> Upstream | None:
    """The language model of these settings; None without one. Raises InputError.

    first, gap, total    seconds that it may take, where the settings give less (endpoint.Limits)
    """
    if not settings.writer_url:
        return None
    if not settings.writer_model:
        raise InputError(
            "ASSISTANT_WRITER_URL est donné sans ASSISTANT_WRITER_MODEL : nommez le modèle qui "
            "rédige, ou retirez l'adresse."
        )
    # The OpenAI client costs 0.8 s to import: only those who have a writer pay it.
    from assistant.writing.endpoint import Limits, Upstream

    usual = Limits()
    first = max(first, settings.writer_first)
    limits = Limits(
        first=first,
        gap=max(gap, usual.gap),
        # A slow machine that is given time for its first words needs some for its first sentence.
        shown=max(usual.shown, first + 1.5),
        total=max(total, settings.writer_total),
        daily=settings.writer_daily,
    )
    return Upstream(settings.writer_url, settings.writer_model, settings.writer_key, limits)


def open_journal(settings: Settings, store: Store) -> Journal | None:
    """The journal of these settings; None when they want nothing kept. Raises JournalError."""
    return Journal(store, settings.journal_days) if settings.journal_days else None


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: a line for each source, how many passages each document made, warnings."""

    built: building.Built
    lines: tuple[Line, ...]
    passages: Mapping[str, int]
    warnings: tuple[str, ...] = ()


def build(settings: Settings, *, progress: bool = False, shared: Common | None = None) -> Report:
    """Read the catalogue's documents and make the live generation of them, for all servers.

    Where several towns have national fiches in common, it stands on theirs and holds the rest.
    """
    whole = catalogue = load_catalogue(settings.catalogue)
    embedder = shared.embedder if shared is not None else load_embedder(settings.model)
    under = shared.bases if shared is not None else bases(settings, embedder)
    if under is not None:
        mine = towns.own(whole, towns.commons(load_catalogue(STARTER)))
        catalogue, under = (mine, under) if mine is not None else (whole, None)
    shelf = published(settings, embedder)
    if shelf is not None:
        shelf.pull()  # numbers go on from there, and vectors are kept
    found = entries.survey(
        catalogue, judge=orders.judge, scans=settings.var / "scans", progress=progress
    )
    built = building.build(
        found.documents,
        settings.index,
        embedder,
        questions=_asked(whole, catalogue, found.documents),
        progress=progress,
        bases=under,
    )
    if shelf is not None:
        shelf.publish(built.folder)
    warned = (*_unreachable(whole), *built.warnings, *_to_review(settings, built.folder, under))
    done = Report(built, found.lines, _counted(built.folder), warned)
    try:
        report.write(settings.var / REPORT, done.lines, done.passages)
    except OSError as error:  # the index is built and in service all the same
        log.error("%s: %s", settings.var / REPORT, error.strerror)
    return done


def _asked(
    whole: Catalogue, own: Catalogue, documents: Sequence[Document]
) -> tuple[KnownQuestion, ...]:
    """The known questions that a town may add to those it has in common: they are asked of facts
    that its own documents state, or written beside them."""
    stating = any(section.facts for document in documents for section in document.sections)
    return entries.known_questions(whole if stating else own)


def build_commons(settings: Settings, *, progress: bool = False) -> building.Built:
    """Make the generation of the national fiches, that those of several towns stand on."""
    assert settings.commons is not None
    catalogue = towns.commons(load_catalogue(STARTER))
    embedder = load_embedder(settings.model)
    shelf = national(settings, embedder)
    if shelf is not None:
        shelf.pull()
    found = entries.survey(catalogue, judge=orders.judge, progress=progress)
    built = building.build(
        found.documents,
        settings.commons / "index",
        embedder,
        questions=entries.known_questions(catalogue),
        progress=progress,
    )
    if shelf is not None:
        shelf.publish(built.folder)
    report.write(settings.commons / REPORT, found.lines, _counted(built.folder))
    return built


def _counted(folder: Path) -> Mapping[str, int]:
    """How many passages of a generation each document made."""
    files = (folder / name for name in ("passages.jsonl", "register.jsonl"))
    return Counter(record["document_id"] for file in files for record in read_lines(file))


def _to_review(settings: Settings, folder: Path, bases: Bases | None) -> Iterator[str]:
    """The validated answers that no longer stand, each marked « à revoir »."""
    if not is_there(settings.journal_url):
        return
    with closing(Store(settings.journal_url)) as store:
        try:
            answers = Answers(store)
            if not answers.serial():
                return
            generation = Generation(folder, load_embedder(settings.model), bases)
            try:
                answers.sweep(generation, date.today())
            finally:
                generation.close()
            for version in answers.all():
                if version.state is Life.REVIEW:
                    asked = next(iter(version.content.wordings), "sans question")
                    yield (
                        f"La réponse validée n° {version.id} (« {asked} ») est à revoir, et n'est "
                        f"plus servie : {version.why}"
                    )
        except JournalError as error:
            yield f"Les réponses validées n'ont pas pu être relues. {error}"


def _unreachable(catalogue: Catalogue) -> Iterator[str]:
    """The contacts that a resident would be sent to for nothing."""
    for contact in (catalogue.town.contact, *catalogue.contacts):
        if contact.is_empty:
            yield (
                f"Votre contact est vide : « {contact.name} » n'a ni site, ni téléphone, ni "
                "courriel, ni adresse. Un habitant y est envoyé quand l'assistant ne sait pas "
                "répondre : complétez le catalogue."
            )
