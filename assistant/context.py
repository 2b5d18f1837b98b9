"""What an answer depends on besides the question: the index, the town, the clock, the writer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Protocol

from assistant.answers import Style
from assistant.deciding.answerability import Town, threshold
from assistant.quoting.citations import Written
from assistant.quoting.conflicts import Sources
from assistant.quoting.rows import Lists
from assistant.validated.wordings import Wordings
from assistant.writing.cancellation import Reader
from corpus.catalogue import Contact
from index.french.verbatim import Verbatim
from index.generation import Generation
from index.passages import Passage
from index.search.retriever import Retriever


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
class Context:
    """One town, at one moment.

    `contacts` are all that the catalogue publishes, the town hall first; `home` the names of the
    town and of its intercommunality, `town` their tokens; `absences` the numbers of the facts that
    say that something was not found, `contested` of those whose sources contradict each other.
    `kept_days` is how many days an answer is kept, 0 for none. Without `today` no date is said to
    be past. `hidden` are the positions of the passages that a measure leaves out. `validated` are
    the town's own answers.
    """

    retriever: Retriever
    contacts: tuple[Contact, ...] = ()
    home: tuple[str, ...] = ()
    town: Town = Town()
    absences: frozenset[str] = frozenset()
    contested: frozenset[str] = frozenset()
    kept_days: int = 0
    today: date | None = None
    hidden: frozenset[int] = frozenset()
    writer: Writer | None = None
    validated: Wordings | None = None

    @property
    def generation(self) -> Generation:
        return self.retriever.generation

    @property
    def threshold(self) -> float:
        """The likelihood from which a question is answered."""
        return threshold()

    @property
    def lists(self) -> Lists:
        generation = self.generation
        return Lists(
            generation.register, generation.acronyms, generation.vocabulary, generation.speller
        )

    @property
    def sources(self) -> Sources:
        return Sources(self.generation.documents, self.contested)

    def published(self) -> Iterator[Verbatim]:
        """What anyone can read: the catalogue's contacts, and the passages."""
        told = ((contact.phone, contact.email, contact.address) for contact in self.contacts)
        yield Verbatim(filter(None, chain.from_iterable(told)))
        yield self.generation.verbatim
