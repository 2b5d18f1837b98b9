"""Answers by writing: a language model writes, and each sentence is checked before it is shown.

What it writes is believed on no point: a sentence that cites nothing, cites what it was not given,
holds an address, markup or what its passages do not say is dropped without a trace on the screen.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Protocol

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.answers import Style
from assistant.proof.assertions import asserts, contradicts, is_plain
from assistant.proof.evidence import declares, testifies
from assistant.quoting.citations import Quote, Written
from assistant.writing.cancellation import Reader
from assistant.writing.cutting import bare, cited, cut, strange
from index.french.analysis import ACRONYMS, fold, words
from index.passages import Passage

log = logging.getLogger(__name__)

# A sentence without its [n], the texts of the passages it cites, each heading a line, and what the
# corpus's acronyms stand for -> None when they say it, else a short word for what they do not say.
Check = Callable[[str, Sequence[str], Mapping[str, str]], str | None]
# A sentence and the text of a passage -> where in the text is what says it.
Supporting = Callable[[str, str], tuple[int, int]]

MAX_SENTENCES = 6
_FEWEST = 3  # words: « 8 250. » answers with what a planted order wants said
MAX_CITED = 3  # a sentence « proved » by more passages is proved by none that a reader can check
MAX_PASSAGES = 6
MAX_CHARACTERS = 8000  # of passages, about 2,000 tokens: small models lose what is beyond


class Source(Protocol):
    """What streams a model's words; see assistant.writing.endpoint."""

    model: str

    @property
    def resting(self) -> bool: ...

    def stream(
        self, messages: Sequence[BaseMessage], progress: Callable[[], int], reader: Reader | None
    ) -> Generator[str]: ...

    def close(self) -> None: ...


class Writer:
    """Writes answers from passages. `prompt` names the version of the prompts."""

    def __init__(self, source: Source, check: Check, supporting: Supporting) -> None:
        self._source = source
        self._check = check
        self._supporting = supporting
        folder = files("assistant.writing") / "prompts"
        self._rules = (folder / "redaction.md").read_text(encoding="utf-8")
        self._question = (folder / "question.md").read_text(encoding="utf-8")
        self._plain = (folder / "simple.md").read_text(encoding="utf-8")
        every = "\n".join((self._rules, self._plain, self._question)).encode()
        self.prompt = hashlib.blake2b(every, digest_size=8).hexdigest()

    @property
    def name(self) -> str:
        """The model that writes."""
        return self._source.model

    @property
    def resting(self) -> bool:
        """Whether the model failed so often that it is left alone."""
        return self._source.resting

    def write(
        self,
        question: str,
        passages: Sequence[Passage],
        acronyms: Mapping[str, str] = ACRONYMS,
        reader: Reader | None = None,
        style: Style = Style.STANDARD,
    ) -> Iterator[Written]:
        """The sentences that pass the check, as they come; `acronyms` as the passages' index has.

        Raises ModelFailed when the model does not write to its end, or when `reader` leaves; what
        came before is good.
        """
        given = _Given.of(passages, acronyms)
        if not given.passages:
            return
        judged: list[Written | str] = []

        def progress() -> int:
            # Once one is shown, a sentence that is refused is progress too, if it cites: a model
            # at work. What drips without end cites nothing.
            good = any(isinstance(each, Written) for each in judged)
            return sum(each != "uncited" for each in judged) if good else 0

        messages = self._messages(question, given, style)
        with closing(self._source.stream(messages, progress, reader)) as pieces:
            try:
                for sentence in cut(pieces):
                    found = self._judged(sentence, given, judged)
                    judged.append(found)
                    if isinstance(found, Written):
                        yield found
                    if sum(isinstance(each, Written) for each in judged) == MAX_SENTENCES:
                        break
            finally:
                reasons = Counter("shown" if isinstance(j, Written) else str(j) for j in judged)
                log.info("sentences written: %s", dict(reasons))

    def close(self) -> None:
        self._source.close()

    def _messages(self, question: str, given: _Given, style: Style) -> list[BaseMessage]:
        blocks = (
            f'<passage numero="{number}">\n{escaped(text)}\n</passage>'
            for number, text in enumerate(given.shown, 1)
        )
        asked = Template(self._question).substitute(
            passages="\n\n".join(blocks), question=escaped(question)
        )
        rules = f"{self._rules}\n{self._plain}" if style is Style.PLAIN else self._rules
        return [SystemMessage(rules), HumanMessage(asked)]

    def _judged(
        self, sentence: str, given: _Given, before: Sequence[Written | str]
    ) -> Written | str:
        """The sentence with its proofs, or why it is refused; `before`: those before it."""
        numbers = cited(sentence)
        if not numbers:
            return "uncited"
        if len(numbers) > MAX_CITED or not all(1 <= n <= len(given.texts) for n in numbers):
            return "wrongly cited"
        text = bare(sentence)
        if not _ENDED.search(text) or strange(text):
            return "markup"
        if len(words(text)) < _FEWEST:
            return "fragment"
        if not declares(text):
            return "of itself"
        told = given.told(text, numbers)
        if told is None:
            return "link"
        if before and isinstance(before[-1], str) and _LEANING.match(fold(told)):
            return "leaning"
        if any(isinstance(b, Written) and fold(b.text) == fold(told) for b in before):
            return "repeated"
        return self._proved(told, numbers, given)

    def _proved(self, text: str, numbers: Sequence[int], given: _Given) -> Written | str:
        # Passages that say the whole of it each are better proof than all of them together.
        alone = [
            n for n in numbers if self._check(text, [given.texts[n - 1]], given.acronyms) is None
        ]
        if not alone:
            reason = self._check(text, [given.texts[n - 1] for n in numbers], given.acronyms)
            if reason is not None:
                return reason
        proofs = tuple(self._proof(text, given.passages[n - 1]) for n in alone or numbers)
        return self._asserted(text, proofs, given) or Written(text, proofs)

    @staticmethod
    def _asserted(text: str, proofs: Sequence[Quote], given: _Given) -> str | None:
        """Why publications do not assert the sentence; None when they do, or a fiche does.

        Our fiches were read before they were published; a page may say anything.
        """
        if any(proof.passage.spans for proof in proofs):
            return None
        if not is_plain(text) or not all(asserts(proof.text, text) for proof in proofs):
            return "not asserted"
        fiches = (t for p, t in zip(given.passages, given.texts, strict=True) if p.spans)
        return "contradicted" if any(contradicts(fiche, text) for fiche in fiches) else None

    def _proof(self, text: str, passage: Passage) -> Quote:
        return Quote(passage, *self._supporting(text, passage.text))


@dataclass(frozen=True, slots=True)
class _Given:
    """The passages of one question: `texts` to check with, `shown` to the model, by number - 1.

    `addresses` are what LIEN_1, LIEN_2… stand for.
    """

    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    shown: tuple[str, ...]
    addresses: Mapping[str, str]
    acronyms: Mapping[str, str]

    @classmethod
    def of(cls, passages: Iterable[Passage], acronyms: Mapping[str, str]) -> _Given:
        kept: list[Passage] = []
        texts: list[str] = []
        for passage in filter(testifies, passages):
            text = "\n".join((*passage.headings, passage.text))
            if len(kept) == MAX_PASSAGES:
                break
            if sum(map(len, texts)) + len(text) > MAX_CHARACTERS:
                continue
            kept.append(passage)
            texts.append(text)
        found = dict.fromkeys(a for text in texts for a in ADDRESS.findall(text))
        named = {address: f"LIEN_{number}" for number, address in enumerate(found, 1)}
        shown = (ADDRESS.sub(lambda a: named[a[0]], text) for text in texts)
        addresses = {name: address for address, name in named.items()}
        return cls(tuple(kept), tuple(texts), tuple(shown), addresses, acronyms)

    def told(self, text: str, numbers: Sequence[int]) -> str | None:
        """A sentence with its addresses back; None when one is not of the passages it cites."""
        if ADDRESS.search(text):
            return None
        cited = [self.texts[number - 1] for number in numbers]
        named = [self.addresses.get(name) for name in _LINK.findall(text)]
        if not all(address and any(address in t for t in cited) for address in named):
            return None
        return _LINK.sub(lambda name: self.addresses[name[0]], text)


# An address of the web or of mail, with or without its scheme; the point that ends a sentence, or
# the bracket around it, is not of it.
ADDRESS = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]*://|www\.|(?:mailto|tel|javascript|data):)[^\s<>«»\"]*[^\s<>«»\".,;:!?)\]']"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:/[^\s<>«»\"]*[^\s<>«»\".,;:!?)\]'])?",
    re.IGNORECASE,
)
_LINK = re.compile(r"\bLIEN_\d+\b")
# « Elle dure cinq ans » says whose duration only to who has read the sentence before.
_LEANING = re.compile(
    r"(?:il|elle|ils|elles|on|cela|ceci|ca|c'|ce|cet|cette|ces|celui|celle|ceux|celles|son|sa|ses|"
    r"leurs?|y|en|de plus|ensuite|puis|mais|toutefois|cependant|or|donc|ainsi|sinon)\b"
)
_ENDED = re.compile(r"\w.*[.!?…»)]$")


def escaped(text: str) -> str:
    """A text that cannot close the tag it stands in."""
    return text.replace("<", "‹").replace(">", "›")
