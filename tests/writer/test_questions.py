from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.errors import Cause, ModelFailed
from assistant.writing.questions import MOST, NOTHING, SENTENCES, Batch, Proposed, batches, write

from .conftest import Open
from .double import Endpoint, Script
from .faults import AT_ONCE, MIDWAY, after
from .test_generative import HALLS, POOL_OF

BOTH = Batch((HALLS, POOL_OF))


def told(batch: Batch, said: str, endpoint: Endpoint, upstream: Open) -> list[Proposed]:
    endpoint.script = lambda reply: reply.write(said)
    return write(upstream(), batch)


def test_sentences_are_numbered_through_a_request() -> None:
    shown = replace(POOL_OF, headings=("Valbourg", "La <piscine>"))
    assert Batch((HALLS, shown)).prompt == (
        "<passage>\nTitre : Valbourg\n[1] Les halles ouvrent le samedi.\n"
        "[2] La visite coûte 4 euros.\n</passage>\n\n"
        "<passage>\nTitre : Valbourg / La ‹piscine›\n[3] La piscine ferme le lundi.\n"
        "[4] Elle compte trois bassins.\n</passage>"
    )


def test_a_request_holds_passages_of_one_document() -> None:
    short = [replace(HALLS, id=f"essai#{n}") for n in range(SENTENCES // 2 + 1)]
    other = replace(POOL_OF, document_id="autre")
    assert [len(batch.passages) for batch in batches([*short, other])] == [SENTENCES // 2, 1, 1]


def test_a_line_is_a_question_of_its_sentence(endpoint: Endpoint, upstream: Open) -> None:
    said = (
        "Voici :\n1 | sms | lé hale ouvre kan\n- [4] | plain | « Combien de bassins ? »\n"
        "2 | inconnu | C'est cher ?\n1 | oral |\n0 | plain | Rien ?\n5 | plain | Rien ?\n"
        "1 | sms | lé hale ouvre kan\nsans forme"
    )
    assert told(BOTH, said, endpoint, upstream) == [
        Proposed(HALLS, 0, "sms", "lé hale ouvre kan"),
        Proposed(POOL_OF, 1, "plain", "Combien de bassins ?"),
        Proposed(HALLS, 1, "plain", "C'est cher ?"),
    ]


def test_no_more_than_so_many_are_taken(endpoint: Endpoint, upstream: Open) -> None:
    said = "\n".join(f"1 | sms | kan {n}" for n in range(MOST + 20))
    assert len(told(BOTH, said, endpoint, upstream)) == MOST


def test_nothing_to_ask_is_no_fault(endpoint: Endpoint, upstream: Open) -> None:
    assert told(BOTH, f"{NOTHING}\n", endpoint, upstream) == []
    with pytest.raises(ModelFailed) as raised:
        told(BOTH, "Bien sûr, voici mes idées.", endpoint, upstream)
    assert raised.value.cause is Cause.UNREADABLE


@pytest.mark.parametrize(
    ("script", "cause"),
    [
        *(AT_ONCE[name] for name in ("500", "401", "hang before headers", "HTML 200", "200 MB")),
        *(
            (after("1 | sms | lé hale ouvre kan\n", MIDWAY[name][0]), MIDWAY[name][1])
            for name in ("hang mid-stream", "cut inside JSON", "TCP reset", "drip mid-stream")
        ),
    ],
)
def test_a_fault_gives_nothing(
    endpoint: Endpoint, upstream: Open, script: Script, cause: Cause
) -> None:
    endpoint.script = script
    with pytest.raises(ModelFailed) as raised:
        write(upstream(), BOTH)
    assert raised.value.cause is cause
