"""The known questions nearest to one asked, and what they ask for."""

import numpy as np
import pytest

from index.questions import known
from index.questions.known import Known, KnownQuestions, Near, weighed

QUESTIONS = [
    Known("Qui pilote le programme ?", ("1",)),
    Known("Quand le programme a-t-il été lancé ?", ("2",)),
    Known("Combien d'agents pilotent le programme ?", ("1",), answered=False),
]


@pytest.fixture
def store() -> KnownQuestions:
    return KnownQuestions(QUESTIONS, np.eye(3, dtype=np.float32))


def test_the_question_itself_is_the_nearest(store: KnownQuestions) -> None:
    found = store.like("Qui pilote le programme ?", np.array([1, 0, 0], np.float32))
    assert found.near[0].known == QUESTIONS[0]
    assert found.near[0].similarity == pytest.approx(1, abs=1e-5)
    assert next(iter(found.facts)) == "1"


def test_vector_and_characters_are_summed_by_weight(store: KnownQuestions) -> None:
    near = store.like("Qui pilote le programme ?", np.array([0, 1, 0], np.float32)).near
    by_question = {one.known: one for one in near}
    assert by_question[QUESTIONS[0]].similarity == pytest.approx(1 - known.COSINE, abs=1e-5)
    second = by_question[QUESTIONS[1]]
    assert second.similarity == pytest.approx(
        known.COSINE + (1 - known.COSINE) * second.characters, abs=1e-5
    )


def test_facts_and_near_misses_share_the_weight() -> None:
    near = [Near(question, 0.5, 0.5, 0.5) for question in QUESTIONS]
    found = weighed(near)
    assert found.facts == {"1": pytest.approx(1 / 3), "2": pytest.approx(1 / 3)}
    assert found.misses == pytest.approx(1 / 3)


def test_the_nearest_weighs_most() -> None:
    near = [Near(QUESTIONS[1], 0.8, 0.8, 0.8), Near(QUESTIONS[0], 0.7, 0.7, 0.7)]
    found = weighed(near)
    assert list(found.facts) == ["2", "1"]
    assert found.facts["2"] / found.facts["1"] == pytest.approx(np.exp(known.SHARP * 0.1))
    assert (found.best, found.best_miss) == (0.8, 0.0)


def test_how_many_ask_for_each_fact_is_told_without_what_is_left_out(store: KnownQuestions) -> None:
    vector = np.array([1, 0, 0], np.float32)
    assert store.like("Qui ?", vector).asked == {"1": 1, "2": 1}  # a near miss asks for none
    left = store.like("Qui ?", vector, without=lambda one: "2" in one.facts)
    assert left.asked == {"1": 1}


def test_no_known_question_says_nothing() -> None:
    empty = KnownQuestions([], np.zeros((0, 3), np.float32))
    assert empty.like("ORT ?", np.zeros(3, np.float32)) == known.NOTHING


def test_a_vector_a_question() -> None:
    with pytest.raises(ValueError, match="3 questions, 2 vectors"):
        KnownQuestions(QUESTIONS, np.eye(2, 3, dtype=np.float32))


def test_like_is_quick() -> None:
    """Far from its 1 ms: what fails here is a search of every question by every run."""
    import time

    texts = [f"Question {n} sur le commerce, l'habitat ou la mairie ?" for n in range(6000)]
    random = np.random.default_rng(0)
    vectors = random.standard_normal((6000, 384)).astype(np.float32)
    store = KnownQuestions([Known(text, ("1",)) for text in texts], vectors)
    started = time.thread_time()
    for text in texts[:20]:
        store.like(text, vectors[0])
    assert (time.thread_time() - started) / 20 < 0.05
