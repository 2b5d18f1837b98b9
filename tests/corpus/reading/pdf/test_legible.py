"""Which texts are what the page shows, and which are letters that nobody wrote."""

from __future__ import annotations

import pytest

from corpus.reading.pdf.legible import trouble

FRENCH = (
    "La commune de Valbourg et la communauté de communes décident ensemble de revitaliser le "
    "centre-ville, d'y rénover les logements vacants et d'y soutenir le commerce de proximité."
)


def rotated(text: str) -> str:
    """Each letter three further in the alphabet."""
    return "".join(
        chr((ord(c) - 94) % 26 + 97) if c.isascii() and c.islower() else c for c in text.lower()
    )


@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        "The commune and its partners decide together to renew the centre of the town, its homes "
        "and its shops, with the help of the State and of its agencies.",
        "Die Gemeinde und ihre Partner beschließen gemeinsam, die Innenstadt, ihre Wohnungen und "
        "ihre Geschäfte mit Hilfe des Staates zu erneuern.",
        "Guichen Bruz Goven Lassy Bovel Baulon Guignen Lohéac Mernel Pipriac Crevin Laillé Janzé",
        "2021 2022 2023 1 200 000 € 12,5 % 35580 02 99 00 00 00 " * 4,
        "市政府决定与合作伙伴一起振兴市中心，翻新空置住房，支持当地商业，" * 4,
        "قررت البلدية وشركاؤها تجديد وسط المدينة ومساكنها ومتاجرها بدعم من الدولة " * 3,
        "\uf0b7 rénover \uf0b7 ouvrir \uf0b7 soutenir le commerce",  # bullets of a symbol font
        "https://www.valbourg.example/documents/conventions/convention-cadre-signee-2021.pdf",
        "Objet" + " ." * 60 + " 12",
        "",
    ],
)
def test_a_language_is_left_alone(text: str) -> None:
    assert trouble(text.split()) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (rotated(FRENCH), "des lettres mélangées"),
        (FRENCH.encode().decode("cp1252"), "des accents illisibles"),
        (FRENCH.replace(" ", ""), "des mots collés"),
        (" ".join(FRENCH.replace(" ", "")), "des lettres séparées"),
        (FRENCH.replace("e", "\ufffd"), "des caractères inconnus"),
        (
            "".join(chr(0xE000 + ord(c)) if c != " " else c for c in FRENCH),
            "des caractères inconnus",
        ),
    ],
)
def test_what_fonts_do_to_a_text_is_seen(text: str, problem: str) -> None:
    assert trouble(text.split()) == problem
