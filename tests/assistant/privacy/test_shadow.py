"""A shadow: one spelling of digits, and each sign at its place in what was typed."""

from __future__ import annotations

import pytest

from assistant.privacy.shadow import shadow


@pytest.mark.parametrize(
    ("typed", "cast"),
    [
        ("zéro six douze trente-quatre", "06 12 34"),
        ("zero six un deux", "06 1 2"),
        ("٠٦ １２", "06 12"),
        ("0 6 1 2 3 4", "061234"),
        ("F R 7 6 3000", "FR76 3000"),
        ("1 - 85 - 05", "1 85 05"),
        ("06*12|34", "06 12 34"),
        ("a.b(a)c point fr", "a.b@c.fr"),
        ("une place, un local neuf", "une place, un local neuf"),
        ("12/03/1950 : 1,5 % et 30 000 €", "12/03/1950 1,5 % et 30 000 €"),
    ],
)
def test_a_shadow_has_one_spelling(typed: str, cast: str) -> None:
    assert shadow(typed).text == cast


def test_what_is_found_in_a_shadow_has_its_place_in_the_text() -> None:
    typed = "au zéro six douze, merci"
    cast = shadow(typed)
    start = cast.text.index("06 12")
    assert cast.text == "au 06 12, merci"
    assert typed[slice(*cast.place(start, start + 5))] == "zéro six douze"
