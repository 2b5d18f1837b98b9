"""What is right of a sentence, and which known questions a search does without."""

import pytest

from assistant.learning.examples import Asked, Hidden, _is_out
from index.questions.known import Known


@pytest.mark.parametrize(
    ("sentence", "held"),
    [
        ("Taxe : Foncier bâti ; Taux 2024 : 41,20 %", True),
        ("Taxe : Foncier non bâti ; Taux 2024 : 46,85 %", False),
        ("Le taux est de 41,20 %.", False),
    ],
)
def test_a_row_answers_when_it_holds_each_cell(sentence: str, held: bool) -> None:
    asked = Asked("quel taux ?", frozenset({"Foncier bâti | 41,20 %"}), "towns", document="taux")
    assert asked.holds(sentence) is held


def test_what_answers_is_left_out_with_others_that_would_tell() -> None:
    asked = Asked("Qui a signé ?", frozenset({"1"}), "known")
    others = [Known(f"Question {n} ?", (str(n),)) for n in range(2, 200)]
    out = [_is_out(asked, Hidden.FACTS, known) for known in others]
    assert 0.3 < sum(out) / len(out) < 0.7
    assert _is_out(asked, Hidden.FACTS, Known("Par qui ?", ("1", "3")))
    assert not any(_is_out(asked, Hidden.ITSELF, known) for known in others)
    assert all(_is_out(asked, Hidden.ALL, known) for known in others)
    assert _is_out(asked, Hidden.ITSELF, Known("Qui a signé ?", ("1",)))
