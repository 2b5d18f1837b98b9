from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest

from assistant.answers import Sentence
from assistant.quoting.citations import Quote, Written, cite, verify
from corpus.documents import Document, Seen, Source, Span
from index.passages import Passage

OFFICIAL = Source("ANCT", "programme", "https://anct.example/pvd", "2020")
PRESS = Source("Ouest-France", "article", "https://presse.example/a", "2021", nature="presse")
NAMED = Source("VHBC", "délibération", None, "2021")

TEXT = "L'ORT a été signée en 2021. Elle prévoit 52 actions."
#       0..27                        28..52


def passage(text: str = TEXT, spans: tuple[Span, ...] = (), **changes: object) -> Passage:
    made = Passage(
        id="ort#1",
        document_id="ort",
        headings=("ORT", "Signature"),
        text=text,
        scope="local",
        spans=spans,
        digest="0",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def document(kind: str = "fiche", url: str | None = None) -> Document:
    return Document("ort", kind, url, "La convention ORT", "VHBC", "LO 2.0", "2021-11-08",
                    "2026-11-22", "2026-11-23", "fr", "local", ())  # fmt: skip


FICHE = passage(
    spans=(Span(0, 27, ("1",), (PRESS, NAMED, OFFICIAL)), Span(28, 52, ("2",), (PRESS,)))
)
PAGE = document("page", "https://vhbc.example/ort")


def test_a_quote_is_the_words_of_its_passage() -> None:
    citation = cite(1, FICHE, document(), 28, 52)
    assert citation.quote == "Elle prévoit 52 actions."
    assert citation.passage[citation.start : citation.end] == citation.quote


def test_a_summary_names_its_sources_official_first() -> None:
    citation = cite(1, FICHE, document(), 0, 27)
    assert (citation.kind, citation.sources) == ("summary", (NAMED, OFFICIAL, PRESS))
    # VHBC has no address: the link is the first source that has one, without a fragment
    assert citation.url == "https://anct.example/pvd"


def test_a_summary_names_only_the_sources_of_its_own_words() -> None:
    assert cite(1, FICHE, document(), 28, 52).sources == (PRESS,)


def test_a_publication_is_named_once_with_each_date_of_what_it_said() -> None:
    later = replace(OFFICIAL, date="2024")
    known = passage(spans=(Span(0, 27, ("1", "2"), (OFFICIAL, later)),))
    assert cite(1, known, document(), 0, 27).sources == (replace(OFFICIAL, date="2020, 2024"),)


def test_a_summary_without_an_address_has_no_link() -> None:
    known = passage(spans=(Span(0, 27, ("1",), (NAMED,)),))
    assert cite(1, known, document(), 0, 27).url is None


def test_a_publication_is_its_own_source() -> None:
    citation = cite(2, passage(), PAGE, 0, 27)
    assert (citation.kind, citation.number, citation.date) == ("quotation", 2, "2026-11-22")
    assert citation.sources == (
        Source("VHBC", "La convention ORT", "https://vhbc.example/ort", "2026-11-22", "LO 2.0"),
    )


def test_a_pdf_is_opened_at_its_page() -> None:
    scanned = passage(page=12, anchor="titre", confidence=0.8)
    citation = cite(1, scanned, replace(PAGE, url="https://vhbc.example/ort.pdf#view=Fit"), 0, 27)
    assert citation.url == "https://vhbc.example/ort.pdf#page=12"
    assert (citation.page, citation.confidence) == (12, 0.8)


def test_what_ocr_read_badly_is_doubted_by_its_line() -> None:
    text = "Le prix est de 40 000 euros. Le ioyer est dc 310 euros."
    seen = (Seen("Le prix est de 40 000 euros. Le ioyer", 0.97), Seen("est dc 310 euros.", 0.55))
    scanned = passage(text=text, confidence=0.95, seen=seen)
    assert cite(1, scanned, PAGE, 0, 28).confidence == 0.97
    assert cite(1, scanned, PAGE, 29, len(text)).confidence == 0.55


def test_the_page_printed_goes_beside_the_sheet() -> None:
    citation = cite(1, passage(page=14, printed="12"), PAGE, 0, 27)
    assert (citation.page, citation.printed) == (14, "12")
    assert citation.url == "https://vhbc.example/ort#page=14"


def test_a_publication_without_an_address_has_no_link() -> None:
    assert cite(1, passage(), document("page"), 0, 27).url is None


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        # « - » and « , » have a meaning in a text fragment
        ("Le centre-bourg, à Guichen.", "Le%20centre%2Dbourg%2C%20%C3%A0%20Guichen."),
        ("L’État & 25 % ?", "L%E2%80%99%C3%89tat%20%26%2025%20%25%20%3F"),
        # nine words: the first eight alone
        ("un deux trois quatre cinq six sept huit neuf",
         "un%20deux%20trois%20quatre%20cinq%20six%20sept%20huit"),
    ],
)  # fmt: skip
def test_a_page_is_opened_at_the_quoted_words(text: str, fragment: str) -> None:
    url = cite(1, passage(text, anchor="s-1"), PAGE, 0, len(text)).url
    assert url == f"https://vhbc.example/ort#s-1:~:text={fragment}"


def test_words_that_a_browser_would_not_find_are_not_looked_for() -> None:
    row, text = "Zone : rouge ; Durée : 1 h 30", "On paie."
    known = passage(f"{text}\n{row}", anchor="s-1", composed=(row,))
    assert cite(1, known, PAGE, 9, len(known.text)).url == "https://vhbc.example/ort#s-1"
    bare = replace(known, anchor=None)
    assert cite(1, bare, PAGE, 9, 13).url == "https://vhbc.example/ort"
    assert cite(1, bare, PAGE, 0, 8).url == "https://vhbc.example/ort#:~:text=On%20paie."


def test_a_list_is_found_by_the_words_of_its_first_and_last_points() -> None:
    text = "- une façade ;\n- une toiture."
    url = cite(1, passage(text), PAGE, 0, len(text)).url
    assert url == "https://vhbc.example/ort#:~:text=une%20fa%C3%A7ade%20%3B,une%20toiture."


def test_a_long_quote_is_found_by_its_two_ends() -> None:
    text = " ".join(f"m{number}" for number in range(1, 18))  # 17 words: over twice eight
    url = cite(1, passage(text), PAGE, 0, len(text)).url
    assert url == (
        "https://vhbc.example/ort#:~:text=m1%20m2%20m3%20m4%20m5%20m6%20m7%20m8,"
        "m14%20m15%20m16%20m17"
    )


def test_a_fragment_decodes_to_words_of_the_page() -> None:
    text = "Rénover « l'îlot » — 3 %, soit 1 646 €, d'ici fin 2026."
    url = cite(1, passage(text), PAGE, 0, len(text)).url or ""
    assert unquote(url.split("text=")[1]) in text


def test_what_stands_in_the_live_generation_is_kept_and_numbered() -> None:
    draft = (Quote(FICHE, 28, 52), Quote(FICHE, 0, 27))
    sentences, citations = verify(draft, {"ort#1": FICHE}, {"ort": document()})
    assert sentences == (
        Sentence("Elle prévoit 52 actions.", (1,)),
        Sentence("L'ORT a été signée en 2021.", (2,)),
    )
    assert [citation.number for citation in citations] == [1, 2]


@pytest.mark.parametrize(
    ("live", "documents"),
    [
        ({}, {"ort": document()}),  # the passage is gone
        ({"ort#1": replace(FICHE, text=TEXT.replace("52", "53"))}, {"ort": document()}),
        ({"ort#1": FICHE}, {}),
        ({"ort#1": replace(FICHE, spans=())}, {"ort": document()}),  # nothing stands behind it
    ],
)
def test_what_does_not_stand_is_dropped(
    live: dict[str, Passage], documents: dict[str, Document]
) -> None:
    assert verify((Quote(FICHE, 0, 27),), live, documents) == ((), ())


def test_an_empty_quote_is_dropped_and_numbers_stay_in_a_row() -> None:
    draft = (Quote(FICHE, 27, 28), Quote(FICHE, 0, 27))  # 27..28 is the space between sentences
    sentences, citations = verify(draft, {"ort#1": FICHE}, {"ort": document()})
    assert [s.citations for s in sentences] == [(1,)]
    assert [c.number for c in citations] == [1]


def test_what_is_written_is_numbered_by_its_proofs_each_once() -> None:
    first, second = Quote(FICHE, 0, 27), Quote(FICHE, 28, 52)
    draft = (
        Written("Signée en 2021, elle a 52 actions.", (first, second)),
        Written("Les actions sont 52.", (second,)),
        first,
    )
    sentences, citations = verify(draft, {"ort#1": FICHE}, {"ort": document()})
    assert sentences == (
        Sentence("Signée en 2021, elle a 52 actions.", (1, 2), written=True),
        Sentence("Les actions sont 52.", (2,), written=True),
        Sentence("L'ORT a été signée en 2021.", (1,)),
    )
    assert [(c.number, c.quote) for c in citations] == [(1, first.text), (2, second.text)]


def test_a_written_sentence_stands_on_all_its_proofs_or_falls() -> None:
    gone = Quote(replace(FICHE, id="ort#9"), 0, 27)
    draft = (Written("Deux preuves.", (Quote(FICHE, 0, 27), gone)), Written("Aucune.", ()))
    assert verify(draft, {"ort#1": FICHE}, {"ort": document()}) == ((), ())


# The publication behind a summary, when the index has it


def published(text: str, number: int = 1) -> Passage:
    return passage(text, id=f"loi#{number}", document_id="loi")


@pytest.mark.parametrize(
    ("texts", "quoted"),
    [
        (["Le maire parle.", "La convention dit ceci. L'ORT a été signée en 2021."], "loi#2"),
        (["L'ORT a été signée en 2022."], None),  # it says otherwise
        (["Un autre sujet, sans rapport."], None),
    ],
)
def test_the_publication_is_quoted_before_our_summary_of_it(
    texts: list[str], quoted: str | None
) -> None:
    law = replace(document("page", "http://www.anct.example/pvd/"), id="loi")
    known = {each.id: each for each in (FICHE, *map(published, texts, range(1, 9)))}
    said, citations = verify((Quote(FICHE, 0, 27),), known, {"ort": document(), "loi": law})
    expected = [quoted, "ort#1"] if quoted else ["ort#1"]
    assert [citation.passage_id for citation in citations] == expected
    assert said[0].citations == tuple(range(1, len(expected) + 1))
    if quoted:
        assert (citations[0].kind, citations[0].quote) == (
            "quotation", "L'ORT a été signée en 2021."
        )  # fmt: skip
