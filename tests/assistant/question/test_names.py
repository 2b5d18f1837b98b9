from __future__ import annotations

import pytest

from assistant.question.names import names


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Lecornu a promis combien ?", []),  # a capital that begins a sentence says nothing
        ("Et Lecornu, il a promis combien ?", ["lecornu"]),
        ("Ça marche en SCI ?", ["sci"]),
        ("SCI, ça marche ?", ["sci"]),
        ("ÇA MARCHE EN SCI ?", []),
        ("Bonjour. Combien ?", []),
        ("« Combien » dit le maire", []),
    ],
)
def test_names_have_a_capital_where_nothing_begins(question: str, found: list[str]) -> None:
    assert names(question) == found
