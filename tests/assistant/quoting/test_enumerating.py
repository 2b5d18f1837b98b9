"""Lists, tables and files of a town of ours, asked as residents do (tests/doubles/rolls.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import rolls
import ten
from shared import once

from assistant import assembly
from assistant.answers import Answer, Outcome
from assistant.assembly import Assistant
from assistant.quoting.citations import Quote
from assistant.quoting.lists import List
from assistant.settings import Settings
from corpus.documents import Under
from index.passages import Passage


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    def make(folder: Path) -> None:
        assembly.build(_settings(folder, rolls.write(folder / "town")))

    folder = once(tmp_path_factory, "rolls", make)
    assistant = assembly.assemble(_settings(folder, folder / "town" / "catalogue.toml"))
    yield assistant
    assistant.close()


def _settings(folder: Path, catalogue: Path) -> Settings:
    return Settings(catalogue=catalogue, var=folder / "var", journal_days=0)


def said(answer: Answer) -> list[str]:
    return answer.text.splitlines()


def test_a_list_of_a_page_is_told_whole(town: Assistant) -> None:
    answer = town.answer("Liste tous les commerces aidés")
    assert said(answer) == [
        "La liste du document compte 24 points :",
        "Les commerces aidés en 2025 sont :",
        *(f"- {shop}" for shop in rolls.SHOPS),
    ]
    assert [c.quote for c in answer.citations][1:] == list(rolls.SHOPS)


def test_a_list_is_of_what_the_heading_over_it_says() -> None:
    # Two short parts of a page in one passage: the second's heading stands in its text.
    text = "La ville aide.\nConditions :\nIl faut :\n- Être majeur.\n- Habiter là."
    parts = (Under(0, ("Prime",)), Under(text.index("Conditions"), ("Prime", "Conditions")))
    passage = Passage(
        id="a#1", document_id="a", headings=("Prime",), text=text, scope="local", digest="0",
        under=parts,
    )  # fmt: skip
    start = text.index("Habiter")
    found = List.of(Quote(passage, start, len(text)), lambda *_: None)
    assert found is not None and found.lead is not None and len(found.items) == 2
    assert found.names == "Conditions \nIl faut :"
    assert found.frame == "Prime \nConditions \nIl faut :"


def test_the_rows_of_a_table_are_counted_with_the_table_as_proof(town: Assistant) -> None:
    answer = town.answer("combien de rues ont été refaites ?")
    assert said(answer)[0] == "Le tableau du document compte 60 lignes :"
    assert len(said(answer)) == 61
    assert len(answer.citations) == 60


def test_rows_of_a_value_are_those_that_say_it(town: Assistant) -> None:
    answer = town.answer("combien de rues ont été refaites dans le quartier des Landes ?")
    landes = [name for name, quarter, _, _ in rolls.STREETS if quarter == "Landes"]
    assert said(answer)[0] == f"{len(landes)} des 60 lignes du tableau du document le disent :"
    assert all(
        f"Rue : {name} ;" in line for name, line in zip(landes, said(answer)[1:], strict=True)
    )


def test_what_a_document_gives_in_part_is_never_counted(town: Assistant) -> None:
    answer = town.answer("combien de services propose le marché ?")
    assert "compte 4" not in answer.text and "4 points" not in answer.text


@pytest.mark.parametrize(
    ("question", "largest", "other"),
    [
        ("laquelle a le plus d'habitants, Lanvézec ou Plomorvan ?", "Plomorvan", "Lanvézec"),
        ("Trébrihan est-elle plus peuplée que Plomorvan ?", "Trébrihan", "Plomorvan"),
    ],
)
def test_two_rows_are_compared_in_one_table(
    town: Assistant, question: str, largest: str, other: str
) -> None:
    lines = said(town.answer(question))
    assert f"« {largest} » a la valeur la plus élevée" in lines[0]
    assert largest in lines[1] and other in lines[2] and len(lines) == 3


def test_the_largest_of_a_whole_table(town: Assistant) -> None:
    lines = said(town.answer("quelle association a reçu la plus grosse subvention ?"))
    assert lines[0].startswith("Des 7 lignes du tableau, celle de « Club de voile »")
    assert "4 500 €" in lines[1] and "2 300 €" in lines[2]


def test_the_dearest_row_is_the_one_of_the_largest_amount(town: Assistant) -> None:
    assert "lignes du tableau, celle de" in town.answer("quelle rue a coûté le plus cher ?").text
    assert "Année" not in town.answer("quelle rue refaite est la plus longue ?").text


def test_a_table_without_the_column_says_so(town: Assistant) -> None:
    answer = town.answer("quelle commune a le plus de médecins ?")
    assert answer.outcome is Outcome.NO_PASSAGE
    assert answer.text.startswith("Le tableau que j'ai trouvé n'a pas de colonne")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("qui a reçu une subvention de 2 300 € ?", ["Théâtre du Grenier"]),
        (
            "quelles associations subventionnées sont rue de la Poste ?",
            ["Théâtre du Grenier", "Danse bretonne Korollerien"],
        ),
        ("la subvention du Club de voile", ["Club de voile"]),
    ],
)
def test_a_row_of_a_file_is_found_by_any_column(
    town: Assistant, question: str, names: list[str]
) -> None:
    answer = town.answer(question)
    assert answer.outcome is Outcome.ANSWERED
    found = [name for name, *_ in rolls.GRANTS if f"Association : {name} ;" in answer.text]
    assert sorted(found) == sorted(names)


def test_a_town_of_its_own_file_is_no_other_town(town: Assistant) -> None:
    answer = town.answer("Saint-Ronan-du-Bois est-elle candidate aux villages fleuris ?")
    assert said(answer) == ["Commune : Saint-Ronan-du-Bois ; Habitants : 1340 ; Retenue : oui."]
    assert town.answer("Qui est le maire de Nantes ?").outcome is Outcome.REFUSED_OFF_TOPIC


def test_what_the_towns_documents_speak_of_is_not_off_topic(town: Assistant) -> None:
    answer = town.answer("la boulangerie Kermarrec ferme à quelle heure")
    assert answer.outcome is Outcome.NO_PASSAGE and answer.nearest


def test_who_was_refused_and_who_was_not_are_two_answers(town: Assistant) -> None:
    refused = town.answer("quelles communes n'ont pas été retenues aux villages fleuris ?").text
    kept = town.answer("quelles communes ont été retenues aux villages fleuris ?").text
    assert [name in refused for name, *_ in rolls.TOWNS] == [False, False, True, True, False]
    assert [name in kept for name, *_ in rolls.TOWNS] == [True, True, False, False, True]


def test_a_list_of_what_was_refused_answers_only_who_asks_for_it(town: Assistant) -> None:
    refused = town.answer("quels projets de jardin n'ont pas été retenus ?").text
    kept = town.answer("quels projets de jardin ont été retenus ?").text
    assert "Le rucher du stade" in refused and "Le potager de l'école" not in refused
    assert "Le potager de l'école" in kept and "Le rucher du stade" not in kept


def test_who_may_not_is_answered_by_who_may_not(town: Assistant) -> None:
    answer = town.answer("qui n'a pas droit à l'aide aux vitrines ?")
    assert said(answer)[0].startswith("Les banques, les assurances et les agences immobilières")


def test_where_only_who_may_is_said_it_is_said_so_first(town: Assistant) -> None:
    answer = town.answer("qui n'a pas droit à l'aide au vélo électrique ?")
    assert answer.outcome is Outcome.PARTIAL
    assert said(answer)[0].startswith("Les passages trouvés ne disent pas qui n'y a pas droit")
    assert "ne disent pas" not in town.answer("qui a droit à l'aide au vélo électrique ?").text


def test_a_condition_is_quoted_to_who_asks_of_their_right(town: Assistant) -> None:
    answer = town.answer("Je suis commerçant à Trébrihan, ai-je droit à l'aide aux vitrines ?")
    assert "La commune doit avoir moins de 5 000 habitants." in answer.text
    assert said(answer)[-1].endswith("vérifiez que vous remplissez leurs conditions.")


def test_what_sounds_asked_of_a_person_is_answered_by_what_says_all_of_it(town: Assistant) -> None:
    assert "4 500 €" in town.answer("il a eu combien le club de voile").text
    for asked in ("combien touche le président du club de voile", "il a eu combien le judo"):
        assert town.answer(asked).outcome is Outcome.REFUSED_PERSONAL_DATA


# --- A town that has but lists


@pytest.fixture(scope="module")
def grants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("sauvelande")
    settings = _settings(folder, ten.lay("sauvelande", folder / "town"))
    assembly.build(settings)
    assistant = assembly.assemble(settings)
    yield assistant
    assistant.close()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Quel montant pour la fromagerie Vialard ?", "5 420 €"),
        ("combien a eu la librairie l'encre verte", "6 000 €"),
        ("Où en est l'aide de la boucherie Tardieu ?", "Statut : en cours"),
    ],
)
def test_a_shop_is_named_with_its_article(grants: Assistant, question: str, expected: str) -> None:
    assert expected in grants.answer(question).text


def test_a_word_of_a_name_is_not_what_the_list_is_of(grants: Assistant) -> None:
    # « boulangerie » is a shop, and the list is of aids to shops; hers is not of that year
    assert grants.answer("Combien a reçu la boulangerie en 2026 ?").citations == ()
    assert grants.answer("Quel délai pour recevoir l'aide vitrines ?").citations == ()
