from __future__ import annotations

import pytest

from assistant.languages import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C'est quoi l'ORT ?", "fr"),
        ("Denormandie", "fr"),  # none of the small words of the three
        ("", "fr"),
        ("le plan is", "fr"),  # one foreign small word is not a language
        ("part du programme en 2026", "fr"),
        ("What is the ORT?", "en"),
        ("Who signed the agreement in Guichen?", "en"),
        ("How much is it?", "en"),
        ("Petra eo an ORT ?", "br"),
        ("Pegoulz eo bet sinet ar gonvansion ?", "br"),
    ],
)
def test_small_words_tell_the_language(text: str, expected: str) -> None:
    assert language(text) == expected
