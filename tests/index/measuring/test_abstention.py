"""Confidence inside and outside a set, on numbers and on passages one can read at a glance."""

from __future__ import annotations

import pytest

from index.measuring.abstention import inside, outside, removed, separation
from index.measuring.confidence import confidence
from index.measuring.judged import Asked, Judged
from index.search.retriever import Found, Retriever


def best(found: Found) -> float:
    """A confidence one can follow: 1 for the market, .5 for its price, 0 for anything else."""
    names = [hit.passage.id for hit in found.hits[:1]]
    return {"marche#1": 1.0, "marche#2": 0.5}.get(names[0], 0.0) if names else -1.0


MARKET = Judged(
    "marché",
    (Asked("jour", "Quel jour a lieu le marché ?"), Asked("prix", "Combien coûte le marché ?")),
    {"jour": {"marche#1": 1, "ort#1": 0}, "prix": {"marche#2": 2, "marche#1": 1}},
    whole=False,
)


def test_separation_counts_who_is_under_whom() -> None:
    # inside .2 .4 .6 .8; outside .1 is under all four, .4 under two and a half, .9 under none
    found = separation("loin", [0.8, 0.2, 0.6, 0.4], [0.1, 0.4, 0.9])
    assert found.auroc == pytest.approx((4 + 2.5 + 0) / 12)
    # four inside at 95 %: none may be lost, so what is under .2 is refused, .1 alone
    assert found.refused == pytest.approx(1 / 3)
    assert (found.name, found.questions) == ("loin", 3)


def test_one_in_twenty_inside_may_be_lost() -> None:
    # 20 inside, 0 to 19: 19 are kept by refusing under 1
    assert separation("loin", list(range(20)), [0.5]).refused == 1.0
    assert separation("loin", list(range(20)), [1.0]).refused == 0.0
    assert separation("loin", list(range(19)), [0.5]).refused == 0.0  # of 19, none


def test_equals_are_neither_above_nor_under() -> None:
    found = separation("pareil", [0.5] * 10, [0.5] * 10)
    assert (found.auroc, found.refused) == (0.5, 0.0)


def test_confidence_is_asked_of_each_search(retriever: Retriever) -> None:
    assert inside(MARKET, retriever, best) == [1.0, 0.5]
    assert outside(["licorne", "Quel jour a lieu le marché ?"], retriever, best) == [-1.0, 1.0]


def test_what_is_relevant_is_hidden_and_no_more(retriever: Retriever) -> None:
    # « jour »: marche#1 alone is hidden, ort#1 is judged and not relevant. « prix »: both are.
    assert removed(MARKET, retriever, best) == [0.5, 0.0]


def test_documents_are_hidden_whole(retriever: Retriever) -> None:
    market = Judged("marché", MARKET.questions[:1], {"jour": {"marche": 1}}, whole=True)
    seen: list[Found] = []

    def kept(found: Found) -> float:
        seen.append(found)
        return 0.0

    removed(market, retriever, kept)
    assert {hit.passage.document_id for hit in seen[0].hits} == {"ort", "glossaire"}


def test_the_search_is_surer_of_what_it_holds(retriever: Retriever) -> None:
    [there] = outside(["Combien de communes ont signé une ORT ?"], retriever, confidence)
    [near] = outside(["Combien de communes ont une piscine chauffée ?"], retriever, confidence)
    [far] = outside(["Qui a peint la Joconde ?"], retriever, confidence)
    assert there > near > far
