"""Questions that a language model writes of passages, before anyone asks them.

What it writes is believed on no point: a line of another form is no question, and one with personal
data, an address, an order, or that asks nothing in French is unfit. Whether a passage answers it
is for the search and the decision to say (assistant.expanding).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from string import Template

from langchain_core.messages import HumanMessage, SystemMessage

from assistant.errors import Cause, ModelFailed
from assistant.privacy.masking import mask
from assistant.question.languages import language
from assistant.question.typed import tidy
from assistant.writing.cutting import strange
from assistant.writing.writer import ADDRESS, Source, escaped
from index.french.analysis import sentences, words
from index.french.verbatim import Verbatim
from index.passages import Passage
from index.safety.orders import gives_orders

EACH = 5  # questions of a sentence: with two, what residents ask is too unlike any of them
MOST = 40  # questions of one request: about 1,000 tokens, where an endpoint cuts at 1,200
LONGEST = 240  # characters: the longest of those that we wrote by hand have 300, half of them 80
NOTHING = "Aucune question."  # what a model says of passages that teach nothing
SENTENCES = MOST // EACH  # of one request, a longer passage being alone in its own
REGISTERS = frozenset(
    {
        *("plain", "oral", "sms", "typo", "unaccented", "keywords", "situational"),
        *("indirect", "check"),
    }
)
_WRITTEN = re.compile(r"[\W_]*(\d{1,3})\]?\s*\|\s*(\w+)\s*\|\s*(.+)")


class Unfit(StrEnum):
    """Why a question is left out, whatever the passages say."""

    LENGTH = "trop longue, ou d'un seul mot"
    LINK = "contient une adresse ou un signe de code"
    PERSONAL = "contient une donnée personnelle"
    ORDER = "donne un ordre à l'assistant"
    LANGUAGE = "n'est pas en français"
    STATEMENT = "n'est pas une question"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A question as it was written, for the sentence of this order (0 the first) of a passage."""

    passage: Passage
    order: int
    register: str
    text: str

    @property
    def sentence(self) -> str:
        start, end = sentences(self.passage.text)[self.order]
        return self.passage.text[start:end]


@dataclass(frozen=True, slots=True)
class Batch:
    """Passages of one document that are given together, their sentences numbered from 1."""

    passages: tuple[Passage, ...]

    @property
    def prompt(self) -> str:
        blocks, number = [], 0
        for passage in self.passages:
            lines = [f"Titre : {' / '.join(passage.headings)}"]
            for start, end in sentences(passage.text):
                number += 1
                lines.append(f"[{number}] {passage.text[start:end]}")
            blocks.append("<passage>\n" + escaped("\n".join(lines)) + "\n</passage>")
        return "\n\n".join(blocks)

    def named(self, number: int) -> tuple[Passage, int] | None:
        """The sentence of a number."""
        for passage in self.passages:
            count = len(sentences(passage.text))
            if 1 <= number <= count:
                return passage, number - 1
            number -= count
        return None


def batches(passages: Iterable[Passage]) -> list[Batch]:
    """Passages, those of a document together, as few requests as SENTENCES allows."""
    found: list[list[Passage]] = []
    room, document = 0, ""
    for passage in passages:
        size = len(sentences(passage.text))
        if passage.document_id != document or size > room:
            found.append([])
            room, document = SENTENCES, passage.document_id
        found[-1].append(passage)
        room -= size
    return [Batch(tuple(each)) for each in found]


def rules() -> str:
    """What a model is told before the passages."""
    text = (files("assistant.writing") / "prompts" / "expansion.md").read_text(encoding="utf-8")
    return Template(text).substitute(each=EACH, most=MOST, nothing=NOTHING)


def write(source: Source, batch: Batch) -> list[Proposed]:
    """What a model proposes for the passages of a batch, each wording once, MOST at most.

    Raises ModelFailed when it does not write to its end, or nothing that can be read.
    """
    text = ""
    messages = [SystemMessage(rules()), HumanMessage(batch.prompt)]
    with closing(source.stream(messages, lambda: len(list(_read(text, batch))), None)) as pieces:
        for piece in pieces:
            text += piece
    found = {proposed.text: proposed for proposed in _read(text, batch)}
    if not found and text.strip() != NOTHING:
        raise ModelFailed(Cause.UNREADABLE, detail="no question")
    return list(found.values())[:MOST]


def _read(text: str, batch: Batch) -> Iterator[Proposed]:
    for line in text.splitlines():
        if written := _WRITTEN.fullmatch(line.strip()):
            number, register, question = written.groups()
            named = batch.named(int(number))
            if named is not None and (tidied := tidy(question).strip(' "«»')):
                known = register if register in REGISTERS else "plain"
                yield Proposed(*named, known, tidied)


def unfit(text: str, published: Iterable[Verbatim] = ()) -> Unfit | None:
    """Why a question is left out before anything is searched; `published` as for a mask."""
    if len(text) > LONGEST or len(words(text)) < 2:
        return Unfit.LENGTH
    if ADDRESS.search(text) or strange(text):
        return Unfit.LINK
    if mask(text, lambda: published).kinds:
        return Unfit.PERSONAL
    if gives_orders(text):
        return Unfit.ORDER
    if language(text) != "fr":
        return Unfit.LANGUAGE
    if text.endswith((".", "!", ";", ":")) and "?" not in text:
        return Unfit.STATEMENT
    return None


def masked(text: str) -> str:
    """A question as its line shows it: bounded, without personal data."""
    return mask(text[:LONGEST]).text


def tokens(batches: Sequence[Batch]) -> tuple[int, int]:
    """About how many tokens these requests take, read then written at most: 3.5 characters of
    French each, 25 a question."""
    read = len(rules()) * len(batches) + sum(len(batch.prompt) for batch in batches)
    written = sum(min(MOST, EACH * batch.prompt.count("\n[")) for batch in batches)
    return round(read / 3.5), 25 * written
