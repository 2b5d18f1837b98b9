"""Whatever a file is, its text comes in one form: what a search finds is the passage's own text."""

from __future__ import annotations

import html
import json
import random
import unicodedata
from collections.abc import Callable
from pathlib import Path

import matplotlib
import paper
import pytest
import typed
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph as paragraph

from assistant.quoting.citations import cite
from corpus import fiches
from corpus.documents import Document, Fact, Source, from_record
from corpus.reading import tables
from corpus.reading.html import pages
from corpus.reading.office import files
from corpus.reading.pdf import pdfs
from corpus.text import clean
from index.chunking import chunk
from index.french.analysis import sentences, words

# How the same words are written by one program or another, and how anyone types them.
WRITTEN = (
    ("l\u2019e\u0301tat", "l'état"),  # a curly apostrophe, an accent of its own
    ("1\u202f646\u00a0communes", "1 646 communes"),  # narrow and wide no-break spaces
    ("revita\u00adlisation", "revitalisation"),  # a soft hyphen
    ("\ufb01nancement", "financement"),  # a ligature
    ("a\ufb03che", "affiche"),
    ("com\u200bmerce", "commerce"),  # a zero-width space
    ("\u00ab\u00a0halles\u00a0\u00bb", "« halles »"),
    ("c\u0327a\u0300", "ça"[0] + "\u00e0"),
    ("\u0153uvre", "œuvre"),
    ("aujourd\u2019hui", "aujourd'hui"),
    ("d\u2011ici", "d-ici"),  # a hyphen that no line breaks
)
CELLS = ("nom", "essai", "dit")  # what a table says with the words: what names the row, and labels
ABOUT = {key: value for key, value in typed.ABOUT.items() if key not in ("kind", "title")}


def nasty(seed: int) -> tuple[str, str]:
    """A sentence as a program writes it, and as a person types it."""
    rng = random.Random(seed)
    parts = [*WRITTEN, *rng.choices(WRITTEN, k=20)]
    rng.shuffle(parts)
    return (
        "La Ville " + " ".join(written for written, _ in parts) + ".",
        "La Ville " + " ".join(plain for _, plain in parts) + ".",
    )


def page(folder: Path, text: str) -> Document:
    told = f"<p>{html.escape(text)}</p>"
    raw = f"<html lang='fr'><body><main><h1>Essai</h1>{told}</main></body></html>"
    return pages.read(raw.encode(), id="essai", url=None, publisher="Ville", licence="", fetched="")


def fiche(folder: Path, text: str) -> Document:
    front = "title: Essai\npublisher: Ville\ndate: 2026-11-22\nlicence: libre\nscope: local"
    path = folder / "essai.md"
    path.write_text(f"---\n{front}\n---\n\n# Essai\n\n{text} {{1}}\n", encoding="utf-8")
    source = Source("Ville", "Page", None, "2026")
    return fiches.read(path, {"1": Fact("1", "Un fait.", "2026", False, False, (source,))})


def docx(folder: Path, text: str) -> Document:
    path = typed.word(folder / "essai.docx", lambda document: document.add_paragraph(text))
    return from_record(files.parse(path, **typed.ABOUT)["document"])


def odt(folder: Path, text: str) -> Document:
    path = typed.writer(folder / "essai.odt", f"<text:p>{html.escape(text)}</text:p>")
    return from_record(files.parse(path, **{**typed.ABOUT, "kind": "odt"})["document"])


def table(folder: Path, text: str) -> Document:
    path = folder / "essai.csv"
    path.write_text(f'nom;dit\nEssai;"{text}"\n', encoding="utf-8")
    rows = {"title": "nom", "columns": [["dit", ""]], "sentence": "", "where": [], "date": ""}
    parsed = tables.parse(path, rows={**rows, "named": False}, title="Essai", **ABOUT)
    return from_record(json.loads(json.dumps(parsed["document"])))


def pdf(folder: Path, text: str) -> Document:
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    pdfmetrics.registerFont(TTFont("DejaVu", str(fonts / "DejaVuSans.ttf")))
    style = ParagraphStyle("texte", fontName="DejaVu", fontSize=11, leading=15)
    # reportlab prints these two as spaces, and may end a line there.
    text = text.replace("\u200b", "").replace("\u202f", "\u00a0")
    path = paper.write(folder / "essai.pdf", [paragraph(html.escape(text), style)])
    parsed = pdfs.parse(path, seconds=20, title="Essai", **ABOUT)
    return from_record(json.loads(json.dumps(parsed["document"])))


READERS: list[Callable[[Path, str], Document]] = [page, fiche, docx, odt, table, pdf]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("read", READERS, ids=lambda read: str(read.__name__))
def test_what_a_search_finds_is_the_passage_s_own_text(
    tmp_path: Path, read: Callable[[Path, str], Document], seed: int
) -> None:
    written, typed_ = nasty(seed)
    document = read(tmp_path, written)
    (passage,) = chunk(document)
    for line in passage.text.split("\n"):  # a PDF may give two paragraphs
        assert line == clean(line) == unicodedata.normalize("NFC", line)
    # what a person types finds it: the same words, whatever the program wrote
    assert [w for w in words(passage.text) if w not in CELLS] == words(typed_)
    for start, end in sentences(passage.text):
        citation = cite(1, passage, document, start, end)
        assert citation.passage[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "read", [r for r in READERS if r is not pdf], ids=lambda r: str(r.__name__)
)
def test_apostrophes_and_no_break_spaces_stay_as_published(
    tmp_path: Path, read: Callable[[Path, str], Document]
) -> None:
    text = "L\u2019État aide 1\u202f646\u00a0communes\u00a0: \u00ab\u00a0ça\u00a0\u00bb. " * 4
    (passage,) = chunk(read(tmp_path, text))
    assert text.strip() in passage.text
