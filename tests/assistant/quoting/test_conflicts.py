from __future__ import annotations

import pytest

from assistant.quoting.citations import Quote
from assistant.quoting.conflicts import Sources, agree, with_others
from corpus.documents import Document, Span
from index.french.analysis import sentences
from index.passages import Passage


def document(
    name: str, kind: str, updated: str, publisher: str = "Ville", nature: str = "officiel"
) -> Document:
    return Document(
        *(name, kind, None, name, publisher, "", "", updated, "", "fr", "local"),
        sections=(),
        nature=nature,
    )


def quotes(name: str, text: str, *facts: str) -> list[Quote]:
    """The sentences of a passage, each with the fact of its place."""
    spans = sentences(text)
    marks = tuple(
        Span(*span, (fact,), ()) for span, fact in zip(spans, facts, strict=False) if fact
    )
    passage = Passage(
        id=f"{name}#1",
        document_id=name,
        headings=("T",),
        text=text,
        scope="local",
        spans=marks,
        digest="0",
    )
    return [Quote(passage, start, end) for start, end in spans]


FICHE = {"f": document("f", "fiche", "2026-11-22")}


def shown(
    found: list[Quote], sources: Sources, question: str = "Combien de communes ?", many: int = 1
) -> list[str]:
    return [q.before + q.text for q in with_others(found[:many], found, question, sources)]


KEPT = "Le nombre à retenir est 40 communes."
OLDER = "Fin 2020, l'annonce citait 29 communes."


def test_a_contested_fact_brings_what_else_is_said() -> None:
    found = quotes("f", f"{KEPT} {OLDER}", "103", "103")
    assert shown(found, Sources(FICHE, frozenset({"103"}))) == [
        f" {KEPT}",
        f"\nOn lit aussi : {OLDER}",
    ]


def test_the_value_to_keep_comes_first() -> None:
    found = quotes("f", f"{KEPT} {OLDER}", "103", "103")[::-1]
    assert shown(found, Sources(FICHE, frozenset({"103"})))[0] == f" {KEPT}"


def test_a_value_said_not_to_be_kept_does_not_come_first() -> None:
    found = quotes(
        "f", "Le taux est de 75 %. Le taux de 70 % n'est pas celui à retenir.", "31", "31"
    )
    assert shown(found, Sources(FICHE, frozenset({"31"})))[0] == " Le taux est de 75 %."


def test_another_fact_about_the_same_day_brings_the_contested_one() -> None:
    text = (
        "La convention est signée le 11 octobre 2022. La date à retenir est le 11 octobre 2022, "
        "même si un fichier indique le 10 novembre 2022."
    )
    found = quotes("f", text, "310", "311")
    assert len(shown(found, Sources(FICHE, frozenset({"311"})), "Quand est-elle signée ?")) == 2


@pytest.mark.parametrize(
    ("second", "contested", "question"),
    [
        (OLDER, "104", "Combien de communes ?"),  # nobody says that they contradict
        ("Le nombre de 40 communes date de 2024.", "103", "Combien de communes ?"),  # the same
        ("L'annonce datait de décembre 2020.", "103", "Combien de communes ?"),  # another thing
        (OLDER, "103", "Combien de communes en 2026 ?"),
        (OLDER, "103", "Combien de communes étaient prévues au départ ?"),
    ],
)
def test_nothing_else_disagrees(second: str, contested: str, question: str) -> None:
    found = quotes("f", f"{KEPT} {second}", "103", "103")
    assert shown(found, Sources(FICHE, frozenset({contested})), question) == [f" {KEPT}"]


def test_what_is_shown_already_is_not_said_twice() -> None:
    found = quotes("f", f"{KEPT} {OLDER}", "103", "103")
    assert shown(found, Sources(FICHE, frozenset({"103"})), many=2) == [f" {KEPT}", f" {OLDER}"]


# Publications


def test_the_newest_publication_comes_first_and_the_older_is_dated() -> None:
    documents = {
        "old": document("old", "page", "2021-03-01", "Département"),
        "new": document("new", "pdf", "2026-02-05"),
    }
    said = "La commune de Guichen compte {} logements vacants dans son centre."
    old = quotes("old", said.format(120))
    new = quotes("new", said.format(95))
    assert shown([*old, *new], Sources(documents, frozenset()), "Combien de logements ?") == [
        f" {said.format(95)}",
        f"\nUne source plus ancienne (Département, 2021-03-01) indique : {said.format(120)}",
    ]


@pytest.mark.parametrize(
    "other",
    [
        "La commune de Guichen compte 120 logements sociaux dans un autre quartier neuf.",
        "La commune de Guichen compte 95 logements vacants dans son centre.",
        "En 2019, la commune de Guichen compte 120 logements vacants dans son centre.",
    ],
)
def test_two_publications_rarely_say_the_same_sentence(other: str) -> None:
    documents = {"a": document("a", "page", "2021-03-01"), "b": document("b", "pdf", "2026-02-05")}
    mine = quotes("a", "La commune de Guichen compte 95 logements vacants dans son centre.")
    found = [*mine, *quotes("b", other)]
    assert len(shown(found, Sources(documents, frozenset()), "Combien de logements ?")) == 1


VACANT = "La commune de Guichen compte {} logements vacants dans son centre."


@pytest.mark.parametrize(
    ("mine", "theirs", "first", "said"),
    [
        (("presse", "2026-02-05"), ("officiel", "2021-03-01"), 95, "Une autre source (T, presse, "),
        (("officiel", "2021-03-01"), ("loi", "2020-01-01"), 95, "Une autre source (T, 2021"),
        (("État", "2021-03-01"), ("officiel", "2026-02-05"), 120, "Une autre source (V, 2026"),
        (
            ("commercial", "2020-01-01"),
            ("presse", "2026-02-05"),
            95,
            "Une source plus ancienne (T, ",
        ),
    ],
)
def test_the_higher_authority_prevails_then_the_newer(
    mine: tuple[str, str], theirs: tuple[str, str], first: int, said: str
) -> None:
    documents = {
        "t": document("t", "page", mine[1], "T", mine[0]),
        "v": document("v", "page", theirs[1], "V", theirs[0]),
    }
    found = [*quotes("t", VACANT.format(120)), *quotes("v", VACANT.format(95))]
    top, under = shown(found, Sources(documents, frozenset()), "Combien de logements ?")
    assert top == f" {VACANT.format(first)}"
    assert said in under


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "La prime est de 500 euros par foyer.",
            "La prime est de 500 euros par foyer, une fois.",
            1,
        ),
        ("La prime est de 500 euros par foyer.", "La prime est de 700 euros par foyer.", 0),
        ("La prime est de 500 euros par foyer.", "Le marché compte 500 places de parking.", 0),
    ],
)
def test_sentences_agree(one: str, other: str, same: int) -> None:
    assert agree(*quotes("a", one), *quotes("b", other)) == bool(same)
