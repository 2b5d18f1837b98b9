"""Questions about the assistant itself: told from those of the subject, and answered truly."""

from __future__ import annotations

import pytest

from assistant import messages
from assistant.answers import Outcome
from assistant.deciding.itself import about, ending
from index.encoder.embedding import Embedder, load


@pytest.fixture(scope="module")
def shipped() -> Embedder:
    return load("")


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("Pouvez-vous effacer toutes mes données ?", "about_data"),
        ("vous gardez quoi comme infos sur moi", "about_data"),
        ("d'où viennent tes réponses ?", "about_sources"),
        ("qui est responsable de ce robot ?", "about_responsible"),
        ("je pense que tu te trompes", "about_wrong"),
        ("je veux parler à quelqu'un", "about_human"),
        ("t'es une ia ?", "about_robot"),
        ("Qui est responsable de l'ORT ?", None),
        ("D'où vient l'argent de Petites villes de demain ?", None),
        ("Quelles aides pour ma boutique ?", None),
        ("Combien de rues sont dans le périmètre ?", None),
    ],
)
def test_what_is_asked_of_itself_is_told(
    question: str, label: str | None, shipped: Embedder
) -> None:
    assert about(question, shipped) == label


def test_what_it_keeps_is_what_the_settings_say() -> None:
    kept = ending("about_data", 30)
    assert kept.outcome is Outcome.IDENTITY
    assert kept.message is not None and " 30 jours" in kept.message
    assert ending("about_data", 0).message == messages.ABOUT_NOTHING_KEPT
