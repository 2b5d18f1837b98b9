import pytest

from corpus.days import MONTHS, month, written


def test_a_month_is_known_with_its_accents_or_without() -> None:
    assert [month(name) for name in MONTHS] == list(range(1, 13))
    assert [month(name) for name in ("fevrier", "AOÛT", "aout", "Decembre")] == [2, 8, 8, 12]


@pytest.mark.parametrize(
    ("day", "said"), [("2026-03-01", "1er mars 2026"), ("2026-12-22", "22 décembre 2026")]
)
def test_a_day_is_said_in_words(day: str, said: str) -> None:
    assert written(day) == said
