from dataclasses import replace

from corpus.structure import Amendment
from index.conventions.amended import in_force, linked, outdated
from index.passages import Passage


def passage(id: str, **more: object) -> Passage:
    bare = Passage(
        id=id, document_id=id.partition("#")[0], headings=("Titre",), text=id, page=1, anchor=None,
        scope="local", confidence=None, form="row", spans=(), digest="", part="fiche 3",
    )  # fmt: skip
    return replace(bare, **more)  # type: ignore[arg-type]


def change(avenant: str, effect: str = "modifié", *fields: str) -> Amendment:
    return Amendment(avenant, avenant, "2026-05-12", effect, "fiche 3", fields)


FIRST, SECOND = change("a1"), change("a2")
CORPUS = [
    passage("ort#1", fields=("budget",), superseded=(FIRST, SECOND)),
    passage("ort#2", fields=("calendrier",), superseded=(FIRST,)),
    passage("a1#1", fields=("budget",), amends=FIRST, superseded=(SECOND,)),
    passage("a1#2", fields=("calendrier",), amends=FIRST),
    passage("a2#1", fields=("budget",), amends=SECOND),
    passage(
        "ort#3", part="article 4", superseded=(replace(change("a1", "complété"), part="article 4"),)
    ),
    passage("a1#3", part="article 4", amends=replace(change("a1", "complété"), part="article 4")),
]


def test_each_change_names_the_passages_that_say_it() -> None:
    budget, calendar, first, *_ = linked(CORPUS)
    assert [each.passages for each in budget.superseded] == [("a1#1",), ("a2#1",)]
    assert [each.passages for each in calendar.superseded] == [("a1#2",)]
    assert [each.passages for each in first.superseded] == [("a2#1",)]


def test_the_words_in_force_come_just_above_those_they_changed() -> None:
    passages = linked(CORPUS)
    places = {p.id: n for n, p in enumerate(passages)}
    ranked = in_force([(0, 0.9), (1, 0.5), (2, 0.1)], passages, places)
    # the last avenant first, then the one before, then the convention's own words
    assert [(passages[n].id, score) for n, score in ranked] == [
        ("a2#1", 0.9),
        ("a1#1", 0.9),
        ("ort#1", 0.9),
        ("a1#2", 0.5),
        ("ort#2", 0.5),
    ]


def test_what_only_completes_does_not_come_first() -> None:
    passages = linked(CORPUS)
    places = {p.id: n for n, p in enumerate(passages)}
    assert in_force([(5, 0.9), (6, 0.2)], passages, places) == [(5, 0.9), (6, 0.2)]
    assert outdated(passages[0]) and not outdated(passages[5])


def test_a_passage_left_out_of_a_measure_stays_out() -> None:
    passages = linked(CORPUS)
    places = {p.id: n for n, p in enumerate(passages)}
    assert in_force([(1, 0.5)], passages, places, frozenset({3})) == [(1, 0.5)]
