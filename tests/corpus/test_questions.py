from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import ParseError
from corpus.questions import Expanded, KnownQuestion, Written, read
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
    assert sum(q.language == "en" for q in known) > 1400
    assert sum(q.language == "br" for q in known) >= 100
    assert sum(not q.answered for q in known) > 900


LINE = (
    '{"kept": true, "question": "La halle, c\'est combien ?", "sentence": "Budget : 3 €.", '
    '"register": "oral", "document": "plan", "passage": "d1", "model": "m", "date": "2026-11-30", '
    '"why": ""}\n'
)
WRITTEN = Written(
    True, "La halle, c'est combien ?", "Budget : 3 €.", "oral", "plan", "d1", "m", "2026-11-30"
)


@pytest.fixture
def expanded(tmp_path: Path) -> Expanded:
    return Expanded(tmp_path)


def test_a_question_may_name_a_passage_and_its_sentence(tmp_path: Path) -> None:
    aside = LINE.replace("La halle", "La gare").replace("true", "false")
    (tmp_path / "a.jsonl").write_text(LINE + aside, encoding="utf-8")
    assert read([tmp_path]) == (
        KnownQuestion(
            "La halle, c'est combien ?",
            (),
            register="oral",
            passage="d1",
            sentence="Budget : 3 €.",
        ),
    )


@pytest.mark.parametrize("kept", ['"non"', "0", "null"])
def test_what_is_neither_kept_nor_aside_is_named(tmp_path: Path, kept: str) -> None:
    (tmp_path / "a.jsonl").write_text(LINE.replace("true", kept), encoding="utf-8")
    with pytest.raises(ParseError, match=r"a\.jsonl:1 .*« kept » \(true ou false\)"):
        read([tmp_path])


def test_lines_are_added_and_their_passages_remembered(expanded: Expanded) -> None:
    expanded.add(["d1", "d2"], [WRITTEN])
    expanded.add(["d3"], [])
    assert expanded.path.read_text(encoding="utf-8") == LINE
    assert expanded.done == {"d1", "d2", "d3"}
    assert expanded.texts == {"La halle, c'est combien ?"}


def test_a_line_that_a_killed_run_had_begun_is_no_line(expanded: Expanded) -> None:
    expanded.add(["d1"], [WRITTEN])
    with expanded.path.open("a", encoding="utf-8") as file:
        file.write(LINE[:40])
    assert len(read([expanded.path.parent])) == 1
    expanded.add(["d2"], [WRITTEN])
    assert expanded.path.read_text(encoding="utf-8") == LINE * 2


def test_a_last_line_without_its_end_is_kept(expanded: Expanded) -> None:
    expanded.add(["d1"], [WRITTEN])
    expanded.path.write_text(LINE.rstrip("\n"), encoding="utf-8")
    expanded.add(["d2"], [WRITTEN])
    assert expanded.path.read_text(encoding="utf-8") == LINE * 2


def test_questions_of_lost_passages_go_and_no_other_line_changes(expanded: Expanded) -> None:
    mine = '{"question": "À moi ?",   "passage": "d9", "document": "plan"}\n'
    away = LINE.replace('"plan"', '"absent"')
    note = "ceci n'est pas du JSON\n"
    expanded.add(["d1", "d9"], [WRITTEN])
    expanded.path.write_text(LINE + mine + away + note, encoding="utf-8")
    assert expanded.drop({"plan"}, {"d9"}) == {"plan": 1}
    assert expanded.path.read_text(encoding="utf-8") == mine + away + note
    assert expanded.done == {"d9"}
    assert expanded.drop({"plan"}, {"d9"}) == {}
