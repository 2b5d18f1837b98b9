"""A question's way: one ordered list of steps, read top to bottom.

A step takes how far the question has come and gives it back with one value more, or with the ending
that stops it. `show` is the only way anything is shown, and only what `prove` passed is shown.
"""

from __future__ import annotations

import dataclasses
import logging
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant import messages, routes, translations
from assistant.answers import CITING, Answer, Citation, Door, Outcome, Sentence, Style, Validated
from assistant.context import Context, Writer
from assistant.deciding import door
from assistant.deciding.contacts import who_to_ask
from assistant.deciding.door import OTHER_TOWN, Ending
from assistant.errors import Cause, ModelFailed
from assistant.offered import Ends
from assistant.privacy import masking
from assistant.privacy.introductions import without
from assistant.question import reading
from assistant.question.gloss import gloss
from assistant.question.history import MAX_CHARACTERS, Message
from assistant.question.languages import SPOKEN
from assistant.question.reading import Question, spoken
from assistant.question.turns import Turn
from assistant.question.typed import tidy
from assistant.quoting import plain, remarks
from assistant.quoting.citations import Quote, Written, verify
from assistant.records.standing import quotes as standing
from assistant.routes import Route, Searched, Several
from assistant.writing.cancellation import Reader
from index.search.retriever import Found

log = logging.getLogger(__name__)

Show = Callable[[str, Mapping[str, Any]], None]


def silent(event: str, data: Mapping[str, Any]) -> None:
    """Show to nobody: the caller reads the answer when it is whole."""


@dataclass(frozen=True, slots=True)
class Request:
    """What came in at a door."""

    question: str
    history: Sequence[Message] = ()
    style: Style = Style.STANDARD
    door: Door = Door.API


@dataclass(frozen=True, slots=True)
class Masked:
    """A request without personal data; `notice` is what the resident is told of it.

    `question` has masks where it stood; the words that only said it go when it is read.
    """

    question: str
    history: tuple[Message, ...]
    language: str
    notice: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What may be shown, once proved.

    `failed`: the writer did not write to its end; `shown`: how many sentences the reader has seen.
    """

    said: tuple[Quote | Written, ...]
    failed: bool = False
    shown: int = 0


@dataclass(frozen=True, slots=True)
class Proved:
    """The sentences whose words, or proofs, stand in a passage; their citations."""

    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """How far a question has come: each value is given by one step, None before it."""

    request: Request
    masked: Masked | None = None
    question: Question | None = None
    route: Route | None = None
    draft: Draft | None = None
    proved: Proved = Proved()
    ending: Ending | None = None
    validated: Validated | None = None

    @property
    def words(self) -> str:
        """The question as far as it may be kept: masked, without orders given to us."""
        return self.question.words if self.question else self.masked.question if self.masked else ""

    @property
    def language(self) -> str:
        if self.question and self.question.wish in _SPOKEN:
            return _SPOKEN[self.question.wish]
        return (
            self.question.language
            if self.question
            else self.masked.language
            if self.masked
            else "fr"
        )

    @property
    def found(self) -> Found | None:
        """What the search of the whole message found."""
        if self.route is None:
            return None
        return self.route.whole.found if isinstance(self.route, Several) else self.route.found


_SPOKEN = {Turn.ENGLISH: "en", Turn.FRENCH: "fr"}  # the language wished for

Record = Callable[[Answer, Way], None]


def forget(answer: Answer, way: Way) -> None:
    """Record nothing."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where steps work: the context of the answer, who is shown it, waits for it and keeps it.

    `ends`: how published questions ended in this context; None for each to go all its way.
    """

    context: Context
    show: Show = silent
    reader: Reader = dataclasses.field(default_factory=Reader)
    record: Record = forget
    ends: Ends[Way] | None = None


Step = Callable[[Way, Stage], Way]


def mask(way: Way, stage: Stage) -> Way:
    """Mask the personal data of the question and of the turns before it: no later step sees any.

    When this breaks the question is lost with it: an unmasked one is never waved through.
    """
    published = stage.context.published
    try:
        masked = masking.mask(tidy(way.request.question), published)
        history = tuple(
            Message(m.role, masking.mask(tidy(_uncut(m.content)), published).text)
            for m in way.request.history
        )
    except OSError:  # a list of ours: its name says nothing of the question
        raise
    except Exception:
        raise RuntimeError("masking failed") from None  # its own words may quote the question
    language = spoken(masked.text, history)
    notice = translations.masked(masked.kinds, language)
    request = replace(way.request, question="", history=())
    if masked.kinds:
        stage.show("masked", {"asked": masked.text})
    return replace(way, request=request, masked=Masked(masked.text, history, language, notice))


def recall(way: Way, stage: Stage) -> Way:
    """End a published question that begins a conversation as it ended last in this context."""
    assert way.masked is not None
    if stage.ends is None or way.masked.history:
        return way
    known = stage.ends.of(way.masked.question, way.request.style)
    if known is None:
        return way
    request = replace(way.request, style=known.request.style)
    ended = replace(known, request=request, masked=way.masked)
    if ended.proved.sentences:
        _complete(ended, 0, stage)
    return ended


def _keep(way: Way, style: Style, stage: Stage) -> None:
    """Keep how a question ended for who asks it again; nothing that went wrong, no conversation."""
    masked, ending = way.masked, way.ending
    if stage.ends is None or masked is None or masked.history or masked.notice:
        return
    if ending is not None and ending.outcome is not Outcome.FAILED_SEARCH:
        stage.ends.keep(masked.question, style, replace(way, route=None, draft=None))


_VALUE = 40  # characters: an IBAN with its spaces has 34


def _uncut(said: str) -> str:
    """A turn of the history without its end where it was cut: half a number is no number."""
    return said[: MAX_CHARACTERS - _VALUE] if len(said) >= MAX_CHARACTERS else said


def read(way: Way, stage: Stage) -> Way:
    """Read the question once, without the orders it gives us."""
    assert way.masked is not None
    masked, retriever = way.masked, stage.context.retriever
    asked = without(masked.question)
    history = tuple(Message(turn.role, without(turn.content)) for turn in masked.history)
    question = reading.read(asked, history, retriever)
    bare = door.strip_orders(asked, question.heard)
    if bare != asked:
        question = reading.read(bare, history, retriever)
        if question.is_empty:
            return replace(way, ending=Ending(Outcome.REFUSED_INSTRUCTIONS))
    style = Style.PLAIN if question.wish is Turn.PLAIN else way.request.style
    return replace(way, question=question, request=replace(way.request, style=style))


def turn_away(way: Way, stage: Stage) -> Way:
    """End what is no question for us, before any search."""
    assert way.question is not None and way.masked is not None
    question, context = way.question, stage.context
    itself = replace(way, question=replace(question, alone=question.words))  # nothing is searched
    if refused := door.refuse(question, context.kept_days, way.masked.question):
        return replace(itself, ending=refused)
    away = door.is_elsewhere(
        question.words, way.masked.language, context.home, context.generation.vocabulary
    )
    listed = away and (
        context.lists.find(question.words, context.home) or routes.of_rows(question, context)
    )
    if away and not listed:
        return _refused(itself, OTHER_TOWN, context)
    if question.is_empty:
        return replace(way, ending=Ending(Outcome.CLARIFY))
    return way


def _refused(way: Way, ending: Ending | None, context: Context) -> Way:
    """A question ended so; one that the door suspects, as the door says."""
    assert way.question is not None
    if ending is not None and door.suspects(way.question):
        ending = door.doubt(way.question, context.kept_days)
    return replace(way, ending=ending)


def validated(way: Way, stage: Stage) -> Way:
    """End a question that the town answers itself, in its own words, while what proves them stands.

    Nothing of it is shown unless every word that it cites stands in the live generation.
    """
    assert way.question is not None
    found = routes.validated(way.question, stage.context)
    if found is None:
        return way
    generation, content = stage.context.generation, found.content
    proofs = standing(content.proofs, generation)
    draft = tuple(Written(line, proofs) for line in content.text.split("\n"))
    sentences, citations = verify(draft, generation.by_id, generation.documents)
    if len(sentences) < len(draft):
        return way
    own = tuple(
        replace(sentence, written=False, before="\n" if number else " ")
        for number, sentence in enumerate(sentences)
    )
    given = Validated(found.id, found.number, content.owner, found.at[:10])
    ending = Ending(Outcome.ANSWERED, messages.validated(given))
    ended = replace(way, proved=Proved(own, citations), validated=given, ending=ending)
    _complete(ended, 0, stage)
    return ended


def search(way: Way, stage: Stage) -> Way:
    """Find what may answer: rows of a list by the name they bear, else passages.

    What is found for no question that stands alone may be for one that follows.
    """
    assert way.question is not None and way.masked is not None
    route = routes.look_up(way.question, stage.context)
    if isinstance(route, Ending):
        return _refused(way, route, stage.context)
    stage.show("status", {"step": "search"})
    found = route or routes.search(way.question, stage.context)
    if isinstance(found, Searched) and not (found.listed or found.answers(stage.context)):
        history = [Message(turn.role, without(turn.content)) for turn in way.masked.history]
        other = reading.followed(way.question, history, stage.context.retriever)
        if other is not None and door.refuse(other) is None and not door.suspects(other):
            again = routes.search(other, stage.context)
            if again.listed or again.answers(stage.context):
                return replace(way, question=other, route=again)
    return replace(way, route=found)


def divide(way: Way, stage: Stage) -> Way:
    """Take apart the questions asked together."""
    if not isinstance(way.route, Searched):
        return way
    return replace(way, route=routes.divide(way.route, stage.context))


def say_no(way: Way, stage: Stage) -> Way:
    """End a question that nothing supports."""
    assert way.route is not None
    return _refused(way, routes.say_no(way.route, stage.context), stage.context)


def write_or_quote(way: Way, stage: Stage) -> Way:
    """Have the model write, each sentence shown as soon as it is checked; quote without one.

    Where nothing it wrote can be shown, or where it failed midway, quotations answer. What nobody
    published, questions asked together and one in another language are not left to a model.
    """
    assert way.route is not None and way.question is not None
    route, context = way.route, stage.context
    quotes = route.quotes(context)
    if not isinstance(route, Searched):
        return replace(way, draft=Draft(quotes))
    if way.request.style is Style.PLAIN and not route.listed:
        quotes = plain.answer(route.ranked, quotes, route.question.asking, context.generation)
    if context.writer is None or way.question.language != "fr" or route.absent or route.told:
        return replace(way, draft=Draft(quotes))
    writing = _Writing(context.writer, way, stage)
    written = writing.run(route)
    if not written.said or written.failed:
        cited = {(c.passage_id, c.start, c.end) for c in writing.proved.citations}
        fresh = tuple(q for q in quotes if (q.passage.id, q.start, q.end) not in cited)
        written = replace(written, said=written.said + (fresh or quotes))
    return replace(way, draft=written)


class _Writing:
    """A writer at work: each sentence is proved, then shown."""

    def __init__(self, writer: Writer, way: Way, stage: Stage) -> None:
        self._writer = writer
        self._way = way
        self._stage = stage
        self.proved = Proved()

    def run(self, route: Searched) -> Draft:
        """What it wrote that could be shown, and was."""
        self._stage.show("status", {"step": "write"})
        passages = {c.quote.passage.id: c.quote.passage for c in route.ranked}
        # Those of the generation that found the passages: another may be live by now.
        acronyms = self._stage.context.generation.acronyms
        said: tuple[Written, ...] = ()
        failed = False
        style, reader = self._way.request.style, self._stage.reader
        try:
            for written in self._writer.write(
                route.question.alone, tuple(passages.values()), acronyms, reader, style
            ):
                if self._show((*said, written)):
                    said += (written,)
        except ModelFailed as failure:
            # When nobody waits, what was shown is the answer: no fault of the model.
            failed = failure.cause is not Cause.LEFT
            if failed:
                log.warning("%s did not write: %s", self._writer.name, failure)
            else:
                log.info("nobody waits for what %s writes", self._writer.name)
        return Draft(said, failed, len(said))

    def _show(self, said: tuple[Written, ...]) -> bool:
        """Show the last sentence and its proof, if they stand in the live generation."""
        proved = _prove(said, self._way, self._stage.context)
        if len(proved.sentences) < len(said):
            return False
        if proved.citations != self.proved.citations:
            self._stage.show("citations", {"citations": proved.citations})
        self._stage.show("sentence", dataclasses.asdict(proved.sentences[-1]))
        self.proved = proved
        return True


def prove(way: Way, stage: Stage) -> Way:
    """Keep the sentences whose words or proofs stand in a passage of the live generation."""
    assert way.draft is not None
    return replace(way, proved=_prove(way.draft.said, way, stage.context))


def _prove(said: Sequence[Quote | Written], way: Way, context: Context) -> Proved:
    assert way.route is not None
    generation = context.generation
    sentences, citations = verify(said, generation.by_id, generation.documents)
    if way.language == "en":
        sentences = tuple(map(_in_english, sentences))
    sentences = remarks.annotate(
        sentences, citations, way.route.askings, generation, context.today, way.language
    )
    return Proved(sentences, citations)


def _in_english(sentence: Sentence) -> Sentence:
    """The same words, what we say before them being in English."""
    frame = sentence.before.strip()
    return replace(sentence, before=sentence.before.replace(frame, translations.told(frame, "en")))


def end(way: Way, stage: Stage) -> Way:
    """End with what passed the check, or say that nothing did."""
    assert way.draft is not None and way.route is not None
    if not way.proved.sentences:
        found = way.found
        nearest = routes.near(found, stage.context) if found else ()
        return replace(way, ending=Ending(Outcome.WITHHELD_UNSUPPORTED, nearest=nearest))
    ended = replace(way, ending=_ending(way, way.draft, way.route, stage.context))
    if way.draft.shown < len(way.proved.sentences):
        _complete(ended, way.draft.shown, stage)
    return ended


def _ending(way: Way, draft: Draft, route: Route, context: Context) -> Ending:
    if draft.failed:
        return Ending(Outcome.FAILED_MODEL, messages.INTERRUPTED if draft.shown else None)
    if isinstance(route, Several):
        if any(not part.answered or part.absent for part in route.parts):
            missing = [part.words for part in route.parts if not part.answered]
            absent = [part.words for part in route.parts if part.absent]
            return Ending(Outcome.PARTIAL, translations.missing(missing, absent, way.language))
        outcome = Outcome.ANSWERED
    elif isinstance(route, Searched) and route.reversed and not route.absent:
        return Ending(Outcome.PARTIAL, messages.REVERSED)
    else:
        outcome = Outcome.NOT_PUBLISHED if route.absent else Outcome.ANSWERED
    return Ending(outcome, _introduction(way, outcome, context))


def _introduction(way: Way, outcome: Outcome, context: Context) -> str | None:
    """What is said before words in another language than the question's, or that were amended."""
    generation = context.generation
    first = generation.by_id[way.proved.citations[0].passage_id]
    written = generation.documents[first.document_id].language
    foreign = way.language != "fr" and written != way.language
    said = translations.introduction(outcome, way.language) if foreign else None
    sure = way.question is not None and way.question.wish is Turn.SURE
    again = translations.told(messages.SURE, way.language) if sure and not said else None
    return "\n".join(filter(None, [again, said, *messages.amended(way.proved.citations)])) or None


def _complete(way: Way, shown: int, stage: Stage) -> None:
    """Show what is not shown yet; after an interruption, the whole answer takes its place."""
    sentences, citations = way.proved.sentences, way.proved.citations
    if shown:
        text = said(way, stage.context)
        stage.show("replace", {"text": text, "sentences": sentences, "citations": citations})
        return
    stage.show("citations", {"citations": citations, "introduction": message(way)})
    for sentence in sentences:
        stage.show("sentence", dataclasses.asdict(sentence))


STEPS: Sequence[Step] = (
    mask,
    recall,
    read,
    turn_away,
    validated,
    search,
    divide,
    say_no,
    write_or_quote,
    prove,
    end,
)


def run(
    request: Request, stage: Stage, steps: Sequence[Step] = STEPS, way: Way | None = None
) -> tuple[Answer, Way]:
    """Run the steps until one ends the question; whatever the ending, it is timed and recorded.

    The answer, and how it was made.

    way     where to start from, when the first steps were done already
    """
    way = way or Way(request)
    seconds: dict[str, float] = {}
    for step in steps:
        started = time.perf_counter()
        try:
            way = step(way, stage)
        except Exception:
            # The resident gets an outcome, the operator the traceback; no question is logged.
            log.exception("step %s failed", step.__name__)
            way = replace(way, proved=Proved(), ending=Ending(Outcome.FAILED_SEARCH))
        seconds[step.__name__] = time.perf_counter() - started
        if way.ending is not None:
            break
    _keep(way, request.style, stage)
    given = answer(way, stage.context, seconds)
    stage.record(given, way)  # before anyone can say what they think of it
    stage.show("done", {"answer": given})
    return given, way


def message(way: Way) -> str:
    """What is said of the ending, in the language of the question."""
    if way.ending is None:
        raise RuntimeError("the steps ended without an outcome")
    ending = way.ending
    own = messages.MESSAGES[ending.outcome] if ending.message is None else ending.message
    return translations.told(own, way.language)


def _notice(way: Way) -> str:
    """What ends the answer about the question itself; nothing comes after words of distress."""
    distressed = way.ending is not None and way.ending.outcome is Outcome.DISTRESS
    return "" if distressed or way.masked is None else way.masked.notice


def said(way: Way, context: Context) -> str:
    """All that the reader is shown; the message stands between what is written and quoted."""
    assert way.ending is not None
    parts: tuple[str, ...] = (message(way), _notice(way))
    if way.ending.outcome in CITING:
        wrote = [sentence for sentence in way.proved.sentences if sentence.written]
        label = translations.told(messages.WRITTEN, way.language) if wrote else ""
        quoted = way.proved.sentences[len(wrote) :]
        shown = (_joined(wrote), label, message(way), _joined(quoted))
        checked = way.question is not None and way.question.asking.own
        checked &= way.ending.outcome is Outcome.ANSWERED
        check = translations.told(messages.CHECK, way.language) if checked else ""
        parts = (*shown, check, _notice(way))
    return "\n".join(part for part in parts if part)


def _joined(sentences: Sequence[Sentence]) -> str:
    return "".join(s.before + s.text + s.beside for s in sentences).strip()


_CONTENT = frozenset({Outcome.ANSWERED, Outcome.GREETING, Outcome.DISTRESS})


def answer(way: Way, context: Context, seconds: Mapping[str, float]) -> Answer:
    """The answer of a question that ended. An ending without outcome is a bug: it raises here."""
    if way.ending is None:
        raise RuntimeError("the steps ended without an outcome")
    outcome = way.ending.outcome
    citing = outcome in CITING
    sentences, citations = way.proved.sentences, way.proved.citations
    wrote = any(sentence.written for sentence in sentences)
    contact = None
    if outcome not in _CONTENT:
        contact = who_to_ask(gloss(way.words, way.language), context.contacts)
    return Answer(
        id=uuid.uuid4().hex,
        outcome=outcome,
        text=said(way, context),
        notice=_notice(way),
        sentences=sentences if citing else (),
        citations=citations if citing else (),
        nearest=way.ending.nearest,
        contact=contact,
        asked=way.masked.question if way.masked and way.masked.notice else "",
        question=way.question.alone if way.question else way.words,
        language=way.language if way.language in SPOKEN else "fr",
        generation=context.generation.number,
        writer=context.writer.name if context.writer and citing and wrote else None,
        validated=way.validated,
        seconds=dict(seconds),
    )
