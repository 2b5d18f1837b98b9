import random
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import catalogue
from corpus.documents import Document, Section, Span
from corpus.reading import entries
from index.chunking import MAX_WORDS, MIN_WORDS, chunk
from index.french.analysis import sentences
from index.passages import Passage

STARTER = Path(__file__).parents[2] / "corpus" / "starter"


def prose(
    words: int,
    *headings: str,
    start: int = 0,
    form: str = "prose",
    page: int | None = None,
    behind: int = 1,
) -> Section:
    """A paragraph of numbered words, a sentence every ten, a fact for `behind` sentences."""
    text = ""
    spans: list[Span] = []
    for number, first in enumerate(range(start, start + words, 10)):
        text += " " if text else ""
        begin = len(text)
        text += " ".join(f"M{n}" for n in range(first, min(first + 10, start + words))) + "."
        if number % behind:
            spans[-1] = replace(spans[-1], end=len(text))
        else:
            spans.append(Span(begin, len(text), (str(first),), ()))
    return Section(("Titre", *headings), text, page=page, spans=tuple(spans), form=form)


def document(*sections: Section) -> Document:
    return Document("d", "fiche", None, "Titre", "", "", "", "", "", "fr", "local", sections)


def shape(*sections: Section) -> list[tuple[tuple[str, ...], int]]:
    """The headings under the title and the words of each passage."""
    return [(p.headings[1:], len(p.text.split())) for p in chunk(document(*sections))]


def spanned(pieces: list[Section] | list[Passage]) -> dict[str, list[str]]:
    """The words behind each fact, in reading order."""
    found: dict[str, list[str]] = {}
    for piece in pieces:
        for span in piece.spans:
            for fact in span.facts:
                found.setdefault(fact, []).extend(piece.text[span.start : span.end].split())
    return found


def test_a_passage_says_where_it_is() -> None:
    first, second = chunk(document(prose(80, "A", page=2), prose(80, "B", page=2)))
    assert (first.id, second.id, second.document_id) == ("d#1", "d#2", "d")
    assert (second.headings, second.page, second.scope) == (("Titre", "B"), 2, "local")
    assert first.digest != second.digest


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([prose(80, "A")], [(("A",), 80)]),
        ([prose(20, "A")], [(("A",), 20)]),  # alone, it stays short
        ([prose(30, "A"), prose(40, "A")], [(("A",), 70)]),
        ([prose(70, "A"), prose(70, "A")], [(("A",), 70), (("A",), 70)]),
        ([prose(70, "A"), prose(30, "A")], [(("A",), 100)]),
        ([prose(150, "A"), prose(50, "A")], [(("A",), 200)]),
        ([prose(150, "A"), prose(51, "A")], [(("A",), 150), (("A",), 51)]),
        ([prose(190, "A"), prose(30, "A")], [(("A",), 190), (("A",), 30)]),  # no room
        # a short heading joins the one before, its own in the text: 70 + 1 + 30
        ([prose(70, "A"), prose(30, "B")], [(("A",), 101)]),
        # an introduction joins the longer part after it, which gives the headings
        ([prose(30), prose(70, "A")], [(("A",), 100)]),
        ([prose(30, "A", page=1), prose(30, "A", page=2)], [(("A",), 30), (("A",), 30)]),
        # 199 and the heading would make 201
        ([prose(170, "A"), prose(30, "B")], [(("A",), 170), (("B",), 30)]),
    ],
)
def test_prose_is_joined_until_it_stands_alone(
    sections: list[Section], expected: list[tuple[tuple[str, ...], int]]
) -> None:
    assert shape(*sections) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (200, [200]),
        (210, [110, 100]),  # parts alike, not 200 and a scrap of 10
        (399, [200, 199]),
        (410, [140, 140, 130]),
        (1000, [200] * 5),
    ],
)
def test_a_long_paragraph_is_cut_between_sentences_into_parts_alike(
    words: int, expected: list[int]
) -> None:
    assert [length for _, length in shape(prose(words, "A"))] == expected


def test_a_sentence_is_never_cut() -> None:
    endless = " ".join(f"M{n}" for n in range(250))
    passages = chunk(document(Section(("Titre",), f"Un. {endless}. Fin.")))
    assert endless + "." in [p.text for p in passages]


@pytest.mark.parametrize("form", ["question", "entry", "row"])
@pytest.mark.parametrize("words", [5, 300])
def test_a_question_an_entry_a_row_is_one_passage(form: str, words: int) -> None:
    whole = prose(words, "A", form=form)
    passages = chunk(document(prose(20, "A"), whole, prose(20, "A")))
    assert [p.text for p in passages][1] == whole.text
    assert [p.form for p in passages] == ["prose", form, "prose"]


def test_a_list_stays_with_the_sentence_that_announces_it() -> None:
    announced = prose(80, "A")
    announced = Section(announced.headings, announced.text + " Voici :")
    listed = Section(
        ("Titre", "A"), "\n".join(f"- mot{n} deux trois" for n in range(20)), form="list"
    )
    (passage,) = chunk(document(announced, listed))
    assert passage.text == announced.text + "\n" + listed.text


def test_a_list_that_is_cut_keeps_its_dashes() -> None:
    items = [f"- {' '.join(['mot'] * 28)} {n}." for n in range(10)]
    passages = chunk(document(Section(("Titre",), "\n".join(items), form="list")))
    assert "\n".join(p.text for p in passages) == "\n".join(items)
    assert len(passages) == 2  # 300 words, dashes included: 150 and 150


def test_what_left_a_heading_is_not_put_under_it_again() -> None:
    # « Déchets acceptés », then a list beside it that is under no heading
    assert shape(prose(20, "A"), prose(20, start=900)) == [(("A",), 20), ((), 20)]
    assert shape(prose(20, "A", "B"), prose(20, "A", start=900)) == [(("A", "B"), 20), (("A",), 20)]


def test_headings_that_leave_a_passage_stand_in_its_text() -> None:
    first, second = prose(70, "A"), prose(30, "B", "C", start=900)
    (passage,) = chunk(document(first, second))
    assert passage.headings == ("Titre", "A")
    assert passage.text == f"{first.text}\nB\nC\n{second.text}"
    assert passage.headings_at(passage.text.index(first.text)) == ("Titre", "A")
    assert passage.headings_at(passage.text.index(second.text)) == ("Titre", "B", "C")


def test_each_of_several_parts_joined_knows_its_own_headings() -> None:
    parts = [prose(30), prose(40, "A", start=100), prose(20, "B", start=200)]
    (passage,) = chunk(document(*parts))
    assert passage.headings == ("Titre", "A")
    places = [passage.text.index(part.text) for part in parts]
    assert [passage.headings_at(place) for place in places] == [p.headings for p in parts]


def test_the_least_sure_of_two_scans_speaks_for_both() -> None:
    def scan(confidence: float | None) -> Section:
        return Section(("Titre",), "un deux", confidence=confidence)

    assert [p.confidence for p in chunk(document(scan(0.9), scan(0.4), scan(None)))] == [0.4]
    assert [p.confidence for p in chunk(document(scan(None)))] == [None]


def test_every_fact_keeps_its_very_words_whatever_is_cut_and_joined() -> None:
    rng = random.Random(20261122)
    for _ in range(300):
        sections, start = [], 0
        for _ in range(rng.randint(1, 8)):
            words = rng.choice([3, 25, 58, 61, 130, 205, 420])
            headings = rng.choice([[], ["A"], ["A", "A1"], ["B"]])
            form = rng.choice(["prose", "prose", "list", "question"])
            behind = rng.choice([1, 4, 50])
            sections.append(prose(words, *headings, start=start, form=form, behind=behind))
            start += words
        passages = chunk(document(*sections))
        assert spanned(passages) == spanned(sections)
        said = " ".join(p.text for p in passages).split()
        assert [w for w in said if w[0] == "M"] == " ".join(s.text for s in sections).split()
        assert all(len(p.text.split()) <= MAX_WORDS for p in passages if p.form != "question")


def test_a_short_passage_had_no_neighbour_to_join(shipped: list[Document]) -> None:
    joinable = ("prose", "list")
    for fiche in shipped:
        passages = chunk(fiche)
        for left, right in zip(passages, passages[1:], strict=False):
            lengths = [len(p.text.split()) for p in (left, right)]
            if left.form in joinable and right.form in joinable and min(lengths) < MIN_WORDS:
                assert sum(lengths) + 20 > MAX_WORDS, (left.id, right.id)


def test_the_fiches_that_ship_keep_every_fact_on_its_words(shipped: list[Document]) -> None:
    for fiche in shipped:
        passages = chunk(fiche)
        assert spanned(passages) == spanned(list(fiche.sections)), fiche.id
        for passage in passages:
            assert passage.headings[0] == fiche.title
            if passage.form in ("prose", "list"):
                longest = max(e - s for s, e in sentences(passage.text))
                assert len(passage.text.split()) <= MAX_WORDS or longest > 1000, passage.id


@pytest.fixture(scope="module")
def shipped() -> list[Document]:
    return entries.read(catalogue.load(STARTER / "catalogue.toml"))
