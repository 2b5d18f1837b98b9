from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant.question.languages import language

LINES = (
    (Path(__file__).parents[2] / "data" / "languages.tsv").read_text(encoding="utf-8").splitlines()
)
TOLD: list[tuple[str, str]] = [(line.split("\t")[0], line.split("\t")[1]) for line in LINES]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C'est quoi l'ORT ?", "fr"),
        ("Denormandie", "fr"),  # none of the small words
        ("", "fr"),
        ("le plan is", "fr"),  # one foreign small word is not a language
        ("part du programme en 2026", "fr"),
        ("What is the ORT?", "en"),
        ("Who signed the agreement in Guichen?", "en"),
        ("pvd meaning?", "en"),
        ("Petra eo an ORT ?", "br"),
        ("Pegoulz eo bet sinet ar gonvansion ?", "br"),
        ("¿Qué es Petites villes de demain?", "es"),
        ("Was ist das Denormandie?", "de"),
        ("ما هو برنامج Petites villes de demain؟", "ar"),
        ("Що таке ORT і хто її підписав?", "uk"),
        ("Вокзал", "ru"),
    ],
)
def test_small_words_and_letters_tell_the_language(text: str, expected: str) -> None:
    assert language(text) == expected


def test_short_questions_are_told_apart() -> None:
    # 236 of 243; every French one, with SMS, English words and names of towns
    wrong = Counter(code for code, text in TOLD if language(text) != code)
    assert wrong["fr"] == 0 and wrong["en"] <= 6 and wrong["br"] <= 1


def test_what_tells_nothing_is_in_the_language_of_what_came_before() -> None:
    assert language("Guipry-Messac?", ["Who signed the agreement in Guichen?"]) == "en"
    assert language("Guipry-Messac ?", ["Qui a signé la convention de Guichen ?"]) == "fr"
    assert language("Et à Guipry-Messac ?", ["Who signed the agreement in Guichen?"]) == "fr"
