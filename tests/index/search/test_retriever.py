import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from index.generation import Generation, manifest, tell
from index.search.retriever import WEIGHTS, Retriever, fuse
from index.search.weights import STATIC, share


def ids(
    retriever: Retriever, question: str, limit: int = 10, language: str | None = None
) -> list[str]:
    return [hit.passage.id for hit in retriever.search(question, limit, language).hits]


@pytest.mark.parametrize(
    ("scores", "weights", "expected"),
    [
        # words: a 1, b 0.5, c 0; vectors: b 1, c 0; at .8/.2: a .8, b .6, c 0
        ([{1: 4.0, 2: 3.0, 3: 2.0}, {2: 0.9, 3: 0.1}], [0.8, 0.2], [(1, 0.8), (2, 0.6), (3, 0.0)]),
        # negative cosines are scores like others: 5 is 1, 6 is 0
        ([{5: -0.1, 6: -0.9}], [1.0], [(5, 1.0), (6, 0.0)]),
        # alone, or all equal: 1 each, in their order of appearance
        ([{7: 3.0}], [0.5], [(7, 0.5)]),
        ([{9: 2.0, 8: 2.0, 7: 2.0}], [1.0], [(9, 1.0), (8, 1.0), (7, 1.0)]),
        # a tie across searches: who appeared first
        ([{3: 1.0}, {1: 1.0}], [0.5, 0.5], [(3, 0.5), (1, 0.5)]),
        ([{}, {4: 0.2}], [0.8, 0.2], [(4, 0.2)]),
        ([{}, {}], [0.8, 0.2], []),
        ([], [], []),
    ],
)
def test_fuse(
    scores: list[dict[int, float]], weights: list[float], expected: list[tuple[int, float]]
) -> None:
    found = fuse(scores, weights)
    assert [position for position, _ in found] == [position for position, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected])


def test_fuse_wants_a_weight_for_each_search() -> None:
    with pytest.raises(ValueError):
        fuse([{1: 1.0}], [0.5, 0.5])


def test_the_weights_share_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Combien de communes en 2026 ?", "ort#3"),
        ("Combien de communes en 2020 ?", "ort#2"),
        ("quel jour a lieu le marche", "marche#1"),  # without accents
        ("QUEL JOUR A LIEU LE MARCHÉ ?", "marche#1"),
        ("la mediasion entre voizins", "glossaire#1"),  # misspelled
        ("combien coute le marche", "marche#2"),
        ("que dit l'article L303-2", "ort#1"),
        ("1646", "ort#3"),  # written « 1 646 »
        ("c'est quoi l'AEC", "glossaire#2"),
        ("autorisation d'exploitation commerciale", "ort#1"),
        ("when does the market open", "english#1"),
    ],
)
def test_the_best_passage(retriever: Retriever, question: str, expected: str) -> None:
    assert ids(retriever, question)[0] == expected


@pytest.mark.parametrize("question", ["", "?", "licorne", "\x00"])
def test_a_question_without_a_known_word_finds_nothing(retriever: Retriever, question: str) -> None:
    assert retriever.search(question).hits == ()


def test_a_question_is_folded_spelled_stemmed_and_expanded(retriever: Retriever) -> None:
    query = retriever.query("Que fait l’ORT pour la mediasion, l'ORT ?")
    assert query.words == ("que", "fait", "ort", "pour", "la", "mediation", "ort")
    assert query.tokens == ("ort", "mediat")
    assert query.expanded == ("oper", "revitalis", "territoir")


def test_another_form_of_a_word_is_searched_and_held(
    retriever: Retriever, generation: Generation
) -> None:
    # the corpus has « quittent », whose stem is another
    query = retriever.query("ils quitterons")
    assert query.tokens == ("quitt",)
    assert query.doubts == {"quitt": ("quittent",)}
    assert retriever.held(query, generation.by_id["ort#1"]) == 1
    assert retriever.held(query, generation.by_id["ort#3"]) == 0
    assert ids(retriever, "ils quitterons")[0] == "ort#1"


def test_words_stuck_together_are_searched_apart(retriever: Retriever) -> None:
    assert retriever.query("deuxvoisins").words == ("deux", "voisins")
    assert ids(retriever, "deuxvoisins")[0] == "glossaire#1"


def test_a_misspelt_word_has_no_doubt_about_its_own_stem(retriever: Retriever) -> None:
    # « communes » and « commune » are as near, and one token
    query = retriever.query("comunne")
    assert query.tokens == ("commun",)
    assert query.doubts == {}


def test_parts_are_each_search_scaled_and_the_score_their_weighted_sum(
    retriever: Retriever,
) -> None:
    hits = retriever.search("Combien de communes en 2026 ?").hits
    for hit in hits:
        assert set(hit.parts) == {"words", "grams", "vectors"}
        assert all(0.0 <= part <= 1.0 for part in hit.parts.values())
        expected = sum(retriever.weights[name] * part for name, part in hit.parts.items())
        assert hit.score == pytest.approx(expected)
    first = [hit.score for hit in hits[:5]]  # then what is found whatever there is of ours
    assert first == sorted((hit.score for hit in hits), reverse=True)[:5]
    assert hits[0].score == pytest.approx(1.0)  # first of every search


def test_what_states_no_numbered_fact_is_found_among_the_first(retriever: Retriever) -> None:
    hits = retriever.search("la commune", limit=100).hits
    own = next(hit for hit in hits if not hit.passage.facts)  # the English page's
    rest = [hit.score for hit in hits if hit is not own]
    assert hits[5] is own and own.score < rest[5]
    assert rest == sorted(rest, reverse=True)


def test_the_weights_are_those_the_generation_was_built_with(
    generation: Generation, tmp_path: Path
) -> None:
    folder = shutil.copytree(generation.folder, tmp_path / "000001")
    about = manifest(folder)
    assert about["weights"] == share(STATIC)
    about["weights"] = {"words": 0.0, "grams": 0.0, "vectors": 1.0}
    tell(folder, about)
    opened = Generation(folder, generation.embedder)
    hits = Retriever(opened).search("Combien de communes en 2026 ?").hits
    opened.close()
    assert [hit.score for hit in hits] == [hit.parts["vectors"] for hit in hits]


def test_limit(retriever: Retriever) -> None:
    every = ids(retriever, "le marché de la commune")
    assert len(every) == 8
    assert ids(retriever, "le marché de la commune", 3) == every[:3]


def test_a_document_that_does_not_say_its_language_is_french(
    generation: Generation, retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    # few PDF files say it
    unsaid = {id: replace(d, language="") for id, d in generation.documents.items()}
    unsaid["english"] = generation.documents["english"]
    before = ids(retriever, "le marché", language="fr")
    monkeypatch.setattr(generation, "documents", unsaid)
    assert before and ids(retriever, "le marché", language="fr") == before


def test_a_language_comes_before_french_and_leaves_the_others_out(retriever: Retriever) -> None:
    question = "revitalisation de Valbourg"
    every = ids(retriever, question)
    french = [passage for passage in every if passage != "english#1"]
    assert "english#1" in every
    assert ids(retriever, question, language="fr") == french
    assert ids(retriever, question, language="en") == ["english#1", *french]
    assert ids(retriever, question, language="br") == french


@pytest.mark.parametrize(
    ("question", "passage", "held"),
    [
        ("communes en 2026", "ort#3", 2),
        ("communes en 2026", "ort#2", 1),
        ("communes en 2026", "glossaire#1", 0),
        ("les communes, la commune", "ort#3", 1),  # each token once
        ("AEC", "ort#1", 1),  # which only spells it out
        ("autorisation d'exploitation commerciale", "glossaire#2", 3),  # which only has AEC
        ("revitalisation", "ort#3", 1),  # in its title
        ("licorne", "ort#1", 0),
        ("", "ort#1", 0),
    ],
)
def test_held_counts_the_tokens_of_the_question_in_a_passage(
    retriever: Retriever, generation: Generation, question: str, passage: str, held: int
) -> None:
    assert retriever.held(retriever.query(question), generation.by_id[passage]) == held


def test_held_is_given_for_each_hit(retriever: Retriever) -> None:
    found = retriever.search("communes en 2026", 3)
    assert found.held == tuple(retriever.held(found.query, hit.passage) for hit in found.hits)
    assert found.held[:2] == (2, 1)


def test_rarity_is_highest_for_a_word_that_no_passage_has(retriever: Retriever) -> None:
    # « commune » is in three passages, « médiation » in one
    assert retriever.rarity("commun") < retriever.rarity("mediat") < retriever.rarity("licorn")


def test_many_threads_find_the_same(retriever: Retriever) -> None:
    questions = ["communes en 2026", "jour du marché", "AEC", "médiation"] * 5
    expected = [ids(retriever, question) for question in questions]
    found: list[list[list[str]]] = []
    threads = [
        threading.Thread(target=lambda: found.append([ids(retriever, q) for q in questions]))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6


def positions(generation: Generation, *passages: str) -> list[int]:
    return [row for row, passage in enumerate(generation.passages) if passage.id in passages]


def test_hidden_passages_are_searched_as_if_they_were_not_there(
    retriever: Retriever, generation: Generation
) -> None:
    question = "Combien de communes en 2026 ?"
    every = retriever.search(question)
    assert [hit.passage.id for hit in every.hits][:2] == ["ort#3", "ort#2"]
    left = retriever.search(question, without=positions(generation, "ort#3"))
    assert "ort#3" not in {hit.passage.id for hit in left.hits}
    assert left.hits[0].passage.id == "ort#2"
    # the first of what is left is the best of every search: its score does not tell that a
    # better one is missing
    assert left.hits[0].score == pytest.approx(1.0)
    assert left.strengths["words"] < every.strengths["words"]


def test_all_hidden_finds_nothing(retriever: Retriever, generation: Generation) -> None:
    found = retriever.search("le marché", without=range(len(generation.passages)))
    assert found.hits == ()
    assert found.strengths == {"words": 0.0, "grams": 0.0, "vectors": 0.0}


def test_strengths_grow_with_how_much_of_the_question_is_found(retriever: Retriever) -> None:
    whole = retriever.search("communes signé ORT 2026").strengths
    half = retriever.search("communes signé licornes 2026").strengths
    assert 0 < half["words"] < whole["words"]
    assert 0 < half["grams"] < whole["grams"]
    assert -1 <= half["vectors"] < whole["vectors"] <= 1.0001
    nothing = retriever.search("licorne").strengths
    assert nothing == {"words": 0.0, "grams": 0.0, "vectors": 0.0}
