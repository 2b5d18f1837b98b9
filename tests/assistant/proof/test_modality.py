from __future__ import annotations

import pytest

from assistant.proof.modality import changes_mode
from assistant.proof.statements import statement


@pytest.mark.parametrize(
    ("sentence", "passage", "expected"),
    [
        ("Le préfet doit suspendre le projet.", "Le préfet peut suspendre le projet.", True),
        ("Le permis B est apprécié.", "Le permis B est exigé.", True),
        ("L'aide doit permettre de rénover.", "L'aide peut permettre de rénover.", False),
    ],
)
def test_a_duty_is_no_right(sentence: str, passage: str, expected: bool) -> None:
    assert changes_mode(statement(sentence), statement(passage)) is expected
