import pytest

from corpus.text import clean


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
        ("", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected
    assert clean(expected) == expected
