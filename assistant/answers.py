"""How a question ended: its outcome, its sentences, and the passages that say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.catalogue import Contact
from corpus.days import Day
from corpus.documents import Source


class Outcome(StrEnum):
    """Every way a question can end. Each has its French message (messages) and is counted."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NO_PASSAGE = "no_passage"
    NOT_PUBLISHED = "not_published"  # the corpus says that nobody published it
    GREETING = "greeting"
    IDENTITY = "identity"
    CLARIFY = "clarify"
    REFUSED_OFF_TOPIC = "refused_off_topic"
    REFUSED_OPINION = "refused_opinion"
    REFUSED_PERSONAL_DATA = "refused_personal_data"
    REFUSED_ABUSE = "refused_abuse"
    REFUSED_INSTRUCTIONS = "refused_instructions"
    REFUSED_PREMISE = "refused_premise"
    DISTRESS = "distress"
    WITHHELD_UNSUPPORTED = "withheld_unsupported"
    FAILED_SEARCH = "failed_search"
    FAILED_MODEL = "failed_model"  # the writer did not finish: quotations answer, or complete it


class Style(StrEnum):
    """How an answer is said: as its passages say it best, or as simply as they say it."""

    STANDARD = "standard"
    PLAIN = "plain"


class Door(StrEnum):
    """Where a question came in."""

    WIDGET = "widget"  # or another program in a page of a site
    PAGE = "page"  # the pages without JavaScript
    API = "api"
    OPENAI = "openai"
    CHAT = "chat"
    MCP = "mcp"
    CLI = "cli"
    GUICHET = "guichet"


# The endings that show sentences with citations.
CITING = frozenset({Outcome.ANSWERED, Outcome.PARTIAL, Outcome.NOT_PUBLISHED, Outcome.FAILED_MODEL})


class State(StrEnum):
    """Where what holds from one day to another stands."""

    ENDED = "ended"
    CLOSED = "closed"  # a time limit, past
    COMING = "coming"
    LAST = "last"  # it ends within the month, or the year, of today: nobody says on which day
    OPEN = "open"
    LIMIT = "limit"  # a time limit, to come


@dataclass(frozen=True, slots=True)
class Standing:
    """Where it stands: `day` is its end, or its beginning for COMING.

    `told`: the sentence speaks of it as of the past, or says itself that it is over; `reckoned`:
    the end is its beginning and a duration, which nobody wrote as a day.
    """

    state: State
    day: Day
    told: bool = False
    reckoned: bool = False

    @property
    def is_past(self) -> bool:
        return self.state in (State.ENDED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence shown, and the numbers of the citations that support it.

    `written`: in the words of a language model, checked against what it cites; else quoted.
    `before` is what stands between the sentence before it and this one: a space, the bullet of a
    list, words of ours (« Une autre source indique : »). `remark` is what we say beside it, after
    it: where its dates stand today, how old it is; "" for nothing.
    """

    text: str
    citations: tuple[int, ...]
    written: bool = False
    language: str = "fr"
    before: str = " "
    remark: str = ""

    @property
    def beside(self) -> str:
        """What stands after its words: the remark and the space before it, or nothing."""
        return self.remark and f" {self.remark}"


@dataclass(frozen=True, slots=True)
class Amended:
    """What an avenant does to the part of a convention that is cited, or that it cites; what a
    document does to the one that it replaces (corpus.structure.Amendment).

    `effect`: « remplacé », « modifié », « complété », « supprimé » or « ajouté ». `date` is the ISO
    day of its signature, "" when unknown; `passages` are the ids of its passages that say it.
    """

    document_id: str
    title: str
    date: str
    effect: str
    part: str
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """The words of a passage behind a sentence: `passage[start:end] == quote`, always.

    `kind` is "quotation" (words of the publication itself, `url` leads to the place) or "summary"
    (words of a fiche of ours; `sources` are the publications behind that very sentence, official
    ones first, and `url` leads to the first that has an address). Offsets count code points.
    `page` is the sheet of a PDF, for links; `printed` the number to show, where it bears one.
    `superseded` are the avenants that changed these words, the last in force; `amends` is what
    these words of an avenant change. `headings` end with what is to be said of it.
    """

    number: int
    kind: str
    passage_id: str
    title: str
    publisher: str
    sources: tuple[Source, ...]
    url: str | None
    page: int | None
    headings: tuple[str, ...]
    date: str
    quote: str
    passage: str
    start: int
    end: int
    confidence: float | None
    printed: str | None = None
    language: str = "fr"  # of the words quoted
    superseded: tuple[Amended, ...] = ()
    amends: Amended | None = None


@dataclass(frozen=True, slots=True)
class Validated:
    """The town's own answer that was given: which, the service that owns it, the ISO day on which
    it was validated."""

    id: int
    version: int
    owner: str
    date: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got.

    `text` is all that the reader is shown, as plain text; `notice` ends it, when personal data was
    masked in the question: `asked` is what was typed with masks in its place, to show and keep
    instead of it, "" when nothing was masked. `question` has neither data nor masks.
    `nearest` are passages that do not answer, labelled so. `contact` is who to ask, None when the
    question was answered. `seconds` gives what each step took, by its name. `writer` is the
    language model that wrote sentences of it, None when all are quotations. `validated`: its
    sentences are the town's own words, which those cited prove.
    """

    id: str
    outcome: Outcome
    text: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    contact: Contact | None = None
    notice: str = ""
    asked: str = ""
    question: str = ""  # as it was searched: a follow-up made to stand alone
    language: str = "fr"
    generation: str = ""
    writer: str | None = None
    validated: Validated | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def rewritten(self) -> frozenset[int]:
        """The numbers of the citations that prove sentences in other words than theirs: a language
        model's, or the town's."""
        own = self.validated is not None
        return frozenset(n for s in self.sentences if own or s.written for n in s.citations)
