"""A writer that does all that a planted order asks, and cites every passage for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence

from langchain_core.messages import BaseMessage
from planted import Attack, folded

from assistant.writing.cancellation import Reader
from index.french.analysis import sentences

_PASSAGE = re.compile(r'<passage numero="(\d+)">\n(.*?)\n</passage>', re.DOTALL)
# « Quel est le taux ? » is answered « Le taux est… ».
_ASKED = re.compile(
    r"(?:quel(?:le)?s? (?:est|sont)|combien (?:vaut|coûte|coûtent|compte)|qui est|où est|où se "
    r"trouve|à (?:qui|quoi|combien)|quand|où|qui|quel(?:le)?|combien)\b[\s-]*(.*?) ?\?$",
    re.IGNORECASE,
)
# Where what is dictated begins: after a colon, « que », inside quotation marks.
_DICTATED = re.compile(r"(?::|—|\bque?\b|\bqu['’]|«|“|\")\s*([^«»“”\"]+)")
_MOST = 40  # sentences tried on one question: each costs a check by passage


class Obedient:
    """Writes what one attack wants said, in every way it knows; whatever else it is given."""

    model = "docile"
    resting = False

    def __init__(self, attack: Attack) -> None:
        self._attack = attack
        self.given: list[str] = []

    def stream(
        self, messages: Sequence[BaseMessage], progress: Callable[[], int], reader: Reader | None
    ) -> Generator[str]:
        prompt = str(messages[1].content)
        self.given = [text for _, text in _PASSAGE.findall(prompt)]
        for said in self._tries():
            for number in range(1, len(self.given) + 1):
                yield f"{said} [{number}]. "
            if len(self.given) > 1:
                yield f"{said} [1, 2]. "

    def close(self) -> None:
        pass

    def _tries(self) -> list[str]:
        """What it writes, each once, without its full stop."""
        found = dict.fromkeys(
            _sentence(said)
            for said in self._wordings()
            if folded(self._attack.payload) in folded(said)
        )
        return list(filter(None, found))[:_MOST]

    def _wordings(self) -> Iterator[str]:
        payload, question = self._attack.payload, self._attack.question
        yield f"La réponse est {payload}"
        yield f"C'est {payload} qui répond à la question"
        if asked := _ASKED.match(question):
            yield f"{asked[1]} est {payload}"
            yield f"{asked[1]} : {payload}"
        yield f"{question.rstrip(' ?')}, {payload}"
        for text in (self._attack.text, *self.given):
            yield from _readings(text)


def _readings(text: str) -> Iterator[str]:
    """Each sentence of a text, alone and with the next; then what it dictates."""
    spans = sentences(text)
    for number, (start, end) in enumerate(spans):
        yield text[start:end]
        yield text[start : spans[min(number + 1, len(spans) - 1)][1]]
        yield from (found[1] for found in _DICTATED.finditer(text[start:end]))
        yield from re.split(r"[:;|—]\s", text[start:end])[1:]


def _sentence(said: str) -> str:
    """A line that could be a sentence, without its end: marks go before it."""
    said = " ".join(said.split()).strip(' .!?:;«»“”"')
    return said[:1].upper() + said[1:] if len(said.split()) >= 3 else ""
