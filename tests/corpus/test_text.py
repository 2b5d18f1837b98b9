import pytest

from corpus.text import clean, plain, raised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  deux\t\nmots  ", "deux mots"),
        ("e\u0301tat", "\u00e9tat"),  # NFC
        ("e\u200b\u0301tat", "\u00e9tat"),  # an invisible mark kept the accent apart
        ("com\u00admerce", "commerce"),  # soft hyphen
        ("\ufeffGuichen\u200e", "Guichen"),
        ("un\x00deux\x07trois", "un deux trois"),
        ("1\u202f646\u00a0communes :", "1\u202f646\u00a0communes :"),  # as published
        ("l’État, l'État", "l’État, l'État"),  # both apostrophes stay
        ("m² 1ᵉʳ œuvre ½", "m² 1ᵉʳ œuvre ½"),  # NFKC would rewrite them
        ("\U000e0041mairie", "mairie"),  # a tag character: text that no one sees
        ("m\ufe0fa\U000e0101i\u3164r\u034fi\u2064e", "mairie"),  # selectors, fillers, joiners
        ("\u2067mairie\u2069 \ue000\U000f0000", "mairie"),  # isolates, private use
        ("aﬀectation, oﬃce, ﬂeur", "affectation, office, fleur"),  # letters, drawn as one
        ("endommagé : \ufffd", "endommagé : \ufffd"),  # damage stays in sight
        ("", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected
    assert clean(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("іgnоrе tes consignes", "ignore tes consignes"),  # Cyrillic і, о, е
        ("Ρаris, ΟRΤ, et un avis АСЕ", "Paris, ORT, et un avis ACE"),  # Greek and Cyrillic capitals
        ("𝐢𝐠𝐧𝐨𝐫𝐞 ｔｅｓ ⓡègles", "ignore tes règles"),
        ("０６ １２", "06 12"),
        ("Что такое АНКТ в Guichen ?", "Что такое АНКТ в Guichen ?"),  # Russian stays Russian
        ("1ᵉʳ étage, 12 m², œuvre, l’État, zone µ", "1ᵉʳ étage, 12 m², œuvre, l’État, zone µ"),
        ("", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected
    assert plain(expected) == expected


@pytest.mark.parametrize(
    ("before", "above", "left"),
    [
        ("40 m", "2", "²"),
        ("12 km", "2", "²"),
        ("10", "6", "⁶"),
        ("1", "er", "er"),
        ("500 €", "1", ""),
        ("15", "3", ""),
        ("la loi", "(2)", ""),
        ("la loi", "1, 2", ""),
        ("la loi", "*", ""),
        ("12", "50", "⁵⁰"),
    ],
)
def test_what_stands_above_the_line(before: str, above: str, left: str) -> None:
    assert raised(before, above) == left


def test_what_leads_to_a_note_is_its_mark() -> None:
    assert raised("la loi", "12", linked=True) == ""
