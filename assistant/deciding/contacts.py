"""Who to ask, by the subject of a question."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.catalogue import Contact
from index.french.analysis import published, tokens


def who_to_ask(question: str, contacts: Sequence[Contact]) -> Contact | None:
    """The contact of the subject that a question names most, else the first: the town hall.

    question    masked, in French words
    contacts    the town hall, then those of the catalogue's subjects

    A subject is named when all its words are there, in any form. None without a contact.
    """
    asked = frozenset(tokens(question))

    def named(contact: Contact) -> int:
        subjects = (frozenset(published(subject)) for subject in contact.subjects)
        return sum(len(words) for words in subjects if words and words <= asked)

    best = max(contacts[1:], key=named, default=None)
    return best if best is not None and named(best) else next(iter(contacts), None)
