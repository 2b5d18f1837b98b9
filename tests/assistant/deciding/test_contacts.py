from __future__ import annotations

import pytest

from assistant.deciding.contacts import who_to_ask
from corpus.catalogue import Contact


def _contact(name: str, *subjects: str) -> Contact:
    return Contact(name=name, checked="2026-11-22", subjects=subjects)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Je cherche un local vacant pour ma boutique", "VHBC"),
        ("Les locaux vacants ?", "VHBC"),  # in any form
        ("Je cherche un local", "Mairie"),  # only one word of the subject
        ("Qui autorise un magasin ? la cdac ?", "Préfecture"),
        ("Quel temps fait-il ?", "Mairie"),
    ],
)
def test_who_to_ask_follows_the_subject(question: str, name: str) -> None:
    listed = [_contact("Mairie"), _contact("VHBC", "local vacant"), _contact("Préfecture", "cdac")]
    found = who_to_ask(question, listed)
    assert found is not None and found.name == name


def test_nobody_is_named_where_the_catalogue_names_nobody() -> None:
    assert who_to_ask("Qui ?", []) is None
