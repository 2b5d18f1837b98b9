"""Scanned pages read by Tesseract: their words, their places, and how sure it is of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import forms
import numpy as np
import paper
import pytest
import ten
from PIL import Image, ImageDraw
from rapidfuzz.distance import Levenshtein
from reportlab.platypus import Paragraph
from valbourg import Block

from corpus.documents import Section, from_record
from corpus.reading.layout.lines import Line, reading_order
from corpus.reading.layout.paragraphs import confidence, surely
from corpus.reading.layout.sheets import Word
from corpus.reading.pdf import ocr, pdfs
from corpus.reading.pdf.ocr import Scan

pytestmark = pytest.mark.ocr

# Words of our own: a page of a convention of a town that does not exist.
TEXT = (
    "La commune de Valbourg et la communauté de communes signent une convention de cinq ans avec "
    "l'État, l'Agence nationale de la cohésion des territoires et la Banque des Territoires. Elle "
    "fixe quarante logements à rénover avant 2028, une halle couverte de 420 places, rue du Puits, "
    "et l'accueil de six commerces rue Haute.",
    "Le comité de pilotage se réunit deux fois par an, en mars et en octobre. Il suit l'avancement "
    "des actions, examine leur financement et propose, si besoin, un avenant aux signataires. La "
    "cheffe de projet prépare ses réunions et tient le tableau de bord.",
    "Chaque année, un bilan est présenté au conseil municipal puis publié sur le site de la ville. "
    "Les habitants peuvent donner leur avis à la mairie, du lundi au vendredi, le matin.",
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scan")
    return paper.write(folder / "a.pdf", [Paragraph(text, paper.JUSTIFIED) for text in TEXT * 4])


def scanned(path: Path, image: Image.Image, dpi: int = 200) -> Scan:
    return ocr.from_record(ocr.parse(paper.scanned(path, [image], dpi), page=1))


def errors(scan: Scan) -> float:
    """The word error rate, in the order of our own layout."""
    truth = " ".join(TEXT * 4).split()
    lines = [item.text for item in reading_order(scan.words) if isinstance(item, Line)]
    return Levenshtein.distance(truth, " ".join(lines).replace("’", "'").split()) / len(truth)


def sure(scan: Scan) -> float:
    found = confidence(scan.words)
    assert found is not None
    return found


def test_a_clean_scan_is_read_word_for_word(tmp_path: Path, printed: Path) -> None:
    found = scanned(tmp_path / "b.pdf", paper.picture_of(printed, 1, 300), 300)
    assert errors(found) <= 0.03
    assert sure(found) > 0.9
    assert (found.page, found.degrees) == (1, 0.0)
    # « La » begins the page: 2 cm from the left, its box as high as its letters
    first = found.words[0]
    assert first.text == "La"
    assert first.x0 == pytest.approx(62.7, abs=3) and 5 < first.y1 - first.y0 < 12
    assert first.size == pytest.approx(11, abs=1.5)


@pytest.mark.parametrize("grey", [False, True])
def test_a_worn_page_is_still_read(tmp_path: Path, printed: Path, grey: bool) -> None:
    worn = paper.worn(paper.picture_of(printed), seed=1, grey=grey)
    found = scanned(tmp_path / "b.pdf", worn)
    assert errors(found) <= 0.08
    assert found.degrees == pytest.approx(1.5, abs=0.2)


@pytest.mark.parametrize("degrees", [-3.0, 0.0, 1.5])
def test_skew_says_by_how_much_to_turn_a_page(printed: Path, degrees: float) -> None:
    turned = paper.picture_of(printed, dpi=75).rotate(degrees, fillcolor="white")
    # Pillow turns the other way round
    assert ocr.skew(np.asarray(turned.convert("L"))) == pytest.approx(degrees, abs=0.2)


def test_a_page_on_its_side_is_turned(tmp_path: Path, printed: Path) -> None:
    side = paper.picture_of(printed).transpose(Image.Transpose.ROTATE_90)
    found = scanned(tmp_path / "b.pdf", side)
    assert errors(found) <= 0.03
    assert found.width < found.height


def test_coloured_words_are_read_beside_black_ones(tmp_path: Path) -> None:
    words = [
        f'<font color="{c}">{t}</font>'
        for c, t in (("#0070c0", "Le programme"), ("#000000", "Valbourg rénove sa place."))
    ]
    file = paper.write(tmp_path / "a.pdf", [Paragraph(text, paper.BODY) for text in words])
    found = scanned(tmp_path / "b.pdf", paper.picture_of(file))
    assert {"programme", "Valbourg", "place."} <= {word.text for word in found.words}


def test_a_word_under_a_stamp_leaves_a_mark_and_its_line_is_doubted(tmp_path: Path) -> None:
    said = "Trois absences non justifiées dans le trimestre font perdre la place du marché."
    image = paper.picture_of(paper.write(tmp_path / "a.pdf", [Paragraph(said, paper.BODY)]))
    clean = scanned(tmp_path / "b.pdf", image).words
    word = next(word for word in clean if word.text == "trimestre")
    scale, draw = 200 / 72, ImageDraw.Draw(image)
    x0, y0, x1, y1 = (side * scale for side in (word.x0, word.y0, word.x1, word.y1))
    for x in range(int(x0), int(x1), 7):
        draw.line((x, y0 - 4, x + 9, y1 + 4), fill=(40, 50, 170), width=3)
        draw.line((x + 9, y0 - 4, x, y1 + 4), fill="black", width=2)
    (line,) = reading_order(scanned(tmp_path / "c.pdf", image).words)
    assert isinstance(line, Line)
    assert re.fullmatch(r"Trois .* dans le (\[…\] )+font perdre .* marché\.", line.text), line.text
    assert surely(line.words) == 0.0
    assert not any(word.text == ocr.HOLE for word in clean)


def test_a_line_is_no_surer_than_its_figures() -> None:
    read = [("Le", 0.96), ("tarif", 0.97), ("est", 0.96), ("de", 0.96), ("euros", 0.97)]
    words = [Word(t, 10.0 * n, 0, 10.0 * n + 8, 9, 8, 10, confidence=c) for n, (t, c) in
             enumerate(read)]  # fmt: skip
    figure = Word("1.80", 60, 0, 80, 9, 8, 10, confidence=0.78)
    day = Word("1er", 60, 0, 80, 9, 8, 10, confidence=0.58)  # « ler », mended
    assert (confidence([*words, figure]) or 0.0) > 0.9
    assert surely([*words, figure]) == 0.78
    assert surely([*words, day]) == confidence([*words, day])


def test_a_blank_page_has_no_words(tmp_path: Path) -> None:
    found = scanned(tmp_path / "b.pdf", Image.new("RGB", (1654, 2339), "white"))
    assert (found.words, found.rules) == ((), ())


@pytest.fixture(scope="module")
def convention(tmp_path_factory: pytest.TempPathFactory) -> list[Section]:
    """The sections of a convention of which the second page is a scan, the others text."""
    folder = tmp_path_factory.mktemp("mixte")
    printed = paper.write(folder / "a.pdf", paper.convention(), footer="Page {page} sur 4")
    paper.scanned(folder / "scan.pdf", [paper.picture_of(printed, 2)])
    mixed = paper.joined(folder / "b.pdf", (printed, 1), (folder / "scan.pdf", 1), (printed, 3))
    about = dict.fromkeys(("url", "publisher", "licence", "fetched", "scope"), "")
    about |= {"id": "essai", "title": "Convention"}
    assert pdfs.parse(mixed, seconds=60.0, **about)["unread"] == (2,)
    scan = json.dumps(ocr.parse(mixed, page=2))
    (folder / "2.json").write_text(scan, encoding="utf-8")
    found = pdfs.parse(mixed, seconds=60.0, scans=str(folder), **about)
    assert (found["unread"], found["scanned"]) == ((), (2,))
    return list(from_record(found["document"]).sections)


def test_a_mixed_file_is_read_page_by_page(convention: list[Section]) -> None:
    assert [s.confidence is None for s in convention if s.page in (1, 3)].count(False) == 0
    second = [section for section in convention if section.page == 2]
    assert second and all((section.confidence or 0) > 0.8 for section in second)
    said = {section.headings[-1] for section in second if section.form != "row"}
    assert said == {"Article 3 : Financement"}


def test_the_lines_of_a_scanned_table_make_its_cells(convention: list[Section]) -> None:
    rows = [s.text for s in convention if s.page == 2 and s.form == "row"]
    assert len(rows) == 2
    assert re.fullmatch(r"Action : Halle couverte ; Montant : 420 000 € ; Année : 2027\.", rows[0])


def test_without_tesseract_nothing_is_available(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ocr.available()
    monkeypatch.setenv("PATH", "/nulle/part")
    assert not ocr.available()


def test_a_typewritten_deed_keeps_its_words_and_gains_none(tmp_path: Path) -> None:
    said = (
        "Les frais de l'acte, évalués à 4 870 euros, sont à la charge de l'acquéreur.",
        "L'acquéreur a la jouissance de l'immeuble à compter du 1er juin 2024. Le locataire du "
        "hangar y reste jusqu'à la fin de son bail, le 30 septembre 2026.",
    )
    look = ten.Look("Courier", 10.5)
    clean = ten.printed(tmp_path / "net.pdf", [Block("text", text) for text in said], look)
    scan = ocr.from_record(ocr.parse(forms.scan(tmp_path / "acte.pdf", clean), page=1))
    lines = [item.text for item in reading_order(scan.words) if isinstance(item, Line)]
    assert " ".join(lines).replace("’", "'") == " ".join(said)
