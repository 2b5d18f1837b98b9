from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from townsfolk import asked

from assistant.answers import Outcome
from assistant.records import trail
from assistant.records.store import Store
from assistant.records.vain import Asked, Mark, digest, marks, read
from assistant.validated.gaps import Gaps, Grouped, grouped
from index.generation import Generation

TODAY = date.today()


@pytest.fixture
def filled(store: Store) -> Store:
    for question, outcome, days, useful in [
        ("Où se garer le jour du marché ?", Outcome.NO_PASSAGE, 1, None),
        ("ou se garer le jour du marche", Outcome.NO_PASSAGE, 40, None),
        ("où se garer le jour du marché", Outcome.REFUSED_OFF_TOPIC, 2, False),
        ("se garer le jour du marché, où ?", Outcome.PARTIAL, 3, None),
        ("La piscine est-elle chauffée ?", Outcome.ANSWERED, 3, False),
        ("Quel jour a lieu le marché ?", Outcome.ANSWERED, 3, True),
        ("Quel jour a lieu le marché ?", Outcome.ANSWERED, 3, None),
        ("Bonjour", Outcome.GREETING, 3, None),
        ("", Outcome.NO_PASSAGE, 3, None),
        ("Une question d'il y a longtemps ?", Outcome.NO_PASSAGE, 90, None),
    ]:
        asked(store, question, outcome, days, useful)
    return store


def of(found: Grouped | None, question: str) -> list[str]:
    assert found is not None
    group = found.of(digest(question))
    assert group is not None
    return sorted(group.texts)


def test_only_what_was_asked_in_vain_is_read(filled: Store) -> None:
    found = read(filled, (TODAY - timedelta(days=60)).isoformat(), TODAY)
    assert [(one.count, one.text) for one in found] == [
        (3, "Où se garer le jour du marché ?"),
        (1, "La piscine est-elle chauffée ?"),
        (1, "se garer le jour du marché, où ?"),
    ]
    parking = found[0]
    assert (parking.recent, parking.earlier, parking.useless) == (2, 1, 1)
    assert parking.outcomes == Counter(no_passage=2, refused_off_topic=1)


def test_questions_are_grouped_by_what_they_mean(filled: Store, live: Generation) -> None:
    found = Gaps(filled, 60).now(live)
    assert found is not None
    assert [(g.count, g.recent, g.earlier, len(g.asked)) for g in found.groups] == [
        (4, 3, 1, 2),
        (1, 1, 0, 1),
    ]
    first, pool = found.groups
    assert first.outcomes == {"no_passage": 2, "refused_off_topic": 1, "partial": 1}
    assert first.nearest[0].headings[-1] == "Quel jour a lieu le marché ?"
    assert any("piscine" in passage.text for passage in pool.nearest)


def test_what_is_said_of_a_group_stays_with_its_questions(filled: Store, live: Generation) -> None:
    gaps = Gaps(filled, 60)
    found = gaps.now(live)
    assert found is not None and [group.mark for group in found.groups] == [None, None]
    gaps.mark(found.groups[0], Mark.TO_WRITE, "marie")
    gaps.mark(found.groups[0], Mark.DONE, "marie")
    # Another process, after others asked: the group has another first question, and its mark.
    for _ in range(9):
        asked(filled, "se garer au marché", Outcome.NO_PASSAGE)
    again = Gaps(filled, 60).now(live)
    assert again is not None
    group = again.of(found.groups[0].key)
    assert group is not None and group.key != found.groups[0].key
    assert (group.mark, group.count) == (Mark.DONE, 13)
    gaps.mark(group, None, "paul")
    assert marks(filled) == {}
    lines = trail.lines(filled, 9)
    assert [(line.actor, line.action, line.detail) for line in lines] == [
        ("paul", "questions sans marque", "3"),
        ("marie", "questions marquées « traité »", "2"),
        ("marie", "questions marquées « à documenter »", "2"),
    ]
    assert "garer" not in str(lines)


def test_groups_follow_the_journal(filled: Store, live: Generation) -> None:
    gaps = Gaps(filled, 60)
    before = gaps.now(live)
    assert before is not None and gaps.now(live) is not None
    asked(filled, "Le marché a-t-il lieu sous la pluie ?", Outcome.NO_PASSAGE)
    gaps._until = 0.0
    found = gaps.now(live)
    for _ in range(50):
        if found is not None and found.at != before.at:
            break
        found = gaps.now(live)
    assert of(found, "le marché a-t-il lieu sous la pluie")


def test_grouping_depends_on_nothing_but_what_is_asked() -> None:
    chance = np.random.default_rng(7)
    middles = np.linalg.qr(chance.normal(size=(32, 32)))[0][:5].astype(np.float32)
    rows = np.repeat(middles, 6, axis=0) + 0.08 * chance.normal(size=(30, 32))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    order = chance.permutation(30)
    some = [Asked(str(n), digest(str(n)), recent=1) for n in order]
    found = grouped(some, rows[order])
    assert sorted(sorted(int(order[n]) for n in group) for group in found) == [
        list(range(start, start + 6)) for start in range(0, 30, 6)
    ]
    assert found == grouped(some, rows[order])
    assert grouped([], rows[:0]) == []
