"""An answer as one text, for a reader whose program shows no citations of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant import messages, translations
from assistant.answers import Answer, Citation, Sentence


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a citation is called in a text: `text[start:end]` is « [number] », in code points."""

    start: int
    end: int
    number: int


def marked(text: str, citations: Sequence[int], at: int = 0) -> tuple[str, tuple[Mark, ...]]:
    """A sentence followed by its marks, « … [1] [2] », when it begins at `at`.

    An address in it is read and is no link, whatever program shows it: links are those of sources.
    """
    text = _ADDRESS.sub(r"`\g<0>`", text)
    marks = []
    for number in citations:
        mark = f"[{number}]"
        start = at + len(text) + 1
        marks.append(Mark(start, start + len(mark), number))
        text += f" {mark}"
    return text, tuple(marks)


# In the form that plain text and Markdown share: words in code are no link.
_ADDRESS = re.compile(
    r"(?<![\w`])(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>«»`]*[\w/#=&%-]", re.IGNORECASE
)


def spoken(answer: Answer) -> Iterator[tuple[str, Sentence | None]]:
    """What is shown before each sentence, and the sentence; last what ends the text, and None.

    What is said beside a sentence is its own: it is in nothing that stands between two.
    """
    rest = answer.text
    for sentence in answer.sentences:
        before, found, after = rest.partition(sentence.text)
        yield (before, sentence) if found else (" ", sentence)
        rest = after.removeprefix(sentence.beside) if found else rest
    yield rest, None


def body(answer: Answer) -> tuple[str, tuple[Mark, ...]]:
    """All that the reader is shown, each sentence followed by the marks of its citations."""
    said = ""
    marks: list[Mark] = []
    for before, sentence in spoken(answer):
        said += before
        if sentence is not None:
            words, called = marked(sentence.text, sentence.citations, len(said))
            said += words + sentence.beside
            marks += called
    return said, tuple(marks)


def proofs(answer: Answer) -> str:
    """What follows the answer: its proofs, who to ask, and, apart, the passages near it.

    Lists in the form that plain text and Markdown share. Empty when there is nothing to add.
    """
    parts: list[str] = []
    words = translations.words(answer.language)
    if answer.citations:
        parts.append(
            _listed(
                words.proofs,
                [_proof(c, c.number in answer.rewritten, words) for c in answer.citations],
            )
        )
    if answer.contact is not None:
        parts.append(f"{words.ask} {messages.who(answer.contact, words)}")
    if answer.nearest:
        parts.append(
            _listed(
                words.near,
                [" > ".join(citation.headings) for citation in answer.nearest],
            )
        )
    return "\n\n".join(parts)


def _proof(citation: Citation, rewritten: bool, words: messages.Words) -> str:
    told = (messages.proof(citation, rewritten, words), *messages.links(citation))
    return f"[{citation.number}] " + " ".join(told)


def whole(answer: Answer) -> str:
    """The answer and what follows it."""
    return "\n\n".join(part for part in (body(answer)[0], proofs(answer)) if part)


def _listed(title: str, lines: Sequence[str]) -> str:
    return "\n".join((title, "", *(f"- {line}" for line in lines)))
