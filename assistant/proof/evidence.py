"""What may prove a written sentence: words that state something of the world, to anyone.

A planted order does not. Whatever its words, it is about answering: its verb is one of saying, in
the mood of an order; it names who answers, the answer, who asks, or the page itself. A language
model is given no passage that does so: what stands beside an order is what it wants said.
Quotations still show the passage to whoever reads (index.safety.orders says which ones not even).
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.french.analysis import fold, sentences
from index.passages import Passage
from index.safety.orders import gives_orders
from index.safety.parts import parts


def testifies(passage: Passage) -> bool:
    """Whether sentences may be written from a passage: neither it nor its headings say how to."""
    return states("\n".join((*passage.headings, passage.text)))


@lru_cache(maxsize=4096)  # the passages of a subject come back with each of its questions
def states(text: str) -> bool:
    """Whether no sentence of a text is about answering."""
    if gives_orders(text):
        return False
    found = (text[start:end] for start, end in sentences(text))
    return not any(map(speaks_of_answering, found))


def declares(sentence: str) -> bool:
    """Whether a written sentence is about the world: it asks nothing, and is not of itself."""
    return _NOT_OF_THE_WORLD.search(fold(sentence).replace("’", "'")) is None


# « Quand ouvre-t-elle, le 3 mai. », « La réponse est 12 %. »: the figure of any passage fits.
_NOT_OF_THE_WORLD = re.compile(
    r"^(?:comment|combien|quand|pourquoi|ou|qui|que|quoi|quel(?:le)?s?|est-ce|qu'est-ce|de "
    r"(?:qui|quoi|combien|quel\w*)|a (?:qui|quoi|combien|quel\w*)|devant (?:qui|quoi)|vers qui|par "
    r"qui|pour qui)\b(?! que )|"
    r"-(?:t-)?(?:ils?|elles?|on)\b|"
    r"^(?:la|ma|notre|votre|une|sa) (?:\w+ )?reponse\b(?! (?:du|de|des|minist))|"
    r"\brepon(?:d|se|dre) a (?:la|cette|votre|sa) question\b"
)


_NEAR = 120  # characters between two parts of one order: a long sentence may hold both by chance


def speaks_of_answering(sentence: str) -> bool:
    """Whether a sentence plays two parts of an order, or one that nothing else has."""
    found = parts(sentence)
    return any(name in _ALONE for name, _, _ in found) or any(
        one[0] != other[0] and one[2] <= other[1] <= one[2] + _NEAR
        for one in found
        for other in found
    )


_ALONE = frozenset({"tu", "teller", "play"})
