from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import ParseError
from corpus.questions import KnownQuestion, read
from corpus.reading import entries


def test_each_wording_is_read_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"question": "Kan ça  finit ?", "facts": [2], "register": "sms"}\n\n'
        '{"question": "Et le prix ?", "facts": ["2"], "answered": false}\n',
        encoding="utf-8",
    )
    (tmp_path / "b.jsonl").write_text('{"question": "Kan ça finit ?", "facts": ["3"]}\n')
    assert read([tmp_path, tmp_path / "absent"]) == (
        KnownQuestion("Kan ça finit ?", ("2",), register="sms"),
        KnownQuestion("Et le prix ?", ("2",), answered=False),
    )


@pytest.mark.parametrize(
    "line", ["[]", '{"question": "Quand ?"}', '{"question": " ", "facts": ["1"]}', "{"]
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    good = '{"question": "Quand ?", "facts": ["1"]}'
    (tmp_path / "a.jsonl").write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(ParseError, match=r"a\.jsonl:2 .*cette question est illisible"):
        read([tmp_path])


def test_the_questions_that_ship_ask_for_facts_that_exist() -> None:
    from assistant.settings import STARTER
    from corpus.catalogue import load

    catalogue = load(STARTER)
    known = entries.known_questions(catalogue)
    facts = entries.facts(catalogue)
    assert len(known) > 6000
    assert [q.text for q in known if not set(q.facts) <= facts.keys()] == []
    assert sum(q.language == "en" for q in known) / len(known) > 0.18
    assert sum(q.language == "br" for q in known) >= 100
    assert sum(not q.answered for q in known) > 900
