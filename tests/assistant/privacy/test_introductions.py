"""The question behind an introduction is the one that would have been asked without it."""

from __future__ import annotations

import pytest

from assistant.privacy.introductions import without

NAME, PHONE, ADDRESS = "[nom masqué]", "[téléphone masqué]", "[adresse masquée]"


@pytest.mark.parametrize(
    ("masked", "bare"),
    [
        (f"Bonjour je suis {NAME}, {PHONE}, ai-je droit ?", "ai-je droit ?"),
        (f"bonjour je suis {NAME} ai je droit", "ai je droit"),
        (f"je m'appelle {NAME} et je voudrais louer", "je voudrais louer"),
        (f"ai-je droit ? merci, {NAME}", "ai-je droit ?"),
        (f"ai je droit mon tel {PHONE} merci", "ai je droit"),
        ("je suis né à Redon le [date de naissance masquée], ai-je droit", "ai-je droit"),
        (f"j'habite {ADDRESS}, ai-je droit", "ai-je droit"),
        (f"mon logement au {ADDRESS} est-il dans l'ORT ?", "mon logement est-il dans l'ORT ?"),
        (f"Mme {NAME} peut-elle louer ?", f"Mme {NAME} peut-elle louer ?"),
        (f"ma voisine {NAME} touche-t-elle ?", f"ma voisine {NAME} touche-t-elle ?"),
        (f"Bonjour je suis {NAME}", f"Bonjour je suis {NAME}"),
        ("je suis commerçant, ai-je droit ?", "je suis commerçant, ai-je droit ?"),
    ],
)
def test_who_asks_is_no_word_of_the_question(masked: str, bare: str) -> None:
    assert without(masked) == bare
