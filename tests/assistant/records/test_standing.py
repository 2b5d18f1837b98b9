from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from townsfolk import OPENING, proof

from assistant import assembly
from assistant.assembly import Assistant
from assistant.records.standing import Proof, fallen, quotes
from assistant.settings import Settings
from index.encoder.embedding import load
from index.generation import Generation

TODAY = date(2026, 11, 30)


@pytest.fixture
def live(assistant_open: Assistant) -> Generation:
    return assistant_open.retriever.generation


def rebuilt(own: Settings, old: str, new: str) -> Generation:
    """The town's index after one of its fiches changed."""
    fiche = own.catalogue.parent / "fiches" / "piscine.md"
    fiche.write_text(fiche.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return Generation(assembly.build(own).built.folder, load(own.model))


@pytest.mark.usefixtures("checked_here")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("8 novembre 2027", "9 janvier 2028", "a changé"),
        ("## Quand la piscine de Valbourg ouvre-t-elle au public ?", "## Ouverture", "a changé"),
        ("# La piscine de Valbourg\n", "# La piscine de Valbourg\n\nElle est neuve. {4}\n", None),
    ],
)
def test_an_answer_falls_with_the_passage_it_cites(
    own: Settings, live: Generation, old: str, new: str, told: str | None
) -> None:
    cited = proof(live)
    changed = rebuilt(own, old, new)
    why = fallen([cited], "", changed, TODAY)
    assert (why is None) if told is None else (why is not None and told in why)
    changed.close()


@pytest.mark.usefixtures("checked_here")
def test_an_answer_falls_with_the_document_it_cites(own: Settings, live: Generation) -> None:
    (own.catalogue.parent / "fiches" / "piscine.md").unlink()
    gone = Generation(assembly.build(own).built.folder, load(own.model))
    why = fallen([proof(live)], "", gone, TODAY)
    assert why is not None and "n'est plus dans les documents" in why
    assert quotes([proof(live)], gone) == ()
    gone.close()


def test_an_answer_holds_to_the_end_of_its_last_day(live: Generation) -> None:
    assert fallen([proof(live)], "2026-11-30", live, TODAY) is None
    assert (
        fallen([proof(live)], "2026-11-29", live, TODAY) == "elle valait jusqu'au 29 novembre 2026."
    )


def test_what_is_cited_is_quoted_where_it_stands(live: Generation, tmp_path: Path) -> None:
    (quote,) = quotes([replace(proof(live), start=0)], live)
    assert quote.text == OPENING == quote.passage.text[quote.start : quote.end]
    moved = Proof("ailleurs#9", quote.passage.digest, quote.start, OPENING)
    assert quotes([moved], live) == (quote,)
    assert fallen([moved], "", live, TODAY) is None
