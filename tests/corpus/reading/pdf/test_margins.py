"""What runs on the pages of a file is dropped, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.reading.layout.lines import rows, spaced
from corpus.reading.layout.sheets import Sheet, Word
from corpus.reading.pdf.margins import strip


def line(text: str, y: float, x: float = 60.0, *, confidence: float | None = None) -> list[Word]:
    """Words of ten points, five points a letter."""
    words = []
    for part in text.split():
        width = 5.0 * len(part)
        words.append(Word(part, x, y - 8, x + width, y + 2, y, 10.0, confidence=confidence))
        x += width + 3
    return words


def sheet(number: int, *lines: Sequence[Word], label: str | None = None) -> Sheet:
    words = tuple(word for words in lines for word in words)
    return Sheet(number, 600, 800, words, label=label)


def texts(found: Sheet) -> list[str]:
    return [spaced(row) for row in rows(found.words)]


def test_a_header_is_dropped_with_its_page_number() -> None:
    sheets = [
        sheet(n, line(f"Convention de Valbourg – page {n}", 40), line(f"Texte {'abc'[n - 1]}", 400))
        for n in (1, 2, 3)
    ]
    kept, printed = strip(sheets)
    assert [texts(s) for s in kept] == [["Texte a"], ["Texte b"], ["Texte c"]]
    assert printed == ["1", "2", "3"]


def test_the_footer_of_a_single_page_is_dropped_by_its_count() -> None:
    body = [line("Le marché ferme à midi.", 400), line("Voir la page 1 / 2 du guide", 420)]
    kept, _ = strip([sheet(1, *body, line("Valbourg – page 1 / 1", 780))])
    assert texts(kept[0]) == ["Le marché ferme à midi.", "Voir la page 1 / 2 du guide"]


def test_titles_of_fiches_are_no_header() -> None:
    sheets = [
        sheet(
            n,
            line("Ville de Valbourg", 40),
            line(f"Fiche action n° {n + 4}", 70),
            line("Pilote", 90),
            line("Texte", 400),
        )
        for n in (1, 2, 3)
    ]
    kept, _ = strip(sheets)
    # n° 5 to 7 grow with the pages: only what is above the title runs
    assert texts(kept[0])[-2:] == ["Pilote", "Texte"]


def test_the_title_of_a_chapter_goes_with_the_number_beside_it() -> None:
    titles = ("Le cadre", "Les habitants", "Le budget")
    sheets = [
        sheet(n, [*line(titles[n - 1], 40), *line(str(n), 40, 500)], line("abc"[n - 1], 90))
        for n in (1, 2, 3)
    ]
    assert [texts(s) for s in strip(sheets)[0]] == [["a"], ["b"], ["c"]]


def test_a_number_alone_is_the_page_s() -> None:
    sheets = [sheet(n, line("Texte", 400), line(str(n + 9), 770, 300)) for n in (1, 2, 3)]
    kept, printed = strip(sheets)
    assert printed == ["10", "11", "12"]
    assert texts(kept[2]) == ["Texte"]


def test_roman_numbers_are_printed_pages_too() -> None:
    romans = ("ii", "iii", "iv")
    sheets = [sheet(n, line("Texte", 400), line(romans[n - 1], 770, 300)) for n in (1, 2, 3)]
    assert strip(sheets)[1] == ["ii", "iii", "iv"]


def test_a_year_is_no_page_number() -> None:
    sheets = [sheet(n, line("Texte", 400), line("2021", 770, 300)) for n in (1, 2, 3)]
    assert strip(sheets)[1] == [None, None, None]


def test_labels_that_only_count_sheets_tell_nothing() -> None:
    sheets = [sheet(n, line("Texte", 400), label=str(n)) for n in (1, 2, 3)]
    assert strip(sheets)[1] == [None, None, None]
    sheets = [sheet(n, line("Texte", 400), label="i" * n) for n in (1, 2, 3)]
    assert strip(sheets)[1] == ["i", "ii", "iii"]


def test_ocr_may_misread_a_header() -> None:
    headers = ("Convention de Valbourg", "Convention de Va1bourg", "Conventlon de Valbourg")
    sheets = [
        sheet(n, line(headers[n - 1], 40 + 2 * n, confidence=0.9), line("Texte", 400))
        for n in (1, 2, 3)
    ]
    assert "Conventlon de Valbourg" not in texts(strip(sheets)[0][2])


def test_a_page_repeated_throughout_stays_once() -> None:
    sheets = [sheet(n, line("Page laissée blanche à dessein", 40)) for n in (1, 2, 3)]
    kept, printed = strip(sheets)
    assert [texts(s) for s in kept] == [["Page laissée blanche à dessein"]]
    assert len(printed) == 3


def test_the_page_s_number_among_others_is_known() -> None:
    # three dates, and « 3 » at the head of page 3: a title, since the number is at the foot
    sheets = [
        sheet(
            n,
            line(f"{n}. Objet de la partie", 60),
            line(f"Texte {'abc'[n - 1]}", 400),
            line(f"Commune de Valbourg - Conseil du 3 mai 2031 – Page {n} / 3", 780),
        )
        for n in (1, 2, 3)
    ]
    kept, printed = strip(sheets)
    assert [texts(s) for s in kept] == [
        [f"{n}. Objet de la partie", f"Texte {'abc'[n - 1]}"] for n in (1, 2, 3)
    ]
    assert printed == ["1", "2", "3"]
