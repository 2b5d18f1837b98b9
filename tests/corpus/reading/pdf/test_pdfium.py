"""PDF files -> words: spaces, raised numbers, letters spaced out, fields of forms, areas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from corpus.reading.layout.lines import rows, spaced
from corpus.reading.layout.sheets import Sheet
from corpus.reading.pdf import pdfium


def sheet(path: Path, draw: Callable[[Canvas], None]) -> Sheet:
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Times-Roman", 11)
    draw(canvas)
    canvas.save()
    with pdfium.opened(path) as document:
        return pdfium.sheet(document, 0)


def lines(path: Path, draw: Callable[[Canvas], None]) -> list[str]:
    return [spaced(row) for row in rows(sheet(path, draw).words)]


def test_a_raised_number_is_no_part_of_a_figure(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for y, before, mark, after in (
            (700, "L'aide se compte en 15", "3", " parts par foyer."),
            (680, "Elle est de 500 €", "1", " par foyer."),
            (660, "Un jardin de 40 m", "2", " au plus."),
        ):
            text = canvas.beginText(60, y)
            text.textOut(before)
            text.setFont("Times-Roman", 6)
            text.setRise(4)
            text.textOut(mark)
            text.setRise(0)
            text.setFont("Times-Roman", 11)
            text.textOut(after)
            canvas.drawText(text)

    assert lines(tmp_path / "a.pdf", draw) == [
        "L'aide se compte en 15³ parts par foyer.",
        "Elle est de 500 € par foyer.",
        "Un jardin de 40 m2 au plus.",
    ]


def test_what_a_browser_raises_touches_what_it_is_of(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        x = 60.0
        for said, size, rise in (
            ("dès le 1", 11, 0), ("er", 9.17, 4), (" mars, 60 m", 11, 0), ("3", 9.17, 4),
            (", pour 1 €", 11, 0), ("2", 9.17, 4), (" par an", 11, 0),
        ):  # fmt: skip
            canvas.setFont("Times-Roman", size)
            canvas.drawString(x, 700 + rise, said)
            x += canvas.stringWidth(said, "Times-Roman", size)

    assert lines(tmp_path / "a.pdf", draw) == ["dès le 1er mars, 60 m3, pour 1 € par an"]


def test_the_file_s_own_space_parts_words_that_touch(tmp_path: Path) -> None:
    # a justified line pressed together: .1 point is left of each space
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        text.setWordSpace(-2.65)
        text.textOut("un arrêté relatif à la halle")
        canvas.drawText(text)

    assert lines(tmp_path / "a.pdf", draw) == ["un arrêté relatif à la halle"]


def test_letters_spaced_out_are_words_all_the_same(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for y, wide in ((700, 1.8), (670, 3.2), (640, 5.0)):
            text = canvas.beginText(60, y)
            text.setFont("Helvetica-Bold", 10)
            text.setCharSpace(wide)
            text.textOut("CE QUE DIT LA LOI")
            canvas.drawText(text)

    assert lines(tmp_path / "a.pdf", draw) == ["CE QUE DIT LA LOI"] * 3


def test_letters_spaced_out_without_a_space_are_parted_by_the_wider_gap(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        x = 60.0
        for word in ("AVIS", "AUX", "HABITANTS"):
            for letter in word:
                canvas.drawString(x, 700, letter)
                x += canvas.stringWidth(letter, "Times-Roman", 11) + 3
            x += 3

    assert lines(tmp_path / "a.pdf", draw) == ["AVIS AUX HABITANTS"]


def test_what_is_written_in_a_form_is_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        form = canvas.acroForm
        for n, (label, value) in enumerate((("Nom :", "Lavigne"), ("Commune :", "Valbourg"))):
            canvas.drawString(60, 700 - 30 * n, label)
            form.textfield(
                name=label, x=120, y=695 - 30 * n, width=200, height=18, value=value, fontSize=10
            )
        for n, (label, ticked) in enumerate((("Propriétaire", True), ("Locataire", False))):
            form.checkbox(name=label, x=60, y=596 - 30 * n, size=12, checked=ticked)
            canvas.drawString(80, 600 - 30 * n, label)

    assert lines(tmp_path / "a.pdf", draw) == [
        "Nom : Lavigne",
        "Commune : Valbourg",
        "☒ Propriétaire",
        "☐ Locataire",
    ]


def test_an_empty_form_has_no_boxes(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.acroForm.checkbox(name="oui", x=60, y=596, size=12)
        canvas.acroForm.textfield(name="mot", x=200, y=596, width=80, height=18, value="")
        canvas.drawString(80, 600, "Propriétaire")

    assert lines(tmp_path / "a.pdf", draw) == ["Propriétaire"]
    assert sheet(tmp_path / "a.pdf", draw).rules == ()


def test_a_drawn_bullet_is_one_and_other_small_shapes_are_not(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.circle(66, 704, 1.5, stroke=0, fill=1)  # as browsers draw the point of a list
        canvas.drawString(75, 700, "Piles, huiles")
        canvas.rect(64, 682, 4, 4, stroke=0, fill=1)  # a square one
        canvas.drawString(75, 680, "Gravats")
        canvas.drawString(60, 660, "Une tache")
        canvas.circle(115, 664, 1.5, stroke=0, fill=1)  # between two words
        canvas.drawString(119, 660, "ici")
        canvas.rect(62, 639, 10, 10, stroke=1, fill=0)  # a box to tick
        canvas.drawString(78, 640, "Oui")
        canvas.circle(66, 600, 1.5, stroke=0, fill=1)  # before nothing

    assert lines(tmp_path / "a.pdf", draw) == [
        "• Piles, huiles",
        "• Gravats",
        "Une tache ici",
        "Oui",
    ]
