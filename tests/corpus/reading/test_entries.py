import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paper
import pytest
import typed
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph as paragraph

from corpus import catalogue
from corpus.documents import Document
from corpus.errors import ParseError, State
from corpus.reading import entries
from corpus.reading.entries import UnreadableCorpus
from corpus.report import Line


@pytest.fixture
def town(corpus_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(corpus_folder, tmp_path / "ville")


def read(town: Path) -> list[Document]:
    return entries.read(catalogue.load(town / "catalogue.toml"))


def errors(caught: pytest.ExceptionInfo[UnreadableCorpus]) -> Iterator[tuple[str, int | None]]:
    for error in caught.value.exceptions:
        assert isinstance(error, ParseError)
        yield Path(error.path).name, error.line


def test_the_fiches_of_a_folder_come_in_order(documents: list[Document]) -> None:
    assert [d.id for d in documents] == ["english", "glossaire", "marche", "ort"]


def test_every_unreadable_file_is_named_at_once(town: Path) -> None:
    fiches = town / "fiches"
    (fiches / "english.md").write_text("rien", encoding="utf-8")
    ort = fiches / "ort.md"
    ort.write_text(ort.read_text(encoding="utf-8") + "\nSans appui.\n", encoding="utf-8")
    (fiches / "marche.md").write_bytes(b"\xff")
    last = len(ort.read_text(encoding="utf-8").splitlines())
    with pytest.raises(UnreadableCorpus) as caught:
        read(town)
    assert list(errors(caught)) == [("english.md", 1), ("marche.md", None), ("ort.md", last)]


def test_a_folder_that_is_not_there_is_said_once(town: Path) -> None:
    shutil.rmtree(town / "fiches")
    with pytest.raises(UnreadableCorpus) as caught:
        read(town)
    assert list(errors(caught)) == [("catalogue.toml", None)]
    assert "le dossier « fiches » de « fiches » n'existe pas" in str(caught.value.exceptions[0])


def test_unreadable_facts_are_said_once_not_once_a_fiche(town: Path) -> None:
    (town / "facts.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(UnreadableCorpus) as caught:
        read(town)
    assert list(errors(caught)) == [("facts.jsonl", 1)]


def test_facts_are_read_again_each_time(town: Path) -> None:
    read(town)
    facts = town / "facts.jsonl"
    changed = facts.read_text(encoding="utf-8").replace('"Légifrance"', '"JORF"')
    facts.write_text(changed, encoding="utf-8")
    ort = {d.id: d for d in read(town)}["ort"]
    assert [source.publisher for source in ort.sections[0].sources] == ["ANCT", "JORF"]


def test_a_fiche_takes_the_facts_beside_it_before_those_above(town: Path) -> None:
    facts = (town / "facts.jsonl").read_text(encoding="utf-8").replace("Légifrance", "JORF")
    (town / "fiches" / "facts.jsonl").write_text(facts, encoding="utf-8")
    ort = {d.id: d for d in read(town)}["ort"]
    assert [source.publisher for source in ort.sections[0].sources] == ["ANCT", "JORF"]


PUBLICATION = """
[[entries]]
id = "{id}"
kind = "{kind}"
publisher = "Ville de Valbourg"
title = "{title}"
address = "{address}"
licence = "non précisée"
scope = "local"
"""
PAGE = "<html><body><main><h1>Halles</h1><p>{}</p></main></body></html>".format(
    "La halle de Valbourg ouvre chaque samedi matin, place du Puits, avec quarante étals. " * 3
)


def add(town: Path, id: str, kind: str, address: str) -> None:
    """One more source in the catalogue."""
    file = town / "catalogue.toml"
    entry = PUBLICATION.format(id=id, kind=kind, title=f"Titre de {id}", address=address)
    file.write_text(file.read_text(encoding="utf-8") + entry, encoding="utf-8")


def printed(path: Path, text: str = "La convention de Valbourg dure cinq ans.") -> Path:
    path.parent.mkdir(exist_ok=True)
    return paper.write(path, [paragraph(text, paper.BODY)])


def surveyed(town: Path, scans: Path | None = None) -> tuple[dict[str, Document], dict[str, Line]]:
    found = entries.survey(catalogue.load(town / "catalogue.toml"), scans=scans)
    return {d.id: d for d in found.documents}, {line.name: line for line in found.lines}


def test_publications_are_read_from_their_saved_copies(town: Path) -> None:
    add(town, "halles", "page", "https://valbourg.example/halles")
    add(town, "guide", "pdf", "https://valbourg.example/guide.pdf")
    printed(town / "pages" / "guide.pdf")
    (town / "pages" / "halles.html").write_text(PAGE, encoding="utf-8")
    documents, lines = surveyed(town)
    assert documents["halles"].sections[0].text.startswith("La halle de Valbourg ouvre")
    (section,) = documents["guide"].sections
    assert (section.text, section.page) == ("La convention de Valbourg dure cinq ans.", 1)
    assert (documents["guide"].url, documents["guide"].title) == (
        "https://valbourg.example/guide.pdf",
        "Titre de guide",
    )
    assert [line.state for line in lines.values()] == [State.READ] * 3
    assert (lines["guide"].pages, lines["halles"].pages) == (1, None)
    assert lines["fiches"].documents == ("english", "glossaire", "marche", "ort")


def test_a_pdf_by_its_path_has_no_address_to_link(town: Path) -> None:
    printed(town / "archives" / "signee.pdf")
    add(town, "convention", "pdf", "archives/signee.pdf")
    assert surveyed(town)[0]["convention"].url is None


def test_a_pdf_among_the_fiches_is_a_publication_of_the_folder(town: Path) -> None:
    printed(town / "fiches" / "Convention signée.pdf")
    documents, lines = surveyed(town)
    found = documents["convention-signee"]
    assert (found.kind, found.publisher, found.url) == ("pdf", "Assistant PVD", None)
    assert lines["convention-signee"].source == "fiches"


def test_text_documents_are_read_by_address_by_path_and_in_a_folder(town: Path) -> None:
    (town / "pages").mkdir()
    typed.word(town / "pages" / "aide.docx", lambda d: d.add_paragraph("La Ville aide." * 9))
    add(town, "aide", "docx", "https://valbourg.example/aide.docx")
    typed.writer(town / "charte.odt", f"<text:p>{'La charte engage.' * 9}</text:p>")
    add(town, "charte", "odt", "charte.odt")
    typed.word(town / "fiches" / "Règlement.DOCX", lambda d: d.add_paragraph("La règle." * 20))
    (town / "fiches" / "~$Règlement.docx").write_bytes(b"verrou de Word")
    documents, lines = surveyed(town)
    assert [documents[name].sections[0].text for name in ("aide", "charte", "reglement")] == [
        "La Ville aide." * 9,
        "La charte engage." * 9,
        "La règle." * 20,
    ]
    assert documents["aide"].title == "Titre de aide"
    assert (documents["aide"].url, documents["charte"].url) == (
        "https://valbourg.example/aide.docx",
        None,
    )
    assert [documents[name].kind for name in ("aide", "charte", "reglement")] == [
        "docx",
        "odt",
        "docx",
    ]
    assert {line.state for line in lines.values()} == {State.READ}
    assert lines["aide"].pages is None


def test_a_language_is_that_of_the_words_not_of_the_file(town: Path) -> None:
    def write(document: Any) -> None:
        document.core_properties.language = "en-US"
        document.add_paragraph("La halle ouvre le samedi matin, et le marché se tient dessous.")

    typed.word(town / "fiches" / "halle.docx", write)
    typed.word(
        town / "fiches" / "hall.docx", lambda d: d.add_paragraph("The hall opens early. " * 4)
    )
    documents, _ = surveyed(town)
    assert (documents["halle"].language, documents["hall"].language) == ("fr", "en")


def test_a_part_that_nothing_read_is_said(town: Path) -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Le début." * 20)
        typed.add(document, "<w:altChunk/>")

    typed.word(town / "fiches" / "collage.docx", write)
    line = surveyed(town)[1]["collage"]
    assert (line.state, line.problem) == (State.CUT, "un autre fichier y est inséré")


def test_a_heavy_file_of_a_few_words_is_read_in_part(town: Path) -> None:
    # nine words beside a picture of 100 KB: a notice, whose picture may say more
    canvas = Canvas(str(town / "fiches" / "avis.pdf"))
    noise = Image.effect_noise((400, 400), 90)
    canvas.drawImage(ImageReader(noise), 60, 500, 60, 60)
    canvas.drawString(60, 700, "La mairie ferme le lundi matin pendant tout juillet.")
    canvas.save()
    documents, lines = surveyed(town)
    assert lines["avis"].state is State.CUT
    assert lines["avis"].problem == "presque aucun texte n'y a été trouvé"
    assert len(documents["avis"].sections) == 1


def test_words_of_no_language_are_said_and_not_quoted(town: Path) -> None:
    add(town, "halles", "page", "https://www.valbourg.example/halles")
    said = "Les demandes sont déposées à la mairie avec deux devis et une photographie de la rue, "
    said += "avant le début des travaux que le propriétaire prévoit sur la façade du logement."
    words = said.replace("'", " ").split()
    glued = " ".join("".join(words[at : at + 2]) for at in range(0, len(words), 2))
    glued = f"{glued} {glued}"
    page = PAGE.replace("</main>", f"<p>{said}</p><p>{glued}</p></main>")
    (town / "pages").mkdir()
    (town / "pages" / "halles.html").write_text(page, encoding="utf-8")
    documents, lines = surveyed(town)
    assert any(section.text == said for section in documents["halles"].sections)
    assert not any(section.text == glued for section in documents["halles"].sections)
    assert lines["halles"].state is State.CUT
    assert lines["halles"].problem.startswith("1 passage d'aucune langue connue, à ne pas citer")


def test_a_publication_that_cannot_be_read_is_a_line_not_the_end(town: Path) -> None:
    for name, content in (("guide", b"%PDF-1.4 rien"), ("vide", b"")):
        add(town, name, "pdf", f"https://valbourg.example/{name}.pdf")
        (town / "pages").mkdir(exist_ok=True)
        (town / "pages" / f"{name}.pdf").write_bytes(content)
    add(town, "accueil", "page", "https://valbourg.example/")
    (town / "pages" / "accueil.html").write_text(
        "<html><body><div></div></body></html>", encoding="utf-8"
    )
    documents, lines = surveyed(town)
    assert sorted(documents) == ["english", "glossaire", "marche", "ort"]
    assert [lines[name].state for name in ("guide", "vide", "accueil")] == [
        State.REFUSED,
        State.REFUSED,
        State.EMPTY,
    ]
    assert all(line.problem and line.remedy for name, line in lines.items() if name != "fiches")


def test_a_publication_without_its_copy_says_where_it_goes(town: Path) -> None:
    add(town, "halles", "page", "https://valbourg.example/halles")
    _, lines = surveyed(town)
    assert lines["halles"].state is State.MISSING
    assert str(town / "pages" / "halles.html") in lines["halles"].problem
    file = town / "catalogue.toml"
    file.write_text(file.read_text(encoding="utf-8") + "enabled = false\n", encoding="utf-8")
    assert list(surveyed(town)[1]) == ["fiches"]


def test_a_wrong_fiche_still_stops_everything(town: Path) -> None:
    printed(town / "fiches" / "bon.pdf")
    (town / "fiches" / "english.md").write_text("rien", encoding="utf-8")
    with pytest.raises(UnreadableCorpus):
        read(town)


@pytest.mark.ocr
def test_a_scan_is_read_once_and_kept(town: Path, tmp_path: Path) -> None:
    image = paper.picture_of(printed(tmp_path / "a.pdf", "La halle ouvre en mars 2027. " * 4))
    paper.scanned(town / "scan.pdf", [image])
    add(town, "scan", "pdf", "scan.pdf")
    kept = tmp_path / "scans"
    stale = kept / f"1-{'0' * 64}"
    stale.mkdir(parents=True)
    documents, lines = surveyed(town, kept)
    assert "La halle ouvre en mars 2027." in documents["scan"].sections[0].text
    assert documents["scan"].sections[0].confidence is not None
    assert (lines["scan"].state, lines["scan"].pages, lines["scan"].scanned) == (State.READ, 1, 1)
    (page,) = kept.glob("*/1.json")
    assert not stale.exists()  # what was kept of a file that is read no more
    scan = page.read_text(encoding="utf-8")
    page.write_text(scan.replace("2027", "2031"), encoding="utf-8")
    assert "2031" in surveyed(town, kept)[0]["scan"].sections[0].text


def test_without_tesseract_a_scan_says_what_to_install(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = paper.picture_of(printed(tmp_path / "a.pdf"), dpi=50)
    paper.scanned(town / "scan.pdf", [image], dpi=50)
    add(town, "scan", "pdf", "scan.pdf")
    monkeypatch.setenv("PATH", "/nulle/part")
    documents, lines = surveyed(town)
    assert "scan" not in documents
    assert lines["scan"].state is State.EMPTY
    assert "page 1 : image sans texte" in lines["scan"].problem
    assert "tesseract-ocr-fra" in lines["scan"].remedy


def test_absences_are_the_facts_that_nobody_published(corpus_folder: Path) -> None:
    assert entries.absences(catalogue.load(corpus_folder / "catalogue.toml")) == {"A1"}
