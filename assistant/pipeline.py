"""A question's way: one ordered list of steps, read top to bottom.

A step fills the turn in, or sets `turn.outcome` to end it. `turn.emit` is the only way anything is
shown, and only what `verify` passed is emitted.
"""

from __future__ import annotations

import dataclasses
import logging
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Protocol

from assistant import messages, translations
from assistant.answers import CITING, Answer, Citation, Outcome, Sentence, Style
from assistant.deciding import refusals, refusals_english
from assistant.deciding.answerability import THRESHOLD, Town, support
from assistant.deciding.foreign import Search, follow_up
from assistant.errors import Cause, ModelFailed
from assistant.question import masking
from assistant.question.asking import STRICT, Asked, asking, bears
from assistant.question.follow_up import MAX_CHARACTERS, Message
from assistant.question.gloss import gloss
from assistant.question.languages import SPOKEN, language
from assistant.question.places import elsewhere
from assistant.question.several import after, askings
from assistant.quoting import plain, ranking
from assistant.quoting.citations import Quote, Written, cite, verify
from assistant.quoting.composing import Asking, compose, joined
from assistant.quoting.conflicts import Sources, past, with_others
from assistant.quoting.ranking import Candidate
from assistant.quoting.rows import Lists
from assistant.writing.cancellation import Reader
from corpus.catalogue import Contact
from index.conventions.names import unknown
from index.french.analysis import STOP_WORDS, is_article, tokens, words
from index.passages import Hit, Passage
from index.search.retriever import Found, Retriever

log = logging.getLogger(__name__)

Emit = Callable[[str, Mapping[str, Any]], None]

_NEAREST = 2
_SURELY = 0.5  # of the threshold: over it, what is not answered alone may be in another's answer


def silent(event: str, data: Mapping[str, Any]) -> None:
    """Emit to nobody: the caller reads the answer when it is whole."""


def forget(turn: Turn, answer: Answer) -> None:
    """Record nothing."""


class Writer(Protocol):
    """What writes an answer from passages; see assistant.writing.writer."""

    @property
    def name(self) -> str: ...

    def write(
        self,
        question: str,
        passages: Sequence[Passage],
        acronyms: Mapping[str, str],
        reader: Reader,
        style: Style,
    ) -> Iterator[Written]: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions asked together: the resident's words, and its own turn."""

    words: str
    turn: Turn
    answered: bool

    @property
    def absent(self) -> bool:
        """Whether the corpus says that nobody published it."""
        return self.answered and self.turn.ranked[0].absence


@dataclass(slots=True)
class Turn:
    """One question on its way to an answer."""

    question: str
    retriever: Retriever
    history: Sequence[Message] = ()
    contact: Contact | None = None
    contacts: Sequence[Contact] = ()  # all that the catalogue publishes
    home: Sequence[str] = ()  # the names of the town and of its intercommunality
    absences: frozenset[str] = frozenset()
    contested: frozenset[str] = frozenset()  # facts whose sources contradict each other
    today: date | None = None  # None: no date is said to be past
    town: Town = Town()
    hidden: frozenset[int] = frozenset()  # positions of passages that a measure leaves out
    writer: Writer | None = None
    reader: Reader = field(default_factory=Reader)
    style: Style = Style.STANDARD
    emit: Emit = silent
    record: Callable[[Turn, Answer], None] = forget

    language: str = "fr"
    searched: str = ""
    asking: str = ""  # the words that say which kind of thing is asked for
    worth: float | None = None  # how likely it is that it is answered, where the search said so
    found: Found | None = None
    listed: bool = False  # rows of a list were found by the name that the question says
    ranked: list[Candidate] = field(default_factory=list)
    parts: tuple[Part, ...] = ()  # when several questions are answered apart
    draft: tuple[Quote | Written, ...] = ()
    failed: bool = False  # the writer did not write to its end
    shown: int = 0  # how many sentences the reader has seen already
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    outcome: Outcome | None = None
    message: str = ""
    notice: str = ""  # what the resident is told of the question itself
    seconds: dict[str, float] = field(default_factory=dict)

    def end(self, outcome: Outcome, message: str | None = None) -> None:
        """End the turn; the message is the outcome's own unless given."""
        self.outcome = outcome
        said = messages.MESSAGES[outcome] if message is None else message
        self.message = translations.told(said, self.language)

    @property
    def wrote(self) -> tuple[Sentence, ...]:
        """The sentences that a language model wrote: they come before the quotations."""
        return tuple(sentence for sentence in self.sentences if sentence.written)

    @property
    def told(self) -> str:
        """What ends the answer about the question itself; nothing comes after words of distress."""
        return "" if self.outcome is Outcome.DISTRESS else self.notice

    @property
    def remark(self) -> str:
        """What is said when a sentence shown holds until a day that is past."""
        if self.today is None:
            return ""
        days = (past(sentence.text, self.today) for sentence in self.sentences)
        return next((messages.past(day) for day in days if day is not None), "")

    def text(self) -> str:
        """All that the reader is shown; the message stands between what is written and quoted."""
        parts: tuple[str, ...] = (self.message, self.told)
        if self.outcome in CITING:
            label = translations.told(messages.WRITTEN, self.language) if self.wrote else ""
            quoted = self.sentences[len(self.wrote) :]
            said = (_joined(self.wrote), label, self.message, _joined(quoted))
            parts = (*said, self.remark, self.told)
        return "\n".join(part for part in parts if part)

    def answer(self) -> Answer:
        """The answer of an ended turn. An ending without outcome is a bug: it raises here."""
        if self.outcome is None:
            raise RuntimeError("the steps ended without an outcome")
        citing = self.outcome in CITING
        return Answer(
            id=uuid.uuid4().hex,
            outcome=self.outcome,
            text=self.text(),
            notice=self.told,
            sentences=self.sentences if citing else (),
            citations=self.citations if citing else (),
            nearest=self.nearest,
            contact=None if self.outcome in _CONTENT else self.contact,
            question=self.searched or self.question,
            language=self.language if self.language in SPOKEN else "fr",
            generation=self.retriever.generation.number,
            writer=self.writer.name if self.writer and citing and self.wrote else None,
            seconds=dict(self.seconds),
        )


_CONTENT = frozenset({Outcome.ANSWERED, Outcome.GREETING, Outcome.DISTRESS})

Step = Callable[[Turn], None]


def mask(turn: Turn) -> None:
    """Mask the personal data of the question and of the turns before it: no later step sees any.

    When this breaks the question is lost with it: an unmasked one is never waved through.
    """
    question, history = turn.question, turn.history
    turn.question, turn.history = "", ()
    published = partial(_published, turn)
    try:
        masked = masking.mask(refusals.tidy(question), published)
        turn.history = tuple(
            Message(m.role, masking.mask(refusals.tidy(_uncut(m.content)), published).text)
            for m in history
        )
    except Exception:
        raise RuntimeError("masking failed") from None  # its own words may quote the question
    turn.question = masked.text
    turn.language = _language(turn)
    turn.notice = translations.masked(masked.kinds, turn.language)


def _language(turn: Turn) -> str:
    return language(turn.question, [m.content for m in turn.history if m.role == "user"])


_VALUE = 40  # characters: an IBAN with its spaces has 34


def _uncut(said: str) -> str:
    """A turn of the history without its end where it was cut: half a number is no number."""
    return said[: MAX_CHARACTERS - _VALUE] if len(said) >= MAX_CHARACTERS else said


def _published(turn: Turn) -> Iterator[str]:
    """What anyone can read: the catalogue's contacts, and the passages."""
    for contact in turn.contacts:
        yield from filter(None, (contact.phone, contact.email, contact.address))
    for passage in turn.retriever.generation.passages:
        yield passage.text


def refuse(turn: Turn) -> None:
    """End what is no question for us, before any search."""
    heard = refusals_english if turn.language == "en" else refusals
    greeted = refusals.greet(turn.question) or heard.greet(turn.question)
    if greeted is not None:
        outcome, which = greeted
        fixed = {"thanks": messages.THANKS, "goodbye": messages.GOODBYE}
        turn.end(outcome, fixed[which] if which is not None else None)
        return
    bare, ordered = refusals.strip_instructions(turn.question)
    if turn.language == "en":
        bare, also = refusals_english.strip_instructions(bare)
        ordered |= also
    if ordered and not turn.retriever.query(bare).tokens:
        turn.end(Outcome.REFUSED_INSTRUCTIONS)
        return
    turn.question = bare
    refused = refusals.refuse(turn.question) or heard.refuse(turn.question)
    if refused is not None:
        turn.end(refused)
    elif _elsewhere(turn) and not _lists(turn).find(turn.question, turn.home):
        turn.end(Outcome.REFUSED_OFF_TOPIC, messages.ELSEWHERE)


def _elsewhere(turn: Turn) -> bool:
    known = turn.retriever.generation.vocabulary
    return elsewhere(gloss(turn.question, turn.language, known), turn.home, known)


def _lists(turn: Turn) -> Lists:
    generation = turn.retriever.generation
    return Lists(
        generation.register, generation.acronyms, generation.vocabulary, generation.speller
    )


def make_stand_alone(turn: Turn) -> None:
    """Give a follow-up the subject of the question before it."""
    turn.language = _language(turn)
    turn.searched = follow_up(turn.question, turn.history, turn.language)
    turn.asking = turn.searched
    wanted = asking(gloss(turn.question, turn.language)).kind
    if wanted not in (Asked.MEANING, Asked.OTHER):
        turn.asking = turn.question  # « c'est quoi X » before « et pour 12 ans, combien ? »
    if not turn.retriever.query(gloss(turn.searched, turn.language)).tokens:
        turn.end(Outcome.CLARIFY)


def look_up(turn: Turn) -> None:
    """Answer what a row of a list says, of who is named; end what asks it of a place in none."""
    lists = _lists(turn)
    if not lists.register:
        return
    listed = lists.find(turn.searched, turn.home)
    if listed.rows:
        turn.listed = True
        turn.found = _found(turn, listed.rows)
        _rank(turn, turn.found)
    elif listed.near:  # a slip, or another place: shown apart, as not answering
        turn.found = _found(turn, listed.near)
        turn.nearest = _near(turn)
        turn.end(Outcome.NO_PASSAGE)
    elif _elsewhere(turn):
        turn.end(Outcome.REFUSED_OFF_TOPIC, messages.ELSEWHERE)
    elif lists.unknown(turn.searched, turn.home):
        turn.end(Outcome.NO_PASSAGE)


def _found(turn: Turn, rows: Sequence[Passage]) -> Found:
    query = turn.retriever.query(turn.searched)
    hits = tuple(Hit(row, 1.0, {"register": 1.0}) for row in rows)
    return Found(query, hits, tuple(turn.retriever.held(query, row) for row in rows))


def search(turn: Turn) -> None:
    """Find the passages, and rank their sentences; the rows of a list answer by themselves."""
    turn.emit("status", {"step": "search"})
    if turn.listed:
        return
    if turn.language in ("en", "br"):
        _search_foreign(turn)
        return
    turn.found = turn.retriever.search(turn.searched, language=turn.language, without=turn.hidden)
    _rank(turn, turn.found)


def _rank(turn: Turn, found: Found) -> None:
    turn.ranked = ranking.candidates(
        turn.asking,
        found,
        turn.retriever.rarity,
        partial(turn.retriever.nearness, found.query),
        turn.absences,
    )


def _search_foreign(turn: Turn) -> None:
    searching = Search(turn.retriever, turn.absences, turn.town, turn.hidden)
    best = searching.best(turn.searched, turn.asking, turn.language, _threshold(turn))
    turn.found, turn.ranked, turn.worth = best.found, best.ranked, best.likelihood


def _threshold(turn: Turn) -> float:
    """The likelihood from which a question is answered, found at the build."""
    found: float = turn.retriever.generation.about.get("calibration", {}).get(
        "threshold", THRESHOLD
    )
    return found


def divide(turn: Turn) -> None:
    """Take apart the questions asked together, where the documents answer one of them at least.

    What is missing is named only when it surely is; otherwise the message is answered as one.
    """
    asked = askings(turn.question)
    if len(asked) < 2 or turn.language != "fr" or turn.found is None or turn.listed:
        return
    first = _part(turn, asked[0], turn.history)
    parts = (first, *(_part(turn, *after(asked[0], words)) for words in asked[1:]))
    answered = [part for part in parts if part.answered]
    if all(part.absent for part in answered):
        return
    whole = _is_likely(turn) and not turn.ranked[0].absence
    shown = [quote.text for p in answered for quote in quotations(p.turn)]
    shown += [quote.text for quote in quotations(turn)] if whole else []
    if (whole or all(map(_says_all, answered))) and all(
        part.answered or _is_missing(part, shown) for part in parts
    ):
        turn.parts = parts


def _says_all(part: Part) -> bool:
    """Whether the best sentence says all that the part asks, or that nobody published it: where
    the whole is refused, something on its subject is not enough."""
    best = part.turn.ranked[0]
    defines = bool(best.bears) and asking(part.turn.asking).kind is Asked.MEANING
    return best.absence or defines or (best.told > 0.99 and best.counted > 0.9)


def _is_missing(part: Part, shown: Sequence[str]) -> bool:
    """Whether nothing shown can hold what is asked."""
    kind = asking(part.turn.asking).kind
    if kind not in STRICT:
        query = part.turn.retriever.query(part.words)
        known = part.turn.retriever.generation.vocabulary.keys() | STOP_WORDS
        return not known.issuperset(query.words) and not _is_likely(part.turn, _SURELY)
    own = set(tokens(part.words))
    return not any(
        bears(kind, text, (), absence=False) and (not own or own & set(tokens(text)))
        for text in shown
    )


def _part(turn: Turn, words: str, history: Sequence[Message], alone: str = "") -> Part:
    """One question among several, decided as if it came alone; `alone`: in words of its own."""
    part = dataclasses.replace(turn, question=alone or words, history=history, emit=silent)
    make_stand_alone(part)
    vocabulary = turn.retriever.generation.vocabulary
    if part.outcome is not None or refusals.refuse(words):
        return Part(words, part, False)
    if elsewhere(words, turn.home, vocabulary) or unknown_articles(words, vocabulary):
        return Part(words, part, False)
    search(part)
    return Part(words, part, _is_likely(part))


def _is_likely(turn: Turn, share: float = 1.0) -> bool:
    """Whether it is likely enough that the best sentence answers, or for a share of enough."""
    return likelihood(turn) >= share * _threshold(turn)


def say_no(turn: Turn) -> None:
    """End a question that nothing supports, with the nearest passages labelled as not answering.

    An article of law that no passage names is an invented premise, or one we cannot vouch for; so
    is the ninth fiche action of a convention that has six.
    """
    if turn.parts:
        return
    generation = turn.retriever.generation
    if unknown_articles(turn.searched, generation.vocabulary) or unknown(
        turn.retriever.query(turn.searched).named, generation.parts
    ):
        turn.nearest = _near(turn)
        turn.end(Outcome.REFUSED_PREMISE)
        return
    if turn.listed:  # the row says all that is asked
        return
    if _is_likely(turn):
        return
    turn.nearest = _near(turn)
    turn.end(Outcome.NO_PASSAGE)


def unknown_articles(question: str, vocabulary: Mapping[str, int]) -> list[str]:
    """The articles of law (« L. 999-9 ») that a question names and no passage does."""
    return [w for w in words(question) if is_article(w) and w not in vocabulary]


def likelihood(turn: Turn) -> float:
    """How likely it is that the best sentence found answers: 0..1, 0 when nothing was found."""
    if turn.worth is not None:
        return turn.worth
    if not turn.ranked or turn.found is None:
        return 0.0
    return support(turn.asking, turn.retriever, turn.found, turn.ranked[0], turn.town)


def quotations(turn: Turn) -> tuple[Quote, ...]:
    """The answer by quoting: what is found best, composed; of several questions, each in turn.

    What the corpus says to be unpublished comes last.
    """
    if turn.parts:
        answered = sorted((part for part in turn.parts if part.answered), key=lambda p: p.absent)
        return joined([quotations(part.turn) for part in answered])
    if turn.found is None:
        return ()
    asked = Asking(turn.asking, turn.found.query)
    quotes = compose(turn.ranked, asked, turn.retriever.generation.beside)
    sources = Sources(turn.retriever.generation.documents, turn.contested)
    return with_others(quotes, [c.quote for c in turn.ranked], turn.asking, sources)


def write_or_quote(turn: Turn) -> None:
    """Have the model write, each sentence shown as soon as it is checked; quote without one.

    Where nothing it wrote can be shown, or where it failed midway, quotations answer. What nobody
    published, questions asked together and one in another language are not left to a model.
    """
    quotes = ranking.each(turn.ranked) if turn.listed else quotations(turn)
    if turn.style is Style.PLAIN and not (turn.parts or turn.listed):
        quotes = plain.answer(turn.ranked, quotes, turn.asking, turn.retriever.generation)
    if (
        turn.writer is not None
        and turn.language == "fr"
        and not (turn.parts or turn.ranked[0].absence)
    ):
        _write(turn, turn.writer)
    if not turn.draft or turn.failed:
        turn.draft += _not_cited(quotes, turn.citations) or quotes


def _write(turn: Turn, writer: Writer) -> None:
    turn.emit("status", {"step": "write"})
    passages = {candidate.quote.passage.id: candidate.quote.passage for candidate in turn.ranked}
    try:
        # Those of the generation that found the passages: another may be live by now.
        acronyms = turn.retriever.generation.acronyms
        given = tuple(passages.values())
        for written in writer.write(turn.searched, given, acronyms, turn.reader, turn.style):
            _show(turn, written)
    except ModelFailed as failure:
        if failure.cause is Cause.LEFT:
            log.info("nobody waits for what %s writes", writer.name)
            return  # what was shown is the answer: no fault of the model
        log.warning("%s did not write: %s", writer.name, failure)
        turn.failed = True


def _show(turn: Turn, written: Written) -> None:
    """Show a sentence and its proof, if they stand in the live generation."""
    known = turn.citations
    turn.draft += (written,)
    check(turn)
    if len(turn.sentences) < len(turn.draft):
        turn.draft = turn.draft[:-1]
        check(turn)
        return
    if turn.citations != known:
        turn.emit("citations", {"citations": turn.citations})
    turn.emit("sentence", dataclasses.asdict(turn.sentences[-1]))
    turn.shown += 1


def _not_cited(quotes: Sequence[Quote], citations: Sequence[Citation]) -> tuple[Quote, ...]:
    """The quotations that no citation shows already."""
    cited = {(c.passage_id, c.start, c.end) for c in citations}
    return tuple(q for q in quotes if (q.passage.id, q.start, q.end) not in cited)


def check(turn: Turn) -> None:
    """Keep the sentences whose words or proofs stand in a passage of the live generation."""
    generation = turn.retriever.generation
    turn.sentences, turn.citations = verify(turn.draft, generation.by_id, generation.documents)
    if turn.language == "en":
        turn.sentences = tuple(map(_in_english, turn.sentences))


def _in_english(sentence: Sentence) -> Sentence:
    """The same words, what we say before them being in English."""
    frame = sentence.before.strip()
    return dataclasses.replace(
        sentence, before=sentence.before.replace(frame, translations.told(frame, "en"))
    )


def withhold(turn: Turn) -> None:
    """End with what passed the check, or say that nothing did."""
    if not turn.sentences:
        turn.nearest = _near(turn)
        turn.end(Outcome.WITHHELD_UNSUPPORTED)
        return
    if turn.failed:
        turn.end(Outcome.FAILED_MODEL, messages.INTERRUPTED if turn.shown else None)
    elif any(not part.answered or part.absent for part in turn.parts):
        turn.end(Outcome.PARTIAL, _missing(turn))
    else:
        absent = not turn.parts and turn.ranked[0].absence
        outcome = Outcome.NOT_PUBLISHED if absent else Outcome.ANSWERED
        turn.end(outcome, _introduction(turn, outcome))
    if turn.shown < len(turn.sentences):
        _complete(turn)


def _missing(turn: Turn) -> str:
    """What is said, in the resident's words, of the parts without an answer."""
    missing = [part.words for part in turn.parts if not part.answered]
    return messages.missing(missing, [part.words for part in turn.parts if part.absent])


def _introduction(turn: Turn, outcome: Outcome) -> str | None:
    """What is said before words in another language than the question's, or that were amended."""
    generation = turn.retriever.generation
    first = generation.by_id[turn.citations[0].passage_id]
    written = generation.documents[first.document_id].language
    foreign = turn.language != "fr" and written != turn.language
    said = translations.introduction(outcome, turn.language) if foreign else None
    return "\n".join(filter(None, [said, *messages.amended(turn.citations)])) or None


def _complete(turn: Turn) -> None:
    """Show what is not shown yet; after an interruption, the whole answer takes its place."""
    if turn.shown:
        shown = {"text": turn.text(), "sentences": turn.sentences, "citations": turn.citations}
        turn.emit("replace", shown)
        return
    turn.emit("citations", {"citations": turn.citations, "introduction": turn.message})
    for sentence in turn.sentences:
        turn.emit("sentence", dataclasses.asdict(sentence))


STEPS: Sequence[Step] = (
    mask,
    refuse,
    make_stand_alone,
    look_up,
    search,
    divide,
    say_no,
    write_or_quote,
    check,
    withhold,
)


def run(turn: Turn, steps: Sequence[Step] = STEPS) -> Answer:
    """Run the steps until one ends the turn; whatever the ending, it is timed, kept, returned."""
    for step in steps:
        started = time.perf_counter()
        try:
            step(turn)
        except Exception:
            # The resident gets an outcome, the operator the traceback; no question is logged.
            log.exception("step %s failed", step.__name__)
            turn.sentences = turn.citations = ()
            turn.end(Outcome.FAILED_SEARCH)
        turn.seconds[step.__name__] = time.perf_counter() - started
        if turn.outcome is not None:
            break
    answer = turn.answer()
    turn.record(turn, answer)  # before anyone can say what they think of it
    turn.emit("done", {"answer": answer})
    return answer


def _near(turn: Turn) -> tuple[Citation, ...]:
    if turn.found is None:
        return ()
    generation = turn.retriever.generation
    return tuple(
        cite(
            number,
            hit.passage,
            generation.documents[hit.passage.document_id],
            0,
            len(hit.passage.text),
        )
        for number, hit in enumerate(turn.found.hits[:_NEAREST], 1)
    )


def _joined(sentences: Sequence[Sentence]) -> str:
    return "".join(sentence.before + sentence.text for sentence in sentences).strip()
