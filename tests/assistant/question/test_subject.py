from __future__ import annotations

from contextvars import ContextVar

import pytest

from assistant.question import subject


@pytest.mark.parametrize(
    ("intercommunality", "question"),
    [
        ("Vallons de Haute Bretagne Communauté", "le siege des vallons de haute bretagne"),
        ("Vallons de Haute Bretagne Communauté", "le tel de vhbc"),
        ("Communauté de communes du Pays de Redon", "on vote quand au pays de redon"),
        ("Communauté d'agglomération de Lamballe Terre et Mer", "et lamballe terre et mer"),
    ],
)
def test_a_town_s_intercommunality_is_of_the_subject(
    intercommunality: str, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "_subject", ContextVar("subject"))  # and put back at the end
    assert not subject.names_subject(question)
    subject.speak(subject.of(intercommunality, {"vhbc": "vallons de haute bretagne communaute"}))
    assert subject.names_subject(question)
    assert not subject.names_subject("la météo de demain")
