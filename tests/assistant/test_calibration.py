from __future__ import annotations

from assistant.calibration import Calibration, out_of_scope, own_questions, stated, threshold
from assistant.deciding.answerability import THRESHOLD
from corpus.catalogue import load
from index.generation import Generation
from index.search.retriever import Retriever


def test_most_own_questions_are_kept_when_that_refuses_enough() -> None:
    # 95 of 100 are at 0.5 or more; every one out of scope is under it.
    found = threshold([0.1] * 5 + [0.5] * 95, [0.05] * 40)
    assert 0.1 < found["threshold"] <= 0.5
    assert (found["kept"], found["refused"]) == (0.95, 1.0)


def test_a_few_more_are_given_up_for_those_out_of_scope() -> None:
    # Half of those out of scope are at 0.3: refusing them costs the own questions at 0.2.
    found = threshold([0.2] * 8 + [0.5] * 92, [0.05] * 20 + [0.3] * 20)
    assert 0.3 < found["threshold"] <= 0.5
    assert (found["kept"], found["refused"]) == (0.92, 1.0)


def test_no_more_than_one_own_question_in_ten_is_given_up() -> None:
    found = threshold([0.2] * 40 + [0.5] * 60, [0.9] * 40)
    assert (found["kept"], found["refused"]) == (1.0, 0.0)


def test_too_few_own_questions_decide_nothing() -> None:
    assert threshold([0.9] * 10, [0.1])["threshold"] == THRESHOLD


def test_questions_out_of_scope_are_all_different() -> None:
    asked = out_of_scope()
    assert len(asked) > 400 and len(set(asked)) == len(asked)
    assert all(question.strip() for question in asked)


def test_a_generation_keeps_its_own_threshold(starter_index: Generation) -> None:
    kept = starter_index.about["calibration"]
    assert 0.1 < kept["threshold"] < 0.7
    assert kept["own"] > 100 and kept["refused"] > 0.9
    assert kept["kept"] >= 0.9 - 1 / kept["own"]  # a quantile falls between two questions


def test_an_own_question_is_answered_by_another_passage(starter_index: Generation) -> None:
    from assistant.settings import STARTER

    own = next(o for o in own_questions(starter_index) if o.question.startswith("C'est quoi VHBC"))
    calibration = Calibration(load(STARTER))
    found = calibration.searched(Retriever(starter_index), own.question, hidden=own.itself)
    assert found is not None
    positions = {p.id: at for at, p in enumerate(starter_index.passages)}
    assert positions[found.ranked[0].quote.passage.id] not in own.itself
    assert stated(found) & own.facts
