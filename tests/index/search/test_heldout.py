"""Words held out of passages: which, and that their passages no longer show them."""

import pytest

from index.passages import Passage, digest
from index.search.heldout import Probe, hold_out

TEXT = "La mairie ouvre le samedi matin. Le maire y reçoit les habitants. On y vote aussi."


def passage(id: str, *headings: str, text: str = TEXT) -> Passage:
    headings = headings or ("Titre",)
    document = id.split("#")[0]
    return Passage(
        id=id,
        document_id=document,
        headings=headings,
        text=text,
        scope="local",
        digest=digest(headings, text),
    )


def test_a_question_is_asked_and_leaves_the_passages_under_it() -> None:
    passages = [
        passage("a#1", "Guide", "Où est la mairie ?", "Adresse"),
        passage("a#2", "Guide", "Où est la mairie ?", "Horaires"),
        passage("a#3", "Guide", "Horaires d'été"),
    ]
    probes, rest = hold_out(passages, share=1.0, kinds=["question"])
    assert probes == [Probe("Où est la mairie ?", frozenset({"a#1", "a#2"}), "question")]
    assert [p.headings for p in rest] == [
        ("Guide", "Adresse"),
        ("Guide", "Horaires"),
        ("Guide", "Horaires d'été"),
    ]
    assert rest[0].digest == digest(("Guide", "Adresse"), TEXT)
    assert rest[2] is passages[2]


def test_a_title_that_is_a_question_leaves_an_empty_one() -> None:
    probes, rest = hold_out([passage("a#1", "Qui est maire\u00a0? »")], share=1.0)
    assert [probe.kind for probe in probes] == ["question"]
    assert rest[0].headings == ("",)


def test_a_heading_is_asked_but_neither_a_title_nor_one_of_a_word() -> None:
    passages = [
        passage("a#1", "Guide pratique", "Carte d'identité"),
        passage("b#1", "Autre guide pratique", "Introduction"),
    ]
    probes, rest = hold_out(passages, share=1.0, kinds=["heading"])
    assert probes == [Probe("Carte d'identité", frozenset({"a#1"}), "heading")]
    assert rest[0].headings == ("Guide pratique",)


def test_words_that_stand_twice_in_the_corpus_ask_nothing() -> None:
    passages = [passage(id, "Guide", "Où payer ?") for id in ("a#1", "b#1")]
    assert hold_out(passages, share=1.0, kinds=["question", "heading"])[0] == []


def test_a_sentence_is_taken_out_of_its_text() -> None:
    probes, (left,) = hold_out([passage("a#1")], share=1.0)
    assert [probe.kind for probe in probes] == ["sentence"]
    assert probes[0].question in TEXT and probes[0].question not in left.text
    assert len(left.text) == len(TEXT) - len(probes[0].question) - 1
    assert left.spans == () and left.digest == digest(("Titre",), left.text)


@pytest.mark.parametrize("text", ["Une seule phrase.", "Deux phrases ici. Pas plus.", ""])
def test_a_short_text_keeps_its_sentences(text: str) -> None:
    short = passage("a#1", text=text)
    assert hold_out([short], share=1.0) == ([], [short])


def test_a_passage_loses_a_heading_or_a_sentence_never_both() -> None:
    passages = [passage(f"a#{n}", "Guide", f"Combien coûte le permis {n} ?") for n in range(40)]
    probes, rest = hold_out(passages)
    taken = [id for probe in probes for id in probe.passages]
    assert len(taken) == len(set(taken)) == 30  # half of the headings, half of what is left
    changed = [p for p, before in zip(rest, passages, strict=True) if p is not before]
    assert {p.id for p in changed} == set(taken)


def test_the_seed_draws_and_the_limit_holds() -> None:
    passages = [passage(f"a#{n}", "Guide", f"Combien coûte le permis {n} ?") for n in range(40)]
    assert hold_out(passages) == hold_out(passages)
    assert hold_out(passages, seed=2) != hold_out(passages)
    assert len(hold_out(passages, limit=3, kinds=["question"])[0]) == 3
    assert hold_out([]) == ([], [])
